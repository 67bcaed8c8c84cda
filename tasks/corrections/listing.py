"""What was decided, and what has become of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from tasks.ask import to_rows
from tasks.catalog import connect_readonly
from tasks.corrections.file import corrections_file, read
from tasks.corrections.table import decision_row
from tasks.lake import Lake

WAITING = "waiting"  # the status of a decision that no run has seen yet


def list_decisions(lake: Lake, chosen: Path | None = None) -> dict[str, Any]:
    """The corrections ``file``, its ``decisions`` in their order, and the ``problems`` of its lines.

    A decision has the columns of the table corrections, as far as it is known there, else the status WAITING. Raises
    CorrectionsError where the file can't be read.
    """
    path = corrections_file(lake, chosen)
    found = read(path)
    known: dict[str, dict[str, Any]] = {}
    if found.decisions:
        with connect_readonly(lake) as connection:
            rows = to_rows(connection.execute("FROM corrections").to_arrow_table())
            known = {row["decision_id"]: row for row in rows}
    rows = []
    for decision in found.decisions:
        row = decision_row(decision) | {"status": WAITING}
        rows.append(known.get(decision.id, row))
    return {
        "file": str(path),
        "decisions": rows,
        "problems": [{"line": problem.line, "reason": problem.reason} for problem in found.problems],
    }


def count_decisions(lake: Lake, chosen: Path | None = None) -> dict[str, Any]:
    """The ``statuses`` of all decisions with the number of each, and the ``problems`` of the file's lines."""
    found = list_decisions(lake, chosen)
    return {"statuses": dict(Counter(row["status"] for row in found["decisions"])), "problems": found["problems"]}
