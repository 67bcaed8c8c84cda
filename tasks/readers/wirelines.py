"""What the lines of an agency's message are: slug, headline, byline, notes to editors, text, end line.

IPTC 7901 closes the headline, and a byline below it, with «=». ANPA 1312 opens each line in front of the text with «^»
and closes it with «<» or «=»; the first one is the slug, which is no headline.
"""

from __future__ import annotations

import re
from typing import Any

from tasks.normalise.byline_words import AGENCIES
from tasks.normalise.bylines import is_byline
from tasks.readers.items import kill
from tasks.readers.wiretext import paragraphs, typographic

MAX_HEADER = 12  # lines in front of the text
MAX_TITLE = 200  # characters of a first line that may be a headline though nothing marks it

_IPTC_HEADER = re.compile(r"\s{0,9}([A-Za-z]{2,5}) ?\d{2,5}\s{1,9}\d\s{1,9}([a-zA-Z]{1,4})\s{1,9}\d{1,5}\b(.{0,200})")
_IPTC_END = re.compile(r"\b(\d\d)(\d\d)(\d\d)\s{1,9}(?:([A-Za-z]{1,5})\s{1,9})?([^\W\d_]{3,9})\.?\s{1,9}(\d{4}|\d\d)\b")
_DASHED_END = re.compile(r"\b(\d{1,2})-([A-Za-z]{3,4})-(\d{4}|\d\d)\s{1,9}(\d\d)[:.](\d\d)\b")
_ANPA_HEADER = re.compile(r"\s{0,9}[a-z]\s{1,9}([a-z])(?![a-z])")
_ANPA_END = re.compile(r"\b([A-Z]{2,5})-[A-Z]{2,3}-(\d\d)-(\d\d)-(\d\d)\s{1,9}(\d\d)(\d\d)\s{0,3}([A-Z]{1,4})\b")
_ADVISORY = "v"  # ANPA's category of messages to editors
_NOTE = re.compile(
    r"(?:eds?|editors?|note|photos?|graphics?|moving)\s{0,3}:|(?:with )?ap (?:photo|video|graphic|audio)|with photo"
    r"|hfr\b|embargo|for release|(?:adds|updates|recasts|corrects|restores)\b.{0,200}\.$|will be (?:led|updated)\b",
    re.I,
)
_LABEL = re.compile(r"\([^()]{1,40}\)|[A-ZÄÖÜ-]{3,14}(?: \d)?[:!]?")
_CODES = re.compile(r"(?=.{1,40}$)[A-Z0-9 /:.-]*\d[A-Z0-9 /:.-]*|[A-Z]{1,6}")
_BACK_MATTER = re.compile(
    r"#{1,3}\s{0,3}(?:\w{2,5} )?(?:notebook|notizblock|notepad|bloc-notes)\b|(?:\* ?){3,20}$", re.I
)
_SIGNATURE = re.compile(r"([a-z]{2,5})(?: [a-z0-9/]{1,8}){1,8}")
_INITIALS = re.compile(r"[a-z]{2,4}(?:[/-][a-z]{2,4}){1,5}")  # of writer and editors, as AFP signs: il/bm
_TEST = re.compile(r"ryryry|the quick brown fox jumps", re.I)


def iptc7901(header: list[str], lines: list[str], end: list[str]) -> dict[str, Any] | str:
    """The fields of an IPTC 7901 message, or what it is where it is no article."""
    blocks, rest = _marked_lines(lines) or _closed_blocks(lines)
    body = _without_back_matter(rest)
    text = [typographic(part) for part in paragraphs(body)]
    if any(_TEST.search(part) for part in text):
        return "is a test or service message"
    title, byline, subtitle = _headline(blocks.pop(0)) if blocks else None, None, None
    if notice := kill(title):
        return notice.reason
    for block in blocks:
        joined = " ".join(block)
        if is_byline(joined):
            byline = byline or joined
        else:
            subtitle = subtitle or joined
    about = next((match for line in header if (match := _IPTC_HEADER.match(line))), None)
    fields: dict[str, Any] = {
        "title": title and typographic(title),
        "subtitle": subtitle and typographic(subtitle),
        "byline": byline,
        "published": _end_date(end),
        "publisher_name": _agency(about[3].split() if about else " ".join(header).split()),
        "section": about[2] if about and len(about[2]) > 1 else None,
        "text": text,
        "markup": "plain" if text else None,
    }
    return {name: value for name, value in fields.items() if value}


