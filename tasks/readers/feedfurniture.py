"""What publishing systems put around a text in their feeds: share bars, boxes, related posts, the header of a page."""

from __future__ import annotations

import re

from lxml import etree, html

from tasks.readers.htmlfurniture import prune
from tasks.readers.htmltree import names_of, parse, take_out

_SIGN = re.compile(r"<(?:header|footer|[a-z][a-z0-9]{0,15}\s[^<>]{0,2000}?\b(?:class|id)\s{0,9}=)", re.I)
# Of Substack, Jetpack, FeedBurner and Drupal.
_NAMES = re.compile(
    r"(?:^|\s)(?:subscription-widget-wrap|button-wrapper|(?:jp-)?relatedposts|feedflare|field--name-(?:title|uid|created))(?:$|\s)"
)


def without_furniture(markup: str) -> str:
    """The HTML of a text without what its classes show to be furniture; as it is where nothing would be left."""
    if not _SIGN.search(markup):
        return markup
    root = parse(markup)
    if root is None:
        return markup
    for element in list(root.iter(etree.Element)):
        if _NAMES.search(names_of(element)):
            take_out(element)
    for element in list(root.iter("header", "footer")):
        if element.find(".//h1") is not None or next(element.iterancestors("article"), None) is not None:
            take_out(element)
    prune(root)
    body = root.find("body")
    if body is None or not any(text.strip() for text in body.itertext()):
        return markup
    left: str = html.tostring(body, encoding="unicode")
    return left.removeprefix("<body>").removesuffix("</body>").strip()
