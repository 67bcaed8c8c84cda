"""Reads RSS 0.9 to 2.0, RDF and Atom: an entry is an article, and says so where the feed gives only a summary of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from tasks.normalise.text import holds_html
from tasks.readers.compress import Stream
from tasks.readers.feedfurniture import without_furniture
from tasks.readers.feedtext import FeedText
from tasks.readers.items import Problem
from tasks.readers.options import ReadOptions
from tasks.readers.source import Source
from tasks.readers.xmlitems import Outcome, read_items
from tasks.readers.xmlparse import LANG
from tasks.readers.xmltext import attribute, every, first, line, to_html
from tasks.records import RawRecord, Rejection

BASE = "{http://www.w3.org/XML/1998/namespace}base"
MAX_SUBTITLE = 400  # characters

_PUBLISHED = (
    "pubDate",
    "pubdate",
    "published",
    "issued",
    "dc_date",
    "dcterms_issued",
    "dcterms_created",
    "created",
    "date",
    "prism_publicationDate",
)
_CHANGED = ("updated", "modified", "dcterms_modified")
# Elements made for the whole text: of RSS's modules, of Atom, Yandex and those who copy it, and XHTML.
_FULL_TEXTS = ("content_encoded", "content", "content_items//rdf_value", "turbo_content", "body", "div")
_FULL_TEXT = re.compile(r"(?:\w{1,40}_)?full-?text")
_NAMED = re.compile(r"\S[^\s@]{0,199}@\S{1,200}+\s{1,9}\(([^()]{1,200})\)")  # RSS: mail@example.org (Ann Lee)


def read_rss(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The entries of an RSS feed."""
    yield from read_items(stream, source, options, ("item",), lambda item, head: [_article(item, head)])


def read_atom(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The entries of an Atom feed."""
    yield from read_items(stream, source, options, ("entry",), lambda item, head: [_article(item, head)])


def _article(item: etree._Element, head: etree._Element) -> Outcome:
    if _is_episode(item):
        return Problem("not_an_article", "is an episode of a podcast")
    if kind := _other_kind(item):
        return Problem("not_an_article", f"is no post but of type {kind[:40]}")
    if first(item, "app_control/app_draft") == "yes" or (first(item, "blogger_status") or "LIVE") != "LIVE":
        return Problem("not_published", "was never published: it is a draft")
    channel = head.find("channel")
    feed = channel if channel is not None else head
    base = _joined(attribute(head, f"@{BASE}") or _link(feed, None), attribute(item, f"@{BASE}"))
    published, changed = first(item, *_PUBLISHED), first(item, *_CHANGED)
    fields = {
        "title": first(item, "title", "dc_title"),
        "url": _link(item, base),
        "canonical_url": first(item, "feedburner_origLink"),
        "published": published or changed,
        "modified": changed if published else None,
        "published_origin": "feed" if published or changed else None,
        "authors": _authors(item) or _authors(head) if item.tag == "entry" else _authors(item),
        "section": first(item, "category")
        or attribute(item, "category@label", "category@term")
        or first(item, "dc_subject"),
        "language": first(item, "dc_language")
        or attribute(item, f"@{LANG}", f"content@{LANG}")
        or first(feed, "language", "dc_language")
        or attribute(head, f"@{LANG}"),
        "publisher_name": first(item, "source/title", "source") or first(feed, "title"),
        **_content(item),
    }
    return {name: value for name, value in fields.items() if value}


def _link(element: etree._Element, base: str | None) -> str | None:
    """The page of an entry or a feed: RSS's link, Atom's alternate, RDF's own address, or a guid that is one."""
    link = first(element, "link")
    if not link:
        alternates = [e for e in element.iterfind("link") if e.get("rel", "alternate") == "alternate" and e.get("href")]
        alternates.sort(key=lambda e: "html" not in e.get("type", "html"))
        link = alternates[0].get("href") if alternates else None
    if not link:
        guid = element.find("guid")
        is_link = guid is not None and guid.get("isPermaLink") != "false"
        ids = (
            line(guid) if is_link else None,
            attribute(element, "@{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"),
        )
        link = next((address for address in ids if address and address.lower().startswith("http")), None)
    return _joined(base, link) if link else None


def _joined(base: str | None, link: str | None) -> str | None:
    """An address made absolute; the base where there is no address."""
    try:
        return urljoin(base, link.strip()) if base and link else link or base
    except ValueError:  # brackets in the host
        return link


def _is_episode(item: etree._Element) -> bool:
    """Whether an entry is an episode of a podcast: marked as one, without a text or with one that only announces it."""
    has_duration = item.find("itunes_duration") is not None
    is_recording = any((e.get("type") or "").startswith("audio/") for e in item.iterfind("enclosure"))
    if not has_duration and not (is_recording and any(str(e.tag).startswith("itunes_") for e in item)):
        return False
    text = _full_text(item)
    return text is None or (has_duration and not text.is_long)


def _other_kind(item: etree._Element) -> str:
    """What an entry of Blogger's export is, where it is no post: it holds comments, pages and settings, too."""
    kinds = (e.get("term") for e in item.iterfind("category") if (e.get("scheme") or "").endswith("2005#kind"))
    kind = next((kind.rpartition("#")[2] for kind in kinds if kind), None) or first(item, "blogger_type") or "post"
    return "" if kind.casefold() == "post" else kind


def _authors(element: etree._Element) -> list[str]:
    names = every(element, "dc_creator") + every(element, "author/name")
    names += [text for e in element.iterfind("author") if not len(e) and (text := line(e))]
    names = names or every(element, "itunes_author")
    return [match[1] if (match := _NAMED.fullmatch(name)) else name for name in names]


def _full_text(item: etree._Element) -> FeedText | None:
    """The element that is made for the whole text, where there is one and it holds some."""
    named = [element for path in _FULL_TEXTS for element in item.iterfind(path)]
    for element in [*named, *(e for e in item if _FULL_TEXT.fullmatch(str(e.tag)))]:
        if (text := _markup(element)) and element.get("src") is None:
            return text
    return None


def _markup(element: etree._Element) -> FeedText | None:
    """The text of an element, as HTML where it has tags, escaped or not; None where no word is in it."""
    if len(element):
        inner = element.findall(".//body.content") or element.findall(".//body")  # a whole page, or NITF
        found = FeedText.of(to_html(inner or [element]), "html")
    else:
        text = (element.text or "").strip()
        is_html = element.get("type") in ("html", "text/html", "xhtml") or holds_html(text)
        found = FeedText.of(without_furniture(text), "html") if is_html else FeedText.of(text, "plain")
    return found if found.plain else None


def _content(item: etree._Element) -> dict[str, Any]:
    """The longest text that the entry gives, whether it is only a summary, and the summary beside a whole text."""
    full = _full_text(item)
    summaries = [text for e in item.iterchildren("description", "summary", "dc_description") if (text := _markup(e))]
    summary = max(summaries, key=lambda text: len(text.plain), default=None)
    text = full if full and (not summary or len(full.plain) >= len(summary.plain)) else summary
    if text is None:
        return {}
    fields: dict[str, Any] = {"text": text.text, "markup": text.markup}
    fields["is_summary_only"] = not text.is_whole(is_declared=text is full)
    if full is text and summary and _stands_alone(summary, full):
        fields["subtitle"] = summary.plain
    return fields


def _stands_alone(summary: FeedText, full: FeedText) -> bool:
    """Whether the summary is a standfirst, and not the beginning of the text once more."""
    words = summary.plain
    return len(words) <= MAX_SUBTITLE and not summary.is_truncated and words[:80] not in full.plain
