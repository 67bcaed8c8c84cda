"""Writes the rows of a table into its month files: sorted, in bounded memory, and the same bytes for the same rows.

DuckDB sorts narrow rows out of core, but not rows with texts. So the keys are sorted first, to cut the table into
slices that fit into memory, and then the slices are sorted and written one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import groupby, takewhile
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.fields import TIMESTAMP
from schemas.tables import Table

GROUP_ROWS = 50_000
GROUP_BYTES = 4 * 1024 * 1024  # of strings, in a row group: what is read for one row of it
SLICES = 10  # a slice has this part of DuckDB's memory limit: sorting takes four times as much, joins have the rest
ROW_BYTES = 200  # what a row takes besides its strings
BATCH_ROWS = 2048
_Key = dict[str, Any]  # values of the first columns of a table's order


def month_sql(table: Table, alias: str = "") -> str:
    """SQL for the month (`YYYY-MM`, or NULL) whose file a row belongs to."""
    column = f"{alias}.{table.partition}" if alias else table.partition
    return f"strftime({column}, '%Y-%m')"


def write_partitions(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    rows: str,
    path_of: Callable[[str | None], Path],
    slice_bytes: int | None = None,
) -> dict[str | None, int]:
    """Writes the rows of the SQL subquery ``rows`` to ``path_of(month)``; returns the number of rows of each month.

    Rows are in the table's order and in row groups whose bounds depend on nothing but the rows. ``slice_bytes`` of
    rows are sorted at once, by default what DuckDB's memory limit allows.
    """
    if slice_bytes is None:
        limit = connection.execute("SELECT parse_formatted_bytes(current_setting('memory_limit'))").fetchall()[0][0]
        slice_bytes = int(limit) // SLICES
    written: dict[str | None, int] = {}
    writer: _Writer | None = None
    try:
        for batch in _sorted_batches(connection, table, rows, slice_bytes):
            start = 0
            for month, group in groupby(batch.column("_month").to_pylist()):
                n = len(list(group))
                if month not in written:
                    if writer:
                        writer.close()
                    writer = _Writer(path_of(month), table)
                    written[month] = 0
                assert writer
                writer.add(batch.slice(start, n).select(table.column_names))
                written[month] += n
                start += n
        if writer:
            writer.close()
    except BaseException:
        if writer:
            writer.abandon()
        raise
    return written


def _sorted_batches(
    connection: duckdb.DuckDBPyConnection, table: Table, rows: str, slice_bytes: int
) -> Iterator[pa.RecordBatch]:
    cuts = _cuts(connection, table, rows, slice_bytes)
    for lower, upper in zip([None, *cuts], [*cuts, None], strict=True):
        where, values = _slice_sql(table, lower, upper)
        query = f"SELECT {_list(table.column_names)}, {month_sql(table)} AS _month FROM {rows} WHERE {where}"
        ordered = connection.sql(f"{query} {_order(table.sort_by)}", params=values)
        yield from ordered.to_arrow_reader(BATCH_ROWS)


def _cuts(connection: duckdb.DuckDBPyConnection, table: Table, rows: str, slice_bytes: int) -> list[_Key]:
    """The keys at which slices begin, the first apart: the columns of the table's order up to the first id."""
    size = _size_sql(table)
    total = connection.execute(f"SELECT coalesce(sum({size}), 0) FROM {rows}").fetchall()[0][0]
    if total <= slice_bytes:
        return []
    last = next(i for i, name in enumerate(table.sort_by) if name.endswith("_id"))
    key = table.sort_by[: last + 1]
    query = f"SELECT {_list(key)}, sum({size})::BIGINT AS _size FROM {rows} GROUP BY {_list(key)} {_order(key)}"
    cuts, used = [], 0
    for batch in connection.sql(query).to_arrow_reader(50_000):
        for i, n_bytes in enumerate(batch.column("_size").to_pylist()):
            if used and used + n_bytes > slice_bytes:
                cuts.append({name: batch.column(name)[i].as_py() for name in key})
                used = 0
            used += n_bytes
    return cuts


