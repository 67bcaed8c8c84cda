"""Finds names of people, organisations and places in running text by their form alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CAPITALISED = re.compile(r"[^\W\d_]\w*(?:[-'’]\w+)*")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the text: half-open code point offsets, the words as printed, the label and the rule that gave it."""

    start: int
    end: int
    text: str
    label: str
    confidence: float
    rule: str


def find_names(text: str, context: str = "") -> list[Name]:
    """The names in text, sorted and disjoint."""
    return [
        Name(m.start(), m.end(), m.group(), "PER", 0.3, "capitalised")
        for m in _CAPITALISED.finditer(text)
        if m.group()[0].isupper() and text[max(0, m.start() - 2) : m.start()] not in ("", "\n\n", ". ")
    ]
