"""From the bytes of an XML item to its tree, safely: nothing is fetched, no entity is expanded, nothing goes missing.

There is no document type when the parser starts, so that it knows no entity but its own five: HTML's names become
characters before, and text that rests on an entity of the document's own is refused, since nobody has read it. What is
commonly wrong in feeds (bare ampersands and «<», control characters, unclosed <br>) is put right; an item that is not
well-formed after that is refused, because a parser that guesses loses text without a word.
"""

from __future__ import annotations

import codecs
import html
import html.entities
import re
from collections.abc import Iterator
from contextlib import suppress

from lxml import etree

from tasks.readers.decode import LineDecoder
from tasks.readers.items import Problem
from tasks.readers.xmlsplit import root_tag

MAX_TAGS = 400_000  # of one item: libxml2 takes some 150 bytes for each

# Spellings of namespaces whose elements are called by their bare names whatever their prefix, and of those that get a
# prefix of their own.
_BARE = (
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://channel.netscape.com/rdf/simple/0.9/",
    "http://backend.userland.com/rss2",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://www.w3.org/2005/atom",
    "http://purl.org/atom/ns#",
    "http://www.w3.org/1999/xhtml",
    "http://iptc.org/std/nar/2006-10-01/",
    "http://iptc.org/std/nitf/2006-10-18/",
    "http://iptc.org/std/nitf/2006-10-18",
    "http://iptc.org/std/newsml/2003-10-10/",
)
_PREFIXES = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/2007/app": "app",
    "http://purl.org/atom/app#": "app",
}
_SPELT = {prefix: uri for uri, prefix in reversed(_PREFIXES.items())}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_DECLARED_ENTITY = re.compile(r"<!ENTITY\s{1,99}(?:%\s{1,99})?([\w.:-]{1,200})")
_XMLNS = re.compile(r"\sxmlns(?::([\w.-]{1,99}))?\s{0,9}=\s{0,9}(?:\"([^\"<]{0,999})\"|'([^'<]{0,999})')", re.A)
_PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]{0,99}):[A-Za-z_]", re.A)
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile(
    r"(?P<kept><!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z))"
    r"|&(?:\#(?P<decimal>\d{1,7});|\#[xX](?P<hex>[0-9A-Fa-f]{1,6});|(?P<name>[A-Za-z_][\w.-]{0,99});)?"
    r"|<(?![A-Za-z_/!?])|\]\]>",
    re.S,
)
_PREDEFINED = frozenset(("lt", "gt", "amp", "quot", "apos"))
_VOID = re.compile(r"<((?:br|hr|img|wbr|col|embed|source|input|area)\b[^<>]{0,9999})(?<!/)>", re.I)
# Encodings by their names in the wild, and as the web reads them: ISO 8859-1 means Windows-1252.
_AS_READ = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
_LABELS = {"gb_2312-80": "gb2312", "windows-31j": "cp932", "windows-874": "cp874", "iso-8859-8-i": "iso-8859-8"}
_CODE_PAGE = re.compile(r"(?:cp|win|windows)[-_]?(\d{3,4})")
_OTHERS = re.compile(
    r"cp(?:125\d|874|932|949|437|85\d|866)|iso8859-\d{1,2}|koi8-[rut]|gb18030|big5hkscs|euc_jp|euc_jis_2004|mac-\w+"
)


class ItemParser:
    """Parses the items of one file, each by itself.

    ``prolog`` and ``head`` are what stands in front of the first item: they tell its encoding and its namespaces.
    ``entities`` are the names of those that the file's document types declare.
    """

    def __init__(self, prolog: bytes, head: bytes) -> None:
        declared = _DECLARED_ENCODING.search(prolog[:1024])
        self._encoding = _codec(declared[1].decode()) if declared else None
        self._lines = LineDecoder()
        self._namespaces = _namespaces(root_tag(head)[1], with_default=True)
        for prefix, uri in _namespaces(head.decode("utf-8", "replace")).items():
            self._namespaces.setdefault(prefix, uri)
        self.entities: frozenset[str] = frozenset()

    def decode(self, data: bytes) -> str | None:
        """The text: UTF-8 wherever it is that, else in the encoding declared, else Windows-1252; None if in none."""
        if self._encoding and not _is_utf8(data):
            try:
                return data.decode(self._encoding)
            except UnicodeDecodeError:
                return None
        return self._lines.decode(data)

    def parse(self, data: bytes) -> etree._Element | Problem:
        """The item's element, its tags without namespaces (`content_encoded` and the like keep a prefix)."""
        text = self.decode(data)
        if text is None:
            return Problem("undecodable_text", "is in no encoding that could be established")
        if text.count("<") > MAX_TAGS:
            return Problem("oversize_record", f"has more than {MAX_TAGS:,} tags")
        try:
            text = repair(text, self.entities)
        except _UnknownTextError as error:
            return Problem(
                "unsafe_xml",
                f"rests on the entity &{error};, which the document declares itself and which is not expanded",
            )
        problem = ""
        for mended in self._attempts(text):
            try:
                root = etree.fromstring(mended.encode(), _parser())
            except etree.XMLSyntaxError as error:
                problem = _words(error)
            else:
                return _renamed(root)
        return Problem("malformed_xml", f"is not well-formed XML: {problem}")

    def _attempts(self, text: str) -> Iterator[str]:
        """The item in a root of its own: as it is, with all prefixes declared, and with empty elements closed."""
        yield f"{_wrapper(self._namespaces)}{text}</x>"
        used = {prefix: _SPELT.get(prefix, prefix) for prefix in sorted(set(_PREFIX.findall(text)) - {"xml", "xmlns"})}
        start = _wrapper(used | self._namespaces)
        yield f"{start}{text}</x>"
        closed = _VOID.sub(r"<\1/>", text)
        yield f"{start}{closed}</x>"

    def parse_head(self, data: bytes) -> etree._Element:
        """What stands in front of the first item, as far as it can be read: it describes the file, and is no item."""
        text = repair(self.decode(data) or data.decode("ascii", "ignore"))
        root = etree.fromstring(f"{_wrapper(self._namespaces)}{text}".encode(), _parser(recover=True))
        return etree.Element("x") if root is None else _renamed(root)


