"""Which XML or SGML format a file is in: by its root element."""

from __future__ import annotations

from tasks.readers.xmlsplit import root_tag

_ROOTS = {
    "nitf": "nitf",
    "NewsML": "newsml",
    "NewsItem": "newsml",
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
    "RDF": "rss",
    "rdf": "rss",
    "REUTERS": "reuters_sgml",
}


def xml_format(text: str) -> str:
    """The name of the format, from the first characters of a file; "" where it is none of those that are read."""
    name, attributes = root_tag(text.encode("utf-8", "replace"))
    format_ = _ROOTS.get(name, "")
    return "wordpress" if format_ == "rss" and "wordpress.org/export/" in attributes else format_
