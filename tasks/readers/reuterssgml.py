"""Reads Reuters SGML, the form in which the Reuters-21578 collection and its kin keep many articles a file."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from tasks.readers.compress import Stream
from tasks.readers.options import ReadOptions
from tasks.readers.source import Source
from tasks.readers.wiretext import paragraphs
from tasks.readers.xmlitems import Outcome, read_items
from tasks.readers.xmltext import first
from tasks.records import RawRecord, Rejection

_SIGNATURE = re.compile(r"(?<!\s)\s*+Reuters?\s*$", re.I)


def read_reuters_sgml(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The articles of a Reuters SGML file."""
    yield from read_items(stream, source, options, ("REUTERS",), lambda item, _: [_article(item)])


def _article(item: etree._Element) -> Outcome:
    body = item.find("TEXT/BODY")
    text = "".join(body.itertext()) if body is not None else ""
    fields: dict[str, Any] = {
        "title": first(item, "TEXT/TITLE"),
        "byline": first(item, "TEXT/AUTHOR"),
        "published": first(item, "DATE"),
        "section": first(item, "TOPICS/D"),
        "publisher_name": "Reuters",
        # Companies stand in angle brackets, <P> among them, so that the text must not be taken for HTML later.
        "text": [html.escape(part, quote=False) for part in paragraphs(_SIGNATURE.sub("", text).split("\n"))],
    }
    if fields["text"]:
        fields["text"][0] = f"<p>{fields['text'][0]}"
        fields["markup"] = "html"
    return {name: value for name, value in fields.items() if value}
