"""What is kept of texts and of the pairs that were compared, so that only what has changed is grouped anew.

Rows are known by their number in the table of all rows. Rows that went make those behind them move up, and new ones
come last.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tasks.copies.buckets import HALF, LOW, Packed
from tasks.copies.candidates import Flags, distinct, packed
from tasks.copies.words import Numbers, WordFile
from tasks.linked import Memory

ROWS, PAIRS, WORDS = "{}.parquet", "{}_pairs.parquet", "{}.words"
IN_USE = 0.5  # of the words in a file, at least


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows that stay of the last time, the pairs among them, and what became of all rows.

    ``numbers`` has the number of every row of the last time, -1 for those that went, with another -1 behind, so that
    ``numbers[-1]`` is -1. ``groups`` has the group of every row that stays, which is a row, or -1. ``bereft`` are rows
    that were a pair with one that went, ``groups_left`` the groups that one went from.
    """

    rows: pa.Table
    pairs: Packed
    numbers: Numbers
    groups: Numbers
    bereft: Numbers
    groups_left: Numbers

    def groups_of(self, rows: Numbers, are_stale: Flags) -> Numbers:
        """The group that each of some rows had, itself where it had none or is to be grouped anew."""
        found = padded(self.groups, len(are_stale), -1)[rows]
        return np.where((found < 0) | are_stale[rows], rows, found)


def read_kept(memory: Memory, name: str, schema: pa.Schema, gone: dict[str, pa.Array]) -> Kept:
    """What was kept under a name, without the rows that have one of the values of ``gone``, by column."""
    if memory.before is None:
        nothing = np.empty(0, np.int64)
        return Kept(schema.empty_table(), np.empty(0, np.uint64), np.full(1, -1), nothing, nothing, nothing)
    rows = pq.read_table(memory.before / ROWS.format(name), schema=schema, partitioning=None)
    stay = np.ones(len(rows), np.bool_)
    for column, values in gone.items():
        stay &= ~np.asarray(pc.is_in(rows[column], values))
    numbers = np.append(np.where(stay, np.cumsum(stay) - 1, -1), -1)
    pairs = pq.read_table(memory.before / PAIRS.format(name), partitioning=None)["pair"].to_numpy()
    one, other = numbers[(pairs >> HALF).astype(np.int64)], numbers[(pairs & LOW).astype(np.int64)]
    both = (one >= 0) & (other >= 0)
    bereft = np.maximum(one, other)[~both]
    groups = numbers[rows["group"].to_numpy()]
    return Kept(
        rows.filter(pa.array(stay)),
        packed(one[both], other[both]),
        numbers,
        groups[stay],
        bereft[bereft >= 0],
        groups[~stay & (groups >= 0)],
    )


def write_kept(memory: Memory, name: str, rows: pa.Table, pairs: Packed) -> None:
    """Keeps rows and the pairs among them, for ``read_kept``."""
    pq.write_table(rows, memory.after / ROWS.format(name), compression="zstd")
    pq.write_table(
        pa.table({"pair": pairs}),
        memory.after / PAIRS.format(name),
        compression="zstd",
        use_dictionary=False,
        column_encoding={"pair": "DELTA_BINARY_PACKED"},
    )


def look_after(memory: Memory, file: WordFile, n_used: int) -> None:
    """Wears the memory out if most of the words in the file are of texts that went."""
    if n_used < IN_USE * file.end:
        memory.wear_out()


def word_file(memory: Memory, name: str) -> Path:
    """The file for the words of the texts, with the words that were kept."""
    path = memory.after / WORDS.format(name)
    if memory.before is not None:
        (memory.before / WORDS.format(name)).rename(path)
    return path


def in_rows(pairs: Packed, rows: Numbers) -> Packed:
    """Pairs of places in ``rows`` as sorted pairs of row numbers, the lower first."""
    one, other = rows[(pairs >> HALF).astype(np.int64)], rows[(pairs & LOW).astype(np.int64)]
    return distinct(packed(np.minimum(one, other), np.maximum(one, other)))


def stale(pairs: Packed, kept: Kept, changed: Numbers, n_rows: int) -> Flags:
    """Which rows have to be grouped anew: all that are reached, along the pairs of now, from what has changed.

    That is ``changed`` rows, and rows of which a pair came or went. In all other parts of the graph, rows and pairs are
    what they were, and so are the groups.
    """
    flags = np.zeros(n_rows, np.bool_)
    came_or_went = np.setxor1d(pairs, kept.pairs, assume_unique=True)
    for some in (came_or_went >> HALF, came_or_went & LOW, kept.bereft, changed):
        flags[some.astype(np.int64)] = True
    one, other = (pairs >> HALF).astype(np.int64), (pairs & LOW).astype(np.int64)
    while True:
        spreading = flags[one] != flags[other]
        if not spreading.any():
            return flags
        flags[one[spreading]] = flags[other[spreading]] = True


def padded(values: npt.NDArray[Any], n: int, value: object) -> npt.NDArray[Any]:
    """The values of kept rows, with one for each row that is new."""
    return np.concatenate([values, np.full(n - len(values), value, values.dtype)])
