import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.readers.csvdialect import Dialect, split_row
from tasks.records import RawRecord, Rejection
from tests.tasks.readers.reading import fields, read, verdicts

HEADER = ["title", "date", "url", "body"]


def table(rows, delimiter=",", **options):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n", **options).writerows(rows)
    return out.getvalue().encode()


def row(name, body="It sails."):
    return [name, "2024-05-03", f"https://q.example/{name}", body]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "\x01", "\x1f", "^", "~"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_delimiters_are_found_and_cells_may_hold_anything(tmp_path, delimiter, quoting):
    body = f'One "two"{delimiter} three\n\nfour'
    data = table([HEADER, row("Ferry", body), row("Dock")], delimiter, quoting=quoting)
    records = fields(tmp_path, "a.csv", data)
    assert [(r["title"], r["text"].replace("\r", "")) for r in records] == [("Ferry", body), ("Dock", "It sails.")]


def test_a_table_is_known_by_its_header_without_a_name(tmp_path):
    [record] = read(tmp_path, "dump.txt", table([HEADER, row("Ferry")]))
    assert isinstance(record, RawRecord)
    assert (record.format, record.member) == ("csv", "record:1")


def test_excels_separator_line_is_obeyed(tmp_path):
    data = b"sep=;\r\n" + table([HEADER, row("Ferry")], ";")
    assert [r["title"] for r in fields(tmp_path, "a.csv", data)] == ["Ferry"]


def test_rows_that_do_not_fit_are_refused_one_by_one(tmp_path):
    data = table(
        [HEADER, row("A"), ["B", "2024-05-03"], [*row("C"), "more"], ["", "", "", ""], [*row("D"), ""], row("E")]
    )
    items = read(tmp_path, "a.csv", data)
    assert verdicts(items) == ["A", "malformed_csv", "malformed_csv", "D", "E"]
    assert "line 3" in items[1].reason


def test_a_quotation_mark_without_counterpart_costs_only_its_row(tmp_path):
    broken = b'"Broken,2024-05-03,https://q.example/b,text\r\n'
    long = "First line, with, many, commas.\n\nSecond line, with, three, commas."
    data = table([HEADER, row("A", long)]) + broken + table([row("C", long), row("D", long)])
    items = read(tmp_path, "a.csv", data)
    assert verdicts(items) == ["A", "malformed_csv", "C", "D"]
    assert items[1].raw == broken


def test_a_header_that_comes_again_is_no_article(tmp_path):
    part = table([HEADER, row("Ferry")])
    assert verdicts(read(tmp_path, "a.csv", part + b"\xef\xbb\xbf" + part + part)) == ["Ferry"] * 3


def test_a_table_that_is_cut_off_inside_a_cell_reports_the_rest(tmp_path):
    data = table([HEADER, row("A"), row("B", "First.\n\nSecond.")])[:-12]
    items = read(tmp_path, "a.csv", data)
    assert verdicts(items) == ["A", "malformed_csv"]
    assert "quotation mark" in items[1].reason


def test_a_row_beyond_the_limit_does_not_touch_its_neighbours(tmp_path):
    data = table([HEADER, row("A"), row("B", "x\n" * 2_000), row("C", "x" * 5_000), row("D")])
    items = read(tmp_path, "a.csv", data, max_record_bytes=1_000)
    assert verdicts(items) == ["A", "oversize_record", "oversize_record", "D"]


def test_without_a_known_column_the_file_is_one_row_that_names_what_was_found(tmp_path):
    [item] = read(tmp_path, "a.csv", table([["alpha", "beta"], ["1", "2"]]))
    assert isinstance(item, Rejection)
    assert item.reason_code == "unknown_columns"
    assert "“alpha”, “beta”" in item.reason


def test_a_table_of_no_rows_holds_no_record(tmp_path):
    assert read(tmp_path, "a.csv", table([HEADER])) == []


CELLS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), min_size=1)


@given(st.lists(CELLS | st.just('a "b", c'), min_size=1, max_size=6), st.sampled_from([",", ";", "\t"]))
def test_what_a_csv_writer_writes_is_split_as_it_was(cells, delimiter):
    text = table([cells], delimiter, quoting=csv.QUOTE_ALL).decode().rstrip("\r\n")
    assert split_row(text, Dialect(delimiter)) == cells


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.lists(st.tuples(CELLS, st.lists(CELLS, min_size=1).map("\n".join)), max_size=8))
def test_every_row_is_accounted_for(tmp_path, rows):
    data = table([("title", "text"), *(("T" + t, "B" + b) for t, b in rows)], quoting=csv.QUOTE_ALL)
    records = fields(tmp_path, "a.csv", data)
    assert [r["title"] for r in records] == ["T" + t for t, _ in rows]


