"""The tables that come out: the entity of every name, and the entities."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import duckdb
import pyarrow as pa

from schemas.tables import ENTITIES
from tasks.identity import evidence
from tasks.identity.bodies import letters_of
from tasks.identity.clusters import KNOWN, Clusters, Node, Positions
from tasks.identity.forms import fold, form_id
from tasks.identity.printed import is_alias

NAMES = pa.schema([("label", pa.string()), ("name", pa.string()), ("entity_id", pa.string())])
EXCEPTIONS = pa.schema([("article_id", pa.string()), *NAMES])
_BATCH = 10_000
BLOCK = 50_000  # entities described at a time
PREFIXES = 1 << 16  # of an id, four digits


@dataclass(frozen=True, slots=True)
class Identity:
    """What ``resolve`` found: NAMES and EXCEPTIONS, which give the entity of every appearance, and the table entities.

    A name under a label means one entity, except in the articles that EXCEPTIONS lists. Rows are sorted by their keys.
    """

    names: pa.Table
    exceptions: pa.Table
    entities: pa.Table


def describe(
    connection: duckdb.DuckDBPyConnection,
    nodes: Sequence[Node],
    clusters: Clusters,
    position: Positions,
    shown: Mapping[int, str],
) -> Identity:
    """The tables for the clusters; ``position`` gives a whole node's by label and form, ``shown`` the name to show."""
    sets = _Sets(nodes, clusters, position)
    sets.read_forms(evidence.printed_forms(connection))
    for k, name in shown.items():
        sets.shown[clusters.root(k)] = name
    node_ids = pa.Table.from_batches(_batches(sets.node_ids(), _NODE_IDS), _NODE_IDS)
    connection.register("all_node_ids", node_ids)
    names = connection.sql("SELECT label, name, entity_id FROM all_node_ids WHERE part = '' ORDER BY ALL")
    names_table = names.to_arrow_table().cast(NAMES)
    connection.register("names", names_table)
    exceptions = connection.sql(
        """
        SELECT article_id, label, name, entity_id
        FROM exceptions JOIN all_node_ids USING (label, name, part) ORDER BY ALL
        """
    )
    exceptions_table = exceptions.to_arrow_table().cast(EXCEPTIONS)
    return Identity(names_table, exceptions_table, _entities(connection, sets))


def _entities(connection: duckdb.DuckDBPyConnection, sets: _Sets) -> pa.Table:
    """The table entities, made block by block in the order of ids, so that DuckDB gathers only so many at once."""
    blocks = sets.blocks()
    made = [ENTITIES.schema.empty_table()]
    for number, roots in enumerate(blocks):
        described = pa.Table.from_batches(_batches(sets.described(roots), _DESCRIBED), _DESCRIBED)
        connection.register("described", described)
        bounds = [_bound(number, len(blocks)), _bound(number + 1, len(blocks))]
        found = connection.sql(_ENTITIES, params=bounds).to_arrow_table()
        made.append(found.cast(ENTITIES.schema))
    return pa.concat_tables(made)


def _bound(number: int, n_blocks: int) -> str:
    """What the first id of a block, or an id before it, begins with; `g` behind all."""
    return f"{-(-number * PREFIXES // n_blocks):04x}" if number < n_blocks else "g"


_ENTITIES = """
    WITH node_ids AS (FROM all_node_ids WHERE entity_id >= $1 AND entity_id < $2), assigned AS (
        SELECT entity_id, article_id, published_on, n_mentions, n_quotes, roles
        FROM appearances LEFT JOIN exceptions x USING (article_id, label, name)
        JOIN node_ids n ON n.label = appearances.label AND n.name = appearances.name AND n.part = coalesce(x.part, '')
    ),
    counted AS (
        SELECT entity_id, count(DISTINCT article_id) AS n_articles, sum(n_mentions)::BIGINT AS n_mentions,
               sum(n_quotes)::BIGINT AS n_quotes, min(published_on) AS first_seen_on, max(published_on) AS last_seen_on
        FROM assigned GROUP BY entity_id
    ),
    held AS (
        SELECT entity_id, mode(role ORDER BY role) AS role, count(DISTINCT article_id) AS n,
               min(published_on) AS first_on, max(published_on) AS last_on
        FROM (SELECT entity_id, article_id, published_on, unnest(roles) AS role FROM assigned)
        GROUP BY entity_id, regexp_replace(lower(replace(role, '’', '''')), '^(the|a|an) ', '')
    ),
    listed AS (
        SELECT entity_id,
               list({'role': role, 'n': n, 'first_on': first_on, 'last_on': last_on} ORDER BY n DESC, role) AS roles
        FROM held GROUP BY entity_id
    )
    SELECT entity_id, name, label, aliases, alias_ids, coalesce(roles, []) AS roles, n_articles, n_mentions, n_quotes,
           first_seen_on, last_seen_on, wikidata_id
    FROM described JOIN counted USING (entity_id) LEFT JOIN listed USING (entity_id) ORDER BY entity_id
"""


