"""Links the rows of all runs: copies of a story, who is who across articles, and the same words in other articles.

What is found depends on the rows alone, never on the runs that brought them, so a lake that grew in five runs and one
that was filled at once are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from tasks.identity.appearances import appearances_sql, mention_ids_sql, speaker_ids_sql
from tasks.identity.corrections import Corrections, read_corrections
from tasks.identity.entities import Identity
from tasks.identity.knowledge import KnowledgeBase
from tasks.identity.resolve import resolve
from tasks.lake import Lake
from tasks.partitions import month_sql

LINKED_TABLES = (ARTICLES, QUOTES, MENTIONS)
BATCH_ROWS = 2048
STORY_COLUMNS = ("article_id", "published_at", "published_on", "text")
QUOTE_COLUMNS = (
    "quote_id",
    "article_id",
    "published_on",
    "publisher",
    "kind",
    "content",
    "verbatim",
    "speaker",
    "speaker_ids.speaker_id",
    "is_negated",
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


def check_options(options: LinkOptions, lake: Lake) -> None:
    """Raises CorrectionsError or KnowledgeError where a file can't be used, before any work is done."""
    if options.corrections:
        read_corrections(options.corrections)
    if options.knowledge:
        KnowledgeBase(options.knowledge).records_of((), lambda label, name: ())
    decisions_on(lake, options.decisions)


def changed_months_sql(table: Table, rows: str) -> str:
    """SQL for the months that hold a row whose linked columns are no longer right."""
    (key,) = table.key
    changed = " OR ".join(f"r.{name} IS DISTINCT FROM l.{name}" for name in table.linked_names)
    return f"""SELECT {month_sql(table, "r")} FROM {rows} r
               JOIN linked_{table.name} l ON l.{key} = r.{key} WHERE {changed}"""


def linked_sql(table: Table, rows: str) -> str:
    """SQL for the rows with their linked columns filled."""
    (key,) = table.key
    columns = ", ".join(f"l.{name} AS {name}" for name in table.linked_names)
    return f"(SELECT r.* REPLACE ({columns}) FROM {rows} r LEFT JOIN linked_{table.name} l ON l.{key} = r.{key})"


def link(
    connection: duckdb.DuckDBPyConnection,
    rows: Mapping[str, str],
    options: LinkOptions,
    decisions: Sequence[AboutNames] = (),
) -> tuple[dict[str, pa.Table], list[Verdict]]:
    """Links the rows of LINKED_TABLES, each given as SQL by the table's name.

    Makes the temporary tables `linked_<table>` with the key and the linked columns of every row, and returns the tables
    entities and quote_clusters by name, with the verdicts on the decisions on names, which are given in their order.
    Raises CorrectionsError and KnowledgeError for files that can't be used.
    """
    for name, query in rows.items():
        connection.execute(f"CREATE OR REPLACE TEMP VIEW next_{name} AS FROM {query}")
    stories = find_stories(_stream(connection, f"SELECT {', '.join(STORY_COLUMNS)} FROM next_articles"))
    connection.register("stories", stories)
    connection.execute("""
        CREATE TEMP TABLE linked_articles AS
        SELECT a.article_id, s.duplicate_of, coalesce(s.story_id, a.article_id) AS story_id
        FROM next_articles a LEFT JOIN stories s USING (article_id)
    """)
    identity, verdicts = _identify(connection, options, decisions)
    quotes = f"SELECT {', '.join(QUOTE_COLUMNS)} FROM next_quotes LEFT JOIN speaker_ids USING (quote_id)"
    mapping, clusters = find_utterances(_stream(connection, quotes), stories)
    connection.register("utterances", mapping)
    connection.execute("""
        CREATE TEMP TABLE linked_quotes AS
        SELECT q.quote_id, s.speaker_id, u.quote_cluster_id
        FROM next_quotes q LEFT JOIN speaker_ids s USING (quote_id) LEFT JOIN utterances u USING (quote_id)
    """)
    return {ENTITIES.name: identity.entities, QUOTE_CLUSTERS.name: clusters}, verdicts


def _identify(
    connection: duckdb.DuckDBPyConnection, options: LinkOptions, decisions: Sequence[AboutNames]
) -> tuple[Identity, list[Verdict]]:
    """Who is who: makes linked_mentions, and speaker_ids by quote_id; with the verdicts on the decisions on names."""
    settled = read_corrections(options.corrections) if options.corrections else Corrections()
    corrections, verdicts = merged(settled, decisions)
    knowledge = KnowledgeBase(options.knowledge) if options.knowledge else None
    appearances = connection.sql(appearances_sql("next_articles", "next_mentions", "next_quotes")).to_arrow_table()
    (memory_limit,) = connection.execute("SELECT current_setting('memory_limit')").fetchall()[0]
    identity = resolve(appearances, corrections, knowledge, memory_limit)
    connection.register("names", identity.names)
    connection.register("exceptions", identity.exceptions)
    ids = mention_ids_sql("next_mentions", "names", "exceptions")
    connection.execute(f"""
        CREATE TEMP TABLE linked_mentions AS
        SELECT mention_id, i.entity_id FROM next_mentions LEFT JOIN ({ids}) i USING (mention_id);
        CREATE TEMP TABLE speaker_ids AS {speaker_ids_sql("next_mentions", "next_quotes", "names", "exceptions")};
    """)
    return identity, [known(verdict, identity.names) for verdict in verdicts]


def _stream(connection: duckdb.DuckDBPyConnection, query: str) -> pa.RecordBatchReader:
    return connection.sql(query).to_arrow_reader(BATCH_ROWS)
