"""Turns HTML and Markdown into paragraphs of plain text, and remembers where the links stood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from lxml import etree

from tasks.normalise.text import PARAGRAPH_BREAK, clean_characters, fold_spaces, resolve_entities
from tasks.normalise.wordlists import words

MAX_LINKS = 2_000  # links kept of one article

# A Markdown target: #, a path or an address, with an optional title; so that `[Venezuela](who else?)` is no link.
_TARGET = re.compile(
    r"\(\s{0,3}<?(?P<url>(?:#|/|https?:|mailto:|www\.)[^\s()<>]{0,2048}(?:\([^\s()<>]{0,200}\)[^\s()<>]{0,500})?|)>?(?:\s{1,3}(?:\"[^\"]{0,300}\"|'[^']{0,300}'))?\s{0,3}\)",
    re.I,
)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_BRACKETS = re.compile(r"!?\[|\]")
_SKIPPED = words(
    """
    script style noscript template head title nav figure figcaption picture img iframe object embed video audio
    canvas svg math form button input select textarea option aside map dialog
    """
)
_BLOCKS = words(
    """
    p div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 blockquote pre table thead tbody tfoot tr td th caption section
    article main header footer address hr center details summary body html fieldset
    """
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link: its place in the text (code points, half open) and its target as found."""

    start: int
    end: int
    url: str


@dataclass(slots=True)
class Paragraph:
    """A paragraph of plain text with its links."""

    text: str
    links: list[Anchor] = field(default_factory=list)


class _Builder:
    """Collects pieces of text and the links between them, and folds white space without losing the links' places."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.links: list[tuple[int, int, str]] = []  # first piece, piece behind the last, target

    def build(self) -> Paragraph | None:
        """The paragraph, or None if it holds nothing."""
        starts: list[int] = []
        folded: list[str] = []
        length, after_space = 0, True
        for piece in self.pieces:
            starts.append(length)
            words = fold_spaces(piece)
            if piece[:1].isspace() and not after_space:
                words = " " + words
                after_space = True
            if words and not words.isspace():
                after_space = piece[-1:].isspace()
                words += " " if after_space else ""
            folded.append(words)
            length += len(words)
        starts.append(length)
        text = "".join(folded).rstrip()
        if not unicodedata.is_normalized("NFC", text):  # a mark that a tag parted from its letter
            text, self.links = unicodedata.normalize("NFC", text), []
        if not text:
            return None
        anchors = (_trimmed(text, starts[i], min(starts[j], len(text)), url) for i, j, url in self.links)
        return Paragraph(text, sorted((a for a in anchors if a), key=lambda a: (a.start, a.end)))


def _trimmed(text: str, start: int, end: int, url: str) -> Anchor | None:
    while start < end and text[start] == " ":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    return Anchor(start, end, url) if start < end else None


def plain_paragraph(text: str) -> Paragraph | None:
    """A paragraph without markup, cleaned; None if nothing is left."""
    text = fold_spaces(text)
    return Paragraph(text) if text else None


def markdown_paragraph(text: str) -> Paragraph | None:
    """A paragraph whose Markdown links (`[told](#)`, `[x](https://…)`) become plain text and anchors.

    Pictures go. A bracket that is the author's own (`[Venezuela]`) stays. Linear in the length of the text.
    """
    builder = _Builder()
    pieces = builder.pieces
    open_brackets: list[tuple[int, bool]] = []  # the bracket's piece, and whether it opens a picture
    position = 0
    for match in _BRACKETS.finditer(text):
        if match.start() < position:
            continue
        if match.start() > position:
            pieces.append(text[position : match.start()])
        position = match.end()
        if match[0] != "]":
            open_brackets.append((len(pieces), match[0] == "!["))
            pieces.append(match[0])
            continue
        target = _TARGET.match(text, position) if open_brackets and text.startswith("(", position) else None
        if open_brackets:
            first, is_picture = open_brackets.pop()
            if target and is_picture:
                del pieces[first:]
                while builder.links and builder.links[-1][0] >= first:
                    builder.links.pop()
            elif target:
                pieces[first] = ""
                builder.links.append((first, len(pieces), target["url"]))
            if target:
                position = target.end()
                continue
        pieces.append("]")
    pieces.append(text[position:])
    return builder.build()


def html_paragraphs(markup: str) -> list[Paragraph]:
    """The paragraphs of an HTML fragment or page, without scripts, styles, navigation, figures and forms.

    Links are kept as anchors, two line breaks in a row end a paragraph, and <q> becomes quotation marks.
    """
    # XML's own declaration of an encoding no longer holds: the text has been decoded.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(f"<html><body>{markup}".encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    return _Walker().walk(root) if root is not None else []


class _Walker:
    """Walks an HTML tree without recursion and parts it into paragraphs."""

    def __init__(self) -> None:
        self.paragraphs: list[Paragraph] = []
        self.builder = _Builder()
        self.open_link: tuple[int, str] | None = None
        self.breaks = 0
        self.n_pre = 0  # open elements whose text is set as it was typed

    def walk(self, root: etree._Element) -> list[Paragraph]:
        steps = etree.iterwalk(root, events=("start", "end"))
        for event, element in steps:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if tag in _SKIPPED:
                    steps.skip_subtree()
                    continue
                self._open(tag, element.get("href"))
                self._text(element.text)
            else:
                if tag not in _SKIPPED:
                    self._close(tag)
                self._text(element.tail)
        self._end_paragraph()
        return self.paragraphs

    def _open(self, tag: str, href: str | None) -> None:
        self.n_pre += tag == "pre"
        if tag in _BLOCKS:
            self._end_paragraph()
        elif tag == "br":
            self.breaks += 1
            if self.breaks == 2:
                self._end_paragraph()
            else:
                self.builder.pieces.append(" ")
        elif tag == "q":
            self._text("“")
        elif tag == "a" and href is not None:
            self._end_link()
            self.open_link = (len(self.builder.pieces), href)

    def _close(self, tag: str) -> None:
        self.n_pre -= tag == "pre"
        if tag in _BLOCKS:
            self._end_paragraph()
        elif tag == "a":
            self._end_link()
        elif tag == "q":
            self._text("”")

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if not text.isspace():
            self.breaks = 0
        for number, part in enumerate(_BLANK_LINE.split(text) if self.n_pre else (text,)):
            if number:
                self._end_paragraph()
            self.builder.pieces.append(clean_characters(resolve_entities(part)))

    def _end_link(self) -> None:
        if self.open_link and len(self.builder.links) < MAX_LINKS:
            first, url = self.open_link
            self.builder.links.append((first, len(self.builder.pieces), url))
        self.open_link = None

    def _end_paragraph(self) -> None:
        url = self.open_link[1] if self.open_link else None
        self._end_link()
        self.breaks = 0
        if self.builder.pieces:
            if paragraph := self.builder.build():
                self.paragraphs.append(paragraph)
            self.builder = _Builder()
        if url is not None:  # a link around blocks goes on in the next paragraph
            self.open_link = (0, url)


def join(paragraphs: list[Paragraph]) -> tuple[str, list[Anchor]]:
    """The paragraphs as one text, one blank line between them, and the links at their places in it."""
    links: list[Anchor] = []
    offset = 0
    for paragraph in paragraphs:
        if len(links) < MAX_LINKS:
            links += [Anchor(a.start + offset, a.end + offset, a.url) for a in paragraph.links]
        offset += len(paragraph.text) + len(PARAGRAPH_BREAK)
    return PARAGRAPH_BREAK.join(p.text for p in paragraphs), links[:MAX_LINKS]
