"""Texts out of XML elements: single lines, and bodies in XHTML or NITF as the HTML that normalising understands."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from lxml import etree

from tasks.normalise.text import holds_html
from tasks.normalise.wordlists import words

# Elements of both vocabularies that HTML has too; all others are inline names, places and the like, whose text stays.
_KEPT = words(
    """
    p div br hr ul ol li dl dt dd h1 h2 h3 h4 h5 h6 blockquote q pre table caption thead tbody tfoot tr td th section
    article footer address figure figcaption aside nav script style form
    """
)
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,4}[a-z]{2,10}", re.I)
_AS_HTML = {"hl1": "h2", "hl2": "h2", "block": "div", "bq": "blockquote"}
_DROPPED = words("media media-reference media-caption media-producer head script style byline distributor header note")
_WORD = re.compile(r"\w")
_TAG = re.compile(r"<[^<>]*>")


def line(element: etree._Element | None) -> str | None:
    """The text of an element in one line; None where there is none."""
    return " ".join("".join(element.itertext()).split()) or None if element is not None else None


def first(root: etree._Element, *paths: str) -> str | None:
    """The text at the first of the paths that leads to some."""
    return next((text for path in paths for text in map(line, root.iterfind(path)) if text), None)


def every(root: etree._Element, path: str) -> list[str]:
    """The texts at a path, without repetitions."""
    return list(dict.fromkeys(text for text in map(line, root.iterfind(path)) if text))


def attribute(root: etree._Element, *paths: str) -> str | None:
    """The first attribute that is not blank, each path written `a/b@name`."""
    for path in paths:
        place, _, name = path.rpartition("@")
        for element in root.iterfind(place) if place else (root,):
            if value := (element.get(name) or "").strip():
                return value
    return None


def publisher(names: Iterable[str | None]) -> dict[str, str]:
    """The fields that name a publisher: the first name of each kind, whether that is a name or a domain."""
    fields: dict[str, str] = {}
    for name in names:
        if name:
            fields.setdefault("publisher_domain" if _DOMAIN.fullmatch(name) else "publisher_name", name)
    return fields


def body(roots: Iterable[etree._Element], title: str | None = None) -> dict[str, str]:
    """The fields ``text`` and ``markup`` of the elements that hold a text, none where no word is in them.

    Where no element parts paragraphs, the lines do, or the tags of HTML that stands there escaped.
    """
    roots = list(roots)
    tags = [_AS_HTML.get(e.tag, e.tag) for root in roots for e in root.iterdescendants(etree.Element)]
    if tags.count("div") > 1 or not (_KEPT | _DROPPED).isdisjoint(tag for tag in tags if tag not in ("div", "q")):
        text, markup = to_html(roots, title), "html"
    else:
        text = "\n\n".join("".join(root.itertext()).strip("\r\n") for root in roots)
        markup = "html" if holds_html(text) else "plain"
    return {"text": text, "markup": markup} if _WORD.search(_TAG.sub("", text)) else {}


def marked_byline(root: etree._Element) -> str | None:
    """The byline that a text carries in an element of that class, pictures apart."""
    for element in root.iter("p", "div", "span", "address"):
        if "byline" in (element.get("class") or "").split() and next(element.iterancestors("figure"), None) is None:
            return line(element)
    return None


def to_html(roots: Iterable[etree._Element], title: str | None = None) -> str:
    """The content of elements as HTML, without pictures, the document's own header and a heading equal to ``title``."""
    pieces: list[str] = []
    for root in roots:
        pieces += _pieces(root, title)
        pieces.append("\n")
    return "".join(pieces).strip()


def _pieces(root: etree._Element, title: str | None) -> Iterator[str]:
    steps = etree.iterwalk(root, events=("start", "end"))
    for event, element in steps:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if element is not root and _is_dropped(element, tag, title):
                steps.skip_subtree()
                continue
            yield from _opened(element, tag)
            yield html.escape(element.text or "", quote=False)
        else:
            if element is root:
                yield from _closed(tag)
                return
            if not _is_dropped(element, tag, title):
                yield from _closed(tag)
            yield html.escape(element.tail or "", quote=False)


def _is_dropped(element: etree._Element, tag: str, title: str | None) -> bool:
    if tag in _DROPPED or not tag:
        return True
    if tag in ("h1", "hl1") and title and line(element) == " ".join(title.split()):
        return True
    return "byline" in (element.get("class") or "").split()


def _opened(element: etree._Element, tag: str) -> Iterator[str]:
    if tag == "a":
        yield f'<a href="{html.escape(element.get("href") or "")}">'
    elif (name := _AS_HTML.get(tag, tag)) in _KEPT:
        yield f"<{name}>"


def _closed(tag: str) -> Iterator[str]:
    if tag == "a":
        yield "</a>"
    elif (name := _AS_HTML.get(tag, tag)) in _KEPT and name not in ("br", "hr"):
        yield f"</{name}>"