def declared_entities(doctypes: bytes) -> frozenset[str]:
    """The names of all entities that document types declare."""
    return frozenset(_DECLARED_ENTITY.findall(doctypes.decode("utf-8", "replace")))


def _namespaces(text: str, with_default: bool = False) -> dict[str, str]:
    """Prefixes and URIs that start tags declare; under "" the default one, which holds only inside its element."""
    found = {match[1] or "": match[2] or match[3] or "" for match in _XMLNS.finditer(_ILLEGAL.sub("", text))}
    return {prefix: uri for prefix, uri in found.items() if prefix or with_default}


def _wrapper(namespaces: dict[str, str]) -> str:
    """The start tag of an element that declares namespaces."""
    declared = (
        f' xmlns{":" * bool(prefix)}{prefix}="{html.escape(uri or (prefix and "x"))}"'
        for prefix, uri in namespaces.items()
        if prefix not in ("xml", "xmlns")
    )
    return f"<x{''.join(declared)}>"


class _UnknownTextError(ValueError):
    """Text that stands in an entity declared by the document."""


def repair(text: str, entities: frozenset[str] = frozenset()) -> str:
    """The text as XML that says the same: HTML's entities as characters, bare «&» and «<» escaped, no controls.

    _UnknownTextError where it refers to one of ``entities``.
    """

    def replaced(match: re.Match[str]) -> str:
        if match["kept"]:
            return match[0]
        if number := match["decimal"] or match["hex"]:
            code = int(number, 10 if match["decimal"] else 16)
            return match[0] if code <= 0x10FFFF and not _ILLEGAL.match(chr(code)) else ""
        name = match["name"]
        if name in _PREDEFINED:
            return match[0]
        if name and (characters := html.entities.html5.get(f"{name};")):
            return "".join(f"&#{ord(c)};" for c in characters)
        if name in entities:
            raise _UnknownTextError(name)
        return html.escape(match[0])

    return _SPECIAL.sub(replaced, _ILLEGAL.sub("", text))


def _renamed(root: etree._Element) -> etree._Element:
    """The first element inside, its elements called by their bare names where they are its own kind."""
    item = root[0] if len(root) else root
    own = _uri(item)  # agencies and generators make up versions of namespaces
    for element in root.iter(etree.Element):
        with suppress(ValueError):  # a broken head may hold names that are none; no reader looks for them
            element.tag = _name(element, own)
    return item


def _parser(recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _uri(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[0][1:].lower()


def _name(element: etree._Element, own: str) -> str:
    """The element's name, with a prefix where it has one and is of another vocabulary than the item."""
    uri, name = _uri(element), str(element.tag).rpartition("}")[2].replace(":", "_")  # a broken head may keep a colon
    prefix = None if uri in _BARE or uri == own else _PREFIXES.get(uri) or element.prefix
    return f"{prefix}_{name}" if prefix else name


def _words(error: etree.XMLSyntaxError) -> str:
    return re.sub(r", line \d+, column \d+.*", "", str(error.msg)).rstrip(".").lower()[:200]


def _codec(name: str) -> str | None:
    """Python's codec for a declared encoding other than UTF-8; None where it is UTF-8, unknown or no text encoding."""
    name = name.lower().removeprefix("x-")
    try:
        found = codecs.lookup(_LABELS.get(name) or _CODE_PAGE.sub(r"cp\1", name)).name
    except LookupError:
        return None
    found = _AS_READ.get(found, found)
    return found if _OTHERS.fullmatch(found) else None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
