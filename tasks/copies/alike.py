"""Tells copies of one text from texts that only share much: follow-ups, digests, two fillings of one template.

docs/copies.md states the rules and the measurements behind the figures.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from tasks.copies.candidates import Flags, shingles
from tasks.copies.words import CAPITAL, NUMBER, Codes, identity

SHINGLE = 5  # words
LEAST_PART = 0.25  # a copy's length beside its original's, in shingles
BRIEF = 100  # shingles
FEW = 3  # names and numbers; fewer prove nothing in a brief text
FEW_IN_TEMPLATE = 6  # the same, where many texts fill one template
NEARLY_ALL = 0.85  # of the shingles
PARTICULARS_KEPT = 0.6  # of the names and numbers, beside the share of the other words
NUMBERS_KEPT = 0.5
FEW_NUMBERS = 5


class Text:
    """What two texts are compared by: shingles, names and numbers.

    A name is a word capitalised within a sentence that the text never has in small letters.
    """

    def __init__(self, codes: Codes) -> None:
        """From codes as they are kept in Words, at least SHINGLE of them."""
        self._codes = codes
        self._shingles = shingles(codes, SHINGLE)
        self._sorted = np.sort(self._shingles)

    def __len__(self) -> int:
        """The number of shingles."""
        return len(self._shingles)

    def found_in(self, other: Text) -> Flags:
        """Which of the shingles, in order, the other text has too."""
        return _among(self._shingles, other._sorted)

    @cached_property
    def are_numbers(self) -> Flags:
        """Which of the words hold a digit."""
        return np.asarray((self._codes & NUMBER) != 0)

    @cached_property
    def particulars(self) -> Flags:
        """Which of the words are names or numbers."""
        words = identity(self._codes)
        are_capital = (self._codes & (CAPITAL | NUMBER)) == CAPITAL
        in_small = np.sort(words[~are_capital & ~self.are_numbers])
        return np.asarray(self.are_numbers | (are_capital & ~_among(words, in_small)))


def are_alike(one: Text, other: Text, least_shared: float, are_filled: bool) -> bool:
    """Whether the text with fewer shingles has ``least_shared`` of them in common, and they are about the same matter.

    ``are_filled`` says that one of the texts fills a template which many fill.
    """
    fewer, more = sorted((one, other), key=len)
    if len(fewer) < LEAST_PART * len(more):
        return False
    shared = float(fewer.found_in(more).mean())
    if shared < least_shared:
        return False
    is_brief = len(fewer) < BRIEF
    if not are_filled and more.particulars.sum() < fewer.particulars.sum():
        fewer, more = more, fewer
    return _keeps_particulars(fewer, more, shared, is_brief, are_filled)


def _keeps_particulars(text: Text, other: Text, shared: float, are_brief: bool, are_filled: bool) -> bool:
    """Whether names and numbers are kept, in their places, about as well as other words: not so for two fillings.

    A word is kept if the other text has one of the shingles that it stands in.
    """
    are_kept: Flags = np.convolve(text.found_in(other), np.ones(SHINGLE)) > 0.5
    kept = are_kept[text.particulars]
    if are_brief and len(kept) < (FEW_IN_TEMPLATE if are_filled else FEW):
        return bool(kept.all()) and (len(kept) >= FEW or shared >= NEARLY_ALL)
    others = are_kept[~text.particulars]
    expected = others.mean() if len(others) else shared
    if len(kept) and kept.mean() < PARTICULARS_KEPT * expected:
        return False
    numbers = are_kept[text.are_numbers]
    return bool(len(numbers) < FEW_NUMBERS or numbers.mean() >= NUMBERS_KEPT * expected)


def _among(values: Codes, in_order: Codes) -> Flags:
    """Which of the values a sorted array holds."""
    places = np.searchsorted(in_order, values)
    places[places == len(in_order)] = 0
    return np.asarray(in_order[places] == values) if len(in_order) else np.zeros(len(values), bool)
