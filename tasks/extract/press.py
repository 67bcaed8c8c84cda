"""The press tagger as an extractor: names and attributions by a trained network, checked by the quotation layer."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from pathlib import Path

from tasks.extract import gazetteer
from tasks.extract.assemble import Part, is_english, mention
from tasks.extract.base import Extraction, Mention, Span
from tasks.extract.cast import Cast, build_cast
from tasks.extract.fuse import fuse
from tasks.extract.names import Name, find_names, reconcile
from tasks.extract.rules import RuleExtractor
from tasks.extract.tagger.network import Network, TaggedQuote
from tasks.extract.tagger.settle import TaggedName

MODEL = Path(__file__).parents[2] / "models" / "press-tagger"
GAP = "\n\n"  # between title and text, as the network was trained
SAMPLE = 3_000  # characters by which a text's script is judged


class PressExtractor:
    """Finds quotes and mentions in English by the press tagger; the rules alone read all that is not surely English."""

    name = "press-tagger"

    def __init__(self, folder: Path = MODEL) -> None:
        self._network = Network(folder)
        self._rules = RuleExtractor()
        self.version = f"{self._network.version}+{self._rules.name}-{self._rules.version}"

    def extract(self, title: str, text: str, language: str | None) -> Extraction:
        """The quotes and mentions of one article; deterministic, and independent of other articles."""
        if language is None or not is_english(language) or not _is_latin(text or title):
            return self._rules.extract(title, text, language)
        tagged = self._network.tag(f"{title}{GAP}{text}")
        shift = len(title) + len(GAP)
        names = reconcile(find_names(text), _names(text, tagged.names, shift))
        title_names = reconcile(find_names(title, text, names), _names(title, tagged.names, 0))
        cast = build_cast(title, text, title_names, names)
        extraction = Extraction()
        for printed, is_in_title, offset, known in ((title, True, 0, title_names), (text, False, shift, names)):
            part = Part(printed, cast, is_in_title, is_english=True)
            quotes = list(_quotes(tagged.quotes, offset, len(printed)))
            part.add_quotes(extraction.quotes, fuse(printed, part.quotations, quotes, part.ruled()))
            for name in _names(printed, tagged.names, offset):
                extraction.mentions.append(replace_name(mention(name, cast, is_in_title), cast, known))
        return extraction


def _is_latin(text: str) -> bool:
    """Whether most letters at the beginning of a text are plain Latin ones, whatever its source states."""
    letters = [char for char in text[:SAMPLE] if char.isalpha()]
    return 2 * sum(map(str.isascii, letters)) >= len(letters)


def replace_name(one: Mention, cast: Cast, known: Sequence[Name]) -> Mention:
    """A mention with the fullest form of the character whose name stands there."""
    at = bisect_left(known, one.start, key=lambda name: name.start)
    for name in known[max(0, at - 1) : at + 1]:
        if name.start < one.end and one.start < name.end and cast.label(name) == one.label:
            one.name = cast.full_name(name)
    return one


def _names(part: str, tagged: Sequence[TaggedName], offset: int) -> list[Name]:
    """The names of a part of the article that begins at ``offset``."""
    first = bisect_left(tagged, offset, key=lambda one: one.span.start)
    found = []
    for one in tagged[first:]:
        start, end = one.span.start - offset, one.span.end - offset
        if start >= len(part):
            break
        printed = part[start : min(end, len(part))]
        is_people = one.label == "MISC" and printed in gazetteer.DEMONYMS
        rule = "demonym" if is_people else "tagger"
        found.append(Name(start, start + len(printed), printed, one.label, round(one.confidence, 3), rule))
    return found


def _quotes(tagged: Iterable[TaggedQuote], offset: int, length: int) -> Iterable[TaggedQuote]:
    """The attributions whose content begins in a part of the article, with what lies outside it left out."""
    for quote in tagged:
        content = tuple(filter(None, (_within(span, offset, length) for span in quote.content)))
        if content and offset <= quote.content[0].start < offset + length:
            cue, source = _within(quote.cue, offset, length), _within(quote.source, offset, length)
            yield TaggedQuote(content, cue, source, quote.confidence)


def _within(span: Span | None, offset: int, length: int) -> Span | None:
    """A span counted from the part's beginning; None where it is not in the part."""
    if span is None:
        return None
    start, end = max(span.start - offset, 0), min(span.end - offset, length)
    return Span(start, end) if start < end else None
