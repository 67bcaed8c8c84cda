"""The views of a catalog: a lake's tables, their rows by number in their files, and the indexes of their words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from schemas.tables import TABLES, Table
from tasks.index import INDEXED, index_sql
from tasks.lake import Lake, sql_paths, sql_string

CLOSED: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}


def define_views(connection: duckdb.DuckDBPyConnection, lake: Lake, root: Path) -> None:
    """Makes the views with their comments, or makes them anew; ``root`` is where the indexes lie."""
    statements = ["CREATE SCHEMA IF NOT EXISTS lookup"]
    for table in TABLES.values():
        statements.append(f"CREATE OR REPLACE VIEW {table.name} AS {rows_sql(connection, table, lake.files(table))}")
        statements.append(f"COMMENT ON VIEW {table.name} IS {sql_string(table.description)}")
        for name, comment in _comments(table).items():
            statements.append(f'COMMENT ON COLUMN {table.name}."{name}" IS {sql_string(comment)}')
    for table in INDEXED:
        rows = rows_sql(connection, table, lake.files(table), numbered=True)
        statements.append(f"CREATE OR REPLACE VIEW lookup.{table.name}_in_files AS {rows}")
        statements.append(f"CREATE OR REPLACE VIEW lookup.{table.name}_words AS {index_sql(lake, table, root)}")
    connection.execute(";".join(["BEGIN", *statements, "COMMIT"]))  # each by itself would go to disk


def rows_sql(connection: duckdb.DuckDBPyConnection, table: Table, paths: Iterable[Path], numbered: bool = False) -> str:
    """SQL for the rows of files of a table; columns that a lake of an older schema does not have are NULL."""
    nulls, files = _nulls()[table.name], list(paths)
    if not files:  # a table that is younger than the lake, or months that are gone
        columns = [*nulls.values(), *([f"NULL::VARCHAR AS {table.partition_key}"] if table.partition_key else [])]
        columns += ["NULL::BIGINT AS file_row_number"] if numbered else []
        return f"SELECT {', '.join(columns)} WHERE false"
    options = "hive_partitioning = true, hive_types_autocast = false"
    options += ", file_row_number = true" if numbered else ""
    if len({tuple(pq.read_schema(path).names) for path in files}) > 1:  # which makes every query open every file
        options += ", union_by_name = true"
    source = f"read_parquet({sql_paths(files)}, {options})"
    found = set(connection.sql(f"FROM {source}").columns)
    return f"SELECT {', '.join(['*', *(null for name, null in nulls.items() if name not in found)])} FROM {source}"


@lru_cache(maxsize=1)
def _nulls() -> dict[str, dict[str, str]]:
    """SQL for the columns of each table, all NULL, by the names of table and column."""
    nulls = {}
    with duckdb.connect(config=CLOSED) as connection:
        for table in TABLES.values():
            connection.register(table.name, table.schema.empty_table())
            expected = connection.execute(f"DESCRIBE FROM {table.name}").fetchall()
            nulls[table.name] = {name: f'NULL::{type_} AS "{name}"' for name, type_, *_ in expected}
    return nulls


def _comments(table: Table) -> dict[str, str]:
    comments = {column.name: column.description for column in table.columns}
    if table.partition_key:
        comments[table.partition_key] = (
            f"Month of {table.partition} as YYYY-MM, the partition; `unknown` without a date."
        )
    return comments
