"""Writes the result of a query in a format that other programs read, a batch of rows at a time."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, BinaryIO

import pyarrow as pa

from tasks.ask import to_rows

EXCEL_ROWS, EXCEL_CHARACTERS, EXCEL_DIGITS = 1_048_576, 32_767, 2**53
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


class ExportError(Exception):
    """The result can't be written in that format; the message is one line."""


def export(rows: pa.RecordBatchReader, output: str, target: BinaryIO) -> int:
    """Writes the rows in one of FORMATS; returns their number. Raises ExportError."""
    return FORMATS[output](rows, target)


def flat(value: Any) -> Any:
    """A value for a cell: nested values as JSON, bytes and times as text."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=plain)
    return plain(value) if isinstance(value, bytes | date) else value


def plain(value: object) -> object:
    """A value that JSON does not have."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _rows(rows: pa.RecordBatchReader) -> Iterator[dict[str, Any]]:
    for batch in rows:
        yield from to_rows(batch)


def _csv(rows: pa.RecordBatchReader, target: BinaryIO) -> int:
    text = io.TextIOWrapper(target, "utf-8", errors="backslashreplace", newline="", write_through=True)
    # The writer puts a carriage return into quotation marks only where lines end in one.
    lines = SimpleNamespace(write=lambda line: text.write(f"{line[:-2]}\n"))
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow([_harmless(name) for name in rows.schema.names])
    n = 0
    for row in _rows(rows):
        writer.writerow([_harmless(flat(value)) for value in row.values()])
        n += 1
    text.detach()
    return n


def _harmless(value: Any) -> Any:
    """Nothing that a spreadsheet would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_MARKS) else value


def _json(rows: pa.RecordBatchReader, target: BinaryIO) -> int:
    n = 0
    for row in _rows(rows):
        target.write(b",\n  " if n else b"[\n  ")
        target.write(_line(row))
        n += 1
    target.write(b"\n]\n" if n else b"[]\n")
    return n


def _json_lines(rows: pa.RecordBatchReader, target: BinaryIO) -> int:
    n = 0
    for row in _rows(rows):
        target.write(_line(row) + b"\n")
        n += 1
    return n


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, default=plain).encode("utf-8", "backslashreplace")


def _parquet(rows: pa.RecordBatchReader, target: BinaryIO) -> int:
    import pyarrow.parquet as pq

    n = 0
    # The target stays open, which a pipe that is closed twice would not survive.
    with pq.ParquetWriter(pa.PythonFile(target, mode="w"), rows.schema, compression="zstd") as writer:
        for batch in rows:
            writer.write_batch(batch)
            n += batch.num_rows
    return n


def _xlsx(rows: pa.RecordBatchReader, target: BinaryIO) -> int:
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    except ImportError:
        raise ExportError("xlsx needs a package more: pip install 'onrecord[xlsx]'") from None
    book = Workbook(write_only=True)
    sheet = book.create_sheet("result")

    def cell(value: Any) -> Any:
        value = flat(_excel(value))
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("�", value)[:EXCEL_CHARACTERS])
        made.data_type = "s"  # text, whatever it begins with
        return made

    n = 0
    try:
        sheet.append([cell(name) for name in rows.schema.names])
        for row in _rows(rows):
            n += 1
            if n == EXCEL_ROWS:
                raise ExportError(f"a sheet holds {EXCEL_ROWS:,} rows at most; choose csv or parquet, or add LIMIT")
            sheet.append([cell(value) for value in row.values()])
    finally:
        sheet.close()
    book.save(target)
    return n


def _excel(value: Any) -> Any:
    """A value as a sheet can hold it: times in UTC without zone, no number that would be rounded."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if value.tzinfo else value.isoformat(" ")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, int) and abs(value) >= EXCEL_DIGITS else value


FORMATS: dict[str, Callable[[pa.RecordBatchReader, BinaryIO], int]] = {
    "csv": _csv,
    "json": _json,
    "jsonl": _json_lines,
    "parquet": _parquet,
    "xlsx": _xlsx,
}
