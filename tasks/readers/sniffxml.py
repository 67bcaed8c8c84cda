"""Which XML or SGML format a file is in: by its root element, or what stands in one that only holds others."""

from __future__ import annotations

import re

from tasks.readers.xmlsplit import root_tag

_ROOTS = {
    "nitf": "nitf",
    "NewsML": "newsml",
    "NewsItem": "newsml",
    "newsitem": "newsml",
    "newsMessage": "newsml_g2",
    "newsItem": "newsml_g2",
    "packageItem": "newsml_g2",
    "conceptItem": "newsml_g2",
    "knowledgeItem": "newsml_g2",
    "planningItem": "newsml_g2",
    "catalogItem": "newsml_g2",
    "feed": "atom",
    "entry": "atom",
    "rss": "rss",
    "RSS": "rss",
    "RDF": "rss",
    "rdf": "rss",
    "REUTERS": "reuters_sgml",
}
# Documents that exports and web services put into a root of their own.
_HELD = re.compile(r"<(?:[A-Za-z_][\w.-]{0,99}:)?(nitf|NewsML|newsMessage|newsItem|newsitem)(?=[\s>])", re.A)


def xml_format(text: str) -> str:
    """The name of the format, from the first characters of a file; "" where it is none of those that are read."""
    name, attributes = root_tag(text.encode("utf-8", "replace"))
    format_ = _ROOTS.get(name, "")
    if not format_ and name and name.lower() != "html" and (held := _HELD.search(text)):
        format_ = _ROOTS[held[1]]
    return "wordpress" if format_ == "rss" and "wordpress.org/export/" in attributes else format_
