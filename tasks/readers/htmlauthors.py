"""Who wrote the article of a page: people only, from JSON-LD, meta elements and the byline, in this order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import dropwhile, islice
from operator import itemgetter
from typing import Any

from lxml import etree, html

from tasks.normalise.bylines import Byline, is_byline, read_byline
from tasks.normalise.names import is_person
from tasks.normalise.wordlists import words
from tasks.readers.htmlmeta import Statements, plain
from tasks.readers.htmltree import around_headings, is_elsewhere, is_footer, is_short, names_of, text_of
from tasks.readers.htmlwords import AUTHOR_NAME, BYLINE, ELSEWHERE, OF_PICTURE

MAX_BYLINE = 300  # characters of an element that is a byline
MAX_NAME = 80  # characters of a name
MAX_LINES = 60  # elements below the headline in which a byline is looked for
MAX_PARTS = 8  # elements in a line
MAX_AUTHORS = 30

_META = (
    "byl", "parsely-author", "sailthru.author", "cxenseparse:author", "author", "dc.creator", "dcterms.creator",
    "article:author", "og:article:author", "citation_author", "creator", "article.author",
    "articleauthor", "article_author", "content_author", "authors", "author_name",
)  # fmt: skip
_SKIPPED = words("head script style nav form aside figure")
_LINES = ("h1", "p", "div", "span", "li", "address", "em", "b", "strong", "dd", "h2", "h3", "h4", "h5", "h6")
_BY = re.compile(r"(?:(?:(?:written|story|words|text|report|posted) )?by|von|par|por|di|door|av)\s", re.I)
# «Interview: Ann Lee»
_LABEL = re.compile(
    r"(?:interview|text|words|story|report(?:age)?|author|autor(?:in)?|gespräch|texte|testo|von|written by)\s?:\s"
    r"|about the author:?\s|about\s|über\s",
    re.I,
)
_LABELLED = re.compile(r"(?:^|[|,;·]\s?)(?:text|author|autor(?:in)?|auteur|written by|texte|testo)\s?:\s", re.I)
# The label of an author in what sites state for cards: «Written by», «Verfasst von».
_CARD_LABEL = re.compile(
    r"written by|author|verfasst von|autor|écrit par|auteur|escrito por|scritto da|geschreven door|skriven av"
    r"|skrevet av|napisane przez|автор|написано|yazan|ditulis oleh|作者|執筆者|投稿者|작성자|글쓴이",
    re.I,
)
# «山本花子記者», «本报记者 王小明», «김하늘 기자»
_CJK = r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af々]"
_REPORTER = re.compile(
    rf"(?<!{_CJK})({_CJK}{{2,5}})\s?(?:記者|记者|기자)(?!{_CJK})"
    rf"|(?<!{_CJK})(?:本[报報])?(?:記者|记者)[\s:：]?({_CJK}{{2,4}}(?:、{_CJK}{{2,4}}){{0,4}})(?!{_CJK})"
)
# What stands behind the names in the same line: the date, above all, and who took the pictures.
_REST = re.compile(
    r"(?:[;|]|\b(?:Posted|Published|Updated|Last updated|Edited by|View all|See all|Follow)\b"
    r"|\s(?:am|on|le|el|il|den|op|om|em)(?: the)?\s\d"
    r"|\b(?:photo(?:graph)?s|photography|pictures|images|illustrations?|fotos|bilder) (?:by|von|de|di)\b"
    r"|\b(?:photo(?:graph)?s|pictures|fotos|bilder)\s?:|(?<=[^\W\d_])\s?\d).*$",
    re.S | re.I,
)
_SENTENCE = re.compile(r"[^\W\d_]{3}[.!?]\s+\S")


@dataclass(slots=True)
class Authors:
    """The people, and the byline as printed where it names an agency or an outlet too."""

    names: list[str] = field(default_factory=list)
    byline: str | None = None


def read_authors(root: html.HtmlElement, found: Statements, outlets: Iterable[str | None]) -> Authors:
    """The authors of a page; ``outlets`` are the names of its publisher, which are no people."""
    known = [name for name in outlets if name]
    printed = None
    for stated in (_in_jsonld(found), _in_meta(found), _in_bylines(root), _in_lines(root)):
        byline = _read(stated, known)
        if byline.authors:
            return Authors(byline.authors[:MAX_AUTHORS], printed or ("; ".join(stated) if byline.agencies else None))
        if stated and printed is None and (byline.agencies or byline.publisher_name):
            printed = "; ".join(stated)
    return Authors([], printed)


def _read(stated: list[str], outlets: list[str]) -> Byline:
    return read_byline(stated[: 2 * MAX_AUTHORS], outlets)


def _in_jsonld(found: Statements) -> list[str]:
    """The authors of the first article that has some; of organisations beside people only agencies."""
    for article in (*found.articles, *found.pages):
        people: list[str] = []
        others: list[str] = []
        for value in _listed(article.get("author")) or _listed(article.get("creator")):
            value = found.resolve(value)
            name = plain(value) or _full_name(value)
            if not name or name.startswith(("http://", "https://", "@")):
                continue
            is_person = not isinstance(value, dict) or "Organization" not in str(value.get("@type"))
            (people if is_person else others).append(name[:MAX_BYLINE])
        if people or others:
            return people + [o for o in others if read_byline([o]).agencies] if people else others
    return []


def _listed(value: Any) -> list[Any]:
    if isinstance(value, dict) and isinstance(value.get("name"), list):  # {"@type": "Person", "name": ["A", "B"]}
        return [{**value, "name": name} for name in value["name"]]
    if isinstance(value, dict) and isinstance(value.get("itemListElement"), list):  # {"@type": "ItemList", …}
        return [v["item"] if isinstance(v, dict) and "item" in v else v for v in value["itemListElement"]]
    return value if isinstance(value, list) else [value] if value else []


def _full_name(value: Any) -> str | None:
    """The name of a person who has only a given and a family name."""
    parts = [plain(value.get(key)) for key in ("givenName", "familyName")] if isinstance(value, dict) else []
    return " ".join(filter(None, parts)) or None


def _in_meta(found: Statements) -> list[str]:
    """The first meta elements that name people, without profiles' addresses and handles."""
    for name in _META:
        values = [v for v in map(plain, found.meta.get(name, [])) if v and not v.startswith(("http", "@", "/"))]
        values = [v[:MAX_BYLINE] for v in values]
        if values and read_byline(values).authors:
            return list(dict.fromkeys(values))
    for label, name in (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")):
        value = plain(found.first(name))
        if value and _CARD_LABEL.match(found.first(label) or "") and read_byline([value[:MAX_BYLINE]]).authors:
            return [value[:MAX_BYLINE]]
    return []


def _in_bylines(root: html.HtmlElement) -> list[str]:
    """The names in the first element that is marked as the author or the byline and names somebody, or an agency."""
    sure, likely = _marked(root)
    agency = None
    for element in sure:
        if stated := _named([e for e in sure if _group(e) is _group(element)]):
            return stated
    for element in (*sure, *likely):
        if stated := _named([e for e in element.iter("a", "span", "strong", "b") if e is not element and _is_name(e)]):
            return stated
        whole = _REST.sub("", " ".join(" ".join(element.itertext()).split())).strip()
        whole = whole[match.end() :] if (match := _LABEL.match(whole)) else whole
        byline = read_byline([whole[:MAX_BYLINE]]) if whole and not _SENTENCE.search(whole) else Byline()
        if any(map(is_person, byline.authors)):
            return _apart(element, byline.authors[0]) or [whole[:MAX_BYLINE]]
        agency = agency or (whole if byline.agencies else None)
    return [agency[:MAX_BYLINE]] if agency else []


def _apart(element: etree._Element, first: str) -> list[str]:
    """The names of a byline one by one, where elements of one kind hold one each; ``first`` is the first of them."""
    named = [e for e in element.iterdescendants("a", "span", "b", "strong", "div", "p", "li", "em") if len(e) == 0]
    named = [e for e in named if any(map(is_person, read_byline([(e.text or "")[:MAX_NAME]]).authors))]
    own = next((e for e in named if first.startswith(text_of(e))), None)
    return [] if own is None else _named([e for e in named if (e.tag, e.get("class")) == (own.tag, own.get("class"))])


def _named(elements: list[etree._Element]) -> list[str]:
    """The names that these elements hold, one each; none where nobody is among them."""
    names = list(dict.fromkeys(name for e in elements if 0 < len(name := text_of(e)) <= MAX_NAME))
    return names if names and read_byline(names).authors else []


def _group(element: etree._Element) -> etree._Element | None:
    """The element around an author and those beside it, each of whom may have a container of their own."""
    parent = element.getparent()
    return parent if parent is None or parent.tag == "p" or len(parent) > 1 else parent.getparent()


def _marked(root: html.HtmlElement) -> tuple[list[etree._Element], list[etree._Element]]:
    """Elements marked as author for machines, and those whose class says so; none in comments and teasers.

    Those below the headline come first.
    """
    sure: list[tuple[bool, etree._Element]] = []
    likely: list[tuple[bool, etree._Element]] = []
    is_above = True
    around = around_headings(root)
    steps = etree.iterwalk(root, events=("start",))
    for _, element in steps:
        if not isinstance(element.tag, str):
            continue
        is_above = is_above and element.tag != "h1"
        names = names_of(element)
        is_marked = BYLINE.search(names) is not None and not OF_PICTURE.search(names)
        is_other = ELSEWHERE.search(names) is not None and ("comment" in names or not is_marked)
        is_skipped = element.tag in _SKIPPED and not (is_marked and element.tag == "aside")
        if is_skipped or ((is_other or (not is_marked and is_footer(element, names))) and element not in around):
            steps.skip_subtree()
        elif _is_stated(element):
            sure.append((is_above, element))
        elif is_marked and is_short(element, 2 * MAX_BYLINE):
            likely.append((is_above, element))
    return _below_first(sure), _below_first(likely)


def _below_first(found: list[tuple[bool, etree._Element]]) -> list[etree._Element]:
    """The elements, those above the headline behind the others."""
    return [element for _, element in sorted(found, key=itemgetter(0))][:MAX_AUTHORS]


def _is_stated(element: etree._Element) -> bool:
    """Whether an element is marked as the author for machines."""
    marks = (element.get("itemprop"), element.get("rel"), element.get("property"))
    return "author" in marks or element.tag == "author"


def _is_name(element: etree._Element) -> bool:
    return (
        element.get("rel") == "author"
        or element.get("itemprop") == "name"
        or AUTHOR_NAME.search(names_of(element)) is not None
    )


def _in_lines(root: html.HtmlElement) -> list[str]:
    """A byline by itself in a line below the headline: «By Ann Lee», «김하늘 기자»."""
    heading = next(root.iter("h1"), None)
    around = around_headings(root)
    below = dropwhile(lambda element: element is not heading, root.iter(*_LINES))
    for element in islice(below, MAX_LINES):
        if len(element) > MAX_PARTS or not is_short(element, MAX_BYLINE):
            continue
        text = text_of(element)
        line = _REST.sub("", text)
        if label := _LABELLED.search(line):
            line = line[label.end() :]
        if (label or _BY.match(line)) and is_byline(line) and not is_elsewhere(element, around):
            return [line]
        if len(text) <= MAX_NAME and (match := _REPORTER.search(text)) and not is_elsewhere(element, around):
            return [match[1] or match[2]]
    return []
