"""Groups texts around a centre, along pairs of candidates; after a change, only those that it may reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np

from tasks.copies.buckets import HALF, LOW, Packed
from tasks.copies.words import Numbers

Joins: TypeAlias = Callable[[int, int, int], bool]
"""Whether a centre takes in, by way of a member of its group, a text."""

NOBODY = -1  # before all centres


class Links:
    """The texts that each text is a pair with, both numbered by rank."""

    def __init__(self, pairs: Packed, n_texts: int) -> None:
        both = np.concatenate([pairs, (pairs << HALF) | (pairs >> HALF)])
        both.sort()
        self._targets = (both & LOW).astype(np.uint32)
        self._bounds = np.searchsorted(both >> HALF, np.arange(n_texts + 1).astype(np.uint64))

    def of(self, text: int) -> list[int]:
        """The others, in order."""
        found: list[int] = self._targets[self._bounds[text] : self._bounds[text + 1]].tolist()
        return found

    def linked(self) -> Numbers:
        """The texts that are in a pair, in order."""
        return np.flatnonzero(np.diff(self._bounds))


def grow(links: Links, joins: Joins, before: Numbers, free: bytearray) -> Iterator[list[int]]:
    """Groups of the free texts, alone or several: the centre, then the others in the order in which they were reached.

    The first free text that is in no group becomes the centre of one, which grows along the pairs to every text that
    ``joins`` admits. A text is in one group at most. The cost is linear in the number of pairs.

    The texts that are not free have the centres ``before``, which take them when it is their turn. One that a group
    would have taken earlier ends the list of those of the group: as -1 - text, for it is not in it.
    """
    grouped = bytearray(len(free))
    for centre in links.linked().tolist():
        if grouped[centre] or not free[centre]:
            continue
        grouped[centre] = True
        members, taken = [centre], set()
        for member in members:  # grows while it is walked
            for text in links.of(member):
                if free[text]:
                    if not grouped[text] and joins(centre, member, text):
                        grouped[text] = True
                        members.append(text)
                elif before[text] > centre and text not in taken and joins(centre, member, text):
                    taken.add(text)
        yield members + [-1 - text for text in sorted(taken)]


def regroup(
    pairs: Packed,
    before: Numbers,
    changed: Numbers,
    joining: Callable[[], Joins],
    could_join: Joins,
) -> Numbers:
    """The centre of each text, itself where it is alone, as ``grow`` finds them.

    ``before`` are the centres of the last time. ``changed`` are the texts of which a pair came or went since, that are
    new, or that were in a group with one that went; their centres count for no more than a bond to be dissolved, so it
    may be any where theirs is gone. ``joining`` returns the rule, with nothing remembered of earlier groups;
    ``could_join`` is true at least where that rule could be, whatever it remembers.

    All groups with a changed text are dissolved and their texts grouped anew. If one of them would take in a text of
    another group before its own centre does, or be taken in by an earlier centre than before, then that group is
    dissolved, too, until none is. Whatever is left would come out as it was: its centres meet the same texts free, in
    the same order, and what they meet beside those they refuse.
    """
    links, groups = Links(pairs, len(before)), _Members(before)
    free, to_free = bytearray(len(before)), set(before[changed].tolist())
    centres, taken_by = before, before.copy()
    taken_by[changed] = NOBODY
    while to_free:
        for centre in to_free:
            for text in groups.of(centre):
                free[text] = True
        centres, to_free = before.copy(), set()
        looked_at = np.flatnonzero(np.frombuffer(free, np.uint8))
        centres[looked_at] = looked_at
        for centre, *others in grow(links, joining(), before, free):
            taken = [-1 - text for text in others if text < 0]
            to_free.update(before[taken].tolist())
            centres[[text for text in others if text >= 0]] = centre
        for text in looked_at[taken_by[looked_at] < centres[looked_at]].tolist():
            for member in links.of(text):
                centre = int(before[member])
                if not free[member] and taken_by[text] < centre < centres[text] and could_join(centre, member, text):
                    to_free.add(centre)
    return centres


class _Members:
    """The texts of every group."""

    def __init__(self, centres: Numbers) -> None:
        self._order = np.argsort(centres, kind="stable")
        self._bounds = np.searchsorted(centres[self._order], np.arange(len(centres) + 1))

    def of(self, centre: int) -> list[int]:
        found: list[int] = self._order[self._bounds[centre] : self._bounds[centre + 1]].tolist()
        return found
