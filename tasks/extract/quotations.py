"""Finds what stands in quotation marks, in one pass over the text: pairs of any style, nested, and over paragraphs.

Marks that enclose nothing (apostrophes, elisions, feet and inches) are left out, and a mark that is never closed
reaches no further than its paragraph. Where paragraphs were joined, marks that reopen a quotation stand within one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tasks.extract.base import Span
from tasks.extract.wordlists import words

# Mark -> (family, direction): 1 opens, -1 closes, 0 either way, as the neighbours decide.
_MARKS = {
    '"': ("double", 0),
    '""': ("double", 0),
    "''": ("double", 0),
    "``": ("double", 1),
    "“": ("double", 1),
    "‟": ("double", 1),
    "„": ("double", 1),
    "”": ("double", -1),
    "«": ("guillemet", 0),
    "»": ("guillemet", 0),
    "‹": ("small guillemet", 0),
    "›": ("small guillemet", 0),
    "「": ("corner", 1),
    "」": ("corner", -1),
    "『": ("white corner", 1),
    "』": ("white corner", -1),
    "'": ("single", 0),
    "’": ("single", -1),
    "‘": ("single", 1),
    "‚": ("single", 1),
    "‛": ("single", 1),
}
_MARK = re.compile(r"""''|``|""|["“”„‟«»‹›「」『』'‘’‚‛]""")
# Marks that are no quotation marks: feet and inches, decades and years, and words that begin with an elision.
_NO_MARK = re.compile(
    r"""(?<!\d)\d{1,2}['’]\s?\d{1,2}(?:["”]|'')|['’‘](?:n|N)['’](?!\w)|['’‘]\d\ds?(?!\w)"""
    r"""|['’‘](?:em|til|tis|twas|cause|cuz|bout|im|er|cos|kay|ere|neath|gainst|twill|tween)(?!\w)""",
    re.IGNORECASE,
)
_TERMINALS = ".,;:!?…)]}"
_OPENERS = "([{<-–—/=*"
_MAX_DEPTH = 8  # marks open at once; more is no language
_NAMING = re.compile(
    r"(?:so-called|known as|known to \w+ as|nicknamed|dubbed|the (?:word|words|term|phrase|title|slogan|acronym)"
    r"|titled|entitled|called the|(?:the|a|an|his|her|their|its) (?:book|film|movie|song|album|novel|show|play|"
    r"series|program|programme|podcast|column|article|essay|memoir|documentary|episode|hit))[ ,:]*$",
    re.IGNORECASE,
)
_TOLD = re.compile(r"[,?!]\s(?:[\w.’'-]+\s){0,4}?(?:said|says|added|adds|told|tells|asked|asks|replied|replies)\b")
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")


@dataclass(slots=True)
class Quotation:
    """One stretch in quotation marks.

    ``start`` and ``end`` take in the marks; ``inner`` holds one span a paragraph, marks left out. ``parent`` is the
    index of the enclosing quotation in the same scan. ``use`` is what the form says it is for: "speech", "scare"
    (a few words held at arm's length) or "title" (of a work). ``is_closed`` is False where the closing mark is missing.
    """

    start: int
    end: int
    inner: tuple[Span, ...]
    parent: int | None = None
    use: str = "speech"
    is_closed: bool = True

    @property
    def span(self) -> Span:
        """From mark to mark."""
        return Span(self.start, self.end)


@dataclass(slots=True)
class _Open:
    """A mark that waits for its partner."""

    family: str
    mark: str
    start: int
    width: int
    inner: list[Span] = field(default_factory=list)
    inner_start: int = 0


def scan(text: str) -> list[Quotation]:
    """The quotations of a text, by their start; one that runs over paragraphs (each reopens it) is one.

    Linear in the length of the text; never raises.
    """
    done: list[Quotation] = []
    carried: _Open | None = None
    start = 0
    while start <= len(text):
        end = text.find("\n\n", start)
        end = len(text) if end == -1 else end
        carried = _paragraph(text, start, end, carried, done)
        start = end + 2
    return _nest(text, done)


