"""From the names that a source uses to the field names of RawRecord: known layouts, and a user's own mapping file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tasks.readers.aliases import ALIASES, AMBIGUOUS, HTTP_ONLY, SUMMARIES
from tasks.readers.bodies import read_text
from tasks.readers.literals import unpack
from tasks.readers.values import READ, WrongType, clean, describe, fold, is_missing, read_string, shown

FIELDS: tuple[str, ...] = (*ALIASES, "markup", "published_origin", "is_summary_only")
# The formats that a mapping file may state.
MAPPABLE = ("text_dump", "jsonl", "json", "csv")

# NewsAPI gives the first 200 characters of a text and says how many follow.
_CUT = re.compile(r"\s{0,9}\[\+\d{1,9} char(?:s|acters)\]\s{0,9}$")

_CHARACTERS = ("delimiter", "quotechar", "escapechar")
_LOCAL_OPTIONS = ("format", "fields", *_CHARACTERS, "header")


class MappingError(ValueError):
    """A mapping file that cannot be used; the message is one sentence for its author."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A user's names for the fields (canonical name → names in the source, in order), and how to read the table."""

    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    format: str | None = None
    delimiter: str | None = None
    quotechar: str | None = None
    escapechar: str | None = None
    header: bool | None = None


@dataclass(frozen=True, slots=True)
class Survey(Mapping):
    """A mapping under which any table is read, and which keeps the records as they are: to find out what they hold."""

    seen: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a record's fields cannot be used."""

    reason_code: str
    reason: str
    column: str | None = None
    value: str | None = None


