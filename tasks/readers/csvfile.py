"""Reads tables of articles, one a row: CSV, TSV and their like, with line breaks inside quoted cells."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.readers.columns import unknown
from tasks.readers.compress import Stream
from tasks.readers.csvdialect import MAX_NAME, find_dialect, split_row
from tasks.readers.csvrows import Row, Rows
from tasks.readers.decode import LineDecoder
from tasks.readers.mapping import Mapping, Misfit, Survey, load_mapping, names_any, names_summary
from tasks.readers.options import ReadOptions
from tasks.readers.pages import read_fields
from tasks.readers.sniff import HEAD
from tasks.readers.source import Bytes, Source
from tasks.records import RawRecord, Rejection


def read_csv(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """Records of a table; one rejection for the file where no column is known as the text."""
    mapping = load_mapping(options.mapping)
    head = stream.peek(HEAD)
    decoder = LineDecoder()
    dialect = find_dialect(head.decode("utf-8", "replace"), mapping)
    rows = Rows(stream, dialect, options.max_record_bytes)
    first: list[str] | None = None  # the header as it stands in the table
    header: list[str] | None = None
    number = 0
    for row in rows:
        text = decoder.decode(row.data) if row.data is not None else None
        cells = None if text is None else split_row(text.rstrip("\r\n"), dialect)
        if header is None:
            header = _header(cells or [], mapping)
            if header is None:
                yield source.reject("unknown_columns", unknown(cells or []), Bytes.of(head))
                return
            rows.set_header(header, mapping)
            if mapping is None or mapping.header is not False:
                first = cells
                continue
        if cells is not None and (not any(cell.strip() for cell in cells) or _is_header(cells, first)):
            continue
        number += 1
        yield _item(row, cells, header, source, mapping, f"record:{number}", options.max_record_bytes)


def _header(cells: list[str], mapping: Mapping | None) -> list[str] | None:
    """The columns' names, or their numbers from 1 where there are none; None where none is known as the text.

    Where they are paths (`_source.title`, as pandas flattens objects), and none is known, their last parts are names.
    """
    if mapping and mapping.header is False:
        cells = [str(number) for number in range(1, len(cells) + 1)]
    if any(len(cell) > MAX_NAME for cell in cells):
        return None
    if isinstance(mapping, Survey):
        return cells
    for names in (cells, [cell.rpartition(".")[2] for cell in cells]):
        if names_any(names, "text", mapping) or names_summary(names, mapping):
            return names
    return None


def _is_header(cells: list[str], first: list[str] | None) -> bool:
    """Whether a row repeats the header, as where tables were put one behind the other."""
    return first is not None and cells[-1] == first[-1] and [cells[0].removeprefix("\ufeff"), *cells[1:]] == first


def _item(
    row: Row,
    cells: list[str] | None,
    header: list[str],
    source: Source,
    mapping: Mapping | None,
    member: str,
    limit: int,
) -> RawRecord | Rejection:
    where = f"The row in line {row.line}"
    if row.is_lost:
        reason = (
            f"A quotation mark in or before line {row.line} has no counterpart, so {row.raw.size:,} bytes from there on"
            " cannot be told apart into rows."
        )
        return source.reject("malformed_csv", reason, row.raw, member)
    if row.data is None:
        reason = f"{where} has {row.raw.size:,} bytes; the limit for one record is {limit:,}."
        return source.reject("oversize_record", reason, row.raw, member)
    if cells is None:
        return source.reject("undecodable_text", f"{where} is neither UTF-8 nor Windows-1252 text.", row.raw, member)
    while len(cells) > len(header) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(header):
        reason = f"{where} does not fit the header: its cells are {len(cells)} in number, the header's {len(header)}."
        return source.reject("malformed_csv", reason, row.raw, member)
    named: dict[str, str] = {}
    for name, cell in zip(header, cells, strict=True):
        named.setdefault(name, cell)
    fields = read_fields(named, mapping, source)
    if isinstance(fields, Misfit):
        return source.reject(fields.reason_code, fields.reason, row.raw, member, fields.column, fields.value)
    return source.record(fields, row.raw, member)
