"""The explorer's index: the narrow columns that searches filter and count, folded and sorted for it, in a DuckDB file.

It is derived from one commit of the lake and kept in `.onrecord/explore/` until the next, or in a temporary folder
where the lake can't be written to. Everything wide (texts, contexts, spans) is read from the lake's own files, of which
the index knows the month.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

from schemas.tables import ARTICLES as ARTICLES_TABLE
from schemas.tables import ENTITIES, MENTIONS, QUOTES, TABLES, UNKNOWN_MONTH
from tasks.index import folding_sql
from tasks.lake import Lake, scan

# `spaced` has every word between two spaces, so that a word is found by its beginning and a phrase by its words.
MACROS = """
    CREATE MACRO spaced(words) AS ' ' || plain(words) || ' ';
    CREATE MACRO hex(id) AS replace(id::VARCHAR, '-', '');
"""

# Quotes keep the order of the lake within a day: an article's quotes as they stand in it.
TABLES_OF_INDEX = f"""
    CREATE TABLE article AS
        SELECT article_id::UUID AS article, published_on AS day, coalesce(published_month, '{UNKNOWN_MONTH}') AS month,
               publisher, title, story_id::UUID AS story, duplicate_of IS NOT NULL AS is_copy
        FROM lake_articles;
    CREATE TABLE quote AS
        SELECT row_number() OVER () AS n, quote_id::UUID AS quote, article_id::UUID AS article, q.published_on AS day,
               coalesce(q.published_month, '{UNKNOWN_MONTH}') AS month, q.publisher, kind, speaker_id::UUID AS entity,
               speaker, confidence, quote_cluster_id::UUID AS cluster, article_id IN (
                   SELECT article_id FROM lake_articles WHERE duplicate_of IS NOT NULL) AS is_copy,
               spaced(content) AS words
        FROM lake_quotes q;
    CREATE TABLE about AS
        SELECT DISTINCT m.entity_id::UUID AS entity, q.n
        FROM lake_mentions m JOIN quote q ON q.quote = m.in_quote_id::UUID
        WHERE m.entity_id IS NOT NULL ORDER BY entity, n;
    CREATE TABLE named AS
        SELECT entity_id::UUID AS entity, article_id::UUID AS article, count(*)::INTEGER AS times
        FROM lake_mentions WHERE entity_id IS NOT NULL GROUP BY ALL ORDER BY entity, article;
    CREATE TABLE entity AS
        SELECT entity_id::UUID AS entity, name, label, n_quotes, n_articles, n_mentions FROM lake_entities
        ORDER BY entity;
    CREATE TABLE alias AS
        SELECT entity_id::UUID AS entity, NULL::VARCHAR AS speaker, spaced(unnest(aliases)) AS words FROM lake_entities
        UNION ALL
        SELECT DISTINCT NULL::UUID, speaker, spaced(speaker) FROM quote WHERE entity IS NULL AND speaker IS NOT NULL;
"""


def index_file(lake: Lake, stamp: str, spare: Path, config: dict[str, Any]) -> Path:
    """The file of the index of the commit that ``stamp`` names, which is built where it isn't there.

    The lake must not change meanwhile. Indexes of other commits are removed. ``spare`` is the folder to build in where
    the lake can't be written to.
    """
    version = hashlib.blake2b((folding_sql() + MACROS + TABLES_OF_INDEX).encode(), digest_size=4).hexdigest()
    folder = lake.internal / "explore"
    path = folder / f"{stamp}-{version}.duckdb"
    if path.exists():
        return path
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = spare
    if not os.access(folder, os.W_OK):
        folder = spare
    new = folder / f"{os.getpid()}.tmp"
    new.unlink(missing_ok=True)
    with duckdb.connect(str(new), config=config) as connection:
        _build(connection, lake)
    if folder == spare:
        return new
    new.rename(path)
    for old in folder.iterdir():
        if old != path and old.suffix == ".duckdb":
            with suppress(OSError):
                old.unlink()
    return path


def drop_index(lake: Lake) -> None:
    """Removes the index; the next who explores the lake builds it anew."""
    folder = lake.internal / "explore"
    if folder.exists():
        shutil.rmtree(folder)


def _build(connection: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    connection.execute("SET TimeZone = 'UTC'")
    for table in TABLES.values():
        connection.register("_empty", table.schema.empty_table())
        connection.execute(f"CREATE TABLE empty_{table.name} AS FROM _empty")
        connection.unregister("_empty")
    connection.execute(folding_sql() + MACROS)
    for table in (ARTICLES_TABLE, QUOTES, MENTIONS, ENTITIES):
        month = f"strftime({table.partition}, '%Y-%m') AS {table.partition_key}" if table.partition else "NULL AS _"
        connection.execute(
            f"CREATE TEMP VIEW lake_{table.name} AS SELECT *, {month} FROM {scan(table, lake.files(table))}"
        )
    connection.execute(TABLES_OF_INDEX)
