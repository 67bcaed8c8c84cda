"""Compares many pairs of wordings at once, to tell the few that are worth aligning."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from tasks.copies.buckets import HALF, Packed
from tasks.copies.candidates import Numbers, packed, shingles
from tasks.copies.wording import PAIRS_COVERED, unshifted
from tasks.copies.words import Codes, Words, identity

BLOCK = 10_000  # pairs compared at a time


class Overlap(IntEnum):
    """What two wordings have in common, as tasks.copies.wording.same_words would find."""

    TOO_LITTLE = 0
    SOME = 1  # same_words has to tell
    ALL = 2


def compare(cores: Words, fulls: Words, parts: Numbers, wholes: Numbers) -> npt.NDArray[np.uint8]:
    """The Overlap of the core of each part with the full wording of its whole; texts by their number in Words."""
    found = [np.empty(0, np.uint8)]
    for start in range(0, len(parts), BLOCK):
        some = slice(start, start + BLOCK)
        found.append(_compare([cores[i] for i in parts[some].tolist()], [fulls[i] for i in wholes[some].tolist()]))
    return np.concatenate(found)


def _compare(cores: list[Codes], fulls: list[Codes]) -> npt.NDArray[np.uint8]:
    n = len(cores)
    pairs, others = _pairs_of_words(cores), _pairs_of_words(fulls)
    shared = np.bincount((np.intersect1d(pairs, others, assume_unique=True) >> HALF).astype(np.int64), minlength=n)
    least = PAIRS_COVERED * np.bincount((pairs >> HALF).astype(np.int64), minlength=n)
    overlap = np.where(shared < least, Overlap.TOO_LITTLE, Overlap.SOME).astype(np.uint8)
    for k in np.flatnonzero(shared >= least).tolist():
        if len(cores[k]) == len(fulls[k]) and np.array_equal(_bare(cores[k]), _bare(fulls[k])):
            overlap[k] = Overlap.ALL
    return overlap


def _pairs_of_words(texts: list[Codes]) -> Packed:
    """The different runs of two words of every text: (number of the text, hash), sorted."""
    codes = shingles(_bare(np.concatenate(texts)), 2)
    text = np.repeat(np.arange(len(texts)), [len(t) for t in texts])
    inside = text[1:] == text[:-1]
    return np.unique(packed(text[:-1][inside], codes[inside]))


def _bare(codes: Codes) -> Codes:
    return unshifted(identity(codes))
