"""The commands of `onrecord` that work on what the lake has: try refused records again, extract articles anew."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from flows import console
from flows.options import JsonOption, LakeOption, fail, open_lake, read_settings
from flows.settings import DEFAULT_LAKE, code_version, run_clock
from flows.start import exit_code

app = typer.Typer()
SHOWN = 20  # rows on the screen; --json has all

ExtractorOption = Annotated[str | None, typer.Option(help="`press`, `rules`, or an importable `module:attribute`.")]
WorkersOption = Annotated[int | None, typer.Option(min=1, help="Processes that work on batches.")]


def replay(
    lake: LakeOption = DEFAULT_LAKE,
    reason: Annotated[list[str] | None, typer.Option(help="Only this reason_code.")] = None,
    id_: Annotated[list[str] | None, typer.Option("--id", help="quarantine_id, or its first digits.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="YAML file that names the fields of your layout.")] = None,
    extractor: ExtractorOption = None,
    workers: WorkersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Try refused records again, from their raw files if they are still as they were."""
    from flows.context import run_context
    from tasks.commit import writing
    from tasks.replay import find_retries
    from tasks.replay import replay as try_again
    from tasks.rework import name_of

    settings = read_settings(mapping=mapping, extractor=extractor, workers=workers)
    store, started_at = open_lake(lake), run_clock()
    run_id = name_of(started_at, ("replay", reason, id_))
    try:
        with writing(store, settings.lock_wait_seconds):
            run = run_context(store, settings, run_id, started_at)
            retries = find_retries(store, run.staging / "_copies", reason or (), id_ or ())
            row: dict[str, Any] = {}
            if retries.places:
                row = try_again(
                    store,
                    run,
                    retries,
                    settings.workers,
                    settings.memory_limit,
                    settings.link_options,
                    finished_at=run_clock(),
                    code_version=code_version(),
                    parameters=[("replay", " ".join([*(reason or ()), *(id_ or ())]) or "all")],
                )
            shutil.rmtree(run.staging, ignore_errors=True)
    except Exception as error:
        fail(str(error), exit_code(error))
    counts = {
        name: row.get(name, 0) for name in ("n_records", "n_written", "n_unchanged", "n_superseded", "n_quarantined")
    }
    if as_json:
        console.emit(
            {"run_id": row.get("run_id"), "n_tried": len(retries.places), "counts": counts, "left": retries.left}
        )
        return
    print(f"Tried again: {len(retries.places):,} refusals, {counts['n_records']:,} records.")
    print(
        f"Became: {counts['n_written']:,} articles written, {counts['n_unchanged']:,} unchanged,"
        f" {counts['n_superseded']:,} superseded, {counts['n_quarantined']:,} refused again."
    )
    _show_left(retries.left)


def _show_left(left: Sequence[dict[str, Any]]) -> None:
    if left:
        console.out.print(f"Could not be tried: {len(left):,}")
    for row in left[:SHOWN]:
        place = " ".join(filter(None, (row["source_uri"], row["source_member"])))
        console.out.print(
            f"[bold]{row['quarantine_id'][:8]}[/]  [yellow]{row['reason_code']}[/]  {escape(console.printable(place))}:"
            f" {row['why']}",
            soft_wrap=True,
        )


@app.command(epilog="Example: onrecord reprocess --extractor press --diff --dry-run")
def reprocess(
    lake: LakeOption = DEFAULT_LAKE,
    extractor: ExtractorOption = None,
    every: Annotated[bool, typer.Option("--all", help="All articles, also those of this extractor.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what changes in quotes.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Publish nothing.")] = False,
    workers: WorkersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Extract anew, from the lake's own texts, what another extractor or an older version of it made."""
    from flows.context import run_context
    from tasks.commit import writing
    from tasks.extract.load import find_extractor
    from tasks.reprocess import reprocess as extract_anew
    from tasks.rework import name_of

    settings = read_settings(extractor=extractor, workers=workers)
    store, started_at = open_lake(lake), run_clock()
    try:
        find_extractor(settings.extractor)
        with writing(store, settings.lock_wait_seconds):
            run = run_context(
                store, settings, name_of(started_at, ("reprocess", settings.extractor, every)), started_at
            )
            done = extract_anew(
                store,
                run,
                every,
                diff,
                dry_run,
                settings.workers,
                settings.memory_limit,
                settings.link_options,
                finished_at=run_clock(),
                code_version=code_version(),
                parameters=[("reprocess", "all" if every else "older"), ("extractor", settings.extractor)],
            )
            shutil.rmtree(run.staging, ignore_errors=True)
    except Exception as error:
        fail(str(error), exit_code(error))
    row, changes = done.row, done.changes
    kinds = ("added", "removed", "changed")
    n_changes = {kind: sum(change["change"] == kind for change in changes) for kind in kinds} if diff else None
    if as_json:
        counts = {name: n for name, n in row.items() if name.startswith("n_")}
        found = {"run_id": row["run_id"], "extractor": row["extractor"], "counts": counts}
        console.emit(found | ({"n_changes": n_changes, "changes": changes} if diff else {}))
        return
    verb = "would be" if dry_run else "were"
    print(f"{row['n_records']:,} articles {verb} extracted by {row['extractor']}, with {row['n_quotes']:,} quotes.")
    if n_changes is not None:
        print("Quotes " + ", ".join(f"{kind}: {n:,}" for kind, n in n_changes.items()) + ".")
        _show_changes(changes)


def _show_changes(changes: Sequence[dict[str, Any]]) -> None:
    for change in changes[:SHOWN]:
        before, after = change["before"], change["after"]
        fields = f" ({', '.join(change['fields'])})" if change["fields"] else ""
        console.out.print(f"[bold]{change['change']}[/]{fields} [dim]article {change['article_id'][:8]}[/]")
        for mark, quote in (("-", before), ("+", after)):
            if quote:
                who = quote["speaker"] or quote["source"] or "unnamed"
                line = f"  {mark} {who} [{quote['kind']}]: {quote['content']}"
                console.out.print(escape(console.printable(" ".join(line.split()))), soft_wrap=True)
    if len(changes) > SHOWN:
        console.out.print(f"[dim]and {len(changes) - SHOWN:,} more; --json shows all[/]")
