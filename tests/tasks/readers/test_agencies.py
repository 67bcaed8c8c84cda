"""What agencies write into NITF, NewsML and NewsML-G2 beyond the golden files."""

from pathlib import Path
from typing import Any

import pytest

from tests.tasks.readers.reading import fields, normalised, read, verdicts

BODY = "<p>The ferry sails again, captain Ida Moss said.</p><p>She thanked the dock workers.</p>"
TEXT = "The ferry sails again, captain Ida Moss said.\n\nShe thanked the dock workers."
XHTML = f'<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body>{BODY}</body></html></inlineXML>'


def nitf(content: str = BODY, head: str = "<byline>By Ann Lee</byline>", attributes: str = "") -> bytes:
    body = f"<body.head><hedline><hl1>Ferry</hl1></hedline>{head}</body.head><body.content>{content}</body.content>"
    return f"<nitf{attributes}><body>{body}</body></nitf>".encode()


def newsml(component: str, attributes: str = "") -> bytes:
    return f"<NewsML{attributes}><NewsItem><NewsComponent>{component}</NewsComponent></NewsItem></NewsML>".encode()


def g2(meta: str, content: str = XHTML, uri: str = "http://iptc.org/std/nar/2006-10-01/", title: str = "") -> bytes:
    return (
        f'<newsItem xmlns="{uri}" xml:lang="de"><itemMeta><itemClass qcode="ninat:text"/>{title}</itemMeta>'
        f"<contentMeta>{meta}</contentMeta><contentSet>{content}</contentSet></newsItem>"
    ).encode()


@pytest.mark.parametrize(
    "data",
    [
        nitf(attributes=' xmlns="http://nitf.example/2012/"'),
        nitf().replace(b"<", b"<n:").replace(b"<n:/", b"</n:").replace(b"n:nitf>", b'n:nitf xmlns:n="urn:n">', 1),
        newsml(
            f"<NewsLines><HeadLine>Ferry</HeadLine></NewsLines><ContentItem><DataContent>{BODY}</DataContent></ContentItem>",
            ' xmlns="http://iptc.example/NewsML/2004/"',
        ),
        g2("<headline>Ferry</headline>", uri="http://iptc.example/nar/2011/"),
        b"<Envelope><Body>" + nitf() + b"</Body></Envelope>",
        b'<?xml version="1.0"?><wire day="3"><x>1</x>' + g2("<headline>Ferry</headline>") + b"</wire>",
    ],
    ids=["nitf", "nitf with prefix", "newsml", "newsml-g2", "nitf in an envelope", "newsml-g2 in an envelope"],
)
def test_a_vocabulary_is_known_by_its_elements_under_any_namespace_and_in_any_root(tmp_path: Path, data: bytes) -> None:
    row = normalised(tmp_path, "a.xml", data)
    assert (row["title"], row["text"]) == ("Ferry", TEXT)


@pytest.mark.parametrize(
    ("head", "content", "authors"),
    [
        ("<byline><person>Ann Lee</person> and <person>Bo Marsh</person></byline>", BODY, ["Ann Lee", "Bo Marsh"]),
        ("<byline><person>Ann Lee</person><person>Bo Marsh</person></byline>", BODY, ["Ann Lee", "Bo Marsh"]),
        (
            "<byline>By <person><name.given>Ann</name.given><name.family>Lee</name.family></person></byline>",
            BODY,
            ["Ann Lee"],
        ),
        ("", f'<p class="byline">By Ann Lee</p>{BODY}', ["Ann Lee"]),
        ("", f"<byline>By Ann Lee</byline>{BODY}", ["Ann Lee"]),
        ("", f'{BODY}<figure><p class="byline">Bo Marsh</p></figure>', []),
    ],
)
def test_bylines_of_nitf(tmp_path: Path, head: str, content: str, authors: list[str]) -> None:
    row = normalised(tmp_path, "a.xml", nitf(content, head))
    assert (row["authors"], row["text"]) == (authors, TEXT)


@pytest.mark.parametrize(
    "content",
    [
        f"<![CDATA[{BODY}]]>",
        TEXT,
        f"<block>{TEXT.replace('ferry', '<location>ferry</location>')}</block>",
        BODY.replace("<p>", "<block>").replace("</p>", "</block>"),
        f"{BODY}<note><body.content><p>Eds: moves to all points.</p></body.content></note>",
    ],
    ids=["escaped HTML", "lines", "lines with names", "blocks", "note to editors"],
)
def test_texts_of_nitf(tmp_path: Path, content: str) -> None:
    assert normalised(tmp_path, "a.xml", nitf(content))["text"] == TEXT


def test_a_headline_may_stand_in_a_line_of_a_kind_of_its_own(tmp_path: Path) -> None:
    lines = (
        '<NewsLines><SlugLine>FERRY</SlugLine><NewsLine><NewsLineType FormalName="Headline"/>'
        "<NewsLineText>Ferry</NewsLineText></NewsLine></NewsLines>"
    )
    found = fields(tmp_path, "a.xml", newsml(f"{lines}<ContentItem><DataContent>{BODY}</DataContent></ContentItem>"))
    assert [record["title"] for record in found] == ["Ferry"]


