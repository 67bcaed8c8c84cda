import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.normalise.markup import MAX_LINKS, Paragraph, html_paragraphs, join, markdown_paragraph, plain_paragraph

MARKDOWN = st.lists(
    st.sampled_from(["[", "]", "(", ")", "![", "](#)", "](https://e.example/a)", "word", " ", "\n", "é", "e", "\u0301"])
)
HTML = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<a href='/x'>",
            "</a>",
            "<br>",
            "<b>",
            "</b>",
            "<q>",
            "</q>",
            "<script>",
            "</script>",
            "<div>",
            "</div>",
            "<ul><li>",
            "<table><td>",
            "&amp;",
            "&lt;",
            "<!--",
            "-->",
            "word",
            " ",
            "\n",
            "e",
            "\u0301",
            "\x00",
            "<",
            ">",
            "]]>",
        ]
    )
)


def test_blank_lines_part_paragraphs_where_lines_are_set_as_they_were_typed() -> None:
    found = html_paragraphs("<p>One\n\ntwo</p><pre>Three\nfour\n \r\n<b>Five</b>\n\n\n</pre>Six\n\nseven")
    assert [paragraph.text for paragraph in found] == ["One two", "Three four", "Five", "Six seven"]


def links(paragraph: Paragraph) -> list[tuple[str, str]]:
    return [(paragraph.text[a.start : a.end], a.url) for a in paragraph.links]


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("She [told](#) us.", "She told us.", [("told", "#")]),
        (
            'See [the plan](https://e.example/a_(b) "Title") now',
            "See the plan now",
            [("the plan", "https://e.example/a_(b)")],
        ),
        ("[a](/1) and [b](/2)", "a and b", [("a", "/1"), ("b", "/2")]),
        ("The [Venezuelan] envoy [sic]", "The [Venezuelan] envoy [sic]", []),
        ("[Venezuela](who else?) said", "[Venezuela](who else?) said", []),
        ("A ![photo](https://e.example/p.jpg) here", "A here", []),
        ("[ spaced ](#) out", "spaced out", [("spaced", "#")]),
        ("[[1] note](/n)", "[1] note", [("[1] note", "/n")]),
        ("[![logo](/l.png)](/home) text", "text", []),
        ("open [ and ] close ](#)", "open [ and ] close ](#)", []),
        ("[](#)", None, []),
        (" \n ", None, []),
    ],
)
def test_markdown(source: str, text: str | None, found: list[tuple[str, str]]) -> None:
    paragraph = markdown_paragraph(source)
    assert (paragraph and paragraph.text) == text
    assert (links(paragraph) if paragraph else []) == found


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("<p>One.</p><p>Two.</p>", ["One.", "Two."]),
        ("One.<br>Still one.<br><br>Two.", ["One. Still one.", "Two."]),
        ("<p>One <b>bold</b>er <i>step</i>.</p>", ["One bolder step."]),
        ("<div>One.<div>Two.</div>Three.</div>", ["One.", "Two.", "Three."]),
        ("<ul><li>One</li><li>Two</li></ul>", ["One", "Two"]),
        ("<p>One.</p><script>alert(1)</script><style>p {}</style><p>Two.</p>", ["One.", "Two."]),
        ("<nav>Home</nav><figure><figcaption>Photo</figcaption></figure><p>One.</p><form>Search</form>", ["One."]),
        ("<p>He said <q>no</q>.</p>", ["He said “no”."]),
        ("<p>Fish &amp;amp; chips &#163;5</p>", ["Fish & chips £5"]),
        ("<html><head><title>x</title></head><body><p>One.</p></body></html>", ["One."]),
        ("<?xml version='1.0' encoding='latin-1'?><p>é</p>", ["é"]),
        ("<p>One <!-- hidden -->two</p>", ["One two"]),
        ("plain", ["plain"]),
        ("<p>unclosed <b>tags", ["unclosed tags"]),
        ("<p>\u00a0</p><p> </p>", []),
        ("", []),
        ("<", ["<"]),
    ],
)
def test_html(source: str, texts: list[str]) -> None:
    assert [p.text for p in html_paragraphs(source)] == texts


def test_html_links() -> None:
    (one, two) = html_paragraphs(
        '<p>She <a href="/a">told  <b>us</b> </a>so.</p><p><a name="x">No</a> <a href="">yes</a></p>'
    )
    assert links(one) == [("told us", "/a")]
    assert links(two) == [("yes", "")]


def test_a_link_around_paragraphs_is_one_in_each() -> None:
    paragraphs = html_paragraphs("<a href='/a'><p>One</p><p>Two</p></a><p>Three</p>")
    assert [links(p) for p in paragraphs] == [[("One", "/a")], [("Two", "/a")], []]


def test_no_entity_is_expanded_and_no_file_read() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "boom"><!ENTITY f SYSTEM "file:///etc/hostname">]><p>&x; &f; end</p>'
    assert [p.text for p in html_paragraphs(bomb)][-1].endswith("end")
    assert "boom" not in html_paragraphs(bomb)[-1].text


def test_joining_moves_the_links_along() -> None:
    paragraphs = [p for p in map(markdown_paragraph, ["One [two](/2).", "[Three](/3) four."]) if p]
    text, anchors = join(paragraphs)
    assert text == "One two.\n\nThree four."
    assert [(text[a.start : a.end], a.url) for a in anchors] == [("two", "/2"), ("Three", "/3")]


def test_links_are_limited() -> None:
    paragraph = markdown_paragraph("[a](#) " * (MAX_LINKS + 500))
    assert paragraph is not None
    assert len(join([paragraph])[1]) == MAX_LINKS
    assert len(html_paragraphs("<a href='/'>a</a> " * (MAX_LINKS + 500))[0].links) <= MAX_LINKS


def test_plain_paragraphs() -> None:
    assert plain_paragraph("One\n  two") == Paragraph("One two")
    assert plain_paragraph(" ") is None


def check(paragraphs: list[Paragraph]) -> None:
    text, anchors = join(paragraphs)
    assert all(p.text and p.text == " ".join(p.text.split()) for p in paragraphs)
    for anchor in anchors:
        span = text[anchor.start : anchor.end]
        assert span
        assert span == span.strip()
        assert "\n" not in span


@given(MARKDOWN.map("".join) | st.text())
def test_any_markdown_gives_clean_text_and_links_that_stand_in_it(source: str) -> None:
    paragraph = markdown_paragraph(source)
    check([paragraph] if paragraph else [])


@given(HTML.map("".join) | st.text())
def test_any_html_gives_clean_text_and_links_that_stand_in_it(source: str) -> None:
    check(html_paragraphs(source))
