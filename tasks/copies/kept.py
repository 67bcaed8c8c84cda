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
GROUP_ROWS = 50_000  # that lie in memory once more while they are written
IN_USE = 0.5  # of the words in a file, at least


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the rows of the last time, and the pairs among those that stay.

    ``numbers`` has the number of every row of the last time, -1 for those that went, with another -1 behind, so that
    ``numbers[-1]`` is -1. ``groups`` has the group of every row that stays, which is a row, or -1; ``are_texts`` says
    which were compared with others. ``bereft`` are rows that were a pair with one that went, ``groups_left`` the groups
    that one went from.
    """

    pairs: Packed
    numbers: Numbers
    groups: Numbers
    are_texts: Flags
    bereft: Numbers
    groups_left: Numbers


def read_kept(memory: Memory, name: str, schema: pa.Schema, gone: dict[str, pa.Array]) -> tuple[pa.Table, Kept]:
    """What was kept under a name, without the rows that have one of the values of ``gone``, by column: the rows that
    stay, and what became of all.
    """
    if memory.before is None:
        rows, pairs = schema.empty_table(), np.empty(0, np.uint64)
    else:
        rows = pq.read_table(memory.before / ROWS.format(name), schema=schema, partitioning=None)
        pairs = pq.read_table(memory.before / PAIRS.format(name), partitioning=None)["pair"].to_numpy()
    stay = np.ones(len(rows), np.bool_)
    for column, values in gone.items():
        stay &= ~np.asarray(pc.is_in(rows[column], values))
    numbers = np.append(np.where(stay, np.cumsum(stay) - 1, -1), -1)
    one, other = (numbers[side.astype(np.int64)] for side in (pairs >> HALF, pairs & LOW))
    both = (one >= 0) & (other >= 0)
    bereft = np.maximum(one, other)[~both]
    groups = numbers[rows["group"].to_numpy()]
    return rows.filter(pa.array(stay)), Kept(
        packed(one[both], other[both]),
        numbers,
        groups[stay],
        rows["is_text"].to_numpy()[stay],
        bereft[bereft >= 0],
        groups[~stay & (groups >= 0)],
    )


def write_kept(memory: Memory, name: str, rows: pa.Table, pairs: Packed) -> None:
    """Keeps rows and the pairs among them, for ``read_kept``."""
    pq.write_table(rows, memory.after / ROWS.format(name), compression="zstd", row_group_size=GROUP_ROWS)
    pq.write_table(
        pa.table({"pair": pairs}),
        memory.after / PAIRS.format(name),
        compression="zstd",
        row_group_size=GROUP_ROWS,
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


def before_and_changed(kept: Kept, pairs: Packed, texts: Numbers, n_rows: int) -> tuple[Numbers, Flags]:
    """For each text the place of the centre that it had, its own where that is gone; and whether it has changed.

    That is what tasks.copies.groups.regroup asks for. The pairs, of rows, and the rows of the texts are those of now.
    """
    place = np.full(n_rows + 1, -1)
    place[texts] = np.arange(len(texts))
    came_or_went = np.setxor1d(pairs, kept.pairs, assume_unique=True)
    have_changed = np.zeros(n_rows, np.bool_)
    for some in (came_or_went >> HALF, came_or_went & LOW, kept.bereft):
        have_changed[some.astype(np.int64)] = True
    have_changed |= ~padded(kept.are_texts, n_rows, False)
    no_texts_now = kept.are_texts & (place[: len(kept.are_texts)] < 0)
    groups = padded(kept.groups, n_rows, -1)
    have_changed |= np.isin(groups, [*kept.groups_left, *kept.groups[no_texts_now]])
    before = place[groups[texts]]
    is_alone = before < 0
    return np.where(is_alone, np.arange(len(texts)), before), have_changed[texts] | is_alone


def padded(values: npt.NDArray[Any], n: int, value: object) -> npt.NDArray[Any]:
    """The values of kept rows, with one for each row that is new."""
    return np.concatenate([values, np.full(n - len(values), value, values.dtype)])
