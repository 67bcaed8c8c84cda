"""The distinct names of an article or a lake as nodes, and what corrections and the knowledge base say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any

import duckdb

from tasks.identity.clusters import KNOWN, Clusters, Node, Positions
from tasks.identity.corrections import Chosen, Corrections, CorrectionsError
from tasks.identity.forms import fold
from tasks.identity.people import parse_person
from tasks.identity.rows import fetched

Records = Mapping[tuple[str, str], Sequence[str]]
"""The records of the knowledge base that a name may mean, by label and name."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nodes, oldest first, and where to find them."""

    nodes: list[Node]
    positions: Positions

    def chosen(self, chosen: Chosen) -> Iterator[int]:
        """The positions of a name in a correction, under each label that it has."""
        for label in ("PER", "ORG", "LOC", "MISC") if chosen.label is None else (chosen.label,):
            k = self.positions.get(_key(label, fold(chosen.name), chosen.part))
            if k is not None:
                yield k


def ordered(nodes: Iterable[Node]) -> Nodes:
    """The nodes, oldest first."""
    by_age = sorted(nodes, key=lambda node: node.age)
    return Nodes(by_age, {_key(node.label, node.form, node.part): k for k, node in enumerate(by_age)})


def nodes_of(connection: duckdb.DuckDBPyConnection, names: str) -> Nodes:
    """The nodes of some names, given as SQL for rows of tasks.identity.known.NAMES."""
    columns = "label, name, part, n_articles, first_on, group_id, record, entity_id"
    return ordered(read_nodes(fetched(connection, f"SELECT {columns} FROM {names} ORDER BY label, name, part")))


def read_nodes(rows: Iterable[tuple[Any, ...]]) -> Iterator[Node]:
    """The nodes of names, given as rows of label, name, part, n_articles, first_on, and group_id, record and entity_id
    where they are known.
    """
    nodes: dict[tuple[str, ...], Node] = {}
    for label, name, part, n_articles, first_on, *known in rows:
        form = fold(name)
        key = _key(label, form, part)
        node = nodes.get(key)
        if node is None:
            nodes[key] = node = Node(intern(label), form, part, {}, 0, "", None, *known)
        node.names[name] = n_articles
        node.n_articles += n_articles
        node.first_on = intern(min(filter(None, (node.first_on, first_on)), default=""))
    for node in nodes.values():
        if node.label == "PER" and not node.part:
            node.person = parse_person(node.name)
        yield node


def _key(label: str, form: str, part: str) -> tuple[str, ...]:
    return (label, form, part) if part else (label, form)


def correct(names: Nodes, clusters: Clusters, corrections: Corrections) -> None:
    """Applies the corrections."""
    for number, group in enumerate(corrections.different):
        for place, chosen in enumerate(group):
            for k in names.chosen(chosen):
                clusters.mark(k, (number, names.nodes[k].label), place)
    for group in corrections.same:
        by_label: dict[str, list[int]] = {}
        for chosen in group:
            for k in names.chosen(chosen):
                by_label.setdefault(names.nodes[k].label, []).append(k)
        for first, *others in by_label.values():
            for k in others:
                if not clusters.merge(first, k, by_order=True):
                    a, b = names.nodes[first].name, names.nodes[k].name
                    raise CorrectionsError(f"same: {a} and {b} are to be different, too")


def shown(names: Nodes, corrections: Corrections) -> dict[str, str]:
    """The name to show, by entity."""
    return {names.nodes[k].entity_id: new for chosen, new in corrections.rename for k in names.chosen(chosen)}


def mark_records(nodes: Sequence[Node], clusters: Clusters, records: Records) -> list[tuple[int, str]]:
    """Marks names with the one record that they mean; returns the position and record of those that have that mark."""
    meant = ((k, _record(node, records)) for k, node in enumerate(nodes)) if records else ()
    return [(k, record) for k, record in meant if record is not None and clusters.mark(k, KNOWN, record)]


def _record(node: Node, records: Records) -> str | None:
    if node.part:  # no rule adds to what a correction split off
        return None
    names = [node.name] if node.person is not None else node.names
    found = {record for name in names for record in records.get((node.label, name), ())}
    return found.pop() if len(found) == 1 else None


def merge_records(nodes: Sequence[Node], clusters: Clusters, records: Records) -> None:
    """Marks names with their record, and merges those with the same one."""
    by_record: dict[tuple[str, str], int] = {}
    for k, record in mark_records(nodes, clusters, records):
        clusters.merge(by_record.setdefault((nodes[k].label, record), k), k, by_order=True)
