"""The articles of Reuters Corpus Volume 1, which come in a dialect of its own beside NewsML: `<newsitem>`."""

from __future__ import annotations

from lxml import etree

from tasks.readers.xmlitems import Outcome
from tasks.readers.xmlparse import LANG
from tasks.readers.xmltext import attribute, body, first


def article(item: etree._Element) -> Outcome:
    """The fields of a news item; its place and day above the text are no part of that."""
    title = first(item, "headline", "title")
    meta = {e.get("element"): e.get("value") for e in item.iterfind("metadata/dc")}
    fields = {
        "title": title,
        "byline": first(item, "byline"),
        "published": attribute(item, "@date") or meta.get("dc.date.published"),
        "language": attribute(item, f"@{LANG}"),
        "publisher_name": meta.get("dc.publisher"),
        **body(item.iterfind("text"), title),
    }
    return {name: value for name, value in fields.items() if value}
