"""Cuts a text at the edges of everything marked in it, so that marks may overlap, nest and stand apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

PARAGRAPH = re.compile(r"\n{2,}")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text, in code points, that is a part of a quote (content, cue, source) or a mention."""

    start: int
    end: int
    part: str
    key: str  # quote_id, or mention_id


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text over which no mark begins or ends, and the marks that cover it, the outermost first."""

    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's segments; ``start`` and ``end`` are its place in the text."""

    start: int
    end: int
    segments: tuple[Segment, ...]


def paragraphs(text: str, marks: Iterable[Mark]) -> list[Paragraph]:
    """The paragraphs of a text, cut into segments. Marks beyond the text are cut off at its edges."""
    inside = [Mark(max(m.start, 0), min(m.end, len(text)), m.part, m.key) for m in marks]
    ordered = sorted((m for m in inside if m.start < m.end), key=lambda m: (m.start, -m.end))
    found, start = [], 0
    for blank in (*PARAGRAPH.finditer(text), None):
        end = blank.start() if blank else len(text)
        if start < end:
            within = [m for m in ordered if m.start < end and m.end > start]
            found.append(Paragraph(start, end, tuple(_segments(text, start, end, within))))
        start = blank.end() if blank else end
    return found


def _segments(text: str, start: int, end: int, marks: list[Mark]) -> Iterable[Segment]:
    edges = {start, end} | {min(max(edge, start), end) for m in marks for edge in (m.start, m.end)}
    places = sorted(edges)
    for left, right in pairwise(places):
        covering = tuple(m for m in marks if m.start <= left and right <= m.end)
        yield Segment(text[left:right], covering)


def pieces(passage: dict[str, Any]) -> list[tuple[str, bool]]:
    """A passage of `tasks.explain` in pieces, each with whether it is what was said; one space between paragraphs."""
    marks = [Mark(m["start"], m["end"], m["part"], "") for m in passage["marks"] if m["part"] == "content"]
    found: list[tuple[str, bool]] = []
    for number, paragraph in enumerate(paragraphs(passage["text"], marks)):
        found += [(" ", False)] if number else []
        found += [(segment.text, bool(segment.marks)) for segment in paragraph.segments]
    return found
