"""Indexes of words, beside the tables, so that a search need not read every text.

<lake>/.onrecord/index/articles/2019-03.<stamp>/part-0.parquet    published_month, word, places: of titles and texts
<lake>/.onrecord/index/quotes/2019-03.<stamp>/part-0.parquet      published_month, word, places: of contents

A place is a row of the month's file and a word in it: row << 24 | number of the word, from 1. The stamp is the size and
the time of change of the file that was indexed, so an index is either right or not there. What has none is read
instead, by the query that would build it.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Collection, Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.tables import ARTICLES, QUOTES, Table
from tasks.lake import Lake, sql_paths, sql_string

SLICE_BYTES = 64 * 1024 * 1024  # of a data file's columns, indexed at once
INDEXED = (ARTICLES, QUOTES)
# The empty word between title and text keeps a phrase from running over both; it is no word itself.
WORDS = {
    ARTICLES.name: "list_concat(string_split(plain(title), ' '), [''], string_split(plain(text), ' '))",
    QUOTES.name: "string_split(plain(content), ' ')",
}
NO_WORDS = "SELECT NULL::VARCHAR AS published_month, NULL::VARCHAR AS word, NULL::BIGINT[] AS places WHERE false"
# All words of a group are read where one of them is looked up, so they are packed for speed. Differences between places
# are small numbers; nobody asks for the least place.
_STORED: dict[str, Any] = {
    "compression": {"published_month": "zstd", "word": "lz4", "places.list.element": "zstd"},
    "column_encoding": {"places.list.element": "DELTA_BINARY_PACKED"},
    "use_dictionary": ["published_month"],
    "write_statistics": ["word"],
}
GROUP_ROWS, GROUP_PLACES = 4096, 32_768  # in a row group at most; a word with more places has one to itself


def folding_sql() -> str:
    """The macros by which words are compared, in texts, indexes and questions alike."""
    return resources.files("schemas").joinpath("sql/folding.sql").read_text("utf-8")


def index_root(lake: Lake) -> Path:
    """Where the indexes of a lake lie."""
    return lake.internal.absolute() / "index"


def refresh_indexes(
    connection: duckdb.DuckDBPyConnection, lake: Lake, root: Path, tables: Iterable[Table] = INDEXED
) -> set[Path]:
    """Indexes the files that have changed since they were indexed; returns the indexes of those that are gone.

    The connection has the macros of `folding_sql`. The caller holds the lock of the catalog, and keeps commits out
    (tasks.commit.settled).
    """
    wanted = {folder: (table, path) for table in tables for folder, path in _wanted(lake, table, root).items()}
    for folder, (table, path) in wanted.items():
        if not folder.exists():
            _write(connection, table, path, folder)
    return set(root.glob("*/*/")) - wanted.keys()


def missing_indexes(lake: Lake) -> int:
    """How many of the files that are to be indexed are not, in the lake itself."""
    wanted = [folder for table in INDEXED for folder in _wanted(lake, table, index_root(lake))]
    return sum(not folder.exists() for folder in wanted)


def drop_indexes(lake: Lake, paths: Collection[Path]) -> None:
    """Removes the indexes of some of the lake's files, and those of files that are gone.

    The caller keeps readers out (tasks.lake.commit_lock).
    """
    root = index_root(lake)
    for table in INDEXED:
        kept = {folder for folder, path in _wanted(lake, table, root).items() if path not in paths}
        for folder in _present(table, root) - kept:
            shutil.rmtree(folder)


def _write(connection: duckdb.DuckDBPyConnection, table: Table, path: Path, folder: Path) -> None:
    draft = folder.parent.parent / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for number, query in enumerate(_queries(table, path)):
        rows = connection.sql(query).to_arrow_reader(GROUP_ROWS)
        file = draft / f"part-{number}.parquet"
        with pq.ParquetWriter(file, rows.schema, **_STORED) as writer:
            for batch in rows:
                for start, stop in _groups(batch):
                    writer.write_batch(batch.slice(start, stop - start))
    folder.parent.mkdir(exist_ok=True)
    draft.rename(folder)


def _groups(batch: pa.RecordBatch) -> Iterator[tuple[int, int]]:
    """The row groups of a batch: where a word is looked up, its group is read, so frequent words get small ones."""
    ends = np.cumsum(pc.list_value_length(batch.column("places")).to_numpy())
    start = before = 0
    while start < batch.num_rows:
        stop = max(start + 1, int(np.searchsorted(ends, before + GROUP_PLACES, side="right")))
        yield start, stop
        start, before = stop, int(ends[stop - 1])


def index_sql(lake: Lake, table: Table, root: Path) -> str:
    """SQL for the index of a table as its files are now: what is indexed, and the rest made on the spot."""
    wanted = _wanted(lake, table, root)
    present = _present(table, root) & wanted.keys()
    ready = [path for folder in sorted(present) for path in sorted(folder.iterdir())]
    parts = [f"(FROM read_parquet({sql_paths(ready)}))"] if ready else []
    parts += [f"({query})" for folder in wanted.keys() - present for query in _queries(table, wanted[folder])]
    return " UNION ALL BY NAME ".join(parts) or NO_WORDS


def index_files(root: Path) -> list[Path]:
    """All files of the indexes."""
    return sorted(root.glob("*/*/part-*.parquet"))


def _present(table: Table, root: Path) -> set[Path]:
    return set((root / table.name).glob("*/"))


def _wanted(lake: Lake, table: Table, root: Path) -> dict[Path, Path]:
    """The files of a table by the folder of their index, which is theirs only as long as they stay as they are."""
    wanted = {}
    for path in lake.files(table):
        stat = path.stat()
        wanted[root / table.name / f"{_month(path)}.{stat.st_size:x}-{stat.st_mtime_ns:x}"] = path
    return wanted


def _month(path: Path) -> str:
    return path.parent.name.partition("=")[2]


def _queries(table: Table, path: Path) -> Iterator[str]:
    """SQL for the parts of a file's index, each over as many rows as fit into memory."""
    file = sql_paths([path])
    metadata = pq.read_metadata(path)
    n_bytes = sum(metadata.row_group(k).total_byte_size for k in range(metadata.num_row_groups))
    n_rows = max(1, math.ceil(metadata.num_rows / max(1, math.ceil(n_bytes / SLICE_BYTES))))
    for start in range(0, max(1, metadata.num_rows), n_rows):
        yield f"""
            SELECT {sql_string(_month(path))} AS published_month, word, list(place ORDER BY place) AS places
            FROM (SELECT unnest(_words) AS word, (file_row_number << 24) + generate_subscripts(_words, 1) AS place
                  FROM (SELECT file_row_number, {WORDS[table.name]} AS _words
                        FROM read_parquet({file}, file_row_number = true, hive_partitioning = false)
                        WHERE file_row_number >= {start} AND file_row_number < {start + n_rows}))
            WHERE word <> '' GROUP BY word ORDER BY word"""
