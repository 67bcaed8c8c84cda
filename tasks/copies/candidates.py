"""Finds the pairs of texts worth comparing, at a cost near linear in the number of words.

Every text is sketched by winnowing (Schleimer, Wilkerson and Aiken 2003, «Winnowing: local algorithms for document
fingerprinting»): of the hashes of its shingles (runs of k words), the least of every window is kept. Two texts that
share a passage of ``k + window - 1`` words share a kept hash for certain, whatever else they hold, which makes sketches
fit for parts of texts too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Self, TypeVar

import numpy as np
import numpy.typing as npt

from tasks.copies.buckets import HALF, LOW, Buckets, Packed
from tasks.copies.words import Codes, Numbers, Words, identity

Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint32]
Number = TypeVar("Number", bound=np.unsignedinteger)

BLOCK = 1_000  # texts sketched at a time
BUCKET_WORDS = 500_000  # of sketches, in a bucket
BUCKET_TEXTS = 16_000  # whose pairs are in a bucket
_MULTIPLIER = 0x9E3779B97F4A7C15  # odd, bits well mixed


def shingles(codes: Codes, k: int) -> Hashes:
    """Hashes of the runs of ``k`` words, in order; ``len(codes) - k + 1`` of them, none where there are fewer words."""
    n = max(0, len(codes) - k + 1)
    words = identity(codes).astype(np.uint64)
    mixed = np.zeros(n, np.uint64)
    for i in range(k):
        mixed += words[i : i + n] * np.uint64(pow(_MULTIPLIER, i + 1, 1 << 64))
    mixed ^= mixed >> HALF
    mixed *= np.uint64(_MULTIPLIER)
    return (mixed >> HALF).astype(np.uint32)


def sketch(
    words: Words, texts: Numbers, k: int, window: int | Numbers, salts: Hashes | None = None
) -> Iterator[Packed]:
    """The kept hashes of some texts, as (hash, place in ``texts``), each once: arrays that are sorted and hold all
    texts with a hash.

    ``window`` is a number of shingles, or one for every text; what a wide window keeps of a passage, a narrow one keeps
    too. Every text has to hold at least ``k + window - 1`` words. Texts whose ``salts`` differ share no hash.
    """
    windows = np.broadcast_to(window, len(texts))
    n_kept = int((words.lengths[texts] / windows).sum())
    with Buckets(1 + n_kept // BUCKET_WORDS) as buckets:
        as_they_lie = np.argsort(words.starts[texts], kind="stable")
        for start in range(0, len(texts), BLOCK):
            block = as_they_lie[start : start + BLOCK]
            lengths = words.lengths[texts[block]]
            hashes = shingles(np.concatenate(words.some(texts[block])), k)
            for size in np.unique(windows[block]).tolist():
                least = _least(hashes, size)
                place = np.repeat(block, lengths)[: len(least)]
                end = np.repeat(np.cumsum(lengths), lengths)[: len(least)]
                inside = (np.arange(len(least)) + k + size - 1 <= end) & (windows[place] == size)
                least, place = least[inside], place[inside]
                if salts is not None:
                    least ^= salts[place]
                buckets.add(distinct(packed(least, place)))
        yield from buckets


def _least(hashes: Hashes, window: int) -> Hashes:
    """The least of the hashes i to i + window - 1, for every i."""
    width = 1
    while width < window:
        step = min(width, window - width)
        hashes = np.minimum(hashes[:-step], hashes[step:])
        width += step
    return hashes


def rare(sketches: Packed, most: int) -> Packed:
    """What is left of sketches, sorted, without the hashes that more than ``most`` texts keep."""
    n_texts = np.diff(_starts(sketches), append=len(sketches))
    return sketches[np.repeat(n_texts <= most, n_texts)]


def distinct(numbers: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """The different numbers, sorted: what np.unique gives, which hashes them first, at a hundred times the cost."""
    ordered = np.sort(numbers)
    are_new = np.ones(len(ordered), bool)
    are_new[1:] = ordered[1:] != ordered[:-1]
    return ordered[are_new]


def packed(upper: npt.NDArray[np.integer], lower: npt.NDArray[np.integer]) -> Packed:
    """Two numbers of 32 bits each in one, element by element."""
    return (upper.astype(np.uint64) << HALF) | lower.astype(np.uint64)


class Candidates:
    """Gathers the pairs of texts that share enough of their sketches. Within `with`.

    Of the texts that keep a hash, each is paired with the first and with the ``reach`` before it, so that a phrase that
    everybody prints costs no more than one that two print. A pair counts if it comes up for ``least_share`` of the
    smaller sketch.
    """

    def __init__(self, n_texts: int, least_share: float, reach: int = 1) -> None:
        self.sizes: Numbers = np.zeros(n_texts, np.int64)  # of the sketches
        self._least_share, self._reach = least_share, reach
        self._buckets = Buckets(1 + n_texts // BUCKET_TEXTS)

    def __enter__(self) -> Self:
        self._buckets.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._buckets.__exit__(*error)

    def add(self, sketches: Packed) -> None:
        """Takes sorted sketches that hold all texts with a hash."""
        self.sizes += np.bincount((sketches & LOW).astype(np.int64), minlength=len(self.sizes))
        self._buckets.add(_neighbours(sketches, self._reach))

    def pairs(self) -> Packed:
        """The pairs (a, b), a < b, packed and sorted."""
        enough = [np.empty(0, np.uint64)]
        for bucket in self._buckets:
            pairs, counts = np.unique(bucket, return_counts=True)
            least = np.minimum(self.sizes[(pairs >> HALF).astype(np.int64)], self.sizes[(pairs & LOW).astype(np.int64)])
            enough.append(pairs[counts >= self._least_share * least])
        return np.sort(np.concatenate(enough))


def candidate_pairs(sketches: Iterable[Packed], n_texts: int, least_share: float, reach: int = 1) -> Packed:
    """Pairs (a, b), a < b, of texts that share enough of their sketches, packed and sorted."""
    with Candidates(n_texts, least_share, reach) as candidates:
        for some in sketches:
            candidates.add(some)
        return candidates.pairs()


def _starts(sketches: Packed) -> Numbers:
    """Where in sorted sketches another hash begins."""
    hashes = sketches >> HALF
    are_new = np.ones(len(hashes), bool)
    are_new[1:] = hashes[1:] != hashes[:-1]
    return np.flatnonzero(are_new)


def _neighbours(sketches: Packed, reach: int) -> Packed:
    """Pairs of texts, as often as they come up for a hash."""
    texts, starts = sketches & LOW, _starts(sketches)
    first = np.repeat(starts, np.diff(starts, append=len(sketches)))
    here = np.arange(len(sketches))
    found = []
    for step in range(1, reach + 1):
        later = here[here - first >= step]
        found.append(packed(texts[later - step], texts[later]))
    later = here[here - first > reach]
    found.append(packed(texts[first[later]], texts[later]))
    return np.concatenate(found)
