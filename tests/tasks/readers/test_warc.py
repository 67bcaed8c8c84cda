"""Web archives: what is an article, what is only counted, and how little damage costs."""

import gzip
import time
import zlib
from collections import Counter

import brotli
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.readers import ReadOptions, read_file
from tasks.readers.source import Tally
from tasks.records import RawFile, RawRecord, Rejection
from tests.tasks.readers.crawl import RESPONSE, chunked, deflate, http, members, page, record, response, text, url
from tests.tasks.readers.reading import read, verdicts

NAMES = ("Lamp", "Ferry", "Dock", "Quay")
RECORDS = [response(name) for name in NAMES]
TITLES = [f"{name} in the fog" for name in NAMES]
INFO = record("warcinfo", b"software: a crawler\r\n", media="application/warc-fields")
REQUEST = record("request", b"GET / HTTP/1.1\r\n\r\n", url("Lamp"), "application/http; msgtype=request")
ZSTD = zstandard.ZstdCompressor(write_checksum=True)


def zstd_with_dictionary(records):
    dictionary = zstandard.train_dictionary(1_000, [text(f"{name}{n}") for name in NAMES for n in range(50)])
    packer = zstandard.ZstdCompressor(dict_data=dictionary)
    data = dictionary.as_bytes()
    head = b"\x5d\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data
    return head + b"".join(map(packer.compress, records))


def arc(records=RECORDS):
    """The same as ARC 1.0, which has a line where WARC has a header."""
    version = b"1 0 A Crawler\nURL IP-address Archive-date Content-type Archive-length\n"
    parts = [b"filedesc://a.arc 0.0.0.0 20260309120000 text/plain %d\n" % len(version) + version + b"\n"]
    for name in NAMES:
        block = http(text(name))
        parts.append(f"{url(name)} 192.0.2.1 20260309120000 text/plain {len(block)}\n".encode() + block + b"\n")
    return parts


