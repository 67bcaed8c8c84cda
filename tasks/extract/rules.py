"""The rule extractor: quotations, cues and names put together into quotes and mentions, without a model."""

from __future__ import annotations

from tasks.extract.assemble import Part, is_english, mention
from tasks.extract.base import Extraction
from tasks.extract.cast import build_cast
from tasks.extract.names import find_names


class RuleExtractor:
    """Finds quotes and mentions by rules alone; deterministic, and each article by itself."""

    name = "rules"
    version = "1.2.0"

    def extract(self, title: str, text: str, language: str | None) -> Extraction:
        """The quotes and mentions of one article; in languages other than English only quotes that need no verb."""
        names = find_names(text)
        title_names = find_names(title, text, names)
        cast = build_cast(title, text, title_names, names)
        extraction = Extraction()
        for printed, is_in_title in ((title, True), (text, False)):
            part = Part(printed, cast, is_in_title, is_english(language))
            part.add_quotes(extraction.quotes, part.ruled())
        for found, is_in_title in ((title_names, True), (names, False)):
            extraction.mentions.extend(mention(name, cast, is_in_title) for name in found)
        return extraction
