"""Reads dates as news sites print them, strictly: what is not stated stays unknown, and nothing is ever filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from tasks.normalise.calendar_words import CJK, FILLERS, FIXED_ZONES, MISSING, MONTHS, PLACE_ZONES

MAX_LENGTH = 100  # characters; anything longer is no date
EARLIEST_EPOCH, LATEST_EPOCH = 10**8, 4_102_444_800  # 1973 to 2099: outside it a number is no time stamp
_ZERO_DAYS = frozenset({date(1, 1, 1), date(1601, 1, 1), date(1899, 12, 30), date(1900, 1, 1), date(1970, 1, 1)})

_ISO = re.compile(
    r"(\d{4,6})-(\d{2})-(\d{2})"
    r"(?:[T ] ?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?: ?(Z|[+-]\d{2}(?::?\d{2})?))?)?",
    re.I,
)
_COMPACT = re.compile(
    r"((?:1[6-9]|2\d)\d{2})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?(?:\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})?)?", re.I
)
_BARE_NUMBER = re.compile(r"\d{5,7}(?:\.\d{1,20})?")  # days since some year, as spreadsheets count them, or no date
_FLOAT = re.compile(r"\d(?:\.\d{1,17})?e\+?\d{1,2}", re.I)
# A date as programs print it for programmers: datetime.datetime(2024, 5, 3, 8, 0), Timestamp('2024-05-03'), /Date(…)/.
_CALL = re.compile(
    r"(?:datetime\.date(?:time)?|Timestamp|ISODate|/Date)\("
    r"(?P<date>[^()]{1,60}?)(?:, tz[^()]{1,40}|(?<=\d{9})[+-]\d{4})?\)/?"
)
_NUMBERS = re.compile(r"(\d{4}), ?(\d{1,2}), ?(\d{1,2})(?:,[\d ,]{0,30})?")
_EPOCH = re.compile(r"(\d{9,10}|\d{12,13}|\d{15,16}|\d{18,19})(?:\.\d{1,9})?")

_WORD = re.compile(r"[^\s\d.,;:|/()\[\]#@%?~+•·–—-]+(?:-[^\s\d.,;:|/()\[\]#@%?~+•·–—-]+)*")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|re|o|a|º|ª)(?![^\W_])", re.I)
_AM_PM = re.compile(r"(?<=\d) ?([ap])\.? ?m(?![^\W_])\.?", re.I)
# Of what words are replaced by, nothing may stand in the value itself; "@" is how some sites print "at".
_MARKS = str.maketrans({"@": " ", "#": "¿", "%": "¿", "?": "¿"})
_NO_LINE = re.compile(r"\s*(?:[\d.]*\d{5}[\d.]*|\d{1,4}[-/.]\d{1,4})\s*")
_ZONE_NAME = re.compile(r"\[[A-Za-z_+/-]{1,40}\]$")  # 2016-09-20T14:36:00-04:00[America/New_York]
_COMMENT = re.compile(r"((?:[+-]\d{2}:?\d{2}|\d [A-Z]{3,5})) ?\([^()]{1,60}\)$")  # +0200 (Central European Summer Time)
# The name of a day in front of the other parts of RFC 822, which in other languages is one of many.
_DAY_NAME = re.compile(
    r"[^\W\d_]{2,12}\.?, ?(?=\d{1,2} [^\W\d_]{3,12}\.? \d{4} \d{1,2}:\d\d(?::\d\d)? ?(?:[A-Z]{1,5}|[+-]\d))"
)
_TUESDAY = re.compile(r"mar[.,]{0,2} (?=\d{1,2}[ .]{1,2}(?:de )?([^\W\d_]{1,20}))", re.I)  # mar. 5 nov 2019
_CHANGED = re.compile(
    r"(?<=\d)[^\d]{0,20}?\b(?:updated?|modified|aktualisiert|mis à jour|actualizado|aggiornato|uppdaterad|oppdatert)\b",
    re.I,
)

# Below, the words have been replaced by markers: @9@ is September, #et# a time zone, %p% the pm behind a time.
_SEP = r"[ .,/-]{1,3}"
_MONTH = r"@(?P<month>\d+)@"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?!\d)"
_YEAR = r"(?<!\d)(?P<year>\d{4,6})(?!\d)"
_N_MONTH = r"(?<!\d)(?P<month>\d{1,2})(?!\d)"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_MONTH} {_DAY} (?P<time>\d\d:\d\d:\d\d (?:[+-]\d{{4}}|#\w+#)) {_YEAR}$",
        rf"{_MONTH}{_SEP}{_DAY}[., ]{{1,3}}{_YEAR}",
        rf"{_DAY}{_SEP}{_MONTH}{_SEP}{_YEAR}",
        rf"{_YEAR}{_SEP}{_MONTH}{_SEP}{_DAY}\.?",
        rf"{_YEAR}(?P<sep>[-/.]) ?{_N_MONTH}(?P=sep) ?{_DAY}\.?",
        r"(?<!\d)(?P<a>\d{1,2})(?P<sep>[-/.]) ?(?P<b>\d{1,2})(?P=sep) ?(?P<year>\d{4,6}|\d\d)(?![\d:])",
        rf"{_DAY}[ -]{_MONTH}[ -](?P<year>\d\d)(?= \d{{1,2}}:\d\d)",
        rf"^{_DAY}-{_MONTH}-(?P<year>\d\d)$",
        rf"{_DAY}{_SEP}\?{_SEP}{_YEAR}",
        rf"{_MONTH}{_SEP}{_YEAR}",
        rf"^{_YEAR}[-/]{_N_MONTH}$",
        rf"^{_N_MONTH}/{_YEAR}$",
        rf"^{_YEAR}$",
    )
)
_TIME = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})(?: ?[:.] ?(?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d{1,9})?)?|(?= ?[:%]))(?!\d):?"
    r"(?: ?%(?P<half>[ap])%)?"
    r"(?:[ ,(]{0,3}(?:#(?P<zone>\w+)#)?[ (]{0,2}(?P<offset>[+-]\d{1,2}(?::?\d\d)?(?!\d))?(?P<other>\?)?"
    r"(?: ?\(?#\w+#\)?)?)"
)
_PUNCTUATION = frozenset(" ,.;:|·•~–—-/()[]")
_URL_DATE = re.compile(r"[/_-]((?:1[89]|20)\d\d)([/_-]?)(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date as far as it is known.

    ``at`` is the time in UTC, set only where both time and zone are stated (precision instant or minute); ``on`` is
    the day in the stated zone, set only where a day is stated; ``source`` is where the date was read, None where
    there is none; ``raw`` is what was found, None where nothing was.
    """

    at: datetime | None = None
    on: date | None = None
    precision: str = "unknown"
    source: str | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class DateProblem:
    """A value that names a day which no calendar has."""

    reason_code: str
    reason: str
    raw: str


