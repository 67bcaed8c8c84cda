"""From the text of a web page to its tree: nothing loaded, no entity expanded, no deeper than the parser can go."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree, html

from tasks.normalise.wordlists import words
from tasks.readers.htmlwords import ELSEWHERE, FOOTER

MAX_ATTRIBUTE = 5_000  # characters of a class, an id or a style, beyond which it is left out
# libxml2 gives up at 256 elements inside one another and drops what follows. In a page that is so deep, containers are
# kept down to this depth; between two of them stand up to three elements that are not counted: <tbody>, <tr>, <td>.
MAX_DEPTH = 60

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]{0,15})\b[^<>]*>", re.I)
_FLAT = words("p br hr img input meta link base col area source track wbr html head body title")
_UNCOUNTED = words("li dt dd tr td th thead tbody tfoot option optgroup")  # their end tags may be left out
_FURNITURE = words("nav aside")
_WHOLE = words("html body article main")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAMES = words("class id data-testid data-component data-qa")  # the last three are kept where classes are hashes
MAX_HEADINGS = 20
MAX_NAMES = 500  # characters of an element's classes and id that are looked at


def parse(text: str) -> html.HtmlElement | None:
    """The root of a page or a fragment; None where there is no element in it.

    A page that is too deep for the parser is parsed again without the tags below MAX_DEPTH, its text intact.
    """
    text = _CONTROLS.sub("", text)
    root, is_cut = _parse(text)
    if is_cut:
        root, _ = _parse(_flatten(text))
    for element in root.iter(etree.Element) if root is not None else ():
        for name in ("class", "id", "style"):
            if len(element.get(name, "")) > MAX_ATTRIBUTE:
                del element.attrib[name]
    return root


def _parse(text: str) -> tuple[html.HtmlElement | None, bool]:
    """The root, and whether the parser stopped because the page is too deep."""
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False, default_doctype=False
    )
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None, False
    is_cut = any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)
    return root, is_cut


def _flatten(text: str) -> str:
    """The page without the containers below MAX_DEPTH; each leaves a space, so that words stay apart."""
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        name = match[2].lower()
        if name in _FLAT:
            return match[0]
        if name not in _UNCOUNTED:
            depth = max(0, depth - 1) if match[1] else depth + 1
        return match[0] if depth + bool(match[1]) <= MAX_DEPTH else " "

    return _TAG.sub(keep, text)


def drop(root: etree._Element, *tags: str) -> None:
    """Takes all elements of these tags out of a tree."""
    for element in list(root.iter(*tags)):
        take_out(element)


def take_out(element: etree._Element) -> None:
    """Takes an element out of its tree and leaves the text behind it where it is."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def text_of(element: etree._Element) -> str:
    """The text in an element, white space folded."""
    return " ".join("".join(element.itertext()).split())


def is_short(element: etree._Element, limit: int) -> bool:
    """Whether an element has no more characters of text than this."""
    n = 0
    for text in element.itertext():
        n += len(text)
        if n > limit:
            return False
    return True


def around_headings(root: etree._Element) -> set[etree._Element]:
    """The elements that hold a main heading, and so the article, whatever their classes say: `layout-with-sidebar`."""
    headings = islice(root.iter("h1"), MAX_HEADINGS)
    return {ancestor for heading in headings for ancestor in heading.iterancestors()}


def is_elsewhere(element: etree._Element, around: set[etree._Element]) -> bool:
    """Whether an element stands in a comment, a teaser or the page's furniture rather than at the article."""
    for ancestor in element.iterancestors():
        if ancestor in around:
            return False
        names = names_of(ancestor)
        if ancestor.tag in _FURNITURE or ELSEWHERE.search(names) or is_footer(ancestor, names):
            return True
        if ancestor.tag in _WHOLE:
            return False
    return False


def is_footer(element: etree._Element, names: str) -> bool:
    """Whether this is a footer of the page, and not of its article."""
    is_marked = element.tag == "footer" or FOOTER.search(names) is not None
    return is_marked and next(element.iterancestors("article"), None) is None


def names_of(element: etree._Element, with_id: bool = True) -> str:
    """The classes and the ids of an element in lower case, `shareBar` as `share-bar`."""
    found = " ".join([value for name, value in element.items() if name in _NAMES and (with_id or name != "id")])
    names = found[:MAX_NAMES]
    return names if names.islower() else _HUMP.sub("-", names).lower()
