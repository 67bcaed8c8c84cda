"""Links the rows of all runs: copies of a story, who is who across articles, and the same words in other articles.

What is found depends on the rows alone, never on the runs that brought them, so a lake that grew in five runs and one
that was filled at once are the same.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from schemas.tables import ARTICLES, ENTITIES, MENTIONS, QUOTE_CLUSTERS, QUOTES, Table
from tasks.copies.stories import find_stories
from tasks.copies.utterances import find_utterances
from tasks.corrections.decisions import AboutNames
from tasks.corrections.judge import Verdict
from tasks.corrections.people import known, merged
from tasks.corrections.table import decisions_on
from tasks.durable import state_of
from tasks.freeing import free_at_once
from tasks.identity.appearances import ENTITY_OF_MENTION, entities_joined_sql, same_speaker_sql
from tasks.identity.corrections import Corrections, read_corrections
from tasks.identity.identify import identify, look_up
from tasks.identity.knowledge import KnowledgeBase
from tasks.lake import Lake, sql_string
from tasks.linked import Memory
from tasks.partitions import month_sql

LINKED_TABLES = (ARTICLES, QUOTES, MENTIONS)
BATCH_ROWS = 2048
STORY_COLUMNS = ("article_id", "published_at", "published_on", "content_sha256", "text")
QUOTE_COLUMNS = (
    "r.quote_id",
    "r.article_id",
    "published_on",
    "kind",
    "content",
    "verbatim",
    "r.speaker",
    "s.speaker_id",
    "is_negated",
)
DESCRIBED_COLUMNS = (
    "r.quote_id",
    "r.article_id",
    "published_on",
    "publisher",
    "kind",
    "content",
    "r.speaker",
    "s.speaker_id",
)


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """What people know better than the rules: a file of names and a knowledge base (docs/identity.md), and the file of
    their decisions (docs/corrections.md), by default the lake's own.
    """

    corrections: Path | None = None
    knowledge: Path | None = None
    decisions: Path | None = None


NO_OPTIONS = LinkOptions()


def made_of(options: LinkOptions, decisions: Sequence[AboutNames]) -> list[object]:
    """What linking depends on beside the rows of a lake."""
    knowledge = [options.knowledge, *sorted(options.knowledge.rglob("*"))] if options.knowledge else []
    return [
        options.corrections and options.corrections.read_bytes(),
        [(str(path), state_of(path)) for path in knowledge],  # a file, or a folder of them
        [decision.model_dump_json() for decision in decisions],
    ]


def check_options(options: LinkOptions, lake: Lake) -> None:
    """Raises CorrectionsError or KnowledgeError where a file can't be used, before any work is done."""
    if options.corrections:
        read_corrections(options.corrections)
    if options.knowledge:
        KnowledgeBase(options.knowledge).records_of((), lambda label, name: ())
    decisions_on(lake, options.decisions)


def changed_months_sql(table: Table, rows: str) -> str:
    """SQL for the months that hold a row whose linked columns are no longer right."""
    joins, linked = _LINKS[table.name]
    changed = " OR ".join(f"r.{name} IS DISTINCT FROM {value}" for name, value in linked.items())
    return f"SELECT DISTINCT {month_sql(table, 'r')} FROM {rows} r {joins} WHERE {changed}"


def linked_sql(table: Table, rows: str) -> str:
    """SQL for the rows with their linked columns filled."""
    joins, linked = _LINKS[table.name]
    columns = ", ".join(f"{value} AS {name}" for name, value in linked.items())
    return f"(SELECT r.* REPLACE ({columns}) FROM {rows} r {joins})"


# For each table, what to join to its rows r, and the linked columns then.
_LINKS = {
    ARTICLES.name: (
        "LEFT JOIN stories s ON s.article_id = r.article_id",
        {"story_id": "coalesce(s.story_id, r.article_id)", "duplicate_of": "s.duplicate_of"},
    ),
    QUOTES.name: (
        f"LEFT JOIN speaker_ids s ON {same_speaker_sql('r', 's')} LEFT JOIN utterances u ON u.quote_id = r.quote_id",
        {"speaker_id": "s.speaker_id", "quote_cluster_id": "u.quote_cluster_id"},
    ),
    MENTIONS.name: (
        entities_joined_sql("r"),
        {"entity_id": ENTITY_OF_MENTION},
    ),
}


