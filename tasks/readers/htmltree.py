"""From the text of a web page to its tree: nothing loaded, no entity expanded, no deeper than the parser can go."""

from __future__ import annotations

import re

from lxml import etree, html

MAX_DEPTH = 200  # elements inside one another; libxml2 gives up at 256 and drops what follows

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]{0,15})\b[^<>]*>", re.I)
_UNCLOSED = frozenset(
    "p li dt dd tr td th thead tbody tfoot option optgroup br hr img input meta link area base col embed param source"
    " track wbr html head body".split()
)  # tags that need not be closed, so that counting them says nothing about depth


def parse(text: str) -> html.HtmlElement | None:
    """The root of a page or a fragment; None where there is no element in it.

    A page nested more than MAX_DEPTH deep is parsed again without the tags below that depth, its text intact.
    """
    text = _CONTROLS.sub("", text)
    root, is_cut = _parse(text)
    if is_cut:
        root, _ = _parse(_flatten(text))
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
    """The page without the tags that stand deeper than MAX_DEPTH; each leaves a space, so that words stay apart."""
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        if match[2].lower() in _UNCLOSED or match[0].endswith("/>"):
            return match[0] if depth <= MAX_DEPTH else " "
        if match[1]:
            depth = max(0, depth - 1)
            return match[0] if depth < MAX_DEPTH else " "
        depth += 1
        return match[0] if depth <= MAX_DEPTH else " "

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
