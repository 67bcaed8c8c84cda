"""`onrecord evaluate`: how right the quotes of a lake are, by articles that people have annotated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from flows import console
from flows.console import out, printable
from flows.options import JsonOption, LakeOption, fail, open_lake
from flows.settings import DEFAULT_LAKE
from flows.start import EXIT_USAGE

app = typer.Typer()
_PROBLEMS = 20  # that are shown
_WORDS = 120  # characters of a quote that are shown


@app.command(epilog="Example: onrecord evaluate gold.jsonl --lake data/processed")
def evaluate(
    gold: Annotated[Path, typer.Argument(help="JSON Lines, one line an article with its quotes (docs/accuracy.md).")],
    lake: LakeOption = DEFAULT_LAKE,
    examples: Annotated[int, typer.Option(min=0, help="Wrong ones that are shown, of each kind.")] = 5,
    with_decisions: Annotated[
        bool, typer.Option("--with-decisions", help="Measure what the lake says after corrections by people.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure how right quotes and speakers are on your own articles."""
    from tasks.evaluate.gold import GoldError
    from tasks.evaluate.lake import evaluate as measure

    try:
        found = measure(open_lake(lake), gold, examples, with_decisions)
    except GoldError as error:
        fail(str(error), EXIT_USAGE)
    console.emit(found) if as_json else _show(found)


def _show(found: dict[str, Any]) -> None:
    for problem in found["problems"][:_PROBLEMS]:
        out.print(Text(f"line {problem['line']}: {_short(problem['reason'])}", style="yellow"), soft_wrap=True)
    if len(found["problems"]) > _PROBLEMS:
        out.print(f"[yellow]… and {len(found['problems']) - _PROBLEMS} more; --json lists all[/]")
    out.print(f"[bold]{found['n_quotes']:,} quotes in {found['n_articles']:,} articles[/]\n")
    table = _table("found", "precision", "recall", "F1", "95 %", "gold")
    for row in found["quotes"]:
        if row["gold"] or row["p"]:
            figures = (f"{row[name]:.3f}" for name in ("p", "r", "f1"))
            table.add_row(row["measure"], *figures, f"{row['low']:.3f}–{row['high']:.3f}", str(row["gold"]))
    out.print(table)
    if found["speakers"]:
        out.print()
        table = _table("speaker, of those found", "right", "part of the name", "95 %", "quotes")
        for row in found["speakers"]:
            interval = f"{row['low']:.3f}–{row['high']:.3f}"
            table.add_row(row["group"], f"{row['right']:.3f}", f"{row['partial']:.3f}", interval, str(row["n"]))
        out.print(table)
    for title, name, n in (
        ("Missed", "missed", found["n_missed"]),
        ("No quote, or other words", "false", found["n_false"]),
        ("Wrong speaker", "wrong_speaker", found["n_wrong_speaker"]),
    ):
        if n:
            out.print(f"\n[bold]{title}[/] [dim]{n:,}[/]")
            for row in found[name]:
                _example(row)


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(first)
    for other in others:
        table.add_column(other, justify="right")
    return table


def _example(row: dict[str, Any]) -> None:
    who = row["speaker"] or "unnamed"
    if "gold_speaker" in row:
        who += f", not {row['gold_speaker'] or 'unnamed'}"
    proof = f" · {row['rule']} · {row['confidence']:.2f}" if row["rule"] else ""
    out.print(Text(f"  {_short(row['content'])}"), soft_wrap=True)
    where = f"article {row['article_id'][:8]}" + (f", quote {row['quote_id'][:8]}" if row["quote_id"] else "")
    out.print(Text(f"    {printable(who)}{proof} · {where}", style="dim"), soft_wrap=True)


def _short(text: str) -> str:
    text = " ".join(printable(text).split())
    return text if len(text) <= _WORDS else f"{text[: _WORDS - 1]}…"
