"""The catalog: a DuckDB view of every table and macros for the usual questions, in a file and for the command line."""

from __future__ import annotations

import glob
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from schemas.tables import ARTICLES, QUOTES, TABLES, Table
from tasks.commit import FILES, settled, temporary
from tasks.index import INDEXED, NO_INDEX, folding_sql, index_files, index_sql, refresh_indexes
from tasks.lake import Lake, catalog_lock, sql_paths, sql_string

CATALOG_WAIT_SECONDS = 60.0


def build_catalog(lake: Lake) -> Path:
    """Writes `onrecord.duckdb` anew and moves it over the old one, so that nobody is ever locked out; returns its path.

    The views name the lake's folder absolutely: after the lake was moved, the catalog has to be built again.
    """
    new = temporary(lake.catalog)
    with catalog_lock(lake, CATALOG_WAIT_SECONDS):
        for left in lake.root.glob(f"{new.name}*"):
            FILES.unlink(left)
        with settled(lake):
            refresh_indexes(lake)
            with duckdb.connect(new, config=_CLOSED) as connection:
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

        Raises duckdb.Error where the query is wrong, or reaches for anything but the tables.
        """
        statements = self._connection.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise duckdb.PermissionException(
                "Permission Error: only a single query can be run here, nothing that writes"
            )
        return self._connection.sql(query, params=values)

    def interrupt(self) -> None:
        """Ends the query that is running, from another thread; it raises duckdb.InterruptException."""
        self._connection.interrupt()

    @contextmanager
    def time_limit(self, seconds: float | None) -> Iterator[None]:
        """Interrupts what is computed and fetched within the block when the time is over; None is no limit."""
        if seconds is None:
            yield
            return
        timer = threading.Timer(seconds, self.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


@contextmanager
def connect_readonly(
    lake: Lake, memory_limit: str | None = None, threads: int | None = None, spill_limit: str | None = None
) -> Iterator[ReadOnly]:
    """The catalog's views and macros over one whole commit of the lake, for SQL that need not be trusted.

    A query can read the files of the tables as they are now and their indexes, no other file, in the lake or elsewhere;
    it can write none, load no extension and change no setting. Results are to be fetched within the block. Raises
    LakeError where there is no lake, or a commit that can't be finished; LakeBusy where a commit does not end.
    ``memory_limit`` and ``spill_limit``, the room on disk beyond it, are in DuckDB's notation (`512MB`).
    """
    limits = {"memory_limit": memory_limit, "threads": threads, "max_temp_directory_size": spill_limit}
    config = _CLOSED | {name: value for name, value in limits.items() if value is not None}
    with (
        settled(lake),
        tempfile.TemporaryDirectory() as spill,
        duckdb.connect(config=config | {"temp_directory": spill}) as connection,
    ):
        _define(connection, lake, whole=True)
        # In this order: each setting closes the door through which the one before it could be changed.
        files = [str(path.absolute()) for table in TABLES.values() for path in lake.files(table)]
        files += map(str, index_files(lake))
        allowed = {name: None for path in files for name in (path, glob.escape(path))}
        connection.execute(f"SET allowed_paths = [{', '.join(map(sql_string, allowed))}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield ReadOnly(connection)


NUMBERED = (ARTICLES, QUOTES)  # whose rows the indexes of words point to
_CLOSED: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}


def _define(connection: duckdb.DuckDBPyConnection, lake: Lake, whole: bool = False) -> None:
    """Views, comments and macros; views name every file where ``whole``, else they take what they find when asked."""
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("CREATE SCHEMA lookup")
    connection.execute(folding_sql())
    _define_macros(connection)
    for table in TABLES.values():
        connection.execute(f"CREATE VIEW {table.name} AS {_rows(connection, lake, table, whole)}")
        comments = [f"COMMENT ON VIEW {table.name} IS {sql_string(table.description)}"]
        for name, comment in _comments(table).items():
            comments.append(f'COMMENT ON COLUMN {table.name}."{name}" IS {sql_string(comment)}')
        connection.execute(";".join(comments))
    for table in NUMBERED:
        rows = _rows(connection, lake, table, whole, numbered=True)
        connection.execute(f"CREATE VIEW lookup.{table.name} AS {rows}")
    for table in INDEXED:
        connection.execute(f"CREATE VIEW lookup.{table.name}_words AS {index_sql(lake, table, whole)}")


def _define_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the macros over empty tables, which go again: DuckDB checks each, and would open every file for that."""
    empty = {}
    for table in TABLES.values():
        month = f", NULL::VARCHAR AS {table.partition_key}" if table.partition_key else ""
        empty[table.name] = f"SELECT {', '.join(_nulls()[table.name].values())}{month}"
        if table in NUMBERED:
            empty[f"lookup.{table.name}"] = f"{empty[table.name]}, NULL::BIGINT AS file_row_number"
    for table in INDEXED:
        empty[f"lookup.{table.name}_words"] = NO_INDEX[table.name]
    connection.execute(";".join(f"CREATE VIEW {name} AS {query}" for name, query in empty.items()))
    connection.execute(resources.files("schemas").joinpath("sql/macros.sql").read_text("utf-8"))
    connection.execute(";".join(f"DROP VIEW {name}" for name in empty))


def _rows(connection: duckdb.DuckDBPyConnection, lake: Lake, table: Table, whole: bool, numbered: bool = False) -> str:
    """SQL for a table's rows; columns that a lake of an older schema does not have in any file are NULL."""
    nulls, files = _nulls()[table.name], lake.files(table)
    if not files:  # a table that is younger than the lake
        return f"SELECT {', '.join(nulls.values())} WHERE false"
    pattern = f"{glob.escape(str(lake.table_dir(table).absolute()))}/**/*.parquet"
    options = "union_by_name = true, hive_partitioning = true, hive_types_autocast = false"
    number = ", file_row_number = true" if numbered else ""
    source = f"read_parquet({sql_paths(files) if whole else sql_string(pattern)}, {options}{number})"
    found = set(connection.sql(f"FROM {source}").columns)
    return f"SELECT {', '.join(['*', *(null for name, null in nulls.items() if name not in found)])} FROM {source}"


@lru_cache(maxsize=1)
def _nulls() -> dict[str, dict[str, str]]:
    """SQL for the columns of each table, all NULL, by the names of table and column."""
    nulls = {}
    with duckdb.connect(config=_CLOSED) as connection:
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
