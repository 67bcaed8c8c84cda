"""Identity across articles: from names by article to entities, by fixed rules over all of them at once.

The result depends on the set of appearances alone, not on their order or on earlier results.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from sys import intern

import duckdb

from tasks.identity import evidence
from tasks.identity.clusters import KNOWN, Clusters, Node, Positions
from tasks.identity.corrections import Chosen, Corrections, CorrectionsError
from tasks.identity.entities import Identity, describe
from tasks.identity.forms import fold
from tasks.identity.knowledge import KnowledgeBase
from tasks.identity.merging import keys_of, keys_of_node, merge_by_spelling
from tasks.identity.people import agree, parse_person
from tasks.identity.printed import merge_acronyms, merge_people_by_print
from tasks.identity.spelling import given_key, given_names, surname_key
from tasks.identity.suffixes import merge_suffixes


@dataclass(frozen=True, slots=True)
class Names:
    """The distinct names as nodes, oldest first, and where to find them."""

    nodes: list[Node]
    positions: Positions

    def chosen(self, chosen: Chosen) -> Iterator[int]:
        """The positions of a name in a correction, under each label that it has."""
        for label in ("PER", "ORG", "LOC", "MISC") if chosen.label is None else (chosen.label,):
            k = self.positions.get(_key(label, fold(chosen.name), chosen.part))
            if k is not None:
                yield k


def resolve(
    appearances: evidence.Appearances,
    settings: Corrections | None = None,
    knowledge: KnowledgeBase | None = None,
    memory_limit: str = "512MB",
) -> Identity:
    """The entities of all appearances (see APPEARANCES), and the entity of each.

    Rules never merge names of two labels. Corrections count first, then the knowledge base, then spelling, then what
    articles print for a name. Python holds the distinct names, DuckDB the rest within ``memory_limit``. Raises
    CorrectionsError where corrections contradict each other, KnowledgeError where the file is of no use.
    """
    corrections = settings or Corrections()
    with evidence.opened(appearances, memory_limit) as connection, _caches():
        _split(connection, corrections)
        names = _read_names(connection)
        nodes, clusters = names.nodes, Clusters(names.nodes)
        shown = _correct(names, clusters, corrections)
        if knowledge is not None:
            _link(nodes, clusters, knowledge)
        merge_by_spelling(nodes, clusters)
        together = partial(evidence.together, connection)
        merge_suffixes(nodes, clusters, together)
        merge_acronyms(evidence.printed_forms(connection), names.positions, nodes, clusters, together)
        merge_people_by_print(evidence.printed_forms(connection), names.positions, nodes, clusters, together)
        return describe(connection, nodes, clusters, names.positions, shown)


@contextmanager
def _caches() -> Iterator[None]:
    """Empties the caches of names in the end: a few names here and there hold on to all the memory around them."""
    try:
        yield
    finally:
        for cached in (fold, parse_person, agree, surname_key, given_key, given_names):
            cached.cache_clear()


def _split(connection: duckdb.DuckDBPyConnection, corrections: Corrections) -> None:
    splits = corrections.splits()
    if not splits:
        return
    wanted = {fold(chosen.name) for chosen in splits}
    found = [(row["label"], row["name"]) for row in evidence.all_names(connection) if fold(row["name"]) in wanted]
    for chosen in splits:
        for label, name in found:
            if fold(name) == fold(chosen.name) and chosen.label in (None, label):
                evidence.split_off(connection, label, name, chosen.part, chosen.conditions)


def _read_names(connection: duckdb.DuckDBPyConnection) -> Names:
    nodes: dict[tuple[str, ...], Node] = {}
    for row in evidence.distinct_names(connection):
        form = fold(row["name"])
        key = _key(row["label"], form, row["part"])
        node = nodes.get(key)
        if node is None:
            nodes[key] = node = Node(intern(row["label"]), form, row["part"], {}, 0, "")
        node.names[row["name"]] = row["n_articles"]
        node.n_articles += row["n_articles"]
        node.first_on = intern(min(filter(None, (node.first_on, row["first_on"])), default=""))
    ordered = sorted(nodes.items(), key=lambda item: (item[1].first_on or "~", item[1].id))
    del nodes
    for _, node in ordered:
        if node.label == "PER" and not node.part:
            node.person = parse_person(node.name)
    return Names([node for _, node in ordered], {key: k for k, (key, _) in enumerate(ordered)})


def _key(label: str, form: str, part: str) -> tuple[str, ...]:
    return (label, form, part) if part else (label, form)


def _correct(names: Names, clusters: Clusters, corrections: Corrections) -> dict[int, str]:
    """Applies the corrections; returns the name to show by position."""
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
    return {k: new for chosen, new in corrections.rename for k in names.chosen(chosen)}


def _link(nodes: Sequence[Node], clusters: Clusters, knowledge: KnowledgeBase) -> None:
    """Marks names with their record, and merges those with the same one."""
    keys = [keys_of_node(node) for node in nodes]
    records = knowledge.records_of(frozenset().union(*keys), _keys_of_name)
    by_record: dict[tuple[str, str], int] = {}
    for k, node in enumerate(nodes):
        found = {records[key] for key in keys[k] if key in records}
        if len(found) == 1:
            record = found.pop()
            if clusters.mark(k, KNOWN, record):
                clusters.merge(by_record.setdefault((node.label, record), k), k, by_order=True)


def _keys_of_name(label: str, name: str) -> Iterable[Hashable]:
    return keys_of(label, name, parse_person(name) if label == "PER" else None)
