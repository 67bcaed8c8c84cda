"""Reads NewsML-G2: the text items of a message. Pictures, packages, plans and concepts are no articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from tasks.readers import nitf
from tasks.readers.compress import Stream
from tasks.readers.items import WITHDRAWN, Problem, kill, withdrawn
from tasks.readers.options import ReadOptions
from tasks.readers.source import Source
from tasks.readers.xmlitems import Outcome, read_items
from tasks.readers.xmlparse import LANG
from tasks.readers.xmltext import attribute, body, every, first, line, publisher
from tasks.records import RawRecord, Rejection

ITEMS = ("newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")

_KINDS = {
    "packageItem": "a package: a list of other items",
    "conceptItem": "a concept: an entry of a vocabulary",
    "knowledgeItem": "a vocabulary",
    "planningItem": "a plan of coverage",
    "catalogItem": "a catalogue of vocabularies",
}
_TEXTS = ("text", "composite", "")  # classes of items that are articles
_SUMMARY = re.compile(r"summary|teaser|abstract|lead", re.I)
_SECONDARY = re.compile(r"sub|short|alt|kicker|slug|overline|ticker", re.I)
# Routing codes of a wire that some agencies leave behind the last paragraph.
_ROUTING = re.compile(r"(?=[^\d]{0,200}\d)[A-Z0-9]{2,12}(?:\s[A-Z0-9]{2,12}){3,40}")


def read_newsml_g2(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The articles of a NewsML-G2 file; every other item is a rejection."""
    yield from read_items(stream, source, options, ITEMS, lambda item, _: [_article(item)])


def _article(item: etree._Element) -> Outcome:
    kind = _local(attribute(item, "itemMeta/itemClass@qcode", "itemMeta/itemClass@uri"))
    if item.tag in _KINDS or kind not in _TEXTS:
        return Problem("not_an_article", f"is {_KINDS.get(item.tag) or f'no text but {_with_article(kind)}'}")
    status = _local(attribute(item, "itemMeta/pubStatus@qcode", "itemMeta/pubStatus@uri"))
    if status in WITHDRAWN:
        return withdrawn(status)
    title = _title(item)
    if notice := kill(title):
        return notice
    published = first(item, "itemMeta/firstCreated", "contentMeta/contentCreated", "itemMeta/versionCreated")
    changed = first(item, "itemMeta/versionCreated", "contentMeta/contentModified")
    guid = attribute(item, "@guid")
    fields = {
        "title": title,
        "subtitle": _subtitle(item, title),
        "byline": "; ".join(every(item, "contentMeta/by")) or nitf.byline(item),
        "published": published,
        "modified": changed if changed != published else None,
        "language": _language(item),
        "section": _section(item),
        "url": guid if guid and guid.lower().startswith("http") else None,
        **_provider(item),
        **_content(item, title),
    }
    if fields["subtitle"] == fields.get("text"):
        del fields["subtitle"]
    return {name: value for name, value in fields.items() if value}


def _local(qcode: str | None) -> str:
    """The code without its scheme: `ninat:text` and `http://cv.iptc.org/newscodes/ninature/text` are text."""
    return re.split("[:/]", qcode)[-1].casefold() if qcode else ""


def _with_article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind[:40]}"


def _title(item: etree._Element) -> str | None:
    """The main headline, else the one that the content carries, else the item's name, unless that is a slug."""
    found = [e for e in item.iterfind("contentMeta/headline") if line(e) and not _SECONDARY.search(e.get("role") or "")]
    language = _language(item)
    found.sort(key=lambda e: (e.get(LANG, language) != language, _rank(e)))
    if title := line(found[0]) if found else nitf.headline(item) or first(item, "contentSet//h1"):
        return title
    named = first(item, "itemMeta/title")
    return named if named and " " in named else None


def _language(item: etree._Element) -> str | None:
    return attribute(item, "contentMeta/language@tag", f"@{LANG}")


def _rank(element: etree._Element) -> int:
    rank = element.get("rank") or ""
    return int(rank) if rank.isdecimal() and len(rank) < 9 else 0


def _subtitle(item: etree._Element, title: str | None) -> str | None:
    marked = [e for e in item.iterfind("contentMeta/headline") if "sub" in (e.get("role") or "").casefold()]
    marked += [e for e in item.iterfind("contentMeta/description") if _SUMMARY.search(e.get("role") or "")]
    return next((text for text in map(line, marked) if text and text != title), None)


def _section(item: etree._Element) -> str | None:
    """The first subject that has a name and is an abstract one: no place, company or person."""
    for subject in item.iterfind("contentMeta/subject"):
        name = first(subject, "name")
        if name and len(name) > 3 and _local(subject.get("type")) in ("abstract", "category", "dpasubject", ""):
            return name
    return None


def _provider(item: etree._Element) -> dict[str, str]:
    return publisher(
        (
            first(item, "itemMeta/provider/name"),
            attribute(item, "itemMeta/provider@literal"),
            (attribute(item, "itemMeta/provider@qcode") or "").partition(":")[2],
            attribute(item, "contentMeta/infoSource@literal"),
            first(item, "contentMeta/creditline"),
        )
    )


def _content(item: etree._Element, title: str | None) -> dict[str, Any]:
    """The text in its best rendition, marked up where there is a choice; a description alone is a summary."""
    language = _language(item)
    for inline in sorted(item.iterfind("contentSet/inlineXML"), key=lambda e: e.get(LANG, language) != language):
        is_nitf = inline.find(".//body.content") is not None
        if fields := nitf.content(inline, title) if is_nitf else _xhtml(inline, title):
            return fields
    for inline in item.iterfind("contentSet/inlineData"):
        if not inline.get("encoding") and (fields := {**body([inline], title)}):
            return fields
    for description in item.iterfind("contentMeta/description"):
        if _SUMMARY.search(description.get("role") or "") and (summary := line(description)):
            return {"text": summary, "markup": "plain", "is_summary_only": True}
    return {}


def _xhtml(inline: etree._Element, title: str | None) -> dict[str, Any]:
    found = inline.find(".//body")
    root = found if found is not None else inline
    for child in root.iterchildren():
        if _ROUTING.fullmatch((child.tail or "").strip()):
            child.tail = None
    return {**body([root], title)}
