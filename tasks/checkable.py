"""Turns the rows of a table into the frame that its suite is run on, with columns that say what is wrong with a row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from schemas.expectations import (
    ATTRIBUTION_PROBLEM,
    INVALID_CHARACTERS,
    N_CHARACTERS,
    SPAN_PROBLEM,
    WRONG_TYPE,
    columns_of,
)
from schemas.fields import Column
from schemas.tables import CHILD_TABLES, TABLES
from tasks.records import VALUE_LIMIT

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("content", "cue", "source")  # the parts of a quote that have words and spans
_IN = ": "  # between the column and the value of a problem


def checkable(
    table: str,
    rows: Sequence[Mapping[str, Any]],
    text_lengths: Sequence[int] | None = None,
    records: Sequence[int] | None = None,
) -> pd.DataFrame:
    """The columns that the suite of ``table`` looks at, one row a row, numbered from 0; see tasks.validate.validate.

    Raises KeyError for a column that the rows lack, ValueError where lengths or records are not one a row.
    """
    import pandas as pd

    is_child = TABLES[table] in CHILD_TABLES
    if is_child and (text_lengths is None or len(text_lengths) != len(rows)):
        raise ValueError(f"{table} needs the length of the text for each of its {len(rows)} rows")
    if records is not None and len(records) != len(rows):
        raise ValueError(f"{table} has {len(rows)} rows, but {len(records)} records are given")
    columns = [column for column in columns_of(table) if column is not N_CHARACTERS]
    values = {column.name: [_plain(row[column.name]) for row in rows] for column in columns}
    wrong: list[str | None] = [None] * len(rows)
    unstorable: list[str | None] = [None] * len(rows)
    for column in columns:
        _check_column(column, values[column.name], wrong, unstorable)
    if is_child:
        values[N_CHARACTERS.name] = list(text_lengths or ())
        owners = records if records is not None else values["article_id"]
        for name in TABLES[table].key:
            if name.endswith("_id") and name != "article_id":
                values[name] = _apart(values[name], owners)
    values |= {WRONG_TYPE: wrong, INVALID_CHARACTERS: unstorable}
    if table == "quotes":
        lengths = values[N_CHARACTERS.name]
        values[SPAN_PROBLEM] = [_span_problem(values, i, lengths[i]) for i in range(len(rows))]
        values[ATTRIBUTION_PROBLEM] = [_attribution_problem(values, i) for i in range(len(rows))]
    return pd.DataFrame({name: pd.Series(v, dtype=object) for name, v in values.items()})


def read_problem(cell: str) -> tuple[str, str]:
    """The column that a problem column's cell is about, and the value as a reason shows it."""
    column, _, value = cell.partition(_IN)
    return column, value


def _problem(column: str, value: Any) -> str:
    return f"{column}{_IN}{shown(value)}"


def shown(value: Any) -> str | None:
    """A value as a reason shows it, at most VALUE_LIMIT characters; None for None."""
    if value is None:
        return None
    text = value if isinstance(value, str) else str(value)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= VALUE_LIMIT else f"{text[: VALUE_LIMIT - 1]}…"


def _plain(value: Any) -> Any:
    """None for NaN, which pandas takes for it."""
    return None if isinstance(value, float) and value != value else value


def _check_column(column: Column, values: list[Any], wrong: list[str | None], unstorable: list[str | None]) -> None:
    """Notes the rows whose value the column can't hold, and takes these values out."""
    if not (_is_plain_text(column, values) and _storable("".join(filter(None, values)))):
        for i, value in enumerate(values):
            if value is None:
                continue
            if not _fits(value, column.type):
                wrong[i] = wrong[i] or _problem(column.name, value)
                values[i] = None
            elif not all(map(_storable, _strings(value))):
                unstorable[i] = unstorable[i] or _problem(column.name, value)
                values[i] = None  # pandas can't hash it


def _is_plain_text(column: Column, values: list[Any]) -> bool:
    """True for the many columns that hold nothing but text, which need no look at each value."""
    return pa.types.is_string(column.type) and set(map(type, values)) <= {str, type(None)}


def _fits(value: Any, type_: pa.DataType) -> bool:
    if value is None:
        return True
    if pa.types.is_string(type_):
        return isinstance(value, str)
    if pa.types.is_boolean(type_):
        return isinstance(value, bool)
    if pa.types.is_integer(type_):
        return isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31
    if pa.types.is_floating(type_):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if pa.types.is_timestamp(type_):
        return isinstance(value, datetime) and value.tzinfo is not None
    if pa.types.is_date(type_):
        return isinstance(value, date) and not isinstance(value, datetime)
    if pa.types.is_list(type_):
        return isinstance(value, list) and all(_fits(v, type_.value_type) for v in value)
    if pa.types.is_struct(type_):
        return isinstance(value, dict) and all(_fits(value.get(f.name), f.type) for f in type_)
    return isinstance(value, bytes)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for v in value:
            yield from _strings(v)
    elif isinstance(value, dict):
        yield from _strings(list(value.values()))


def _storable(text: str) -> bool:
    """False for text with a lone surrogate, which UTF-8 can't hold."""
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _apart(keys: list[Any], owners: Sequence[Any]) -> list[Any]:
    """Keys that are equal in different copies of an article, told apart; those that one copy repeats stay equal."""
    first: dict[Any, Any] = {}
    return [
        k if first.setdefault(k, owner) == owner or not isinstance(k, str) else _renamed(k, owner)
        for k, owner in zip(keys, owners, strict=True)
    ]


def _renamed(key: str, owner: Any) -> str:
    return hashlib.blake2b(f"{owner} {key}".encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def _span_problem(values: Mapping[str, list[Any]], i: int, n_characters: int) -> str | None:
    for part in PARTS:
        end = 0
        for span in values[f"{part}_spans"][i] or ():
            start, stop = span["start"], span["end"]
            if start is None or stop is None or not end <= start < stop <= n_characters:
                return _problem(f"{part}_spans", f"{start} to {stop} of {n_characters} characters")
            end = stop
    return None


def _attribution_problem(values: Mapping[str, list[Any]], i: int) -> str | None:
    for part in PARTS:
        spans = values[f"{part}_spans"][i] or ()
        if bool(values[part][i]) != bool(spans):
            return _problem(part, f"{len(spans)} spans and the words {values[part][i]}")
    return None