FORMS = {
    "plain": b"".join([INFO, *RECORDS]),
    "member-wise": members([INFO, *RECORDS]),
    "one member": gzip.compress(b"".join([INFO, *RECORDS])),
    "frames": b"".join(map(ZSTD.compress, [INFO, *RECORDS])),
    "frames with a dictionary": zstd_with_dictionary([INFO, *RECORDS]),
    "ARC": b"".join(arc()),
    "ARC, member-wise": members(arc()),
    "blocks of equal size": members(b"".join(RECORDS)[at : at + 500] for at in range(0, len(b"".join(RECORDS)), 500)),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_articles(tmp_path, form):
    items = read(tmp_path, "crawl", FORMS[form])
    assert verdicts(items) == TITLES
    assert [item.fields["url"] for item in items] == [url(name) for name in NAMES]
    assert {item.fields["published"] for item in items} == {"March 2, 2026"}  # not the day of the crawl
    assert len({item.member for item in items}) == len(items)


def test_the_place_of_a_record_is_its_offset_in_the_file(tmp_path):
    for item, name in zip(read(tmp_path, "a.warc", FORMS["plain"]), NAMES, strict=True):
        assert FORMS["plain"][int(item.member.removeprefix("offset:")) :].startswith(response(name))
    for item, name in zip(read(tmp_path, "a.warc.gz", FORMS["member-wise"]), NAMES, strict=True):
        packed = FORMS["member-wise"][int(item.member.removeprefix("offset:")) :]
        assert zlib.decompressobj(31).decompress(packed) == response(name)
    for item, name in zip(read(tmp_path, "a.warc.gz", FORMS["one member"]), NAMES, strict=True):
        assert FORMS["plain"][int(item.member.removeprefix("offset:0+")) :].startswith(response(name))


def test_a_page_is_read_as_a_page(tmp_path):
    data = record("response", http(page("Lamp"), "text/html; charset=utf-8"), url("Lamp"), RESPONSE)
    data += record("resource", page("Dock"), url("Dock"), "text/html")
    data += record("response", http(page("Quay"), ""), url("Quay"), RESPONSE)  # its type unknown
    items = read(tmp_path, "a.warc", data)
    assert verdicts(items) == ["Lamp in the fog", "Dock in the fog", "Quay in the fog"]
    for item in items:
        assert item.fields["published"].startswith("2026-03-02")
        assert "answer the telephone" in item.fields["text"]


def test_a_page_that_is_no_article_is_refused_with_its_place(tmp_path):
    data = record("response", http(b"<!DOCTYPE html><html><body></body></html>", "text/html"), url("Lamp"), RESPONSE)
    [item] = read(tmp_path, "a.warc", INFO + data)
    assert isinstance(item, Rejection)
    assert item.member == f"offset:{len(INFO)}"


def test_all_that_is_no_page_is_counted(tmp_path):
    data = INFO + REQUEST + RECORDS[0]
    data += record("revisit", http(b""), url("Lamp"), RESPONSE) + record("metadata", b"a: b", url("Lamp"))
    data += response("Moved", b"", status="301 Moved Permanently") + response("Gone", b"Gone.", status="404 Not Found")
    data += response("Picture", b"\x89PNG", media="image/png") + response("Feed", b"<rss/>", media="text/xml")
    data += record("response", http(b"User-agent: *"), "https://skerrycourier.example/robots.txt", RESPONSE)
    data += record("response", b"20260309\n192.0.2.1\n", "dns:skerrycourier.example", "text/dns")
    data += record("novelty", b"?", url("Lamp"))
    (tmp_path / "a.warc").write_bytes(data)
    kinds = Counter()
    items = list(read_file(RawFile(tmp_path / "a.warc", "a.warc"), ReadOptions(), Tally(passed_over=kinds)))
    assert verdicts(items) == TITLES[:1]
    assert kinds == {
        "descriptions of an archive": 1,
        "requests": 1,
        "revisits": 1,
        "metadata records": 1,
        "redirects": 1,
        "responses without a page": 1,
        "pictures, scripts and other files": 4,
        "records of unknown kind": 1,
    }


BODY = text("Lamp")
CODED = {
    "gzip": gzip.compress(BODY),
    "x-gzip": gzip.compress(BODY),
    "deflate": zlib.compress(BODY),
    "deflate, raw": deflate(BODY),
    "br": brotli.compress(BODY),
    "zstd": ZSTD.compress(BODY),
    "br, gzip": gzip.compress(brotli.compress(BODY)),
    "identity": BODY,
    "none of these": BODY,
}


@pytest.mark.parametrize("coding", CODED)
@pytest.mark.parametrize("is_chunked", [False, True])
def test_content_codings_and_chunks_are_undone(tmp_path, coding, is_chunked):
    fields = {"Content_Encoding": coding.removesuffix(", raw")}
    body = CODED[coding]
    if is_chunked:
        fields["Transfer_Encoding"], body = "chunked", chunked(body)
    [item] = read(tmp_path, "a.warc", response("Lamp", body, **fields))
    assert item.fields["title"] == "Lamp in the fog"
    assert item.fields["text"].endswith("the pilot boat after dark.")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_crawler_may_undo_a_coding_and_leave_its_header(tmp_path, coding):
    data = record("response", http(page("Lamp"), "text/html", Content_Encoding=coding), url("Lamp"), RESPONSE)
    data += response("Dock", Transfer_Encoding="chunked")
    assert verdicts(read(tmp_path, "a.warc", data)) == ["Lamp in the fog", "Dock in the fog"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (chunked(BODY)[:-40], {"Transfer_Encoding": "chunked"}),
        (chunked(BODY, 100).replace(b"\r\n64\r\n", b"\r\n63\r\n", 1), {"Transfer_Encoding": "chunked"}),
        (gzip.compress(BODY)[:-30], {"Content_Encoding": "gzip"}),
        (brotli.compress(BODY)[:-30], {"Content_Encoding": "br"}),
        (zlib.compress(BODY)[:-30], {"Content_Encoding": "deflate"}),
    ],
)
def test_half_a_page_is_no_article(tmp_path, body, fields):
    assert verdicts(read(tmp_path, "a.warc", response("Lamp", body, **fields) + RECORDS[1])) == [
        "corrupt_archive",
        "Ferry in the fog",
    ]


