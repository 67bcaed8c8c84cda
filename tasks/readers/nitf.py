"""Reads NITF, the News Industry Text Format: an article a document; The New York Times' corpus is in it, too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from tasks.readers.compress import Stream
from tasks.readers.items import WITHDRAWN, kill, withdrawn
from tasks.readers.options import ReadOptions
from tasks.readers.source import Source
from tasks.readers.xmlitems import Outcome, read_items
from tasks.readers.xmlparse import LANG
from tasks.readers.xmltext import attribute, body, first, line, marked_byline, to_html
from tasks.records import RawRecord, Rejection

_DAY = re.compile(r"\d{4}")
_RIGHTS = re.compile(r"(?<![\s.,;-])[\s.,;-]*+all rights reserved\.?\s*$", re.I)
_DATES = (
    "head/docdata/date.issue@norm",
    "head/docdata/date.release@norm",
    "head/pubdata@date.publication",
    "body/body.head/dateline/story.date@norm",
)


def read_nitf(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The articles of a NITF document, or of several that follow one another."""
    yield from read_items(stream, source, options, ("nitf",), lambda nitf, _: [_article(nitf)])


def _article(nitf: etree._Element) -> Outcome:
    status = attribute(nitf, "head/docdata@management-status")
    if status and status.casefold() in WITHDRAWN:
        return withdrawn(status)
    title = _title(nitf)
    if notice := kill(title):
        return notice
    dates = [value for path in _DATES if (value := attribute(nitf, path)) and _DAY.match(value)]
    published = dates[0] if dates else None
    changes = [value for e in nitf.iterfind("head/revision-history") if _DAY.match(value := e.get("norm") or "")]
    fields = {
        "title": title,
        "subtitle": _subtitle(nitf, title),
        "byline": byline(nitf),
        "published": published,
        "modified": changes[-1] if changes and changes[-1] != published else None,
        "language": attribute(nitf, f"@{LANG}", "@baselang", f"body/body.content@{LANG}"),
        "publisher_name": _publisher(nitf),
        "section": _section(nitf),
        "url": attribute(nitf, "head/pubdata@ex-ref"),
        **content(nitf, title),
    }
    return {name: value for name, value in fields.items() if value}


def content(nitf: etree._Element, title: str | None) -> dict[str, str | bool]:
    """The fields that hold the text of a NITF document; its abstract alone is a summary."""
    blocks = nitf.findall(".//body.content//block[@class='full_text']")  # beside it the corpus repeats the lead
    contents = [e for e in nitf.iterfind(".//body.content") if next(e.iterancestors("note"), None) is None]
    if fields := body(blocks or contents, title):
        return {**fields}
    abstract = to_html(nitf.iterfind(".//abstract"))
    return {"text": abstract, "markup": "html", "is_summary_only": True} if abstract else {}


def headline(nitf: etree._Element) -> str | None:
    """The main headline, as agencies write it into NITF."""
    return first(nitf, ".//hedline/hl1", ".//headline/hl1", ".//body.head/hl1")


def byline(nitf: etree._Element) -> str | None:
    """The byline as printed, its title or agency behind a comma."""
    lines = nitf.findall(".//body.head/byline") or nitf.findall(".//body.content//byline")
    printed = [e for e in lines if e.get("class") == "print_byline"] or lines
    return "; ".join(text for text in map(_byline, printed) if text) or marked_byline(nitf)


def _byline(element: etree._Element) -> str | None:
    for part in element.iter("name.given", "name.family"):
        part.tail = f" {part.tail or ''}"
    for person in element.iterfind("person"):
        if not (person.tail or "").strip() and _is(person.getnext(), "person"):
            person.tail = "; "
    titles = [text for text in map(line, element.iterfind("byttl")) if text]
    for byttl in element.findall("byttl"):
        byttl.text, byttl.tail = None, f" {byttl.tail or ''}"
        del byttl[:]
    return ", ".join(part for part in (line(element), *titles) if part)


def _is(element: etree._Element | None, tag: str) -> bool:
    return element is not None and element.tag == tag


def _title(nitf: etree._Element) -> str | None:
    """The headline, else the document's title, unless that is a slug."""
    title = headline(nitf)
    named = first(nitf, "head/title")
    return title or (named if named and " " in named else None)


def _subtitle(nitf: etree._Element, title: str | None) -> str | None:
    decks = [line(e) for e in nitf.iterfind(".//body.head/hedline/hl2") if e.get("class") != "online_headline"]
    return next((deck for deck in decks if deck and deck != title), None)


def _publisher(nitf: etree._Element) -> str | None:
    holder = attribute(nitf, "head/docdata/doc.copyright@holder")
    return (
        attribute(nitf, "head/pubdata@name")
        or first(nitf, ".//body.head/distributor")
        or (_RIGHTS.sub("", holder) if holder else None)
    )


def _section(nitf: etree._Element) -> str | None:
    meta = {e.get("name"): e.get("content") for e in nitf.iterfind("head/meta")}
    sections = meta.get("online_sections") or ""
    return sections.split(";")[0].strip() or attribute(nitf, "head/tobject/tobject.subject@tobject.subject.type")
