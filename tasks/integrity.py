"""Checks a lake: every file can be read, keys are unique, rows lie in their month and belong to rows that exist."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import CHILD_TABLES, TABLES, UNKNOWN_MONTH, Table
from tasks.lake import FILE_NAME, Lake, connect, scan, sql_paths
from tasks.partitions import month_sql

# Table, column, and the table and column in which its values must stand.
REFERENCES = (
    *((table.name, "article_id", "articles", "article_id") for table in CHILD_TABLES),
    ("articles", "duplicate_of", "articles", "article_id"),
    ("quotes", "parent_quote_id", "quotes", "quote_id"),
    ("quotes", "speaker_id", "entities", "entity_id"),
    ("quotes", "quote_cluster_id", "quote_clusters", "quote_cluster_id"),
    ("mentions", "in_quote_id", "quotes", "quote_id"),
    ("mentions", "entity_id", "entities", "entity_id"),
)
BALANCE = "n_records <> n_written + n_unchanged + n_superseded + n_quarantined"


class LakeDamaged(Exception):
    """The lake holds what no run writes; the message is one sentence, and nothing was changed."""


def check_lake(lake: Lake, memory_limit: str = "512MB", threads: int = 1) -> dict[str, Any]:
    """Reads all of the lake: `tables` with rows, files and bytes each, and `problems`, none of which a sound lake has.

    A problem has `table`, `problem` (a sentence), `n` (how often it occurs) and an `example`. The caller holds the
    writer lock or a settled lake (tasks.commit). Tables with a file that can't be read are not looked into further.
    """
    tables, problems = [], list[dict[str, Any]]()
    readable = set[str]()
    for table in TABLES.values():
        files = lake.files(table)
        found = [problem for path in files if (problem := _unreadable(table, path))]
        problems += found
        problems += _strays(lake, table, files)
        if not found:
            readable.add(table.name)
        n_bytes = sum(path.stat().st_size for path in files)
        tables.append({"table": table.name, "n_rows": 0, "n_files": len(files), "n_bytes": n_bytes})
    with connect(lake, memory_limit, threads) as connection:
        for name in TABLES:
            if name in readable:
                connection.execute(f"CREATE VIEW {name} AS FROM {scan(TABLES[name], lake.files(TABLES[name]))}")
        for entry in tables:
            if entry["table"] in readable:
                entry["n_rows"] = connection.execute(f"SELECT count(*) FROM {entry['table']}").fetchall()[0][0]
                problems += _look_into(connection, TABLES[entry["table"]], lake)
        for child, column, parent, key in REFERENCES:
            if {child, parent} <= readable:
                known = f"(SELECT {key} AS {column} FROM {parent})"
                query = f"SELECT {column} FROM {child} ANTI JOIN {known} USING ({column}) WHERE {column} IS NOT NULL"
                problems += _found(connection, child, f"{column} names no row of {parent}", query)
    return {"verdict": "damaged" if problems else "sound", "tables": tables, "problems": problems}


def describe(problems: list[dict[str, Any]]) -> str:
    """The first problem as a sentence, and how many more there are."""
    first = problems[0]
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    how_often = f"{first['n']:,} times, as {first['example']}"
    return f"the lake is damaged: in {first['table']}, {first['problem']} ({how_often}){more}"


def _unreadable(table: Table, path: Path) -> dict[str, Any] | None:
    """What is wrong with a file by itself: it can't be read to its end, or its columns are not the table's."""
    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            for _ in file.iter_batches(batch_size=4096):
                pass
    except (OSError, ValueError, pa.ArrowException) as error:
        return _problem(table, f"a file can't be read: {str(error).splitlines()[0]}", 1, path)
    for column in table.columns:
        if column.name not in schema.names:
            if not column.nullable:
                return _problem(table, f"a file lacks the column {column.name}", 1, path)
        elif schema.field(column.name).type != column.type:
            found = schema.field(column.name).type
            return _problem(table, f"a file has {column.name} as {found}, not as {column.type}", 1, path)
    return None


def _strays(lake: Lake, table: Table, files: list[Path]) -> Iterator[dict[str, Any]]:
    """Parquet files that `read_parquet('table/**/*.parquet')` reads although no run wrote them."""
    strays = sorted(set(lake.table_dir(table).rglob("*.parquet")) - set(files))
    if strays:
        yield _problem(table, f"there are files beside {FILE_NAME} that no run wrote", len(strays), strays[0])


def _look_into(connection: duckdb.DuckDBPyConnection, table: Table, lake: Lake) -> Iterator[dict[str, Any]]:
    key = ", ".join(f'"{name}"' for name in table.key)
    known = " AND ".join(f'"{name}" IS NOT NULL' for name in table.key)  # as in SQL, NULL equals nothing
    twice = f"SELECT {key} FROM {table.name} WHERE {known} GROUP BY {key} HAVING count(*) > 1"
    yield from _found(connection, table.name, f"the key {key} is not unique".replace('"', ""), twice)
    for column in table.columns:
        if not column.nullable:
            query = f'SELECT {key} FROM {table.name} WHERE "{column.name}" IS NULL'
            yield from _found(connection, table.name, f"{column.name} is NULL", query)
    if table.name == "runs":
        yield from _found(connection, "runs", "the counts do not balance", f"SELECT run_id FROM runs WHERE {BALANCE}")
    files = lake.files(table)
    if table.partition_key and files:
        month = f"nullif(regexp_extract(filename, '{table.partition_key}=([^/]+)/[^/]*$', 1), '{UNKNOWN_MONTH}')"
        rows = f"read_parquet({sql_paths(files)}, union_by_name = true, hive_partitioning = false, filename = true)"
        # The empty file of a table without rows is in the folder of rows without a month, and holds none.
        query = f"SELECT {key} FROM {rows} WHERE {month_sql(table)} IS DISTINCT FROM {month}"
        yield from _found(connection, table.name, "a row lies in another month's file", query)


def _found(connection: duckdb.DuckDBPyConnection, table: str, problem: str, query: str) -> Iterator[dict[str, Any]]:
    columns = "count(*), any_value(columns(*)::VARCHAR)"
    n, *example = connection.execute(f"SELECT {columns} FROM ({query})").fetchall()[0]
    if n:
        yield _problem(TABLES[table], problem, n, ", ".join(map(str, example)))


def _problem(table: Table, problem: str, n: int, example: object) -> dict[str, Any]:
    return {"table": table.name, "problem": problem, "n": n, "example": str(example)}
