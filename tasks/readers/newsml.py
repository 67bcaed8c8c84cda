"""Reads NewsML 1: the texts of its news items. A news item may hold several articles, pictures and captions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from tasks.readers import nitf, rcv1
from tasks.readers.compress import Stream
from tasks.readers.items import WITHDRAWN, Problem, kill, withdrawn
from tasks.readers.options import ReadOptions
from tasks.readers.source import Source
from tasks.readers.xmlitems import Outcome, read_items
from tasks.readers.xmlparse import LANG
from tasks.readers.xmltext import attribute, body, first, publisher
from tasks.records import RawRecord, Rejection

_SIDE_ROLES = re.compile(
    r"caption|abstract|summary|headline|\btitle\b|keyword|thumbnail|quicklook|preview|ednote", re.I
)


def read_newsml(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The articles of a NewsML 1 file; a news item without text is a rejection."""
    items = ("NewsItem", "newsitem")
    yield from read_items(stream, source, options, items, lambda item, _: _articles(item), nests=True)


def _articles(item: etree._Element) -> list[Outcome]:
    """The articles of a news item and of those inside it."""
    if item.tag == "newsitem":
        return [rcv1.article(item)]
    inner = item.findall(".//NewsItem")
    for nested in inner:
        nested.getparent().remove(nested)
    status = attribute(item, "NewsManagement/Status@FormalName") or ""
    if status.casefold() in WITHDRAWN:
        outcomes: list[Outcome] = [withdrawn(status)]
    else:
        outcomes = [_article(item, component, texts) for component, texts in _texts(item)]
        if not outcomes and not inner:
            kinds = {e.get("FormalName", "") for e in item.iterfind(".//ContentItem/MediaType")} - {"", "Text"}
            what = f"no text but {', '.join(sorted(kinds))[:80]}" if kinds else "no text"
            outcomes = [Problem("not_an_article" if kinds else "missing_text", f"has {what}")]
    for nested in inner:
        outcomes += _articles(nested)
    return outcomes


def _texts(item: etree._Element) -> list[tuple[etree._Element, list[etree._Element]]]:
    """The texts of an item by the component whose headline stands over them."""
    found: dict[etree._Element, list[etree._Element]] = {}
    taken: set[etree._Element] = set()  # components whose content is given in several equivalent forms
    for content in item.iterfind(".//ContentItem"):
        data = next(content.iterfind(".//DataContent"), None)
        if data is None or (attribute(content, "MediaType@FormalName") or "Text").casefold() != "text":
            continue
        above = list(content.iterancestors("NewsComponent"))
        equivalent = [e for e in above if e.get("EquivalentsList") == "yes"]
        if any(_SIDE_ROLES.search(attribute(e, "Role@FormalName") or "") for e in above) or taken.intersection(
            equivalent
        ):
            continue
        if _is_encoded(data) or not "".join(data.itertext()).strip():
            continue
        taken.update(equivalent)
        headed = next((e for e in above if first(e, "NewsLines/HeadLine")), above[-1] if above else item)
        found.setdefault(headed, []).append(data)
    return list(found.items())


def _is_encoded(data: etree._Element) -> bool:
    """Whether a content is in Base64 and the like: an Encoding around or in it names that."""
    encodings = [*data.iterancestors("Encoding"), *data.iterfind("Encoding")]
    return any((e.get("Notation") or "").casefold() not in ("", "none", "text") for e in encodings)


def _article(item: etree._Element, component: etree._Element, texts: list[etree._Element]) -> Outcome:
    above = [component, *component.iterancestors("NewsComponent")]
    title = first(component, "NewsLines/HeadLine") or _own_line(component) or nitf.headline(component)
    if notice := kill(title):
        return notice
    published = first(item, "NewsManagement/FirstCreated", "Identification/NewsIdentifier/DateId")
    changed = first(item, "NewsManagement/ThisRevisionCreated")
    fields: dict[str, Any] = {
        "title": title,
        "subtitle": first(component, "NewsLines/SubHeadLine"),
        "byline": next((text for e in above if (text := first(e, "NewsLines/ByLine"))), None) or nitf.byline(component),
        "published": published,
        "modified": changed if changed != published else None,
        "language": attribute(
            item,
            ".//DescriptiveMetadata/Language@FormalName",
            f"@{LANG}",
            f".//HeadLine@{LANG}",
            f".//NewsComponent@{LANG}",
        ),
        **_provider(item),
        **_content(texts, title),
    }
    return {name: value for name, value in fields.items() if value}


def _own_line(component: etree._Element) -> str | None:
    """A headline under NewsML's way to add a kind of line that it does not know."""
    for element in component.iterfind("NewsLines/NewsLine"):
        if (attribute(element, "NewsLineType@FormalName") or "").casefold() in ("headline", "title"):
            return first(element, "NewsLineText")
    return None


def _provider(item: etree._Element) -> dict[str, str]:
    return publisher(
        (
            attribute(item, ".//AdministrativeMetadata/Provider/Party@FormalName"),
            attribute(item, ".//AdministrativeMetadata/Source/Party@FormalName"),
            first(item, "Identification/NewsIdentifier/ProviderId"),
        )
    )


def _content(texts: list[etree._Element], title: str | None) -> dict[str, str]:
    contents = [data.findall(".//body.content") or data.findall(".//body") or [data] for data in texts]
    return body([content for found in contents for content in found], title)
