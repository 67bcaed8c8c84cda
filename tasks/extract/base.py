"""The extractor interface: an article's title and text in; quotes and mentions with spans out.

An extractor is any object with ``name``, ``version`` and ``extract``. It never rewrites the text: it returns spans,
0-based half-open Unicode code point offsets into the text, or into the title where ``is_in_title`` is set.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol


class Span(NamedTuple):
    """A stretch of characters, half open."""

    start: int
    end: int


@dataclass(slots=True)
class Quote:
    """One attribution: content spans in order of appearance, the cue, the source, and who that is.

    ``parent`` is the index, in the same extraction, of the quote that this one is nested in. The other fields are as
    in schemas.fields.QUOTES.
    """

    kind: str
    content: tuple[Span, ...]
    rule: str
    confidence: float
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    cue_lemma: str | None = None
    verbatim: tuple[str, ...] = ()
    speaker: str | None = None
    speaker_type: str | None = None
    speaker_role: str | None = None
    speaker_affiliation: str | None = None
    resolution: str | None = None
    candidates: tuple[tuple[str, float], ...] = ()
    addressee: str | None = None
    via: str | None = None
    is_negated: bool = False
    is_in_title: bool = False
    parent: int | None = None


@dataclass(slots=True)
class Mention:
    """One mention of a name: the span, its label (PER, ORG, LOC, MISC), and the fullest form in the article."""

    start: int
    end: int
    label: str
    rule: str
    confidence: float
    name: str | None = None
    mention_type: str = "name"
    is_in_title: bool = False


@dataclass(slots=True)
class Extraction:
    """What an extractor found in one article."""

    quotes: list[Quote] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)


class Extractor(Protocol):
    """What the pipeline asks of an extractor. ``version`` changes whenever the output may."""

    @property
    def name(self) -> str:
        """What the extractor is called."""
        ...

    @property
    def version(self) -> str:
        """Version of its rules or its model."""
        ...

    def extract(self, title: str, text: str, language: str | None) -> Extraction:
        """Finds the quotes and mentions of one article; deterministic, and independent of other articles."""
        ...
