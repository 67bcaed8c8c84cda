"""The articles in a JSON value: the value itself, what it wraps, or the rows of a table that it spells out."""

from __future__ import annotations

import json
from typing import Any

from tasks.readers import jsonfeed
from tasks.readers.aliases import ENVELOPES
from tasks.readers.mapping import Mapping, held
from tasks.readers.values import fold

MAX_DEPTH = 5  # objects and lists one in the other, around an article


def find_articles(value: Any, mapping: Mapping | None) -> list[Any]:
    """The articles that a line, an element or a document holds; the value itself where it holds none.

    What lies beside an article, in objects around it, are notes on it. In a list, and in an object of nothing but
    objects, entries that are no articles are handed on as well, for their reader to refuse.
    """
    value = _decoded(value)
    if jsonfeed.is_feed(value):
        return jsonfeed.entries(value)
    titles, texts = held(value, "title", mapping), held(value, "text", mapping)
    if (rows := _rows(value, titles, texts)) is not None:
        return rows
    if (titles and texts) or any(isinstance(text, str) for text in texts):
        return [value]
    listed = _listed(value, mapping)
    if listed and any(isinstance(entry, dict) for entry in listed):
        found = [_wrapped(entry, mapping, MAX_DEPTH) for entry in listed]
        if any(found) or not titles:
            return [article for entry, inner in zip(listed, found, strict=True) for article in inner or [entry]]
        return [value]
    return _wrapped(value, mapping, MAX_DEPTH) or ([] if listed == [] and isinstance(value, dict) else [value])


def _listed(value: Any, mapping: Mapping | None) -> list[Any] | None:
    """The list that a response or an export wraps, under one of the usual names."""
    for _ in range(3):
        if not isinstance(value, dict) or _is_article(value, mapping):
            break
        folded = {fold(name): entry for name, entry in value.items()}
        value = next((folded[name] for name in ENVELOPES if isinstance(folded.get(name), dict | list)), None)
    return value if isinstance(value, list) else None


def _wrapped(value: Any, mapping: Mapping | None, depth: int) -> list[Any] | None:
    """The articles somewhere inside a value, whatever the names around them; None where there are none."""
    value = _decoded(value)
    if _is_article(value, mapping):
        return [value]
    if not depth or not isinstance(value, dict | list):
        return None
    entries = value if isinstance(value, list) else list(value.values())
    found = ((entry, _wrapped(entry, mapping, depth - 1)) for entry in entries)
    if isinstance(value, dict) and not _is_index(entries, mapping):
        return next((inner for _, inner in found if inner), None)
    pairs = list(found)
    return [a for entry, inner in pairs for a in inner or [entry]] if any(inner for _, inner in pairs) else None


def _is_index(entries: list[Any], mapping: Mapping | None) -> bool:
    """Whether an object's values are records, kept by number, address or date: all objects, several with a title."""
    return all(isinstance(entry, dict) for entry in entries) and (
        sum(bool(held(entry, "title", mapping)) for entry in entries) > 1
    )


def _rows(table: Any, titles: list[Any], texts: list[Any]) -> list[Any] | None:
    """The rows of a table written by columns, or as columns' names and lists of cells; None where it is no table."""
    if not isinstance(table, dict):
        return None
    names, rows = table.get("columns"), table.get("data", table.get("rows"))
    if isinstance(names, list) and isinstance(rows, list):
        keys = [name.get("name") if isinstance(name, dict) else name for name in names]
        if all(isinstance(key, str) for key in keys) and any(isinstance(row, list) for row in rows):
            return [
                dict(zip(keys, row, strict=True)) if isinstance(row, list) and len(row) == len(keys) else row
                for row in rows
            ]
    places = _places(titles[0]) if titles and texts else None
    if places is None or _places(texts[0]) != places:
        return None
    columns = {name: column for name, column in table.items() if _places(column) == places}
    return [{name: column[place] for name, column in columns.items()} for place in places]


def _places(column: Any) -> list[Any] | None:
    """Where the cells of a column stand: in a list of several, or in an object under the numbers of the rows."""
    if isinstance(column, list) and len(column) > 1 and not any(isinstance(cell, dict | list) for cell in column):
        return list(range(len(column)))
    if isinstance(column, dict) and column and all(str(name).isdecimal() for name in column):
        return list(column)
    return None


def _decoded(value: Any) -> Any:
    """What a string holds that is an object in JSON itself, as in the messages of a queue."""
    if isinstance(value, str) and value.lstrip()[:1] == "{":
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            pass
    return value


def _is_article(value: Any, mapping: Mapping | None) -> bool:
    return all(held(value, target, mapping) for target in ("title", "text"))
