"""Commands that keep a lake in order and its runs on schedule: maintain, compact, deploy, report."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from flows import console, overviews
from flows.options import CorrectionsOption, JsonOption, KnowledgeOption, LakeOption, fail, open_lake, read_settings
from flows.settings import DEFAULT_LAKE, KEEP_DAYS, KEEP_REPORTS, MAX_HOURS
from flows.start import EXIT_USAGE, LOCAL, QUIET, SILENT, Interrupted, exit_code, run_flow

app = typer.Typer()


@app.command(epilog="Example: onrecord maintain --keep-days 90")
def maintain(
    lake: LakeOption = DEFAULT_LAKE,
    keep_reports: Annotated[int, typer.Option(min=0, help="Reports that stay, however old they are.")] = KEEP_REPORTS,
    keep_days: Annotated[int, typer.Option(min=0, help="Days for which every report stays.")] = KEEP_DAYS,
    corrections: CorrectionsOption = None,
    knowledge: KnowledgeOption = None,
    as_json: JsonOption = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's log.")] = False,
) -> None:
    """Check all of the lake, remove leftovers and old reports, rewrite old files, and link all articles anew."""
    open_lake(lake)
    settings = read_settings(corrections=corrections, knowledge=knowledge)
    try:
        with console.progress_bar(enabled=not as_json) as listener:
            outcome = run_flow(
                "maintain",
                listener,
                verbose,
                lake=lake,
                keep_reports=keep_reports,
                keep_days=keep_days,
                settings=settings,
            )
    except Interrupted as stop:
        fail("stopped; the lake is whole, and the next maintenance begins anew", stop.exit_code)
    if outcome.error:
        fail(outcome.error, outcome.exit_code)
    console.emit(outcome.summary) if as_json else overviews.show_maintenance(outcome.summary)


@app.command(epilog="Example: onrecord compact --json")
def compact(lake: LakeOption = DEFAULT_LAKE, as_json: JsonOption = False) -> None:
    """Rewrite the files that this version would write otherwise, such as those of an older schema."""
    from flows.places import lake_to_write
    from tasks.commit import writing
    from tasks.compact import compact as rewrite_outdated

    open_lake(lake)
    settings = read_settings()
    try:
        with lake_to_write(lake, settings) as store, writing(store, settings.lock_wait_seconds):
            rewritten = rewrite_outdated(store, settings.memory_limit, settings.workers)
    except Exception as error:
        fail(str(error), exit_code(error))
    console.emit({"rewritten": rewritten}) if as_json else overviews.show_rewritten(rewritten)


@app.command(epilog="Example: onrecord deploy --server http://127.0.0.1:4200/api --raw /srv/dumps --lake /srv/lake")
def deploy(
    server: Annotated[str | None, typer.Option(help="Address of the Prefect API; else PREFECT_API_URL.")] = None,
    local: Annotated[bool, typer.Option("--local", help="The server on this machine, at Prefect's own port.")] = False,
    pool: Annotated[str | None, typer.Option(help="Work pool whose workers run it; made where it is missing.")] = None,
    raw: Annotated[Path | None, typer.Option(help="File or folder of article dumps.")] = None,
    lake: Annotated[Path | None, typer.Option(help="Folder that holds the tables.")] = None,
    cron: Annotated[str | None, typer.Option(help="When to ingest, as in crontab, in UTC.")] = None,
    max_hours: Annotated[float, typer.Option(min=0.01, help="Hours after which a run is cancelled.")] = MAX_HOURS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check, and say what would be made.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Set up a Prefect server: work pool, scheduled runs, and what marks dead runs. Again: update them."""
    if local and server:
        fail("give either --server or --local", EXIT_USAGE)
    for name, value in (QUIET | SILENT).items():
        os.environ.setdefault(name, value)
    from flows import deployments

    try:
        planned = deployments.plan(deployments.Changes(raw, lake, cron, pool))
        if dry_run:
            done = {"server": None, "made": deployments.describe(planned, max_hours)}
        else:
            done = deployments.deploy(planned, max_hours, LOCAL if local else server)
    except deployments.DeployError as error:
        fail(str(error), EXIT_USAGE)
    console.emit(done) if as_json else overviews.show_deployed(done)


@app.command(epilog="Example: onrecord report --open")
def report(
    run: Annotated[str, typer.Argument(help="run_id, or its first characters; by default the last run.")] = "",
    lake: LakeOption = DEFAULT_LAKE,
    open_page: Annotated[bool, typer.Option("--open", help="Show the page in the browser.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the report of a run, and draw its page anew."""
    from tasks.runreport import NoReport, draw, find_report, read_facts, settle

    try:
        store = open_lake(lake)
        folder = find_report(store, run or None)
        settle(store, folder)
        page = draw(folder)
    except NoReport as error:
        fail(str(error), EXIT_USAGE)
    facts = read_facts(folder)
    console.emit(facts) if as_json else overviews.show_report(facts, page)
    if open_page:
        typer.launch(page.absolute().as_uri())
