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
    return pa.Table.from_batches(_batches(iter(rows), schema), schema)


def _batches(rows: Iterator[tuple[Any, ...]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    while some := list(islice(rows, _BATCH)):
        columns = zip(*some, strict=True)
        yield pa.record_batch([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def fetched(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    """The rows that a query gives."""
    for batch in connection.sql(query).to_arrow_reader(_BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
