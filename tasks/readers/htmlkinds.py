"""Pages that hold no article: consent and error pages, logins, listings, what a paywall leaves, navigation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import html

from tasks.normalise.urls import canonical_url, is_front_page
from tasks.readers.htmlbody import Body
from tasks.readers.htmlmeta import Statements
from tasks.readers.htmltree import names_of, text_of
from tasks.readers.htmlwords import CONSENT, ERROR, PAYWALL, WALL

MIN_WORDS = 40  # of a page that does not say that it is an article
MIN_ARTICLE_WORDS = 8  # of one that does
MAX_WALL_WORDS = 400  # of a page that is a wall; a longer one that speaks of cookies is an article about them
MAX_ERROR_WORDS = 150
MAX_STUB_WORDS = 50
MAX_HEADINGS = 4  # titles and headings in which an error is looked for
MIN_TEASERS = 8  # linked headings of a listing
MAX_TEASER_WORDS = 45  # of a paragraph below one of them
MAX_LISTING_WORDS = 150  # in paragraphs that are longer than a teaser

_SENTENCE = re.compile(r"[.!?。！？…]+[\s\"”’»]*")
_ARTICLE_META = (
    "article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "citation_publication_date",
)
_LISTING_TYPES = {"CollectionPage", "ItemList", "SearchResultsPage", "ProfilePage"}


@dataclass(frozen=True, slots=True)
class NoArticle:
    """Why a page is no article: a reason_code of tasks.reasons and a sentence for people."""

    reason_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Traits:
    """What is looked at before furniture is taken out of a page."""

    is_frameset: bool
    has_password: bool
    is_walled: bool
    n_teasers: int
    n_links: int
    headings: list[str]


def read_traits(root: html.HtmlElement, found: Statements) -> Traits:
    """The traits of a page as it came."""
    free = [str(article.get("isAccessibleForFree")).lower() for article in found.articles]
    return Traits(
        is_frameset=next(root.iter("frameset"), None) is not None,
        has_password=any((e.get("type") or "").lower() == "password" for e in root.iter("input")),
        is_walled="false" in free
        or any(PAYWALL.search(names_of(e)) for e in root.iter("div", "section", "aside", "p")),
        n_teasers=sum(map(_is_teaser, root.iter("h2", "h3", "h4"))),
        n_links=sum(1 for _ in root.iter("a")),
        headings=[text_of(e)[:200] for e, _ in zip(root.iter("title", "h1"), range(MAX_HEADINGS), strict=False)],
    )


def _is_teaser(heading: html.HtmlElement) -> bool:
    parent = heading.getparent()
    return next(heading.iter("a"), None) is not None or (parent is not None and parent.tag == "a")


def why_no_article(traits: Traits, found: Statements, body: Body, text: str, url: str | None) -> NoArticle | None:
    """Why a page is refused, None where it is an article. ``text`` is all that the page shows."""
    n_words = body.n_words
    is_stated = (
        bool(found.articles) or found.first("og:type") == "article" or any(name in found.meta for name in _ARTICLE_META)
    )
    if traits.is_frameset and n_words < MIN_WORDS:
        return NoArticle("no_article", "The page is a frame set: its text lies in other files.")
    error = next((heading for heading in traits.headings if ERROR.search(heading)), None)
    if error and not found.articles and n_words < MAX_ERROR_WORDS:
        return NoArticle("error_page", f"The page is an error message: “{error}”.")
    if not found.articles and n_words < MAX_WALL_WORDS and _is_consent(body, text):
        return NoArticle("consent_wall", "The page only asks for consent to cookies or to the use of data.")
    if traits.has_password and n_words < MIN_WORDS and not is_stated:
        return NoArticle("no_article", "The page is a form to log in.")
    if n_words < MAX_STUB_WORDS and (traits.is_walled or (is_stated and WALL.search(text[-20_000:]))):
        return NoArticle("paywall_stub", f"The page shows {n_words} words of an article for subscribers.")
    if not found.articles and _is_listing(traits, found, body, url):
        return NoArticle("listing_page", f"The page lists {traits.n_teasers} articles and is none itself.")
    if not is_stated and body.n_linked * 2 > body.n_words:
        return NoArticle("listing_page", f"More than half of the page's {body.n_words} words are links to others.")
    n_prose = body.n_prose
    if n_prose < (MIN_ARTICLE_WORDS if is_stated else MIN_WORDS):
        what = f"{n_prose} words of running text" if n_prose else "no running text"
        return NoArticle("no_article", f"The page has {what} beside {traits.n_links} links.")
    return None


def _is_consent(body: Body, text: str) -> bool:
    """Whether most sentences of the text, or of the page where there is none, speak of cookies and consent."""
    shown = " ".join(block.text for block in body.blocks) or text[:20_000]
    sentences = [s for s in _SENTENCE.split(shown) if len(s) > 20]
    return bool(sentences) and sum(bool(CONSENT.search(s)) for s in sentences) * 2 > len(sentences)


def _is_listing(traits: Traits, found: Statements, body: Body, url: str | None) -> bool:
    """Whether linked headings outnumber what there is to read below each of them."""
    if traits.n_teasers < MIN_TEASERS:
        return False
    long = [n for block in body.blocks if (n := len(block.tokens)) >= MAX_TEASER_WORDS]
    address = canonical_url(url)
    if (address and is_front_page(address)) or _LISTING_TYPES & found.types:
        return len(long) < traits.n_teasers
    return found.first("og:type") != "article" and sum(long) < MAX_LISTING_WORDS
