"""The main flow, and the table of contents of this software: raw dumps in, queryable Parquet out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from prefect import flow, get_run_logger, runtime
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.futures import PrefectFuture
from prefect.task_runners import ThreadPoolTaskRunner

from flows import progress
from flows.context import read_options, run_context
from flows.places import lake_to_write, raw_folder
from flows.settings import DEFAULT_LAKE, DEFAULT_RAW, Settings, code_version, run_clock
from flows.stages import stage
from flows.start import terminable
from tasks import drift, report, resume, runreport
from tasks.catalog import build_catalog
from tasks.clock import Clock
from tasks.cluster import Cluster
from tasks.commit import writing
from tasks.corrections.listing import count_decisions
from tasks.deduplicate import Decisions, deduplicate
from tasks.discover import Discovery, discover, plan, root_of
from tasks.extract.load import find_extractor
from tasks.lake import Lake
from tasks.ledger import FilesRead, Ledger, reading_id
from tasks.linking import check_options
from tasks.made import check_made
from tasks.normalise.article import NormaliseOptions
from tasks.objects import remote_address
from tasks.process import BatchResult, RunContext, process_batch, stage_rejections
from tasks.publish import publish, publish_run
from tasks.readers import ReadOptions
from tasks.records import RawFile
from tasks.workers import Workers, end_parent_of_workers

Refused = (report.TooManyQuarantined, drift.Drifted)  # runs that end well, but publish nothing


@flow(name="news-etl", flow_run_name="{raw} into {lake}", retries=0)
def news_etl(
    raw: Path = DEFAULT_RAW,
    lake: Path = DEFAULT_LAKE,
    full: bool = False,
    since: date | None = None,
    settings: Settings | None = None,
) -> dict[str, Any]:
    """Ingests the dumps under ``raw`` into ``lake`` and returns the run's summary.

    Files that an earlier run has read are passed over unless ``full``; with ``since``, so are files last changed
    before that day. Publishes nothing but the failed run itself, and raises tasks.report.TooManyQuarantined, where more
    records are refused than ``settings.max_quarantined`` allows, or tasks.drift.Drifted, where the run is unlike those
    before it and ``settings.fail_on_drift`` is set.
    """
    settings = settings or Settings()
    find_extractor(settings.extractor)
    with terminable(), lake_to_write(lake, settings) as store:
        check_options(settings.link_options, store)
        return ingest(raw, store, full, since, settings)


def ingest(raw: Path, store: Lake, full: bool, since: date | None, settings: Settings) -> dict[str, Any]:
    """Reads, publishes and accounts for what is new under ``raw``; the stages of a run in their order."""
    clock, started_at = Clock(), run_clock()
    options, normalise = read_options(store, settings), NormaliseOptions(settings.day_first, settings.date_from_url)
    with writing(store, settings.lock_wait_seconds, keep_unfinished=True):
        with clock("discover"):
            folder = raw_folder(raw, settings)
            root = remote_address(raw) or root_of(folder)
            found = discover_files(folder, root, store, full, since, options, normalise)
        identity = resume.identity(found.new, options, normalise, settings.extractor, settings.record_seconds)
        earlier = resume.find_interrupted(store, identity)
        run_id = earlier.run_id if earlier else name_run(started_at, found)
        run = run_context(store, settings, run_id, earlier.started_at if earlier else started_at, store.unfinished)
        with resume.unfinished(store, run, identity):
            batches = process(store, found, run, settings, earlier)
            with clock("deduplicate"):
                decisions = deduplicate_over_lake(store, run, settings, found)
            account = report.account(store, run, found, batches, decisions, clock)
            account.row.update(
                flow_run_id=runtime.flow_run.id,
                finished_at=run_clock(),
                code_version=code_version(),
                parameters=parameters(raw, full, since, settings),
            )
            compared = compare(store, account, settings)
            with clock("report"):
                folder = write_report(store, run, account, batches, decisions, compared)
            try:
                with clock("publish"):
                    read = report.files_read(found, batches, run)
                    publish_within_limits(store, run, account, decisions, read, compared, settings, full)
                    rebuild_catalog(store)
            except Refused as error:
                draw_report(folder, account, clock, status="failed", message=str(error))
                resume.discard(run)
                raise
            with clock("report"):
                draw_report(folder, account, clock)
    summary = report.summarise(store, account, clock, folder, compared)
    summary["resumed"] = earlier is not None
    summary["corrections"] = count_decisions(store, settings.link_options.decisions)
    announce(summary, folder)
    return summary


@stage("discover")
def discover_files(
    raw: Path, root: str, lake: Lake, full: bool, since: date | None, options: ReadOptions, normalise: NormaliseOptions
) -> Discovery:
    """Which raw files are new, grew or are gone, by the lake's ledger."""
    progress.report("Discovering files")
    ledger = Ledger(lake, root, reading_id(options, normalise))
    return discover(raw, ledger, since, options, full)


