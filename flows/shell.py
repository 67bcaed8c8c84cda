"""The SQL shell: `onrecord sql` without a query. Reads statements from the keyboard or from a pipe."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from flows import console
from flows.queries import exporter, first_rows, write_file
from flows.results import is_too_wide, show_lines, show_rows
from tasks.ask import run_sql
from tasks.export import FORMATS, ExportError
from tasks.lake import Lake, LakeError
from tasks.query import Limits, QueryError, run_query, statements

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

MODES = ("table", "csv", "json", "line")
MACROS = """
    SELECT schema_name AS schema, function_name AS name, parameters, comment FROM duckdb_functions()
    WHERE NOT internal AND schema_name = 'main' ORDER BY function_name"""
TABLES = (
    "SELECT view_name AS name, comment FROM duckdb_views() WHERE NOT internal AND schema_name = 'main' ORDER BY ALL"
)
COLUMNS = """
    SELECT table_name AS "table", column_name AS "column", data_type AS type, comment FROM duckdb_columns()
    WHERE NOT internal AND schema_name = 'main' ORDER BY table_name, column_index"""
HELP = """
.help                 this
.tables               the tables
.schema TABLE         the columns of a table
.macros               the questions that are ready to be asked, each with an example
.examples             questions and their queries
.mode table|csv|json|line
.export FILE          the last query's result into a .csv, .json, .jsonl, .parquet or .xlsx file
.quit                 or Ctrl-D

A statement ends in a semicolon, and may run over several lines. Ctrl-C stops a query. Tab completes.
"""


@dataclass
class Shell:
    """What a session remembers."""

    lake: Lake
    limits: Limits
    is_interactive: bool
    mode: str = "table"
    last_query: str | None = None
    has_failed: bool = False
    commands: dict[str, Callable[[str], None]] = field(init=False)

    def __post_init__(self) -> None:
        self.commands = {
            ".help": lambda _: print(HELP.strip()),
            ".tables": lambda _: self.show(TABLES),
            ".schema": self.schema,
            ".macros": lambda _: self.macros(),
            ".examples": lambda _: examples(),
            ".mode": self.set_mode,
            ".export": self.export,
        }

    def run(self, line: str) -> None:
        """Does what a line says: a command, or a query. What goes wrong is said in a line, and the shell goes on."""
        try:
            if line.startswith("."):
                name, *rest = line.rstrip("; ").split(maxsplit=1)
                if name not in self.commands:
                    raise QueryError(f"there is no {name}; .help lists what there is")
                self.commands[name](*rest or [""])
            else:
                self.query(line)
        except KeyboardInterrupt:
            self.complain("stopped")
        except (QueryError, ExportError, LakeError, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise
            self.complain(str(error))

    def complain(self, message: str) -> None:
        """Says what went wrong."""
        self.has_failed = True
        console.err.print(Text(message, style="red"), soft_wrap=True)

    def query(self, query: str) -> None:
        """Runs a query and shows its result."""
        started = time.perf_counter()
        self.last_query = query
        if self.mode in FORMATS:
            n, has_more = run_query(self.lake, query, exporter(self.mode), self.limits), False
        else:
            rows, has_more = run_query(self.lake, query, first_rows, self.limits)
            n = len(rows)
            self.page(rows)
        if self.is_interactive:
            known = f"the first {n:,} rows; .export writes all" if has_more else console.count(n, "row")
            console.err.print(f"[dim]{known} in {time.perf_counter() - started:.2f} s[/]")

    def show(self, query: str) -> None:
        """Shows what a query of the shell's own finds."""
        show_rows(run_query(self.lake, query, first_rows, self.limits)[0])

    def page(self, rows: list[dict[str, Any]]) -> None:
        """Prints rows as a table or one value a line; through a pager where the screen is too small."""
        as_lines = self.mode == "line"
        n_lines = sum(len(row) + 1 for row in rows) if as_lines or is_too_wide(rows) else len(rows)
        with (
            console.out.pager(styles=True)
            if self.is_interactive and n_lines + 3 > console.out.height
            else nullcontext()
        ):
            show_lines(rows) if as_lines else show_rows(rows)

    def schema(self, table: str) -> None:
        """Shows the columns of a table."""
        rows = [row for row in run_sql(self.lake, COLUMNS).to_pylist() if row.pop("table") == table]
        if not rows:
            raise QueryError(f"there is no table {table!r}; .tables lists them")
        show_rows(rows)

    def macros(self) -> None:
        """Shows the macros with what they answer."""
        for row in run_sql(self.lake, MACROS).to_pylist():
            told, _, example = (row["comment"] or "").partition(" Example: ")
            console.out.print(Text(f"{row['name']}({', '.join(row['parameters'])})", style="bold"))
            console.out.print(Text(f"  {told}\n  {example}"))

    def set_mode(self, mode: str) -> None:
        """Chooses how results are shown."""
        if mode not in MODES:
            raise QueryError(f".mode is one of {', '.join(MODES)}")
        self.mode = mode

    def export(self, name: str) -> None:
        """Asks the last query once more, and writes the result into a file."""
        file = Path(name).expanduser()
        if not self.last_query:
            raise QueryError("there is no query yet whose result could be exported")
        if file.suffix[1:] not in FORMATS:
            raise QueryError(f".export takes a file that ends in .{', .'.join(FORMATS)}")
        n = write_file(self.lake, self.last_query, file.suffix[1:], file, self.limits)
        console.err.print(f"{console.count(n, 'row')} written to {file}", markup=False)


