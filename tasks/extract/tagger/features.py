"""Case, quotation and paragraph features of words: what an uncased encoder cannot see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

CASES = ("none", "lower", "title", "upper", "mixed", "digit")
QUOTES = ("outside", "double", "unclosed", "single")
FEATURES = len(CASES) * len(QUOTES) * 2

_MARK = re.compile("''|[\"“”„«»‘’']")
_PARAGRAPH = re.compile(r"[^\n]+")
_OPENING, _CLOSING = "“„«", "”»"


def feature_id(case: int, quote: int, starts_paragraph: bool) -> int:
    """The three features as one id: ``case + 6 * quote + 24 * starts_paragraph``."""
    return case + len(CASES) * quote + len(CASES) * len(QUOTES) * starts_paragraph


@lru_cache(maxsize=65536)
def case_of(word: str) -> int:
    """Index into ``CASES``. A word with a digit is ``digit``; a single capital is ``title``; no letter is ``none``."""
    if any(char.isdigit() for char in word):
        return 5
    letters = [char for char in word if char.isalpha()]
    if not letters:
        return 0
    capitals = sum(char.isupper() for char in letters)
    if not capitals:
        return 1
    if capitals == 1 and letters[0].isupper():
        return 2
    return 3 if capitals == len(letters) else 4


def quote_states(text: str) -> bytearray:
    """Index into ``QUOTES`` for each code point; the marks belong to what they enclose.

    Two typewriter singles are a double. Doubles never nest. One left open runs to the end of its paragraph as
    ``unclosed``, or as ``double`` where the next paragraph opens with a mark again. Singles count only outside doubles,
    and only when they close in their paragraph.
    """
    states = bytearray(len(text))
    paragraphs = [match.span() for match in _PARAGRAPH.finditer(text) if not match.group().isspace()]
    for index, (start, end) in enumerate(paragraphs):
        follower = text[slice(*paragraphs[index + 1])].lstrip()[:2] if index + 1 < len(paragraphs) else ""
        continues = follower == "''" or follower[:1] in tuple('"“„«')
        for left, right, state in _regions(text, start, end, continues):
            states[left:right] = bytes([state]) * (right - left)
    return states


def _regions(text: str, start: int, end: int, continues: bool) -> Iterator[tuple[int, int, int]]:
    double = single = -1
    for match in _MARK.finditer(text, start, end):
        (at, behind), mark = match.span(), match.group()
        before = text[at - 1] if at > start else " "
        after = text[behind] if behind < end else " "
        if mark in "‘’'":
            if double >= 0:
                continue
            if mark != "’" and not before.isalnum() and after.isalnum():
                single = at
            elif mark != "‘" and single >= 0 and not before.isspace() and not after.isalnum():
                yield single, at + 1, 3
                single = -1
            continue
        if mark in ('"', "''"):
            leans_right = not after.isspace() and (before.isspace() or before in "([{-–—/‘'")
            closes = double >= 0 and not (leans_right and after not in ".,;:!?)]")
            opens = not closes and (double >= 0 or not after.isspace())
        else:
            german = mark == "“" and double >= 0 and text[double] == "„"
            closes = double >= 0 and (mark in _CLOSING or german)
            opens = mark in _OPENING and not german
        if closes:
            yield double, behind, 1
            double = -1
        elif opens:
            if double >= 0:
                yield double, at, 2
            double, single = at, -1
    if double >= 0:
        yield double, end, 1 if continues else 2
