"""What a search asks for: read from the parameters of an address, written back into one, and turned into SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

KINDS = ("direct", "mixed", "indirect")
SORTS = {
    "newest": "day DESC NULLS LAST, n",
    "oldest": "day NULLS LAST, n",
    "surest": "confidence DESC, day DESC NULLS LAST, n",
}
UNNAMED = "-"  # the speaker of quotes whose speaker has no name
ID = re.compile(r"[0-9a-f]{32}")
LONGEST = 200  # characters of a parameter


class BadFilter(ValueError):
    """A parameter that can't be read; the message says which, and what it may be."""


@dataclass(frozen=True)
class Filters:
    """The conditions of a search, all of which have to hold; empty ones ask for nothing."""

    q: str = ""  # words and "phrases"
    speaker: str = ""  # a name, a part of one, an entity_id, or UNNAMED
    about: str = ""  # the same, of somebody or something that the words name
    publisher: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    confidence: float = 0.0  # the least
    copies: bool = False  # quotes in copies of a story as well
    sort: str = "newest"

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> Filters:
        """The filters that an address names; raises BadFilter."""
        q, speaker, about, publisher = (
            " ".join(given.get(name, "").split())[:LONGEST] for name in ("q", "speaker", "about", "publisher")
        )
        kind, sort = given.get("kind", ""), given.get("sort", "") or "newest"
        if kind and kind not in KINDS:
            raise BadFilter(f"The kind of a quote is one of {', '.join(KINDS)}.")
        if sort not in SORTS:
            raise BadFilter(f"Quotes can be sorted by one of {', '.join(SORTS)}.")
        try:
            confidence = float(given.get("confidence") or 0)
        except ValueError:
            confidence = -1.0
        if not 0 <= confidence <= 1:
            raise BadFilter("The least confidence is a number from 0 to 1, such as 0.8.")
        since, until = (_day(given.get(name, ""), name) for name in ("since", "until"))
        copies = given.get("copies") == "1"
        return cls(q, speaker, about, publisher, kind, since, until, confidence, copies, sort)

    def address(self, **changes: Any) -> str:
        """The parameters as an address writes them, after some of them were changed; empty where nothing is asked."""
        changed = replace(self, **changes)
        given = {f.name: getattr(changed, f.name) for f in fields(self) if getattr(changed, f.name) != f.default}
        shown = {name: "1" if value is True else str(value) for name, value in given.items()}
        return f"?{urlencode(shown)}" if shown else ""

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for but an order."""
        return replace(self, sort="newest", copies=False) != Filters()


def _day(text: str, name: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadFilter(f"The day in «{name}» has to look like 2026-01-31.") from None


@dataclass
class Condition:
    """SQL over ``lookup.quote``, with its values in order."""

    parts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, part: str, *values: Any) -> None:
        """Adds a part that has to hold as well."""
        self.parts.append(part)
        self.values.extend(values)

    def __str__(self) -> str:
        return " AND ".join(self.parts) or "true"


def condition(filters: Filters) -> Condition:
    """What the filters ask, as SQL."""
    where = Condition()
    for part in terms(filters.q):
        where.add("n IN (FROM lookup.begun(?))", part)
    if filters.speaker == UNNAMED:
        where.add("speaker IS NULL")
    elif ID.fullmatch(filters.speaker):
        where.add("entity = ?::UUID", filters.speaker)
    elif filters.speaker:
        where.add("n IN (SELECT n FROM lookup.said(?))", filters.speaker)
    if ID.fullmatch(filters.about):
        where.add("n IN (SELECT n FROM lookup.about WHERE entity = ?::UUID)", filters.about)
    elif filters.about:
        called = "SELECT entity FROM lookup.called(?)"
        where.add(f"n IN (SELECT n FROM lookup.about WHERE entity IN ({called}))", filters.about)
    if filters.publisher:
        where.add("publisher = ?", filters.publisher)
    if filters.kind:
        where.add("kind = ?", filters.kind)
    if filters.since:
        where.add("day >= ?", filters.since)
    if filters.until:
        where.add("day <= ?", filters.until)
    if filters.confidence:
        where.add("confidence >= ?::FLOAT", filters.confidence)
    if not filters.copies:
        where.add("NOT is_copy")
    return where


def terms(words: str) -> list[str]:
    """The words of a search one by one, and those between quotation marks together."""
    phrases = re.findall(r"[\"“„«”]([^\"“”„«»]+)[\"”“»]?|([^\s\"“”„«»]+)", words)
    return [term for pair in phrases if (term := (pair[0] or pair[1]).strip()) and any(c.isalnum() for c in term)]
