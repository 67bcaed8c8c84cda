"""Writes docs/data-dictionary.md from the tables: `python -m schemas.dictionary`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from schemas.fields import EXTRACTED
from schemas.tables import SCHEMA_VERSION, TABLES, Table

PAGE = Path(__file__).parents[1] / "docs" / "data-dictionary.md"
HEAD = f"""# Data dictionary

Written from `schemas/fields.py` by `make docs`; schema version {SCHEMA_VERSION}. Unknown is NULL, never an empty
string. `_at` is a UTC timestamp, `_on` a date, `n_` a count, `is_` a boolean, `_id` a key. Offsets are 0-based
half-open Unicode code point offsets: `text[start:end]` in Python, `substr(text, start + 1, end - start)` in SQL.
"""


def dictionary() -> str:
    """The page, as Markdown."""
    return "\n".join([HEAD, *(_section(table) for table in TABLES.values())])


def _section(table: Table) -> str:
    if table.partition:
        place = f"`{table.name}/{table.partition_key}=YYYY-MM/part-0.parquet`, by the month of `{table.partition}`"
    else:
        place = f"`{table.name}/part-0.parquet`"
    lines = [
        f"## {table.name}",
        "",
        f"{table.description} Key: {', '.join(f'`{k}`' for k in table.key)}. Files: {place}.",
        "",
        "| column | type | NULL | what | example |",
        "|---|---|---|---|---|",
    ]
    for column in table.columns:
        what = column.description + (f" One of: {', '.join(column.values)}." if column.values else "")
        null = "yes" if column.nullable else "no"
        lines.append(
            f"| {column.name} | {type_name(column.type)} | {null} | {_cell(what)} | {_cell(_example(column.example))} |"
        )
    return "\n".join(lines) + "\n"


def type_name(type_: pa.DataType) -> str:
    """An Arrow type in the words of SQL users."""
    if pa.types.is_timestamp(type_):
        return "timestamp UTC"
    if pa.types.is_date(type_):
        return "date"
    if pa.types.is_list(type_):
        return f"list of {type_name(type_.value_type)}"
    if type_ == EXTRACTED:
        return "struct (columns of quotes)"
    if pa.types.is_struct(type_):
        return f"struct ({', '.join(f'{f.name} {type_name(f.type)}' for f in type_)})"
    if pa.types.is_map(type_):
        return f"map of {type_name(type_.key_type)} to {type_name(type_.item_type)}"
    return str(type_)


def _example(value: Any) -> str:
    return "" if value is None else f"`{value}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "⏎")


if __name__ == "__main__":
    PAGE.write_text(dictionary(), encoding="utf-8")
    print(f"Wrote {PAGE.name}")
