"""Word-level augmentation: the same article in other quotation marks and other case, its spans moved along."""

from __future__ import annotations

import re
from bisect import bisect_right
from random import Random
from typing import Any

Document = dict[str, Any]

_DOUBLE = re.compile("''|[\"“”]")
STYLES = {
    "straight": ('"', '"'),
    "curly": ("“", "”"),
    "single": ("‘", "’"),
    "guillemets": ("«", "»"),
    "doubled": ("''", "''"),
    "none": ("", ""),
}
_PARAGRAPH = re.compile(r"[^\n]+")
_WORD_START = re.compile(r"(?<![^\W_])(?<!['’])[^\W_]")


def rewrite(document: Document, edits: dict[int, str]) -> Document:
    """Replaces single code points (by any string, empty too) and moves every span; spans left empty vanish."""
    if not edits:
        return document
    text = document["text"]
    marks = sorted(edits)
    grown = [0]
    for at in marks:
        grown.append(grown[-1] + len(edits[at]) - 1)
    parts, behind = [], 0
    for at in marks:
        parts += [text[behind:at], edits[at]]
        behind = at + 1
    parts.append(text[behind:])

    def moved(spans: list[list[Any]]) -> list[list[Any]]:
        shifted = [[at + grown[bisect_right(marks, at - 1)] for at in span[:2]] + span[2:] for span in spans]
        return [span for span in shifted if span[0] < span[1]]

    changed = {**document, "text": "".join(parts)}
    for key in ("ignore", "names"):
        if key in document:
            changed[key] = moved(document[key])
    if "attributions" in document:
        changed["attributions"] = [{role: moved(spans) for role, spans in a.items()} for a in document["attributions"]]
    return changed


def quotation_edits(text: str, style: str) -> dict[int, str]:
    """Edits that bring double quotation marks into one of ``STYLES``; two typewriter singles are a double too."""
    edits = {}
    left, right = STYLES[style]
    for match in _DOUBLE.finditer(text):
        at, mark = match.start(), match.group()
        leans = at == 0 or text[at - 1].isspace() or text[at - 1] in "([{-–—‘'"
        edits[at] = left if mark == "“" or (mark != "”" and leans) else right
        if mark == "''":
            edits[at + 1] = ""
    return {at: new for at, new in edits.items() if new != text[at]}


def case_edits(text: str, start: int, end: int, style: str) -> dict[int, str]:
    """Edits that bring ``text[start:end]`` into ``upper``, ``lower`` or ``title`` case."""
    if style == "title":
        return {m.start(): m.group().upper() for m in _WORD_START.finditer(text, start, end) if m.group().islower()}
    change = str.upper if style == "upper" else str.lower
    return {at: change(text[at]) for at in range(start, end) if change(text[at]) != text[at]}


def augment(document: Document, rng: Random) -> Document:
    """One random rendering. About half of all documents keep their marks, most paragraphs their case."""
    style = rng.choices(("", *STYLES), weights=(0.49, 0.20, 0.13, 0.09, 0.02, 0.02, 0.05))[0]
    if style:
        document = rewrite(document, quotation_edits(document["text"], style))
    text = document["text"]
    edits: dict[int, str] = {}
    if rng.random() < 0.3:
        apostrophe = rng.choice("'’")
        edits = {m.start(): apostrophe for m in re.finditer("(?<=\\w)['’](?=\\w)", text) if m.group() != apostrophe}
    names = document["task"] == "names"
    for index, match in enumerate(_PARAGRAPH.finditer(text)):
        shares = (0.08, 0.08, 0.08) if index == 0 else (0.05, 0.03, 0.02) if names else (0.02, 0.02, 0.01)
        style = rng.choices(("", "upper", "lower", "title"), weights=(1 - sum(shares), *shares))[0]
        if style:
            edits |= case_edits(text, *match.span(), style)
    return rewrite(document, edits)
