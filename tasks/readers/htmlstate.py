"""Articles of pages that a script draws: the text lies in the page as JSON, for the script to find."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tasks.readers.aliases import ALIASES
from tasks.readers.mapping import Misfit, to_fields
from tasks.readers.values import fold

MIN_TEXT = 400  # characters of a string that may be an article
MIN_PARTS = 3  # paragraphs of a list that may be an article
MAX_SCRIPT = 4_000_000  # characters
MAX_NODES = 50_000

_START = re.compile(r"[\[{](?=\s{0,20}[\[{\"])")
_TEXT_NAMES = frozenset(name for name in ALIASES["text"] if "." not in name)
_NAMED = re.compile(rf'"(?:{"|".join(sorted(_TEXT_NAMES))})"', re.I)


def read_state(scripts: list[str]) -> dict[str, Any]:
    """The fields of the object with the longest text in a page's scripts; none where no script holds an article."""
    best: dict[str, Any] = {}
    longest = MIN_TEXT
    for script in scripts:
        for node in _nodes(script):
            text = max(map(_text, node.items()), key=_length, default="")
            if _length(text) >= longest:
                best, longest = {**node, "text": text} if isinstance(text, list) else node, _length(text) + 1
    fields = to_fields(best) if best else {}
    if isinstance(fields, Misfit):  # an object where the name promises a line
        fields = to_fields({name: value for name, value in best.items() if isinstance(value, str) or name == "text"})
    return {} if isinstance(fields, Misfit) else fields


def _text(named: tuple[str, Any]) -> str | list[str]:
    """A value that may be an article: a string under a name for it, or a list of strings or of objects with one."""
    name, value = named
    if isinstance(value, str):
        return value if fold(name) in _TEXT_NAMES else ""
    if not isinstance(value, list):
        return ""
    found = (next(iter(_strings(v)), "") if isinstance(v, dict) else v for v in value[:MAX_NODES])
    parts = [part for part in found if isinstance(part, str) and part.strip()]
    return parts if len(parts) >= MIN_PARTS else ""


def _strings(node: dict[str, Any]) -> Iterator[str]:
    return (v for k, v in node.items() if isinstance(v, str) and (fold(k) in _TEXT_NAMES or k in ("html", "value")))


def _length(text: str | list[str]) -> int:
    return len(text) if isinstance(text, str) else sum(map(len, text))


def _nodes(script: str) -> Iterator[dict[str, Any]]:
    """The objects in a script's largest JSON value."""
    if len(script) > MAX_SCRIPT or not _NAMED.search(script):
        return
    stack: list[Any] = [_value(script)]
    n_nodes = 0
    while stack and n_nodes < MAX_NODES:
        value = stack.pop()
        n_nodes += 1
        if isinstance(value, dict):
            yield value
            stack += [v for v in value.values() if isinstance(v, dict | list)]
        elif isinstance(value, list):
            stack += [v for v in value if isinstance(v, dict | list)]


def _value(script: str) -> Any:
    """The first JSON value of some size; the script around it is passed over."""
    at, n_tries = 0, 0
    while (match := _START.search(script, at)) and n_tries < 20:
        n_tries += 1
        try:
            value, end = json.JSONDecoder(strict=False).raw_decode(script, match.start())
        except (ValueError, RecursionError):
            at = match.end()
            continue
        if end - match.start() >= MIN_TEXT:
            return value
        at = end
    return None