def test_a_page_that_reached_its_end_is_whole_whatever_the_chunks_say(tmp_path):
    body = chunked(page("Lamp"), 500).removesuffix(b"0\r\n\r\n")
    data = record("response", http(body, "text/html", Transfer_Encoding="chunked"), url("Lamp"), RESPONSE)
    assert verdicts(read(tmp_path, "a.warc", data)) == ["Lamp in the fog"]


def test_a_page_that_the_crawler_cut_off_is_refused(tmp_path):
    data = record("response", http(BODY[:200]), url("Lamp"), RESPONSE, WARC_Truncated="length")
    assert verdicts(read(tmp_path, "a.warc", data + RECORDS[1])) == ["corrupt_archive", "Ferry in the fog"]


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd"])
def test_a_bomb_in_a_page_is_refused(tmp_path, coding):
    pack = {"gzip": gzip.compress, "br": brotli.compress, "deflate": zlib.compress, "zstd": ZSTD.compress}[coding]
    data = response("Lamp", pack(b" " * 5_000_000), Content_Encoding=coding)
    items = read(tmp_path, "a.warc", data + RECORDS[1], max_record_bytes=100_000)
    assert verdicts(items) == ["corrupt_archive", "Ferry in the fog"]


def test_a_record_that_is_too_large_is_refused_if_it_is_a_page_and_passed_over_if_not(tmp_path):
    big = response("Lamp", b"x " * 50_000) + response("Video", b"\0" * 100_000, media="video/mp4") + RECORDS[1]
    for data in (big, members([response("Lamp", b"x " * 50_000), RECORDS[1]])):
        assert verdicts(read(tmp_path, "a.warc", data, max_record_bytes=10_000)) == [
            "oversize_record",
            "Ferry in the fog",
        ]


