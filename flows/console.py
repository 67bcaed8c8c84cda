"""What the command line shows people: tables, marked texts and progress bars, or JSON for programs."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from flows.progress import Listener, Step
from flows.settings import DEFAULT_LAKE
from tasks.export import plain

CELL = 80  # characters of a value in a table
CALLED = 5  # speakers of one name that are told apart

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)


def emit(value: Any) -> None:
    """Prints a value as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=plain))


@contextmanager
def progress_bar(enabled: bool) -> Iterator[Listener]:
    """Shows how far a run is, on standard error: a bar in a terminal, else a line a stage."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TextColumn("{task.fields[remark]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not (enabled and err.is_terminal)) as bar:
        task = bar.add_task("Starting", total=None, remark="")
        shown = ""

        def show(step: Step) -> None:
            nonlocal shown
            bar.update(task, description=step.stage, completed=step.done, total=step.total or None, remark=step.remark)
            if enabled and not err.is_terminal and step.stage != shown:
                err.print(f"{escape(step.stage)} …")
            shown = step.stage

        yield show


def show_summary(summary: dict[str, Any], lake: Path | str) -> None:
    """One screen that says what a run read, what it made, and what to try next."""
    counts = summary["counts"]
    out.print()
    out.print(Panel.fit(f"[bold]{escape(summary['headline'])}[/]", border_style="green"))
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    if summary["resumed"]:
        table.add_row("Went on", "with what a run that was interrupted had finished")
    files = count(counts["n_files"], "file")
    if counts["n_files_unchanged"]:
        files += f", {counts['n_files_unchanged']:,} of them read before and passed over"
    table.add_row("Read", f"{count(counts['n_records'], 'record')} in {files}")
    table.add_row(
        "Became",
        f"{count(counts['n_written'], 'article')} written, {counts['n_unchanged']:,} unchanged, "
        f"{counts['n_superseded']:,} superseded, {counts['n_quarantined']:,} quarantined",
    )
    if summary["passed_over"]:
        kinds = [f"{entry['n']:,} {entry['kind']}" for entry in summary["passed_over"][:4]]
        table.add_row("Not read", f"{', '.join(kinds)}, which are no articles")
    for file in summary["removed"][:4]:
        kept = f"{count(file['n_articles'], 'article')} of it stay in the lake"
        table.add_row("Gone", f"{escape(printable(file['uri']))}; {kept}")
    if len(summary["removed"]) > 4:
        table.add_row("", f"and {len(summary['removed']) - 4:,} more files, which the report names")
    for reason in summary["quarantine_reasons"]:
        table.add_row("", f"[yellow]{reason['n']:>5,}[/] {short(reason['meaning'], 72)}")
    for warning in summary["warnings"]:
        table.add_row("Unlike", f"[red]{escape(printable(warning))}[/]")
    table.add_row(
        "Found", f"{count(counts['n_quotes'], 'quote')} and {count(counts['n_mentions'], 'mention')} of names"
    )
    lake_counts = summary["lake"]
    table.add_row(
        "Lake",
        f"{count(lake_counts['n_articles'], 'article')}, {count(lake_counts['n_quotes'], 'quote')}, "
        f"{lake_counts['first_on'] or '?'} to {lake_counts['last_on'] or '?'}",
    )
    by_people = summary["corrections"]
    if by_people["statuses"] or by_people["problems"]:
        parts = [f"{n:,} {status}" for status, n in by_people["statuses"].items()]
        if by_people["problems"]:
            parts.append(f"[yellow]{count(len(by_people['problems']), 'line')} that can't be read[/]")
        table.add_row("People", f"decisions: {', '.join(parts)} (onrecord corrections list)")
    timing = summary["timing"]
    table.add_row(
        "Time",
        f"{timing['seconds']:.1f} s, of which Great Expectations {timing['validate_share']:.0%}, "
        f"extraction {timing['extract_share']:.0%}",
    )
    out.print(table)
    indent = max(len(str(label)) for label in table.columns[0].cells) + 2
    for label, path in (("Files", str(lake)), ("Report", os.path.relpath(Path(summary["report"], "index.html")))):
        out.print(Text.assemble((f"{label:<{indent}}", "bold"), printable(path)), soft_wrap=True)
    if summary["top_speakers"]:
        out.print("\n[bold]Most quoted in the lake[/]")
        show_speakers(summary["top_speakers"])
    out.print("\n[bold]Try next[/]")
    for command in _next_commands(summary, lake):
        out.print(f"  {escape(command)}", soft_wrap=True)


def _next_commands(summary: dict[str, Any], lake: Path | str) -> list[str]:
    """Three commands that work as they stand, in the shell that this one was typed in."""
    program = "onrecord" if shutil.which("onrecord") else os.path.relpath(sys.argv[0])
    option = "" if lake == DEFAULT_LAKE else f" --lake {shlex.quote(str(lake))}"
    speaker = summary["top_speakers"][0]["speaker"] if summary["top_speakers"] else None
    return [
        f"{program} quotes{f' --speaker {shlex.quote(printable(speaker))}' if speaker else ''}{option}",
        f'{program} sql "FROM speakers() LIMIT 20"{option}',
        f"{program} quarantine list{option}",
    ]


def show_status(found: dict[str, Any], lake: Path | str) -> None:
    """What the lake holds, and the last runs."""
    out.print(f"[bold]{escape(str(lake))}[/]  schema {found['schema_version']}")
    sizes = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("table", "rows", "files", "MB"):
        sizes.add_column(column, justify="left" if column == "table" else "right")
    for table in found["tables"]:
        sizes.add_row(table["table"], f"{table['n_rows']:,}", str(table["n_files"]), f"{table['n_bytes'] / 1e6:.1f}")
    out.print(sizes)
    done = found["maintained"]
    if done:
        mark = "[green]sound[/]" if done["verdict"] == "sound" else f"[red]{escape(done['verdict'])}[/]"
        out.print(f"\nMaintained {escape(done['started_at'][:19])}, and found {mark}")
    out.print("\n[bold]Last runs[/]")
    for run in found["runs"]:
        what = (
            f"{count(run['n_records'], 'record')}: {run['n_written']:,} written, {run['n_unchanged']:,} unchanged,"
            f" {run['n_superseded']:,} superseded, {run['n_quarantined']:,} quarantined; {run['n_quotes']:,} quotes"
        )
        mark = "[green]completed[/]" if run["status"] == "completed" else f"[red]{escape(run['status'])}[/]"
        out.print(f"{shown(run['started_at'])}  {mark}  {what}", soft_wrap=True)
        if run["message"]:
            out.print(f"  {escape(short(run['message'], 300))}", soft_wrap=True)


def show_speakers(rows: Sequence[dict[str, Any]]) -> None:
    """Speakers, a line each; long names and roles are cut."""
    if not rows:
        out.print("[dim]nobody is quoted[/]")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    has_days = "last_on" in rows[0]
    for column, width in (("speaker", 22), ("role", max(26, out.width - 54))):
        table.add_column(column, no_wrap=True, max_width=width)
    for column in ("quotes", "articles"):
        table.add_column(column, no_wrap=True, justify="right", min_width=len(column))
    if has_days:
        table.add_column("last", no_wrap=True, min_width=10)
    for row in rows:
        names = (escape(short(row[name], CELL)) for name in ("speaker", "role"))
        counts = (f"{row[name]:,}" for name in ("n_quotes", "n_articles"))
        table.add_row(*names, *counts, *([str(row["last_on"] or "")] if has_days else []))
    out.print(table)


def show_quotes(rows: Sequence[dict[str, Any]]) -> None:
    """Quotes as a list to read: who, when and where, then the words and what proves the attribution."""
    if not rows:
        out.print("[dim]No quote matches; fewer words, or another form of the name, may find some.[/]")
    for row in rows:
        who = escape(row["speaker"] or (f"unnamed ({row['source']})" if row["source"] else "unnamed"))
        role = f", {escape(row['speaker_role'])}" if row["speaker_role"] else ""
        out.print(
            f"[bold]{who}[/][dim]{role} · {row['published_on'] or 'no date'} · {escape(row['publisher'] or '?')}[/]"
        )
        out.print(f"  {escape(' '.join(row['content'].split()))}", soft_wrap=True)
        proof = f"{row['kind']} · source “{row['source'] or '–'}”, cue “{row['cue'] or '–'}”"
        out.print(
            f"  [dim]{escape(proof)} · {escape(row['rule'])} · {row['confidence']:.2f} ·"
            f" quote {row['quote_id'][:8]}, article {row['article_id'][:8]}[/]",
            soft_wrap=True,
        )


def show_near(rows: Sequence[dict[str, Any]]) -> None:
    """Quotes that are like the one that was asked for, each with what it lacks of it."""
    out.print("\n[yellow]Not the same words, but most of them, anywhere in the lake:[/]")
    for row in rows:
        lacks = ", ".join(f"“{word}”" for word in row["lacks"])
        out.print(Text(f"\nwithout {lacks}" if lacks else "\nall the words, but not as you gave them", style="yellow"))
        show_quotes([row])


def show_called(name: str, called: Sequence[dict[str, Any]]) -> None:
    """Those whom a name means, in a line on standard error; those of one name with their keys."""
    names = Counter(one["name"] for one in called)
    parts = []
    for one in called[:CALLED]:
        key = f", {one['speaker_id']}" if names[one["name"]] > 1 and one["speaker_id"] else ""
        parts.append(f"{one['name']} ({count(one['n_quotes'], 'quote')}{key})")
    if len(called) > CALLED:
        parts.append(f"{len(called) - CALLED:,} more")
    line = f"“{name}” is {len(called):,} speakers: {', '.join(parts)}; a longer name, or an entity_id, asks for one"
    err.print(Text(printable(line), style="yellow"), soft_wrap=True)


def show_timeline(rows: Sequence[dict[str, Any]]) -> None:
    """Quotes per stretch of time, with a bar each."""
    if not rows:
        out.print("[dim]No quote matches.[/]")
    most = max((row["n_quotes"] for row in rows), default=1)
    for row in rows:
        bar = "█" * max(1, round(40 * row["n_quotes"] / most))
        articles = count(row["n_articles"], "article")
        out.print(f"{row['starts_on'] or 'no date'!s:<12}{row['n_quotes']:>6,} [green]{bar}[/] [dim]{articles}[/]")


def show_mentions(rows: Sequence[dict[str, Any]]) -> None:
    """Mentions as a list to read, each in its words."""
    if not rows:
        out.print("[dim]No mention matches.[/]")
    for row in rows:
        where = f"{row['published_on'] or 'no date'} · {row['publisher'] or '?'} · {row['title']}"
        out.print(Text(row["name"], style="bold") + Text(f" {row['label']} · {short(where, 200)}", style="dim"))
        before, name, behind = (" ".join(printable(row[part]).split()) for part in ("before", "text", "behind"))
        out.print(Text(f"  … {before} ") + Text(name, style="underline") + Text(f" {behind} …"), soft_wrap=True)


def show_article(found: dict[str, Any]) -> None:
    """An article with contents, sources and cues of its quotes, and its names, marked."""
    article = found["article"]
    out.print(Text(article["title"], style="bold"))
    facts = [article["publisher"], article["published_on"], ", ".join(article["authors"]), article["canonical_url"]]
    out.print(Text(" · ".join(str(f) for f in facts if f), style="dim"))
    out.print(
        Text("content", style="green")
        + Text(" source", style="bold magenta")
        + Text(" cue", style="cyan")
        + Text(" name", style="underline")
    )
    out.print()
    text = Text(article["text"])
    styles = {"content_spans": "green", "source_spans": "bold magenta", "cue_spans": "cyan"}
    for mention in found["mentions"]:
        if not mention["is_in_title"]:
            text.stylize("underline", mention["start"], mention["end"])
    for quote in found["quotes"]:
        if not quote["is_in_title"]:
            for column, style in styles.items():
                for span in quote[column]:
                    text.stylize(style, span["start"], span["end"])
    out.print(text)
    out.print()
    by_people = {row["decision_id"]: row for row in found["corrections"] if row["as_extracted"]}
    for quote in found["quotes"]:
        decision = by_people.get(quote["decision_id"])
        decided = f"  decided by {short(decision['who'], 80)}" if decision else ""
        who = Text(f"{quote['quote_id'][:8]}  {quote['speaker'] or quote['source'] or 'unnamed'}", style="bold")
        out.print(who + Text(decided, style="dim"))
        out.print(Text(f"          {short(quote['content'], 160)}"))
    for row in by_people.values():
        if row["decision"] == "not_a_quote":
            out.print(Text(f"{row['quote_id'][:8]}  no quote, says {short(row['who'], 80)}", style="dim"))
            out.print(Text(f"          {short(row['as_extracted']['content'], 160)}", style="dim strike"))


def show_quarantine(rows: Sequence[dict[str, Any]]) -> None:
    """Refused records, one a line."""
    if not rows:
        out.print("[dim]Nothing is quarantined.[/]")
    for row in rows:
        place = " ".join(filter(None, (row["source_uri"], row["source_member"])))
        since = ", resolved since" if row["resolved_run_id"] else ""
        out.print(
            f"[bold]{row['id']}[/]  [yellow]{row['reason_code']}[/]  {escape(short(place, 300))}"
            f"  [dim]{row['stage']}, {shown(row['last_seen_at'])}{since}[/]",
            soft_wrap=True,
        )
        out.print(f"          {escape(short(row['reason'], 300))}", soft_wrap=True)


def show_quarantined(row: dict[str, Any]) -> None:
    """One refused record whole."""
    for name, value in row.items():
        if name != "raw" and value is not None:
            out.print(Text.assemble((f"{name:<16}", "dim"), printable(str(value))))
    if row["raw"] is not None:
        out.print(Text(f"\n{len(row['raw']):,} bytes of the record:", style="dim"))
        out.print(Text(printable(row["raw"].decode("utf-8", "backslashreplace"))))


def show_checks(checks: Sequence[dict[str, str]]) -> None:
    """What the doctor found."""
    marks = {"good": "[green]ok[/]  ", "odd": "[yellow]look[/]", "bad": "[red]bad[/] "}
    for check in checks:
        out.print(f"{marks[check['status']]}  {escape(check['check'])}: {escape(check['finding'])}", soft_wrap=True)


def shown(value: Any) -> str:
    """A value in a table; times to the second."""
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else "" if value is None else str(value)


def count(n: int, noun: str) -> str:
    """A number with its noun."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def short(value: Any, limit: int) -> str:
    """A value on one line, cut to ``limit`` characters."""
    text = " ".join(printable(shown(value)).split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def printable(text: str) -> str:
    """Text without control characters, which could steer a terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)