def name_run(started_at: datetime, found: Discovery) -> str:
    """The run's key: when it started, and a digest of what it found, so that equal runs have equal keys.

    A run that finds files read already is none of the one that read them, and leaves its row in `runs` alone.
    """
    names = [found.fingerprint, *(file.uri for file in found.new)]
    digest = hashlib.sha256("\n".join(names).encode("utf-8", "surrogateescape")).hexdigest()
    return f"{started_at:%Y%m%dT%H%M%S.%fZ}-{digest[:8]}"


def parameters(raw: Path, full: bool, since: date | None, settings: Settings) -> list[tuple[str, str]]:
    """What the run was asked to do, as runs.parameters holds it."""
    asked: dict[str, Any] = {"raw": raw, "full": full, "since": since, **settings.model_dump()}
    asked["corrections"] = os.pathsep.join(map(str, settings.corrections)) or None
    return sorted((name, str(value)) for name, value in asked.items() if value is not None)


def process(
    lake: Lake, found: Discovery, run: RunContext, settings: Settings, earlier: resume.Interrupted | None
) -> list[BatchResult]:
    """Processes the new files in batches, where the settings say; results are in the order of the plan.

    What a run that was interrupted ``earlier`` had finished is taken over from it.
    """
    meter = Meter(sum(file.n_unread for file in found.new))
    if settings.runner == "dask" and found.new:
        cluster = Cluster(str(settings.dask_address), run, found.new)
        batches = plan(found.new, cluster.n_slots)
        results = take_over(lake, earlier, run, batches, meter)
        n_at_once = 2 * cluster.n_slots  # so that no worker waits for its next
        results |= spread(batches, results, run, meter, cluster, n_at_once)
    else:
        batches = plan(found.new, settings.workers)
        results = take_over(lake, earlier, run, batches, meter)
        n_workers = min(settings.workers, len(batches) - len(results))
        if n_workers > 1:
            results |= spread(batches, results, run, meter, Workers(n_workers), n_workers)
            end_parent_of_workers()  # what follows needs the memory
        else:
            left = [(n, files) for n, files in enumerate(batches) if n not in results]
            results |= {n: process_files(n, files, run, meter) for n, files in left}
    return [*(results[n] for n in range(len(batches))), stage_rejections(len(batches), found.rejected, run)]


def take_over(
    lake: Lake, earlier: resume.Interrupted | None, run: RunContext, batches: list[list[RawFile]], meter: Meter
) -> dict[int, BatchResult]:
    """The results, by number, of batches that were finished before the run was interrupted; says how many."""
    done = resume.take_over(lake, earlier, run, batches)
    if earlier:
        get_run_logger().info(
            "Going on with the run of %s: %d of %d batches were finished before it was interrupted",
            f"{earlier.started_at:%Y-%m-%d %H:%M} UTC",
            len(done),
            len(batches),
        )
    for n, result in done.items():
        meter(sum(file.n_unread for file in batches[n]), result.n_records)
    return done


def spread(
    batches: list[list[RawFile]],
    done: Collection[int],
    run: RunContext,
    meter: Meter,
    crew: Workers | Cluster,
    n_at_once: int,
) -> dict[int, BatchResult]:
    """Has ``crew`` process the batches that are not ``done``, a number of them at once; results by number."""
    runner: ThreadPoolTaskRunner[BatchResult] = ThreadPoolTaskRunner(max_workers=n_at_once)
    with runner, crew:
        futures: dict[int, PrefectFuture[BatchResult]] = {
            number: runner.submit(
                process_files, {"number": number, "files": files, "run": run, "meter": meter, "crew": crew}
            )
            for number, files in enumerate(batches)
            if number not in done
        }
        return {number: future.result() for number, future in futures.items()}


@stage("process", task_run_name="process batch {number}")
def process_files(
    number: int, files: list[RawFile], run: RunContext, meter: Meter, crew: Workers | Cluster | None = None
) -> BatchResult:
    """Reads, normalises, validates, extracts and stages one batch of files, by ``crew`` or in this process."""
    result = (crew.process if crew else process_batch)(number, files, run, meter)
    resume.keep(run, number, files, result)
    return result


@stage("deduplicate")
def deduplicate_over_lake(lake: Lake, run: RunContext, settings: Settings, found: Discovery) -> Decisions:
    """What becomes of every staged article: written, unchanged, superseded or refused as a duplicate."""
    progress.report("Comparing with the lake")
    return deduplicate(lake, run.staging, run, settings.memory_limit, settings.workers, found.continued)


def compare(lake: Lake, account: report.Account, settings: Settings) -> list[drift.Comparison]:
    """The run's figures beside those of the runs before it; nothing where it read nothing new."""
    if account.row["n_records"] == account.row["n_unchanged"]:
        return []
    earlier = report.earlier_figures(lake, settings.drift_runs)
    compared = drift.compare(account.figures, earlier, settings.drift_limits)
    for one in compared:
        if one.has_drifted:
            get_run_logger().warning("Unlike earlier runs: %s", one.sentence())
    return compared