def test_a_damaged_member_costs_its_record_and_is_reported_by_offset_and_size(tmp_path):
    packed = [bytearray(members([data])) for data in RECORDS]
    packed[1][len(packed[1]) // 2] ^= 0xFF
    items = read(tmp_path, "a.warc.gz", b"".join(packed))
    assert verdicts(items) == [TITLES[0], "corrupt_archive", *TITLES[2:]]
    assert items[1].member == f"offset:{len(packed[0])}"
    assert f"{len(packed[1]):,} bytes are lost" in items[1].reason


@pytest.mark.parametrize("at", [0, 1, 3, -8, -1])
def test_damage_to_a_members_frame_costs_no_neighbour(tmp_path, at):
    packed = [bytearray(members([data])) for data in RECORDS]
    packed[2][at] ^= 0xFF
    items = read(tmp_path, "a.warc.gz", b"".join(packed))
    assert verdicts(items) == [*TITLES[:2], "corrupt_archive", TITLES[3]]
    assert items[2].member == f"offset:{len(packed[0]) + len(packed[1])}"


def test_a_record_that_is_cut_off_is_no_article(tmp_path):
    for form, size in (("plain", 60), ("member-wise", 60), ("one member", 12)):
        items = read(tmp_path, "a.warc", FORMS[form][:-size])
        assert verdicts(items) == [*TITLES[:3], "corrupt_archive"]


@pytest.mark.parametrize("wrong", [1, 20, 5_000, 10**14])
@pytest.mark.parametrize("pack", [b"".join, members], ids=["plain", "member-wise"])
def test_a_record_with_a_wrong_length_costs_no_neighbour(tmp_path, wrong, pack):
    block = http(text("Ferry"))
    data = pack([RECORDS[0], record("response", block, url("Ferry"), RESPONSE, length=wrong), *RECORDS[2:]])
    assert verdicts(read(tmp_path, "a.warc", data)) == [TITLES[0], "corrupt_archive", *TITLES[2:]]


def test_what_is_no_record_is_reported_and_passed_over(tmp_path):
    items = read(tmp_path, "a.warc", RECORDS[0] + b"<!doctype html>\n" * 20_000 + b"\n" + RECORDS[1])
    assert verdicts(items) == [TITLES[0], "corrupt_archive", TITLES[1]]
    assert items[1].reason.startswith("320,")
    assert items[1].member == f"offset:{len(RECORDS[0])}"
    items = read(tmp_path, "a.warc", RECORDS[0] + RECORDS[1].replace(b"Content-Length", b"Content-Width") + RECORDS[2])
    assert verdicts(items) == [TITLES[0], "corrupt_archive", TITLES[2]]


@pytest.mark.parametrize("header", [b"WARC/1.0\r\nContent-Length: x\r\n\r\n", b"WARC/1.0\r\n", b"WARC/1.0\r\na\r\n"])
def test_many_broken_headers_take_no_time(tmp_path, header):
    started = time.process_time()
    items = read(tmp_path, "a.warc", RECORDS[0] + header * 20_000 + b"\r\n\r\n" + RECORDS[1])
    assert time.process_time() - started < 5
    assert verdicts(items)[0] == TITLES[0]
    assert verdicts(items)[-1] == TITLES[1]


def test_headers_in_odd_shapes(tmp_path):
    data = RECORDS[0].replace(b"\r\n\r\nHTTP", b"\n\nHTTP", 1).replace(b"WARC-Type", b"warc-TYPE")
    data = data.replace(b"Target-URI: ", b"Target-URI: <").replace(b"/lamp", b"/lamp>")
    data += RECORDS[1].replace(b"WARC-Date: ", b"WARC-Date:\r\n  ").removesuffix(b"\r\n") + RECORDS[2][:-4]
    items = read(tmp_path, "a.warc", data)
    assert verdicts(items) == TITLES[:3]
    assert items[0].fields["url"] == url("Lamp")


def test_arc_in_odd_shapes(tmp_path):
    data = (
        b"".join(arc()).replace(b"/lamp 192.0.2.1", b"/lamp and light 192.0.2.1").replace(b"192.0.2.1", b"2001:db8::1")
    )
    second = b"text/plain 200 - - 1024 a.arc "  # ARC 2.0 has more fields
    data = data.replace(b"20260309120000 text/plain ", b"20260309120000 " + second)
    items = read(tmp_path, "a.arc", data)
    assert verdicts(items) == TITLES
    assert items[0].fields["url"] == url("Lamp and light")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.sampled_from(sorted(FORMS)), st.data())
def test_damage_anywhere_never_raises_and_records_before_it_survive(tmp_path, form, data):
    packed = bytearray(FORMS[form])
    at = data.draw(st.integers(12, len(packed) - 1))
    kind = data.draw(st.sampled_from(["flip", "cut", "insert", "zeros"]))
    if kind == "flip":
        packed[at] ^= 1 << data.draw(st.integers(0, 7))
    elif kind == "cut":
        del packed[at:]
    elif kind == "insert":
        packed[at:at] = data.draw(st.binary(min_size=1, max_size=100))
    else:
        packed[at : at + 40] = bytes(len(packed[at : at + 40]))
    items = read(tmp_path, "a.warc", bytes(packed))
    assert [item.ordinal for item in items] == list(range(1, len(items) + 1))
    for item in items:
        assert not isinstance(item, Rejection) or item.reason.endswith(".")
    if form in ("plain", "member-wise", "ARC, member-wise"):
        sound = read(tmp_path, "b", FORMS[form])
        ends = [*(int(item.member.split(":")[1]) for item in sound[1:]), len(FORMS[form])]
        before = [item.fields for item, end in zip(sound, ends, strict=True) if end <= at]
        assert [item.fields for item in items if isinstance(item, RawRecord)][: len(before)] == before
    if "member-wise" in form:
        behind = [item.fields for item in read(tmp_path, "b", FORMS[form]) if int(item.member.split(":")[1]) > at + 40]
        assert (
            kind == "cut"
            or [item.fields for item in items if isinstance(item, RawRecord)][-len(behind) or 9 :] == behind
        )