def run_shell(lake: Lake, limits: Limits) -> int:
    """Runs a shell until its input ends; returns the exit code, which tells scripts whether all went well."""
    shell = Shell(lake, limits, is_interactive=sys.stdin.isatty())
    for line in prompt(shell) if shell.is_interactive else piped():
        if line in (".quit", ".exit"):
            break
        shell.run(line)
    return int(shell.has_failed and not shell.is_interactive)


def piped() -> Iterator[str]:
    """The commands and statements of standard input; the last statement needs no semicolon."""
    rest = ""
    for line in sys.stdin:
        if not rest and line.startswith("."):
            yield line.strip()
            continue
        found, rest = statements(f"{rest}\n{line}" if rest else line)
        yield from found
        if rest.startswith("."):
            yield rest
            rest = ""
    if rest:
        yield rest


def prompt(shell: Shell) -> Iterator[str]:
    """The commands and statements that are typed."""
    console.out.print("[dim]SQL over the tables, read-only. .help helps, .examples shows questions, .quit ends.[/]")
    session = new_session(shell)
    while True:
        try:
            text = session.prompt().strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if text.startswith("."):
            yield text
        else:
            found, rest = statements(text)
            yield from [*found, rest] if rest else found


def new_session(shell: Shell) -> PromptSession[str]:
    """A prompt with history and completion, which takes lines until a semicolon or an empty line."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory, InMemoryHistory
    from prompt_toolkit.key_binding import KeyBindings

    bindings = KeyBindings()

    @bindings.add("enter")
    def _(event: Any) -> None:
        text = event.current_buffer.text.strip()
        found, rest = statements(text)
        if not text or text.startswith(".") or (found and not rest):
            event.current_buffer.validate_and_handle()
        else:
            event.current_buffer.insert_text("\n")

    words = completions(shell)
    completer = WordCompleter(list(words), ignore_case=True, meta_dict=words, pattern=re.compile(r"[.\w]+"))
    path = history_file()
    return PromptSession(
        "onrecord> ",
        multiline=True,
        prompt_continuation="      ..> ",
        history=FileHistory(str(path)) if path else InMemoryHistory(),
        completer=completer,
        complete_while_typing=False,
        key_bindings=bindings,
    )


def completions(shell: Shell) -> dict[str, str]:
    """What Tab completes, with what it means: commands, tables, columns, macros."""
    words = dict.fromkeys([*shell.commands, ".quit"], "command")
    for row in run_sql(shell.lake, COLUMNS).to_pylist():
        words.setdefault(row["column"], row["comment"] or "")
    for query in (TABLES, MACROS):
        for row in run_sql(shell.lake, query).to_pylist():
            words[row["name"]] = (row["comment"] or "").partition(" Example: ")[0]
    return words


def history_file() -> Path | None:
    """Where the user's queries are kept, for the user's eyes only; None where there is no place for them."""
    folder = Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state").expanduser() / "onrecord"
    path = folder / "sql-history"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError:
        return None
    return path


def examples() -> None:
    """Shows questions and their queries."""
    from schemas.cookbook import recipes

    for question, query in recipes():
        console.out.print(Text(question, style="bold"))
        console.out.print(Text(f"{query};\n"))