@pytest.mark.parametrize(
    "data",
    [
        "title,body\n'Ferry','It sails, well'\n'Dock','It''s dry'\n",
        "'title','body'\n'Ferry','It sails, well'\n'Dock','It''s dry'\n",
        'title|body\nFerry|It sails, well\nDock|"It\'s dry"\n',
        "title\tbody\r\nFerry\tIt sails, well\r\nDock\tIt's dry\r\n",
        '# exported by hand, twice\n\ntitle,body\nFerry,"It sails, well"\nDock,It\'s dry\n',
        "Archive of the Quill;;\n\ntitle;date;body\nFerry;;It sails, well\nDock;;It's dry\n",
        "\ufeffsep=;\ntitle;body\nFerry;It sails, well\nDock;It's dry\n",
        'title, body\nFerry, "It sails, well"\nDock, It\'s dry\n',
        'title,body,\nFerry,"It sails, well",\nDock,It\'s dry,\n',
        "title,body\nFerry,It sails\\, well\nDock,It's dry\n",
        'title,body\rFerry,"It sails, well"\rDock,It\'s dry\r',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_dialects_are_told_apart(tmp_path, data, encoding):
    records = fields(tmp_path, "a.csv", data.lstrip("\ufeff" if encoding == "utf-16" else "").encode(encoding))
    assert [(r["title"], r["text"].strip()) for r in records] == [("Ferry", "It sails, well"), ("Dock", "It's dry")]


def test_a_quotation_mark_may_be_escaped_with_a_backslash(tmp_path):
    data = (
        rb"title;body" + b"\n" + rb'"Ferry";"He said \"go; now\", then left"' + b"\n" + rb'"Dock";"A \\ b' + b'\nc"\n'
    )
    texts = [record["text"] for record in fields(tmp_path, "a.csv", data)]
    assert texts == ['He said "go; now", then left', "A \\ b\nc"]


def test_empty_cells_at_a_rows_end_do_not_speak_against_its_quotation_marks(tmp_path):
    data = (
        b'title,date,body\nFerry,2024-05-03,"It sails, well",,\n"Dock, dry",2024-05-03\nMole,2024-05-03,It is, well\n'
    )
    assert verdicts(read(tmp_path, "a.csv", data)) == ["Ferry", "malformed_csv", "malformed_csv"]


def test_names_may_be_paths(tmp_path):
    data = b"_index,_source.title,_source.content,_source.source.name\nn,Ferry,It sails.,Quill\n"
    assert fields(tmp_path, "a.csv", data + data)[0]["title"] == "Ferry"
    assert len(fields(tmp_path, "a.csv", data + data)) == 2
    [item] = read(tmp_path, "b.csv", b"x.alpha,x.beta\n1,2\n")
    assert "“x.alpha”" in item.reason


def test_a_delimiter_behind_a_backslash_is_the_cells_own():
    dialect = Dialect(",", '"', "\\")
    assert split_row(r"a\,b,c\\,d,\"e\", f", dialect) == ["a,b", "c\\", "d", '"e"', " f"]
    assert len(split_row("\\," * 100_000, dialect)) == 1


def test_a_table_of_titles_and_summaries_says_that_they_are_no_more(tmp_path):
    [record] = fields(tmp_path, "a.csv", b"headline,short_description\nFerry,It sails.\n")
    assert (record["text"], record["is_summary_only"]) == ("It sails.", True)


def test_quotation_marks_that_quote_only_part_of_a_cell_are_its_own(tmp_path):
    data = b'title\tbody\nFerry\t"Go" is what he said\n'
    assert fields(tmp_path, "a.tsv", data)[0]["text"] == '"Go" is what he said'


def test_lines_above_a_header_that_is_not_known_are_no_preamble(tmp_path):
    [item] = read(tmp_path, "a.csv", b"alpha,beta\n1,2\ntitle,text\nFerry,It sails.\n")
    assert "“alpha”, “beta”" in item.reason
