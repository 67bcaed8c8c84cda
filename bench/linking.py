"""Measures linking alone on a lake grown by translation: python -m bench.linking LAKE --times 1 5 25.

Linking is the one stage that looks at all articles of the lake, so its time and memory decide how large a lake one
machine can keep. A lake is made k times as large by adding its rows k - 1 times with other vowels and consonants in
every word, so that the copies share as little with each other as articles do, and name other people. Each size is
measured in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from tasks import linking
from tasks.freeing import ARROW
from tasks.lake import Lake, connect, scan, sql_string
from tasks.linked import Memory
from tasks.linking import LINKED_TABLES, NO_OPTIONS, link, linked_sql

VOWELS, CONSONANTS = "aeiou", "bcdfgklmnprstv"
GROUP_ROWS = 2048  # as few as in a lake, where a row group has 4 MB of text
PARTS = ("find_stories", "_identify", "find_utterances")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lake", type=Path)
    parser.add_argument("--times", type=int, nargs="+", default=[1, 5])
    parser.add_argument("--memory-limit", default="512MB")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, given.memory_limit)))
        return
    for times in given.times:
        with tempfile.TemporaryDirectory() as folder:
            grow(Lake(given.lake.absolute()), Path(folder), times)
            command = [sys.executable, "-m", "bench.linking", str(given.lake), "--measure", folder]
            command += ["--memory-limit", given.memory_limit]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ, **ARROW})
        found = json.loads(done.stdout)
        print(
            f"{found.pop('articles'):>9,} articles, {found.pop('quotes'):,} quotes, {found.pop('mentions'):,} mentions"
        )
        for name, value in found.items():
            print(f"          {name}: {value}", flush=True)


def grow(lake: Lake, folder: Path, times: int) -> None:
    """Writes the rows that linking reads, ``times`` as many."""
    with connect(lake) as connection:
        for table in LINKED_TABLES:
            copies = [translated(connection, scan(table, lake.files(table)), k) for k in range(times)]
            target = sql_string(str(folder / f"{table.name}.parquet"))
            connection.execute(
                f"COPY ({' UNION ALL '.join(copies)}) TO {target} (FORMAT parquet, ROW_GROUP_SIZE {GROUP_ROWS})"
            )


def translated(connection: duckdb.DuckDBPyConnection, rows: str, k: int) -> str:
    """SQL for the rows in the k-th tongue."""
    if k == 0:
        return f"SELECT * FROM {rows}"
    letters = VOWELS + CONSONANTS
    others = turned(VOWELS, k) + turned(CONSONANTS, k // len(VOWELS))
    letters, others = letters + letters.upper(), others + others.upper()
    columns = []
    for name, type_, *_ in connection.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall():
        if name.endswith("_id"):
            columns.append(f"md5({name} || '{k}') AS {name}")
        elif name in ("text", "title", "content", "speaker", "speaker_role", "name"):
            columns.append(f"translate({name}, '{letters}', '{others}') AS {name}")
        elif name == "verbatim" and type_ == "VARCHAR[]":
            columns.append(f"list_transform(verbatim, lambda x: translate(x, '{letters}', '{others}')) AS verbatim")
        else:
            columns.append(name)
    return f"SELECT {', '.join(f'{c}' for c in map(quoted, columns))} FROM {rows}"


def turned(letters: str, k: int) -> str:
    k %= len(letters)
    return letters[k:] + letters[:k]


def quoted(column: str) -> str:
    return f'"{column}"' if column.isidentifier() else column


def measure(folder: Path, memory_limit: str) -> dict[str, Any]:
    """Seconds of processor and peak memory, by part."""
    found: dict[str, Any] = {}

    def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any) -> Any:
            before = time.process_time()
            result = work(*given)
            found[name.removeprefix("_")] = f"{time.process_time() - before:.2f} s, peak so far {peak():,.0f} MB"
            return result

        return run

    for name in PARTS:
        setattr(linking, name, timed(name, getattr(linking, name)))
    lake = Lake(folder / "none")
    lake.internal.mkdir(parents=True)
    first, second = folder / "first", folder / "second"
    for kept in (first, second):
        kept.mkdir()
    with connect(lake, memory_limit) as connection:
        rows = {t.name: scan(t, [folder / f"{t.name}.parquet"]) for t in LINKED_TABLES}
        counts = {n: connection.execute(f"SELECT count(*) FROM {r}").fetchall()[0][0] for n, r in rows.items()}
        at_first, before = peak(), time.process_time()
        link(connection, rows, NO_OPTIONS, (), Memory(None, first))
        seconds = time.process_time() - before
        found["in all"] = (
            f"{seconds:.1f} s of processor, {1e3 * seconds / counts['articles']:.2f} ms an article;"
            f" {at_first:,.0f} MB at first, {peak():,.0f} MB at its peak"
        )
        # Linked once more, as the lake is after that, with an article that has changed.
        for table in LINKED_TABLES:
            target = folder / f"linked_{table.name}.parquet"
            copied = linked_sql(table, rows[table.name])
            connection.execute(
                f"COPY {copied} TO {sql_string(str(target))} (FORMAT parquet, ROW_GROUP_SIZE {GROUP_ROWS})"
            )
            rows[table.name] = scan(table, [target])
    with connect(lake, memory_limit) as connection:
        connection.execute(f"CREATE TEMP TABLE changed AS SELECT article_id FROM {rows['articles']} LIMIT 1")
        once, found = found, {}
        before = time.process_time()
        link(connection, rows, NO_OPTIONS, (), Memory(first, second))
        seconds = time.process_time() - before
    again = {f"{name}, one article": value for name, value in found.items()}
    return counts | once | again | {"in all, one article": f"{seconds:.2f} s of processor"}


def peak() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


if __name__ == "__main__":
    main()
