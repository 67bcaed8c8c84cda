"""Lists and objects that stand in a cell as text, as JSON or as Python prints them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

MAX_LENGTH = 256 * 1024  # characters of what Python printed that are taken apart

_TOKEN = re.compile(
    r"""\s*+(?:[bru]?(?P<string>'[^'\\]*+(?:\\.[^'\\]*+)*+'|"[^"\\]*+(?:\\.[^"\\]*+)*+")"""
    r"""|(?P<mark>[\[\]{}(),:])|(?P<word>None|True|False|nan)\b|(?P<number>-?\d[\d.eE+-]*+))""",
    re.S,
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.S)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "\n": ""}
_WORDS = {"None": "null", "True": "true", "False": "false", "nan": "null"}
_MARKS = {"(": "[", ")": "]"}


def unpack(text: str) -> Any:
    """The list of strings or objects, or the object, that a text spells out; the text itself where it does not."""
    stripped = text.strip()
    if stripped[:1] not in ("[", "{") or stripped[-1:] not in ("]", "}"):
        return text
    try:
        value = json.loads(stripped)
    except (ValueError, RecursionError):
        if len(stripped) > MAX_LENGTH:
            return text
        try:
            value = json.loads("".join(_as_json(stripped)))
        except (ValueError, RecursionError):
            return text
    is_list = isinstance(value, list) and all(isinstance(entry, str | dict) for entry in value)
    return value if is_list or isinstance(value, dict) else text


def _as_json(text: str) -> Iterator[str]:
    """The same in JSON, piece by piece; ValueError where it is no literal of Python. NumPy leaves commas out."""
    at = 0
    before = ""  # the last piece; a comma is held back, for one that closes a list is none of JSON's
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError("no literal")
        at = match.end()
        if (string := match["string"]) is not None:
            piece = json.dumps(_ESCAPE.sub(_unescaped, string[1:-1]))
        elif word := match["word"]:
            piece = _WORDS[word]
        else:
            mark = match["mark"] or match["number"]
            piece = _MARKS.get(mark, mark)
        is_next = match["string"] is not None and before[-1:] == '"'
        if is_next or (before == "," and piece not in ("]", "}")):
            yield ","
        if piece != ",":
            yield piece
        before = piece


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else "\ufffd"
    return _ESCAPED.get(match[4], match[4])