def _paragraph(text: str, start: int, end: int, carried: _Open | None, done: list[Quotation]) -> _Open | None:
    """Scans one paragraph; returns the quotation that the next paragraph goes on with, if it does."""
    marks = _marks(text, start, end)
    stack: list[_Open] = []
    if carried is not None:
        first = marks.pop(0)  # the mark that reopens it
        carried.inner_start = first[0] + len(first[1])
        stack.append(carried)
    closers = _closers_ahead(text, marks, start, end)
    last_closer = {_MARKS[mark][0]: at for at, mark in marks if at > start and not text[at - 1].isspace()}
    for k, (at, mark) in enumerate(marks):
        family, direction = _MARKS[mark]
        before = text[at - 1] if at > start else " "
        behind = text[at + len(mark)] if at + len(mark) < end else " "
        opened = _innermost(stack, family)
        if family == "single" and before.isalnum() and behind.isalnum():
            continue  # an apostrophe
        spaced = family == "guillemet" and before.isspace() and behind.isspace()  # French: « A »
        may_open = (not behind.isspace() or (spaced and opened is None)) and (
            before.isspace() or before in _OPENERS or before in _MARKS or (direction > 0 and not before.isalnum())
        )
        may_close = not before.isspace() or (spaced and opened is not None)
        is_reopened = opened is not None and may_open and not may_close and at < last_closer.get(family, 0)
        if opened is not None and is_reopened and _goes_on(text, stack[opened], at - 1):
            del stack[opened + 1 :]
            stack[opened].inner.append(Span(stack[opened].inner_start, at - 1))
            stack[opened].inner_start = at + len(mark)
        elif opened is not None and may_close and not (direction > 0 and may_open):
            if family == "single" and closers[k] and before in "sS" and behind == " ":
                continue  # a plural's apostrophe: the mark that closes is still to come
            _close(stack, opened, at, len(mark), done)
        elif may_open and len(stack) < _MAX_DEPTH and behind not in _TERMINALS.replace("…", "").replace(".", ""):
            stack.append(_Open(family, mark, at, len(mark), inner_start=at + len(mark)))
        elif opened is not None and (direction <= 0 or not may_open) and family != "single":
            _close(stack, opened, at, len(mark), done)
    return _unclosed(text, end, stack, done)


def _goes_on(text: str, entry: _Open, stop: int) -> bool:
    """Whether a mark that opens again within a paragraph goes on with the quotation that is open.

    So it does where paragraphs of one quotation were joined («“One. “Two.”»): behind a sentence in which nobody tells
    who speaks, as in «“One, she said. “Two.”», where a closing mark is missing.
    """
    is_behind_sentence = text[stop - 1] in ".!?…" and stop > entry.inner_start
    return entry.family != "single" and is_behind_sentence and not _TOLD.search(text, entry.inner_start, stop)


def _marks(text: str, start: int, end: int) -> list[tuple[int, str]]:
    """The marks of a paragraph with their places; runs of three are split so that the outer mark is the double one."""
    holes = [
        (m.start(), m.end())
        for m in _NO_MARK.finditer(text, start, end)
        if not text[m.start() - 1 : m.start()].isalnum()
    ]
    found: list[tuple[int, str]] = []
    hole = 0
    position = start
    while (m := _MARK.search(text, position, end)) is not None:
        at, mark = m.start(), m.group()
        position = m.end()
        while hole < len(holes) and holes[hole][1] <= at:
            hole += 1
        if hole < len(holes) and holes[hole][0] <= at and mark != '""':
            position = max(position, holes[hole][1])
            continue
        closing = at > start and not text[at - 1].isspace()
        if mark == "''" and text[position : position + 1] == "'" and closing:
            mark, position = "'", at + 1
        found.append((at, mark))
    return found


