"""Parts the tree of a web page into blocks of running text, each with its links and its author's characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from lxml import etree

from tasks.normalise.wordlists import words
from tasks.readers.htmlwords import HEADINGS

MAX_BLOCKS = 50_000
MAX_AROUND = 6  # elements around a block that say whether it is a list's or a quotation's

_SKIPPED = words(
    """
    script style noscript template head nav figure figcaption picture img iframe object embed video audio canvas svg
    math form button input select textarea option map dialog
    """
)
_BLOCKS = words(
    """
    p div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 blockquote pre table thead tbody tfoot tr td th caption section
    article main header footer address hr center details summary body html fieldset aside
    """
)
_KINDS = words("li blockquote pre")
_LINES = HEADINGS | words("p li td th dt dd")
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)


@dataclass(slots=True)
class Block:
    """A run of text between two boundaries.

    ``parent`` is the element it stands in, ``group`` that element's parent; ``kind`` the tag that it is handed on in;
    ``n_linked`` the characters inside links; ``bold`` whether all of it is bold.
    """

    parent: etree._Element
    kind: str
    html: str
    text: str
    n_linked: int
    tokens: list[str] = field(default_factory=list)

    @property
    def group(self) -> etree._Element:
        """The element that holds this block beside its siblings."""
        above = self.parent.getparent()
        return self.parent if above is None else above


def tokens_of(text: str) -> list[str]:
    """The words of a text for comparing, without case and soft hyphens; every Chinese or Japanese character is one."""
    return _WORD.findall(text.replace("\u00ad", "").casefold())


def blocks_of(root: etree._Element) -> list[Block]:
    """The blocks of a tree in order, at most MAX_BLOCKS."""
    walker = _Walker()
    blocks = []
    for block in walker.walk(root):
        blocks.append(block)
        if len(blocks) >= MAX_BLOCKS:
            break
    return blocks


class _Walker:
    """Walks the tree without recursion."""

    def __init__(self) -> None:
        self.html: list[str] = []
        self.text: list[str] = []
        self.link: str | None = None
        self.n_linked = 0
        self.n_breaks = 0
        self.stack: list[etree._Element] = []

    def walk(self, root: etree._Element) -> Iterator[Block]:
        steps = etree.iterwalk(root, events=("start", "end"))
        for event, element in steps:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if tag in _SKIPPED:
                    steps.skip_subtree()
                    continue
                if tag in _BLOCKS or self._is_custom(tag):
                    yield from self._end()
                    self.stack.append(element)
                elif tag == "br":
                    self.n_breaks += 1
                    self._add(" ")
                    if self.n_breaks == 2:
                        yield from self._end()
                elif tag == "a" and element.get("href"):
                    self._open(element.get("href"))
                elif tag == "q":
                    self._add("“")
                self._add(element.text)
            else:
                if tag in _BLOCKS or (self.stack and self.stack[-1] is element):
                    yield from self._end()
                    if self.stack and self.stack[-1] is element:
                        self.stack.pop()
                elif tag == "a":
                    self._close()
                elif tag == "q":
                    self._add("”")
                self._add(element.tail)
        yield from self._end()

    def _is_custom(self, tag: str) -> bool:
        """Whether this is an element of the site's own that holds blocks, not one within a line."""
        if "-" not in tag or (self.stack and self.stack[-1].tag in _LINES):
            return False
        return not any(text.strip() for text in self.text)

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if not text.isspace():
            self.n_breaks = 0
        self.html.append(escape(text, quote=False))
        self.text.append(text)
        if self.link is not None:
            self.n_linked += len(text.strip())

    def _open(self, href: str) -> None:
        self._close()
        self.link = href
        self.html.append(f'<a href="{escape(href)}">')

    def _close(self) -> None:
        if self.link is not None:
            self.html.append("</a>")
            self.link = None

    def _end(self) -> Iterator[Block]:
        link = self.link
        self._close()
        self.n_breaks = 0
        text = " ".join("".join(self.text).split())
        if text and self.stack:
            parent = self.stack[-1]
            around = [e.tag for e in reversed(self.stack[-MAX_AROUND:]) if e.tag in _KINDS]
            kind = "h2" if parent.tag in HEADINGS else around[0] if around else "p"
            yield Block(parent, kind, "".join(self.html).strip(), text, self.n_linked, tokens_of(text))
        self.html, self.text, self.n_linked = [], [], 0
        if link is not None:  # a link around blocks goes on in the next one
            self._open(link)
