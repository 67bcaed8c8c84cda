"""The report of a run, in reports/<run_id>/: facts as JSON, refused records as JSON Lines, and pages drawn from them.

    run.json           the run's row of the runs table, its records by file, format and month, drift
    quarantine.jsonl   every refused record, with its reason and the first of its text: no other file of facts has text
    validation.json    how often each expectation was broken
    index.html         the page for people; data_docs/ has Great Expectations' own

Whoever changes the facts, to take a text out for instance, calls `draw` for the pages to follow.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from schemas.tables import RUNS
from tasks.commit import FILES, settled, temporary
from tasks.datadocs import write_data_docs
from tasks.lake import Lake, LakeError, connect, scan, writer_lock
from tasks.page import render
from tasks.process import ROW_REASONS
from tasks.reasons import REASONS
from tasks.validate import EXAMPLES

FACTS, REFUSED, VALIDATION, PAGE = "run.json", "quarantine.jsonl", "validation.json", "index.html"
RAW_SHOWN = 200  # bytes of a refused record
UNPUBLISHED = "The run ended before it published anything: the lake is as it was before."
COLUMNS = (
    'source_uri, source_member, stage, reason_code, reason, expectation, "column", value, quarantine_id,'
    f" raw[1:{RAW_SHOWN}] AS raw"
)


class NoReport(Exception):
    """There is no report of that run; the message is one sentence."""


def write_facts(
    folder: Path,
    facts: Mapping[str, Any],
    validation: Mapping[str, Mapping[str, Any]],
    refused: duckdb.DuckDBPyConnection,
) -> None:
    """Writes the files that the pages are drawn from. ``refused`` has the run's quarantine rows as the view refused."""
    with (folder / REFUSED).open("w", encoding="utf-8") as lines:
        ordered = refused.sql(f"SELECT {COLUMNS} FROM refused ORDER BY source_uri, source_member, quarantine_id")
        for batch in ordered.to_arrow_reader(10_000):
            for row in batch.to_pylist():
                row["raw"] = (row["raw"] or b"").decode("utf-8", "backslashreplace")
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    _write(folder / VALIDATION, {})
    add_validation(folder, validation)
    _write(folder / FACTS, facts)


def add_validation(folder: Path, validation: Mapping[str, Mapping[str, Any]]) -> None:
    """Adds the results of tables to the facts, without the values that broke an expectation."""
    bare = {
        table: {**result, "expectations": [{**e, "examples": []} for e in result["expectations"]]}
        for table, result in validation.items()
    }
    _write(folder / VALIDATION, _read(folder / VALIDATION) | bare)


def finish(folder: Path, **changes: Any) -> None:
    """Adds how the run ended to its facts, and draws the pages."""
    _write(folder / FACTS, _read(folder / FACTS) | changes)
    draw(folder)


def settle(lake: Lake, folder: Path) -> None:
    """Says so in the facts of a run that died between its report and its commit, so that nobody takes it for done.

    Nothing is said while a run is at work, which may be that one.
    """
    if read_facts(folder)["status"] != "completed":
        return
    with suppress(LakeError), writer_lock(lake), settled(lake), connect(lake) as connection:
        known = f"SELECT count(*) FROM {scan(RUNS, lake.files(RUNS))} WHERE run_id = $run_id"
        if not connection.execute(known, {"run_id": folder.name}).fetchall()[0][0]:
            _write(folder / FACTS, read_facts(folder) | {"status": "failed", "message": UNPUBLISHED})


def draw(folder: Path) -> Path:
    """Draws the pages anew from the facts; returns the page for people. Raises NoReport where there are no facts."""
    if not (folder / FACTS).is_file():
        raise NoReport(f"{folder} holds no report; old ones are removed by maintenance")
    facts = _read(folder / FACTS)
    validation = _read(folder / VALIDATION)
    reasons = {
        code: {"reason_code": code, "n": n, "meaning": REASONS.get(code, ""), "examples": []}
        for code, n in facts["quarantine_reasons"].items()
    }
    broken: dict[tuple[str, str, str | None], list[str]] = {}
    for row in refused_rows(folder):
        examples = reasons.setdefault(
            row["reason_code"], {"reason_code": row["reason_code"], "n": 0, "meaning": "", "examples": []}
        )["examples"]
        if len(examples) < EXAMPLES:
            examples.append(row)
        if row["expectation"] and row["value"]:
            values = broken.setdefault((_table_of(row), row["expectation"], row["column"]), [])
            if len(values) < EXAMPLES:
                values.append(row["value"])
    for table, result in validation.items():
        for expectation in result["expectations"]:
            place = (table, expectation["type"], expectation["column"])
            expectation["examples"] = [] if expectation["success"] else broken.get(place, [])
    write_data_docs(validation, folder, facts["run_id"], datetime.fromisoformat(facts["started_at"]))
    page = folder / PAGE
    _replace(page, render(facts, list(reasons.values()), validation))
    return page


def refused_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """The refused records of a report."""
    with (folder / REFUSED).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def find_report(lake: Lake, run_id: str | None) -> Path:
    """The folder of a run, named by its first characters, or of the last run; raises NoReport."""
    folders = sorted(path.parent for path in lake.reports.glob(f"*/{FACTS}"))
    found = [folder for folder in folders if folder.name.startswith(run_id or "")]
    if not found:
        raise NoReport(
            f"{lake.root} has no report{f' of a run {run_id}' if run_id else ''}; `onrecord status` lists runs"
        )
    if run_id and len(found) > 1:
        raise NoReport(f"{run_id} is the beginning of {len(found)} runs; give more of it")
    return found[-1]


def read_facts(folder: Path) -> dict[str, Any]:
    """The facts of a report."""
    return _read(folder / FACTS)


def _table_of(row: Mapping[str, Any]) -> str:
    return next((table for table, reason in ROW_REASONS.items() if reason == row["reason_code"]), "articles")


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def _write(path: Path, value: Mapping[str, Any] | Sequence[Any]) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    _replace(path, text + "\n")


def _replace(path: Path, text: str) -> None:
    new = temporary(path)
    FILES.write(new, text.encode("utf-8", "backslashreplace"))
    FILES.rename(new, path)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def as_markdown(summary: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """The report in short, for Prefect's pages; no text of an article is in it."""
    n = {name: f"{facts[name]:,}" for name in facts if name.startswith("n_")}
    lines = [
        f"**{summary['headline']}**",
        f"{n['n_records']} records read = {n['n_written']} written + {n['n_unchanged']} unchanged"
        f" + {n['n_superseded']} superseded + {n['n_quarantined']} quarantined",
        *(f"- Unlike earlier runs: {warning}" for warning in summary["warnings"]),
        f"The whole report is in `{summary['report']}`.",
    ]
    return "\n\n".join(lines)
