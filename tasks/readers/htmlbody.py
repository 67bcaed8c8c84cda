"""The running text of an article's page: trafilatura says what is text, the page's own blocks say how it reads.

trafilatura (Barbaresi, «Trafilatura: A Web Scraping Library and Command-Line Tool for Text Discovery and Extraction»,
ACL 2021) finds the text but normalises it, loses links and keeps some furniture. So its result only votes for the
blocks of the page; what is handed on are these blocks, with the author's characters, paragraphs and links.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from html import escape, unescape

from lxml import etree, html
from trafilatura import bare_extraction
from trafilatura.settings import Document

from tasks.readers.htmlblocks import Block, blocks_of, tokens_of
from tasks.readers.htmlchoice import MIN_REPEATED, choose, without_repetitions
from tasks.readers.htmlfurniture import end_of, is_dated, is_furniture_line, is_header_line, is_pointer, prune
from tasks.readers.htmlmeta import Statements

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs every page without text as an error

MAX_ELEMENTS = 20_000  # of a page that trafilatura reads; of larger ones every block of prose is taken
MAX_TEXT = 500_000  # characters of such a page
MIN_COVER = 0.6  # of trafilatura's words that the blocks must hold, else its own lines are taken
MAX_HEADER = 6  # lines at the start that may be date and byline
MIN_SHARE_OF_PAGE = 0.7  # of its prose that trafilatura alone must find, else the algorithms it falls back on are asked
MIN_CHARACTERS = 250  # below which the page is read again for all that may be text


@dataclass(slots=True)
class Body:
    """The text as HTML of paragraphs, headings, lists and block quotes, its words, and pointers to other articles."""

    html: str = ""
    blocks: list[Block] = field(default_factory=list)
    related: list[dict[str, str]] = field(default_factory=list)

    @property
    def n_prose(self) -> int:
        """Words in blocks that are more than a label or a link."""
        return sum(n for block in self.blocks if (n := len(block.tokens)) >= MIN_REPEATED)

    @property
    def n_linked(self) -> int:
        """Words in blocks of which more than half is links."""
        return sum(len(block.tokens) for block in self.blocks if block.n_linked * 2 > len(block.text))

    @property
    def n_words(self) -> int:
        """Words of the text; every Chinese or Japanese character is one."""
        return sum(len(block.tokens) for block in self.blocks)


def read_body(root: html.HtmlElement, found: Statements, url: str | None, title: str | None) -> Body:
    """The text of a page; an empty Body where there is none. Takes furniture out of the tree that it is given."""
    prune(root)
    if _is_vast(root):
        return _body(without_repetitions([block for block in blocks_of(root) if _is_prose(block)]), title)
    blocks = blocks_of(root)
    text = _extract(root, url, favor_precision=True, fast=True)
    if len(tokens_of(text)) < MIN_SHARE_OF_PAGE * sum(len(block.tokens) for block in blocks if _is_prose(block)):
        text = _extract(root, url, favor_precision=True)
    if len(text) < MIN_CHARACTERS:
        text = max(text, _extract(root, url), _stated_text(found), key=len)
    kept = without_repetitions(choose(blocks, text))
    words = tokens_of(text)
    if sum(len(block.tokens) for block in kept) < MIN_COVER * len(words):
        kept = [_line_block(root, line) for line in text.split("\n") if line.strip()]
    return _body(kept, title)


def fragment_body(root: html.HtmlElement) -> Body:
    """The text of a fragment of HTML, such as a feed holds: all of it but furniture."""
    prune(root)
    return _body(without_repetitions(blocks_of(root)), None)


def _body(blocks: list[Block], title: str | None) -> Body:
    body = Body()
    title_tokens = tokens_of(title or "")
    for block in blocks:
        if is_pointer(block):
            body.related += _links(block)
        elif not is_furniture_line(block) and block.tokens and block.tokens != title_tokens:
            body.blocks.append(block)
    del body.blocks[end_of(body.blocks) :]
    start = next((i for i, block in enumerate(body.blocks[:MAX_HEADER]) if not _is_header(block)), 0)
    del body.blocks[:start]
    body.blocks = [b for at, b in enumerate(body.blocks) if at >= MAX_HEADER or not is_dated(b.text)]
    body.html = "\n".join(f"<{b.kind}>{b.html}</{b.kind}>" for b in body.blocks)
    return body


def _is_vast(root: html.HtmlElement) -> bool:
    """Whether a page is larger than trafilatura can take, whose time grows with the square of it."""
    n_elements = sum(1 for _ in root.iter())
    return n_elements > MAX_ELEMENTS or sum(map(len, root.itertext())) > MAX_TEXT


def _is_prose(block: Block) -> bool:
    return len(block.tokens) >= MIN_REPEATED and block.n_linked * 2 <= len(block.text)


def _is_header(block: Block) -> bool:
    return block.parent.tag == "h1" or is_header_line(block)


def _extract(root: html.HtmlElement, url: str | None, favor_precision: bool = False, fast: bool = False) -> str:
    """trafilatura's text; "" where it finds none."""
    try:
        document = bare_extraction(root, url=url, favor_precision=favor_precision, fast=fast, include_comments=False)
    except Exception:  # it promises nothing about what it raises on hostile trees
        return ""
    return document.text or "" if isinstance(document, Document) else ""


def _stated_text(found: Statements) -> str:
    """The text that JSON-LD holds whole, where it does."""
    texts = (article.get("articleBody") for article in found.articles)
    text = next((t for t in texts if isinstance(t, str) and t.strip()), "")
    return re.sub(r"</?[a-z][^<>]{0,500}>", "\n", unescape(text), flags=re.I)


def _line_block(root: etree._Element, line: str) -> Block:
    line = " ".join(line.removeprefix("- ").replace("|", " ").split())  # as trafilatura writes lists and tables
    return Block(root, "p", escape(line, quote=False), line, 0, tokens_of(line))


def _links(block: Block) -> list[dict[str, str]]:
    found = re.findall(r'<a href="([^"]*)">([^<]*)</a>', block.html)
    return [{"anchor": text.strip(), "url": url} for url, text in found if text.strip()]
