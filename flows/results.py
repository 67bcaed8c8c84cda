"""What the command line shows of a query's result: a table, or a value a line where a terminal is too narrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from flows.console import CELL, out, printable, short, shown

COLUMN_WIDTH = 12  # characters that a column needs to be readable, if it has as many
LINE = 400  # characters of a value that has lines of its own
Rows = Sequence[dict[str, Any]]


def show_rows(rows: Rows) -> None:
    """Rows as a table, or, where a terminal is too narrow, as lines; long values are cut."""
    if not rows:
        out.print("[dim]nothing found[/]")
    elif is_too_wide(rows):
        show_lines(rows, LINE)
    else:
        table = Table(box=None, pad_edge=False, header_style="dim")
        for name in rows[0]:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*(escape(short(value, CELL)) for value in row.values()))
        out.print(table)


def show_lines(rows: Rows, limit: int | None = None) -> None:
    """A value a line, behind the name of its column, and an empty line between two rows."""
    label = max((len(name) for row in rows[:1] for name in row), default=0)
    for number, row in enumerate(rows):
        if number:
            out.print()
        for name, value in row.items():
            text = short(value, limit) if limit else printable(shown(value))
            out.print(Text.assemble((f"{name:>{label}}  ", "dim"), text), soft_wrap=True)


def is_too_wide(rows: Rows) -> bool:
    """True where a terminal has no room for readable columns; what is no terminal is never too narrow."""
    if not out.is_terminal or not rows:
        return False
    widths = [min(COLUMN_WIDTH, max(len(name), *(len(short(row[name], CELL)) for row in rows))) for name in rows[0]]
    return sum(widths) + 2 * (len(widths) - 1) > out.width
