"""Rows that are kept while what they came from is let go."""

from __future__ import annotations

import numpy as np
import pyarrow as pa


def owned(rows: pa.Table) -> pa.Table:
    """A copy of the rows. DuckDB frees the columns of a batch together, so one that is kept keeps the texts as well."""
    return rows.take(pa.array(np.arange(len(rows))))


def in_one_piece(tables: list[pa.Table]) -> pa.Table:
    """The rows of tables, which the list gives up: each column's pieces are let go before the next are put together."""
    joined = pa.concat_tables(tables)
    names, columns = joined.column_names, joined.columns
    tables.clear()
    del joined
    return pa.table([columns.pop(0).combine_chunks() for _ in names], names=names)
