"""Finds files of the lake that this version would write otherwise, and has them written anew.

One file a month leaves nothing to merge. What grows old is how a file is made: the schema it was written under, how it
is compressed, whether it names its order, and how its rows are grouped.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from schemas.tables import SCHEMA_VERSION, TABLES, Table
from tasks.commit import FILES, FileOps
from tasks.lake import Lake
from tasks.publish import rewrite

# Neighbouring row groups that hold less than this together could not come from the writer: it ends a group at
# 50,000 rows or 32 MiB of text.
SMALL_ROWS, SMALL_BYTES = 5_000, 4 * 1024 * 1024


def compact(lake: Lake, memory_limit: str = "512MB", threads: int = 1, ops: FileOps = FILES) -> list[dict[str, Any]]:
    """Rewrites the files that are out of date, in one commit; returns them, each with `file` and `why`.

    Rows and their order stay as they are. The caller holds the writer lock.
    """
    found = {path: why for table in TABLES.values() for path in lake.files(table) if (why := outdated(table, path))}
    if found:
        rewrite(lake, list(found), memory_limit, threads, ops)
    return [{"file": path.relative_to(lake.root).as_posix(), "why": why} for path, why in found.items()]


def outdated(table: Table, path: Path) -> str | None:
    """Why this version would write the file otherwise; None where it would not."""
    with pq.ParquetFile(path) as file:
        metadata, schema = file.metadata, file.schema_arrow
    version = (schema.metadata or {}).get(b"onrecord.schema_version", b"").decode("ascii", "replace")
    if version != SCHEMA_VERSION:
        return f"written under schema {version or 'unknown'}"
    if schema.names != table.column_names:
        return "the columns are not in the order of the schema"
    groups = [group for i in range(metadata.num_row_groups) if (group := metadata.row_group(i)).num_rows]
    codecs = {group.column(i).compression for group in groups for i in range(group.num_columns)}
    if codecs - {"ZSTD"}:
        return f"compressed with {', '.join(sorted(codecs - {'ZSTD'})).lower()}"
    if table.partition and any(not group.sorting_columns for group in groups):
        return "it does not name its order"
    for one, other in pairwise(groups):
        if one.num_rows + other.num_rows < SMALL_ROWS and one.total_byte_size + other.total_byte_size < SMALL_BYTES:
            return f"cut into {len(groups)} small row groups"
    return None