def _closers_ahead(text: str, marks: list[tuple[int, str]], start: int, end: int) -> list[bool]:
    """For each mark, whether a single mark that can only close comes behind it before one that can open."""
    ahead = False
    flags = [False] * len(marks)
    for k in range(len(marks) - 1, -1, -1):
        at, mark = marks[k]
        flags[k] = ahead
        if _MARKS[mark][0] != "single":
            continue
        before = text[at - 1] if at > start else " "
        behind = text[at + 1] if at + 1 < end else " "
        if before.isspace() and not behind.isspace():
            ahead = False
        elif not before.isspace() and not behind.isalnum():
            ahead = True
    return flags


def _innermost(stack: list[_Open], family: str) -> int | None:
    for k in range(len(stack) - 1, -1, -1):
        if stack[k].family == family:
            return k
    return None


def _close(stack: list[_Open], which: int, at: int, width: int, done: list[Quotation]) -> None:
    entry = stack[which]
    del stack[which:]  # marks opened inside and not closed were none
    spans = [*entry.inner, Span(entry.inner_start, at)]
    done.append(Quotation(entry.start, at + width, tuple(spans)))


def _unclosed(text: str, end: int, stack: list[_Open], done: list[Quotation]) -> _Open | None:
    """Ends a paragraph: the quotation that the next one reopens is carried on, another ends with the paragraph."""
    outer = next((entry for entry in stack if entry.family != "single" or entry.mark == "‘"), None)
    if outer is None:
        return None
    following = text[end + 2 : end + 4]
    reopened = _MARK.match(following)
    if (
        reopened is not None
        and _MARKS[reopened.group()][0] == outer.family
        and not following[reopened.end() :].isspace()
    ):
        outer.inner.append(Span(outer.inner_start, end))
        return outer
    if outer.family == "single":
        return None
    inside = any(
        q.start > outer.start and text[q.start : q.start + len(outer.mark)] == outer.mark
        for q in _since(done, outer.start)
    )
    if not inside and text[outer.inner_start : end].strip():
        done.append(Quotation(outer.start, end, (*outer.inner, Span(outer.inner_start, end)), is_closed=False))
    elif outer.inner:
        last = outer.inner[-1].end
        done.append(Quotation(outer.start, last, tuple(outer.inner), is_closed=False))
    return None


def _since(done: list[Quotation], start: int) -> list[Quotation]:
    """The quotations at the list's end that begin behind start."""
    k = len(done)
    while k and done[k - 1].start > start:
        k -= 1
    return done[k:]


def _nest(text: str, done: list[Quotation]) -> list[Quotation]:
    """Sorts the quotations, drops empty ones, and sets parent and use."""
    kept = sorted((q for q in done if any(text[s:e].strip() for s, e in q.inner)), key=lambda q: (q.start, -q.end))
    stack: list[int] = []
    for k, quotation in enumerate(kept):
        while stack and kept[stack[-1]].end <= quotation.start:
            stack.pop()
        quotation.parent = stack[-1] if stack else None
        quotation.use = _use(text, quotation)
        stack.append(k)
    return kept


def _use(text: str, quotation: Quotation) -> str:
    """What the form says a quotation is for."""
    words = _WORD.findall(text, quotation.start, min(quotation.end, quotation.start + 200))
    lead = text[max(0, quotation.start - 40) : quotation.start]
    naming = _NAMING.search(lead) is not None
    if naming and len(words) <= 8:
        return "title" if all(w[0].isupper() or len(w) <= 4 for w in words) else "scare"
    last = text[quotation.end - 2 : quotation.end - 1]
    starts = words[0][0].isupper() if words else False
    if len(words) <= 3 and last not in ("!", "?", ".", ",") and not starts:
        return "scare"
    if 2 <= len(words) <= 8 and last not in ("!", "?") and all(w[0].isupper() or w in _SMALL for w in words) and starts:
        return "title"
    return "speech"


_SMALL = words("a an and as at but by for from in into nor of off on or the to with vs")
