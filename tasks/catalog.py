"""The catalog: a DuckDB view of every table and macros for the usual questions, in a file and for the command line."""

from __future__ import annotations

import glob
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from schemas.tables import TABLES, Table
from tasks.commit import FILES, settled, temporary
from tasks.lake import Lake, catalog_lock, sql_string

CATALOG_WAIT_SECONDS = 60.0


def build_catalog(lake: Lake) -> Path:
    """Writes `onrecord.duckdb` anew and moves it over the old one, so that nobody is ever locked out; returns its path.

    The views name the lake's folder absolutely: after the lake was moved, the catalog has to be built again.
    """
    new = temporary(lake.catalog)
    with catalog_lock(lake, CATALOG_WAIT_SECONDS):
        for left in lake.root.glob(f"{new.name}*"):
            FILES.unlink(left)
        with settled(lake), duckdb.connect(new, config=_CLOSED) as connection:
            _define(connection, lake)
        FILES.sync(new)
        FILES.rename(new, lake.catalog)
        FILES.sync(lake.root)
    return lake.catalog


class ReadOnly:
    """A connection that answers queries and does nothing else."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def execute(self, query: str, values: Mapping[str, Any] | Sequence[Any] | None = None) -> duckdb.DuckDBPyRelation:
        """The result of a query (SELECT, FROM, WITH, VALUES, DESCRIBE, SHOW, SUMMARIZE), computed when it is fetched.

        Raises duckdb.Error where the query is wrong, or reaches for anything but the lake.
        """
        statements = self._connection.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise duckdb.PermissionException(
                "Permission Error: only a single query can be run here, nothing that writes"
            )
        return self._connection.sql(query, params=values)


@contextmanager
def connect_readonly(lake: Lake, memory_limit: str | None = None) -> Iterator[ReadOnly]:
    """The catalog's views and macros over one whole commit of the lake, for SQL that need not be trusted.

    No file outside the lake can be read, none can be written, and no extension loaded. Results are to be fetched
    within the block. Raises LakeError where there is no lake, or a commit that can't be finished; LakeBusy where a
    commit does not end. ``memory_limit`` is DuckDB's notation (`512MB`), by default most of the machine's memory.
    """
    config = _CLOSED | ({"memory_limit": memory_limit} if memory_limit else {})
    with (
        settled(lake),
        tempfile.TemporaryDirectory() as spill,
        duckdb.connect(config=config | {"temp_directory": spill}) as connection,
    ):
        _define(connection, lake)
        # In this order: each setting closes the door through which the one before it could be changed.
        root = str(lake.root.absolute())
        allowed = ", ".join(sql_string(path) for path in (root, glob.escape(root)))
        connection.execute(f"SET allowed_directories = [{allowed}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield ReadOnly(connection)


_CLOSED: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}


def _define(connection: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    connection.execute("SET TimeZone = 'UTC'")
    for table in TABLES.values():
        connection.execute(f"CREATE VIEW {table.name} AS {_rows(connection, lake, table)}")
        connection.execute(f"COMMENT ON VIEW {table.name} IS {sql_string(table.description)}")
        for name, comment in _comments(table).items():
            connection.execute(f'COMMENT ON COLUMN {table.name}."{name}" IS {sql_string(comment)}')
    connection.execute(resources.files("schemas").joinpath("sql/macros.sql").read_text("utf-8"))


def _rows(connection: duckdb.DuckDBPyConnection, lake: Lake, table: Table) -> str:
    """SQL for a table's rows; columns that a lake of an older schema does not have in any file are NULL."""
    connection.register("_expected", table.schema.empty_table())
    expected = connection.execute("DESCRIBE FROM _expected").fetchall()
    connection.unregister("_expected")
    nulls = {name: f'NULL::{type_} AS "{name}"' for name, type_, *_ in expected}
    if not lake.files(table):  # a table that is younger than the lake
        return f"SELECT {', '.join(nulls.values())} WHERE false"
    folder = glob.escape(str(lake.table_dir(table).absolute()))
    files = sql_string(f"{folder}/**/*.parquet")
    source = f"read_parquet({files}, union_by_name = true, hive_partitioning = true, hive_types_autocast = false)"
    found = {name for name, *_ in connection.execute(f"DESCRIBE FROM {source}").fetchall()}
    missing = [null for name, null in nulls.items() if name not in found]
    return f"SELECT {', '.join(['*', *missing])} FROM {source}"


def _comments(table: Table) -> dict[str, str]:
    comments = {column.name: column.description for column in table.columns}
    if table.partition_key:
        comments[table.partition_key] = (
            f"Month of {table.partition} as YYYY-MM, the partition; `unknown` without a date."
        )
    return comments