class _ImpossibleError(ValueError):
    """The value has the form of a date, but there is no such day."""


_Read = tuple[datetime | None, date | None, str]
_UNKNOWN: _Read = (None, None, "unknown")


def is_date_line(line: str) -> bool:
    """Whether the whole line is a date, a day or a month in words with its year, and nothing else.

    A bare number is no date line; a day that does not exist is one.
    """
    if len(line) > MAX_LENGTH or _NO_LINE.fullmatch(line) or not any(c.isdigit() for c in line):
        return False
    found = read_date(line)
    return isinstance(found, DateProblem) or found.on is not None or found.precision == "month"


def read_date(
    raw: Any, origin: str = "field", day_first: bool = False, url: str | None = None
) -> ReadDate | DateProblem:
    """Reads a date as found: a string, a number, a date or datetime, or a list whose first item counts.

    Where the order of day and month is open, the day in the URL decides, then day_first. A value that cannot be read
    gives precision unknown with raw kept; one that names a day that does not exist gives a DateProblem.
    """
    if isinstance(raw, (list, tuple)) and raw:
        raw = raw[0]
    if isinstance(raw, date):
        shown = raw.isoformat()
    elif isinstance(raw, (str, float)) or (isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 10**20):
        shown = str(raw)
    else:
        return ReadDate()
    if len(shown.strip()) > 4 * MAX_LENGTH:
        return ReadDate(raw=shown)
    text = " ".join(unicodedata.normalize("NFKC", shown).replace("\u2212", "-").split())
    if not text:
        return ReadDate()
    if len(text) > MAX_LENGTH or text.lower() in MISSING:
        return ReadDate(raw=shown)
    try:
        at, on, precision = _read(text, day_first, url)
    except _ImpossibleError:
        return DateProblem("impossible_date", f"“{text[:80]}” is no day of the calendar.", shown)
    if on in _ZERO_DAYS or (at is not None and at.timestamp() == 0) or precision == "unknown":
        return ReadDate(raw=shown)
    return ReadDate(at, on, precision, origin, shown)