def _list(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _order(names: Iterable[str]) -> str:
    return "ORDER BY " + ", ".join(f'"{name}" NULLS LAST' for name in names)


def _size_sql(table: Table) -> str:
    lengths = {pa.string(): "strlen", pa.binary(): "octet_length"}
    parts = [f'coalesce({lengths[c.type]}("{c.name}"), 0)' for c in table.columns if c.type in lengths]
    return " + ".join([str(ROW_BYTES), *parts])


def _slice_sql(table: Table, lower: _Key | None, upper: _Key | None) -> tuple[str, list[Any]]:
    """A condition for the rows from one key up to another, and its values. DuckDB, too, sorts NULL in rows last."""
    types = {pa.date32(): "DATE", TIMESTAMP: "TIMESTAMPTZ", pa.string(): "VARCHAR"}
    whole, first, values = "true", [], list[Any]()
    for key, sign in ((lower, ">="), (upper, "<")):
        if not key:
            continue
        names = [f"${len(values) + i}::{types[table.column(name).type]}" for i, name in enumerate(key, start=1)]
        # CASE, because DuckDB 2.0 makes two such comparisons under AND into a BETWEEN that it then refuses.
        whole = f"CASE WHEN {whole} THEN row({_list(key)}) {sign} row({', '.join(names)}) ELSE false END"
        # The first column once more by itself, for Parquet's statistics to pass over files with.
        column, value = next(iter(key.items()))
        if sign == "<" and value is not None:
            first.append(f"{column} <= {names[0]}")
        elif sign == ">=":
            first.append(f"{column} IS NULL" if value is None else f"({column} >= {names[0]} OR {column} IS NULL)")
        values += key.values()
    return " AND ".join([whole, *first]), values


class _Writer:
    """A Parquet file in the making."""

    def __init__(self, path: Path, table: Table) -> None:
        flat = takewhile(lambda name: not pa.types.is_nested(table.column(name).type), table.sort_by)
        order = [(name, "ascending") for name in flat]
        self._schema = table.schema
        self._strings = [c.name for c in table.columns if c.type in (pa.string(), pa.binary())]
        self._file = pq.ParquetWriter(
            path,
            self._schema,
            compression="zstd",
            write_page_index=True,
            sorting_columns=pq.SortingColumn.from_ordering(self._schema, order, "at_end"),
        )
        self._pending: list[pa.RecordBatch] = []
        self._rows = self._bytes = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Takes rows in; a row group is full when the next row would pass either limit."""
        sizes = np.full(batch.num_rows, ROW_BYTES, np.int64)
        for name in self._strings:
            sizes += pc.binary_length(batch.column(name)).fill_null(0).to_numpy(zero_copy_only=False)
        ends = np.cumsum(sizes)
        start, before = 0, 0
        while start < batch.num_rows:
            fits = int(np.searchsorted(ends, before + GROUP_BYTES - self._bytes, side="right"))
            stop = min(fits, start + GROUP_ROWS - self._rows)
            if stop <= start and not self._pending:
                stop = start + 1  # a row larger than a group
            if stop > start:
                self._pending.append(batch.slice(start, stop - start))
                self._rows += stop - start
                self._bytes += int(ends[stop - 1]) - before
                start, before = stop, int(ends[stop - 1])
            if start < batch.num_rows:
                self._flush()

    def close(self) -> None:
        """Writes what is pending and ends the file."""
        self._flush()
        self._file.close()

    def abandon(self) -> None:
        """Ends the file as it is."""
        self._pending = []
        with suppress(Exception):
            self._file.close()

    def _flush(self) -> None:
        if self._pending:
            rows = pa.Table.from_batches(self._pending).cast(self._schema).combine_chunks()
            self._file.write_table(rows, row_group_size=GROUP_ROWS)
        self._pending, self._rows, self._bytes = [], 0, 0
