"""What stands around an article on its page: share bars, related articles, boxes, captions, live-blog furniture."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree, html

from tasks.normalise.bylines import is_byline
from tasks.normalise.dates import is_date_line
from tasks.normalise.wordlists import words
from tasks.readers.htmlblocks import Block
from tasks.readers.htmltree import is_short, names_of, take_out
from tasks.readers.htmlwords import (
    APPEAL,
    BOX,
    END,
    FOLLOW,
    FURNITURE,
    HEADINGS,
    LABEL,
    POINTER,
    PRINTED_DATE,
    SURE_FURNITURE,
    WALL,
)

# A container that holds more of the page's prose than this is no furniture, whatever its class says.
MAX_SHARE = 0.3
MAX_SURE_SHARE = 0.7  # the same for comments, consent dialogs and their like, which may be longer than the article
MAX_BOX = 60  # characters of a box's heading
MAX_APPEAL = 5  # blocks at the end in which an appeal begins
MAX_LABEL = 200  # characters of a label, a box's line or a byline
MAX_LETTERS = 30  # beside the dates of a line that is no more than these
PROSE = 40  # characters from which a piece of text counts as prose, not as a label

_NAMED_BY_TEXT = HEADINGS | {"p"}  # their ids are made of their words: <h2 id="who-will-share-the-cost">
_NEVER = words("html body article main a")
_ROLES = words("navigation complementary contentinfo banner dialog search")
_END = '.!?…。！？"”»'
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden")


def prune(root: html.HtmlElement) -> None:
    """Takes out of a page what its class or its hiding shows to be furniture, unless it holds much of the text."""
    total = _prose(root)
    steps = etree.iterwalk(root, events=("start",))
    found = []
    for _, element in steps:
        if not isinstance(element.tag, str) or element.tag in _NEVER:
            continue
        names = names_of(element, with_id=element.tag not in _NAMED_BY_TEXT)
        share = MAX_SURE_SHARE if SURE_FURNITURE.search(names) else MAX_SHARE if _is_marked(element, names) else 0.0
        n_prose = _prose(element) if share else 0
        if share and n_prose <= share * total:
            found.append(element)
            steps.skip_subtree()
        elif n_prose * 2 > total and next(element.iter("h1"), None) is None:
            _unmark(element)
        elif element.tag == "input" and element.get("type") == "email":
            if (box := _around(element)) is not None and _prose(box) <= MAX_SHARE * total:
                found.append(box)
        elif _is_box_heading(element) and (box := _box(element)) is not None and _prose(box) <= MAX_SHARE * total:
            found.append(box)
    for element in found:
        take_out(element)


def _unmark(element: etree._Element) -> None:
    """Takes from an element that holds most of the text what would make trafilatura take it for furniture."""
    for name in ("class", "id", "style", "hidden", "aria-hidden", "role"):
        element.attrib.pop(name, None)


def _around(field: etree._Element) -> etree._Element | None:
    """The element that says what is asked for in a field; None where that is the article or the page."""
    for element in field.iterancestors():
        if element.tag in _NEVER:
            return None
        if not is_short(element, PROSE):
            return element
    return None


def _is_box_heading(element: etree._Element) -> bool:
    if len(element) > 1 or len(element.text or "") > MAX_BOX:
        return False
    text = "".join(islice(element.itertext(), 3))
    return 0 < len(text) <= MAX_BOX and BOX.fullmatch(" ".join(text.split()).strip(" :.|»›>–—-")) is not None


def _box(heading: etree._Element) -> etree._Element | None:
    """The element that begins with a heading and holds more than it; None where that is the article or the page."""
    element = heading
    while (parent := element.getparent()) is not None and parent.tag not in _NEVER:
        if (parent.text or "").strip() or element.getprevious() is not None:
            return None
        if len(parent) > 1:
            return parent
        element = parent
    return None


def is_pointer(block: Block) -> bool:
    """Whether a block only points to another article."""
    linked = block.n_linked / max(1, len(block.text))
    if linked > 0.9 and block.kind != "h2":
        return block.text[-1] not in '.!?…”"»' or len(block.tokens) < 6
    return linked > 0.4 and len(block.text) < 300 and POINTER.match(block.text) is not None


def is_furniture_line(block: Block) -> bool:
    """Whether a short line is a button's, a box's or an agency's label."""
    if len(block.text) < MAX_LABEL and (WALL.match(block.text) or FOLLOW.match(block.text)):
        return True
    return len(block.text) < 100 and LABEL.fullmatch(block.text.strip(" .:|–—-")) is not None


def end_of(blocks: list[Block]) -> int:
    """How many of the blocks are text; behind them are headings without any, walls, appeals, sources and tags."""
    n = len(blocks)
    for at in range(max(1, n - MAX_APPEAL), n):
        if blocks[at].kind == "h2" and APPEAL.fullmatch(blocks[at].text.strip(" :.!")):
            n = at
            break
    while n and (blocks[n - 1].kind == "h2" or _is_end(blocks[n - 1])):
        n -= 1
    return n


def _is_end(block: Block) -> bool:
    """Whether a block is a paywall's line below the text («Subscribe to continue reading»), a source or tags."""
    return len(block.text) < MAX_LABEL and bool(WALL.search(block.text) or END.fullmatch(block.text))


def is_header_line(block: Block) -> bool:
    """Whether a block above the text is date or byline, and nothing else."""
    is_label = len(block.text) < MAX_LABEL and (is_byline(block.text) or END.fullmatch(block.text) is not None)
    return is_label or is_dated(block.text)


def is_dated(line: str) -> bool:
    """Whether a line is dates and their labels: «Publié le 4 mars 2026 à 7h30, mis à jour le 5 mars 2026»."""
    if len(line) >= MAX_LABEL:
        return False
    rest, n_dates = PRINTED_DATE.subn("", line)
    is_label = n_dates > 0 and line[-1] not in _END and sum(map(str.isalpha, rest)) <= MAX_LETTERS
    return is_label or is_date_line(line)


def _is_marked(element: etree._Element, names: str) -> bool:
    """Whether an element's class, id, role or style says that it is furniture."""
    return (
        FURNITURE.search(names) is not None
        or element.get("hidden") is not None
        or (element.get("aria-hidden") == "true" and element.tag != "p")  # in paragraphs, a paywall's
        or element.get("role") in _ROLES
        or _HIDDEN.search((element.get("style") or "")[:500]) is not None
    )


def _prose(element: etree._Element) -> int:
    """Characters of running text in an element."""
    return sum(n for text in element.itertext() if (n := len(text.strip())) >= PROSE)
