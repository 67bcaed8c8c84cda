"""Whole runs over raw files as plain functions, without Prefect, for the tests of what later runs find in the lake."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tasks import process
from tasks.clock import Clock
from tasks.commit import writing
from tasks.deduplicate import deduplicate
from tasks.discover import Discovery, discover, root_of
from tasks.extract.base import Extraction
from tasks.forgotten import read_forgotten
from tasks.lake import Lake
from tasks.ledger import Ledger, reading_id
from tasks.process import BatchResult, RunContext, process_batch, stage_rejections
from tasks.publish import publish
from tasks.records import RawFile
from tasks.report import account, files_read, write_report

STARTED = datetime(2026, 7, 1, 4, 15, tzinfo=UTC)


class Nothing:
    """An extractor that finds nothing, in no time."""

    name, version = "nothing", "1"

    def extract(self, title: str, text: str, language: str | None) -> Extraction:
        return Extraction()


NOTHING = f"{__name__}:Nothing"


def find(lake: Lake, raw: Path, full: bool = False, **context: Any) -> Discovery:
    """What a run would find."""
    run = RunContext("", STARTED, Path(), **context)
    ledger = Ledger(lake, root_of(raw), reading_id(run.read, run.normalise))
    return discover(raw, ledger, options=run.read, full=full)


def run(
    lake: Lake,
    raw: Path,
    number: int = 1,
    full: bool = False,
    keep: bool = True,
    report: bool = False,
    **context: Any,
) -> dict[str, Any]:
    """A run over what is new under ``raw``; returns its row. Runs start a day apart by their ``number``.

    Without ``keep`` the files are read, and nothing is made of their records, which takes a fifth of the time.
    """
    run_id = f"run-{number}"
    context = {"extractor": NOTHING} | context
    started_at = STARTED + timedelta(days=number)
    with writing(lake):
        found = find(lake, raw, full, **context)
        this = RunContext(run_id, started_at, lake.staging_dir(run_id), forgotten=read_forgotten(lake), **context)
        work = process_batch if keep else _read
        batches = [work(0, found.new, this)] if found.new else []
        batches.append(stage_rejections(1, found.rejected, this))
        decisions = deduplicate(lake, this.staging, this, continued=found.continued)
        one = account(lake, this, found, batches, decisions, Clock())
        one.row["parameters"] = {"raw": str(raw)}
        if report:
            write_report(lake, this, one, batches, decisions)
        publish(lake, this.staging, one.row, decisions, read=files_read(found, batches, this))
    return one.row | {"removed": one.removed, "refused_share": one.refused_share, "reasons": dict(one.reasons)}


def _read(number: int, files: list[RawFile], this: RunContext) -> BatchResult:
    result = BatchResult()
    deque(process._records(files, this, result, lambda *_: None, Clock()), maxlen=0)
    result.n_records = 0
    return result


def story(n: int, text: str = "", **fields: Any) -> dict[str, Any]:
    """An article as a JSON object; the same number is the same article."""
    text = text or f"“Buoy {n} has drifted,” said Ada Moss, the harbour master."
    day = f"2024-{1 + n % 12:02d}-{1 + n % 28:02d}"
    return {
        "title": f"Buoy {n}",
        "text": text,
        "published": day,
        "url": f"https://courier.example/buoy/{n}",
        "language": "en",
        **fields,
    }


def lines(records: Iterable[dict[str, Any] | str]) -> bytes:
    """Records as JSON Lines; a string is a line as it stands."""
    texts = (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records)
    return "".join(f"{text}\n" for text in texts).encode()
