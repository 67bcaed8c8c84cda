"""Writes a lake of generated articles, for timing and for trying pages: python -m bench.lake FOLDER --quotes 1000000.

The rows go through the tables' own schemas, order and file layout. Names, words and sentences are invented; a few
people are quoted often and most seldom, some articles are copies, some utterances are printed by several. The same
arguments give the same lake.
"""

from __future__ import annotations

import argparse
import calendar
import hashlib
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.newsroom import EXTRACTOR, Newsroom, Row
from bench.world import World
from schemas.tables import ENTITIES, QUOTE_CLUSTERS, RUNS, SCHEMA_VERSION, TABLES, Table
from tasks.catalog import build_catalog
from tasks.lake import Lake, connect, init_lake, scan
from tasks.partitions import write_partitions
from tasks.reasons import REASONS

QUOTES_AN_ARTICLE = 4
FIRST_YEAR = 2019
SHARE_OF_COPIES, SHARE_UNDATED, SHARE_REFUSED = 0.08, 0.01, 0.02


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="an empty or new folder for the lake")
    parser.add_argument("--quotes", type=int, default=1_000_000)
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    if given.folder.exists() and any(given.folder.iterdir()):
        parser.error(f"{given.folder} is not empty")
    started = time.perf_counter()
    lake = generate(given.folder, given.quotes, given.months, given.seed)
    print(f"{lake.root}: {time.perf_counter() - started:.0f} s")


def generate(folder: Path, n_quotes: int, n_months: int, seed: int = 7) -> Lake:
    """Fills a folder with a lake of about so many quotes over so many months."""
    lake = Lake(folder.absolute())
    init_lake(lake)
    n_articles = n_quotes // QUOTES_AN_ARTICLE
    world = World(seed, n_names=max(1000, n_articles), n_sentences=max(2000, min(n_articles, 100_000)))
    runs = []
    with connect(lake, memory_limit="1GB", threads=2) as connection:
        for number, days in enumerate(calendar_of(n_articles, n_months, seed)):
            runs.append(write_month(lake, connection, world, np.random.default_rng([seed, number]), days, number))
        write_whole(lake, RUNS, pa.Table.from_pylist(runs, RUNS.schema))
        articles, quotes, mentions = (
            scan(TABLES[t], lake.files(TABLES[t])) for t in ("articles", "quotes", "mentions")
        )
        connection.register("names", names_of(world))
        write_whole(lake, ENTITIES, connection.sql(entities_sql(quotes, mentions)).to_arrow_table())
        write_whole(lake, QUOTE_CLUSTERS, connection.sql(clusters_sql(articles, quotes)).to_arrow_table())
    for path in (path for table in TABLES.values() for path in lake.files(table)):
        if not pq.read_metadata(path).num_rows:
            path.unlink()  # made by init_lake
    build_catalog(lake)
    return lake


def calendar_of(n_articles: int, n_months: int, seed: int) -> Iterator[list[date | None]]:
    """The days on which articles appear, month by month, a little more each year; then those without a date."""
    draws = np.random.default_rng(seed)
    n_undated = int(n_articles * SHARE_UNDATED)
    shares = np.linspace(1, 1.5, n_months)
    for k, n in enumerate(((n_articles - n_undated) / (1 + 2 * SHARE_OF_COPIES) * shares / shares.sum()).astype(int)):
        year, month = FIRST_YEAR + k // 12, k % 12 + 1
        days = draws.integers(1, calendar.monthrange(year, month)[1] + 1, max(n, 1))
        yield [date(year, month, day) for day in days.tolist()]
    yield [None] * n_undated


def write_month(
    lake: Lake,
    connection: duckdb.DuckDBPyConnection,
    world: World,
    draws: np.random.Generator,
    days: list[date | None],
    number: int,
) -> Row:
    """Writes a month's files; returns the row of the run that might have written them."""
    run = new_run(number, len(days))
    room = Newsroom(world, draws, len(days), run)
    rows: dict[str, list[Row]] = {"articles": [], "quotes": [], "mentions": [], "links": []}
    sizes = np.minimum(draws.geometric(1 / (QUOTES_AN_ARTICLE + 1), len(days)) - 1, 25).tolist()
    for day, n_quotes in zip(days, sizes, strict=True):
        made = room.article(day, n_quotes)
        is_copied = next(room.chances) < SHARE_OF_COPIES
        for some in (made, *(room.copy(made) for _ in range(1 + int(3 * next(room.chances))) if is_copied)):
            for name, more in some.items():
                rows[name] += more
    rows["quarantine"] = [refused(room, run, k) for k in range(int(len(days) * SHARE_REFUSED))]
    for name, some in rows.items():
        table = TABLES[name]
        connection.register("made", pa.Table.from_pylist(some, table.schema))
        write_partitions(connection, table, "made", lambda month, table=table: at(lake, table, month))
        connection.unregister("made")
    n_read, n_refused = len(rows["articles"]), len(rows["quarantine"])
    counts = {"n_records": n_read + n_refused, "n_written": n_read, "n_quarantined": n_refused}
    run["files"][0]["n_records"] = n_read + n_refused
    run["stages"] = [
        {"stage": s, "n": n_read, "seconds": n_read / speed} for s, speed in (("read", 5000), ("extract", 60))
    ]
    return run | counts | {"n_quotes": len(rows["quotes"]), "n_mentions": len(rows["mentions"])}