def link(
    connection: duckdb.DuckDBPyConnection,
    rows: Mapping[str, str],
    options: LinkOptions,
    decisions: Sequence[AboutNames],
    memory: Memory,
) -> tuple[dict[str, pa.Table], list[Verdict]]:
    """Links the rows of LINKED_TABLES, each given as SQL by the table's name.

    Where there is a ``memory`` of the lake, the table ``changed`` of the connection has the article_id of all articles
    of which any row is not as it was then. What is found goes into the memory.

    Leaves in the connection what ``linked_sql`` joins to rows, and returns the tables entities and quote_clusters by
    name, with the verdicts on the decisions on names, which are given in their order. Raises CorrectionsError and
    KnowledgeError for files that can't be used.
    """
    free_at_once()
    for name, query in rows.items():
        connection.execute(f"CREATE OR REPLACE TEMP VIEW next_{name} AS FROM {query}")
    with _uncollected(), _shared_memory(connection) as quarter:
        stories, changed = _copies(connection, memory)
        connection.register("stories", stories)
        verdicts = _identify(connection, options, decisions, quarter, memory)
        pa.default_memory_pool().release_unused()
        mapping, clusters = _utterances(connection, stories, memory, changed)
        connection.register("utterances", mapping)
    pa.default_memory_pool().release_unused()
    identity = look_up(connection, memory)
    verdicts = [known(verdict, identity.names) for verdict in verdicts]
    return {ENTITIES.name: identity.entities, QUOTE_CLUSTERS.name: clusters}, verdicts


def _copies(connection: duckdb.DuckDBPyConnection, memory: Memory) -> tuple[pa.Table, pa.Array | None]:
    """The copies of stories; and the ids of the articles that have changed, None where all is linked anew."""
    columns, changed, which = ", ".join(STORY_COLUMNS), None, ""
    if memory.before is not None:
        changed = connection.sql("FROM changed").to_arrow_table()["article_id"].combine_chunks()
        which = "SEMI JOIN changed USING (article_id)"
    return find_stories(_stream(connection, f"SELECT {columns} FROM next_articles {which}"), memory, changed), changed


def _utterances(
    connection: duckdb.DuckDBPyConnection, stories: pa.Table, memory: Memory, changed: pa.Array | None
) -> tuple[pa.Table, pa.Table]:
    """The mapping of quotes to clusters, and the clusters."""
    rows = f"next_quotes r LEFT JOIN speaker_ids s ON {same_speaker_sql('r', 's')}"

    def quotes_by_id(ids: pa.Array) -> pa.Table:
        connection.register("wanted", pa.table({"quote_id": ids}))
        query = f"SELECT {', '.join(DESCRIBED_COLUMNS)} FROM {rows} SEMI JOIN wanted w ON w.quote_id = r.quote_id"
        return connection.sql(query).to_arrow_table()

    which = ""
    if changed is not None:
        which = "WHERE r.article_id IN (FROM changed) OR r.speaker_id IS DISTINCT FROM s.speaker_id"
    quotes = _stream(connection, f"SELECT {', '.join(QUOTE_COLUMNS)} FROM {rows} {which}")
    return find_utterances(quotes, stories, quotes_by_id, memory, changed)


@contextmanager
def _shared_memory(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Leaves a connection half of its memory limit, and yields a quarter, for the connection that identify opens.

    The last quarter is Python's, for the names of a block and what is compared of quotes. After an error the
    connection is of no more use: it may have rows to give yet, and would refuse to be set.
    """
    (limit,) = connection.execute("SELECT current_setting('memory_limit')").fetchall()[0]
    (n_bytes,) = connection.execute("SELECT parse_formatted_bytes(?)", [limit]).fetchall()[0]
    connection.execute(f"SET memory_limit = '{n_bytes // 2}B'")
    yield f"{n_bytes // 4}B"
    connection.execute(f"SET memory_limit = {sql_string(limit)}")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's search for cycles: none are made, and looking at every name takes an eighth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _identify(
    connection: duckdb.DuckDBPyConnection,
    options: LinkOptions,
    decisions: Sequence[AboutNames],
    memory_limit: str,
    memory: Memory,
) -> list[Verdict]:
    """Finds who is who; returns the verdicts on the decisions on names, which may be stale yet. Leaves speaker_ids."""
    settled = read_corrections(options.corrections) if options.corrections else Corrections()
    corrections, verdicts = merged(settled, decisions)
    knowledge = KnowledgeBase(options.knowledge) if options.knowledge else None
    identify(connection, corrections, knowledge, memory, memory_limit)
    return verdicts


def _stream(connection: duckdb.DuckDBPyConnection, query: str) -> pa.RecordBatchReader:
    return connection.sql(query).to_arrow_reader(BATCH_ROWS)
