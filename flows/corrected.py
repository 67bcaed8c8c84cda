"""What the command line shows people of decisions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from flows.console import out, printable
from tasks.corrections.table import decision_row

if TYPE_CHECKING:
    from tasks.corrections import Decision

_STYLES = {"applied": "green", "stale": "yellow", "overruled": "yellow", "waiting": "cyan"}
_WORDS = 100  # characters of a quote that are shown


def show_decision(decision: Decision, path: Path) -> None:
    """A decision that was added, and when it counts."""
    out.print(Text(f"{decision.id[:8]}  {sentence(decision_row(decision))}"), soft_wrap=True)
    out.print(
        f"Written to {printable(str(path))}. It counts from the next run on; at once with: onrecord corrections apply",
        soft_wrap=True,
        markup=False,
    )


def show_decisions(found: dict[str, Any]) -> None:
    """Decisions, one a paragraph, with what has become of them; and the lines that are none."""
    if not found["decisions"]:
        out.print("[dim]Nothing has been decided.[/]")
    for row in found["decisions"]:
        status = row["status"] if row["fit"] in (None, "exact") else f"{row['status']}, {_fit(row)}"
        head = Text(row["decision_id"][:8], style="bold") + Text(f"  {status}", style=_STYLES.get(row["status"], "dim"))
        out.print(head + Text(f"  {sentence(row)}"), soft_wrap=True)
        when = f"{row['decided_at']:%Y-%m-%d %H:%M}"
        by = f"{row['who']}, {when}{': ' if row['why'] else ''}{row['why'] or ''}"
        out.print(Text(f"          {_one_line(by)}", style="dim"), soft_wrap=True)
        if row["detail"]:
            out.print(Text(f"          {_one_line(row['detail'])}", style="yellow"), soft_wrap=True)
    for problem in found["problems"]:
        out.print(
            Text(f"{found['file']}: line {problem['line']} {_one_line(problem['reason'])}", style="red"), soft_wrap=True
        )


def sentence(row: dict[str, Any]) -> str:
    """What a row of the table corrections decides, in a sentence."""
    words = _one_line(row["content"] or "")
    words = words if len(words) <= _WORDS else f"{words[: _WORDS - 1]}…"
    names = ", ".join(map(_one_line, row["names"]))
    said = {
        "wrong_speaker": f"{_one_line(row['speaker'] or 'nobody who is named')} speaks: {words}",
        "confirm": f"right, {_one_line(row['speaker'] or 'nobody who is named')} speaks: {words}",
        "not_a_quote": f"no quote: {words}",
        "same_person": f"the same: {names}",
        "different_person": f"different: {names}",
        "revert": f"takes back {(row['other_id'] or '')[:8]}",
    }
    return said[row["decision"]]


def _fit(row: dict[str, Any]) -> str:
    return "by the same words" if row["fit"] == "same_words" else f"by {row['overlap']:.0%} of the words"


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())
