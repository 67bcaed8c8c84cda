"""The names that can have changed, and the groups in which they are one before words are given to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path

import duckdb
import pyarrow as pa

from tasks.identity import evidence
from tasks.identity.blocks import in_blocks
from tasks.identity.bodies import letters_of
from tasks.identity.clusters import Clusters, Node
from tasks.identity.corrections import Corrections
from tasks.identity.entities import find_entities
from tasks.identity.facts import FACTS, facts_of
from tasks.identity.forms import fold
from tasks.identity.knowledge import KnowledgeBase
from tasks.identity.known import NAMES, PRINTED, Known, read, write
from tasks.identity.merging import merge_by_spelling
from tasks.identity.nodes import Records, correct, merge_records, ordered, read_nodes
from tasks.identity.people import gender_of
from tasks.identity.printed import FullNames, merge_full_names, read_printed
from tasks.identity.rows import fetched, insert, to_table
from tasks.identity.suffixes import merge_suffixes

_NEW_NAMES = ["label", "name", "word", "group_id"]


def learn(
    connection: duckdb.DuckDBPyConnection,
    known: Known,
    corrections: Corrections,
    knowledge: KnowledgeBase | None,
    after: Path,
) -> None:
    """Makes the table ``facts`` of all names, which lies in the folder ``after``, and ``affected`` of the names to
    resolve, in which names that anything joins are in one block; gathers the appearances of these.
    """
    new = fetched(connection, "SELECT label, name FROM touched ANTI JOIN known_facts USING (label, name) ORDER BY ALL")
    write(after, "facts", FACTS, chain(known.facts.to_batches(), facts_of(new, corrections, knowledge)))
    connection.register("facts", read(after, "facts"))
    joined = connection.sql(
        """
        SELECT label, name, keys, t.name IS NOT NULL AS is_start
        FROM facts LEFT JOIN (SELECT DISTINCT label, name FROM touched) t USING (label, name)
        """
    )
    connection.register("affected", in_blocks(joined.to_arrow_table()))
    connection.register("facts", read(after, "facts"))  # lets go what has been read of it
    evidence.gather(connection, None if known.is_nothing else "affected")


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
            SELECT * EXCLUDE entity_id FROM known_parts ANTI JOIN affected USING (label, name)
            UNION ALL BY NAME FROM parts
        """
    )


def group(connection: duckdb.DuckDBPyConnection, corrections: Corrections, has_records: bool) -> None:
    """Puts the affected names into their groups, a block at a time.

    Makes ``names``, which lacks what words do, and ``printed``, both of the lake, and ``new_names`` of the affected.
    """
    evidence.count(connection)
    for name in ("names", "printed"):
        connection.execute(f"CREATE TABLE {name} AS FROM known_{name} ANTI JOIN affected USING (label, name)")
    connection.execute(f"CREATE TABLE new_names AS SELECT {', '.join(_NEW_NAMES)} FROM names LIMIT 0")
    for (block,) in [*fetched(connection, "SELECT DISTINCT block FROM affected ORDER BY block")]:
        records = records_of(connection, f"(FROM affected WHERE block = {block})") if has_records else {}
        names, printed = _group(connection, block, corrections, records)
        insert(connection, "names", names)
        insert(connection, "printed", printed)
        insert(connection, "new_names", names.select(_NEW_NAMES))


def _group(
    connection: duckdb.DuckDBPyConnection, block: int, corrections: Corrections, records: Records
) -> tuple[pa.Table, pa.Table]:
    """The rows NAMES and PRINTED of a block."""
    names = ordered(read_nodes(evidence.distinct_names(connection, block)))
    nodes, clusters = names.nodes, Clusters(names.nodes)
    correct(names, clusters, corrections)
    merge_records(nodes, clusters, records)
    merge_by_spelling(nodes, clusters)
    together = partial(evidence.together, connection)
    merge_suffixes(nodes, clusters, together)
    full_names: FullNames = {}
    rows = read_printed(evidence.printed_forms(connection, block), names.positions, nodes, full_names)
    printed = to_table(rows, PRINTED)
    merge_full_names(full_names, nodes, clusters, together)
    for members in clusters.sets():
        for k in members:
            nodes[k].group_id = nodes[members[0]].id
    find_entities(nodes, clusters)
    return to_table(_rows(nodes), NAMES), printed


def records_of(connection: duckdb.DuckDBPyConnection, names: str) -> Records:
    """The records of the knowledge base of some names, a table of label and name."""
    query = f"SELECT label, name, records FROM facts SEMI JOIN {names} USING (label, name) WHERE len(records) > 0"
    return {(label, name): records for label, name, records in fetched(connection, query)}


def _rows(nodes: Iterable[Node]) -> Iterator[tuple[object, ...]]:
    """The rows NAMES of nodes, without target."""
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
                node.group_id, None, node.record, node.entity_id,
            )  # fmt: skip
