"""Suggests a mapping for a layout that is not known: by the names of its columns, else by what the columns hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import yaml

from tasks.normalise.article import Article, normalise
from tasks.normalise.bylines import is_byline
from tasks.normalise.dates import ReadDate, read_date
from tasks.readers.aliases import ALIASES
from tasks.readers.compress import Stream
from tasks.readers.csvdialect import find_dialect
from tasks.readers.dispatch import read_file
from tasks.readers.formats import FORMATS
from tasks.readers.mapping import MAPPABLE, Mapping, Survey, is_known, parse_mapping
from tasks.readers.options import ReadOptions
from tasks.readers.sniff import HEAD, Kind, sniff
from tasks.readers.values import is_missing
from tasks.records import RawFile, RawRecord, Rejection

SAMPLE = 50  # records that are looked at
MAX_EXAMPLE = 60  # characters
LEAST_SHARE = 0.8  # of a column's values that must be what the column is taken for
_URL = re.compile(r"https?://\S{4,2000}\Z", re.I)
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2})?\Z")


class NoLayout(Exception):
    """The file has no columns or fields that could be named; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column or field of a layout: the field it is taken for, why (`name` or `content`), and a value of it."""

    name: str
    field: str | None
    by: str | None
    example: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mapping for a file, as its YAML holds it, and the first record as a run with it would read it."""

    columns: list[Column]
    mapping: dict[str, Any]
    preview: Article | Rejection | None

    @property
    def is_known(self) -> bool:
        """Whether a run reads title and text of the file without a mapping."""
        return {"title", "text"} <= {column.field for column in self.columns if column.by == "name"}

    @property
    def yaml(self) -> str:
        """The mapping file."""
        return yaml.safe_dump(self.mapping, sort_keys=False, allow_unicode=True)


def suggest(path: Path) -> Suggestion:
    """Looks at the first records of a file; NoLayout where it has none with columns or fields."""
    file = RawFile(path, path.name)
    with path.open("rb") as raw:
        head = Stream(raw, ReadOptions()).peek(HEAD)
    kind = sniff(head, path.name, None)
    records, has_header = _survey(file, kind)
    values: dict[str, list[Any]] = {}
    for record in records:
        for name, value in _flat(record):
            values.setdefault(name, []).append(value)
    by_name = _by_name(values)
    by_content = _by_content({name: v for name, v in values.items() if name not in by_name.values()}, set(by_name))
    fields = by_name | by_content
    columns = []
    for name, found in values.items():
        field = next((field for field, chosen in fields.items() if chosen == name), None)
        by = None if field is None else "name" if field in by_name else "content"
        columns.append(Column(name, field, by, next((_short(v) for v in found if not is_missing(v)), "")))
    mapping: dict[str, Any] = {"format": kind.format} if kind.format in MAPPABLE else {}  # others tell it themselves
    if kind.format == "csv":
        mapping |= _table_options(head[kind.bom :].decode(kind.encoding, "replace"), has_header)
    mapping["fields"] = {f: fields[f] if has_header else int(fields[f]) for f in ALIASES if f in fields}
    return Suggestion(columns, mapping, _preview(file, mapping) if "text" in fields else None)


def _survey(file: RawFile, kind: Kind) -> tuple[list[dict[str, Any]], bool]:
    """The first records as they are, and whether the names of their fields stand in the file."""
    survey = Survey()
    items = list(islice(read_file(file, ReadOptions(survey)), SAMPLE))
    if kind.format == "csv" and (not survey.seen or any(map(_is_value, survey.seen[0]))):
        survey = Survey(header=False)
        items = list(islice(read_file(file, ReadOptions(survey)), SAMPLE))
    if not survey.seen:
        refused = next((item for item in items if isinstance(item, Rejection)), None)
        if refused:
            raise NoLayout(refused.reason)
        raise NoLayout(f"It is {FORMATS[kind.format].what}; there are no columns that a mapping could name.")
    tables: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for record in survey.seen:
        tables.setdefault(tuple(record) if kind.format == "sqlite" else (), []).append(record)
    largest = max(tables.values(), key=lambda records: sum(len(str(record)) for record in records) / len(records))
    return largest, survey.header is not False


def _is_value(name: str) -> bool:
    """Whether what stands in the header is a value, as in a table without one."""
    return len(name) > 60 or _URL.match(name) is not None or (name.strip().isdigit() and len(name.strip()) > 3)


