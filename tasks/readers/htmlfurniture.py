"""What stands around an article's text on its page: share bars, related articles, boxes, captions, live-blog furniture."""

from __future__ import annotations

import re

from lxml import etree, html

from tasks.normalise.bylines import is_byline
from tasks.normalise.dates import is_date_line
from tasks.readers.htmlblocks import Block
from tasks.readers.htmltree import take_out

# A container that holds more of the page's prose than this is no furniture, whatever its class says.
MAX_SHARE = 0.3
MAX_SURE_SHARE = 0.7  # the same for comments, consent dialogs and their like, which may be longer than the article
MAX_LABEL = 200  # characters of a label, a box's line or a byline
PROSE = 40  # characters from which a piece of text counts as prose, not as a label

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CLASS = re.compile(
    r"(?:^|[\s_-])(?:shar(?:e|er|es|ing|ebar|etools|bar)|social|socials|newsletters?|related|relateds|recirc\w{0,12}|recommend\w{0,9}"
    r"|promo\w{0,9}|outbrain|taboola|advert\w{0,10}|ads?|sponsor\w{0,5}|captions?|figcaption|wp-caption-text|credits?|copyright"
    r"|breadcrumbs?|tags|taglist|toolbar|most-?(?:read|popular|viewed)|trending|read-?(?:more|next|also)|more-?(?:on|from|stories)"
    r"|see-?also|signup|sign-up|subscribe|subscription|donat(?:e|ion)|comments?|disqus|cookies?|consent|author-?(?:bio|box|info|card)"
    r"|about-?author|authors?|byline|bylines|dateline-?time|timestamp|pagination|print-?only|sr-only|visually-?hidden|screen-?reader\w{0,6}"
    r"|live-?(?:nav|pagination|updates-?nav|status)|key-?events-?nav|playlist|video-?(?:caption|title|info)|gallery-?(?:caption|nav)"
    r"|pull-?quotes?|pullout|disclaimer|feedback|rating|follow\w{0,3}|tooltip|modal|popup|overlay)(?:$|[\s_-])"
)
_SURE = re.compile(
    r"(?:^|[\s_-])(?:comments?|disqus|cookies?|consent|outbrain|taboola|newsletters?|related|recommend\w{0,9})(?:$|[\s_-])"
)
_NEVER = ("html", "body", "article", "main", "a")
_ROLES = ("navigation", "complementary", "contentinfo", "banner", "dialog", "search")
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden")
_POINTER = re.compile(
    r"[\W_]{0,4}(?:related|read (?:also|more|next|on)|also read|see also|more (?:on|from|about)|don['’]t miss|watch|listen"
    r"|lesen sie auch|lesen sie mehr|mehr (?:zum|zu)|lire aussi|à lire|lea también|lee también|leggi anche|leia também|leia mais"
    r"|читайте также|lees ook|läs (?:också|mer)|les også|ayrıca|関連|관련기사)\b",
    re.I,
)
_LINES = re.compile(
    r"(?:advertisement|anzeige|werbung|publicité|publicidad|pubblicità|reklam|реклама|share(?: this)?(?: article| story| on \w+)?"
    r"|(?:story|article) continues (?:below|after)[^.]{0,40}|sign up(?: now)?|log in|subscribe(?: now)?|image (?:source|caption)"
    r"|follow us[^.]{0,60}|getty images|all rights reserved\.?|read more|continue reading|loading\W{0,3}|copy(?: link)?"
    r"|\d{1,4} comments?|comments?|print|e-?mail|teilen|drucken|merken|kommentare?|(?:©|\(c\)|copyright).{0,80})",
    re.I,
)

WALL = re.compile(
    r"(?:subscribe|sign ?up|register|log ?in|sign in|become a (?:member|subscriber)|start your (?:free )?trial)\b.{0,60}\b(?:to (?:continue|read|keep|access"
    r"|unlock|view|finish)|reading)|(?:article|story|content) is (?:for|only available to|reserved for) (?:our )?(?:subscribers|members)"
    r"|(?:for|exclusive to) (?:subscribers|members) only|already a (?:subscriber|member)|weiterlesen mit|jetzt (?:abonnieren|weiterlesen)"
    r"|nur für abonnenten|mit .{0,20}(?:abo|plus) (?:weiter)?lesen|réservé aux abonnés|il vous reste .{0,20} à lire|pour lire la suite"
    r"|exclusivo para suscriptores|contenuto riservato agli abbonati|この記事は(?:有料|会員)|会員限定|続きを読むには",
    re.I,
)


def prune(root: html.HtmlElement) -> None:
    """Takes out of a page what its class or its hiding shows to be furniture, unless it holds much of the text."""
    total = _prose(root)
    steps = etree.iterwalk(root, events=("start",))
    found = []
    for _, element in steps:
        if not isinstance(element.tag, str) or element.tag in _NEVER:
            continue
        names = _HUMP.sub("-", f"{element.get('class') or ''} {element.get('id') or ''}"[:500]).lower()
        share = MAX_SURE_SHARE if _SURE.search(names) else MAX_SHARE if _is_marked(element, names) else 0.0
        if share and _prose(element) <= share * total:
            found.append(element)
            steps.skip_subtree()
    for element in found:
        take_out(element)


def is_pointer(block: Block) -> bool:
    """Whether a block only points to another article."""
    linked = block.n_linked / max(1, len(block.text))
    if linked > 0.9 and block.kind != "h2":
        return block.text[-1] not in ".!?…”\"»" or len(block.tokens) < 6
    return linked > 0.4 and len(block.text) < 300 and _POINTER.match(block.text) is not None


def is_furniture_line(block: Block) -> bool:
    """Whether a short line is a button's, a box's or an agency's label."""
    if len(block.text) < MAX_LABEL and WALL.match(block.text):
        return True
    return len(block.text) < 100 and _LINES.fullmatch(block.text.strip(" .:|–—-")) is not None


def is_wall(block: Block) -> bool:
    """Whether a block is a paywall's line below the text: «Subscribe to continue reading»."""
    return len(block.text) < MAX_LABEL and WALL.search(block.text) is not None


def is_header_line(block: Block) -> bool:
    """Whether a block above the text is date or byline, and nothing else."""
    return len(block.text) < MAX_LABEL and (is_date_line(block.text) or is_byline(block.text))


def _is_marked(element: etree._Element, names: str) -> bool:
    """Whether an element's class, id, role or style says that it is furniture."""
    return (
        _CLASS.search(names) is not None
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or element.get("role") in _ROLES
        or _HIDDEN.search((element.get("style") or "")[:500]) is not None
    )


def _prose(element: etree._Element) -> int:
    """Characters of running text in an element."""
    return sum(n for text in element.itertext() if (n := len(text.strip())) >= PROSE)
