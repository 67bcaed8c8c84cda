"""Sets of names that grow by merging and never hold two names that can't be the same."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tasks.identity.forms import form_id
from tasks.identity.people import Person, conflict

KNOWN = "knowledge"
"""The kind of mark that holds the record of the knowledge base."""

Positions: TypeAlias = Mapping[tuple[str, ...], int]
"""Positions of nodes by label and form, and by part as well where a correction splits the form."""


@dataclass(slots=True)
class Node:
    """One form under one label (or a part of it, where a correction splits it), with its id and what is known of it.

    ``names`` counts articles by name as printed; ``first_on`` is the first day as YYYY-MM-DD, or '' where unknown;
    ``person`` is the parsed name of a person, None for a part. ``group_id``, ``record`` and ``entity_id`` are those of
    tasks.identity.known, once they are found.
    """

    label: str
    form: str
    part: str
    names: dict[str, int]
    n_articles: int
    first_on: str
    person: Person | None = None
    group_id: str = ""
    record: str | None = None
    entity_id: str = ""
    id: str = field(init=False)

    def __post_init__(self) -> None:
        self.id = form_id(self.label, self.form, self.part)

    @property
    def age(self) -> tuple[str, str]:
        """What nodes are sorted by: the oldest first, undated ones last."""
        return self.first_on or "~", self.id

    @property
    def name(self) -> str:
        """The most frequent way to print it; not in capitals, where there is a choice."""
        if len(self.names) == 1:
            return next(iter(self.names))
        return min(self.names, key=lambda n: (n.isupper() and len(n) > 5, -self.names[n], n))


class Clusters:
    """A partition of nodes, given by their positions; a merge that a pair of members forbids does not happen."""

    def __init__(self, nodes: list[Node]) -> None:
        self._nodes = nodes
        self._parent = list(range(len(nodes)))
        self._members: dict[int, list[int]] = {}
        self._marks: dict[int, dict[Hashable, Hashable]] = {}
        self._people: dict[int, dict[Person, None]] = {}

    def root(self, k: int) -> int:
        """The position that stands for the set of ``k``."""
        while self._parent[k] != k:
            self._parent[k] = self._parent[self._parent[k]]
            k = self._parent[k]
        return k

    def members(self, k: int) -> list[int]:
        """All positions in the set of ``k``."""
        root = self.root(k)
        return self._members.get(root, [root])

    def sets(self) -> Iterator[list[int]]:
        """The positions in each set, in order."""
        for k, parent in enumerate(self._parent):
            if k == parent:
                yield sorted(self.members(k))

    def marks(self, k: int) -> Mapping[Hashable, Hashable]:
        """The facts about the set of which there is one each, such as the record of the knowledge base, by kind."""
        return self._marks.get(self.root(k), {})

    def mark(self, k: int, kind: Hashable, value: Hashable) -> bool:
        """Notes a fact about the set of ``k``, unless it has another of that kind; returns whether it has this one."""
        return self._marks.setdefault(self.root(k), {}).setdefault(kind, value) == value

    def merge(self, one: int, other: int, by_order: bool = False) -> bool:
        """Makes one set of two, unless labels or marks forbid it, or a pair of names; ``by_order`` names don't.

        Returns whether both are in one set now.
        """
        a, b = self.root(one), self.root(other)
        if a == b:
            return True
        if self._nodes[a].label != self._nodes[b].label:
            return False
        marks, more = self.marks(a), self.marks(b)
        if any(more.get(kind, mark) != mark for kind, mark in marks.items()):
            return False
        people, others = self._signatures(a), self._signatures(b)
        if not by_order and any(conflict(p, q) for p in people for q in others):
            return False
        if len(self.members(a)) < len(self.members(b)):
            a, b = b, a
        self._members[a] = self.members(a) + self.members(b)
        self._parent[b] = a
        self._members.pop(b, None)
        if marks or more:
            self._marks[a] = {**marks, **more}
            self._marks.pop(b, None)
        if people or others:
            self._people[a] = people | others
            self._people.pop(b, None)
        return True

    def merge_all(self, positions: Iterable[int]) -> None:
        """Merges each position with the first of the earlier ones that lets it."""
        kept: list[int] = []
        for k in positions:
            if not any(self.merge(other, k) for other in kept):
                kept.append(k)

    def _signatures(self, root: int) -> dict[Person, None]:
        if root in self._people:
            return self._people[root]
        person = self._nodes[root].person
        return {} if person is None else {person: None}
