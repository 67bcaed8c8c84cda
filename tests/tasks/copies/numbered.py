"""Texts that need no file."""

from collections.abc import Sequence

import numpy as np

from tasks.copies.words import Codes, Words


class InMemory:
    """What stands in for a file of words."""

    def __init__(self, texts: Sequence[Codes]) -> None:
        self._codes = np.concatenate([np.empty(0, np.uint32), *texts])
        self.end = len(self._codes)

    def read(self, start: int, end: int) -> Codes:
        return self._codes[start:end]


def numbered(texts: Sequence[Codes]) -> Words:
    """The texts by number."""
    lengths = np.array([*map(len, texts)], np.int64)
    return Words(InMemory(texts), np.cumsum(lengths) - lengths, lengths)
