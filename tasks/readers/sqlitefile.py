"""Reads SQLite databases of articles, one a row, without running anything that the database brings along.

A database may come from anybody. It is opened read-only; only plain tables are read, never views or virtual tables; no
function, pragma or trigger of its schema runs; and a search for the next row gives up after a number of steps.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tasks.readers.columns import Table, holds_text, unknown, wanted
from tasks.readers.compress import Stream
from tasks.readers.mapping import Mapping, Survey, load_mapping, names_any, names_summary
from tasks.readers.options import ReadOptions
from tasks.readers.sniff import HEAD
from tasks.readers.source import Bytes, Source
from tasks.records import RawRecord, Rejection

MAX_STEPS = 20_000_000  # of SQLite's virtual machine from one row to the next: seconds
MAX_TABLES = 1_000
SURVEYED_ROWS = 20  # of each table, where it is to be found out what it holds
_STEPS_A_CALL = 100_000
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)


def read_sqlite(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """Records of the tables that hold articles' texts, in the order of the schema."""
    mapping = load_mapping(options.mapping)
    head = stream.peek(HEAD)
    with stream.as_path() as path:
        if path is None:
            return
        try:
            with closing(_Database(path, options.max_record_bytes)) as database:
                tables = database.tables()
                chosen = _choose(tables, mapping)
                if not chosen:
                    names = [f"{table}.{name}" for table, columns in tables.items() for name in columns]
                    yield source.reject("unknown_columns", unknown(names), Bytes.of(head))
                for name in chosen:
                    inner = source.inside(name[:80])
                    inner.format = source.format
                    table = Table(inner, options, mapping, path.stat().st_size)
                    most = SURVEYED_ROWS if isinstance(mapping, Survey) else None
                    yield from _read(database, name, wanted(tables[name], mapping), table, most)
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            words = "its schema is no text" if isinstance(error, UnicodeError) else str(error)
            reason = f"The database is damaged, so that it cannot be read any further: {words}."
            yield source.reject("corrupt_file", reason, Bytes.of(head))


def _choose(tables: dict[str, list[str]], mapping: Mapping | None) -> list[str]:
    """The tables with a title and a text; where there are none, those with a text, and then those with a summary."""
    texts = [table for table, columns in tables.items() if holds_text(columns, mapping)]
    whole = [table for table in texts if names_any(tables[table], "title", mapping)]
    return whole or texts or [table for table, columns in tables.items() if names_summary(columns, mapping)]


def _read(
    database: _Database, name: str, columns: list[str], table: Table, most: int | None
) -> Iterator[RawRecord | Rejection]:
    for row in islice(database.rows(name, columns), most):
        if row is None:
            yield table.refuse("oversize_record", "The row holds a value beyond the limit for one record.")
        else:
            yield table.record(row)
        if rest := table.is_too_large():
            yield rest
            return


class _Database:
    def __init__(self, path: Path, max_value: int) -> None:
        self._connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True)
        self._connection.text_factory = bytes  # what is no UTF-8 costs its row, not the table
        self._connection.execute("PRAGMA trusted_schema = OFF")
        self._connection.execute("PRAGMA cell_size_check = ON")
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max_value)
        self._connection.set_authorizer(_authorise)
        self._connection.set_progress_handler(self._step, _STEPS_A_CALL)
        self._n_steps = 0
        self._columns: dict[str, list[str]] = {}

    def close(self) -> None:
        self._connection.close()

    def tables(self) -> dict[str, list[str]]:
        """The plain tables with their columns."""
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid"
        names = [
            name.decode("utf-8", "replace")
            for name, sql in self._connection.execute(query).fetchmany(MAX_TABLES)
            if name and sql and not sql[:40].upper().startswith(b"CREATE VIRTUAL") and not name.startswith(b"sqlite_")
        ]
        for name in names:
            self._columns[name] = [column[0] for column in self._select(name, "*", "LIMIT 0").description]
        return self._columns

    def rows(self, table: str, columns: list[str]) -> Iterator[dict[str, Any] | None]:
        """The rows of a table; None for one with a value beyond the limit."""
        names = ", ".join(_quoted(name) for name in columns)
        row_id = self._row_id(table)
        if not row_id:
            for row in self._select(table, names):
                self._n_steps = 0
                yield dict(zip(columns, row, strict=True))
            return
        last = None
        for (number,) in self._select(table, row_id, f"NOT INDEXED ORDER BY {row_id}"):
            if last is not None and number <= last:
                raise sqlite3.DatabaseError("its rows are out of order")
            last = number
            try:
                # Each by itself: a cursor over all would be lost with the first row that cannot be had.
                row = self._select(table, names, f"WHERE {row_id} = {number:d}").fetchone()
            except sqlite3.DataError:
                yield None
                continue
            if row is None:
                raise sqlite3.DatabaseError("its rows cannot be found by their number")
            yield dict(zip(columns, row, strict=True))

    def _row_id(self, table: str) -> str:
        """The name under which the table's rows are numbered, "" where they are not."""
        taken = {name.casefold() for name in self._columns[table]}
        name = next((name for name in ("rowid", "_rowid_", "oid") if name not in taken), "")
        try:
            self._select(table, name or "NULL", "LIMIT 0")
        except sqlite3.OperationalError:
            return ""
        return name

    def _select(self, table: str, what: str, rest: str = "") -> sqlite3.Cursor:
        self._n_steps = 0
        return self._connection.execute(f"SELECT {what} FROM {_quoted(table)} {rest}")

    def _step(self) -> bool:
        self._n_steps += _STEPS_A_CALL
        return self._n_steps > MAX_STEPS


def _authorise(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
