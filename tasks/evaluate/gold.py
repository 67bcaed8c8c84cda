"""Gold: articles in which people have marked the quotes, as JSON Lines (docs/accuracy.md), found again in a lake."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tasks.evaluate.measures import word_places
from tasks.extract.rows import JOINT

LINE_BYTES = 64 * 1024 * 1024
Span = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]


class GoldError(Exception):
    """The file can't be used; the message is one line."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GoldQuote(_Part):
    """A quote: its words as printed (a list where they are apart), or where they stand, and who said them.

    A ``speaker`` that is not given is not judged; None is one whom the article does not name. Where ``is_in_title`` is
    None, the words are looked for in the text, then in the title.
    """

    content: str | tuple[str, ...] | None = None
    spans: tuple[Span, ...] = ()
    is_in_title: bool | None = None
    speaker: str | None = None
    kind: Literal["direct", "mixed", "indirect"] | None = None
    source: str | None = None
    cue: str | None = None
    # What `onrecord corrections export` adds.
    decision_id: str | None = None
    extracted: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _is_there(self) -> GoldQuote:
        if not self.parts and not self.spans:
            raise ValueError("a quote needs its content or spans")
        return self

    @property
    def parts(self) -> tuple[str, ...]:
        """The words of the content, part by part."""
        parts = self.content.split(JOINT.strip()) if isinstance(self.content, str) else self.content or ()
        return tuple(part for part in parts if part.strip())


class GoldArticle(_Part):
    """An article by its ``article_id`` or its address, with all its quotes, unless ``is_complete`` is false.

    ``not_quotes`` are words that are none, which count where not all quotes of an article are known.
    """

    article_id: str | None = None
    url: str | None = None
    is_complete: bool = True
    quotes: tuple[GoldQuote, ...] = ()
    not_quotes: tuple[GoldQuote, ...] = ()
    title: str | None = None
    text: str | None = None

    @model_validator(mode="after")
    def _is_named(self) -> GoldArticle:
        if not self.article_id and not self.url:
            raise ValueError("an article needs its article_id or url")
        return self


@dataclass(frozen=True, slots=True)
class Unusable:
    """A line, counted from 1, or something in it, that can't be judged, and why, in a sentence."""

    line: int
    reason: str


def read_gold(path: Path) -> Iterator[tuple[int, GoldArticle | Unusable]]:
    """The articles in a file, each with its line; raises GoldError where the file can't be read."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(LINE_BYTES), b""), start=1):
                if line.strip():
                    yield number, _parsed(number, line)
    except OSError as error:
        raise GoldError(f"{path} can't be read: {error.strerror}") from error


def _parsed(number: int, line: bytes) -> GoldArticle | Unusable:
    try:
        return GoldArticle.model_validate(json.loads(line.removeprefix(b"\xef\xbb\xbf")))
    except ValidationError as error:
        first = error.errors()[0]
        place, message = ".".join(map(str, first["loc"])), first["msg"].removeprefix("Value error, ")
        return Unusable(number, f"{place}: {message}" if place else message)
    except (ValueError, RecursionError):
        return Unusable(number, "The line is no whole JSON object.")


def find_spans(quote: GoldQuote, text: str, taken: Sequence[tuple[Span, ...]] = ()) -> tuple[Span, ...] | None:
    """Where a quote stands in the article's text (or title), or None.

    Spans that are given hold where they lie in the text and have the words of the content, if that is given. Else the
    words are looked for, whatever their case, punctuation and white space, part by part; of several places the first is
    taken that is not among those ``taken``.
    """
    places = word_places(text)
    words = [_folded(text[start:end]) for start, end in places]
    parts = [[_folded(part[start:end]) for start, end in word_places(part)] for part in quote.parts]
    if quote.spans and all(start < end <= len(text) for start, end in quote.spans):
        there = [w for s, e in quote.spans for w, (a, b) in zip(words, places, strict=True) if a < e and b > s]
        if not parts or there == [word for part in parts for word in part]:
            return quote.spans
    if not parts or not all(parts):
        return None
    first = -1
    while True:
        found = list[Span]()
        position = first + 1
        for part in parts:
            at = _index(words, part, position)
            if at is None:
                return None
            if not found:
                first = at
            position = at + len(part)
            found.append((places[at][0], places[position - 1][1]))
        if tuple(found) not in taken:
            return tuple(found)


def _index(words: Sequence[str], part: Sequence[str], start: int) -> int | None:
    for at in range(start, len(words) - len(part) + 1):
        if words[at] == part[0] and words[at : at + len(part)] == part:
            return at
    return None


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().replace("’", "'")