def test_components_that_only_repeat_the_headline_are_no_text(tmp_path: Path) -> None:
    parts = {
        "Title": "Ferry",
        "Lead": "The ferry sails again, captain Ida Moss said.",
        "Body": "She thanked the dock workers.",
    }
    components = "".join(
        f'<NewsComponent><Role FormalName="{role}"/><ContentItem><DataContent>{text}</DataContent></ContentItem></NewsComponent>'
        for role, text in parts.items()
    )
    row = normalised(tmp_path, "a.xml", newsml(f"<NewsLines><HeadLine>Ferry</HeadLine></NewsLines>{components}"))
    assert row["text"] == TEXT


RCV1 = f"""<newsitem itemid="7" date="1996-08-20" xml:lang="en"><title>NORWAY: Ferry sails.</title>
<headline>Ferry sails.</headline><byline>Ann Lee</byline><dateline>MOSS 1996-08-20</dateline><text>{BODY}</text>
<copyright>(c) Courier</copyright><metadata><codes class="x"><code code="NOR"/></codes>
<dc element="dc.publisher" value="Courier Holdings"/></metadata></newsitem>"""


def test_the_news_items_of_reuters_corpus(tmp_path: Path) -> None:
    row = normalised(tmp_path, "7newsML.xml", RCV1.encode())
    assert (row["title"], row["authors"], row["text"]) == ("Ferry sails.", ["Ann Lee"], TEXT)
    assert (str(row["published_on"]), row["publisher_name"]) == ("1996-08-20", "Courier Holdings")
    many = f"<?xml version='1.0'?><items>{RCV1 * 2}</items>".encode()
    assert verdicts(read(tmp_path, "a.xml", many)) == ["Ferry sails.", "Ferry sails."]


@pytest.mark.parametrize(
    ("meta", "title", "expected"),
    [
        ('<headline xml:lang="en">Ferry sails</headline><headline xml:lang="de">Die Fähre</headline>', "", "Die Fähre"),
        ('<headline rank="2">Second</headline><headline rank="1">First</headline>', "", "First"),
        ('<headline xml:lang="en">Ferry sails</headline>', "<title>Die Fähre</title>", "Ferry sails"),
        (
            '<headline role="hld:slug">FERRY/1</headline><headline role="hld:main">Ferry sails</headline>',
            "",
            "Ferry sails",
        ),
        ("<slugline>FERRY</slugline>", "<title>Die Fähre fährt</title>", "Die Fähre fährt"),
        ("", "<title>FERRY-REPAIRS</title>", None),
    ],
)
def test_the_headline_of_newsml_g2(tmp_path: Path, meta: str, title: str, expected: str | None) -> None:
    [found] = fields(tmp_path, "a.xml", g2(meta, title=title))
    assert found.get("title") == expected


def test_a_byline_in_the_page_of_newsml_g2(tmp_path: Path) -> None:
    page = XHTML.replace("<body>", '<body><header><h1>Ferry</h1><p class="byline">By Ann Lee</p></header>')
    row: dict[str, Any] = normalised(tmp_path, "a.xml", g2("", page))
    assert (row["title"], row["authors"], row["text"]) == ("Ferry", ["Ann Lee"], TEXT)


NOTICES = ["KILL: Ferry", "KILL - Ferry", "BC-KILL-Ferry", "MANDATORY KILL: Ferry", "WITHDRAWN-Ferry", "KILL NOTICE"]
STORIES = ["Killer whales return", "KILLERS SOUGHT - police", "CORRECTED-Ferry", "Kill: A film by Bo Marsh", "SKILL: x"]


@pytest.mark.parametrize(
    ("title", "verdict"), [(t, "not_an_article") for t in NOTICES] + [(title, title) for title in STORIES]
)
def test_a_notice_that_takes_a_story_back_is_no_article(tmp_path: Path, title: str, verdict: str) -> None:
    body = f"<ContentItem><DataContent>{BODY}</DataContent></ContentItem>"
    one = newsml(f"<NewsLines><HeadLine>{title}</HeadLine></NewsLines>{body}")
    wire = f"\x01eca011 3 pol 112 dpa 0011\r\n\x02{title} =\r\n\r\nIt sails.\r\n\x03031015 GMT May 24\r\n\x04".encode()
    for data in (nitf().replace(b">Ferry<", f">{title}<".encode()), one, g2(f"<headline>{title}</headline>"), wire):
        assert verdicts(read(tmp_path, "a.xml", data)) == [verdict]


def test_the_text_of_newsml_g2_in_the_items_language(tmp_path: Path) -> None:
    english = XHTML.replace("<inlineXML>", '<inlineXML xml:lang="en">').replace(BODY, "<p>No.</p>")
    pages = english + XHTML.replace("<inlineXML>", '<inlineXML xml:lang="de">')
    assert normalised(tmp_path, "a.xml", g2("<headline>Ferry</headline>", pages))["text"] == TEXT


@pytest.mark.parametrize(("notation", "verdict"), [("none", "Ferry"), ("Base64", "missing_text")])
def test_an_encoding_around_a_content(tmp_path: Path, notation: str, verdict: str) -> None:
    content = f'<ContentItem><Encoding Notation="{notation}"><DataContent>{BODY}</DataContent></Encoding></ContentItem>'
    data = newsml(f"<NewsLines><HeadLine>Ferry</HeadLine></NewsLines>{content}")
    assert verdicts(read(tmp_path, "a.xml", data)) == [verdict]
