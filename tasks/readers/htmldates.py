"""When the article of a page appeared and was last changed, and where the page says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from lxml import etree, html

from tasks.normalise.dates import ReadDate, read_date, url_date
from tasks.readers.htmlmeta import Statements, plain
from tasks.readers.htmltree import around_headings, is_elsewhere, is_short, names_of, text_of
from tasks.readers.htmlwords import CHANGED, DATE, PRINTED_DATE

MAX_TIMES = 50  # time elements looked at
MAX_LINES = 100  # printed dates looked at
MAX_BESIDE = 30  # characters that may stand beside a date in its line
MAX_URL = 2048
MAX_DATE = 100  # characters of a printed date

# The names under which meta elements state the day, best first.
_PUBLISHED = (
    "article:published_time", "og:published_time", "article:published", "datepublished", "og:article:published_time",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "date", "dc.date.issued", "dcterms.created",
    "dcterms.issued", "dc.date", "dcterms.date", "pubdate", "publishdate", "publish-date", "publish_date",
    "publication_date", "article.published", "published_at", "published_time", "citation_publication_date",
    "citation_date", "datecreated", "created", "og:pubdate", "article:post_date", "ptime", "pdate", "displaydate",
    "rnews:datepublished",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "lastmod",
    "article.updated", "last-modified", "article:updated_time", "revised",
)  # fmt: skip
# Keys of articles in addresses that begin with the day: /AKR20260304051200001, /NISX20260304_0003124567.
_IN_KEY = re.compile(r"/[A-Z]{1,4}(20[0-4]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])_?\d{4,14}(?!\w)")
_DATED = ("datetime", "data-datetime", "data-date", "data-timestamp", "data-time", "data-published")
_LINES = ("p", "div", "span", "li", "small", "em", "h5", "h6", "address", "dd", "td", "b", "strong")


def read_dates(root: html.HtmlElement, found: Statements, url: str | None) -> dict[str, Any]:
    """published, published_origin and modified, as far as the page states them, as found."""
    fields: dict[str, Any] = {}
    for value, origin in _published(root, found, url):
        if _is_date(value, url):
            fields["published"], fields["published_origin"] = value, origin
            break
    modified = next((v for v in _modified(found) if _is_date(v, url)), None)
    if modified:
        fields["modified"] = modified
    return fields


def _is_date(value: str, url: str | None) -> bool:
    """Whether a value names a day; one that no calendar has is passed over, as pages state their day in many places."""
    read = read_date(value, url=url)
    return isinstance(read, ReadDate) and read.on is not None


def _stated(value: Any) -> str | None:
    """A JSON-LD date, which may be a number of seconds."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else plain(value)


def _published(root: html.HtmlElement, found: Statements, url: str | None) -> Iterator[tuple[str, str]]:
    """The places that may state the day, best first."""
    around = around_headings(root)
    for article in found.articles:
        for key in ("datePublished", "dateCreated", "uploadDate"):
            if value := _stated(article.get(key)):
                yield value, "html_metadata"
    for name in _PUBLISHED:
        for value in found.meta.get(name, [])[:2]:
            yield value, "html_metadata"
    for page in found.pages:
        if value := _stated(page.get("datePublished")):
            yield value, "html_metadata"
    times = list(_times(root, around))
    yield from ((value, "html_metadata") for value, kind in times if kind == "published")
    if day := url_date(url):
        yield day.isoformat(), "url"
    yield from ((value, "html_metadata") for value, kind in times if kind == "any")
    for value in _printed(root, around):
        yield value, "byline"
    if match := _IN_KEY.search((url or "")[:MAX_URL]):
        yield "-".join(match.groups()), "url"
    yield from ((value, "html_metadata") for value, kind in times if kind == "changed")
    for article in found.articles:
        if value := _stated(article.get("dateModified")):
            yield value, "html_metadata"
    for name in _MODIFIED:
        for value in found.meta.get(name, [])[:1]:
            yield value, "html_metadata"


def _modified(found: Statements) -> Iterator[str]:
    for article in found.articles:
        if value := _stated(article.get("dateModified")):
            yield value
    for name in _MODIFIED:
        yield from found.meta.get(name, [])[:1]


def _times(root: html.HtmlElement, around: set[etree._Element]) -> Iterator[tuple[str, str]]:
    """The datetime of time elements, and whether it is published, changed or, where nothing tells, any."""
    n_times = 0
    for element in root.iter("time", "abbr", "span", "div", "p"):
        mark = f"{element.get('itemprop') or ''} {element.get('property') or ''}".lower()
        is_marked = "datepublished" in mark or element.get("pubdate") is not None
        stated = [value for name in _DATED if (value := element.get(name))]
        if (title := element.get("title")) and DATE.search(names_of(element)):
            stated.append(title)
        if element.tag != "time" and not is_marked and not stated:
            continue
        n_times += 1
        if n_times > MAX_TIMES:
            return
        if is_elsewhere(element, around):
            continue
        names = names_of(element)
        if is_marked or "publish" in names or "entry-date" in names:
            kind = "published"
        else:
            kind = "changed" if CHANGED.search(f"{mark} {names} {_label(element)}") else "any"
        text = text_of(element)[:MAX_DATE]
        match = PRINTED_DATE.search(text)
        for value in (*stated, element.get("content"), title, text, match and match[0]):
            if value:
                yield value[: 4 * MAX_DATE], kind


def _label(element: etree._Element) -> str:
    """What stands in front of an element: text, or an element that is no more than a label."""
    before = element.getprevious()
    parent = element.getparent()
    if before is None:
        return ((parent.text if parent is not None else None) or "")[-MAX_BESIDE:]
    tail: str = before.tail or ""
    if tail.strip():
        return tail[-MAX_BESIDE:]
    text = text_of(before)
    return text if len(text) <= MAX_BESIDE and not any(map(str.isdigit, text)) else ""


def _printed(root: html.HtmlElement, around: set[etree._Element]) -> Iterator[str]:
    """Dates that are printed in elements marked as date or byline, then in any short line, then those of changes."""
    lines: list[str] = []
    changed: list[str] = []
    for element in root.iter(*_LINES):
        if len(element) > 4 or not is_short(element, 2 * MAX_DATE):
            continue
        text = text_of(element)[:MAX_DATE]
        dates = list(PRINTED_DATE.finditer(text))
        if not dates or len(lines) + len(changed) >= MAX_LINES or is_elsewhere(element, around):
            continue
        labels = [text[a.end() : b.start()] for a, b in pairwise(dates)]
        labels.insert(0, f"{_label(element)} {text[: dates[0].start()]}")
        of_change = [date[0] for date, label in zip(dates, labels, strict=True) if CHANGED.search(label)]
        published = [date[0] for date, label in zip(dates, labels, strict=True) if not CHANGED.search(label)]
        changed += of_change
        if published and DATE.search(names_of(element)):
            yield published[0]
        elif published and len(text) - sum(len(date[0]) for date in dates) < MAX_BESIDE:
            lines.append(published[0])
    yield from lines
    yield from changed
