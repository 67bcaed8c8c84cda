"""The values that layouts keep under a field's name, as readers hand them on: strings, lists of them, numbers."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

from tasks.normalise.wordlists import words

MAX_NAME = 100  # characters of names that are remembered, of which there are few in a file
_FOLD = re.compile(r"[\s_\-]+")
_NO_WRITER = re.compile(r"photo|camera|video|graphic|illustrat|translat", re.I)
# What exports and interfaces write for «no value».
_BLANKS = words(r"nan nat null none \n <na> n/a #n/a [removed] [deleted]")
LONGEST_BLANK = max(map(len, _BLANKS))


class WrongType(Exception):
    """The value under a field's name has a type that the field cannot have."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


def fold(name: str) -> str:
    """A field name without case, spaces, dashes and underscores."""
    return _fold(name) if len(name) < MAX_NAME else _FOLD.sub("", name).casefold()


@lru_cache(maxsize=4096)
def _fold(name: str) -> str:
    return _FOLD.sub("", name).casefold()


def is_missing(value: object) -> bool:
    """Whether the value is what sources write for «no value»."""
    if isinstance(value, str):
        stripped = value.strip()
        return not stripped or (len(stripped) <= LONGEST_BLANK and stripped.casefold() in _BLANKS)
    return (
        value is None
        or value is False
        or value == []
        or value == {}
        or (isinstance(value, float) and not math.isfinite(value))
    )


def read_string(value: object) -> str | None:
    """A string as it is, and the first of a list; lone surrogates, which no encoding can hold, become U+FFFD."""
    if isinstance(value, list):
        value = next((v for v in value if not is_missing(v)), None)
        if value is None:
            return None
    if isinstance(value, dict):
        value = get(value, "name", "value", "text", "by")
    if not isinstance(value, str):
        raise WrongType(value)
    return clean(value)


def _title(value: object) -> str | None:
    if isinstance(value, list):  # ninjs: [{"role": "main", "value": …}]
        entries = [v for v in value if isinstance(v, dict) and isinstance(get(v, "value"), str)]
        main = [v for v in entries if get(v, "role") == "main"] or entries
        value = get(main[0], "value") if main else _only(value)
    if isinstance(value, dict):
        value = get(value, "main", "basic", "rendered", "value", "text")
    if not isinstance(value, str):
        raise WrongType(value)
    return clean(value)


def _only(value: object) -> object:
    """The only entry of a list, as scrapers keep single values; else the value itself."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _plain_string(value: object) -> str | None:
    value = _only(value)
    if not isinstance(value, str):
        raise WrongType(value)
    return clean(value)


def _published(value: object) -> str | int | float | None:
    found = value
    value = _only(value)
    for _ in range(2):
        if isinstance(value, dict):  # MongoDB: {"$date": {"$numberLong": …}}
            day = [get(value, name) for name in ("year", "month", "day")]
            known = get(value, "$date", "$numberlong", "iso", "date", "datetime", "seconds")
            value = known if None in day else day
    if isinstance(value, list) and len(value) > 2 and all(type(number) is int for number in value):
        value = "-".join(f"{number:02}" for number in value[:3])  # a day, perhaps with its time, number by number
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise WrongType(found)
    return clean(value) if isinstance(value, str) else value


def _authors(value: object) -> str | list[Any] | None:
    if isinstance(value, str):
        return clean(value)
    if not isinstance(value, list):
        value = [value]
    authors: list[Any] = []
    for author in value:
        if isinstance(author, dict):
            name = get(author, "name", "fullname", "displayname", "title")
            parts = [get(author, *names) for names in (("firstname", "givenname"), ("lastname", "familyname"))]
            name = name or " ".join(part for part in parts if isinstance(part, str))
            if isinstance(name, str) and name.strip() and not _NO_WRITER.search(str(get(author, "role") or "")):
                authors.append({"name": clean(name)})
        elif isinstance(author, int):  # the number of a user
            continue
        elif isinstance(author, str):
            authors += [clean(author)] if author.strip() else []
        elif not is_missing(author):
            raise WrongType(value)
    return authors or None


def _related(value: object) -> list[dict[str, str]] | None:
    if not isinstance(value, list):
        return None
    related = []
    for entry in value:
        if isinstance(entry, dict):
            anchor, url = get(entry, "anchor", "title", "headline"), get(entry, "url", "link")
            if isinstance(anchor, str) and isinstance(url, str):
                related.append({"anchor": clean(anchor), "url": clean(url)})
    return related or None


READ: dict[str, Any] = {
    "title": _title,
    "url": _plain_string,
    "published": _published,
    "modified": _published,
    "authors": _authors,
    "byline": read_string,
    "related": _related,
}


def get(value: dict[Any, Any], *names: str) -> Any:
    """The first value under one of the folded names that is not None."""
    folded = {fold(str(k)): v for k, v in value.items()}
    return next((folded[name] for name in names if folded.get(name) is not None), None)


def clean(text: str) -> str:
    """The text with lone surrogates, which JSON escapes can smuggle in, replaced by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def shown(value: object) -> str:
    """The value as a person may look at it, its first 200 characters."""
    try:
        return clean(repr(value)[:200])
    except RecursionError:
        return "…"


def describe(value: object) -> str:
    """The value's type in words."""
    for kind, name in (
        (bool, "true or false"),
        (str, "a string"),
        (int | float, "a number"),
        (list, "a list"),
        (dict, "an object"),
    ):
        if isinstance(value, kind):
            return name
    return type(value).__name__
