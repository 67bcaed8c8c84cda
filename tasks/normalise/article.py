"""From a record as found to an article: one row of the articles table, and its links."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from tasks.normalise.bylines import Byline, dateline_agencies, read_byline
from tasks.normalise.dates import DateProblem, ReadDate, read_date, url_date
from tasks.normalise.language import puts_day_first, read_language
from tasks.normalise.markup import Anchor, Paragraph, html_paragraphs, join, markdown_paragraph, plain_paragraph
from tasks.normalise.repairs import find_repairs
from tasks.normalise.text import (
    clean_characters,
    clean_line,
    content_digest,
    count_words,
    holds_blocks,
    holds_html,
    repair_mojibake,
    resolve_entities,
    resolve_escapes,
    split_paragraphs,
)
from tasks.normalise.titles import is_site_name, strip_site_suffix
from tasks.normalise.urls import canonical_url, clean_url, is_front_page, publisher_of, slug
from tasks.records import VALUE_LIMIT, RawRecord, Rejection, reject

MAX_RELATED = 100  # related links kept of one article
ID_BYTES = 16
SURE = 0.9  # confidence from which on a language says in which order day and month stand


@dataclass(frozen=True, slots=True)
class NormaliseOptions:
    """How open questions are settled.

    ``day_first``: 4/5/2016 is the 4th of May, where nothing else tells. ``date_from_url``: where the source gives no
    date, the day in the URL's path counts. ``detect_language``: languages that the source does not state are detected.
    """

    day_first: bool = False
    date_from_url: bool = False
    detect_language: bool = True


@dataclass(slots=True)
class Article:
    """An article normalised.

    ``row`` has the columns of articles that are known before deduplication and extraction; its title and text are
    None where the record has none. ``links`` has the columns url, anchor, start, end and kind of the links table.
    ``ordinal`` is the record's place in its file; ``raw`` and ``raw_sha256`` are its bytes and their digest.
    ``read_from`` is the file that it was read from, where that is not its source.
    """

    row: dict[str, Any]
    links: list[dict[str, Any]] = field(default_factory=list)
    ordinal: int = 1
    raw: bytes = field(default=b"", repr=False)
    raw_sha256: str = ""
    read_from: str | None = None


def normalise(record: RawRecord, options: NormaliseOptions = NormaliseOptions()) -> Article | Rejection:
    """Normalises one record; a Rejection where its date is no day of the calendar."""
    found = record.fields
    url = clean_url(found.get("url"))
    canonical = _canonical(found.get("canonical_url"), url)
    text, anchors = join(_paragraphs(found.get("text"), found.get("markup")))
    language, confidence = read_language(
        text or _line(found.get("title")), found.get("language"), options.detect_language
    )
    day_first = options.day_first or _is_day_first(found, language, confidence)
    published = _published(found, options.date_from_url, day_first, url or canonical)
    if isinstance(published, DateProblem):
        return reject(
            record,
            "normalise",
            published.reason_code,
            published.reason,
            column="published_on",
            value=_storable(published.raw),
        )
    modified = read_date(found.get("modified"), day_first=day_first, url=url)

    publisher_name = clean_line(found.get("publisher_name"))
    domain = publisher_of(canonical or url) or publisher_of(_as_url(found.get("publisher_domain")))
    outlets = [name for name in (publisher_name, domain) if name]
    byline = read_byline(found.get("byline"), outlets)
    credited = read_byline(found.get("authors"), outlets)
    publisher_name = publisher_name or _own_name(byline, domain) or _own_name(credited, domain)
    publisher = domain or slug(publisher_name)

    title = _line(found.get("title"))
    if title:
        title = strip_site_suffix(title, (publisher_name, domain))
    if not title or not any(map(str.isalnum, title)):
        title = None
    row = {
        "article_id": article_id(canonical, publisher, title, published, text),
        "url": url,
        "canonical_url": canonical,
        "publisher": publisher,
        "publisher_name": publisher_name,
        "title": title,
        "subtitle": _line(found.get("subtitle")),
        "section": _line(_first(found.get("section"))),
        "authors": credited.authors or byline.authors,
        "agencies": list(dict.fromkeys(byline.agencies + credited.agencies + dateline_agencies(text))),
        "credit": _line(found.get("credit")),
        "published_at": published.at,
        "published_on": published.on,
        "published_precision": published.precision,
        "published_source": published.source,
        "published_raw": _storable(published.raw),
        "modified_at": modified.at if isinstance(modified, ReadDate) else None,
        "language": language,
        "language_confidence": confidence,
        "text": text or None,
        "is_summary_only": bool(found.get("is_summary_only")),
        "n_words": count_words(text),
        "n_paragraphs": text.count("\n\n") + 1 if text else 0,
        "repairs": find_repairs([found.get("title"), *_strings(found.get("text"))], found.get("markup") == "html"),
        "content_sha256": content_digest(text),
        "source_uri": record.uri,
        "source_member": record.member,
        "source_format": record.format,
    }
    links = _inline_links(text, anchors, url or canonical) + _related_links(
        text, found.get("related"), url or canonical
    )
    return Article(row, links, record.ordinal, record.raw, record.raw_sha256)


def article_id(
    canonical: str | None, publisher: str | None, title: str | None, published: ReadDate, text: str | None
) -> str:
    """The article's key: BLAKE2b-128 in hex of the canonical URL, else of what identifies an article without one.

    The parts are joined by U+001F, which cleaned text never holds. This must never change: the ids of every lake rest
    on it.
    """
    parts = [publisher or "", title or "", published.on.isoformat() if published.on else "", text or ""]
    key = canonical or "\x1f".join(parts)
    return hashlib.blake2b(key.encode("utf-8"), digest_size=ID_BYTES).hexdigest()


def _canonical(stated: Any, url: str | None) -> str | None:
    """The canonical address: the one stated, else that of the URL; None for a front page, which many articles share."""
    found = (canonical_url(stated), canonical_url(url))
    return next((address for address in found if address and not is_front_page(address)), None)


def _is_day_first(found: dict[str, Any], language: str | None, confidence: float | None) -> bool:
    """Whether the day stands first: in all languages but English, and on web pages where their readers put it there."""
    if language not in (None, "en") and confidence is not None and confidence >= SURE:
        return True
    return found.get("published_origin") in ("byline", "html_metadata") and puts_day_first(found.get("language"))


def _published(found: dict[str, Any], date_from_url: bool, day_first: bool, url: str | None) -> ReadDate | DateProblem:
    origin = found.get("published_origin") or "field"
    published = read_date(found.get("published"), origin, day_first, url)
    if isinstance(published, ReadDate) and published.precision == "unknown" and date_from_url:
        day = url_date(url)
        return ReadDate(None, day, "day", "url", published.raw) if day else published
    return published


def _paragraphs(value: Any, markup: Any) -> list[Paragraph]:
    """The paragraphs of a text, a string or a list of them, in the markup stated (plain, markdown or html)."""
    items = _strings(value)
    text = clean_characters(repair_mojibake(resolve_escapes("\n\n".join(items))))
    if markup != "html" and not holds_html(text):
        text = clean_characters(resolve_entities(text))
    if markup == "html" or holds_html(text):
        # In a list every item is a paragraph, whether it has tags or not, and so it is where tags part none.
        if len(items) > 1:
            text = text.replace("\n\n", "<p>")
        elif not holds_blocks(text):
            text = "<p>".join(split_paragraphs(text))
        return html_paragraphs(text)
    make = markdown_paragraph if markup == "markdown" else plain_paragraph
    return [p for p in map(make, split_paragraphs(text)) if p]


def _strings(value: Any) -> list[str]:
    """A text's pieces: the text itself, or the strings in a list of paragraphs."""
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)]


