"""Finds the turns of a transcript: paragraphs that begin with a speaker's name and a colon («LEE: Good evening.»)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.extract.base import Span

_UPPER = re.compile(
    r"(?P<name>(?:(?![\d_a-z])\w|[.'’\-]){2,}(?: (?:(?![\d_a-z])\w|[.'’\-])+){0,4})"
    r"(?:,[^:\n]{1,60}|\s?\([^):\n]{1,30}\))?\s?:\s+(?=\S)"
)
_TITLED = re.compile(r"(?P<name>[A-Z][\w.'’\-]+(?: [A-Z][\w.'’\-]*){0,3})\s?:\s+(?=\S)")
_LETTERS = re.compile(r"[^\W\d_]")
_MARKS = "\"“‘'«„"
_GAP = 3  # paragraphs without a label that may stand between two turns and belong to the first


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: the label without its colon, the colon, and what is said, one span a paragraph."""

    label: Span
    colon: Span
    said: tuple[Span, ...]


def turns(text: str, paragraphs: Sequence[Span]) -> list[Turn]:
    """The turns of a text; none unless two paragraphs are labelled in capitals, or three in names of which one recurs.

    Paragraphs between two turns belong to the first of them, unless they stand in brackets.
    """
    labelled = _labelled(text, paragraphs, _UPPER)
    if len(labelled) < 2:
        labelled = _labelled(text, paragraphs, _TITLED)
        names = Counter(text[label.start : label.end] for label, _ in labelled.values())
        if len(labelled) < 3 or max(names.values(), default=0) < 2:
            return []
    found: list[Turn] = []
    places = sorted(labelled)
    for place, following in zip(places, [*places[1:], places[-1]], strict=True):
        label, colon = labelled[place]
        said = [Span(colon.end + _blank(text, colon.end), paragraphs[place].end)]
        if following - place <= _GAP + 1:
            said += [p for p in paragraphs[place + 1 : following] if text[p.start] not in "([<"]
        found.append(Turn(label, colon, tuple(said)))
    return found


def _labelled(text: str, paragraphs: Sequence[Span], pattern: re.Pattern[str]) -> dict[int, tuple[Span, Span]]:
    """Label and colon of each paragraph that has one and goes on in words without a quotation mark, by its number."""
    found: dict[int, tuple[Span, Span]] = {}
    for number, paragraph in enumerate(paragraphs):
        match = pattern.match(text, paragraph.start, min(paragraph.end, paragraph.start + 160))
        if match is None or match.end() >= paragraph.end or text[match.end()] in _MARKS:
            continue
        if _LETTERS.search(text, match.end(), paragraph.end) is None:
            continue  # a table of figures: «Lee: 1,204»
        colon = text.index(":", match.end("name"))
        found[number] = (Span(match.start("name"), match.end("name")), Span(colon, colon + 1))
    return found


def _blank(text: str, start: int) -> int:
    end = start
    while end < len(text) and text[end].isspace():
        end += 1
    return end - start
