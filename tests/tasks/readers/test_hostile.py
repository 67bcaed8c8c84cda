"""No file makes a reader hang: what is long, never closed or all white space takes time in proportion to its size."""

from pathlib import Path

import pytest

from tasks.readers.htmlcharset import decode_page
from tasks.timelimit import limited, watching
from tests.tasks.readers.reading import read, verdicts

SECONDS = 15  # far more than any of these takes, and far less than the square of its size would
N = 500_000
SPACE = " " * N


def rss(text: str, head: str = "") -> str:
    return f"<rss>{head}<item><title>One</title><description>{text}</description></item></rss>"


def nitf(holder: str) -> str:
    docdata = f'<head><docdata><doc.copyright holder="{holder}"/></docdata></head>'
    return f"<nitf>{docdata}<body><body.head><hedline><hl1>One</hl1></hedline></body.head></body></nitf>"


def newsml_g2(tail: str) -> str:
    text = f"<inlineXML><html><body><p>It sails.</p>{tail}</body></html></inlineXML>"
    headline = "<contentMeta><headline>One</headline></contentMeta>"
    return f"<newsItem guid='a'>{headline}<contentSet>{text}</contentSet></newsItem>"


def reuters(text: str) -> str:
    return f"<REUTERS><TEXT><TITLE>One</TITLE><BODY>It sails.{text}</BODY></TEXT></REUTERS>"


def page(byline: str) -> str:
    byline = f"<address rel='author'>{byline}</address>"
    return f"<html><body><article><h1>The ferry sails again</h1>{byline}<p>{'It sails again. ' * 40}</p></article></body></html>"


FILES = {
    "comments that begin once a control character is gone": (rss("<\ufffe!--" * 200_000), ["malformed_xml"]),
    "instructions that begin so": (rss("<\ufffe?" * 200_000), ["malformed_xml"]),
    "a section in the head that is longer than what is kept of it": (rss("", f"{'<![CDATA[' * N}]]>"), ["One"]),
    "document types": (f"<rss>{'<!DOCTYPE' * N}", ["malformed_xml"]),
    "internal subsets": (rss("", "<!DOCTYPE[" * N), ["One"]),
    "comments in internal subsets": (rss("", "<!DOCTYPE[<!--" * N), ["malformed_xml"]),
    "a document type for every item": (f"<rss>{'<!DOCTYPE a[<!ENTITY b>]><item/>' * 25_000}</rss>", ["-"] * 25_000),
    "tags": (f"<rss>{'<item ' * 50_000}", ["malformed_xml"] * 50_000),
    "quotes in a tag": (rss("", f"""<item a="{"<item '" * 1_000}{'"' * N}"""), ["malformed_xml"] * 1_001 + ["One"]),
    "an author of nothing but signs": (rss("</description><author>" + "@" * N + "</author><description>"), ["One"]),
    "many such authors": (
        rss("</description>" + f"<author>{'@' * 400}</author>" * 20_000 + "<description>"),
        ["One"],
    ),
    "space behind a paragraph": (newsml_g2(SPACE), ["One"]),
    "space around a holder of rights": (nitf(f"{SPACE}x{SPACE}y"), ["One"]),
    "stops in front of a holder's rights": (nitf("." * N), ["One"]),
    "space in a text": (reuters(f"{SPACE}x"), ["One"]),
    "lines in a text": (reuters("\nReuter" + "\n" * N + "x"), ["One"]),
}


@pytest.mark.parametrize("name", FILES)
def test_no_xml_makes_its_reader_hang(tmp_path: Path, name: str) -> None:
    text, expected = FILES[name]
    with watching(SECONDS), limited("", 1, "read"):
        assert verdicts(read(tmp_path, "a.xml", text.encode())) == expected


@pytest.mark.parametrize("byline", [f"Ann Lee{SPACE}x", "Ann Lee" + " ." * N], ids=["space", "words"])
def test_no_byline_makes_the_reader_of_pages_hang(tmp_path: Path, byline: str) -> None:
    with watching(SECONDS), limited("", 1, "read"):
        assert verdicts(read(tmp_path, "a.html", page(byline).encode())) == ["The ferry sails again"]


@pytest.mark.parametrize("filler", ["a", "a1", "é", " "])
def test_no_bytes_make_the_search_for_their_charset_hang(filler: str) -> None:
    with watching(SECONDS), limited("", 1, "read"):
        decode_page(f"<html><p>Größe {filler * N}".encode("cp1252"))
