"""What the commands that keep a lake in order show people."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape

from flows.console import out, printable


def show_deployed(done: dict[str, Any]) -> None:
    """What was set up on a Prefect server, or would be, and what to do next."""
    server = done["server"]
    out.print(f"[bold]{escape(server)}[/]" if server else "[bold]Nothing was made; this would be:[/]")
    for entry in done["made"]:
        when = f"  [dim]{escape(', '.join(entry['cron']))} UTC[/]" if "cron" in entry else ""
        out.print(
            f"  {entry.get('outcome', '')} {entry['kind']} {escape(entry['name'])}{when}".lstrip(), soft_wrap=True
        )
        for name, value in entry.get("parameters", {}).items():
            out.print(f"      {escape(name)}: {escape(str(value))}", soft_wrap=True)
    if server:
        names = {kind: [e["name"] for e in done["made"] if e["kind"] == kind] for kind in ("work pool", "deployment")}
        prefect = os.path.relpath(Path(sys.executable).with_name("prefect"))
        out.print("\n[bold]Try next[/]")
        out.print(f"  export PREFECT_API_URL={shlex.quote(server)}", soft_wrap=True)
        for name in names["work pool"]:
            worker = f"{prefect} worker start --type process --pool {shlex.quote(name)}"
            out.print(f"  {escape(worker)}    [dim]# in a terminal of its own[/]", soft_wrap=True)
        out.print(f"  {escape(prefect)} deployment run {names['deployment'][0]} --watch", soft_wrap=True)


def show_report(facts: dict[str, Any], page: Path) -> None:
    """The report of a run in short, and where its page is."""
    mark = "green" if facts["status"] == "completed" else "red"
    out.print(
        f"[bold]{escape(facts['run_id'])}[/]  [{mark}]{escape(facts['status'])}[/]  {escape(facts['started_at'][:19])}"
    )
    if facts["message"]:
        out.print(escape(printable(facts["message"])), soft_wrap=True)
    out.print(
        f"{facts['n_records']:,} read = {facts['n_written']:,} written + {facts['n_unchanged']:,} unchanged"
        f" + {facts['n_superseded']:,} superseded + {facts['n_quarantined']:,} quarantined"
    )
    for row in facts["drift"]:
        if row["has_drifted"]:
            out.print(f"[red]Unlike earlier runs[/]  {escape(printable(row['sentence']))}", soft_wrap=True)
    seconds = ", ".join(f"{stage['stage']} {stage['seconds']:.1f} s" for stage in facts["stages"])
    out.print(f"[dim]{escape(seconds)}[/]", soft_wrap=True)
    out.print(f"Page  {escape(os.path.relpath(page))}", soft_wrap=True)


def show_maintenance(done: dict[str, Any]) -> None:
    """What a maintenance found and did."""
    n_rows = sum(table["n_rows"] for table in done["tables"])
    out.print(f"[green]The lake is sound[/]: {n_rows:,} rows in {len(done['tables'])} tables, all read and compared")
    if done["vacuum"]["finished_commit"]:
        out.print("A commit that a dead run had begun was finished.")
    leftovers = done["vacuum"]
    out.print(f"Leftovers removed: {leftovers['n_files']:,} ({leftovers['n_bytes'] / 1e6:.1f} MB)")
    out.print(f"Old reports removed: {len(done['reports_removed']):,}")
    show_rewritten(done["compacted"])
    out.print(f"Linked all articles and built the catalog; {sum(done['seconds'].values()):.1f} s in all")


def show_rewritten(files: Sequence[dict[str, str]]) -> None:
    """The files that were brought up to date."""
    out.print(f"Files rewritten: {len(files):,}" if files else "No file was out of date")
    for entry in files:
        out.print(f"  {escape(entry['file'])}  [dim]{escape(entry['why'])}[/]", soft_wrap=True)
