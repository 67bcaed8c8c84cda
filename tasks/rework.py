"""What the runs have in common that read no folder: replays of refused records, and extraction anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from tasks import report
from tasks.catalog import build_catalog
from tasks.clock import Clock
from tasks.deduplicate import Decisions, deduplicate
from tasks.discover import Discovery, plan
from tasks.extract.rows import key
from tasks.lake import Lake
from tasks.ledger import FilesRead
from tasks.linking import NO_OPTIONS, LinkOptions
from tasks.process import BatchResult, RunContext, process_batch
from tasks.publish import publish
from tasks.records import RawFile
from tasks.runreport import draw
from tasks.workers import Workers

OnProgress = Callable[[int, int], None]


def name_of(started_at: datetime, what: object) -> str:
    """The key of a run: when it started, and a digest of what it works on."""
    return f"{started_at:%Y%m%dT%H%M%S.%fZ}-{key(what)[:8]}"


def stage_all(
    files: Sequence[RawFile], run: RunContext, workers: int, on_progress: OnProgress = lambda n_bytes, n_records: None
) -> list[BatchResult]:
    """Processes files in batches, in as many processes as asked for; what they hold is staged under ``run.staging``."""
    batches = list(enumerate(plan(files, workers) if files else []))
    n_workers = min(workers, len(batches))
    if n_workers < 2:
        return [process_batch(number, batch, run, on_progress) for number, batch in batches]
    with ThreadPoolExecutor(n_workers) as pool, Workers(n_workers) as crew:
        return list(pool.map(lambda job: crew.process(job[0], job[1], run, on_progress), batches))


def decide(lake: Lake, run: RunContext, memory_limit: str, threads: int, rewrite: bool = False) -> Decisions:
    """What becomes of the staged articles."""
    return deduplicate(lake, run.staging, run, memory_limit, threads, rewrite=rewrite)


def finish(
    lake: Lake,
    run: RunContext,
    batches: Sequence[BatchResult],
    decisions: Decisions,
    read: FilesRead,
    memory_limit: str,
    threads: int,
    options: LinkOptions = NO_OPTIONS,
    **columns: Any,
) -> dict[str, Any]:
    """Balances the counts, writes the report, and publishes all in one commit; returns the run's row.

    ``columns`` are columns of runs that the caller knows. Raises tasks.report.UnbalancedCounts.
    """
    account = report.account(lake, run, Discovery(), batches, decisions, Clock())
    account.row.update(columns, files=[], figures=None)  # no measure for runs that read a folder
    draw(report.write_report(lake, run, account, batches, decisions))
    publish(lake, run.staging, account.row, decisions, memory_limit, threads, options=options, read=read)
    build_catalog(lake)
    return account.row
