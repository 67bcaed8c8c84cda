"""The headline of a page: what JSON-LD, og:title, <h1> and <title> agree on, without the site's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice

from lxml import html

from tasks.normalise.titles import is_site_name
from tasks.readers.htmlblocks import tokens_of
from tasks.readers.htmlmeta import Statements, plain
from tasks.readers.htmltree import text_of

MAX_H1 = 20  # headings looked at
MIN_HEADLINE = 12  # characters in front of a part that names the site, so that they are no section
MIN_WORDS = 2  # of a headline that is to be cut out of a longer one
MAX_TITLE = 1_000  # characters of what may be a headline
CUT_AT = 100  # characters from which a headline in JSON-LD may have been cut off, as search engines ask for

_PARTS = re.compile(r"\s+(?:[-–—|·•»:*]|::|//)\s+|\s*[|｜ㅣ：]\s*|\s+:\s*")
_FIRST = re.compile(r"([^:|–—-]{2,60}?)\s{0,3}[:|–—-]\s{1,3}(?=\S)")
_ELLIPSIS = re.compile(r"\s{0,3}(?:\.{3}|…)$")


def read_title(root: html.HtmlElement, found: Statements, sites: Iterable[str | None]) -> str | None:
    """The headline; ``sites`` are the names and the domain of the site. None where the page states none."""
    names = [name[:MAX_TITLE] for name in sites if name]
    stated = _without_site([plain(article.get("headline")) for article in found.articles[:MAX_H1]], names)
    social = _without_site([plain(found.first(name)) for name in ("og:title", "twitter:title", "headline")], names)
    page = _without_site([text_of(title) for title in islice(root.iter("title"), 1)], names)
    headings = _without_site([text_of(heading) for heading in islice(root.iter("h1"), MAX_H1)], names)
    headings += _whole_titles(root, page)
    if stated:
        headline = stated[0]
        for other in social:
            if len(other.split()) >= MIN_WORDS and headline.endswith(f": {other}"):
                return other  # what stands in front of the colon is the kicker
        for other in headings:
            if len(other.split()) >= MIN_WORDS and headline.endswith(f" | {other}"):
                return other
        return _whole(headline, [*headings, *social, *page])
    for others in (social, page):
        for heading in headings:
            if any(_agree(heading, other) for other in others):
                return heading
        if social and any(_agree(social[0], other) for other in page):
            return _whole(social[0], headings)
    for other in (*social, *page):
        return _whole(other, headings)
    return headings[0] if headings else None


def site_in_title(root: html.HtmlElement) -> str | None:
    """The single word at the end of the page's title, «… – Flussblog»: the name of a site, not of a person."""
    title = next((text_of(title)[:MAX_TITLE] for title in root.iter("title")), "")
    separator = next(reversed(list(_PARTS.finditer(title))), None)
    part = title[separator.end() :] if separator else ""
    return part if len(part.split()) == 1 else None


def _without_site(titles: Sequence[str | None], names: list[str]) -> list[str]:
    """The titles without the site's name; those that are nothing else are left out."""
    stripped = [strip_site(title[:MAX_TITLE], names) for title in titles if title]
    return [title for title in stripped if title and not is_site_name(title, names)]


def _whole_titles(root: html.HtmlElement, page: list[str]) -> list[str]:
    """The smaller headings with which the title of the page begins, and behind which it only names the site."""
    if not page:
        return []
    titles = [text_of(heading) for heading in islice(root.iter("h2", "h3"), MAX_H1)]
    return [
        t for t in titles if len(tokens_of(t)) > MIN_WORDS and page[0].startswith(t) and _PARTS.match(page[0], len(t))
    ]


def strip_site(title: str, names: list[str]) -> str:
    """The title without parts at its end, or one at its beginning, that name the site: «… - Sport | Harrow Herald»."""
    separators = list(_PARTS.finditer(title))
    ends = [separator.start() for separator in separators[1:]] + [len(title)]
    for separator, end in zip(separators, ends, strict=False):
        if separator.start() < 2:
            continue
        rest, part = title[separator.end() :], title[separator.end() : end]
        front = title[: separator.start()]
        if is_site_name(rest, names) or (_width(front) >= MIN_HEADLINE and is_site_name(part, names)):
            return front
    if (first := _FIRST.match(title)) and is_site_name(first[1], names):
        return title[first.end() :]
    return title


def _width(text: str) -> int:
    """The characters of a text, of which Chinese, Japanese and Korean ones count twice."""
    return sum(2 if c >= "\u3040" else 1 for c in text)


def _agree(heading: str, other: str) -> bool:
    """Whether the two are equal, or the heading is the other without what is hung on before or behind it."""
    a, b = _fold(heading), _fold(other)
    is_long = len(tokens_of(heading)) >= MIN_WORDS or len(a) >= MIN_HEADLINE
    return a == b or (is_long and (b.startswith(a) or b.endswith(a)))


def _whole(title: str, others: list[str]) -> str:
    """The title, or the longer form that another place has, where this one was cut off."""
    start = _fold(_ELLIPSIS.sub("", title))
    if _ELLIPSIS.search(title) or len(title) >= CUT_AT:
        for other in others:
            if (
                len(title) < len(other) < MAX_TITLE
                and _fold(other).startswith(start)
                and not _PARTS.search(other[len(title) - 3 :])
            ):
                return other
    return title


def _fold(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
