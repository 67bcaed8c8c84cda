import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.readers.compress import Stream
from tasks.readers.options import ReadOptions
from tasks.readers.source import Source
from tasks.readers.wire import read_iptc7901
from tasks.readers.wiretext import from_seven_bits, paragraphs, typographic
from tests.tasks.readers.reading import fields, read, verdicts
from tests.tasks.readers.test_xml import Trickle


def message(text: str, header: str = "qla014 4 pl 171 vvvvb   dpa 061", end: str = "031015 GMT May 24") -> bytes:
    return f"\x01{header}\r\n\nFerry/\r\n\x02{text}\r\n\x03{end}\r\n\x7f\x04".encode()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Ferry sails again =\r\nIt sails.", "Ferry sails again"),
        ("URGENT\r\nFerry sails again =\r\nIt sails.", "Ferry sails again"),
        ("(Achtung)\r\nFerry sails\r\nagain =\r\nIt sails.", "Ferry sails again"),
        ("Ferry sails again\r\n\r\n   It sails.", "Ferry sails again"),
        ("   Port Moss (dpa) - It sails, they\r\nsaid, and sails.\r\n\r\n   It sails.", None),
        ("It sails.\r\n\r\n   It sails on.", None),
        ("", None),
    ],
)
def test_the_headline_is_what_the_format_marks_and_nothing_else(tmp_path, text, title):
    [found] = fields(tmp_path, "a.txt", message(text))
    assert found.get("title") == title


@pytest.mark.parametrize(
    ("end", "published"),
    [
        ("031015 GMT May 24", "03 May 2024 10:15 GMT"),
        ("031015 mesz mai 1998", "03 mai 1998 10:15 mesz"),
        ("031015 May 87", "03 May 1987 10:15"),
        ("", None),
        ("soon", None),
    ],
)
def test_the_time_of_the_end_line(tmp_path, end, published):
    [found] = fields(tmp_path, "a.txt", message("Ferry sails =\r\nIt sails.", end=end))
    assert found.get("published") == published


def test_a_slug_is_no_headline(tmp_path):
    anpa = b"\x16\x16\x01W1\x1fx\nf l BC-Ferry 05-03 0010\n\x02^BC-Ferry,10<\n\t   It sails.\n\x03AP-WF-05-03-24 1015GMT<\x04"
    [found] = fields(tmp_path, "a.txt", anpa)
    assert "title" not in found
    assert found["text"] == ["It sails."]


def test_paragraphs_of_wrapped_and_indented_lines():
    assert paragraphs(["   One", "two", "   three", "", "four", "five"]) == ["One two", "three", "four five"]
    assert paragraphs(["  all", "  indented", "", "  alike"]) == ["all indented", "alike"]
    assert paragraphs(["", " ", "\t"]) == []


def test_seven_bits_become_letters_only_where_they_stand_in_words():
    assert from_seven_bits("Sch|ne Gr}~e, k|nne, h{tte") == "Schöne Grüße, könne, hätte"
    assert from_seven_bits("a {b} c | d ~ e [f]") == "a {b} c | d ~ e [f]"
    assert typographic("``So,'' he said _ twice") == "“So,” he said — twice"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.integers(1, 40))
def test_it_does_not_matter_how_the_bytes_come_in(size):
    for data in (
        message("One =\r\nIt sails.") + b"\x16\x16" + message("Two =\r\nIt sails.") + b"\x01cut",
        b"ZCZC 1\r\nFERRY SAILS FROM MOSS\r\n   It sails.\r\n03-MAY-24 10:15 NNNN\r\nXZCZC\r\nZCZC 2\r\nx",
    ):

        def run(stream: Stream) -> list[object]:
            return [
                (getattr(i, "fields", None), i.raw, i.member) for i in read_iptc7901(stream, Source("a"), ReadOptions())
            ]

        whole = run(Stream(io.BytesIO(data), ReadOptions()))
        assert len(whole) > 1
        assert run(Stream(Trickle(data, size), ReadOptions())) == whole


def test_what_stands_in_front_of_the_first_message_is_not_lost(tmp_path):
    data = b"\x16\x16" + message("One =\r\nIt sails.")
    assert verdicts(read(tmp_path, "a.txt", data)) == ["One"]
    assert verdicts(read(tmp_path, "a.txt", b"half a message\r\n\x03\x04" + data)) == ["malformed_message", "One"]


def test_a_message_beyond_the_limit_costs_only_itself(tmp_path):
    data = message("One =\r\nIt sails.") + message("Two =\r\n" + "x" * 9_000) + message("Three =\r\nIt sails.")
    assert verdicts(read(tmp_path, "a.txt", data, max_record_bytes=1_000)) == ["One", "oversize_record", "Three"]


def test_the_initials_of_writer_and_editors_are_no_part_of_the_text(tmp_path):
    [found] = fields(tmp_path, "a.txt", message("Ferry =\r\n   It sails\r\nfast.\r\n   Or slow/never.\r\nil/bm/ab\r\n"))
    assert found["text"] == ["It sails fast.", "Or slow/never."]


def test_lines_that_a_character_marks(tmp_path):
    data = b"ZCZC ABC0123\r\n$$s\r\n:Ferry repairs\r\n=1stLD\r\n^Ferry sails\r\n*x\r\n\r\n   It sails\r\nagain.\r\n   She smiled.\r\nNNNN\r\n"
    [found] = fields(tmp_path, "a.txt", data)
    assert (found["title"], found["text"]) == ("Ferry sails", ["It sails again.", "She smiled."])
