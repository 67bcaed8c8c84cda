"""The lines below a dump's title: which of them are a date, a byline or a picture credit, and which are text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tasks.normalise.byline_words import AGENCIES, HEADING_WORDS, OUTLET_WORDS, PARTICLES, PICTURE_SOURCES
from tasks.normalise.bylines import is_byline, is_credit
from tasks.normalise.dates import is_date_line
from tasks.normalise.text import clean_line

MAX_LINES = 10  # lines behind the title among which date, byline and credit may stand
MAX_LINE = 200  # characters
MAX_SUBTITLE = 400  # characters
MAX_NAME_WORDS = 8  # words of a name that stands in a line of its own

_HEADING = re.compile(r"#{1,6}\s{1,3}")
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})([^*_]{1,500})\1")
_LABELLED_TITLE = re.compile(r"(?:title|headline)\s{0,3}:\s{0,3}", re.I)
_LABELLED_BYLINE = re.compile(r"(?:byline|by|author|authors|reporter|written by)\s{0,3}:\s{0,3}", re.I)
_BYS = re.compile(r"(?:by\s+){1,3}", re.I)
_MODIFIED = re.compile(r"(?:last )?(?:updated?|modified|aktualisiert|mis à jour|actualizado|aggiornato)\b", re.I)
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,4}[a-z]{2,10}", re.I)
_LICENCE = re.compile(r"\bCC[ -]BY(?:-[A-Z]{2}){0,3}(?: \d\.\d)?", re.I)
_DATE_SPLIT = re.compile(r"\s*[|•·/]\s*|\s+[-–—]\s+|,?\s+(?:on\s+)?")


@dataclass(slots=True)
class Dump:
    """The parts of a dump, as far as they have been told apart."""

    fields: dict[str, Any] = field(default_factory=dict)
    related: list[dict[str, str]] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    bylines: list[str] = field(default_factory=list)


def take_header(lines: list[str], dump: Dump) -> int:
    """Reads the title and the lines below it that are a date, a byline or a credit; returns where the text starts."""
    filled = [i for i, line in enumerate(lines[:2000]) if line]
    if not filled:
        return len(lines)
    start = filled[0]
    place = 0
    if not is_date_line(_clean(lines[start])):
        title = _without_marks(lines[start])
        label = _LABELLED_TITLE.match(title)
        dump.fields["title"] = title[label.end() :] if label else title
        start += 1
        place = 1
        if _is_subtitle(lines, filled[1:4]):
            dump.fields["subtitle"] = lines[filled[1]]
            place = 2
            start = filled[1] + 1
    for i in filled[place : place + MAX_LINES]:
        if not _take_line(_clean(lines[i]), dump, followed=any(lines[i + 1 :])):
            break
        start = i + 1
    return start


def _clean(line: str) -> str:
    return clean_line(_without_marks(line)) or "" if len(line) <= MAX_LINE else line


def _without_marks(line: str) -> str:
    """The line without Markdown's marks of a heading or of emphasis around all of it."""
    line = _HEADING.sub("", line, count=1)
    return match[2] if (match := _EMPHASIS.fullmatch(line)) else line


def _is_subtitle(lines: list[str], places: list[int]) -> bool:
    """Whether the line below the title is a standfirst: no part of the header, but a date or «By …» comes next."""
    if (
        len(places) < 3
        or len(lines[places[0]]) > MAX_SUBTITLE
        or _take_line(_clean(lines[places[0]]), Dump(), followed=True)
    ):
        return False
    following = _clean(lines[places[1]])
    return len(following) <= MAX_LINE and (is_date_line(following) or _is_labelled_byline(following))


def _take_line(line: str, dump: Dump, followed: bool) -> bool:
    """Takes a line of the header in; False where it is none. ``followed``: there is text below it."""
    if not line or len(line) > MAX_LINE:
        return False
    if is_date_line(line):
        return _take_date(line, dump)
    if doubled := _BYS.match(line):
        line = "By " + line[doubled.end() :]
    if label := _LABELLED_BYLINE.match(line):
        rest = line[label.end() :]
        if is_byline(rest) or is_byline("By " + rest):
            dump.bylines.append(rest)
            return True
    if is_credit_line(line) or _is_picture_source(line):
        dump.credits.append(line)
        return True
    if byline := _signature(line):
        dump.bylines.append(byline)
        return True
    if is_byline(line) or _is_labelled_byline(line):
        if dump.bylines and not _is_labelled_byline(line):
            dump.credits.append(line)
        else:
            dump.bylines.append(line)
        return True
    if followed and (_is_source(line) or _names_site(line, dump.fields.get("url"))):
        dump.credits.append(line)
        return True
    return _take_parts(line, dump)


