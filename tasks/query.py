"""Runs SQL that need not be trusted over a lake: read-only, within limits, and to be stopped from the keyboard."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

import duckdb
import pyarrow as pa

from schemas.tables import TABLES
from tasks.catalog import ReadOnly, connect_readonly
from tasks.lake import Lake

BATCH_ROWS = 2048
_UNKNOWN = re.compile(r"with name (\w+) does not exist")
# What can be asked, and how it is written.
_NAMES = """
    SELECT view_name, view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'
    UNION
    SELECT function_name, function_name || '()' FROM duckdb_functions() WHERE NOT internal AND schema_name = 'main'"""
Result = TypeVar("Result")
# What may hold a semicolon that ends nothing: strings, quoted names, comments, dollar-quoted strings.
_PIECES = re.compile(r"""'[^']*'?|"[^"]*"?|--[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?|\$\$(?:[^$]|\$(?!\$))*(?:\$\$)?|;""")


class QueryError(Exception):
    """A query that DuckDB refused, or that took too long; the message is one line or a few."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may use: seconds (None: any time), memory and room on disk in DuckDB's notation, threads."""

    seconds: float | None = None
    memory: str = "2GB"
    disk: str = "8GB"
    threads: int | None = None


def run_query(
    lake: Lake, query: str, use: Callable[[pa.RecordBatchReader], Result], limits: Limits = Limits()
) -> Result:
    """What ``use`` makes of the result, a stream of record batches, whose columns have different names.

    Ctrl-C stops the query and raises KeyboardInterrupt. Raises QueryError; LakeError where there is no lake.
    """
    with _explained(limits), connect_readonly(lake, limits.memory, limits.threads, limits.disk) as connection:
        future: Future[Result] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                with connection.time_limit(limits.seconds), _names_explained(connection):
                    future.set_result(use(_distinct(connection.execute(query).to_arrow_reader(BATCH_ROWS))))
            except BaseException as error:
                future.set_exception(error)

        try:
            threading.Thread(target=work, daemon=True).start()
            while not wait([future], timeout=0.1).done:  # the main thread stays free to hear Ctrl-C
                pass
        except KeyboardInterrupt:
            while not future.cancel() and not wait([future], timeout=0.1).done:
                connection.interrupt()  # which a query that has not begun does not hear
            raise
        return future.result()


def statements(text: str) -> tuple[list[str], str]:
    """The statements of a text that end in a semicolon, without it, and what is left."""
    found, start = [], 0
    for piece in _PIECES.finditer(text):
        if piece.group() == ";":
            found.append(text[start : piece.start()].strip())
            start = piece.end()
    return [statement for statement in found if statement], text[start:].strip()


@contextmanager
def _explained(limits: Limits) -> Iterator[None]:
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryError(f"the query was stopped after {limits.seconds:g} seconds") from error
    except RuntimeError as error:
        if "interrupted" in str(error):  # DuckDB's word for Ctrl-C, which came while the lake was being opened
            raise KeyboardInterrupt from error
        raise
    except (duckdb.Error, pa.ArrowException) as error:
        message = str(error)
        if "INTERRUPT" in message:
            raise QueryError(f"the query was stopped after {limits.seconds:g} seconds") from error
        raise QueryError(message.split("\n\n")[0]) from error


@contextmanager
def _names_explained(connection: ReadOnly) -> Iterator[None]:
    """Where a name is not there, the table or macro that may be meant, while DuckDB suggests one of any kind."""
    try:
        yield
    except duckdb.CatalogException as error:
        said = str(error).partition("\n")[0]
        unknown = _UNKNOWN.search(said)
        if unknown is None:
            raise
        names = dict(connection.execute(_NAMES).fetchall())
        near = get_close_matches(unknown.group(1).lower(), names, n=1)
        hint = f"did you mean {names[near[0]]}?" if near else f"the tables are {', '.join(TABLES)}"
        raise QueryError(f"{said.rstrip('!')}; {hint}") from error


def _distinct(rows: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """The rows with `a`, `a_1` and so on in place of columns of one name."""
    names: list[str] = []
    for name in rows.schema.names:
        k, free = 0, name
        while free in names:
            k += 1
            free = f"{name}_{k}"
        names.append(free)
    schema = pa.schema([field.with_name(name) for field, name in zip(rows.schema, names, strict=True)])
    return pa.RecordBatchReader.from_batches(
        schema, (pa.RecordBatch.from_arrays(batch.columns, schema=schema) for batch in rows)
    )
