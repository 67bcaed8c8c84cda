"""The text of a record: one string, a list of paragraphs, bodies in several markups, or nested blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tasks.normalise.text import holds_html
from tasks.normalise.wordlists import words
from tasks.readers.values import WrongType, clean, fold, get, is_missing

MAX_DEPTH = 20  # blocks one in the other
# Types of blocks, as editors and content systems name them: those that hold paragraphs, and those that are text.
_CONTAINERS = words(
    "article body bulletedlist bulletlist doc document group list ol orderedlist root section ul unorderedlist"
)
_TEXTS = words(
    """
    a block blockquote bold em header heading html hyperlink italic li link listitem p paragraph quote sanitizedhtml
    span strong subheading text
    """
)
_INSIDE = ("value", "text", "content", "html", "children", "blocks", "elements", "nodes", "paragraphs", "items", "data")


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
            texts.append((text, "html" if name.endswith(("html", "rendered")) or holds_html(sample) else "plain"))
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
    """Running text: a string, a list of paragraphs, ninjs bodies, fundus' summary and sections, or blocks."""
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
    if isinstance(value, list):
        if bodies := [v for v in value if isinstance(v, dict) and get(v, "contenttype", "role") is not None]:
            bodies.sort(key=_by_markup)
            value = bodies[:1]
        if any(not isinstance(entry, str | dict | None) for entry in value):
            raise WrongType(value)
    found = [clean(text) for text in _texts(value, MAX_DEPTH) if text.strip()]
    if not found and not isinstance(value, list):
        raise WrongType(value)
    return found


def _texts(node: object, depth: int) -> Iterator[str]:
    """The paragraphs of nested blocks; pictures, embeds and whatever is of another type are left out."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list) and depth:
        for entry in node:
            yield from _texts(entry, depth - 1)
    elif isinstance(node, dict) and depth:
        kind = fold(str(get(node, "type", "nodetype", "kind") or ""))
        inside = _texts(get(node, *_INSIDE), depth - 1)
        if kind in _TEXTS:
            yield "".join(inside)
        elif kind == "hardbreak":
            yield "\n"
        elif not kind or kind in _CONTAINERS:
            yield from inside


def _by_markup(body: dict[Any, Any]) -> int:
    """HTML first, then plain text, then what only its own reader understands."""
    kind = str(get(body, "contenttype", "role"))
    return 0 if "html" in kind else 1 if "text" in kind and "nitf" not in kind.casefold() else 2
