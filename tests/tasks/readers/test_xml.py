import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tasks.readers.compress import Stream
from tasks.readers.options import ReadOptions
from tasks.readers.xmlparse import ItemParser, repair
from tasks.readers.xmlsplit import Document
from tasks.records import RawRecord, Rejection
from tests.tasks.readers.reading import fields, read, verdicts

GOLDEN = Path(__file__).parent / "golden"
XML_FILES = sorted(
    path
    for name in ("nitf", "newsml", "newsml_g2", "rss", "atom", "wordpress", "reuters_sgml", "iptc7901", "anpa")
    for path in (GOLDEN / name).iterdir()
    if not path.name.endswith(".json")
)
relaxed = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


def nitf(text: str, title: str = "Ferry sails again", prolog: str = "") -> bytes:
    return f"{prolog}<nitf><head><title>{title}</title></head><body><body.content>{text}</body.content></body></nitf>".encode()


def rss(*items: str) -> bytes:
    return f"<rss><channel><title>Courier</title>{''.join(items)}</channel></rss>".encode()


def item(title: str, text: str = "It sails.") -> str:
    return f"<item><title>{title}</title><description>{text}</description></item>"


class Trickle(io.RawIOBase):
    """A file that gives a few bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        self._file, self._size = io.BytesIO(data), size

    def read(self, size: int = -1) -> bytes:
        return self._file.read(self._size)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMBS = {
    "laughs": (f"<!DOCTYPE nitf [<!ENTITY l0 'ha'>{LAUGHS}]>", "&l9;"),
    "quadratic": (f"<!DOCTYPE nitf [<!ENTITY a '{'x' * 50_000}'>]>", "&a;" * 1_000),
    "file": ("<!DOCTYPE nitf [<!ENTITY x SYSTEM 'file://{secret}'>]>", "&x;"),
    "web": ("<!DOCTYPE nitf [<!ENTITY x PUBLIC 'p' 'http://127.0.0.1:9/x'>]>", "&x;"),
    "parameter": ("<!DOCTYPE nitf [<!ENTITY % f SYSTEM 'file://{secret}'><!ENTITY % g '%f;'>%g;]>", "&f;"),
    "attribute": ("<!DOCTYPE nitf [<!ENTITY x SYSTEM 'file://{secret}'>]>", "<a href='&x;'>here</a>"),
    "hidden in a comment's quote": (
        "<!DOCTYPE nitf [<!-- \" -->\n<!ENTITY x SYSTEM 'file://{secret}'> <!-- ' -->]>",
        "&x;",
    ),
    "second document type": (
        "<?xml version='1.0'?><!DOCTYPE a><!DOCTYPE b [<!ENTITY x SYSTEM 'file://{secret}'>]>",
        "&x;",
    ),
}


@pytest.mark.parametrize(("prolog", "text"), BOMBS.values(), ids=BOMBS)
def test_entities_of_a_document_are_never_expanded(tmp_path, prolog, text):
    secret = tmp_path / "secret"
    secret.write_text("root:x:0")
    prolog = prolog.replace("{secret}", str(secret))
    [found] = read(tmp_path, "a.xml", nitf(f"<p>Before {text} behind.</p>", prolog=prolog))
    assert isinstance(found, Rejection)
    assert found.reason_code == "unsafe_xml"
    assert "root:x:0" not in found.reason
    assert len(found.raw) < 100_000


def test_a_document_type_that_no_text_rests_on_is_no_harm(tmp_path):
    prolog = "<!DOCTYPE nitf SYSTEM 'http://127.0.0.1:9/nitf.dtd' [<!ENTITY x SYSTEM 'file:///etc/passwd'> <!ELEMENT p ANY>]>"
    [found] = fields(tmp_path, "a.xml", nitf("<p>Caf&eacute; &AMP; &#8220;tea&#x201D;&nbsp;room</p>", prolog=prolog))
    assert found["text"] == "<p>Café &amp; “tea”\u00a0room</p>"


@pytest.mark.parametrize(
    ("found", "mended"),
    [
        ("AT&T; &copy; &unknown;", "AT&amp;T; &#169; &amp;unknown;"),
        ("a & b && c &amp; d", "a &amp; b &amp;&amp; c &amp; d"),
        ("3 < 4 <p>x</p> <", "3 &lt; 4 <p>x</p> &lt;"),
        ("a\x00b\x1f&#3;&#x1F;&#xFFFF;&#1114112;c", "abc"),
        ("<![CDATA[&copy; & < \x02]]>&copy;", "<![CDATA[&copy; & < ]]>&#169;"),
        ("<!-- & --><?x & ?>&", "<!-- & --><?x & ?>&amp;"),
        ("x ]]> y", "x ]]&gt; y"),
        ('<a b="&QUOT;">', '<a b="&#34;">'),
    ],
)
def test_what_feeds_get_wrong_is_put_right(found, mended):
    assert repair(found) == mended


@pytest.mark.parametrize(
    "broken", ["<b>x", "<p><i>x</p></i>", '<a href="x>y</a>', "<a b=c>x</a>", "<a b='1' b='2'/>", "</p>"]
)
def test_what_cannot_be_put_right_is_refused_and_costs_nothing_else(tmp_path, broken):
    data = rss(item("One"), item("Two", broken), item("Three"))
    assert verdicts(read(tmp_path, "a.xml", data)) == ["One", "malformed_xml", "Three"]


def test_nesting_and_tags_without_end(tmp_path):
    assert verdicts(read(tmp_path, "a.xml", nitf("<a>" * 100_000 + "</a>" * 100_000))) == ["malformed_xml"]
    assert verdicts(read(tmp_path, "a.xml", nitf("<a/>" * 500_000))) == ["oversize_record"]
    assert verdicts(read(tmp_path, "a.xml", nitf("<!--" * 50_000))) == ["malformed_xml"]
    assert verdicts(read(tmp_path, "a.xml", b"<nitf><!DOCTYPE [" + b"'<!--" * 50_000)) == ["malformed_xml"]


@pytest.mark.parametrize(
    ("declared", "actual"),
    [
        ("utf-8", "cp1252"),
        ("iso-8859-1", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("us-ascii", "utf-8"),
        ("", "cp1252"),
        ("utf-8", "utf-8-sig"),
        ("utf-8", "utf-16"),
        ("utf-16", "utf-8"),
        ("nonsense", "utf-8"),
        ("rot13", "cp1252"),
        ("windows-1252", "cp1252"),
        ("iso-8859-15", "iso-8859-15"),
    ],
)
def test_encodings_that_lie(tmp_path, declared, actual):
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    data = nitf(
        "<p>“Zoë’s café” à Besançon, dit-elle.</p>".replace("“", "«").replace("”", "»").replace("’", "'"), prolog=prolog
    )
    [found] = fields(tmp_path, "a.xml", data.decode().encode(actual))
    assert found["text"] == "<p>«Zoë's café» à Besançon, dit-elle.</p>"


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("gb2312", "渡轮再次启航"),
        ("euc-kr", "여객선이 다시 출항했다"),
        ("shift_jis", "フェリー再出航"),
        ("koi8-r", "Паром снова ходит"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "x-"])
def test_encodings_that_are_told(tmp_path, codec, text, prefix):
    data = f'<?xml version="1.0" encoding="{prefix}{codec}"?>'.encode() + rss(item(text)).decode().encode(codec)
    assert verdicts(read(tmp_path, "a.xml", data)) == [text]


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("win-1251", "cp1251", "Паром снова ходит"),
        ("cp-1251", "cp1251", "Паром снова ходит"),
        ("windows-874", "cp874", "เรือ"),
        ("ISO-8859-8-I", "iso8859-8", "המעבורת"),
        ("x-mac-roman", "mac-roman", "Le café de Zoë"),
        ("GB_2312-80", "gb2312", "渡轮再次启航"),
    ],
)
def test_encodings_under_other_names(tmp_path, label, codec, text):
    data = f'<?xml version="1.0" encoding="{label}"?>'.encode() + rss(item(text)).decode().encode(codec)
    assert verdicts(read(tmp_path, "a.xml", data)) == [text]


def test_an_item_in_no_encoding_costs_only_itself(tmp_path):
    data = rss(item("Cafés"), item("X")).replace(b">X<", b">\xff\xfe\x81\x8d<")
    assert verdicts(read(tmp_path, "a.xml", data)) == ["Cafés", "undecodable_text"]


def test_namespaces_count_and_not_their_prefixes(tmp_path):
    data = (
        b'<f:feed xmlns:f="http://www.w3.org/2005/Atom" xmlns:media="urn:other"><f:entry><media:title>No</media:title>'
        b'<f:title>Yes</f:title><f:summary>It sails.</f:summary><missing:tag a:b="c"/></f:entry></f:feed>'
    )
    [found] = fields(tmp_path, "a.xml", data)
    assert found["title"] == "Yes"


def test_elements_of_other_vocabularies_are_part_of_an_item(tmp_path):
    data = rss('<image xmlns="urn:other"/>', item("One", "x<n:item xmlns:n='urn:n'>y</n:item>z"), item("Two"))
    assert verdicts(read(tmp_path, "a.xml", data)) == ["One", "Two"]


def test_entities_of_a_second_document_in_the_file_are_no_more_expanded(tmp_path):
    prolog = "<?xml version='1.0'?><!DOCTYPE nitf [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    data = nitf("<p>It sails.</p>") + nitf("<p>&x;</p>", prolog=prolog)
    assert verdicts(read(tmp_path, "a.xml", data)) == ["Ferry sails again", "unsafe_xml"]


def test_a_flood_of_comments_takes_linear_time(tmp_path):
    flood = "<!---->" * 100_000
    data = f"<rss>{flood}{item('One')}{flood}</rss>{flood}".encode()
    assert verdicts(read(tmp_path, "a.xml", data)) == ["One"]


def test_tags_in_comments_sections_and_the_document_type_are_none(tmp_path):
    data = (
        b"<?xml version='1.0'?><!-- <item> --><!DOCTYPE rss [<!ENTITY e '<item><title>No</title></item>'>]><rss>"
        b"<item><title>A <![CDATA[</item><item>]]></title><?x <item> ?></item><items/><item-x/><item/></rss>"
    )
    items = read(tmp_path, "a.xml", data)
    assert verdicts(items) == ["A </item><item>", "-"]


def test_a_file_that_is_cut_off_says_so(tmp_path):
    whole = rss(item("One"), item("Two"))
    assert verdicts(read(tmp_path, "a.xml", whole)) == ["One", "Two"]
    assert verdicts(read(tmp_path, "a.xml", whole[:-10])) == ["One", "Two", "malformed_xml"]
    assert verdicts(read(tmp_path, "a.xml", b"<rss><channel><title>Courier</title>")) == ["malformed_xml"]
    assert read(tmp_path, "a.xml", b"<rss><channel/></rss>") == []
    assert read(tmp_path, "a.xml", b"<rss version='2.0'/>") == []
    for cut in range(10, len(whole) - 12):
        found = verdicts(read(tmp_path, "a.xml", whole[:cut]))
        assert [v for v in found if v != "malformed_xml"] == ["One", "Two"][: whole[:cut].count(b"</item>")]
        assert found[-1] == "malformed_xml"


def test_a_record_beyond_the_limit_costs_only_itself(tmp_path):
    items = read(tmp_path, "a.xml", rss(item("One"), item("Two", "x" * 5_000), item("Three")), max_record_bytes=1_000)
    assert verdicts(items) == ["One", "oversize_record", "Three"]
    assert "5," in items[1].reason


def test_compressed_data_that_ends_early_is_reported_once(tmp_path):
    import gzip

    data = gzip.compress(rss(*(item(f"Item {n}", str(hash((n, "x"))) * 50) for n in range(200))))
    found = verdicts(read(tmp_path, "a.xml.gz", data[: len(data) // 2]))
    assert found[-1] == "corrupt_compression"
    assert "malformed_xml" not in found


@relaxed
@given(size=st.integers(1, 50))
@example(size=1)
def test_it_does_not_matter_how_the_bytes_come_in(size):
    data = (
        b"<!DOCTYPE r [<!ENTITY a '>]'>]><r a='>'><!-- <item> --><item b='>'>x<![CDATA[</item>]]></item> <n:item/><item/>"
        b"<item><item>y</item></r>"
    )

    def split(stream: Stream) -> tuple[list[tuple[bytes, bool]], bytes, bytes, bytes, bool]:
        document = Document(stream, ("item",), 1_000)
        return (
            [(i.data, i.is_cut) for i in document.items()],
            document.prolog,
            document.doctypes,
            document.head,
            document.is_cut,
        )

    expected = [
        (b"<item b='>'>x<![CDATA[</item>]]></item>", False),
        (b"<item/>", False),
        (b"<item>", True),
        (b"<item>y</item>", False),
    ]
    whole = split(Stream(io.BytesIO(data), ReadOptions()))
    assert whole == (expected, b"<!-- <item> -->", b"<!DOCTYPE r [<!ENTITY a '>]'>]>", b"<r a='>'>", False)
    assert split(Stream(Trickle(data, size), ReadOptions())) == whole


def test_a_large_file_is_read_in_little_memory(tmp_path):
    entry = item("One", "It sails. " * 2_000)
    path = tmp_path / "a.xml"
    path.write_bytes(rss(*[entry] * 400))
    tracemalloc.start()
    with path.open("rb") as file:
        document = Document(Stream(file, ReadOptions()), ("item",), 10**7)
        assert sum(1 for _ in document.items()) == 400
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert path.stat().st_size > 8_000_000
    assert peak < 2_500_000


@pytest.mark.parametrize("path", XML_FILES, ids=lambda path: path.name)
@relaxed
@given(data=st.data())
def test_damaged_files_never_raise(tmp_path, path, data):
    content = path.read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    middle = data.draw(
        st.one_of(st.binary(max_size=30), st.just(b"<item>"), st.just(b"<![CDATA["), st.just(b"&x;"), st.just(b"\x01"))
    )
    for found in read(tmp_path, path.name, content[:start] + middle + content[end:]):
        if isinstance(found, RawRecord):
            assert found.fields or found.fields == {}
        else:
            assert found.reason.endswith(".")


@relaxed
@given(
    st.binary(max_size=300),
    st.sampled_from(
        [b"<rss>", b"<feed>", b"<nitf>", b"<NewsML>", b"<REUTERS>", b"\x01a\x02", b"\x16\x01a\x02", b"ZCZC\n"]
    ),
)
def test_any_bytes_behind_a_start_never_raise(tmp_path, data, start):
    for found in read(tmp_path, "a.bin", start + data):
        assert isinstance(found, RawRecord | Rejection)


@relaxed
@given(st.text(alphabet="abc<>/&;![]CDAT-#x13\"' =:\x00\x0bé"))
def test_repaired_text_parses_or_is_refused_but_no_character_is_lost(text):
    parser = ItemParser(b"", b"")
    parsed = parser.parse(f"<p>{text}</p>".encode())
    if not hasattr(parsed, "itertext") or any(mark in text for mark in ("<", "&")):
        return
    expected = "".join(c for c in text if c not in "\x00\x0b")
    assert "".join(parsed.itertext()) == expected
