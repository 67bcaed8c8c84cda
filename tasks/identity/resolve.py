"""Identity across articles: from names by article to entities, by fixed rules over all of them at once.

The result depends on the set of appearances, the corrections and the knowledge base alone, not on their order or on
earlier results. Where those are known, only names that can have changed are resolved again, with the same result:

1. the names whose appearances changed, and all that their spelling can join them with (tasks.identity.facts), become
   groups, as they would among all names of the lake;
2. words by themselves and acronyms of the whole lake are given to groups by what articles print (tasks.identity.words);
3. entities are made of the groups of 1, of those that a word came to or left, and of those whose aliases changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import duckdb
import pyarrow as pa

from tasks.identity import evidence
from tasks.identity.bodies import body_keys
from tasks.identity.clusters import KNOWN, Clusters, Node
from tasks.identity.corrections import Corrections
from tasks.identity.entities import Identity, describe, entity_id_of, exceptions_of, find_owners, put_together
from tasks.identity.facts import reached
from tasks.identity.forms import fold
from tasks.identity.groups import group, learn, records_of, split
from tasks.identity.knowledge import KnowledgeBase
from tasks.identity.known import NAMES, Known, read_known
from tasks.identity.nodes import Nodes, correct, mark_records, ordered, read_nodes
from tasks.identity.people import agree, parse_person
from tasks.identity.rows import fetched, to_table
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
    articles print for a name. Python holds the distinct names, DuckDB the rest within ``memory_limit``. Raises
    CorrectionsError where corrections contradict each other, KnowledgeError where the file is of no use.
    """
    with evidence.opened(appearances, memory_limit) as connection:
        found, _ = resolve_anew(connection, settings or Corrections(), knowledge)
        return replace(found, names=found.names.sort_by([("label", "ascending"), ("name", "ascending")]))


def resolve_anew(
    connection: duckdb.DuckDBPyConnection, corrections: Corrections, knowledge: KnowledgeBase | None
) -> tuple[Identity, Known]:
    """The entities of all appearances of a connection that is ``opened``, and what is known of the names then."""
    connection.execute("CREATE TABLE touched AS SELECT DISTINCT label, name FROM everywhere")
    return resolve_changes(connection, corrections, knowledge, read_known(None))


def resolve_changes(
    connection: duckdb.DuckDBPyConnection,
    corrections: Corrections,
    knowledge: KnowledgeBase | None,
    known: Known,
) -> tuple[Identity, Known]:
    """The same, where the names in the table ``touched`` are all that do not appear as they did.

    What was known then, of the same corrections and knowledge base, is ``known``.
    """
    known.register(connection)
    with _caches():
        facts = learn(connection, known, corrections, knowledge)
        split(connection, corrections)
        records = records_of(connection, "affected") if knowledge else {}
        groups = group(connection, corrections, records)
        _clear_caches()
        count_beside(connection)
        choose(connection)
        nodes = _unite(connection, groups, corrections, knowledge is not None)
        _settle(connection)
        if not known.is_nothing:
            evidence.gather_more(connection, "names SEMI JOIN described USING (entity_id)")
        described = describe(connection, [nodes, _beside(connection)], corrections)
        del groups, nodes  # a lake of them, before its tables are made
    identity = Identity(
        connection.sql("SELECT label, name, form, entity_id FROM names WHERE part = ''").to_arrow_table(),
        exceptions_of(connection),
        put_together(connection, known.entities, described),
    )
    return identity, _known(connection, facts, identity.entities)


@contextmanager
def _caches() -> Iterator[None]:
    """Empties the caches of names in the end: a few names here and there hold on to all the memory around them."""
    try:
        yield
    finally:
        _clear_caches()


def _clear_caches() -> None:
    for cached in (fold, parse_person, body_keys, agree, surname_key, given_key, given_names):
        cached.cache_clear()


_SETTLED = pa.schema([NAMES.field(name) for name in ("label", "name", "part", "target", "record", "entity_id")])