def at(lake: Lake, table: Table, month: str | None) -> Path:
    """The file of a month, in a folder that exists."""
    path = lake.partition_file(table, month)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def new_run(number: int, n_articles: int) -> Row:
    """A run on the second day of the next month, whose counts are still to be filled in."""
    started = datetime(FIRST_YEAR + (number + 1) // 12, (number + 1) % 12 + 1, 2, 4, tzinfo=UTC)
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    run_id = f"{started:%Y%m%dT%H%M%S.%fZ}-{digest[:8]}"
    file = {"uri": f"{run_id}.jsonl", "sha256": digest, "n_bytes": 2500 * n_articles, "n_records": 0, "status": "read"}
    return {
        "run_id": run_id,
        "status": "completed",
        "started_at": started,
        "finished_at": started + timedelta(seconds=20 + n_articles / 60),
        "code_version": "0.1.0",
        "schema_version": SCHEMA_VERSION,
        "extractor": EXTRACTOR,
        "parameters": [("raw", "generated")],
        "n_files": 1,
        "n_files_unchanged": 0,
        "n_unchanged": 0,
        "n_superseded": 0,
        "files": [file],
        "passed_over": [],
    }


def refused(room: Newsroom, run: Row, k: int) -> Row:
    """A record that was refused."""
    code = room.pick(["missing_title", "missing_text", "future_date", "malformed_json"])
    raw = f'{{"title": null, "record": {k}}}'.encode()
    return {
        "quarantine_id": room.new_id(),
        "stage": "normalise",
        "reason_code": code,
        "reason": REASONS[code],
        "source_uri": f"{run['run_id']}.jsonl",
        "source_member": f"record:{next(room.numbers)}",
        "raw": raw,
        "raw_sha256": hashlib.sha256(raw).hexdigest(),
        "first_seen_at": run["started_at"],
        "last_seen_at": run["started_at"],
        "n_attempts": 1,
        "run_id": run["run_id"],
    }


def names_of(world: World) -> pa.Table:
    """The entities of the world, of which some may not appear."""
    entities = [entity for found in world.entities.values() for entity in found]
    columns: dict[str, list[Any]] = {
        name: [getattr(entity, name) for entity in entities] for name in ("entity_id", "name", "label", "aliases")
    }
    return pa.table(columns)


def entities_sql(quotes: str, mentions: str) -> str:
    """The rows of `entities` as the rows of quotes and mentions make them."""
    return f"""
        WITH mentioned AS (
            SELECT entity_id, count(DISTINCT article_id) AS n_articles, count(*) AS n_mentions,
                   min(published_on) AS first_seen_on, max(published_on) AS last_seen_on
            FROM {mentions} GROUP BY ALL),
        quoted AS (SELECT speaker_id AS entity_id, count(*) AS n_quotes FROM {quotes} GROUP BY ALL),
        roles AS (
            SELECT entity_id,
                   list({{role: role, n: n, first_on: first_on, last_on: last_on}} ORDER BY n DESC, role) AS roles
            FROM (SELECT speaker_id AS entity_id, speaker_role AS role, count(*) AS n, min(published_on) AS first_on,
                         max(published_on) AS last_on
                  FROM {quotes} WHERE speaker_role IS NOT NULL GROUP BY ALL)
            GROUP BY ALL)
        SELECT entity_id, name, label, aliases, []::VARCHAR[] AS alias_ids, coalesce(roles, []) AS roles, n_articles,
               n_mentions, coalesce(n_quotes, 0) AS n_quotes, first_seen_on, last_seen_on, NULL::VARCHAR AS wikidata_id
        FROM mentioned JOIN names USING (entity_id)
        LEFT JOIN quoted USING (entity_id) LEFT JOIN roles USING (entity_id)"""


def clusters_sql(articles: str, quotes: str) -> str:
    """The rows of `quote_clusters` as the rows of quotes make them."""
    return f"""
        SELECT quote_cluster_id, min(content) AS canonical_content,
               min(speaker_id) AS speaker_id, min(speaker) AS speaker, min(published_on) AS first_seen_on,
               count(*) AS n_quotes,
               greatest(1, count(DISTINCT q.publisher) FILTER (duplicate_of IS NULL)) AS n_publishers,
               [{{text: min(content), n: count(*)}}] AS wordings
        FROM {quotes} q JOIN (SELECT article_id, duplicate_of FROM {articles}) USING (article_id)
        WHERE quote_cluster_id IS NOT NULL GROUP BY quote_cluster_id"""


def write_whole(lake: Lake, table: Table, rows: pa.Table) -> None:
    """Writes a table that is not partitioned."""
    rows = rows.select(table.column_names).cast(table.schema).sort_by([(name, "ascending") for name in table.sort_by])
    pq.write_table(rows, lake.partition_file(table), compression="zstd", write_page_index=True)


if __name__ == "__main__":
    main()