def _own_name(byline: Byline, domain: str | None) -> str | None:
    """The outlet that a byline names, unless it may be another than the site: a guest author's affiliation."""
    name = byline.publisher_name
    return name if name and (not domain or not byline.authors or is_site_name(name, (domain,))) else None


def _line(value: Any) -> str | None:
    """A field of one line, cleaned; where it holds HTML, the text of it."""
    if isinstance(value, str) and holds_html(value):
        value = " ".join(p.text for p in html_paragraphs(clean_characters(value)))
    return clean_line(value)


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, (list, tuple)) and value else value


def _as_url(domain: Any) -> str | None:
    return domain if not isinstance(domain, str) or "://" in domain else f"https://{domain.strip()}"


def _storable(raw: str | None) -> str | None:
    """The value as found, its first characters, as far as UTF-8 can hold them."""
    return None if raw is None else raw[:VALUE_LIMIT].encode("utf-8", "replace").decode("utf-8")


def _inline_links(text: str, anchors: list[Anchor], base: str | None) -> list[dict[str, Any]]:
    return [
        {"url": _target(a.url, base), "anchor": text[a.start : a.end], "start": a.start, "end": a.end, "kind": "inline"}
        for a in anchors
    ]


def _related_links(text: str, related: Any, base: str | None) -> list[dict[str, Any]]:
    """Links taken out of the text by the reader; their place is the end of the text, where such pointers stand."""
    links = []
    for entry in related[:MAX_RELATED] if isinstance(related, list) else []:
        anchor = clean_line(entry.get("anchor")) if isinstance(entry, dict) else None
        if anchor:
            target = _target(entry.get("url"), base)
            links.append({"url": target, "anchor": anchor, "start": len(text), "end": len(text), "kind": "related"})
    return links


def _target(url: Any, base: str | None) -> str | None:
    """A link's address; None for the `#` that some dumps put in place of it."""
    return None if not isinstance(url, str) or not url.strip() or url.strip().startswith("#") else clean_url(url, base)