def _unite(
    connection: duckdb.DuckDBPyConnection, nodes: list[Node], corrections: Corrections, has_records: bool
) -> Nodes:
    """Gives words to the groups of the nodes, and of all others where one came or left: the names of these entities.

    Makes the table ``looked_at`` of them.
    """
    connection.register("groups", pa.table({"group_id": _groups_to_look_at(connection)}))
    beside = read_nodes(
        fetched(
            connection,
            """
            SELECT label, name, part, n_articles, first_on, group_id FROM names SEMI JOIN groups USING (group_id)
            ANTI JOIN affected USING (label, name) ORDER BY label, name, part
            """,
        )
    )
    names = ordered([*nodes, *beside])
    chosen = "SELECT label, form, target FROM words SEMI JOIN groups USING (group_id) WHERE target IS NOT NULL"
    targets = {(label, form, ""): target for label, form, target in fetched(connection, chosen)}
    clusters = Clusters(names.nodes)
    correct(names, clusters, corrections)
    if has_records:
        mark_records(names.nodes, clusters, records_of(connection, "(FROM names SEMI JOIN groups USING (group_id))"))
    first_of: dict[str, int] = {}
    for k, node in enumerate(names.nodes):
        clusters.merge(first_of.setdefault(node.group_id, k), k, by_order=True)
    for k, node in enumerate(names.nodes):
        if target := targets.get((node.label, node.form, node.part)):
            clusters.merge(first_of[target], k)
    for k in range(len(names.nodes)):
        if clusters.root(k) == k:
            members = [names.nodes[m] for m in sorted(clusters.members(k))]
            entity_id, record = entity_id_of(members), clusters.marks(k).get(KNOWN)
            assert record is None or isinstance(record, str)
            for node in members:
                node.entity_id, node.record = entity_id, record
    rows = (
        (node.label, name, node.part, targets.get((node.label, node.form, node.part)), node.record, node.entity_id)
        for node in names.nodes
        for name in node.names
    )
    connection.register("looked_at", to_table(rows, _SETTLED))
    return names


def _groups_to_look_at(connection: duckdb.DuckDBPyConnection) -> pa.Array:
    """The ids of all groups whose entity may not be what it was."""
    start = connection.sql(
        """
        SELECT group_id FROM new_names
        UNION SELECT unnest([o.group_id, o.target, n.group_id, n.target])
        FROM (SELECT DISTINCT label, form, group_id, target FROM known_names WHERE word IS NOT NULL) o
        FULL JOIN words n USING (label, form) WHERE o.target IS DISTINCT FROM n.target
        """
    )
    links = connection.sql("SELECT [group_id, target] AS ends FROM words WHERE target IS NOT NULL")
    ends = links.to_arrow_table()["ends"]
    return reached(ends, start.to_arrow_table()["group_id"].combine_chunks())


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
            SELECT entity_id FROM looked_at
            UNION SELECT entity_id
            FROM ((FROM owners EXCEPT FROM known_owners) UNION ALL (FROM known_owners EXCEPT FROM owners))
            SEMI JOIN names USING (entity_id)
        """
    )


def _beside(connection: duckdb.DuckDBPyConnection) -> Nodes:
    """The names of the entities to describe that nothing else has changed than what their aliases are."""
    return ordered(
        read_nodes(
            fetched(
                connection,
                """
                SELECT label, name, part, n_articles, first_on, group_id, record, entity_id
                FROM names SEMI JOIN described USING (entity_id) ANTI JOIN looked_at USING (entity_id)
                ORDER BY label, name, part
                """,
            )
        )
    )


def _known(connection: duckdb.DuckDBPyConnection, facts: pa.Table, entities: pa.Table) -> Known:
    if any(fetched(connection, "FROM affected ANTI JOIN new_names USING (label, name) LIMIT 1")):  # are gone
        facts = connection.sql("FROM facts SEMI JOIN names USING (label, name)").to_arrow_table()
    names, printed, beside, owners, parts = (
        connection.table(name).to_arrow_table() for name in ("names", "printed", "beside", "owners", "parts_after")
    )
    return Known(facts, names, printed, beside, owners, parts, entities)
