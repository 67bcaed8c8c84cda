"""Identity across articles: from names by article to entities, by fixed rules over all of them at once.

The result depends on the set of appearances, the corrections and the knowledge base alone, not on their order or on
earlier results. Where those are known, only names that can have changed are resolved again, with the same result:

1. the names whose appearances changed, and all that their spelling can join them with (tasks.identity.facts), become
   groups, as they would among all names of the lake;
2. words by themselves and acronyms of the whole lake are given to groups by what articles print (tasks.identity.words);
3. entities are made of the groups of 1, of those that a word came to or left, and of those whose aliases changed.

Python holds the names of a block at a time (tasks.identity.blocks), whatever is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from schemas.tables import ENTITIES
from tasks.identity import evidence
from tasks.identity.blocks import in_blocks
from tasks.identity.bodies import body_keys
from tasks.identity.clusters import Clusters
from tasks.identity.corrections import Corrections
from tasks.identity.entities import Identity, describe, find_entities, find_owners, put_together
from tasks.identity.facts import FACTS
from tasks.identity.forms import fold
from tasks.identity.groups import group, learn, records_of, split
from tasks.identity.knowledge import KnowledgeBase
from tasks.identity.known import BESIDE, NAMES, OWNERS, PARTS, PRINTED, Known, read_known, write
from tasks.identity.nodes import correct, mark_records, nodes_of
from tasks.identity.people import agree, parse_person
from tasks.identity.rows import fetched, insert, selected, to_table
from tasks.identity.spelling import given_key, given_names, surname_key
from tasks.identity.words import choose, count_beside


def resolve(
    appearances: evidence.Appearances,
    settings: Corrections | None = None,
    knowledge: KnowledgeBase | None = None,
    memory_limit: str = "512MB",
) -> Identity:
    """The entities of all appearances (see APPEARANCES), and the entity of each.

    Rules never merge names of two labels. Corrections count first, then the knowledge base, then spelling, then what
    articles print for a name. DuckDB works within ``memory_limit``. Raises CorrectionsError where corrections
    contradict each other, KnowledgeError where the file is of no use.
    """
    with TemporaryDirectory() as folder, evidence.opened(appearances, memory_limit) as connection:
        resolve_anew(connection, settings or Corrections(), knowledge, Path(folder))
        found = Identity.of(read_known(Path(folder)))
        return replace(found, names=found.names.sort_by([("label", "ascending"), ("name", "ascending")]))


def resolve_anew(
    connection: duckdb.DuckDBPyConnection, corrections: Corrections, knowledge: KnowledgeBase | None, after: Path
) -> None:
    """Finds the entities of all appearances of a connection that is ``opened``; writes what is known of the names then
    into the folder ``after``.
    """
    connection.execute("CREATE TABLE touched AS SELECT DISTINCT label, name FROM everywhere")
    resolve_changes(connection, corrections, knowledge, read_known(None), after)


def resolve_changes(
    connection: duckdb.DuckDBPyConnection,
    corrections: Corrections,
    knowledge: KnowledgeBase | None,
    known: Known,
    after: Path,
) -> None:
    """The same, where the names in the table ``touched`` are all that do not appear as they did.

    What was known then, of the same corrections and knowledge base, is ``known``.
    """
    known.register(connection)
    try:
        learn(connection, known, corrections, knowledge, after)
        split(connection, corrections)
        group(connection, corrections, knowledge is not None)
        count_beside(connection)
        choose(connection)
        _unite(connection, corrections, knowledge is not None)
        _settle(connection)
        if not known.is_nothing:
            evidence.gather_more(connection, "names SEMI JOIN described USING (entity_id)")
        entities = put_together(connection, known.entities, describe(connection, corrections))
        write(after, "entities", ENTITIES.schema, entities)
    finally:
        _clear_caches()
    for name, (schema, query) in _KEPT.items():
        write(after, name, schema, selected(connection, query, schema))
    if any(fetched(connection, "FROM affected ANTI JOIN new_names USING (label, name) LIMIT 1")):  # are gone
        left = selected(connection, "FROM facts SEMI JOIN names USING (label, name)", FACTS)
        write(after, "facts", FACTS, left)


_KEPT = {
    "names": (NAMES, "FROM names"),
    "printed": (PRINTED, "FROM printed"),
    "beside": (BESIDE, "FROM beside"),
    "owners": (OWNERS, "FROM owners"),
    "parts": (PARTS, "FROM parts_after JOIN names USING (label, name, part) ORDER BY article_id, label, name"),
}


def _clear_caches() -> None:
    """Forgets what was worked out of names: a few here and there would hold on to all the memory around them."""
    for cached in (fold, parse_person, body_keys, agree, surname_key, given_key, given_names):
        cached.cache_clear()


_SETTLED = pa.schema([NAMES.field(name) for name in ("label", "name", "part", "target", "record", "entity_id")])


def _unite(connection: duckdb.DuckDBPyConnection, corrections: Corrections, has_records: bool) -> None:
    """Gives words to groups where one came or left. Makes the table ``looked_at`` of the names of these groups."""
    _look_for_groups(connection)
    connection.execute(f"CREATE TABLE looked_at AS SELECT {', '.join(_SETTLED.names)} FROM names LIMIT 0")
    for (block,) in [*fetched(connection, "SELECT DISTINCT block FROM groups ORDER BY block")]:
        united = _united(connection, block, corrections, has_records)
        insert(connection, "looked_at", to_table(united, _SETTLED))


def _united(
    connection: duckdb.DuckDBPyConnection, block: int, corrections: Corrections, has_records: bool
) -> Iterator[tuple[object, ...]]:
    """The rows of ``looked_at`` of a block of groups."""
    some = f"SEMI JOIN (FROM groups WHERE block = {block}) USING (group_id)"
    names = nodes_of(connection, f"names {some}")
    chosen = f"SELECT label, form, target FROM words {some} WHERE target IS NOT NULL"
    targets = {(label, form, ""): target for label, form, target in fetched(connection, chosen)}
    clusters = Clusters(names.nodes)
    correct(names, clusters, corrections)
    if has_records:
        mark_records(names.nodes, clusters, records_of(connection, f"(FROM names {some})"))
    first_of: dict[str, int] = {}
    for k, node in enumerate(names.nodes):
        clusters.merge(first_of.setdefault(node.group_id, k), k, by_order=True)
    for k, node in enumerate(names.nodes):
        if target := targets.get((node.label, node.form, node.part)):
            clusters.merge(first_of[target], k)
    find_entities(names.nodes, clusters)
    for node in names.nodes:
        for name in node.names:
            target = targets.get((node.label, node.form, node.part))
            yield node.label, name, node.part, target, node.record, node.entity_id


def _look_for_groups(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the table ``groups``, of those whose entity may be another for their words. Those that these join, straight
    or through others, are in one block of it.
    """
    bonds = connection.sql(
        """
        WITH found AS (
            SELECT unnest([o.group_id, o.target, n.group_id, n.target]) AS id
            FROM (SELECT DISTINCT label, form, group_id, target FROM known_names WHERE word IS NOT NULL) o
            FULL JOIN words n USING (label, form) WHERE o.target IS DISTINCT FROM n.target
        ),
        changed AS (SELECT DISTINCT id FROM found WHERE id IS NOT NULL),
        joined AS (
            SELECT [group_id, target] AS keys FROM words WHERE target IS NOT NULL
            UNION SELECT [id] FROM changed
        ),
        starts AS (FROM changed UNION SELECT group_id FROM new_names)
        SELECT keys, keys[1] IN (FROM starts) OR keys[-1] IN (FROM starts) AS is_start, keys AS ids
        FROM joined
        """
    )
    connection.register("bonds", in_blocks(bonds.to_arrow_table()))
    connection.execute("CREATE TABLE groups AS SELECT DISTINCT unnest(ids) AS group_id, block FROM bonds")


def _settle(connection: duckdb.DuckDBPyConnection) -> None:
    """Completes ``names``. Makes ``owners``, and ``described``, of the entities to describe."""
    connection.execute(
        """
        UPDATE names SET target = l.target, record = l.record, entity_id = l.entity_id
        FROM looked_at l WHERE names.label = l.label AND names.name = l.name AND names.part = l.part
        """
    )
    find_owners(connection)
    connection.execute(
        """
        CREATE TABLE described AS
            SELECT entity_id FROM names SEMI JOIN new_names USING (label, name)
            UNION SELECT entity_id FROM looked_at
            UNION SELECT entity_id
            FROM ((FROM owners EXCEPT FROM known_owners) UNION ALL (FROM known_owners EXCEPT FROM owners))
            SEMI JOIN names USING (entity_id)
        """
    )