@stage("report")
def write_report(
    lake: Lake,
    run: RunContext,
    account: report.Account,
    batches: Sequence[BatchResult],
    decisions: Decisions,
    compared: Sequence[drift.Comparison],
) -> Path:
    """The run's folder of facts: counts, reasons, drift, Great Expectations' results."""
    progress.report("Writing the report")
    return report.write_report(lake, run, account, batches, decisions, compared)


@stage("draw report")
def draw_report(folder: Path, account: report.Account, clock: Clock, **ending: str) -> None:
    """The pages of the report, with how the run ended and how long publishing took.

    What is published is published: where the pages can't be drawn, the log says so, and `onrecord report` draws them.
    """
    known = [stage for stage in account.row["stages"] if stage["stage"] != "report"]
    late = [
        {"stage": name, "n": account.row["n_records"], "seconds": round(clock.seconds[name], 3)}
        for name in ("report", "publish")
    ]
    try:
        runreport.finish(folder, stages=known + late, **ending)
    except OSError as error:
        get_run_logger().warning("The page of the report can't be written: %s", error)


def publish_within_limits(
    lake: Lake,
    run: RunContext,
    account: report.Account,
    decisions: Decisions,
    read: FilesRead,
    compared: Sequence[drift.Comparison],
    settings: Settings,
    full: bool,
) -> None:
    """Publishes the run; where it must not be, only the row that says why, and raises one of Refused."""
    try:
        report.check_limit(account, settings.max_quarantined)
        drift.check_drift(run.run_id, compared, settings.fail_on_drift)
    except Refused as error:
        publish_run(lake, account.row | {"status": "failed", "message": str(error)})
        rebuild_catalog(lake)
        raise
    publish_all(lake, run, account, decisions, read, settings, full)


@stage("publish")
def publish_all(
    lake: Lake,
    run: RunContext,
    account: report.Account,
    decisions: Decisions,
    read: FilesRead,
    settings: Settings,
    full: bool,
) -> None:
    """All tables of the run in one commit; those that are made of all articles are checked before."""
    progress.report("Linking and publishing")
    checked: dict[str, Any] = {}
    publish(
        lake,
        run.staging,
        account.row,
        decisions,
        settings.memory_limit,
        settings.workers,
        options=settings.link_options,
        read=read,
        check=lambda name, *tables: checked.update({name: check_made(name, *tables)}),
        is_anew=full,
    )
    runreport.add_validation(lake.report_dir(run.run_id), checked)


@stage("catalog")
def rebuild_catalog(lake: Lake) -> None:
    """Views, comments and macros over the tables."""
    progress.report("Building the catalog")
    build_catalog(lake, anew=False)


class Meter:
    """Shows the progress of the batches to listeners, and to Prefect as a progress artifact."""

    def __init__(self, total_bytes: int) -> None:
        self.done, self.total, self.n_records, self.percent = 0, total_bytes, 0, 0
        artifact = create_progress_artifact(0.0, "onrecord-progress", "Share of the new raw files processed")
        self.artifact = cast(UUID, artifact)
        self(0, 0)

    def __call__(self, n_bytes: int, n_records: int) -> None:
        """Says that so many more bytes of raw files and records are done."""
        self.done += n_bytes
        self.n_records += n_records
        progress.report("Extracting quotes", self.done, self.total, f"{self.n_records:,} records")
        percent = 100 * self.done // max(self.total, 1)
        if percent > self.percent:
            self.percent = percent
            update_progress_artifact(self.artifact, float(percent))


def announce(summary: dict[str, Any], folder: Path) -> None:
    """Leaves with the flow run what the report says, as log line, text and tables."""
    get_run_logger().info(summary["headline"])
    facts = runreport.read_facts(folder)
    create_markdown_artifact(runreport.as_markdown(summary, facts), "onrecord-report", "What the run read and found")
    counts = [{"count": name.removeprefix("n_"), "records": n} for name, n in summary["counts"].items()]
    create_table_artifact(counts, "onrecord-counts", "What the run read and what became of it")
    tables = {
        "quarantine": (
            "Why records were refused",
            [{"reason": r["meaning"], "records": r["n"]} for r in summary["quarantine_reasons"]],
        ),
        "drift": (
            "The run beside those before it",
            [{n: v for n, v in row.items() if n != "earlier"} for row in facts["drift"]],
        ),
        "files": ("Records by file", facts["by_file"]),
        "months": ("Articles by month", facts["by_month"]),
        "stages": ("Seconds of work by stage", facts["stages"]),
    }
    for name, (title, rows) in tables.items():
        if rows:
            create_table_artifact(rows, f"onrecord-{name}", title)
