"""What had to be mended in an article's title and text before they could be stored: the row says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tasks.normalise.text import BIDI, C1, CONTROLS, repair_mojibake, resolve_entities

REPAIRS = {
    "mojibake": "UTF-8 or Windows-1252 that had been decoded as another encoding (`â€™` for `’`) was put right",
    "html_entities": "HTML entities in what is no HTML (`&amp;`) were resolved",
    "control_characters": "control characters and terminal escapes were taken out",
    "bidi_characters": "characters that change the direction of writing unseen were taken out",
    "lost_characters": "characters had been lost before: half of a pair was taken out, or U+FFFD stands for them",
}


def find_repairs(values: Iterable[Any], is_html: bool) -> list[str]:
    """The keys of REPAIRS that apply to the title and text as found, in REPAIRS' order."""
    texts = [value for value in values if isinstance(value, str)]
    found = set()
    for text in texts:
        characters = set(text)
        repaired = repair_mojibake(text)
        if repaired != text or not C1.isdisjoint(characters):
            found.add("mojibake")
        if not is_html and resolve_entities(repaired) != repaired:
            found.add("html_entities")
        if not CONTROLS.isdisjoint(characters):
            found.add("control_characters")
        if not BIDI.isdisjoint(characters):
            found.add("bidi_characters")
        if "\ufffd" in characters or any("\ud800" <= c <= "\udfff" for c in characters):
            found.add("lost_characters")
    return [name for name in REPAIRS if name in found]
