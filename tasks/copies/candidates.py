"""Finds the pairs of texts worth comparing, at a cost near linear in the number of words.

Every text is sketched by winnowing (Schleimer, Wilkerson and Aiken 2003, «Winnowing: local algorithms for document
fingerprinting»): of the hashes of its shingles (runs of k words), the least of every window is kept. Two texts that
share a passage of ``k + window - 1`` words share a kept hash for certain, whatever else they hold, which makes sketches
fit for parts of texts too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from tasks.copies.buckets import HALF, LOW, Buckets, Packed
from tasks.copies.words import Codes, Words, identity

Hashes = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int64]

BLOCK = 4_000  # texts sketched at a time
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


def sketch(words: Words, texts: Numbers, k: int, window: int, salts: Hashes | None = None) -> Iterator[Packed]:
    """The kept hashes of some texts, as (hash, place in ``texts``), each once: arrays that are sorted and hold all
    texts with a hash.

    Every text has to hold at least ``k + window - 1`` words. Texts whose ``salts`` differ share no hash.
    """
    with Buckets(1 + int(words.lengths[texts].sum()) // (BUCKET_WORDS * window)) as buckets:
        for start in range(0, len(texts), BLOCK):
            codes = [words[i] for i in texts[start : start + BLOCK].tolist()]
            lengths = np.array([len(c) for c in codes])
            least = shingles(np.concatenate(codes), k)
            n_windows = len(least) - window + 1
            width = 1
            while width < window:  # least[i] becomes the least of the shingles i .. i + width - 1
                step = min(width, window - width)
                least = np.minimum(least[:-step], least[step:])
                width += step
            place = np.repeat(np.arange(len(codes)), lengths)[:n_windows]
            end = np.repeat(np.cumsum(lengths), lengths)[:n_windows]
            inside = np.arange(n_windows) + k + window - 1 <= end
            least, place = least[inside], place[inside] + start
            if salts is not None:
                least ^= salts[place]
            buckets.add(np.unique(packed(least, place)))
        yield from buckets


def packed(upper: npt.NDArray[np.integer], lower: npt.NDArray[np.integer]) -> Packed:
    """Two numbers of 32 bits each in one, element by element."""
    return (upper.astype(np.uint64) << HALF) | lower.astype(np.uint64)


def candidate_pairs(sketches: Iterable[Packed], n_texts: int, least_share: float, reach: int = 1) -> Packed:
    """Pairs (a, b), a < b, of texts that share enough of their sketches, packed and sorted.

    Of the texts that keep a hash, each is paired with the first and with the ``reach`` before it, so that a phrase that
    everybody prints costs no more than one that two print. A pair counts if it comes up for ``least_share`` of the
    smaller sketch.
    """
    sizes = np.zeros(n_texts, np.int64)
    enough = [np.empty(0, np.uint64)]
    with Buckets(1 + n_texts // BUCKET_TEXTS) as buckets:
        for bucket in sketches:
            sizes += np.bincount((bucket & LOW).astype(np.int64), minlength=n_texts)
            buckets.add(_neighbours(bucket, reach))
        for bucket in buckets:
            pairs, counts = np.unique(bucket, return_counts=True)
            least = np.minimum(sizes[(pairs >> HALF).astype(np.int64)], sizes[(pairs & LOW).astype(np.int64)])
            enough.append(pairs[counts >= least_share * least])
    return np.sort(np.concatenate(enough))


def _neighbours(sketches: Packed, reach: int) -> Packed:
    """Pairs of texts, as often as they come up for a hash."""
    texts, hashes = sketches & LOW, sketches >> HALF
    starts = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]])) if len(hashes) else np.empty(0, int)
    first = np.repeat(starts, np.diff(np.append(starts, len(hashes))))
    here = np.arange(len(hashes))
    found = []
    for step in range(1, reach + 1):
        later = here[here - first >= step]
        found.append(packed(texts[later - step], texts[later]))
    later = here[here - first > reach]
    found.append(packed(texts[first[later]], texts[later]))
    return np.concatenate(found)
