"""Decides whether two wordings are the same utterance: aligns them word by word and looks at what differs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tasks.copies.candidates import distinct, shingles
from tasks.copies.words import NEGATOR, NUMBER, Codes, Numbers, identity, word_codes

COVERED = 0.7  # of the words of the part
PAIRS_COVERED = 0.4  # of its runs of two words, before it is worth aligning
LEFT_OUT = 8  # words; a longer passage left out is taken for a sentence, whose denials deny something else
BEFORE = 2  # words in front of a part in which a denial would turn it round
RUN = 2  # words in a row that prove where a part begins and ends
# Words that change when speech is reported; those of one line count as the same word.
_SHIFTED = [
    "i we he she they you me us him her them",
    "my our his their your mine ours hers theirs yours",
    "is are am was were be been",
    "will would ll shall should",
    "can could",
    "may might",
    "has have had ve",
    "do does did",
    "this that these those",
    "here there",
    "now then",
]
_SHIFTS = {code: codes[0] for codes in map(word_codes, _SHIFTED) for code in codes}
_FROM = np.array(sorted(_SHIFTS), np.uint32)
_TO = np.array([_SHIFTS[code] for code in sorted(_SHIFTS)], np.uint32)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that are compared (``core``) and all that were printed of the utterance (``full``), their flags for
    case taken off, words of one line above as one.
    """

    core: Codes
    full: Codes

    @classmethod
    def of(cls, core: Codes, full: Codes) -> Wording:
        """From codes as they are kept in Words."""
        return cls(unshifted(identity(core)), unshifted(identity(full)))


def unshifted(codes: Codes) -> Codes:
    """Codes without the flag for case, those of words that change when speech is reported brought to one."""
    place = np.searchsorted(_FROM, codes).clip(max=len(_FROM) - 1)
    return np.where(_FROM[place] == codes, _TO[place], codes)


def same_words(part: Wording, whole: Wording) -> float:
    """The share of the words of ``part.core`` that ``whole.full`` holds in the same order; 0 where that is too little.

    It is 0 as well where the two differ in a number or in a denial: between the first and the last word that they have
    in common, or in the words before it.
    """
    core, full = part.core, whole.full
    if np.array_equal(core, full):
        return 1.0
    pairs, others = distinct(shingles(core, 2)), distinct(shingles(full, 2))
    if len(np.intersect1d(pairs, others, assume_unique=True)) < PAIRS_COVERED * len(pairs):
        return 0.0
    return aligned(part, whole)


def aligned(part: Wording, whole: Wording) -> float:
    """As same_words, for wordings that are not equal and have enough runs of two words in common."""
    core, full = part.core, whole.full
    here, there = align(core, full)
    keep = _without_stragglers(here, there)
    here, there = here[keep], there[keep]
    if len(here) < max(RUN, COVERED * len(core)) or _contradicts(core, full, here, there):
        return 0.0
    return len(here) / len(core)


def align(one: Codes, other: Codes) -> tuple[Numbers, Numbers]:
    """Places of the words of a longest common subsequence, in both, the last possible ones.

    So a part stands as close together in the whole as it can. Time: the product of the lengths.
    """
    best = np.zeros((len(one) + 1, len(other) + 1), np.int32)
    for i, word in enumerate(one):
        row = np.maximum(best[i, 1:], best[i, :-1] + (other == word))
        np.maximum.accumulate(row, out=best[i + 1, 1:])
    table, mine, theirs = best.tolist(), one.tolist(), other.tolist()
    here, there = [], []
    i, j = len(mine), len(theirs)
    while i and j:
        if mine[i - 1] == theirs[j - 1]:
            i, j = i - 1, j - 1
            here.append(i)
            there.append(j)
        elif table[i][j] == table[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return np.array(here[::-1], np.int64), np.array(there[::-1], np.int64)


def _without_stragglers(here: Numbers, there: Numbers) -> slice:
    """What lies between the first and the last run of RUN words that follow each other in both texts."""
    runs = np.flatnonzero((np.diff(here) == 1) & (np.diff(there) == 1))
    return slice(int(runs[0]), int(runs[-1]) + RUN) if len(runs) else slice(0, 0)


def _contradicts(part: Codes, whole: Codes, here: Numbers, there: Numbers) -> bool:
    """Whether the words left unmatched make a difference. Words left out of the part are no difference: an ellipsis."""
    mine, theirs = part.tolist(), whole.tolist()
    starts, ends = [-1, *here.tolist()], [*here.tolist(), len(mine)]
    places = there.tolist()
    whole_starts, whole_ends = [max(-1, places[0] - BEFORE - 1), *places], [*places, places[-1] + 1]
    gaps = zip(starts, ends, whole_starts, whole_ends, strict=True)
    return any(_differ(mine[a + 1 : b], theirs[c + 1 : d]) for a, b, c, d in gaps if b - a > 1 or d - c > 1)


def _differ(mine: list[int], theirs: list[int]) -> bool:
    left_out = not mine and len(theirs) > LEFT_OUT
    denied = any(word & NEGATOR for word in mine), any(word & NEGATOR for word in theirs)
    if denied[0] != denied[1] and not left_out:
        return True
    numbers, others = ({word for word in words if word & NUMBER} for words in (mine, theirs))
    return not numbers <= others or bool(mine and others - numbers)
