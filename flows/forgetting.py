"""The command of `onrecord` that takes articles down."""

from __future__ import annotations

import getpass
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from flows import console
from flows.options import JsonOption, LakeOption, fail, open_lake
from flows.settings import DEFAULT_LAKE, Settings, run_clock
from flows.start import EXIT_USAGE, exit_code

if TYPE_CHECKING:
    from tasks.forget import Removal

app = typer.Typer()
SHOWN = 10  # ids of articles


@app.command(epilog="Example: onrecord forget --article 1f0c6a4b --reason 'court order 12 K 34/26'")
def forget(
    lake: LakeOption = DEFAULT_LAKE,
    article: Annotated[list[str] | None, typer.Option(help="article_id, or the first digits of one.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="source_uri of a raw file.")] = None,
    publisher: Annotated[list[str] | None, typer.Option(help="Publisher, as the column says it.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why, for the log.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Allow it again; the next run reads it if its raw files are there.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Take articles down: out of all tables and reports, on record in `forgotten`, and never to come back by a run."""
    from tasks.commit import settled, writing
    from tasks.forget import Order, find_removals, lift
    from tasks.forget import forget as take_down

    named = {"article": article, "source": source, "publisher": publisher}
    orders = [Order(kind, value) for kind, values in named.items() for value in dict.fromkeys(values or ())]
    if not orders:
        fail("name what to forget: --article, --source or --publisher", EXIT_USAGE)
    settings, store, who = Settings(), open_lake(lake), _who()
    try:
        if undo:
            with writing(store, settings.lock_wait_seconds):
                n = lift(store, orders, run_clock(), who)
            console.emit({"lifted": n}) if as_json else print(f"Allowed again: {n}. The next run reads what is there.")
            return
        with settled(store):
            removals = find_removals(store, orders)
        if not as_json:
            _show(removals)
        if not dry_run and (yes or _agreed(as_json)):
            with writing(store, settings.lock_wait_seconds):
                removals = find_removals(store, orders)
                limit, workers, options = settings.memory_limit, settings.workers, settings.link_options
                take_down(store, removals, run_clock(), who, reason, limit, workers, options=options)
    except Exception as error:
        fail(str(error), exit_code(error))
    if as_json:
        console.emit([_described(removal) for removal in removals])


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # nobody has this user id
        return f"uid {os.getuid()}"


def _agreed(as_json: bool) -> bool:
    if as_json:
        fail("with --json, say --yes or --dry-run", EXIT_USAGE)
    return typer.confirm("Forget all of this? It can't be brought back from the lake", default=False)


def _described(removal: Removal) -> dict[str, Any]:
    order = removal.order
    return {
        "kind": order.kind,
        "value": order.value,
        "article_ids": removal.article_ids,
        "source_uris": removal.source_uris,
        "n_rows": removal.n_rows,
    }


def _show(removals: Sequence[Removal]) -> None:
    for removal in removals:
        console.out.print(f"[bold]{removal.order.kind}[/] {escape(console.printable(removal.order.value))}")
        for name, n in removal.n_rows.items():
            if n:
                console.out.print(f"  {n:>9,} {name}")
        for article_id in removal.article_ids[:SHOWN]:
            console.out.print(f"            {article_id}")
        if len(removal.article_ids) > SHOWN:
            console.out.print(f"            and {len(removal.article_ids) - SHOWN:,} more")
        for uri in removal.source_uris[:SHOWN]:
            console.out.print(f"  [dim]from {escape(console.printable(uri))}, which keeps it: the raw file is yours[/]")
