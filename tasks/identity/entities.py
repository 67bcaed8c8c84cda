"""The tables that come out: the entity of every name, and the entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from schemas.tables import ENTITIES
from tasks.identity.bodies import letters_of
from tasks.identity.clusters import KNOWN, Clusters, Node
from tasks.identity.corrections import Corrections
from tasks.identity.forms import form_id
from tasks.identity.known import Known
from tasks.identity.nodes import nodes_of, shown
from tasks.identity.rows import fetched, selected, to_table

BLOCK = 50_000  # entities described at a time
PREFIXES = 1 << 16  # of an id, four digits


@dataclass(frozen=True, slots=True)
class Identity:
    """What ``resolve`` found: names and exceptions, which give the entity of every appearance, and the table entities.

    A name under a label means one entity, except in the articles that exceptions lists, by article_id, label, name and
    entity_id. Exceptions and entities are sorted by their keys; ``names`` has label, name, form and entity_id.
    """

    names: pa.Table
    exceptions: pa.Table
    entities: pa.Table

    @classmethod
    def of(cls, known: Known) -> Identity:
        """Of all that is known of the names."""
        names = known.names.select(["label", "name", "form", "entity_id"])
        if known.parts.num_rows:
            names = names.filter(pc.equal(known.names["part"], ""))
        return cls(names, known.parts.drop(["part"]), known.entities)


def find_owners(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the table ``owners``: the one entity for which a form is printed that is no name of its own."""
    connection.execute(
        """
        CREATE TABLE owners AS
            SELECT label, alias AS form, any_value(entity_id) AS entity_id
            FROM (FROM printed WHERE alias IS NOT NULL) p
            JOIN (FROM names WHERE part = '') n USING (label, name)
            ANTI JOIN names own ON own.label = p.label AND own.form = p.alias
            GROUP BY ALL HAVING count(DISTINCT entity_id) = 1
        """
    )


def describe(connection: duckdb.DuckDBPyConnection, corrections: Corrections) -> Iterator[pa.RecordBatch]:
    """The rows of the table entities, of those in ``described``, block by block in the order of ids."""
    ((n_entities,),) = fetched(connection, "SELECT count(*) FROM described")
    n_blocks = 1 + n_entities // BLOCK
    for number in range(n_blocks):
        connection.execute(_TOLD_NAMES, [_bound(number, n_blocks), _bound(number + 1, n_blocks)])
        connection.register("told", to_table(_described(connection, corrections), _TOLD))
        yield from selected(connection, _ENTITIES, ENTITIES.schema)


def _described(connection: duckdb.DuckDBPyConnection, corrections: Corrections) -> Iterator[tuple[object, ...]]:
    """What the names in ``told_names`` say of their entities."""
    names = nodes_of(connection, "told_names")
    to_show, printed, owned = shown(names, corrections), _printed(connection), _owned(connection)
    sets: dict[str, list[Node]] = {}
    for node in names.nodes:
        sets.setdefault(node.entity_id, []).append(node)
    for entity_id, members in sets.items():
        yield _told(members, to_show.get(entity_id), printed.get(entity_id, {}), owned.get(entity_id, ()))


def _printed(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """The aliases of entities that are printed beside their names, with their number of articles."""
    found: dict[str, dict[str, int]] = {}
    query = """
        SELECT entity_id, printed, sum(n)::BIGINT FROM printed
        JOIN (FROM told_names WHERE part = '') USING (label, name) WHERE alias IS NOT NULL GROUP BY ALL
    """
    for entity_id, printed, n in fetched(connection, query):
        found.setdefault(entity_id, {})[printed] = n
    return found


def _owned(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The ids of the forms that only one entity has."""
    found: dict[str, list[str]] = {}
    for label, form, entity_id in fetched(connection, "FROM owners SEMI JOIN told_names USING (entity_id)"):
        found.setdefault(entity_id, []).append(form_id(label, form))
    return found


def _told(
    members: Sequence[Node], to_show: str | None, printed: Mapping[str, int], owned: Iterable[str]
) -> tuple[object, ...]:
    """What the names of an entity, oldest first, say of it."""
    entity_id = members[0].entity_id
    counts = dict(printed)
    for node in members:
        for name, n in node.names.items():
            counts[name] = counts.get(name, 0) + n
    aliases = sorted(counts, key=lambda alias: (-counts[alias], alias))
    name = to_show or _name(members)
    alias_ids = {node.id for node in members}.union(owned) - {entity_id}
    listed = aliases if name in counts else [name, *aliases]
    return entity_id, name, members[0].label, listed, sorted(alias_ids), members[0].record


def _bound(number: int, n_blocks: int) -> str:
    """What the first id of a block, or an id before it, begins with; `g` behind all."""
    return f"{-(-number * PREFIXES // n_blocks):04x}" if number < n_blocks else "g"


def put_together(
    connection: duckdb.DuckDBPyConnection, before: pa.Table, described: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """The table entities, of those that are described and of those that were before and are not concerned."""
    if not before.num_rows:
        return described
    connection.register("described_anew", pa.Table.from_batches(described, ENTITIES.schema))
    return selected(connection, _PUT_TOGETHER, ENTITIES.schema)


_TOLD_NAMES = """
    CREATE OR REPLACE TABLE told_names AS
        FROM names SEMI JOIN described USING (entity_id) WHERE entity_id >= $1 AND entity_id < $2
"""

_ENTITIES = """
    WITH assigned AS (
        SELECT entity_id, article_id, published_on, n_mentions, n_quotes, roles
        FROM appearances LEFT JOIN parts_after x USING (article_id, label, name)
        JOIN told_names n ON n.label = appearances.label AND n.name = appearances.name AND n.part = coalesce(x.part, '')
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
    FROM told JOIN counted USING (entity_id) LEFT JOIN listed USING (entity_id) ORDER BY entity_id
"""


_PUT_TOGETHER = """
    WITH concerned AS (
        SELECT entity_id FROM known_names SEMI JOIN affected USING (label, name)
        UNION SELECT entity_id FROM known_names SEMI JOIN looked_at USING (label, name, part)
        UNION FROM described
    )
    FROM (FROM known_entities ANTI JOIN concerned USING (entity_id) UNION ALL BY NAME FROM described_anew)
    ORDER BY entity_id
"""


def _is_weak(node: Node) -> bool:
    """Whether the form may mean another when the lake has grown, so that its id should not be an entity's."""
    return bool(letters_of(node.name)) if node.person is None else node.person.is_weak


def find_entities(nodes: Sequence[Node], clusters: Clusters) -> None:
    """Sets the entity of nodes, each set one, and its record of the knowledge base."""
    for positions in clusters.sets():
        members = [nodes[k] for k in positions]
        entity_id = members[0].id if len(members) == 1 else _strong(members)[0].id
        record = clusters.marks(positions[0]).get(KNOWN)
        assert record is None or isinstance(record, str)
        for node in members:
            node.entity_id, node.record = entity_id, record


def _strong(members: Sequence[Node]) -> Sequence[Node]:
    """The members whose form is no surname by itself, initial or acronym, else all; oldest first."""
    return [node for node in members if not _is_weak(node)] or members


def _name(members: Sequence[Node]) -> str:
    """The most frequent of the full names; of equally frequent ones the longest."""
    best = min(_strong(members), key=lambda node: (-node.n_articles, node.name.isupper(), -len(node.name), node.name))
    return best.name


_TOLD = pa.schema(
    [ENTITIES.schema.field(n) for n in ("entity_id", "name", "label", "aliases", "alias_ids", "wikidata_id")]
)
