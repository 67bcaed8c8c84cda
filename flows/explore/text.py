"""How values are shown on pages: hostile text stays text, days are written out, confidence is said in words."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

# Characters that turn the order of those around them; on a page they could make a name or a file look like another.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
KINDS = {"direct": "direct quote", "mixed": "partly quoted", "indirect": "reported"}
LABELS = {"PER": "Person", "ORG": "Organisation", "LOC": "Place", "MISC": "Name"}


def shown(value: Any) -> Any:
    """What a template prints for a value: nothing for None, and text without characters that act on other text."""
    if value is None:
        return ""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    if value.isascii() and value.isprintable():
        return value
    return "".join(c if _harmless(c) else "\ufffd" for c in value)


def _harmless(character: str) -> bool:
    return character in "\n\t" or (character not in TURNING and unicodedata.category(character) not in ("Cc", "Cs"))


def day(value: date | None) -> str:
    """A day as a reader writes it: 8 January 2026."""
    return f"{value.day} {value:%B %Y}" if value else "no date"


def month(value: date | str) -> str:
    """A month, of a day in it: January 2026."""
    return f"{date.fromisoformat(value) if isinstance(value, str) else value:%B %Y}"


def moment(value: datetime | None) -> str:
    """A time in UTC, to the minute."""
    return f"{value.day} {value:%B %Y, %H:%M} UTC" if value else ""


def number(value: float) -> str:
    """A whole number with commas between thousands."""
    return f"{value:,}"


def plural(n: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def sureness(confidence: float) -> str:
    """Confidence in words, as the figures of docs/engine.md bear out: a share of right rows, not a promise."""
    for floor, words in ((0.9, "very sure"), (0.7, "fairly sure"), (0.5, "unsure")):
        if confidence >= floor:
            return words
    return "doubtful"


def score(confidence: float) -> str:
    """Confidence as a number: .95"""
    return f"{confidence:.2f}".removeprefix("0")


def paper(publisher: str | None) -> str:
    """A publisher, or that it is not known."""
    return publisher or "unknown publisher"


def figure(value: float, is_share: bool) -> str:
    """A figure of a run: a share in per cent, or a number with as many decimals as it needs."""
    return f"{100 * value:.1f} %" if is_share else f"{value:,.1f}".removesuffix(".0")


FILTERS = {
    "day": day,
    "figure": figure,
    "month": month,
    "moment": moment,
    "number": number,
    "plural": plural,
    "sureness": sureness,
    "score": score,
    "paper": paper,
    "kind": lambda kind: KINDS.get(kind, kind),
    "label": lambda label: LABELS.get(label, label),
}
