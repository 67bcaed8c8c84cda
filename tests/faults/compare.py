"""Whether a lake to which something has happened is what it would be, had nothing happened."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pyarrow.parquet as pq

from schemas.tables import ARTICLES, RUNS, TABLES
from tasks.lake import Lake

# What stays in .onrecord: locks, and what later runs and queries need not compute again.
INTERNAL = {"lock", "commit.lock", "commit.gate", "catalog.lock", "index", "digests", "linked"}


def tables(lake: Lake) -> dict[str, bytes]:
    """Every file of every table but `runs`, whatever its name."""
    return {
        path.relative_to(lake.root).as_posix(): path.read_bytes()
        for name in TABLES
        if name != RUNS.name
        for path in sorted((lake.root / name).rglob("*"))
        if path.is_file()
    }


def runs(lake: Lake, volatile: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows of `runs` without the columns that no two runs share, and without how many workers there were."""
    (file,) = lake.files(RUNS)
    rows = pq.read_table(file).to_pylist()
    for row in rows:
        row["parameters"] = [(name, value) for name, value in row["parameters"] if name != "workers"]
    return [{k: v for k, v in row.items() if k not in volatile} for row in rows]


def leftovers(lake: Lake) -> list[str]:
    """The files in the lake that no undisturbed run leaves there."""
    found = [path for path in lake.internal.rglob("*") if path.relative_to(lake.internal).parts[0] not in INTERNAL]
    found = [path for path in found if path.is_file()]
    found += [path for path in lake.root.rglob("*") if path.name.endswith((".tmp", ".wal"))]
    for report in lake.reports.glob("*/"):
        json.loads((report / "run.json").read_text("utf-8"))
    return sorted({path.relative_to(lake.root).as_posix() for path in found})


def differences(lake: Lake, whole: Lake, was_published: bool, volatile: tuple[str, ...]) -> list[str]:
    """What is not as it would be; empty where all is. Of `runs`, times of day and runs that found nothing to do apart."""
    ours, theirs = tables(lake), tables(whole)
    found = [f"{name} differs" for name in sorted(ours.keys() | theirs.keys()) if ours.get(name) != theirs.get(name)]
    found += [f"{name} is left" for name in leftovers(lake)]
    rows = runs(lake, volatile)
    idle = [row for row in rows if row["n_files"] and row["n_files_unchanged"] == row["n_files"]]
    if idle and not was_published:
        found.append("a run found nothing to do although nothing was published before")
    if [row for row in rows if row not in idle] != runs(whole, volatile):
        found.append("the rows of runs differ")
    with duckdb.connect(str(lake.catalog), read_only=True) as catalog:
        n_articles = sum(pq.read_metadata(path).num_rows for path in lake.files(ARTICLES))
        if catalog.execute("SELECT count(*) FROM articles").fetchall() != [(n_articles,)]:
            found.append("the catalog does not show the articles")
    return found
