"""When the article of a page appeared and was last changed, and where the page says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from tasks.normalise.dates import ReadDate, read_date, url_date
from tasks.readers.htmlmeta import Statements, plain
from tasks.readers.htmltree import text_of

MAX_TIMES = 50  # time elements looked at
MAX_LINES = 400  # elements below the headline that are looked at
MAX_DATE = 100  # characters of a printed date

_PUBLISHED = (
    "article:published_time", "og:published_time", "article:published", "datepublished", "og:article:published_time",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "date", "dc.date.issued", "dcterms.created",
    "dcterms.issued", "dc.date", "dcterms.date", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date",
    "article.published", "published_at", "published_time", "citation_publication_date", "citation_date", "datecreated",
    "created", "og:pubdate", "article:post_date", "ptime", "pdate", "displaydate", "rnews:datepublished",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "lastmod",
    "article.updated", "last-modified", "article:updated_time", "revised",
)  # fmt: skip
_CLASS = re.compile(r"(?:^|[\s_-])(?:publish\w{0,8}|date\w{0,8}|time-?stamp|pub-?date|entry-?date|posted\w{0,3}|byline|meta|time|datum|info)(?:$|[\s_-])")
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|related|recommend\w{0,9}|teasers?|sidebar|most-?read|more-?from|promo\w{0,9}|footer|nav)(?:$|[\s_-])"
)
_PRINTED = re.compile(
    r"(?:\d{1,2}|[^\W\d_]{3,12})[\s./,-]{1,3}(?:\d{1,2}|[^\W\d_]{3,12})[\s./,-]{1,3}(?:\d{4}|\d{2}(?!\d))"
    r"(?:[\s,|·•–—-]{1,4}(?:at |um |à )?\d{1,2}[:.h]\d{2}(?:\s?[ap]\.?m\.?)?(?: ?(?:UTC|GMT|[A-Z]{1,3}T)\b)?)?"
    r"|\d{4}(?:[./-]\d{1,2}[./-]\d{1,2}|年\s?\d{1,2}月\s?\d{1,2}日|년\s?\d{1,2}월\s?\d{1,2}일)(?:[\s日T]{1,2}\d{1,2}[:時]\d{2})?",
    re.I,
)


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
    for article in found.articles:
        for key in ("datePublished", "dateCreated", "uploadDate"):
            if value := plain(article.get(key)):
                yield value, "html_metadata"
    for name in _PUBLISHED:
        for value in found.meta.get(name, [])[:2]:
            yield value, "html_metadata"
    times = list(_times(root))
    yield from ((value, "html_metadata") for value, is_sure in times if is_sure)
    if day := url_date(url):
        yield day.isoformat(), "url"
    yield from ((value, "html_metadata") for value, is_sure in times if not is_sure)
    for value in _printed(root):
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


def _times(root: html.HtmlElement) -> Iterator[tuple[str, bool]]:
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
        if value and not _is_elsewhere(element) and "modified" not in mark:
            names = f"{element.get('class') or ''}".lower()
            yield value[: 4 * MAX_DATE], is_marked or "publish" in names or "entry-date" in names


def _is_elsewhere(element: etree._Element) -> bool:
    """Whether an element stands in a comment, a teaser or the page's furniture rather than at the article."""
    for e in element.iterancestors():
        if e.tag in ("nav", "footer", "aside"):
            return True
        if e.tag not in ("html", "body") and _ELSEWHERE.search(f"{e.get('class') or ''} {e.get('id') or ''}"[:300].lower()):
            return True
        if e.tag in ("article", "main"):
            return False
    return False


def _printed(root: html.HtmlElement) -> Iterator[str]:
    """Dates that are printed in elements marked as date or byline, then in any short line below the headline."""
    lines = []
    for element in root.iter("p", "div", "span", "li", "small", "em", "h6", "h5", "address", "dd", "td", "b", "strong"):
        if len(element) > 4 or sum(map(len, element.itertext())) > 2 * MAX_DATE:
            continue
        text = text_of(element)[:MAX_DATE]
        match = _PRINTED.search(text)
        if match is None:
            continue
        if _CLASS.search(f"{element.get('class') or ''} {element.get('id') or ''}"[:300].lower()) and not _is_elsewhere(element):
            yield match[0]
        elif len(lines) < MAX_LINES and len(text) - len(match[0]) < 30 and not _is_elsewhere(element):
            lines.append(match[0])
    yield from lines
