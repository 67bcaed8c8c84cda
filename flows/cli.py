"""The `onrecord` command: run the pipeline, look at what it made, ask questions of it."""

from __future__ import annotations

import io
import os
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from flows import console
from flows.corrections import app as corrections_app
from flows.evaluation import app as evaluation
from flows.explore.command import app as explorer
from flows.forgetting import app as forgetting
from flows.options import (
    DAY,
    CorrectionsOption,
    JsonOption,
    KnowledgeOption,
    LakeOption,
    LimitOption,
    fail,
    first_day,
    open_lake,
    read_settings,
    relink_lake,
    shown,
)
from flows.queries import app as queries
from flows.questions import app as questions
from flows.rework import app as rework
from flows.rework import replay
from flows.settings import DEFAULT_LAKE, DEFAULT_RAW, code_version
from flows.start import EXIT_FAILED, EXIT_USAGE, Interrupted, exit_code, run_flow
from flows.upkeep import app as upkeep

app = typer.Typer(
    name="onrecord",
    help="Turns dumps of news articles into tables of who said what, about whom, where and when.",
    epilog="Exit codes: 0 done, 1 failed, 2 wrong argument or path, 3 too much quarantined or drifted, 4 busy.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
quarantine = typer.Typer(help="Look at the records that were refused, and why.", no_args_is_help=True)
app.add_typer(questions)
app.add_typer(upkeep)
app.add_typer(evaluation)
app.add_typer(forgetting)
app.add_typer(queries)
app.add_typer(explorer)
app.add_typer(rework)
app.add_typer(quarantine, name="quarantine")
quarantine.command("replay", epilog="Example: onrecord quarantine replay --reason missing_extra")(replay)
app.add_typer(corrections_app, name="corrections")


def main() -> NoReturn:
    """Runs the command line; every expected error is one line and an exit code, never a traceback."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that can't show “ gets its number
    try:
        app()
    except BrokenPipeError:  # whoever reads the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except Exception as error:  # the last resort: one line, unless the user asks for more
        if os.environ.get("ONRECORD_DEBUG"):
            raise
        fail(f"{type(error).__name__}: {error} (ONRECORD_DEBUG=1 shows where)", EXIT_FAILED)
    sys.exit(0)


@app.command(epilog="Example: onrecord run data/raw/sample --lake data/processed")
def run(
    raw: Annotated[Path, typer.Argument(help="File or folder of article dumps.")] = DEFAULT_RAW,
    lake: LakeOption = DEFAULT_LAKE,
    full: Annotated[bool, typer.Option("--full", help="Read files again that an earlier run has read.")] = False,
    since: Annotated[
        date | None,
        typer.Option(
            parser=first_day, metavar=DAY, help="Only files changed since the beginning of this day or month."
        ),
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="YAML file that names the fields of your layout.")] = None,
    extractor: Annotated[
        str | None, typer.Option(help="`press`, `rules`, or an importable `module:attribute`.")
    ] = None,
    max_quarantined: Annotated[
        float | None, typer.Option(min=0, max=1, help="Fail, and publish nothing, above this share of refused records.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes that work on batches.")] = None,
    runner: Annotated[str | None, typer.Option(help="local, or dask: on the workers of a cluster.")] = None,
    dask_address: Annotated[str | None, typer.Option(help="Its scheduler, such as tcp://10.0.0.1:8786.")] = None,
    corrections: CorrectionsOption = None,
    knowledge: KnowledgeOption = None,
    as_json: JsonOption = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's log.")] = False,
) -> None:
    """Ingest dumps of articles and publish tables of quotes, mentions and more."""
    from tasks.discover import RawPathError, check_exists
    from tasks.objects import remote_address

    settings = read_settings(
        mapping=mapping,
        extractor=extractor,
        max_quarantined=max_quarantined,
        workers=workers,
        runner=runner,
        dask_address=dask_address,
        corrections=corrections,
        knowledge=knowledge,
    )
    try:
        if not remote_address(raw):
            check_exists(raw)  # before a lake is made for it
    except RawPathError as error:
        fail(str(error), EXIT_USAGE)
    try:
        with console.progress_bar(enabled=not as_json) as listener:
            outcome = run_flow(
                "news_etl", listener, verbose, raw=raw, lake=lake, full=full, since=since, settings=settings
            )
    except Interrupted as stop:
        fail("stopped; the same command goes on with the batches that were not finished", stop.exit_code)
    if outcome.error:
        fail(outcome.error, outcome.exit_code)
    console.emit(outcome.summary) if as_json else console.show_summary(outcome.summary, shown(lake))


@app.command(epilog="Example: onrecord status --json")
def status(lake: LakeOption = DEFAULT_LAKE, as_json: JsonOption = False) -> None:
    """Show what the lake holds and how the last runs went."""
    from tasks.report import lake_status

    found = lake_status(open_lake(lake))
    console.emit(found) if as_json else console.show_status(found, shown(lake))


@quarantine.command("list", epilog="Example: onrecord quarantine list --reason missing_title")
def quarantine_list(
    lake: LakeOption = DEFAULT_LAKE,
    reason: Annotated[str | None, typer.Option(help="Only this reason_code.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Those as well that have been accepted since.")] = False,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
) -> None:
    """List refused records with file, place and reason."""
    from tasks.ask import find_quarantined

    rows = find_quarantined(open_lake(lake), reason, limit, resolved=every)
    console.emit(rows) if as_json else console.show_quarantine(rows)


@quarantine.command("show", epilog="Example: onrecord quarantine show 5f4e3d2c")
def quarantine_show(
    quarantine_id: Annotated[str, typer.Argument(help="quarantine_id, or the first digits of one.")],
    lake: LakeOption = DEFAULT_LAKE,
    as_json: JsonOption = False,
) -> None:
    """Show one refused record whole, with its bytes."""
    from tasks.ask import NotFound, show_quarantined

    try:
        row = show_quarantined(open_lake(lake), quarantine_id)
    except NotFound as error:
        fail(str(error), EXIT_USAGE)
    console.emit(row) if as_json else console.show_quarantined(row)


@app.command(epilog="Example: onrecord formats --json")
def formats(as_json: JsonOption = False) -> None:
    """List the formats that are read, and the extras that some of them need."""
    from flows import layouts

    rows = layouts.describe_formats()
    console.emit(rows) if as_json else layouts.show_formats(rows)


@app.command(epilog="Example: onrecord mapping export.csv --write export.yaml")
def mapping(
    file: Annotated[Path, typer.Argument(help="A table or JSON file whose columns are not known.")],
    write: Annotated[Path | None, typer.Option(help="Write the mapping into this new file.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Suggest a mapping for a file's columns, and show its first record as a run would read it."""
    from flows import layouts
    from tasks.readers.suggest import NoLayout, suggest

    if not file.is_file():
        fail(f"{file} is no file", EXIT_USAGE)
    try:
        suggestion = suggest(file)
    except NoLayout as error:
        fail(f"{file}: {error}", EXIT_USAGE)
    if write:
        try:
            with write.open("x", encoding="utf-8") as target:
                target.write(suggestion.yaml)
        except OSError as error:
            fail(f"{write} can't be written: {error.strerror}", EXIT_USAGE)
    console.emit(layouts.describe_suggestion(suggestion)) if as_json else layouts.show_suggestion(suggestion)


@app.command(epilog="Example: onrecord catalog --lake data/processed")
def catalog(lake: LakeOption = DEFAULT_LAKE, as_json: JsonOption = False) -> None:
    """Build the DuckDB catalog anew, for example after the lake was moved."""
    from tasks.catalog import build_catalog

    path = build_catalog(open_lake(lake))
    console.emit({"catalog": str(path)}) if as_json else print(f"Built {path}")


@app.command(epilog="Example: onrecord link --corrections entities.yaml")
def link(
    lake: LakeOption = DEFAULT_LAKE,
    corrections: CorrectionsOption = None,
    knowledge: KnowledgeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Link all articles of the lake anew, for example after corrections: copies, entities, the same words."""
    from flows.places import lake_to_write
    from tasks.lake import LakeError
    from tasks.report import lake_status

    settings = read_settings(corrections=corrections, knowledge=knowledge)
    open_lake(lake)
    try:
        with lake_to_write(lake, settings) as store:
            relink_lake(store, settings)
    except LakeError as error:
        fail(str(error), exit_code(error))
    found = lake_status(store)
    console.emit(found) if as_json else console.show_status(found, shown(lake))


@app.command(epilog="Example: onrecord doctor")
def doctor(lake: LakeOption = DEFAULT_LAKE, as_json: JsonOption = False) -> None:
    """Check that everything that a run needs is there and fits together."""
    from flows.doctor import examine

    checks = examine(lake)
    console.emit(checks) if as_json else console.show_checks(checks)
    if any(check["status"] == "bad" for check in checks):
        raise SystemExit(EXIT_FAILED)


def _version(asked: bool) -> None:
    if asked:
        print(f"onrecord {code_version()}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Nothing but the options of the command itself."""
