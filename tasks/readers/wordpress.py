"""Reads the export of WordPress (WXR): its posts. Pages, attachments, menus and drafts are no articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from lxml import etree

from tasks.readers.compress import Stream
from tasks.readers.items import Problem
from tasks.readers.options import ReadOptions
from tasks.readers.source import Source
from tasks.readers.xmlitems import Outcome, read_items
from tasks.readers.xmltext import every, first
from tasks.records import RawRecord, Rejection

_EMBEDDED = re.compile(
    r"\[embed\b[^\[\]]{0,200}\][^\[\]]{0,2000}\[/embed\]|^[ \t]{0,9}https?://\S{1,2000}[ \t]{0,9}\r?$", re.I | re.M
)
_CAPTION_END = re.compile(r"\[/(?:wp_)?caption\]")
_SHORTCODE = re.compile(
    r"\[/?(?:(?:gallery|embed|audio|video|playlist|(?:wp_)?caption)\b|[a-z][\w-]{1,40}(?=\s{1,9}[\w-]{1,40}=))[^\[\]]{0,2000}\]"
)
_PAIRED = re.compile(r"\[/?([a-z][\w-]{1,40})\]")  # [dropcap]T[/dropcap]he
_BLANK_LINE = re.compile(r"\r?\n[ \t]*(?:\r?\n[ \t]*)+")
_PARAGRAPH = re.compile(r"<p[\s>]", re.I)


def read_wordpress(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The published posts of an export."""
    yield from read_items(stream, source, options, ("item",), lambda item, head: [_article(item, head)])


def _article(item: etree._Element, head: etree._Element) -> Outcome:
    kind, status = first(item, "wp_post_type") or "post", first(item, "wp_status") or "publish"
    if kind != "post":
        return Problem("not_an_article", f"is no post but of type {kind[:40]}")
    if status != "publish":
        return Problem("not_published", f"was never published: its status is {status[:40]}")
    published = _date(item, "wp_post_date") or first(item, "pubDate")
    changed = _date(item, "wp_post_modified")
    fields: dict[str, Any] = {
        "title": first(item, "title"),
        "subtitle": first(item, "excerpt_encoded"),
        "url": first(item, "link"),
        "published": published,
        "published_origin": "feed" if published else None,
        "modified": changed if changed != published else None,
        "authors": [_display_name(name, head) for name in every(item, "dc_creator")],
        "section": first(item, "category[@domain='category']"),
        "language": first(head, "channel/language"),
        "publisher_name": first(head, "channel/title"),
    }
    content = item.find("content_encoded")
    if content is not None and (content.text or "").strip():
        fields |= {"text": _paragraphs(content.text), "markup": "html"}
    return {name: value for name, value in fields.items() if value}


def _date(item: etree._Element, name: str) -> str | None:
    """The time with its zone, which the export gives as the difference of local time and UTC."""
    try:
        local = datetime.fromisoformat(first(item, name) or "")
        utc = datetime.fromisoformat(first(item, f"{name}_gmt") or "")
        offset = timedelta(minutes=round((local - utc).total_seconds() / 60))
        return local.replace(tzinfo=timezone(offset)).isoformat()
    except (ValueError, TypeError, OverflowError):
        return None


def _display_name(login: str, head: etree._Element) -> str:
    """The name of the author whom the export lists under a login."""
    for author in head.iterfind("channel/wp_author"):
        if first(author, "wp_author_login") == login:
            return first(author, "wp_author_display_name") or login
    return login


def _paragraphs(content: str) -> list[str]:
    """The paragraphs of a post, which WordPress parts by blank lines; no shortcodes, captions and embedded pages."""
    parts = _CAPTION_END.split(content)
    for i, part in enumerate(parts[:-1]):
        start = max(part.rfind("[caption"), part.rfind("[wp_caption"))
        parts[i] = part[:start] if start >= 0 else part
    content = _SHORTCODE.sub("", _EMBEDDED.sub("", "".join(parts)))
    closed = {match[1] for match in _PAIRED.finditer(content) if match[0][1] == "/"}
    content = _PAIRED.sub(lambda match: "" if match[1] in closed or "_" in match[1] else match[0], content)
    if _PARAGRAPH.search(content):
        return [content]
    return [part for part in _BLANK_LINE.split(content) if part.strip()]
