"""Rows of tables whose columns have names and types (Parquet, Arrow, SQLite) as records: what their readers share."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tasks.readers.aliases import ALIASES, SUMMARIES
from tasks.readers.decode import LineDecoder
from tasks.readers.mapping import Mapping, Misfit, Survey, names_any
from tasks.readers.options import MIB, ReadOptions
from tasks.readers.pages import read_fields
from tasks.readers.source import Bytes, Source
from tasks.readers.values import fold
from tasks.records import RawRecord, Rejection

EXPANSION_FREE = 64 * MIB
_JSON = (str, int, float, bool, type(None))


def wanted(names: Iterable[str], mapping: Mapping | None) -> list[str]:
    """The columns that stand for a field of an article, or hold an object that may; the others are not even read."""
    if isinstance(mapping, Survey):
        return list(names)
    own = mapping.fields.values() if mapping else ()
    known = {alias for aliases in (*ALIASES.values(), SUMMARIES, *own) for alias in aliases}
    objects = {alias.partition(".")[0] for alias in known if "." in alias}
    return [name for name in names if fold(name) in known | objects]


def holds_text(names: Iterable[str], mapping: Mapping | None) -> bool:
    """Whether one of the columns is, or may hold, the article's text."""
    if isinstance(mapping, Survey):
        return True
    objects = {alias.partition(".")[0] for alias in ALIASES["text"] if "." in alias}
    return names_any(names, "text", mapping) or any(fold(name) in objects for name in names)


def unknown(names: Sequence[str]) -> str:
    """Why a table with these columns is refused, and what to do."""
    found = ", ".join(f"“{name.strip()[:40]}”" for name in names[:12]) or "none"
    return (
        f"No column is known as the article's text (found: {found}). A mapping file can name it; `onrecord mapping"
        " FILE` suggests one."
    )


class Table:
    """Makes records of a table's rows, and stops where a small file holds far too much."""

    def __init__(self, source: Source, options: ReadOptions, mapping: Mapping | None, file_bytes: int) -> None:
        self._source = source
        self._mapping = mapping
        self._limit = options.max_record_bytes
        self._most = max(EXPANSION_FREE, file_bytes * options.max_expansion_ratio)
        self._decoder = LineDecoder()
        self._size = 0
        self._number = 0

    def is_too_large(self) -> Rejection | None:
        """The refusal of the rest, once the rows hold more than the file may expand to."""
        if self._size <= self._most:
            return None
        reason = f"The rows of the file hold more than {self._most:,} bytes, far more than the file; the rest is left."
        return self._source.reject("decompression_limit", reason, Bytes.of(b""))

    def record(self, row: dict[str, Any]) -> RawRecord | Rejection:
        """The next row: a record, or why it is none. Values are as Python has them, texts also as bytes."""
        member = self._next()
        for name, value in row.items():
            row[name] = _plain(self._decoder.decode(value) if isinstance(value, bytes) else value)
            if isinstance(value, bytes) and row[name] is None:
                reason = f"The column {name[:80]} holds bytes that are neither UTF-8 nor Windows-1252 text."
                return self._source.reject("undecodable_text", reason, Bytes.of(value), member)
        raw = Bytes.of(json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        self._size += raw.size
        if raw.size > self._limit:
            reason = f"The row has {raw.size:,} bytes; the limit for one record is {self._limit:,}."
            return self._source.reject("oversize_record", reason, raw, member)
        fields = read_fields(row, self._mapping, self._source)
        if isinstance(fields, Misfit):
            return self._source.reject(fields.reason_code, fields.reason, raw, member, fields.column, fields.value)
        return self._source.record(fields, raw, member)

    def refuse(self, reason_code: str, reason: str) -> Rejection:
        """The next row, which could not be read."""
        return self._source.reject(reason_code, reason, Bytes.of(b""), self._next())

    def _next(self) -> str:
        self._number += 1
        self._size += 1
        return f"record:{self._number}"


def _plain(value: Any) -> Any:
    """A value with nothing in it but what JSON has."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return {str(name): _plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return str(value) if isinstance(value, Decimal) or not isinstance(value, _JSON) else value
