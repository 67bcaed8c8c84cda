"""The values that layouts keep under a field's name, as readers hand them on: strings, lists of them, numbers."""

from __future__ import annotations

import math
import re
from typing import Any

_FOLD = re.compile(r"[\s_\-]+")
_HTML = re.compile(
    r"</(?:p|div|span|a|em|strong|b|i|u|ul|ol|li|h[1-6]|section|article|script|style|blockquote)\s{0,9}>|<br\s{0,9}/?>|<p[\s>]",
    re.I,
)
_NO_WRITER = re.compile(r"photo|camera|video|graphic|illustrat|translat", re.I)
_BLANKS = {"nan", "null", "none", r"\n"}  # what exports write into a table for «no value»
_BLOCKS = ("", "paragraph", "p", "text", "html", "sanitizedhtml")  # types of a list's entries that are running text


class WrongType(Exception):
    """The value under a field's name has a type that the field cannot have."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


def fold(name: str) -> str:
    """A field name without case, spaces, dashes and underscores."""
    return _FOLD.sub("", name).casefold()


def is_missing(value: object) -> bool:
    """Whether the value is what sources write for «no value»."""
    if isinstance(value, str):
        stripped = value.strip()
        return not stripped or (len(stripped) <= 4 and stripped.casefold() in _BLANKS)
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
        value = get(main[0], "value") if main else value
    if not isinstance(value, str):
        raise WrongType(value)
    return clean(value)


def _plain_string(value: object) -> str | None:
    if not isinstance(value, str):
        raise WrongType(value)
    return clean(value)


def _published(value: object) -> str | int | float | None:
    if isinstance(value, dict) and len(value) == 1:  # MongoDB: {"$date": …}
        value = next(iter(value.values()))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise WrongType(value)
    return clean(value) if isinstance(value, str) else value


def _authors(value: object) -> str | list[Any] | None:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        raise WrongType(value)
    authors: list[Any] = []
    for author in value:
        if isinstance(author, dict):
            name = get(author, "name", "fullname", "title")
            if isinstance(name, str) and name.strip() and not _NO_WRITER.search(str(get(author, "role") or "")):
                authors.append({"name": clean(name)})
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


def read_text(found: list[tuple[str, Any]], join: bool) -> tuple[str | list[str], str] | None:
    """Text and its markup: the first source that has some, or all of them in order where ``join``."""
    wrong: WrongType | None = None
    texts: list[tuple[str | list[str], str]] = []
    for name, value in found:
        if is_missing(value):
            continue
        try:
            text = _paragraphs(value)
        except WrongType as error:
            wrong = wrong or error
            continue
        if text:
            sample = text if isinstance(text, str) else "\n".join(text)
            texts.append((text, "html" if name.endswith(("html", "rendered")) or _HTML.search(sample) else "plain"))
            if not join:
                break
    if not texts:
        if wrong:
            raise wrong
        return None
    if len(texts) == 1:
        return texts[0]
    parts = [p for text, _ in texts for p in ([text] if isinstance(text, str) else text)]
    return parts, "html" if any(markup == "html" for _, markup in texts) else "plain"


def _paragraphs(value: object) -> str | list[str]:
    """Running text: a string, a list of paragraphs, ninjs bodies, or fundus' summary and sections."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict) and (sections := get(value, "sections")) is not None:
        pieces = [get(value, "summary")]
        for section in sections if isinstance(sections, list) else []:
            if isinstance(section, dict):
                pieces += [get(section, "headline"), get(section, "paragraphs")]
        return [
            clean(s)
            for piece in pieces
            for s in (piece if isinstance(piece, list) else [piece])
            if isinstance(s, str) and s.strip()
        ]
    if not isinstance(value, list):
        raise WrongType(value)
    if bodies := [v for v in value if isinstance(v, dict) and get(v, "contenttype", "role") is not None]:
        bodies.sort(key=_by_markup)
        value = bodies[:1]
    paragraphs = []
    for entry in value:
        if isinstance(entry, dict):
            entry = get(entry, "value", "text", "content") if fold(str(get(entry, "type") or "")) in _BLOCKS else None
        if entry is not None and not isinstance(entry, str):
            raise WrongType(value)
        if entry and entry.strip():
            paragraphs.append(clean(entry))
    return paragraphs


def _by_markup(body: dict[Any, Any]) -> int:
    """HTML first, then plain text, then what only its own reader understands."""
    kind = str(get(body, "contenttype", "role"))
    return 0 if "html" in kind else 1 if "text" in kind and "nitf" not in kind.casefold() else 2


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
    for kind, words in (
        (bool, "true or false"),
        (str, "a string"),
        (int | float, "a number"),
        (list, "a list"),
        (dict, "an object"),
    ):
        if isinstance(value, kind):
            return words
    return type(value).__name__
