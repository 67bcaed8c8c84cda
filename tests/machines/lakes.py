"""Compares lakes byte for byte."""

from __future__ import annotations

import hashlib
from pathlib import Path

from schemas.tables import TABLES
from tasks.lake import Lake


def contents(root: Path) -> dict[str, str]:
    """Digests of all files of all tables but `runs`, which says how long the run took and what it was asked for."""
    lake = Lake(root)
    paths = [path for name, table in TABLES.items() if name != "runs" for path in lake.files(table)]
    return {str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}


def compare(expected: dict[str, str], found: dict[str, str]) -> int:
    """Prints the names of files that are not the same; returns how many."""
    differ = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    for name in differ:
        print(f"differs: {name}")
    return len(differ)
