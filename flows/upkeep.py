"""Commands that keep a lake in order and its runs on schedule: maintain, compact, deploy, report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows import console
from flows.options import CorrectionsOption, JsonOption, KnowledgeOption, LakeOption, fail, open_lake, read_settings
from flows.settings import DEFAULT_LAKE
from flows.start import EXIT_FAILED, Interrupted, exit_code, run_flow

app = typer.Typer()


@app.command(epilog="Example: onrecord maintain --keep-days 90")
def maintain(
    lake: LakeOption = DEFAULT_LAKE,
    keep_reports: Annotated[int, typer.Option(min=0, help="Reports that stay, however old they are.")] = 100,
    keep_days: Annotated[int, typer.Option(min=0, help="Days for which every report stays.")] = 365,
    corrections: CorrectionsOption = None,
    knowledge: KnowledgeOption = None,
    as_json: JsonOption = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's log.")] = False,
) -> None:
    """Check all of the lake, remove leftovers and old reports, rewrite old files, and link all articles anew."""
    store = open_lake(lake)
    settings = read_settings(corrections=corrections, knowledge=knowledge)
    try:
        with console.progress_bar(enabled=not as_json) as listener:
            outcome = run_flow(
                "maintain",
                listener,
                verbose,
                lake=store.root,
                keep_reports=keep_reports,
                keep_days=keep_days,
                settings=settings,
            )
    except Interrupted as stop:
        fail("stopped; the lake is whole, and the next maintenance begins anew", stop.exit_code)
    if outcome.error:
        fail(outcome.error, outcome.exit_code)
    console.emit(outcome.summary) if as_json else console.show_maintenance(outcome.summary)


@app.command(epilog="Example: onrecord compact --json")
def compact(lake: LakeOption = DEFAULT_LAKE, as_json: JsonOption = False) -> None:
    """Rewrite the files that this version would write otherwise, such as those of an older schema."""
    from tasks.commit import recover
    from tasks.compact import compact as rewrite_outdated
    from tasks.lake import init_lake, writer_lock

    store, settings = open_lake(lake), read_settings()
    try:
        init_lake(store)
        with writer_lock(store, settings.lock_wait_seconds):
            recover(store)
            rewritten = rewrite_outdated(store, settings.memory_limit, settings.workers)
    except Exception as error:
        fail(str(error), exit_code(error))
    console.emit({"rewritten": rewritten}) if as_json else console.show_rewritten(rewritten)
