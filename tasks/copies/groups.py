"""Groups texts around a centre, along pairs of candidates."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from tasks.copies.buckets import HALF, LOW, Packed


def grow(pairs: Packed, joins: Callable[[int, int, int], bool]) -> Iterator[list[int]]:
    """Groups of two texts or more: the centre, then the others in the order in which they were reached.

    Texts are numbered by rank. The first that is in no group becomes the centre of one, which grows along the pairs to
    every text that ``joins(centre, member, text)`` admits. A text is in one group at most. The cost is linear in the
    number of pairs.
    """
    both = np.concatenate([pairs, (pairs << HALF) | (pairs >> HALF)])
    both.sort()
    sources, targets = (both >> HALF).astype(np.int64), (both & LOW).astype(np.uint32)
    n_texts = int(sources[-1]) + 1 if len(sources) else 0
    bounds = np.searchsorted(sources, np.arange(n_texts + 1))
    del both, sources
    grouped = bytearray(n_texts)
    for centre in np.flatnonzero(np.diff(bounds)).tolist():
        if grouped[centre]:
            continue
        grouped[centre] = True
        members = [centre]
        for member in members:  # grows while it is walked
            for text in targets[bounds[member] : bounds[member + 1]].tolist():
                if not grouped[text] and joins(centre, member, text):
                    grouped[text] = True
                    members.append(text)
        if len(members) > 1:
            yield members
