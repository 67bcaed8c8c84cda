"""Quotes in languages whose speech verbs are not known: a quotation beside a name, or behind a name and a colon."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.extract.base import Span
from tasks.extract.discourse import Attribution
from tasks.extract.quotations import Quotation

_WINDOW = 100  # characters beside a quotation in which a name is looked for
_MIN_WORDS = 3  # a shorter quotation is a term, not something said
_MAX_BEFORE_NAME = 3  # words between a quotation and the name behind it («sagte am Montag Anna Lee»)
_WORD = re.compile(r"\w+(?:['’.\-]\w+)*")
_LABEL = re.compile(r"(?:^|\n)[ \t]*(?P<name>[^\W\d_][\w.'’\-]*(?: [^\W\d_][\w.'’\-]*){0,4})\s?:\s*$")
_STOP = re.compile(r"[.;:!?\n]")


def attribute_foreign(text: str, quotations: Sequence[Quotation]) -> list[Attribution]:
    """One attribution a quotation of at least three words; the source is a name before a colon, or soon behind."""
    found: list[Attribution] = []
    for quotation in quotations:
        if _counted(text, quotation) < _MIN_WORDS:
            continue
        start = max(0, quotation.start - _WINDOW)
        label = _LABEL.search(text[start : quotation.start])
        if label is not None and all(w[0].isupper() for w in label["name"].split() if len(w) > 3):
            source: Span | None = Span(start + label.start("name"), start + label.end("name"))
            found.append(Attribution("foreign-label-quote", [quotation.span], source=source))
            continue
        source = _name_behind(text, quotation.end)
        if source is not None or quotation.use != "title":
            rule = "foreign-quote" if source is None else "foreign-quote-name"
            found.append(Attribution(rule, [quotation.span], source=source))
    return found


def _counted(text: str, quotation: Quotation) -> int:
    """Words of a quotation; in scripts without spaces, one for every four characters begun."""
    stretch = text[quotation.start : min(quotation.end, quotation.start + 200)]
    return sum(len(w) // 4 + 1 if w[0] > "\u2e80" else 1 for w in _WORD.findall(stretch))


def _name_behind(text: str, start: int) -> Span | None:
    """The first run of capitalised words in the clause that begins at start, if it comes soon and not at once."""
    limit = min(start + _WINDOW, len(text))
    stop = _STOP.search(text, start, limit)
    words = list(_WORD.finditer(text, start, stop.start() if stop else limit))
    for k, first in enumerate(words[: _MAX_BEFORE_NAME + 1]):
        if first.group()[0].isupper():
            last = first
            for word in words[k + 1 :]:
                if not word.group()[0].isupper() or text[last.end() : word.start()] != " ":
                    break
                last = word
            return Span(first.start(), last.end()) if k else None
    return None
