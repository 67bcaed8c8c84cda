"""Groups texts around a centre, along pairs of candidates."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from tasks.copies.candidates import Numbers


def grow(a: Numbers, b: Numbers, joins: Callable[[int, int, int], bool]) -> Iterator[list[int]]:
    """Groups of two texts or more: the centre, then the others in the order in which they were reached.

    Texts are numbered by rank. The first that is in no group becomes the centre of one, which grows along the pairs
    (a[i], b[i]) to every text that ``joins(centre, member, text)`` admits. A text is in one group at most. The cost is
    linear in the number of pairs.
    """
    order = np.lexsort((np.concatenate([b, a]), np.concatenate([a, b])))
    sources = np.concatenate([a, b])[order]
    targets = np.concatenate([b, a])[order]
    nodes, starts = np.unique(sources, return_index=True)
    ends = [*starts[1:], len(sources)][: len(nodes)]
    bounds = {int(node): slice(start, end) for node, start, end in zip(nodes, starts, ends, strict=True)}
    grouped: set[int] = set()
    for centre in bounds:
        if centre in grouped:
            continue
        grouped.add(centre)
        members = [centre]
        for member in members:  # grows while it is walked
            for text in targets[bounds[member]].tolist():
                if text not in grouped and joins(centre, member, text):
                    grouped.add(text)
                    members.append(text)
        if len(members) > 1:
            yield members
