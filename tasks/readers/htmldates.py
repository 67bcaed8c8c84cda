"""When the article of a page appeared and was last changed, and where the page says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from tasks.normalise.dates import ReadDate, read_date, url_date
from tasks.normalise.wordlists import words
from tasks.readers.htmlmeta import Statements, plain
from tasks.readers.htmltree import around_headings, names_of, text_of
from tasks.readers.htmlwords import DATE, ELSEWHERE

MAX_TIMES = 50  # time elements looked at
MAX_LINES = 100  # printed dates looked at
MAX_BESIDE = 30  # characters that may stand beside a date in its line
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
_FURNITURE = words("nav footer aside")
_WHOLE = words("html body article main")
_LINES = ("p", "div", "span", "li", "small", "em", "h5", "h6", "address", "dd", "td", "b", "strong")
_PRINTED = re.compile(
    r"(?:\d{1,2}|[^\W\d_]{3,12})[\s./,-]{1,3}(?:\d{1,2}|[^\W\d_]{3,12})[\s./,-]{1,3}(?:\d{4}|\d{2}(?!\d))"
    r"(?:[\s,|·•–—-]{1,4}(?:at |um |à )?\d{1,2}[:.h]\d{2}(?:\s?[ap]\.?m\.?)?(?: ?(?:UTC|GMT|[A-Z]{1,3}T)\b)?)?"
    r"|\d{4}(?:[./-]\d{1,2}[./-]\d{1,2}|年\s?\d{1,2}月\s?\d{1,2}日|년\s?\d{1,2}월\s?\d{1,2}일)"
    r"(?:[\s日T]{1,2}\d{1,2}[:時]\d{2})?",
    re.I,
)


Around = set[etree._Element]


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


def _published(root: html.HtmlElement, found: Statements, url: str | None) -> Iterator[tuple[str, str]]:
    """The places that may state the day, best first."""
    around = around_headings(root)
    for article in found.articles:
        for key in ("datePublished", "dateCreated", "uploadDate"):
            if value := plain(article.get(key)):
                yield value, "html_metadata"
    for name in _PUBLISHED:
        for value in found.meta.get(name, [])[:2]:
            yield value, "html_metadata"
    times = list(_times(root, around))
    yield from ((value, "html_metadata") for value, is_sure in times if is_sure)
    if day := url_date(url):
        yield day.isoformat(), "url"
    yield from ((value, "html_metadata") for value, is_sure in times if not is_sure)
    for value in _printed(root, around):
        yield value, "byline"
    for article in found.articles:
        if value := plain(article.get("dateModified")):
            yield value, "html_metadata"
    for name in _MODIFIED:
        for value in found.meta.get(name, [])[:1]:
            yield value, "html_metadata"


def _modified(found: Statements) -> Iterator[str]:
    for article in found.articles:
        if value := plain(article.get("dateModified")):
            yield value
    for name in _MODIFIED:
        yield from found.meta.get(name, [])[:1]


def _times(root: html.HtmlElement, around: Around) -> Iterator[tuple[str, bool]]:
    """The datetime of time elements, and whether it is marked as the article's own."""
    n_times = 0
    for element in root.iter("time", "abbr", "span", "div", "p"):
        mark = f"{element.get('itemprop') or ''} {element.get('property') or ''}".lower()
        is_marked = "datepublished" in mark or element.get("pubdate") is not None
        if element.tag != "time" and not is_marked:
            continue
        n_times += 1
        if n_times > MAX_TIMES:
            return
        value = element.get("datetime") or element.get("content") or element.get("title") or text_of(element)
        if value and "modified" not in mark and not _is_elsewhere(element, around):
            names = names_of(element)
            yield value[: 4 * MAX_DATE], is_marked or "publish" in names or "entry-date" in names


def _is_elsewhere(element: etree._Element, around: Around) -> bool:
    """Whether an element stands in a comment, a teaser or the page's furniture rather than at the article."""
    for ancestor in element.iterancestors():
        if ancestor in around:
            return False
        if ancestor.tag in _FURNITURE or ELSEWHERE.search(names_of(ancestor)):
            return True
        if ancestor.tag in _WHOLE:
            return False
    return False


def _printed(root: html.HtmlElement, around: Around) -> Iterator[str]:
    """Dates that are printed in elements marked as date or byline, then in any short line."""
    lines: list[str] = []
    for element in root.iter(*_LINES):
        if len(element) > 4 or sum(map(len, element.itertext())) > 2 * MAX_DATE:
            continue
        text = text_of(element)[:MAX_DATE]
        match = _PRINTED.search(text)
        if match is None or len(lines) >= MAX_LINES or _is_elsewhere(element, around):
            continue
        if DATE.search(names_of(element)):
            yield match[0]
        elif len(text) - len(match[0]) < MAX_BESIDE:
            lines.append(match[0])
    yield from lines
