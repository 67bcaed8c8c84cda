"""Rows that have to do with each other, in blocks that can be worked on one by one."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Numbers: TypeAlias = npt.NDArray[np.int64]

BLOCK = 20_000  # rows; a block has more where its last component goes on


def in_blocks(rows: pa.Table) -> pa.Table:
    """The rows that keys join with those to start from, with the number of their ``block``.

    ``keys`` has one key or more a row, ``is_start`` tells where to start from; both columns are dropped. Rows with a
    common key, and rows that others join, are in one block.
    """
    component = components(rows["keys"])
    reached = np.isin(component, component[rows["is_start"].to_numpy()])
    (chosen,) = reached.nonzero()
    chosen = chosen[component[chosen].argsort(kind="stable")]
    first_of_component = component[chosen].searchsorted(component[chosen])
    return rows.take(chosen).drop(["keys", "is_start"]).append_column("block", pa.array(first_of_component // BLOCK))


def components(rows: pa.ChunkedArray) -> Numbers:
    """For each row, a list of one key or more, the number of the first that keys join it with, straight or through
    others.

    Numbers are handed on along keys, to the row that a row has its number from as well, as in Zhang, Azad and Hu's
    FastSV (2020): the rounds grow with the logarithm of the rows, however long a chain is.
    """
    lists = rows.combine_chunks()
    row_of_key = pc.list_parent_indices(lists).to_numpy()
    keys = pc.list_flatten(lists).dictionary_encode().indices.to_numpy()
    by_key = keys.argsort(kind="stable")
    rows_by_key, starts_by_key, starts_by_row = row_of_key[by_key], _starts(keys[by_key]), _starts(row_of_key)
    found, before = np.arange(len(lists)), None
    while before is None or not np.array_equal(found, before):
        before = found
        least_of_key = np.minimum.reduceat(found[rows_by_key], starts_by_key)
        found = np.minimum.reduceat(least_of_key[keys], starts_by_row)
        np.minimum.at(found, before, found.copy())
        found = found[found]
    return found


def _starts(numbers: Numbers) -> Numbers:
    """Where each run of equal numbers starts."""
    return np.flatnonzero(np.diff(numbers, prepend=-1))