def url_date(url: str | None) -> date | None:
    """The first day that stands in the path of a URL (/2016/09/20/, /2016-09-20-, /20160920), None if there is none."""
    for match in _URL_DATE.finditer((url or "")[:2048]):
        try:
            return date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            continue
    return None


def _read(text: str, day_first: bool, url: str | None) -> _Read:
    text = _COMMENT.sub(r"\1", _ZONE_NAME.sub("", text))
    if match := _DAY_NAME.match(text):
        text = text[match.end() :]
    if call := _CALL.fullmatch(text):
        text = _NUMBERS.sub(r"\1-\2-\3", call["date"].strip("'\""))
    if _FLOAT.fullmatch(text):
        text = str(int(float(text)))
    if _BARE_NUMBER.fullmatch(text):
        return _UNKNOWN
    match = _EPOCH.fullmatch(text)
    if match and (len(match[1]) != 12 or not _COMPACT.fullmatch(text)):
        return _epoch(int(match[1]), len(match[1]))
    if match := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, offset = match.groups()
        zone = _offset(offset) if offset else None
        return _moment(_day(year, month, day), hour, minute, second, zone)
    if (changed := _CHANGED.search(text)) is not None:
        text = text[: changed.start()]
    return _read_words(*_mark(text), day_first, url)


def _epoch(number: int, n_digits: int) -> _Read:
    seconds = number // 10 ** ((n_digits - 8) // 3 * 3)  # seconds, or milli-, micro- or nanoseconds
    if not EARLIEST_EPOCH <= seconds < LATEST_EPOCH:
        return _UNKNOWN
    at = datetime.fromtimestamp(seconds, UTC)
    return at, at.date(), "instant"


def _mark(text: str) -> tuple[str, list[str]]:
    """The text with its words replaced by markers and fillers dropped; and the words that are none of these."""
    unknown: list[str] = []
    text = text.translate(_MARKS)
    tuesday = _TUESDAY.match(text)
    if tuesday and tuesday[1].casefold() in MONTHS:
        text = text[tuesday.end() :]
    text = _AM_PM.sub(lambda m: f" %{m[1].lower()}% ", _ORDINAL.sub("", text).translate(CJK))

    def marker(match: re.Match[str]) -> str:
        word = match[0].casefold()
        if word in ("a", "p") and text[match.start() - 1 : match.start()] == "%":
            return word
        if word in MONTHS:
            return f"@{MONTHS[word]}@"
        if word in FIXED_ZONES or word in PLACE_ZONES:
            return f"#{word}#"
        if word in FILLERS:
            return " "
        if word == "h":
            return ":"
        unknown.append(match[0])
        return "?"

    return " ".join(_WORD.sub(marker, text).split()), unknown


