"""How the lake is doing: what its runs read and made, how that changes, what was refused and why, what was checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tasks.explore.reader import Reading
from tasks.lake import Lake
from tasks.reasons import REASONS

RUNS_SHOWN = 30
REFUSED_A_PAGE = 50
LARGEST_REPORT = 16 * 1024**2  # bytes of a file of a report that is shown

_RUN = """run_id, status, message, started_at, finished_at, code_version, schema_version, extractor, n_files,
    n_files_unchanged, n_records, n_written, n_unchanged, n_superseded, n_quarantined, n_quotes, n_mentions, stages"""


def list_runs(reading: Reading) -> list[dict[str, Any]]:
    """The last runs, newest first; ``balances`` says whether what came out adds up to what went in."""
    rows = reading.rows(f"SELECT {_RUN} FROM runs ORDER BY started_at DESC, run_id DESC LIMIT {RUNS_SHOWN}")
    return [row | {"balances": balances(row)} for row in rows]


def balances(run: dict[str, Any]) -> bool:
    """Whether every record that was read is accounted for."""
    out = sum(run[f"n_{what}"] for what in ("written", "unchanged", "superseded", "quarantined"))
    return bool(run["n_records"] == out)


def find_run(reading: Reading, run_id: str) -> dict[str, Any] | None:
    """One run with its files, and the results of Great Expectations where its report is still there."""
    run = reading.one("SELECT * REPLACE (files[:500] AS files) FROM runs WHERE run_id = ?", [run_id])
    if run is None:
        return None
    report = _reported(reading.lake, run["run_id"], "run.json") or {}
    return run | {
        "balances": balances(run),
        "validation": _reported(reading.lake, run["run_id"], "validation.json"),
        "drift": report.get("drift", []),
    }


def _reported(lake: Lake, run_id: str, name: str) -> dict[str, Any] | None:
    """What a JSON file in `reports/<run_id>/` says; None where it is gone or can't be read."""
    path: Path = lake.report_dir(run_id) / name
    try:
        if not path.resolve().is_relative_to(lake.root.resolve()) or path.stat().st_size > LARGEST_REPORT:
            return None
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def list_reasons(reading: Reading) -> list[dict[str, Any]]:
    """How many records are refused for each reason, with the reason as a sentence."""
    rows = reading.rows(
        """SELECT reason_code, count(*) AS n, max(last_seen_at) AS last_seen_at FROM quarantine
            WHERE resolved_run_id IS NULL GROUP BY ALL ORDER BY n DESC, reason_code"""
    )
    return [row | {"meaning": REASONS.get(row["reason_code"], row["reason_code"])} for row in rows]


def list_refused(reading: Reading, reason: str, page: int) -> list[dict[str, Any]]:
    """Refused records, newest first, of one reason or all; one more than a page."""
    return reading.rows(
        f"""SELECT quarantine_id, stage, reason_code, reason, source_uri, source_member, last_seen_at, n_attempts,
                   resolved_run_id FROM quarantine WHERE $reason = '' OR reason_code = $reason
            ORDER BY last_seen_at DESC, source_uri, source_member, quarantine_id
            LIMIT {REFUSED_A_PAGE + 1} OFFSET {REFUSED_A_PAGE * (page - 1)}""",
        {"reason": reason},
    )


def find_refused(reading: Reading, key: str) -> dict[str, Any] | None:
    """The refused record whose id is, or begins with, ``key``, with the bytes that were kept of it."""
    query = "FROM quarantine WHERE quarantine_id BETWEEN $key AND rpad($key, 32, 'f') LIMIT 2"
    return reading.only(query, {"key": key})


def printable_bytes(raw: bytes) -> str:
    """Bytes as text to look at: UTF-8 where it is, `\\xNN` for every other byte and control character."""
    text = raw.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text)
