"""The weekly flow: checks the lake, tidies it up, brings old files up to date and links all articles anew."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows import progress
from flows.places import lake_to_write
from flows.settings import DEFAULT_LAKE, KEEP_DAYS, KEEP_REPORTS, Settings, run_clock
from flows.stages import stage
from flows.start import terminable
from tasks import compact as compaction
from tasks import integrity
from tasks.catalog import build_catalog
from tasks.clock import Clock
from tasks.lake import Lake, init_lake, writer_lock
from tasks.linking import check_options
from tasks.publish import relink
from tasks.tidy import prune_reports, vacuum, write_maintained


@flow(name="maintenance", flow_run_name="maintain {lake}", retries=0)
def maintain(
    lake: Path = DEFAULT_LAKE,
    keep_reports: int = KEEP_REPORTS,
    keep_days: int = KEEP_DAYS,
    settings: Settings | None = None,
) -> dict[str, Any]:
    """Does what a lake needs from time to time, under the writer lock, and returns what it did.

    Reports stay that are among the last ``keep_reports`` or younger than ``keep_days`` days. Raises
    tasks.integrity.LakeDamaged, with nothing rewritten, where the lake holds what no run writes.
    """
    settings = settings or Settings()
    with terminable(), lake_to_write(lake, settings) as store:
        check_options(settings.link_options, store)
        return tidy_up(store, keep_reports, keep_days, settings)


def tidy_up(store: Lake, keep_reports: int, keep_days: int, settings: Settings) -> dict[str, Any]:
    """What there is to do, in its order."""
    clock, started_at = Clock(), run_clock()
    done: dict[str, Any] = {"lake": str(store.root), "started_at": started_at.isoformat(), "verdict": "sound"}
    with writer_lock(store, settings.lock_wait_seconds):
        with clock("vacuum"):
            done["vacuum"] = remove_leftovers(store)
            init_lake(store)
        with clock("check"):
            done |= check(store, settings)
        if not done["problems"]:
            with clock("compact"):
                done["compacted"] = compact(store, settings)
            with clock("link"):
                link_all(store, settings)
            with clock("catalog"):
                rebuild_catalog(store)
            with clock("reports"):
                done["reports_removed"] = remove_reports(store, started_at, keep_reports, keep_days)
        done["seconds"] = {name: round(seconds, 3) for name, seconds in clock.seconds.items()}
        write_maintained(store, done)
    announce(done)
    if done["problems"]:
        raise integrity.LakeDamaged(integrity.describe(done["problems"]))
    return done


@stage("vacuum")
def remove_leftovers(lake: Lake) -> dict[str, Any]:
    """What a dead run left is finished or removed."""
    progress.report("Removing what dead runs left")
    return vacuum(lake)


@stage("check")
def check(lake: Lake, settings: Settings) -> dict[str, Any]:
    """Every file is read, every key and reference looked up."""
    progress.report("Checking the lake")
    return integrity.check_lake(lake, settings.memory_limit, settings.workers)


@stage("compact")
def compact(lake: Lake, settings: Settings) -> list[dict[str, Any]]:
    """Files that this version would write otherwise are written anew."""
    progress.report("Rewriting old files")
    return compaction.compact(lake, settings.memory_limit, settings.workers)


@stage("link")
def link_all(lake: Lake, settings: Settings) -> None:
    """Copies, entities and clusters over all articles."""
    progress.report("Linking all articles")
    relink(lake, settings.memory_limit, settings.workers, options=settings.link_options)


@stage("catalog")
def rebuild_catalog(lake: Lake) -> None:
    """Views, comments and macros over the tables."""
    progress.report("Building the catalog")
    build_catalog(lake)


@stage("reports")
def remove_reports(lake: Lake, now: datetime, keep_reports: int, keep_days: int) -> list[str]:
    """Reports that are too old go."""
    progress.report("Removing old reports")
    return prune_reports(lake, now.astimezone(UTC), keep_reports, keep_days)


def announce(done: dict[str, Any]) -> None:
    """Leaves verdict, rows and problems with the flow run."""
    get_run_logger().info(headline(done))
    create_markdown_artifact(headline(done), "onrecord-maintenance", "What the maintenance found and did")
    create_table_artifact(done["tables"], "onrecord-tables", "What the lake holds")
    if done["problems"]:
        create_table_artifact(done["problems"], "onrecord-problems", "What no run writes")


def headline(done: dict[str, Any]) -> str:
    """What was found and done, in a sentence."""
    if done["problems"]:
        return f"{integrity.describe(done['problems'])}; nothing was rewritten"
    n_rows = sum(table["n_rows"] for table in done["tables"])
    return (
        f"The lake is sound: {n_rows:,} rows in {len(done['tables'])} tables; {len(done['compacted'])} files"
        f" rewritten, {done['vacuum']['n_files']} leftovers and {len(done['reports_removed'])} reports removed"
    )