def _is_weak(node: Node) -> bool:
    """Whether the form may mean another when the lake has grown, so that its id should not be an entity's."""
    return bool(letters_of(node.name)) if node.person is None else node.person.is_weak


def _strong(nodes: Sequence[Node], members: Sequence[int]) -> list[int]:
    """The members whose form is no surname by itself, initial or acronym, else all; oldest first."""
    return sorted(k for k in members if not _is_weak(nodes[k])) or sorted(members)


def _name(nodes: Sequence[Node], members: Sequence[int]) -> str:
    """The most frequent of the full names; of equally frequent ones the longest."""
    strong = _strong(nodes, members)
    best = min(
        strong, key=lambda k: (-nodes[k].n_articles, nodes[k].name.isupper(), -len(nodes[k].name), nodes[k].name)
    )
    return nodes[best].name


class _Sets:
    """What there is to say of each set of nodes; ``shown`` has names to show by root."""

    def __init__(self, nodes: Sequence[Node], clusters: Clusters, position: Positions) -> None:
        self._nodes, self._clusters, self._position = nodes, clusters, position
        self._forms: dict[int, dict[str, int]] = {}  # printed beside the nodes' own names, by root
        self._ids: dict[int, str] = {}  # of sets of several
        self.shown: dict[int, str] = {}

    def read_forms(self, printed: Iterable[Mapping[str, Any]]) -> None:
        """Takes in the rows of printed_forms."""
        for row in printed:
            k = self._position[row["label"], fold(row["name"])]
            if is_alias(row["form"], self._nodes[k]):
                counts = self._forms.setdefault(self._clusters.root(k), {})
                counts[row["form"]] = counts.get(row["form"], 0) + row["n"]

    def node_ids(self) -> Iterator[dict[str, Any]]:
        """Label, name, part and entity_id of every name."""
        for k, node in enumerate(self._nodes):
            entity_id = self._id(self._clusters.root(k))
            for name in node.names:
                yield {"label": node.label, "name": name, "part": node.part, "entity_id": entity_id}

    def blocks(self) -> list[array[int]]:
        """The roots, by block of the ids of their entities."""
        roots = [k for k in range(len(self._nodes)) if self._clusters.root(k) == k]
        found = [array("I") for _ in range(1 + len(roots) // BLOCK)]
        for root in roots:
            found[int(self._id(root)[:4], 16) * len(found) // PREFIXES].append(root)
        return found

    def described(self, roots: Iterable[int]) -> Iterator[dict[str, Any]]:
        """What the names say of each of some entities."""
        for root in roots:
            members = self._clusters.members(root)
            label, name = self._nodes[root].label, self.shown.get(root, _name(self._nodes, members))
            aliases, entity_id = self._aliases(root), self._id(root)
            listed = sorted(aliases, key=lambda alias: (-aliases[alias], alias))
            own = {self._nodes[k].id for k in members}
            printed = {
                form_id(label, form) for alias in listed if self._owners.get((label, form := fold(alias))) == root
            }
            yield {
                "entity_id": entity_id,
                "name": name,
                "label": label,
                "aliases": listed if name in aliases else [name, *listed],
                "alias_ids": sorted((own | printed) - {entity_id}),
                "wikidata_id": self._clusters.marks(root).get(KNOWN),
            }

    def _id(self, root: int) -> str:
        members = self._clusters.members(root)
        if len(members) == 1:
            return self._nodes[root].id
        if root not in self._ids:
            self._ids[root] = self._nodes[_strong(self._nodes, members)[0]].id
        return self._ids[root]

    def _aliases(self, root: int) -> dict[str, int]:
        """The ways in which the names of a set are printed, with their number of articles."""
        counts: dict[str, int] = {}
        for named in (*(self._nodes[k].names for k in self._clusters.members(root)), self._forms.get(root, {})):
            for name, n in named.items():
                counts[name] = counts.get(name, 0) + n
        return counts

    @cached_property
    def _owners(self) -> dict[tuple[str, str], int]:
        """The one set for which a form is printed that is no name of its own; -1 where there are several."""
        split = {(node.label, node.form) for node in self._nodes if node.part}
        found: dict[tuple[str, str], int] = {}
        for root, forms in self._forms.items():
            for key in {(self._nodes[root].label, fold(alias)) for alias in forms}:
                if key not in self._position and key not in split:
                    found[key] = -1 if key in found else root
        return found


def _batches(rows: Iterable[dict[str, Any]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    rows = iter(rows)
    while some := list(islice(rows, _BATCH)):
        yield pa.RecordBatch.from_pylist(some, schema)


_NODE_IDS = pa.schema([(name, pa.string()) for name in ("label", "name", "part", "entity_id")])
_DESCRIBED = pa.schema(
    [ENTITIES.schema.field(n) for n in ("entity_id", "name", "label", "aliases", "alias_ids", "wikidata_id")]
)