def load_mapping(source: Path | Mapping | None) -> Mapping | None:
    """Reads a mapping file; MappingError with one sentence where it is not one."""
    if source is None or isinstance(source, Mapping):
        return source
    try:
        content = yaml.safe_load(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError(f"{source}: cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problem = " ".join(str(error).split())
        raise MappingError(f"{source}: is not YAML: {problem}.") from error
    try:
        return parse_mapping(content)
    except MappingError as error:
        raise MappingError(f"{source}: {error}") from error


def parse_mapping(content: object) -> Mapping:
    """A Mapping from what its YAML holds; MappingError where a key or value is not one of those documented."""
    if not isinstance(content, dict):
        raise MappingError("a mapping file holds `fields:` and options, one to a line.")
    for key in content:
        if key not in _LOCAL_OPTIONS:
            raise MappingError(f"`{key}` is not an option; the options are {', '.join(_LOCAL_OPTIONS)}.")
    header = content.get("header")
    if header is not None and not isinstance(header, bool):
        raise MappingError("`header` is true or false.")
    format_ = content.get("format")
    if format_ is not None and format_ not in MAPPABLE:
        raise MappingError(f"`format` is one of {', '.join(MAPPABLE)}.")
    for key in _CHARACTERS:
        character = content.get(key)
        if character is not None and not (
            isinstance(character, str) and len(character) == 1 and character not in "\r\n"
        ):
            raise MappingError(f'`{key}` is one character (a tab is "\\t").')
    return Mapping(
        _parse_fields(content.get("fields") or {}),
        format_,
        **{key: content.get(key) for key in _CHARACTERS},
        header=header,
    )


def _parse_fields(content: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(content, dict):
        raise MappingError("`fields` names a field of the article and its name in the source, one to a line.")
    fields = {}
    for name, sources in content.items():
        if name not in ALIASES:
            raise MappingError(f"`{name}` is not a field; the fields are {', '.join(ALIASES)}.")
        sources = sources if isinstance(sources, list) else [sources]
        if not sources or not all(
            isinstance(s, str | int) and not isinstance(s, bool) and str(s).strip() for s in sources
        ):
            raise MappingError(f"`{name}` takes a name in the source, or a list of them.")
        fields[name] = tuple(fold(str(s)) for s in sources)
    return fields


def is_known(name: str, target: str, mapping: Mapping | None = None) -> bool:
    """True where a source's name stands for the canonical field ``target``."""
    if mapping and target in mapping.fields:
        return fold(name) in mapping.fields[target]
    return fold(name) in ALIASES[target]


def names_any(names: Iterable[str], target: str, mapping: Mapping | None = None) -> bool:
    """Whether one of the names stands for the canonical field."""
    return any(is_known(name, target, mapping) for name in names)


def names_summary(names: Iterable[str], mapping: Mapping | None = None) -> bool:
    """Whether a layout with these names has a title, and a summary that can stand in for a text."""
    names = list(names)
    if mapping and "text" in mapping.fields:
        return False
    return names_any(names, "title", mapping) and any(fold(name) in SUMMARIES for name in names)


def held(value: Any, target: str, mapping: Mapping | None = None) -> list[Any]:
    """What an object holds under the names that stand for the canonical field ``target``, in their order."""
    if not isinstance(value, dict):
        return []
    names = (mapping.fields.get(target) if mapping else None) or ALIASES[target]
    return [entry for _, entry in _found({fold(str(name)): entry for name, entry in value.items()}, names)]


def to_fields(record: dict[str, Any], mapping: Mapping | None = None) -> dict[str, Any] | Misfit:
    """The record's values under their canonical names; unknown and empty ones are left out.

    A Misfit where no name stands for a title or text, or where the value of title, text, url, published or authors
    has a type that cannot be read.
    """
    if isinstance(mapping, Survey):
        mapping.seen.append(record)
    folded: dict[str, Any] = {}
    for name, value in record.items():
        folded.setdefault(fold(name), unpack(value) if isinstance(value, str) else value)
    own = mapping.fields if mapping else {}
    claimed = {name for names in own.values() for name in names}
    fields: dict[str, Any] = {}
    seen = set()
    for target, aliases in ALIASES.items():
        names = own.get(target) or (tuple(a for a in aliases if a not in claimed) if claimed else aliases)
        found = _found(folded, names)
        if found:
            seen.add(target)
        try:
            value = read_text(found, join=target in own) if target == "text" else _first(target, found)
        except WrongType as error:
            reason = f"The field {target} cannot be read: it is {describe(error.value)}."
            return Misfit("wrong_type", reason, target, shown(error.value))
        if value is not None:
            if target == "text":
                value, fields["markup"] = value
            fields[target] = value
    if not seen & {"title", "text"}:
        names_found = ", ".join(clean(str(name)[:40]) for name in list(record)[:12]) or "no fields"
        return Misfit(
            "wrong_type",
            f"No field is known as the article's title or text (found: {names_found}); a mapping file can name them.",
        )
    if "text" not in seen and "text" not in own:
        _take_summary(fields, _found(folded, tuple(a for a in SUMMARIES if a not in claimed)))
    if isinstance(text := fields.get("text"), str) and (cut := _CUT.search(text)):
        fields |= {"text": text[: cut.start()], "is_summary_only": True}
    if "published" in fields:
        fields["published_origin"] = "field"
    return fields


def _found(folded: dict[str, Any], names: tuple[str, ...]) -> list[tuple[str, Any]]:
    """Those of the names that the record has, with their values."""
    present = [name for name in names if name in folded or ("." in name and name.partition(".")[0] in folded)]
    values = ((name, _at(folded, name)) for name in present)
    return [(name, value) for name, value in values if value is not _ABSENT]


def _take_summary(fields: dict[str, Any], found: list[tuple[str, Any]]) -> None:
    """Makes a summary the text of a record whose layout has none."""
    with suppress(WrongType):
        if summary := read_text(found, join=False):
            fields["text"], fields["markup"] = summary
            fields["is_summary_only"] = True
            if fields.get("subtitle") == summary[0]:
                del fields["subtitle"]


_ABSENT = object()


def _at(folded: dict[str, Any], path: str) -> Any:
    """The value under a name, or under a dotted path through nested objects; _ABSENT where there is none."""
    if path in folded:
        return folded[path]
    value: Any = folded
    for name in path.split("."):
        if not isinstance(value, dict):
            return _ABSENT
        if value is not folded:
            value = {fold(str(k)): v for k, v in value.items()}
        if name not in value:
            return _ABSENT
        value = value[name]
    return value


def _first(target: str, found: list[tuple[str, Any]]) -> Any:
    """The first value that can be read; WrongType where there are values but none can."""
    wrong: WrongType | None = None
    for name, value in found:
        if is_missing(value):
            continue
        try:
            value = READ.get(target, read_string)(value)
        except WrongType as error:
            if (target, name) not in AMBIGUOUS:
                wrong = wrong or error
            continue
        is_http = str(value)[:4].lower() == "http"
        if value is None or ((target, name) in HTTP_ONLY and not is_http) or (target == "publisher_name" and is_http):
            continue
        return value
    if wrong and target in ("title", "url", "published", "authors"):
        raise wrong
    return None
