"""`onrecord sql`: a query that prints its result and exits, or a shell."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows import console
from flows.options import JsonOption, LakeOption, fail, open_lake
from flows.results import show_rows
from flows.settings import DEFAULT_LAKE
from flows.start import EXIT_FAILED, EXIT_USAGE

if TYPE_CHECKING:
    import pyarrow as pa

    from tasks.lake import Lake
    from tasks.query import Limits

app = typer.Typer()
MODES = ("table", "csv", "json", "jsonl", "parquet", "xlsx")
SHOWN_ROWS = 1000  # of a result shown as a table


@app.command(epilog="""Example: onrecord sql "from speakers() limit 10" --format csv""")
def sql(
    query: Annotated[
        str | None, typer.Argument(help="DuckDB SQL over the views and macros of the catalog; none opens a shell.")
    ] = None,
    lake: LakeOption = DEFAULT_LAKE,
    output: Annotated[
        str | None, typer.Option("--format", "-f", help=f"{', '.join(MODES)}; parquet and xlsx to a file or pipe.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write into this file; its ending says the format.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(min=0.001, help="Stop a query that takes longer.")] = None,
    memory: Annotated[str, typer.Option(help="Memory for a query, such as 512MB.")] = "2GB",
    as_json: JsonOption = False,
) -> None:
    """Ask in SQL, read-only and confined to the tables; without a query, in a shell."""
    from flows.shell import run_shell
    from tasks.query import Limits

    limits = Limits(seconds=seconds, memory=memory)
    if query is None:
        if output or file or as_json:
            fail("--format and --output need a query; in the shell there are .mode and .export", EXIT_USAGE)
        raise SystemExit(run_shell(open_lake(lake), limits))
    mode = "json" if as_json else output or (file.suffix[1:] if file else "table")
    if mode not in MODES or (file and mode == "table"):
        fail(f"--format is one of {', '.join(m for m in MODES if not file or m != 'table')}", EXIT_USAGE)
    answer(open_lake(lake), query, mode, file, limits)


def answer(lake: Lake, query: str, mode: str, file: Path | None, limits: Limits) -> None:
    """Prints or writes the result of one query; ends the program with one line where that can't be done."""
    from tasks.export import ExportError
    from tasks.query import QueryError, run_query

    try:
        if file:
            print(f"{write_file(lake, query, mode, file, limits):,} rows written to {file}", file=sys.stderr)
        elif mode == "table":
            show_table(*run_query(lake, query, first_rows, limits))
        else:
            run_query(lake, query, exporter(mode), limits)
    except (QueryError, ExportError) as error:
        fail(str(error), EXIT_USAGE)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        fail(f"{file or 'the result'} can't be written: {error.strerror or error}", EXIT_USAGE)
    except KeyboardInterrupt:
        fail("stopped", EXIT_FAILED)


def exporter(mode: str) -> Callable[[pa.RecordBatchReader], int]:
    """What writes a result to standard output."""
    from tasks.export import export

    def write(rows: pa.RecordBatchReader) -> int:
        n = export(rows, mode, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return n

    return write


def write_file(lake: Lake, query: str, mode: str, file: Path, limits: Limits) -> int:
    """Writes a result into a file, which is there whole or as it was before; returns the number of rows.

    Raises QueryError, ExportError and OSError.
    """
    from tasks.export import export
    from tasks.query import run_query

    draft = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        with draft.open("xb") as target:
            n = run_query(lake, query, lambda rows: export(rows, mode, target), limits)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return n


def first_rows(rows: pa.RecordBatchReader) -> tuple[list[dict[str, object]], bool]:
    """The rows that a table shows, and whether there are more."""
    from tasks.ask import to_rows

    found: list[dict[str, object]] = []
    for batch in rows:
        found += to_rows(batch)
        if len(found) > SHOWN_ROWS:
            return found[:SHOWN_ROWS], True
    return found, False


def show_table(rows: list[dict[str, object]], has_more: bool) -> None:
    """Rows as a table, with their number."""
    show_rows(rows)
    more = f"the first {SHOWN_ROWS:,}; --format csv gives all" if has_more else None
    console.out.print(f"[dim]{more or console.count(len(rows), 'row')}[/]")
