"""What a web page says of itself, uninterpreted: its JSON-LD articles and its meta elements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from lxml import html

MAX_SCRIPT = 2_000_000  # characters of one JSON-LD block
MAX_NODES = 5_000  # JSON-LD objects of a page
MAX_VALUE = 2_000  # characters of a meta element's content

_WRAPPER = re.compile(
    r"^\s{0,99}(?://)?\s{0,9}(?:<!--|<!\[CDATA\[|/\*\s?<!\[CDATA\[\s?\*/)|(?://)?\s{0,9}(?:-->|\]\]>)\s{0,99}$"
)
_TRAILING_COMMA = re.compile(r",(?=\s{0,200}[}\]])")
_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting|Review|AnalysisNewsArticle)$")
_PAGE = re.compile(r"(?:WebPage|ItemPage)$")
_SCHEME = re.compile(r"https?://(?:www\.)?", re.I)
# What can still be read from a block that is no JSON: a quotation mark in a description, as a rule.
_STATED = {
    name: re.compile(rf'"{name}"\s{{0,9}}:\s{{0,9}}"([^"\\\n]{{4,100}})"') for name in ("datePublished", "dateModified")
}
_STATED_AUTHOR = re.compile(
    r'"author"\s{0,9}:\s{0,9}(?:\[\s{0,99})?\{[^{}]{0,200}?"name"\s{0,9}:\s{0,9}"([^"\\\n]{2,80})"'
)
_STATED_TYPE = re.compile(r'"@type"\s{0,9}:\s{0,9}(?:\[\s{0,9})?"(?:[A-Za-z]{0,30}Article|BlogPosting)"')
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage")


@dataclass(slots=True)
class Statements:
    """The statements of a page.

    ``articles`` are the JSON-LD objects whose type is a kind of article, those that state the page's own address
    first; ``pages`` those that describe the page; ``nodes`` all that have an @id; ``meta`` the contents of meta
    elements under their name, property, itemprop or http-equiv in lower case.
    """

    articles: list[dict[str, Any]] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)
    meta: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *names: str) -> str | None:
        """The first content of the first of these meta elements that has one."""
        return next((self.meta[name][0] for name in names if self.meta.get(name)), None)

    def resolve(self, value: Any) -> Any:
        """The object that a bare {"@id": …} points to; anything else as it is."""
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and set(value) <= {"@id", "@type", "name"}:
            return {**self.nodes.get(value["@id"], {}), **value}
        return value


def read_statements(root: html.HtmlElement) -> Statements:
    """Reads the meta elements and the JSON-LD blocks of a page; those that are damaged beyond repair are left out."""
    found = Statements()
    for element in root.iter("meta"):
        content = (element.get("content") or "").strip()
        if content:
            for attribute in ("name", "property", "itemprop", "http-equiv"):
                for name in (element.get(attribute) or "").lower().split():
                    found.meta.setdefault(name, []).append(content[:MAX_VALUE])
    n_nodes = 0
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        for node in _nodes(_load(script.text or "")):
            n_nodes += 1
            if n_nodes > MAX_NODES:
                break
            types = node_types(node)
            found.types.update(types)
            if isinstance(node.get("@id"), str):
                found.nodes.setdefault(node["@id"], node)
            if any(_ARTICLE.search(name) for name in types):
                found.articles.append(node)
            elif any(_PAGE.search(name) for name in types):
                found.pages.append(node)
    addresses = [link.get("href") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    own = {_bare(address) for address in (*addresses, found.first("og:url")) if address}
    found.articles.sort(key=lambda article: own.isdisjoint(_addresses(article)))
    return found


def _addresses(article: dict[str, Any]) -> Iterator[str]:
    """The addresses that an object states as its own."""
    page = article.get("mainEntityOfPage")
    for value in (article.get("url"), article.get("@id"), *(page.values() if isinstance(page, dict) else [page])):
        if isinstance(value, str):
            yield _bare(value)


def _bare(address: str) -> str:
    """An address without scheme, query, fragment and the stroke at its end."""
    return _SCHEME.sub("", re.split("[?#]", address.strip(), maxsplit=1)[0]).rstrip("/")


def node_types(node: dict[str, Any]) -> list[str]:
    """The types of a JSON-LD object without their vocabulary's address."""
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return [name.rsplit("/", 1)[-1] for name in names if isinstance(name, str)]


def plain(value: Any) -> str | None:
    """A JSON-LD string, or the first of a list, on one line, with entities resolved and tags removed."""
    if isinstance(value, list):
        value = next((v for v in value if v), None)
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if not isinstance(value, str):
        return None
    text = unescape(unescape(value[: 4 * MAX_VALUE]))
    return " ".join(re.sub(r"</?[a-z][^<>]{0,500}>", " ", text, flags=re.I).split()) or None


def _load(text: str) -> list[Any]:
    """The JSON values of a block: one as a rule, several behind one another in a few."""
    if len(text) > MAX_SCRIPT:
        return []
    text = _WRAPPER.sub("", _WRAPPER.sub("", text)).strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub("", text), unescape(text)):
        values, at = [], 0
        decoder = json.JSONDecoder(strict=False)
        try:
            while at < len(attempt):
                value, at = decoder.raw_decode(attempt, at)
                values.append(value)
                while at < len(attempt) and (attempt[at].isspace() or attempt[at] in ",;"):
                    at += 1
        except (ValueError, RecursionError):
            if not values:
                continue
        return values
    return _salvage(text)


def _salvage(text: str) -> list[Any]:
    """What a block that is no JSON still says of its article: when it appeared, and who wrote it."""
    if not _STATED_TYPE.search(text):
        return []
    stated: dict[str, Any] = {name: match[1] for name, pattern in _STATED.items() if (match := pattern.search(text))}
    if author := _STATED_AUTHOR.search(text):
        stated["author"] = author[1]
    return [{"@type": "Article", **stated}]


def _nodes(values: list[Any]) -> Iterator[dict[str, Any]]:
    """The objects at the top of the values, in lists and graphs, in order; not those that others merely mention."""
    stack = [(value, 0) for value in reversed(values)]
    while stack:
        value, depth = stack.pop()
        if isinstance(value, list):
            stack += [(v, depth) for v in reversed(value[:MAX_NODES])]
        elif isinstance(value, dict):
            yield value
            if depth < 4:
                stack += [(value[key], depth + 1) for key in _NESTED if isinstance(value.get(key), dict | list)]
