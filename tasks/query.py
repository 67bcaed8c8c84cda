"""Runs SQL that need not be trusted over a lake: read-only, within limits, and to be stopped from the keyboard."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import duckdb
import pyarrow as pa

from tasks.catalog import connect_readonly
from tasks.lake import Lake

BATCH_ROWS = 2048
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
    with connect_readonly(lake, limits.memory, limits.threads, limits.disk) as connection, _explained(limits):
        future: Future[Result] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                with connection.time_limit(limits.seconds):
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
    except (duckdb.Error, pa.ArrowException) as error:
        message = str(error)
        if "INTERRUPT" in message:
            raise QueryError(f"the query was stopped after {limits.seconds:g} seconds") from error
        raise QueryError(message.split("\n\n")[0]) from error


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
