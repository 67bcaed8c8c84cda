"""Compares many pairs of wordings at once, to tell the few that are worth aligning."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tasks.copies.buckets import HALF, Packed
from tasks.copies.candidates import distinct, packed, shingles
from tasks.copies.wording import PAIRS_COVERED, unshifted
from tasks.copies.words import Codes, Numbers, Words, identity

BLOCK = 10_000  # pairs compared at a time


# What two wordings have in common: too little for same_words, some words, which have to be aligned, or all.
TOO_LITTLE, SOME, ALL = 0, 1, 2


def compare(cores: Words, fulls: Words, parts: Numbers, wholes: Numbers) -> npt.NDArray[np.uint8]:
    """TOO_LITTLE, SOME or ALL, for the core of each part and the full wording of its whole; texts by number."""
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
    overlap = np.where(shared < least, TOO_LITTLE, SOME).astype(np.uint8)
    for k in np.flatnonzero(shared >= least).tolist():
        if len(cores[k]) == len(fulls[k]) and np.array_equal(_bare(cores[k]), _bare(fulls[k])):
            overlap[k] = ALL
    return overlap


def _pairs_of_words(texts: list[Codes]) -> Packed:
    """The different runs of two words of every text: (number of the text, hash), sorted."""
    codes = shingles(_bare(np.concatenate(texts)), 2)
    text = np.repeat(np.arange(len(texts)), [len(t) for t in texts])
    inside = text[1:] == text[:-1]
    return distinct(packed(text[:-1][inside], codes[inside]))


def _bare(codes: Codes) -> Codes:
    return unshifted(identity(codes))
