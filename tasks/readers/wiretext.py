"""Running text as teleprinters set it: wrapped lines, indented paragraphs, ``quotes'' and letters of a 7-bit code."""

from __future__ import annotations

import re

_INDENT = re.compile(r"[ \t]*")
# ISO 646's German version (DIN 66003) puts letters where ASCII has brackets.
_GERMAN = str.maketrans("[\\]{|}~", "ÄÖÜäöüß")
_GERMAN_LETTER = re.compile(r"(?<=[a-zäöüß])[{|}~](?=[a-z])|(?<=[ a-z])[{|}](?=[a-z]{2})|[a-z]~(?= )")
_ENOUGH = 3


def paragraphs(lines: list[str]) -> list[str]:
    """The paragraphs of wrapped lines: a blank line parts them, and so does an indent."""
    indents = [len(_indent(line)) for line in lines if line.strip()]
    margin = min(indents, default=0)
    found: list[list[str]] = []
    is_open = False
    for line in lines:
        text = " ".join(line.split())
        if not text:
            is_open = False
            continue
        if not is_open or len(_indent(line)) >= margin + 2:
            found.append([])
        found[-1].append(text)
        is_open = True
    return [" ".join(part) for part in found]


def _indent(line: str) -> str:
    match = _INDENT.match(line)
    return match[0].expandtabs(8) if match else ""


def typographic(text: str) -> str:
    """The text with the typewriter's ``…'' as quotation marks, and its dash, a lone underscore, as one."""
    return text.replace("``", "“").replace("''", "”").replace(" _ ", " — ")


def from_seven_bits(text: str) -> str:
    """The text with the letters of the German 7-bit code, where brackets stand inside words time and again."""
    if not text.isascii() or len(_GERMAN_LETTER.findall(text)) < _ENOUGH:
        return text
    return text.translate(_GERMAN)
