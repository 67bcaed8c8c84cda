import base64
import gzip
import pickle

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.readers.decode import decode
from tasks.records import RawRecord, Rejection
from tests.tasks.readers.reading import fields, read, verdicts

HEAD = "\n\nFähre fährt wieder\n\n3. Mai 2024\n\nAnn Lee / TASS\n\n"
DUMP = HEAD + "„Wir sind bereit“, sagte Ida Moß – nach drei Wochen.\n\nEnde.\n"
LINES = '{"title": "Fähre", "text": "Ida Moß fährt."}\n{"title": "Dock", "text": "Größer."}\n'
TABLE = 'title,text\nFähre,"Ida Moß\nfährt."\nDock,Größer.\n'
FILES = {"a.txt": DUMP, "a.jsonl": LINES, "a.csv": TABLE}


def zstd(data):
    return zstandard.ZstdCompressor().compress(data)


def cut_short(data):
    return data[: len(data) * 3 // 4]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_every_encoding_reads_the_same(tmp_path, name, encoding):
    expected = fields(tmp_path, name, FILES[name].encode())
    assert fields(tmp_path, name, FILES[name].encode(encoding)) == expected
    assert len(expected) == (1 if name == "a.txt" else 2)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_make_no_difference(tmp_path, name, newline):
    def folded(items):
        return [{k: v.replace(newline, "\n") for k, v in item.items()} for item in items]

    data = FILES[name].replace("\n", newline).encode()
    assert folded(fields(tmp_path, name, data)) == fields(tmp_path, name, FILES[name].encode())


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("compress", [gzip.compress, zstd, lambda d: zstd(gzip.compress(d))])
def test_compression_is_told_by_content_not_by_name(tmp_path, name, compress):
    data = FILES[name].encode()
    assert fields(tmp_path, name, compress(data)) == fields(tmp_path, name, data)
    assert fields(tmp_path, name + ".gz", data) == fields(tmp_path, name, data)


@pytest.mark.parametrize("compress", [gzip.compress, zstd])
def test_records_before_a_cut_are_kept_and_the_loss_is_one_row(tmp_path, compress):
    lines = "".join(f'{{"title": "T{i}", "text": "{i * 7919 % 10007} {i * 104729 % 99991}"}}\n' for i in range(30_000))
    items = read(tmp_path, "a.jsonl", cut_short(compress(lines.encode())))
    assert verdicts(items)[-1] == "corrupt_compression"
    assert 0 < len(items) - 1 < 30_000
    assert all(isinstance(item, RawRecord) for item in items[:-1])


def test_text_in_what_is_nearly_utf8_is_read(tmp_path):
    assert fields(tmp_path, "a.txt", DUMP.encode() + b"\n\nA smile: \xed\xa0\xbd\xed\xb8\x80")[0]["text"].endswith("😀")
    [record] = fields(tmp_path, "a.jsonl", b'{"title": "Ferry \xed\xa0\xbd\xed\xb8\x80", "text": "x"}')
    assert record["title"] == "Ferry 😀"


def test_the_escapes_of_japanese_mail_tell_how_to_read_it(tmp_path):
    [record] = fields(tmp_path, "a.txt", "橋が再び開通\n\n市長は述べた。\n".encode("iso-2022-jp"))
    assert (record["title"], record["text"]) == ("橋が再び開通", "市長は述べた。")


def test_zero_bytes_that_fill_a_file_up_are_no_text(tmp_path):
    assert verdicts(read(tmp_path, "a.txt", DUMP.encode() + bytes(4_000))) == ["Fähre fährt wieder"]
    assert verdicts(read(tmp_path, "a.jsonl", LINES.encode() + bytes(4_000))) == ["Fähre", "Dock", "malformed_json"]
    assert verdicts(read(tmp_path, "b.jsonl", bytes(64) + LINES.encode())) == ["Fähre", "Dock"]


def test_an_article_that_is_cut_off_is_no_article(tmp_path):
    assert verdicts(read(tmp_path, "a.txt", gzip.compress(DUMP.encode())[:-20])) == ["corrupt_compression"]


def test_bytes_behind_the_compressed_data_are_reported(tmp_path):
    items = read(tmp_path, "a.jsonl", gzip.compress(LINES.encode()) + b"garbage")
    assert verdicts(items) == ["Fähre", "Dock", "corrupt_compression"]


def test_a_bomb_is_stopped(tmp_path):
    bomb = gzip.compress(b" " * 3_000_000)
    assert verdicts(read(tmp_path, "a.txt", bomb, max_file_bytes=1_000_000)) == ["decompression_limit"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (" \n\u00a0\n".encode(), "empty_file"),
        (b"\0" * 4000, "binary_file"),
        (b"%PDF-1.4\n\x00\x01", "binary_file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "binary_file"),
        (bytes(range(256)) * 8, "binary_file"),
        ("Fähre".encode() + b" \xff\xfe\xfd \x81 " + "fährt".encode(), "undecodable_text"),
        (b"PK\x03\x04rest", "corrupt_archive"),
        (b"\x37\x7f\x06\x82" + bytes(range(60)), "unsupported_format"),
        (pickle.dumps({"title": "Ferry", "text": bytes(100)}), "unsupported_format"),
        (b"-- MySQL dump 10.13\n\n/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `a`;\n", "unsupported_format"),
        (b"INSERT INTO articles VALUES (1,'Ferry','It sails.');\n", "unsupported_format"),
        (base64.encodebytes(bytes(range(256)) * 3), "no_article"),
        ("“Fähre”, sagte er.\n\n“Go,” he said. “Now.”".encode("mac-roman"), "undecodable_text"),
        (b"Rar!\x1a\x07\x01\x00rest", "unsupported_format"),
        (b"<?xml version='1.0'?><urlset></urlset>", "unsupported_format"),
        (b"<!DOCTYPE html><html><body><p>Text", "no_article"),
        (gzip.compress(b"Ferry", mtime=0)[:6], "corrupt_compression"),
    ],
)
def test_a_file_that_is_no_article_is_one_row_with_a_sentence(tmp_path, data, code):
    [item] = read(tmp_path, "a.txt", data)
    assert isinstance(item, Rejection)
    assert (item.reason_code, item.uri, item.stage, item.ordinal) == (code, "a.txt", "read", 1)
    assert item.reason[0].isupper()
    assert item.reason.endswith(".")


@pytest.mark.parametrize("start", [b"/* */", b"/*", b"--\n", b"-", b"//\n", b"a(", b"var a = ", b"a.", b" "])
def test_no_run_of_comments_or_calls_makes_the_search_for_the_kind_hang(tmp_path, start):
    assert len(read(tmp_path, "a.txt", b"x" + start * 10_000)) == 1
    assert len(read(tmp_path, "a.json", start * 10_000 + b"x")) == 1


def test_a_file_that_cannot_be_opened_is_one_row(tmp_path):
    from tasks.readers import ReadOptions, read_file
    from tasks.records import RawFile

    [item] = read_file(RawFile(tmp_path / "gone.txt", "gone.txt"), ReadOptions())
    assert isinstance(item, Rejection)
    assert item.reason_code == "unreadable_file"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_what_utf8_encodes_is_decoded_as_it_was(text):
    assert decode(b"\xef\xbb\xbf" + text.encode()) == text


SEEDS = [text.encode() for text in FILES.values()] + [
    b'[{"title": "A", "text": "B"}, ',
    b'a,"',
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
]
JUNK = st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(SEEDS)), max_size=6).map(b"".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    JUNK, st.sampled_from(["a.txt", "a.jsonl", "a.json", "a.csv", "a.tsv", "a", "a.html"]), st.sampled_from([50, 10**6])
)
def test_any_bytes_become_records_and_rejections_and_never_an_exception(tmp_path, data, name, limit):
    items = read(tmp_path, name, data, max_record_bytes=limit)
    assert [item.ordinal for item in items] == list(range(1, len(items) + 1))
    for item in items:
        if isinstance(item, Rejection):
            assert item.reason.endswith(".")
            item.reason.encode()
            (item.value or "").encode()
    if not items:  # only tables and lists may hold nothing
        assert name != "a.txt" or data.lstrip()[:1] in (b"[", b"{", b"t")
    assert read(tmp_path, name, data, max_record_bytes=limit) == items


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(JUNK)
def test_compressing_a_file_changes_nothing(tmp_path, data):
    if data[:2] != b"\x1f\x8b" and data[:4] != b"\x28\xb5\x2f\xfd":
        plain = read(tmp_path, "a.jsonl", data)
        assert read(tmp_path, "a.jsonl", gzip.compress(data)) == plain
        assert read(tmp_path, "a.jsonl", zstd(data)) == plain
