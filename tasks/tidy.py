"""Removes what runs leave behind, staged rows of dead runs and old reports, and notes when a lake was maintained."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.tables import TABLES
from tasks.commit import FILES, recover, temporary
from tasks.lake import Lake

# Folders that this software made: the time in UTC at which a run started, and a digest.
REPORT_NAME = re.compile(r"(\d{8}T\d{6}\.\d{6})Z-[0-9a-f]{8}")


def vacuum(lake: Lake) -> dict[str, Any]:
    """Finishes or undoes what a dead run left, and removes its files: whether a commit was finished, files and bytes.

    The caller holds the writer lock, so no other run is at work.
    """
    folders = [lake.staging, lake.unfinished, lake.spill_dir]
    rubbish = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    rubbish += [path for table in TABLES.values() for path in lake.table_dir(table).rglob("*.tmp")]
    rubbish += lake.reports.glob("*/*.tmp")
    unfinished = temporary(lake.catalog)
    rubbish += [unfinished] if unfinished.exists() else []
    sizes = {path: path.stat().st_size for path in rubbish}
    finished = recover(lake)
    unfinished.unlink(missing_ok=True)
    removed = [size for path, size in sizes.items() if not path.exists()]
    return {"finished_commit": finished, "n_files": len(removed), "n_bytes": sum(removed)}


def outdated_reports(names: Iterable[str], now: datetime, keep_reports: int, keep_days: int) -> list[str]:
    """The reports to remove: neither among the last ``keep_reports`` nor younger than ``keep_days`` days.

    ``names`` are names of folders; those that are not named as runs are left alone. ``now`` has a time zone.
    """
    started = {name: at for name in names if (at := _started_at(name))}
    newest = sorted(started, reverse=True)
    return sorted(name for name in newest[keep_reports:] if now - started[name] > timedelta(days=keep_days))


def prune_reports(lake: Lake, now: datetime, keep_reports: int, keep_days: int) -> list[str]:
    """Removes the outdated reports of a lake; returns their names."""
    folder = lake.root / "reports"
    names = [path.name for path in folder.glob("*/") if not path.is_symlink()] if folder.is_dir() else []
    outdated = outdated_reports(names, now, keep_reports, keep_days)
    for name in outdated:
        shutil.rmtree(folder / name)
    return outdated


def write_maintained(lake: Lake, done: dict[str, Any]) -> None:
    """Keeps what a maintenance did as reports/maintenance.json, so that everybody sees when it last was."""
    target = lake.root / "reports" / "maintenance.json"
    target.parent.mkdir(exist_ok=True)
    FILES.write(temporary(target), (json.dumps(done, ensure_ascii=False, indent=2) + "\n").encode())
    FILES.rename(temporary(target), target)


def last_maintained(lake: Lake) -> dict[str, Any] | None:
    """What the last maintenance did; None where there was none, or its record can't be read."""
    try:
        found: dict[str, Any] = json.loads((lake.root / "reports" / "maintenance.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _started_at(name: str) -> datetime | None:
    match = REPORT_NAME.fullmatch(name)
    if not match:
        return None
    try:
        return datetime.strptime(match[1], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
    except ValueError:
        return None
