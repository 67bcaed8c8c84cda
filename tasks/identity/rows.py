"""Tables out of rows and rows out of queries, a batch at a time, so that Python holds few of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import duckdb
import pyarrow as pa

_BATCH = 10_000


def to_table(rows: Iterable[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    """The table of some rows, which have the schema's fields in their order."""
    return pa.Table.from_batches(to_batches(rows, schema), schema)


def to_batches(rows: Iterable[tuple[Any, ...]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The same, a batch at a time."""
    left = iter(rows)
    while some := list(islice(left, _BATCH)):
        columns = zip(*some, strict=True)
        yield pa.record_batch([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    """Adds rows to a table of the connection, by the names of their columns."""
    connection.register("inserted", rows)
    connection.execute(f"INSERT INTO {table} BY NAME FROM inserted")
    connection.unregister("inserted")


def selected(connection: duckdb.DuckDBPyConnection, query: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows that a query gives, in batches of the schema, whose fields are columns of it."""
    for batch in connection.sql(query).to_arrow_reader(_BATCH):
        yield batch.select(schema.names).cast(schema)


def fetched(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    """The rows that a query gives."""
    for batch in connection.sql(query).to_arrow_reader(_BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
