"""The tables that come out: the entity of every name, and the entities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from schemas.tables import ENTITIES
from tasks.identity import evidence
from tasks.identity.bodies import letters_of
from tasks.identity.clusters import KNOWN, Clusters, Node
from tasks.identity.forms import fold, form_id
from tasks.identity.printed import is_alias

NAMES = pa.schema([("label", pa.string()), ("name", pa.string()), ("entity_id", pa.string())])
EXCEPTIONS = pa.schema([("article_id", pa.string()), *NAMES])
_BATCH = 10_000


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
    position: Mapping[tuple[str, str], int],
    shown: Mapping[int, str],
) -> Identity:
    """The tables for the clusters; ``position`` gives a whole node's by label and form, ``shown`` the name to show."""
    ids = {k: _entity_id(nodes, clusters.members(k)) for k in range(len(nodes)) if clusters.root(k) == k}
    aliases = _aliases(connection, nodes, clusters, position)
    new_names: dict[int, str] = {clusters.root(k): name for k, name in shown.items()}
    _register(connection, "node_ids", _node_ids(nodes, clusters, ids), ["label", "name", "part", "entity_id"])
    names = connection.sql("SELECT label, name, entity_id FROM node_ids WHERE part = '' ORDER BY ALL")
    names_table = names.to_arrow_table().cast(NAMES)
    connection.register("names", names_table)
    exceptions = connection.sql(
        "SELECT article_id, label, name, entity_id FROM exceptions JOIN node_ids USING (label, name, part) ORDER BY ALL"
    )
    exceptions_table = exceptions.to_arrow_table().cast(EXCEPTIONS)
    described = pa.Table.from_batches(
        _described(nodes, clusters, ids, aliases, new_names),
        _DESCRIBED,
    )
    connection.register("described", described)
    entities = connection.sql(_ENTITIES).to_arrow_table().cast(ENTITIES.schema)
    return Identity(names_table, exceptions_table, entities)


_ENTITIES = """
    WITH assigned AS (
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


def _entity_id(nodes: Sequence[Node], members: Sequence[int]) -> str:
    return nodes[_strong(nodes, members)[0]].id


def _name(nodes: Sequence[Node], members: Sequence[int]) -> str:
    """The most frequent of the full names; of equally frequent ones the longest."""
    strong = _strong(nodes, members)
    best = min(
        strong, key=lambda k: (-nodes[k].n_articles, nodes[k].name.isupper(), -len(nodes[k].name), nodes[k].name)
    )
    return nodes[best].name


def _aliases(
    connection: duckdb.DuckDBPyConnection,
    nodes: Sequence[Node],
    clusters: Clusters,
    position: Mapping[tuple[str, str], int],
) -> dict[int, dict[str, int]]:
    """The ways in which each cluster's names are printed, with their number of articles."""
    found: dict[int, dict[str, int]] = {}
    for k, node in enumerate(nodes):
        counts = found.setdefault(clusters.root(k), {})
        for name, n in node.names.items():
            counts[name] = counts.get(name, 0) + n
    for row in evidence.printed_forms(connection):
        k = position[row["label"], fold(row["name"])]
        if is_alias(row["form"], nodes[k]):
            counts = found[clusters.root(k)]
            counts[row["form"]] = counts.get(row["form"], 0) + row["n"]
    return found


def _node_ids(nodes: Sequence[Node], clusters: Clusters, ids: Mapping[int, str]) -> Iterator[tuple[str, str, str, str]]:
    for k, node in enumerate(nodes):
        for name in node.names:
            yield node.label, name, node.part, ids[clusters.root(k)]


def _described(
    nodes: Sequence[Node],
    clusters: Clusters,
    ids: Mapping[int, str],
    aliases: Mapping[int, Mapping[str, int]],
    new_names: Mapping[int, str],
) -> Iterator[pa.RecordBatch]:
    owners = _owners(nodes, ids, aliases)
    rows: list[dict[str, Any]] = []
    for root, entity_id in ids.items():
        members = clusters.members(root)
        label, name = nodes[root].label, new_names.get(root, _name(nodes, members))
        listed = sorted(aliases[root], key=lambda alias: (-aliases[root][alias], alias))
        own = {nodes[k].id for k in members}
        printed = {form_id(label, form) for alias in listed if owners.get((label, form := fold(alias))) == root}
        rows.append(
            {
                "entity_id": entity_id,
                "name": name,
                "label": label,
                "aliases": listed if name in aliases[root] else [name, *listed],
                "alias_ids": sorted((own | printed) - {entity_id}),
                "wikidata_id": clusters.marks(root).get(KNOWN),
            }
        )
        if len(rows) == _BATCH:
            yield pa.RecordBatch.from_pylist(rows, _DESCRIBED)
            rows = []
    yield pa.RecordBatch.from_pylist(rows, _DESCRIBED)


_DESCRIBED = pa.schema(
    [ENTITIES.schema.field(n) for n in ("entity_id", "name", "label", "aliases", "alias_ids", "wikidata_id")]
)


def _owners(
    nodes: Sequence[Node], ids: Mapping[int, str], aliases: Mapping[int, Mapping[str, int]]
) -> dict[tuple[str, str], int]:
    """The one cluster for which a form is printed that is no name of its own; -1 where there are several."""
    taken = {(node.label, node.form) for node in nodes}
    found: dict[tuple[str, str], int] = {}
    for root in ids:
        for key in {(nodes[root].label, fold(alias)) for alias in aliases[root]} - taken:
            found[key] = -1 if key in found else root
    return found


def _register(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Iterator[tuple[str, ...]], columns: list[str]
) -> None:
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    connection.register(name, pa.table([pa.array(v, pa.string()) for v in values], names=columns))
