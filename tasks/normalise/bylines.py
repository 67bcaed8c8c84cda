"""Bylines and picture credits: who wrote an article, for which agency, and which lines are no part of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tasks.normalise.byline_words import (
    AGENCIES,
    BODY_WORDS,
    HEADING_WORDS,
    OUTLET_LEADS,
    OUTLET_SURNAMES,
    OUTLET_WORDS,
    PARTICLES,
    PICTURE_SOURCES,
    PLACES,
    ROLE_WORDS,
    SUFFIXES,
)
from tasks.normalise.names import INITIALS, NAME_WORD, bare, cased, ends_in_abbreviation, fold, is_loose_name, is_person
from tasks.normalise.text import clean_line

MAX_LENGTH = 500  # characters of a byline that are read
MAX_AUTHORS = 50
MAX_LINE = 120  # characters of a byline or credit that stands in a line of its own

_BY = re.compile(
    r"(?:(?:written|reported|reporting|posted|story|words|text|report|analysis|opinion|exclusive) by"
    r"|de (?:notre|nos) (?:correspondante?s?|envoyée?s? spéciale?s?)|von unsere[nrm] (?:korrespondent|redakteur)(?:in)?"
    r"|(?:eine? )?(?:kommentar|interview|analyse|gastbeitrag|kolumne|essay|reportage|glosse|bericht|rezension) von"
    r"|propos recueillis par|penulis|oleh|by|von|par|por|di|af|av|door|автор"
    r"|authors?|autor(?:in|es)?|texto?)(?:\s*:\s*|\s+)",
    re.I,
)
_CJK_LABEL = re.compile(r"(?:作者|撰文|文|執筆|글쓴이|글)\s?[:：/]\s?|[가-힣]{1,6}=\s?")
_ALSO = re.compile(r"(?:additional )?(?:reporting|written) by\s+", re.I)
_NOISE = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)[^\s@]+@[^\s@,;|/]+|(?<!\w)@\w+")
_SEPARATOR = re.compile(
    r"[;|•·、，/,\[\]]|\s[-–—]\s|\s(?:and|&|und|et|och|og|ja|и|та|with|mit|avec|con)(?=\s)"
    r"|\sy(?=\s+\S+\s+\S)|\se\s(?=[A-ZÀ-Þ])",
    re.I,
)
_BESIDE = re.compile(r"\s(?:and|&|und|et|och|og|y|e)\s+([^;|•·、，/,\[\]]{1,80})", re.I)  # another of the same kind
_BRACKET = re.compile(r"\(([^()]{0,80})\)")
_TAIL = re.compile(r"\s(?:in|from|for|For|at|of|aus|[Ss]pecial to|reporting|reports?)\s.*$|(?<=[^\W\d_])\s?\d.*$")
_CJK_OUTLET = re.compile(
    r"新聞|新闻|日報|日报|通信|通讯|デジタル|オンライン|編集|编辑|[社网局部]$|個人|本报|뉴스|신문|일보|편집|現代"
)
_CJK_ROLE = re.compile(r"^(?:本[報报])?(?:記者|记者)\s{0,9}|\s{0,9}(?:기자|특파원|記者|记者).*$")
# The editorial staff, in the languages that make the word of one stem: Redaktion, Sportredactie, redacción, redakcja.
_DESK = re.compile(r"reda(?:k[cst]|c[ct]|ç|z)|rédac|редак|toimitu", re.I)
_OPEN_END = re.compile(r"(,|&|\b(?:and|und|et|och|og|with))\s*\n", re.I)  # a line whose byline goes on in the next
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.I)
_NUMBERED = re.compile(r"[^\W\d_]{1,20}\d{1,4}")  # Harrow24
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_DATELINE = re.compile(
    r"[^()\n.!?–—]{0,60}(?:\. ?[^()\n.!?–—]{0,20})?[(/]([^()/\n]{2,40}(?:/[^()/\n]{1,20})?)[)/]\.?\s*[-–—:.]"
)


@dataclass(frozen=True, slots=True)
class Byline:
    """People, news agencies under their usual names, and the outlet where the byline names one."""

    authors: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    publisher_name: str | None = None


def read_byline(value: Any, outlets: Iterable[str] = ()) -> Byline:
    """Reads a byline or an author field: a string, a list of them, or objects with a name.

    ``outlets`` are names of the publisher (its name, its domain) that are not to be taken for people.
    """
    known = frozenset(key for name in outlets for key in (fold(name), fold(name.split(".")[0])) if key)
    authors: dict[str, str] = {}
    agencies: dict[str, None] = {}
    publisher = None
    for item in _items(value):
        parts = list(_parts(item, False, known))
        kinds = [kind for kind, _ in parts]
        if kinds == ["other"] and not isinstance(value, str) and _is_single_name(parts[0][1], known):
            parts = [("person", parts[0][1])]
        for kind, name in parts:
            if kind == "person":
                authors.setdefault(name.casefold(), name)
            elif kind == "agency":
                agencies.setdefault(name)
            elif kind == "outlet":
                publisher = publisher or name
    return Byline(list(authors.values())[:MAX_AUTHORS], list(agencies)[:MAX_AUTHORS], publisher)


def dateline_agencies(text: str) -> list[str]:
    """Agencies in the dateline that opens a text: «WASHINGTON (AP) — », «MOSCOW, March 5 (Reuters) - », «/TASS/.»."""
    match = _DATELINE.match(text[:160])
    if not match or len(match[0].split()) > 12:
        return []
    names = (AGENCIES.get(part.strip().casefold()) for part in re.split("[/,]", match[1]))
    return list(dict.fromkeys(name for name in names if name))


def is_byline(line: str) -> bool:
    """Whether the whole line is a byline, with or without «By»: names, agencies, outlets and roles alone."""
    line = " ".join(line.split())
    if not 2 <= len(line) <= MAX_LINE or line[-1] in "!?:…" or (line.endswith(".") and not ends_in_abbreviation(line)):
        return False
    by = _BY.match(line)
    if re.search(r"\d", _NOISE.sub("", line)) or (not by and line.split()[0].casefold() in HEADING_WORDS):
        return False
    parts = list(_parts(line, is_line=True))
    kinds = [kind for kind, _ in parts]
    if not parts or "other" in kinds:
        return False
    return bool(by) or kinds[0] in ("person", "agency")


def is_credit(line: str) -> bool:
    """Whether the whole line is a picture credit, no sentence: «Ann Lee / TASS», «Photo: Ann Lee»."""
    line = " ".join(line.split()).strip()
    if line.startswith("(") and line.endswith(")"):
        line = line[1:-1]
    if not 5 <= len(line) <= MAX_LINE or line[-1] in ".!?:;…" or len(line.split()) > 14:
        return False
    if label := _CREDIT_LABEL.match(line):
        rest = [p.strip() for p in re.split(r"/| via |,", line[label.end() :]) if p.strip()]
        return bool(rest) and all(_is_picture_source(p) or _is_name_like(p) for p in rest)
    first, *others = [p.strip() for p in re.split(r"/|(?: via )|[–—]", line)]
    if not others or not all((first, *others)):
        return False
    parts = (first, *others)
    named = [p for p in parts if _is_picture_source(p)]
    if not all(p in named or _is_name_like(p) for p in parts):
        return False
    return bool(named) or (" / " in line and is_person(first) and len(others) == 1)


_CREDIT_LABEL = re.compile(
    r"(?:photo(?:graph|s|graphs|graphy)?|pictures?|image|images|foto|bild|crédit(?: photo)?|credit"
    r"|(?:photo|image|picture) credit|illustration|фото)(?: by|:| by:|/)\s*|©\s*|(?:photo )?courtesy (?:of )?",
    re.I,
)


def _is_picture_source(text: str) -> bool:
    key = bare(text)
    if key in AGENCIES or key in PICTURE_SOURCES or _DOMAIN.fullmatch(text):
        return True
    words = key.split()
    return (
        1 <= len(words) <= 5
        and words[-1] in ("images", "agency", "photo", "photos", "pool", "press", "commons")
        and _is_name_like(text)
    )


def _is_name_like(text: str) -> bool:
    """At most six words, all capitalised or name particles."""
    words = text.split()
    return 1 <= len(words) <= 6 and all(
        w[0].isupper() or w.casefold() in PARTICLES or w in ("&", "of", "the", "for", "and") for w in words
    )


def _items(value: Any) -> Iterator[str]:
    """The strings in an author field, at most four times as many as authors are kept."""
    if isinstance(value, str):
        text = value.strip()[: 4 * MAX_LENGTH]
        if text.startswith("[") and text.endswith("]"):
            yield from (a or b for a, b in _QUOTED.findall(text))
        else:
            yield _OPEN_END.sub(r"\1 ", text).replace("\n", ";")
    elif isinstance(value, dict):
        name = value.get("name") or " ".join(
            str(value.get(key) or "") for key in ("givenName", "first_name", "familyName", "last_name")
        )
        yield from _items(name if isinstance(name, (str, list)) else None)
    elif isinstance(value, (list, tuple)):
        for item in value[: 4 * MAX_AUTHORS]:
            if isinstance(item, (str, dict)):
                yield from _items(item)


def _parts(text: str, is_line: bool, outlets: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """What a byline consists of, in order: pairs of kind (person, agency, outlet, role, place, other) and name."""
    text = _NOISE.sub("", clean_line(text[:MAX_LENGTH]) or "").strip()
    text = _BRACKET.sub(lambda m: f", {m[1]}, " if bare(m[1]) in AGENCIES or is_person(m[1]) else " ", text)
    if not is_line:  # a line may be a heading: «From Humble Beginnings»
        text = re.sub(r"^from\s+", "", text, flags=re.I)
    for _ in range(3):  # «By By Ann Lee»
        if match := _BY.match(text):
            text = text[match.end() :]
    text = _CJK_LABEL.sub("", text) if _CJK_LABEL.match(text) else text
    if ";" in text and not is_line:
        text = ";".join(_turned(name, outlets) for name in text.split(";"))
    segments = _join(_strip(_ALSO.sub("", s)) for s in _SEPARATOR.split(text))
    if len(segments) == 2 and "," in text and not is_line and all(_is_single_name(s, outlets) for s in segments):
        segments = [f"{segments[1]} {segments[0]}"]
    beside = {_strip(match[1]) for match in _BESIDE.finditer(text)}
    for number, segment in enumerate(segments):
        yield from _kinds(segment, number == 0 or segment in beside, is_line, outlets)


def _turned(name: str, outlets: frozenset[str]) -> str:
    """The name with its surname behind, where a comma alone parts it: «Lee, Ann Marie», one of several in a list."""
    last, comma, first = (part.strip() for part in name.partition(","))
    is_name = comma and _is_single_name(last, outlets) and is_person(f"{first} {last}") and bare(first) not in AGENCIES
    return f"{first} {last}" if is_name and "," not in first else name


def _join(segments: Iterable[str]) -> list[str]:
    """The segments that hold something, with «Jr.» put back behind its name and «Lee, A.» turned round."""
    joined: list[str] = []
    for segment in segments:
        if joined and segment.casefold() in SUFFIXES:
            joined[-1] += " " + segment
        elif joined and INITIALS.fullmatch(segment) and len(joined[-1].split()) == 1 and bare(segment) not in AGENCIES:
            joined[-1] = f"{segment} {joined[-1]}"
        elif segment:
            joined.append(segment)
    return joined


def _kinds(segment: str, in_name_place: bool, is_line: bool, outlets: frozenset[str]) -> Iterator[tuple[str, str]]:
    key = bare(segment)
    if key in AGENCIES:
        yield "agency", AGENCIES[key]
    elif key in PLACES:
        yield "place", segment
    elif _is_publisher(segment, outlets) or _is_address(segment) or _CJK_OUTLET.search(segment):
        yield "outlet", segment
    else:
        segment = _strip(_CJK_ROLE.sub("", _TAIL.sub("", segment)))
        words = _without_roles(segment.split())
        role = segment.split()[-1:]
        if not words or words[0].casefold() == "to":  # «Special to the Herald»
            yield "role", segment
            return
        segment = " ".join(words)
        agency, n = _trailing_agency(words)
        if agency and n == len(words):
            yield "agency", agency
        elif agency and is_person(" ".join(words[:-n])):
            yield "person", cased(words[:-n])
            yield "agency", agency
        elif _is_outlet(words, in_name_place):
            yield "role" if _is_body(words) else "outlet", segment
        elif not in_name_place and role != words[-1:] and role[0][0].isupper():  # «Middle East Editor» behind a name
            yield "role", segment
        elif is_person(segment) or (not is_line and is_loose_name(words)):
            yield "person", cased(words)
        else:
            yield "other", segment


def _without_roles(words: list[str]) -> list[str]:
    """The words without roles at either end, if a name or an agency, or nothing, is left; else all of them."""
    start, end = 0, len(words)
    while start < end and _is_role(words[start]):
        start += 1
    while end > start and _is_role(words[end - 1]):
        end -= 1
    rest = words[start:end]
    return rest if len(rest) != 1 or bare(rest[0]) in AGENCIES else words


def _is_role(word: str) -> bool:
    return word.casefold().strip(".,") in ROLE_WORDS or (_DESK.search(word) is not None and word[-1] != ":")


def _trailing_agency(words: list[str]) -> tuple[str | None, int]:
    """The agency that the last words name, and how many words that is: «Ann Lee The Canadian Press»."""
    for n in range(min(4, len(words)), 0, -1):
        tail = " ".join(words[-n:])
        if agency := AGENCIES.get(bare(tail)):
            if n < len(words) and words[-n - 1].casefold() == "the":
                n += 1
            if n > 1 or tail.isupper() or n == len(words):
                return agency, n
    return None, 0


def _is_publisher(segment: str, outlets: frozenset[str]) -> bool:
    """Whether this is the publisher, also by an account of its own («Courier D», beside «Courier News»)."""
    first, *rest = segment.split() or [""]
    is_account = len(first) > 3 and bool(rest) and all(len(word) == 1 and word.isupper() for word in rest)
    return fold(segment) in outlets or (is_account and any(outlet.startswith(fold(first)) for outlet in outlets))


def _is_outlet(words: list[str], in_name_place: bool) -> bool:
    lower = [w.casefold().strip(".,’'") for w in words]
    if len(words[0]) > 2 and words[0].isascii() and words[0].isupper() and not set(words[0]) & set("AEIOUY."):
        return True  # BBC, MDR
    if lower[0] in ("the", "les", "los", "das", "il") or (
        len(words) == 2 and lower[0] in ("le", "la", "el", "der", "die")
    ):
        return True
    if in_name_place and len(words) == 2 and lower[1] in OUTLET_SURNAMES and lower[0] not in OUTLET_LEADS:
        return False
    if all(_is_role(w) or w in OUTLET_WORDS for w in lower):
        return True
    return any(w in OUTLET_WORDS or (w in OUTLET_SURNAMES and len(words) > 1) for w in lower) or (
        len(words) > 1 and any(map(_is_role, lower))
    )


def _is_address(segment: str) -> bool:
    """Whether this is a domain, or a name with a number as outlets have: «harrow.example», «Harrow24»."""
    return _DOMAIN.fullmatch(segment) is not None or _NUMBERED.fullmatch(segment) is not None


def _is_body(words: list[str]) -> bool:
    """Whether the words name a post or a body that somebody belongs to, rather than who publishes."""
    return any(w.casefold().strip(".,") in ROLE_WORDS or w.casefold().strip(".,") in BODY_WORDS for w in words)


def _is_single_name(word: str, outlets: frozenset[str]) -> bool:
    """A single capitalised word that may be a given name or a surname."""
    return (
        NAME_WORD.fullmatch(word) is not None
        and len(word) > 2
        and word[0].isupper()
        and word[1:].lower() == word[1:]
        and not _is_outlet([word], False)
        and not _is_role(word)
        and _BY.match(f"{word} ") is None
        and bare(word) not in AGENCIES
        and fold(word) not in outlets
    )


def _strip(segment: str) -> str:
    segment = segment.strip(' :-–—*"“”')
    return segment if ends_in_abbreviation(segment) else segment.rstrip(". ")