def _table_options(head: str, has_header: bool) -> dict[str, Any]:
    dialect = find_dialect(head, Mapping(header=has_header))
    options: dict[str, Any] = {"delimiter": dialect.delimiter}
    if dialect.quotechar != '"':
        options["quotechar"] = dialect.quotechar
    if dialect.escape:
        options["escapechar"] = dialect.escape
    return options if has_header else options | {"header": False}


def _flat(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Names and values, those of nested objects as `outer.inner`."""
    for name, value in record.items():
        if isinstance(value, dict) and not prefix:
            yield from _flat(value, f"{name}.")
        else:
            yield f"{prefix}{name}", value


def _by_name(values: dict[str, list[Any]]) -> dict[str, str]:
    """The columns that are known by their names and hold something."""
    filled = [name for name, found in values.items() if not all(map(is_missing, found))]
    found: dict[str, str] = {}
    for field, aliases in ALIASES.items():
        known = [name for name in filled if is_known(name, field)]
        known.sort(
            key=lambda name: [is_known(name, field, Mapping({field: (alias,)})) for alias in aliases], reverse=True
        )
        if known and known[0] not in found.values():
            found[field] = known[0]
    return found


def _by_content(values: dict[str, list[Any]], taken: set[str]) -> dict[str, str]:
    """The best column for each field that has none yet, in an order in which each leaves fewer to choose from."""
    texts = {name: _strings(found) for name, found in values.items()}
    texts = {name: found for name, found in texts.items() if found}
    chosen: dict[str, str] = {}
    for field, score in _SCORES.items():
        if field in taken:
            continue
        best = max((n for n in texts if n not in chosen.values()), key=lambda n: score(texts[n]), default=None)
        if best is not None and score(texts[best]) > 0:
            chosen[field] = best
    return chosen


def _strings(found: list[Any]) -> list[str]:
    """The values as text, lists joined; none where the column holds something else."""
    kept = []
    for value in found:
        if is_missing(value) or isinstance(value, bool):
            continue
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            value = "\n".join(value)
        if not isinstance(value, str | int | float):
            return []
        kept.append(str(value))
    return kept


def _share(found: list[str], test: Callable[[str], bool]) -> float:
    share = sum(map(test, found)) / len(found)
    return share if share >= LEAST_SHARE else 0.0


def _distinct(found: list[str]) -> float:
    return len(set(found)) / len(found)


def _is_date(value: str) -> bool:
    if not 4 < len(value) <= 40:
        return False
    date = read_date(float(value) if value.replace(".", "", 1).isdigit() and len(value) > 8 else value)
    return isinstance(date, ReadDate) and date.on is not None


def _score_text(found: list[str]) -> float:
    n_words = median(len(value.split()) for value in found)
    return n_words if n_words >= 20 and not _share(found, lambda v: _URL.match(v) is not None) else 0.0


def _score_title(found: list[str]) -> float:
    is_title = _share(found, lambda v: 2 <= len(v.split()) <= 30 and len(v) <= 250 and "\n" not in v)
    return is_title * _distinct(found) * median(len(value.split()) for value in found)


def _score_section(found: list[str]) -> float:
    is_short = _share(found, lambda v: len(v) <= 40 and len(v.split()) <= 4 and not v.replace(".", "").isdigit())
    return is_short if len(found) > 4 and _distinct(found) <= 0.5 and len(set(found)) > 1 else 0.0


_SCORES: dict[str, Callable[[list[str]], float]] = {
    "url": lambda found: _share(found, lambda v: _URL.match(v) is not None) * _distinct(found),
    "published": lambda found: _share(found, _is_date),
    "text": _score_text,
    "language": lambda found: _share(found, lambda v: _LANGUAGE.match(v) is not None),
    "authors": lambda found: _share(found, lambda v: len(v) <= 200 and is_byline(f"By {v}")),
    "title": _score_title,
    "section": _score_section,
}


def _preview(file: RawFile, mapping: dict[str, Any]) -> Article | Rejection | None:
    options = replace(ReadOptions(), mapping=parse_mapping(mapping))
    first = next(read_file(file, options), None)
    return normalise(first) if isinstance(first, RawRecord) else first


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= MAX_EXAMPLE else text[: MAX_EXAMPLE - 1] + "…"