def _read_words(text: str, unknown: list[str], day_first: bool, url: str | None) -> _Read:
    match = next((m for m in (p.search(text) for p in _DATES) if m), None)
    if match is None:
        return _UNKNOWN
    parts = match.groupdict()
    year, month, day = parts["year"], parts.get("month"), parts.get("day")
    rest = f"{text[: match.start()]} ~ {parts.get('time') or ''} {text[match.end() :]}"
    if "?" in match[0]:
        if not 1 <= int(day or 0) <= 31:
            raise _ImpossibleError
        month = _month_in_any_language(unknown[text[: match.start()].count("?")])
        if month is None:
            return _UNKNOWN
    if len(year) == 2:  # as POSIX reads it: 69 to 99 are the nineteen hundreds
        year = str(int(year) + (1900 if int(year) >= 69 else 2000))
    if len(year) > 4 or (month and not 1 <= int(month) <= 12):
        raise _ImpossibleError
    on, precision = None, "month" if month else "year"
    if parts.get("a"):
        on = _numeric(int(parts["a"]), int(parts["b"]), int(year), day_first or parts["sep"] == ".", url)
    elif day and month:
        on = _day(year, month, day)
    elif not 1600 <= int(year) < 3000:
        return _UNKNOWN
    return _with_time(on, precision, rest)


def _with_time(on: date | None, precision: str, rest: str) -> _Read:
    """Completes a date with the time in the rest of the value; unknown where the rest holds anything else."""
    time = _TIME.search(rest)
    if time:
        rest = rest[: time.start()] + rest[time.end() :]
    if not _PUNCTUATION.issuperset(rest):
        return _UNKNOWN
    if on is None:
        return None, None, precision
    if time is None:
        return None, on, "day"
    hour = int(time["hour"])
    if time["half"] and hour <= 12:
        hour = hour % 12 + (12 if time["half"] == "p" else 0)
    zone: tzinfo | None = None
    if time["offset"]:
        zone = _offset(time["offset"])
    elif time["zone"] in FIXED_ZONES:
        zone = timezone(FIXED_ZONES[time["zone"]])
    elif time["zone"]:
        zone = ZoneInfo(PLACE_ZONES[time["zone"]])
    return _moment(on, str(hour), time["minute"] or "0", time["second"], zone)


def _moment(on: date, hour: str | None, minute: str | None, second: str | None, zone: tzinfo | None) -> _Read:
    """The time in UTC where time and zone are known and possible, else the day alone."""
    if hour is None or minute is None or zone is None:
        return None, on, "day"
    try:
        at = datetime(on.year, on.month, on.day, int(hour), int(minute), int(second or 0), tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None, on, "day"
    return at, on, "instant" if second else "minute"


def _offset(text: str) -> tzinfo | None:
    """The zone that Z, +03:00, +0300 or +3 names; None beyond 14 hours, which no zone has."""
    if text in "Zz":
        return UTC
    hours, _, minutes = text[1:].partition(":")
    if len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > timedelta(hours=14) or int(minutes or 0) > 59:
        return None
    return timezone(-offset if text[0] == "-" else offset)


def _day(year: str, month: str | int, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _ImpossibleError from None


def _numeric(a: int, b: int, year: int, day_first: bool, url: str | None) -> date:
    """The day written a/b/year: the only reading that is a day, else the URL's, else by the order preferred."""
    readings = list(_days(((year, b, a), (year, a, b)) if day_first else ((year, a, b), (year, b, a))))
    if not readings:
        raise _ImpossibleError
    in_url = url_date(url)
    return in_url if in_url in readings else readings[0]


def _days(triples: Iterable[tuple[int, int, int]]) -> Iterable[date]:
    for year, month, day in triples:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


@lru_cache(maxsize=4096)
def _month_in_any_language(word: str) -> int | None:
    """The month that the word names in one of the languages that dateparser knows, else None.

    Short words are names of months somewhere, and of other things elsewhere: «gas», «to», «x».
    """
    if not (4 if word.isascii() else 3) <= len(word) <= 20:
        return None
    import dateparser  # takes a third of a second to load, and only rare languages need it

    settings: Any = {
        "STRICT_PARSING": True,
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
        "DATE_ORDER": "DMY",
    }
    found = dateparser.parse(f"21 {word} 2001", settings=settings)
    return found.month if found and (found.day, found.year) == (21, 2001) else None
