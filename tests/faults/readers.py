"""Commits and queries at the same time: every query must see one whole commit, and neither side wait for ever.

    python -m tests.faults.readers --commits 100 --queries 1000

Each commit gives every row of two tables the number of the commit, and adds or drops a month. A query that asks both
tables must find one number. Who reads Parquet files without a lock must find every file whole, of one commit by itself.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from collections import Counter
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import ARTICLES, LINKS, Table
from tasks.catalog import build_catalog, connect_readonly
from tasks.commit import commit, recover, temporary
from tasks.lake import Lake, init_lake, writer_lock

MONTHS = ("2024-01", "2024-02")
N_ROWS = 2_000  # in a file
WHOLE = """
    SELECT run_id FROM articles UNION SELECT run_id FROM links ORDER BY ALL
"""


def rows(table: Table, number: int) -> pa.Table:
    """Rows in which nothing is filled but what tells one commit from another."""
    empty = {f.name: pa.nulls(N_ROWS, f.type) for f in table.schema}
    return pa.table(empty | {"run_id": [f"{number:06d}"] * N_ROWS}).cast(
        pa.schema([f.with_nullable(True) for f in table.schema])
    )


def change(lake: Lake, number: int) -> None:
    """Commit number ``number``; links have February in every other one only."""
    with writer_lock(lake, wait_seconds=60):
        recover(lake)
        replaced: list[Path] = []
        deleted = [path for path in map(lake.partition_file, (ARTICLES, LINKS)) if path.exists()]  # the empty ones
        for table in (ARTICLES, LINKS):
            for month in MONTHS:
                target = lake.partition_file(table, month)
                if table is LINKS and month == MONTHS[1] and number % 2:
                    deleted += [target] if target.exists() else []
                    continue
                target.parent.mkdir(exist_ok=True)
                pq.write_table(rows(table, number), temporary(target))
                replaced.append(target)
        commit(lake, f"{number:06d}", replaced, deleted)
        if number % 10 == 0:
            build_catalog(lake)


def make(root: Path) -> Lake:
    """A lake after the first commit."""
    lake = Lake(root)
    init_lake(lake)
    change(lake, 0)
    return lake


def write(root: Path, n: int) -> None:
    """Commits 1 to ``n``, one after the other."""
    for number in range(1, n + 1):
        change(Lake(root), number)


def ask(lake: Lake) -> int:
    """The number of the commit that a query sees; AssertionError where it sees more than one."""
    with connect_readonly(lake) as connection:
        seen = [run_id for (run_id,) in connection.execute(WHOLE).fetchall()]
    assert len(seen) == 1, seen
    return int(seen[0])


def ask_catalog(lake: Lake) -> None:
    """Reads a table through the catalog file without a lock: all rows there, each file of one commit."""
    with duckdb.connect(str(lake.catalog), read_only=True) as connection:
        query = "SELECT published_month, count(*), count(DISTINCT run_id) FROM articles GROUP BY ALL ORDER BY ALL"
        assert connection.execute(query).fetchall() == [(month, N_ROWS, 1) for month in MONTHS]


def ask_files(lake: Lake) -> None:
    """Reads a table's files without a lock: each is whole and of one commit."""
    for path in lake.files(ARTICLES):
        numbers = pq.read_table(path, columns=["run_id"], partitioning=None)["run_id"].unique()
        assert len(numbers) == 1, path


def main() -> None:
    """Commits in one process, asks in this one, and says what was seen."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--commits", type=int, default=100)
    parser.add_argument("--queries", type=int, default=1000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        lake = make(Path(name) / "lake")
        writer = multiprocessing.get_context("spawn").Process(target=write, args=(lake.root, given.commits))
        writer.start()
        seen, slowest, last = Counter[int](), 0.0, -1
        for number in range(given.queries):
            started = time.monotonic()
            found = ask(lake)
            slowest = max(slowest, time.monotonic() - started)
            assert found >= last, "an older commit than before"
            last = found
            seen[found] += 1
            if number % 5 == 0:
                ask_catalog(lake)
                ask_files(lake)
        writer.join()
        assert writer.exitcode == 0
        print(
            f"{given.queries} queries saw {len(seen)} of {given.commits} commits, each whole; slowest {slowest:.2f} s"
        )
        print(f"the last query saw commit {last}; commits and queries ended in their own time")


if __name__ == "__main__":
    main()
