"""The names that can have changed, and the groups in which they are one before words are given to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import duckdb
import pyarrow as pa

from tasks.identity import evidence
from tasks.identity.bodies import letters_of
from tasks.identity.clusters import Clusters, Node
from tasks.identity.corrections import Corrections
from tasks.identity.facts import facts_of, has_any, reached
from tasks.identity.forms import fold
from tasks.identity.knowledge import KnowledgeBase
from tasks.identity.known import NAMES, PRINTED, Known
from tasks.identity.merging import merge_by_spelling
from tasks.identity.nodes import Records, correct, merge_records, ordered, read_nodes
from tasks.identity.people import gender_of
from tasks.identity.printed import FullNames, merge_full_names, read_printed
from tasks.identity.rows import fetched, to_table
from tasks.identity.suffixes import merge_suffixes


def learn(
    connection: duckdb.DuckDBPyConnection, known: Known, corrections: Corrections, knowledge: KnowledgeBase | None
) -> pa.Table:
    """The FACTS of all names. Makes the table ``affected`` of the names to resolve, and gathers their appearances."""
    new = fetched(connection, "SELECT label, name FROM touched ANTI JOIN known_facts USING (label, name) ORDER BY ALL")
    facts = pa.concat_tables([known.facts, facts_of([*new], corrections, knowledge)])
    connection.register("facts", facts)
    affected = facts
    if not known.is_nothing:
        start = connection.sql("SELECT unnest(keys) AS key FROM facts SEMI JOIN touched USING (label, name)")
        keys = reached(facts["keys"], start.to_arrow_table()["key"].combine_chunks())
        affected = facts.filter(has_any(facts["keys"], keys))
    connection.register("affected", affected.select(["label", "name"]))
    evidence.gather(connection, None if known.is_nothing else "affected")
    return facts


def split(connection: duckdb.DuckDBPyConnection, corrections: Corrections) -> None:
    """Fills ``parts``, and makes ``parts_after`` of all the lake."""
    splits = corrections.splits()
    if splits:
        wanted = {fold(chosen.name) for chosen in splits}
        found = [(label, name) for label, name in evidence.all_names(connection) if fold(name) in wanted]
        for chosen in splits:
            for label, name in found:
                if fold(name) == fold(chosen.name) and chosen.label in (None, label):
                    evidence.split_off(connection, label, name, chosen.part, chosen.conditions)
    connection.execute(
        """
        CREATE TABLE parts_after AS
            FROM known_parts ANTI JOIN affected USING (label, name) UNION ALL BY NAME FROM parts
        """
    )


def group(connection: duckdb.DuckDBPyConnection, corrections: Corrections, records: Records) -> list[Node]:
    """The affected names in their groups.

    Makes ``names``, which lacks what words do, and ``printed``, both of the lake, and ``new_names`` of the affected.
    """
    names = ordered(read_nodes(evidence.distinct_names(connection)))
    nodes, clusters = names.nodes, Clusters(names.nodes)
    correct(names, clusters, corrections)
    merge_records(nodes, clusters, records)
    merge_by_spelling(nodes, clusters)
    together = partial(evidence.together, connection)
    merge_suffixes(nodes, clusters, together)
    full_names: FullNames = {}
    rows = read_printed(evidence.printed_forms(connection), names.positions, nodes, full_names)
    printed = to_table(rows, PRINTED)
    merge_full_names(full_names, nodes, clusters, together)
    for k in range(len(nodes)):
        if clusters.root(k) == k:
            members = clusters.members(k)
            oldest = nodes[min(members)].id
            for member in members:
                nodes[member].group_id = oldest
    new = {"names": to_table(_rows(nodes), NAMES), "printed": printed}
    for table, rows in new.items():
        connection.register("new", rows)
        connection.execute(
            f"""
            CREATE TABLE {table} AS
                FROM known_{table} ANTI JOIN affected USING (label, name) UNION ALL BY NAME FROM new
            """
        )
    connection.unregister("new")
    connection.register("new_names", new["names"].select(["label", "name", "word", "group_id"]))
    return nodes


def records_of(connection: duckdb.DuckDBPyConnection, names: str) -> Records:
    """The records of the knowledge base of some names, a table of label and name."""
    query = f"SELECT label, name, records FROM facts SEMI JOIN {names} USING (label, name) WHERE len(records) > 0"
    return {(label, name): records for label, name, records in fetched(connection, query)}


def _rows(nodes: Iterable[Node]) -> Iterator[tuple[object, ...]]:
    """The rows NAMES of nodes, without target, record and entity."""
    for node in nodes:
        word = surname = None
        gender = ""
        if node.person is not None:
            gender = gender_of(node.person)
            word, surname = (node.person.surname, None) if node.person.is_lone else (None, node.person.surname)
        elif not node.part:
            word = letters_of(node.name) or None
        for name, n_articles in node.names.items():
            yield (
                node.label, name, node.part, node.form, n_articles, node.first_on, word, surname, gender,
                node.group_id, None, None, None,
            )  # fmt: skip