def anpa(header: list[str], lines: list[str], end: list[str]) -> dict[str, Any] | str:
    """The fields of an ANPA 1312 message, or what it is where it is no article."""
    category = next((match[1] for line in header if (match := _ANPA_HEADER.match(line))), "")
    if category == _ADVISORY:
        return "is an advisory to editors, as its category says"
    at = 0
    headed: list[str] = []
    while at < len(lines) and len(headed) < MAX_HEADER:
        line = lines[at].strip()
        if line and (lines[at][:1].isspace() or line[-1] not in "<="):
            break
        headed += [line] if line else []
        at += 1
    titles = [t for line in headed[1:] if not line.endswith("=") and (t := _bare(line)) and not _NOTE.match(t)]
    if notice := kill(next(iter(titles), None) or (_bare(headed[0]) if headed else None)):
        return notice.reason
    byline = ", ".join(_bare(line) for line in headed[1:] if line.endswith("="))
    closed = re.search(r"[^\s]", " ".join(end)) and _ANPA_END.search(" ".join(end))
    body: list[str] = []
    for line in lines[at:]:
        hard = line.lstrip().startswith("^") or line.rstrip().endswith("<")
        body += [line.replace("^", "", 1).rstrip("< "), ""] if hard else [line]
    text = [typographic(part) for part in paragraphs(body)]
    fields: dict[str, Any] = {
        "title": typographic(titles[0]) if titles else None,
        "subtitle": typographic(titles[1]) if len(titles) > 1 else None,
        "byline": byline,
        "published": _iso(*closed.groups()[1:]) if closed else None,
        "publisher_name": AGENCIES.get(closed[1].casefold()) if closed else None,
        "text": text,
        "markup": "plain" if text else None,
    }
    return {name: value for name, value in fields.items() if value}


def is_end_line(line: str) -> bool:
    """Whether the last line of a message is none of the text: it holds a time, or only codes."""
    return _end_date([line]) is not None or _CODES.fullmatch(line.strip()) is not None


def _marked_lines(lines: list[str]) -> tuple[list[list[str]], list[str]] | None:
    """The headline and the text where a message opens with lines that a character each tells what they are.

    As AAP sends them: `$` category, `:` keywords, `=` part, `^` headline, `*` layout; None where there is no headline.
    """
    at = next((at for at, line in enumerate(lines) if line and line[0] not in "$:=^*&+"), len(lines))
    title = next((line[1:].strip(" ^<") for line in lines[:at] if line.startswith("^")), "")
    return ([[title]], lines[at:]) if title else None


def _closed_blocks(lines: list[str]) -> tuple[list[list[str]], list[str]]:
    """The blocks of lines in front of the text that end in «=», and the lines behind them.

    Where none does, a first line that stands alone and is no sentence is the only block.
    """
    blocks: list[list[str]] = []
    block: list[str] = []
    rest = 0
    for at, line in enumerate(lines[:MAX_HEADER]):
        text = line.strip()
        if text.endswith("="):
            blocks.append([*block, text[:-1].strip()])
            block, rest = [], at + 1
        elif text:
            block.append(text)
        elif block and (blocks or sum(map(len, block)) > MAX_TITLE):
            break
    if blocks:
        return blocks, lines[rest:]
    start = next(
        (at for at, line in enumerate(lines) if line.strip() and not _CODES.fullmatch(line.strip())), len(lines)
    )
    first = lines[start].strip() if start < len(lines) else ""
    is_alone = start + 1 < len(lines) and (not lines[start + 1].strip() or lines[start + 1][:1].isspace())
    if first and is_alone and len(first) <= MAX_TITLE and first[-1] not in ".,;:":
        return [[first]], lines[start + 1 :]
    return [], lines[start:]


def _headline(block: list[str]) -> str | None:
    """The headline of a block, without labels such as EXTRA or (Achtung) in lines of their own above it."""
    while len(block) > 1 and _LABEL.fullmatch(block[0]):
        block = block[1:]
    return " ".join(block) or None


def _without_back_matter(lines: list[str]) -> list[str]:
    """The lines without notes that follow the text, and without the signature of desk and writer."""
    cut = next((at for at, line in enumerate(lines) if _BACK_MATTER.match(line.strip())), len(lines))
    lines = lines[:cut]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    last = lines[-1].strip() if lines else ""
    match = _SIGNATURE.fullmatch(last)
    return lines[:-1] if (match and match[1] in AGENCIES) or _INITIALS.fullmatch(last) else lines


def _bare(line: str) -> str:
    return line.strip("^<= \t")


def _agency(words: list[str]) -> str | None:
    return next((AGENCIES[key] for word in words if (key := word.casefold()) in AGENCIES), None)


def _end_date(end: list[str]) -> str | None:
    """The time in an end line, written out: `131137 GMT Nov 13` is the 13th, 11:37."""
    line = " ".join(end)
    if match := _IPTC_END.search(line):
        day, hour, minute, zone, month, year = match.groups()
        return f"{day} {month} {_century(year)} {hour}:{minute} {zone or ''}".strip()
    if match := _DASHED_END.search(line):
        day, month, year, hour, minute = match.groups()
        return f"{day} {month} {_century(year)} {hour}:{minute}"
    return None


def _iso(month: str, day: str, year: str, hour: str, minute: str, zone: str) -> str:
    return f"{_century(year)}-{month}-{day} {hour}:{minute} {zone}"


def _century(year: str) -> str:
    return year if len(year) == 4 else f"{'19' if year >= '69' else '20'}{year}"
