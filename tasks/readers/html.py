"""Web pages: a page, saved or out of an archive, becomes one record, and one that is no article is refused as such.

`page_fields` is all that the readers of archives, mail and feeds need. Nothing is loaded, and no script is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html

from tasks.normalise.language import stated_language
from tasks.normalise.urls import publisher_of
from tasks.readers.compress import Stream
from tasks.readers.htmlauthors import read_authors
from tasks.readers.htmlbody import Body, fragment_body, read_body
from tasks.readers.htmlcharset import decode_page
from tasks.readers.htmldates import read_dates
from tasks.readers.htmlkinds import NoArticle, read_traits, why_no_article
from tasks.readers.htmlmeta import Statements, plain, read_statements
from tasks.readers.htmlstate import MIN_TEXT, read_state
from tasks.readers.htmltitle import read_title, site_in_title
from tasks.readers.htmltree import drop, is_short, names_of, parse, text_of
from tasks.readers.htmlwords import CREDIT
from tasks.readers.items import read_whole
from tasks.readers.options import ReadOptions
from tasks.readers.source import Source
from tasks.records import RawRecord, Rejection

MAX_ELEMENTS = 200_000  # of a page; one article has a few thousand

_UNSEEN = ("script", "style", "noscript", "template")
_OF_STATE = (
    "title",
    "authors",
    "byline",
    "published",
    "published_origin",
)  # what a script's article knows better than the page
_PAGE = re.compile(r"<(?:!doctype\s{1,9}html|html|head|body|title|meta|frameset)\b", re.I)


def read_html(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The one record of a page; nothing where the stream is cut off, which its reader reports."""
    whole = read_whole(stream, options.max_record_bytes)
    if whole.is_cut:
        return
    if whole.is_oversize:
        reason = f"The page has {whole.raw.size:,} bytes; the limit for one article is {options.max_record_bytes:,}."
        yield source.reject("oversize_record", reason, whole.raw)
        return
    fields = page_fields(whole.data, content_type=None, url=None)
    if isinstance(fields, NoArticle):
        yield source.reject(fields.reason_code, fields.reason, whole.raw)
    else:
        yield source.record(fields, whole.raw)


def page_fields(data: bytes, *, content_type: str | None, url: str | None) -> dict[str, Any] | NoArticle:
    """The fields of a RawRecord from the bytes of a page or of a fragment of HTML, or why there is no article in it.

    ``content_type`` is the HTTP header of that name, ``url`` the address that the page came from. What the page does
    not state is left out. Never raises, whatever the bytes hold.
    """
    text = decode_page(data, content_type)
    if text is None:
        return NoArticle("undecodable_text", "The bytes of the page read as no language in any encoding.")
    root = parse(text)
    if root is None:
        return NoArticle("no_article", "The page holds nothing.")
    elements = list(root.iter())  # kept, for lxml makes an object anew for each element that nobody holds
    if len(elements) > MAX_ELEMENTS:
        return NoArticle("oversize_record", f"The page has more than {MAX_ELEMENTS:,} elements.")
    if not _PAGE.search(text):
        drop(root, *_UNSEEN)
        body = fragment_body(root)
        if not body.blocks:
            return NoArticle("no_article", "The fragment has no text.")
        return {"text": body.html, "markup": "html"}
    return _read_page(root, url)


def _read_page(root: html.HtmlElement, url: str | None) -> dict[str, Any] | NoArticle:
    found = read_statements(root)
    scripts = [script.text for script in root.iter("script") if script.text and len(script.text) >= MIN_TEXT]
    unscripted = [e for e in root.iter("noscript") if not is_short(e, MIN_TEXT)]
    drop(root, *_UNSEEN)
    canonical = _canonical(root, found, url)
    address = url or canonical
    publisher = _publisher(found)
    sites = [publisher, found.first("og:site_name", "application-name"), publisher_of(address)]
    title = read_title(root, found, sites)
    authors = read_authors(root, found, [*sites, site_in_title(root)])
    fields: dict[str, Any] = {
        "title": title,
        "section": _section(found),
        "url": address,
        "canonical_url": canonical,
        "publisher_name": publisher or found.first("og:site_name"),
        "authors": authors.names,
        "byline": authors.byline,
        "language": _language(root, found),
        "credit": _credit(root),
        **read_dates(root, found, address),
    }
    traits = read_traits(root, found)
    shown = " ".join(root.itertext())
    body = read_body(root, found, address, title)
    if not body.n_prose and (state := read_state(scripts)):
        body = _state_body(state["text"])
        fields |= {name: state[name] for name in _OF_STATE if name in state}
    for element in unscripted if not body.n_prose else ():
        element.tag = "div"
        body = max(body, fragment_body(element), key=lambda body: body.n_prose)
    if refusal := why_no_article(traits, found, body, shown, address):
        return refusal
    fields |= {
        "subtitle": _subtitle(found, body.blocks[0].text),
        "text": body.html,
        "markup": "html",
        "related": body.related,
    }
    return {name: value for name, value in fields.items() if value}


def _state_body(text: str | list[str]) -> Body:
    """The text of an article that lay in a script: HTML, or paragraphs."""
    root = parse(text if isinstance(text, str) else "".join(f"<p>{paragraph}</p>" for paragraph in text))
    return Body() if root is None else fragment_body(root)


def _canonical(root: html.HtmlElement, found: Statements, url: str | None) -> str | None:
    links = (link.get("href") for link in root.iter("link") if "canonical" in (link.get("rel") or "").lower().split())
    for stated in (*links, found.first("og:url")):
        try:
            address: str = urljoin(url or "", (stated or "").strip())
        except ValueError:
            continue
        if stated and address.lower().startswith(("http://", "https://")):
            return address
    return None


def _publisher(found: Statements) -> str | None:
    for article in found.articles:
        name = plain(found.resolve(article.get("publisher")))
        if name and "://" not in name:
            return name
    return None


def _section(found: Statements) -> str | None:
    stated = (plain(article.get("articleSection")) for article in found.articles)
    return next(
        (s for s in (*stated, plain(found.first("article:section", "og:article:section", "section"))) if s), None
    )


def _language(root: html.HtmlElement, found: Statements) -> str | None:
    stated: list[str | None] = [plain(article.get("inLanguage")) for article in found.articles]
    stated += [root.get("lang"), root.get("xml:lang"), found.first("og:locale", "content-language", "language")]
    return next((value for value in stated if value and stated_language(value)), None)


def _subtitle(found: Statements, start: str) -> str | None:
    """The description, unless it is cut off or only the start of the text."""
    for text in (
        *(plain(a.get("description")) for a in found.articles),
        plain(found.first("og:description", "description")),
    ):
        if text and not text.endswith(("…", "...")) and text[:60] not in start:
            return text
    return None


def _credit(root: html.HtmlElement) -> str | None:
    """The credit of the first picture that has one."""
    for figure in root.iter("figure"):
        for element in figure.iter(etree.Element):
            if CREDIT.search(names_of(element)):
                text = text_of(element)
                if 2 < len(text) <= 120:
                    return text
    return None
