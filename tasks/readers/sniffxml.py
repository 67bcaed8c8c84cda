"""Which XML or SGML format a file is in: by its root element."""

from __future__ import annotations

import re

MAX_PROLOG = 64 * 1024  # characters in front of the root element

# A declaration, a comment, or a document type, its subset in brackets; then the root's start tag.
_PROLOG = re.compile(
    r"\s+|<\?.{0,9999}?\?>|<!--.{0,19999}?-->|<!DOCTYPE[^<>\[]{0,999}(?:\[(?:[^\]\"']|\"[^\"]*\"|'[^']*'){0,59999}\]\s{0,99})?>",
    re.S,
)
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,99}:)?([A-Za-z_][\w.-]{0,99})([^<>]{0,9999})", re.S)
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
    at = 0
    while at < min(len(text), MAX_PROLOG) and (match := _PROLOG.match(text, at)):
        at = match.end()
    root = _ROOT.match(text, at)
    if root is None:
        return ""
    format_ = _ROOTS.get(root[1], "")
    return "wordpress" if format_ == "rss" and "wordpress.org/export/" in root[2] else format_
