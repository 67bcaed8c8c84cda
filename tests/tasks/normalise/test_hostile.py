"""Every function is linear in what it is given: 50,000 characters of the worst kind take no longer than a moment."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tasks.normalise.article import normalise
from tasks.normalise.bylines import dateline_agencies, is_byline, is_credit, read_byline
from tasks.normalise.dates import is_date_line, read_date, url_date
from tasks.normalise.language import read_language
from tasks.normalise.markup import html_paragraphs, markdown_paragraph
from tasks.normalise.text import (
    clean_characters,
    clean_line,
    content_digest,
    repair_mojibake,
    resolve_entities,
    split_paragraphs,
)
from tasks.normalise.titles import strip_site_suffix
from tasks.normalise.urls import canonical_url, clean_url, publisher_of, slug
from tasks.records import RawRecord

LENGTH = 50_000  # characters
SECONDS = 2.0  # far more than a linear function needs, far less than a quadratic one

UNITS = [
    "a",
    "A ",
    "1",
    "1/",
    "2016-",
    "漢",
    "\u0301",
    "e\u0301",
    "\u200d",
    "\u202e",
    "\ud800",
    "\x00",
    "\x1b[",
    "\n",
    "\r",
    " \n",
    "\t",
    "[",
    "](",
    "[a](",
    "[a](#)",
    "![",
    "(",
    '"([',
    "<",
    "<p>",
    "<a href=x>",
    "</p>",
    "<div>",
    "<br>",
    "<q>",
    "<!--",
    "<![CDATA[",
    "&",
    "&#",
    "&amp;",
    "&lt;p&gt;",
    "â€™",
    "Ã©",
    "Γ",
    "http://a.",
    "www.",
    "%",
    "%4",
    "/",
    "?a&",
    "/amp",
    "https://x.org/amp/",
    "@",
    "a@",
    "@.",
    "a@b.",
    "A. ",
    "Ann Lee, ",
    "Lee / ",
    "By ",
    " and ",
    " in ",
    " - ",
    " | ",
    ".",
    "! ",
    "\u2028",
    "年",
    "pm 1",
]


def whole(text: str, markup: str) -> None:
    fields: dict[str, Any] = dict.fromkeys(
        ("title", "text", "url", "byline", "published", "credit", "section", "language"), text
    )
    fields |= {"authors": [text] * 3, "related": [{"anchor": text, "url": text}] * 3, "markup": markup}
    normalise(RawRecord("a", 1, None, "jsonl", fields))


FUNCTIONS: dict[str, Callable[[str], object]] = {
    "clean_characters": clean_characters,
    "clean_line": clean_line,
    "content_digest": content_digest,
    "repair_mojibake": repair_mojibake,
    "resolve_entities": resolve_entities,
    "split_paragraphs": split_paragraphs,
    "strip_site_suffix": lambda text: strip_site_suffix(text, (text[:1000], "example.org")),
    "slug": slug,
    "clean_url": lambda text: clean_url(text[:2000], "https://example.org/"),
    "canonical_url": lambda text: canonical_url("https://example.org/" + text[:2000]),
    "publisher_of": lambda text: publisher_of("https://" + text[:2000]),
    "markdown_paragraph": markdown_paragraph,
    "html_paragraphs": html_paragraphs,
    "read_date": lambda text: [read_date(text), read_date(text[:100]), is_date_line(text[:100]), url_date(text)],
    "read_language": lambda text: read_language(text, text[:40]),
    "read_byline": lambda text: read_byline([text] * 20),
    "is_byline": lambda text: [is_byline(text), is_byline(text[:120])],
    "is_credit": lambda text: [is_credit(text), is_credit(text[:120])],
    "dateline_agencies": dateline_agencies,
    "normalise as plain text": lambda text: whole(text, "plain"),
    "normalise as Markdown": lambda text: whole(text, "markdown"),
    "normalise as HTML": lambda text: whole(text, "html"),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_text_makes_it_hang(name: str) -> None:
    FUNCTIONS[name]("warm up")
    slow = {}
    for unit in UNITS:
        text = unit * (LENGTH // len(unit))
        started = time.process_time()
        FUNCTIONS[name](text)
        seconds = time.process_time() - started
        if seconds > SECONDS:
            slow[unit] = seconds
    assert not slow
