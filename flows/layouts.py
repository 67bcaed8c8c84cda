"""What `onrecord formats` and `onrecord mapping` show: the formats that are read, and a mapping for one that isn't."""

from __future__ import annotations

from typing import Any

from rich.markup import escape
from rich.table import Table

from flows.console import CELL, out, printable
from tasks.readers.formats import FORMATS
from tasks.readers.suggest import Suggestion
from tasks.records import Rejection

SHOWN = ("title", "published_on", "authors", "publisher", "section", "url", "language", "text")


def describe_formats() -> list[dict[str, Any]]:
    """Every format, and whether all that its reader needs is installed."""
    rows = []
    for format_ in FORMATS.values():
        try:
            format_.load()
            is_installed = True
        except ModuleNotFoundError:
            is_installed = False
        rows.append(
            {
                "format": format_.name,
                "what": format_.what,
                "suffixes": list(format_.suffixes),
                "extra": format_.extra,
                "is_installed": is_installed,
            }
        )
    return rows


def show_formats(rows: list[dict[str, Any]]) -> None:
    """The formats as a table."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("format", "what", "usual names", "needs"):
        table.add_column(column)
    for row in rows:
        needs = "" if row["extra"] is None else f"onrecord[{row['extra']}]"
        if needs and not row["is_installed"]:
            needs += ", not installed"
        table.add_row(row["format"], row["what"], " ".join(row["suffixes"]), escape(needs))
    out.print(table)
    out.print("\n[dim]The content decides, the name only where that leaves it open. See docs/formats.md.[/]")


def describe_suggestion(suggestion: Suggestion) -> dict[str, Any]:
    """A suggestion for programs."""
    found, preview = suggestion.preview, None
    if isinstance(found, Rejection):
        preview = {"reason_code": found.reason_code, "reason": found.reason}
    elif found is not None:
        preview = {name: found.row[name] for name in SHOWN}
    columns = [{"name": c.name, "field": c.field, "known_by": c.by, "example": c.example} for c in suggestion.columns]
    return {"columns": columns, "mapping": suggestion.mapping, "yaml": suggestion.yaml, "preview": preview}


def show_suggestion(suggestion: Suggestion) -> None:
    """The columns, the mapping file, and the first article as a run with it would read it."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for head in ("column", "taken for", "known by", "holds"):
        table.add_column(head)
    for column in suggestion.columns:
        table.add_row(*(escape(printable(t or "")) for t in (column.name, column.field, column.by, column.example)))
    out.print(table)
    if suggestion.is_known:
        out.print("\nTitle and text are known by their names: a run reads the file without a mapping.")
    out.print("\n[dim]# A mapping file: change what is wrong, and give it to `onrecord run --mapping`.[/]")
    out.print(escape(printable(suggestion.yaml)))
    preview = describe_suggestion(suggestion)["preview"]
    if preview is None:
        out.print("No column looks like an article's text; name it under `fields:` as `text:`.")
        return
    out.print("[dim]The first record, read so:[/]")
    for name, value in preview.items():
        shown = " ".join(printable(str("" if value is None else value)).split())
        out.print(f"  [dim]{name:<14}[/]{escape(shown if len(shown) <= CELL * 3 else shown[: CELL * 3] + '…')}")