def _is_labelled_byline(line: str) -> bool:
    """Whether the line is «By …» and a name, of a person or not."""
    label = re.match(r"(?:by|von|par|por)\s+", line, re.I)
    if label is None:
        return False
    name = line[label.end() :]
    return is_byline(line) or (0 < len(name.split()) <= MAX_NAME_WORDS and _is_capitalised(name))


def is_credit_line(line: str) -> bool:
    """Whether the whole line is a picture credit, in whatever way the credit names a licence."""
    line = _LICENCE.sub("Creative Commons", _clean(line).replace(" :", ":", 1))
    return is_credit(line)


def _take_date(line: str, dump: Dump) -> bool:
    """The first date is that of publication, unless it is labelled as the last change and another follows."""
    is_change = _MODIFIED.match(line) is not None
    fields = dump.fields
    if "published" not in fields:
        fields["published"] = line
    elif _MODIFIED.match(fields["published"]) and not is_change:
        fields["modified"], fields["published"] = fields["published"], line
    elif is_change and "modified" not in fields:
        fields["modified"] = line
    else:
        return False
    return True


def _take_parts(line: str, dump: Dump) -> bool:
    """Takes in a byline and a date in one line, in either order: «By Ann Lee | March 3, 2019»."""
    if not any(c.isdigit() for c in line):
        return False
    for match in list(_DATE_SPLIT.finditer(line))[:40]:
        first, second = line[: match.start()], line[match.end() :]
        for byline, date in ((first, second), (second, first)):
            if is_byline(byline) and is_date_line(date):
                dump.bylines.append(byline)
                return _take_date(date, dump)
    return False


def _signature(line: str) -> str | None:
    """The byline in front of what the author says of themselves: «By Ann Lee. Follow her on …»; else None."""
    if not (start := _BYS.match(line)) or is_byline(line):
        return None
    ends = [match.start() for match in re.finditer(r"\. ", line)][:5]
    heads = ("By " + line[start.end() : end] for end in ends)
    return next((head for head in heads if is_byline(head)), None)


def _is_picture_source(line: str) -> bool:
    """Whether the line is where a picture comes from: «Getty Images», «YouTube screenshot», «Archive / The Courier»."""
    words = line.casefold().split()
    if " ".join(words) in PICTURE_SOURCES or (len(words) <= 4 and "screenshot" in words):
        return True
    parts = line.split(" / ")
    return 2 <= len(parts) <= 4 and all(p and len(p.split()) <= MAX_NAME_WORDS and _is_capitalised(p) for p in parts)


def _names_site(line: str, url: str | None) -> bool:
    """Whether the line is the name of the site at whose address the article stands."""
    host = re.match(r"https?://([^/]{4,253})", url or "", re.I)
    name = "".join(line.casefold().split())
    return host is not None and len(name) > 3 and name in host[1].casefold().replace("-", "").split(".")


def _is_source(line: str) -> bool:
    """Whether the line is the bare name of an agency, an outlet or an office: «Ministry of the Interior», «mil.ru»."""
    if line.casefold() in AGENCIES or _DOMAIN.fullmatch(line):
        return True
    words = line.casefold().split()
    if not 2 <= len(words) <= MAX_NAME_WORDS or not _is_capitalised(line):
        return False
    if words[0] in HEADING_WORDS and not (words[0] == "the" and len(words) > 2):
        return False
    return any(word in OUTLET_WORDS or word in PICTURE_SOURCES for word in words)


def _is_capitalised(line: str) -> bool:
    """Whether all words but the small ones inside names begin with a capital, and no sentence ends here."""
    small = PARTICLES | {"&", "of", "the", "for", "and", "screenshot", "handout"}
    return line[-1] not in ".!?:;…," and all(w[0].isupper() or w.casefold() in small for w in line.split())
