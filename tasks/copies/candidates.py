"""Finds the pairs of texts worth comparing, at a cost near linear in the number of words.

Every text is sketched by winnowing (Schleimer, Wilkerson and Aiken 2003, «Winnowing: local algorithms for document
fingerprinting»): of the hashes of its shingles (runs of k words), the least of every window is kept. Two texts that
share a passage of ``k + window - 1`` words share a kept hash for certain, whatever else they hold, which makes sketches
fit for parts of texts too.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tasks.copies.words import Codes, Words, identity

Hashes = npt.NDArray[np.uint32]
Packed = npt.NDArray[np.uint64]  # two uint32 in one, so that sorting one array sorts pairs
Numbers = npt.NDArray[np.int64]

BLOCK = 4_000  # texts sketched at a time
_MULTIPLIER = 0x9E3779B97F4A7C15  # odd, bits well mixed
_MASK = 0xFFFFFFFFFFFFFFFF
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


def shingles(codes: Codes, k: int) -> Hashes:
    """Hashes of the runs of ``k`` words, in order; ``len(codes) - k + 1`` of them, none where there are fewer words."""
    n = max(0, len(codes) - k + 1)
    words = identity(codes).astype(np.uint64)
    mixed = np.zeros(n, np.uint64)
    for i in range(k):
        mixed += words[i : i + n] * np.uint64(pow(_MULTIPLIER, i + 1, 1 << 64))
    mixed ^= mixed >> _HALF
    mixed *= np.uint64(_MULTIPLIER)
    return (mixed >> _HALF).astype(np.uint32)


def sketch(words: Words, texts: Numbers, k: int, window: int, salts: Hashes | None = None) -> Packed:
    """The kept hashes of some texts: (hash, place in ``texts``), sorted, each once.

    Every text has to hold at least ``k + window - 1`` words. Texts whose ``salts`` differ share no hash.
    """
    kept = [np.empty(0, np.uint64)]
    for start in range(0, len(texts), BLOCK):
        codes = [words[i] for i in texts[start : start + BLOCK]]
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
        least, place = least[inside], place[inside]
        if salts is not None:
            least ^= salts[start + place]
        kept.append(np.unique((least.astype(np.uint64) << _HALF) | (place + start).astype(np.uint64)))
    together = np.concatenate(kept)
    together.sort()
    return together


def candidate_pairs(sketches: Packed, n_texts: int, least_share: float, reach: int = 1) -> tuple[Numbers, Numbers]:
    """Pairs (a, b), a < b, of texts that share enough of their sketches, sorted.

    Of the texts that keep a hash, each is paired with the first and with the ``reach`` before it, so that a phrase that
    everybody prints costs no more than one that two print. A pair counts if it comes up for ``least_share`` of the
    smaller sketch.
    """
    texts = (sketches & _LOW).astype(np.int64)
    sizes = np.bincount(texts, minlength=n_texts)
    hashes = sketches >> _HALF
    starts = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]])) if len(hashes) else np.empty(0, int)
    first = np.repeat(starts, np.diff(np.append(starts, len(hashes))))
    here = np.arange(len(hashes))
    found = []
    for step in range(1, reach + 1):
        later = here[here - first >= step]
        found.append((texts[later - step] << 32) | texts[later])
    later = here[here - first > reach]
    found.append((texts[first[later]] << 32) | texts[later])
    pairs, counts = np.unique(np.concatenate(found), return_counts=True)
    a, b = pairs >> 32, pairs & 0xFFFFFFFF
    enough = counts >= least_share * np.minimum(sizes[a], sizes[b])
    return a[enough], b[enough]
