from datetime import date

import pytest

from tasks.readers import ReadOptions, read_file
from tasks.readers.textdump import parse_dump
from tasks.records import RawFile, Rejection
from tests.tasks.readers.reading import article, read

URL = "https://www.quillcourier.example/2024/05/03/ferry"
BODY = (
    "The harbour office in Quill said on Monday that the ferry would sail again.\n\n"
    "“We [the crew] are ready,” captain Ida Moss [told](#) reporters."
)
CLEAN = BODY.replace("[told](#)", "told")
DUMP = f"""

Ferry sails again

May 3, 2024



Ann Lee / TASS

By Bo Marsh

{BODY}

Related article: [Dock repairs end](#)

Original url:

<{URL}>"""


def test_every_part_of_a_dump_is_told_apart(tmp_path):
    row = article(tmp_path, DUMP)
    assert (row["title"], row["published_on"], row["url"]) == ("Ferry sails again", date(2024, 5, 3), URL)
    assert (row["authors"], row["credit"], row["published_source"]) == (["Bo Marsh"], "Ann Lee / TASS", "byline")
    assert row["text"] == CLEAN


def test_links_are_kept_and_brackets_of_a_quote_are_no_links():
    fields = parse_dump(DUMP)
    assert fields["related"] == [{"anchor": "Dock repairs end", "url": "#"}]
    assert fields["text"] == BODY
    assert fields["markup"] == "markdown"


@pytest.mark.parametrize(
    "line",
    [
        "2024-05-03",
        "2024-05-03T14:36:00Z",
        "03.05.2024",
        "5/3/2024",
        "3 May 2024",
        "MAY 3, 2024",
        "Friday, May 3, 2024",
        "Fri, 03 May 2024 09:00:00 GMT",
        "Published: May 3, 2024 10:01 a.m. ET",
        "Updated May 3, 2024",
        "Posted on 03 May 2024, 14:05",
        "3. Mai 2024, 14:05 Uhr",
        "3 mai 2024 à 14h05",
        "3 de mayo de 2024",
        "3 мая 2024",
        "2024年5月3日",
        "*May 3, 2024*",
    ],
)
@pytest.mark.parametrize("byline", ["", "By Bo Marsh\n\n"])
def test_a_date_line_in_any_common_style_above_or_below_the_byline(tmp_path, line, byline):
    for head in (f"{line}\n\n{byline}", f"{byline}{line}\n\n"):
        row = article(tmp_path, f"Ferry sails again\n\n{head}{BODY}\n\nOriginal url:\n\n<{URL}>")
        assert (row["published_on"], row["text"]) == (date(2024, 5, 3), CLEAN)
        assert row["authors"] == (["Bo Marsh"] if byline else [])


@pytest.mark.parametrize(
    ("line", "authors", "agencies"),
    [
        ("By Ann Lee", ["Ann Lee"], []),
        ("BY ANN LEE", ["Ann Lee"], []),
        ("Ann Lee", ["Ann Lee"], []),
        ("By Ann Lee, The Quill Courier", ["Ann Lee"], []),
        ("Ann Lee, @annlee, QUILL TODAY", ["Ann Lee"], []),
        ("By Ann Lee, Bo Marsh and Cy Orr", ["Ann Lee", "Bo Marsh", "Cy Orr"], []),
        ("By By Ann Lee. Email: lee@quill.example, Twitter: @annlee", ["Ann Lee"], []),
        ("By Ann Lee. Follow Ann Lee on Twitter @annlee.", ["Ann Lee"], []),
        ("Author: Ann Lee", ["Ann Lee"], []),
        ("**By Ann Lee**", ["Ann Lee"], []),
        ("Von Ann Lee, dpa", ["Ann Lee"], ["dpa"]),
        ("By UPI", [], ["UPI"]),
        ("Reuters", [], ["Reuters"]),
        ("By Quillnews", [], []),
    ],
)
def test_bylines(tmp_path, line, authors, agencies):
    row = article(tmp_path, f"Ferry sails again\n\nMay 3, 2024\n\n{line}\n\n{BODY}")
    assert (row["authors"], row["agencies"], row["text"]) == (authors, agencies, CLEAN)


@pytest.mark.parametrize("line", ["By Ann Lee | May 3, 2024", "May 3, 2024 - By Ann Lee", "By Ann Lee, May 3, 2024"])
def test_a_byline_and_a_date_in_one_line(tmp_path, line):
    row = article(tmp_path, f"Ferry sails again\n\n{line}\n\n{BODY}")
    assert (row["authors"], row["published_on"], row["text"]) == (["Ann Lee"], date(2024, 5, 3), CLEAN)


@pytest.mark.parametrize(
    "line",
    [
        "Ann Lee / TASS",
        "Ann Lee/Reuters",
        "(AP Photo/Ann Lee)",
        "Photo: Ann Lee",
        "Photo : Ann Lee",
        "Photo by Ann Lee/Getty Images",
        "© Ann Lee / AFP",
        "Getty Images",
        "Quill Press Service",
        "Ministry of the Harbour",
        "Quillcourier",
        "mil.example",
        "YouTube screenshot",
        "Ann Lee—Getty Images",
        "quill.example / CC BY 4.0",
        "Archivo / El Correo de Quill",
    ],
)
def test_picture_credits_leave_the_text(tmp_path, line):
    row = article(tmp_path, f"Ferry sails again\n\nMay 3, 2024\n\n{line}\n\n{BODY}\n\nOriginal url: <{URL}>")
    assert (row["credit"], row["authors"], row["text"]) == (line, [], CLEAN)


def test_a_bare_name_below_a_byline_is_the_photographer(tmp_path):
    row = article(tmp_path, f"Ferry sails again\n\nBy Bo Marsh\n\nMay 3, 2024\n\nAnn Lee\n\n{BODY}")
    assert (row["authors"], row["credit"]) == (["Bo Marsh"], "Ann Lee")


def test_a_credit_between_paragraphs_leaves_the_text_and_a_sentence_with_a_slash_stays(tmp_path):
    sentence = "Ida Moss / the captain said so, and the talks went on for hours."
    row = article(tmp_path, f"Ferry sails again\n\n{sentence}\n\nAnn Lee / TASS\n\nThe end is near.")
    assert (row["text"], row["credit"]) == (f"{sentence}\n\nThe end is near.", "Ann Lee / TASS")


@pytest.mark.parametrize("first", ["ABSTRACT.", "What happened", "The ferry sails", "Background", "Monday morning"])
def test_a_heading_above_the_text_is_no_credit(tmp_path, first):
    row = article(tmp_path, f"Ferry sails again\n\nMay 3, 2024\n\n{first}\n\n{BODY}")
    assert row["text"].startswith(first)


@pytest.mark.parametrize(
    "place",
    [
        f"Original url:\n\n<{URL}>",
        f"Original url: <{URL}>",
        f"Original URL:\n{URL}",
        f"ORIGINAL URL: {URL}",
        f"**Original url:** {URL}",
        f"Original url\n\n<{URL}>",
        f"[Original url]({URL})",
        f"Original url: [{URL}]({URL})",
        f"Original url:\n\n<{URL[:30]}\n{URL[30:]}>",
        f"Source: {URL}",
        f"URL: {URL}",
        f"----\n\nOriginal article: {URL}",
    ],
)
def test_the_address_wherever_and_however_it_stands(tmp_path, place):
    below = article(tmp_path, f"Ferry sails again\n\nMay 3, 2024\n\n{BODY}\n\n{place}\n")
    above = article(tmp_path, f"Ferry sails again\n\n{place}\n\nMay 3, 2024\n\n{BODY}")
    for row in (below, above):
        assert (row["url"], row["text"], row["published_on"]) == (URL, CLEAN, date(2024, 5, 3))


@pytest.mark.parametrize("place", ["Original url:", "Original url:\n\n<>", "Original url: #"])
def test_an_address_that_is_missing_leaves_no_trace(tmp_path, place):
    row = article(tmp_path, f"Ferry sails again\n\n{BODY}\n\n{place}")
    assert (row["url"], row["text"]) == (None, CLEAN)


def test_a_label_without_an_address_does_not_swallow_the_next_paragraph():
    fields = parse_dump(f"Ferry sails again\n\nOriginal url:\n\n{BODY}")
    assert fields["text"] == BODY


@pytest.mark.parametrize(
    ("lines", "anchors"),
    [
        ("Related article: [Dock [old] repairs end](#)", ["Dock [old] repairs end"]),
        ("Related: [One](#), [Two](https://q.example/2)", ["One", "Two"]),
        ("Read more: [One](#)", ["One"]),
        ("Related articles:\n\n- [One](#)\n\n- [Two](#)", ["One", "Two"]),
        ("**Read also:** [One](#)", ["One"]),
        ("Related article: One without a link", ["One without a link"]),
    ],
)
def test_related_articles_leave_the_text(lines, anchors):
    fields = parse_dump(f"Ferry sails again\n\nFirst.\n\n{lines}\n\n{BODY}")
    assert [link["anchor"] for link in fields["related"]] == anchors
    assert "".join(fields["text"].split("\n")) == "First." + BODY.replace("\n", "")


def test_a_paragraph_that_begins_with_such_a_word_stays():
    text = "More: the harbour office has [published](#) the figures."
    assert parse_dump(f"Ferry sails again\n\n{text}")["text"] == text


def test_a_standfirst_is_the_subtitle(tmp_path):
    row = article(tmp_path, f"Ferry sails again\n\nThe boat was three weeks in dock\n\nMay 3, 2024\n\n{BODY}")
    assert (row["subtitle"], row["text"]) == ("The boat was three weeks in dock", CLEAN)


def test_of_two_dates_the_labelled_one_is_the_last_change():
    for head in ("Published 3 May 2024\n\nUpdated 4 May 2024", "Last updated 4 May 2024\n\nPublished 3 May 2024"):
        fields = parse_dump(f"Ferry sails again\n\n{head}\n\n{BODY}")
        assert (fields["published"], fields["modified"][-10:]) == ("Published 3 May 2024", "4 May 2024")
        assert fields["text"] == BODY


def test_a_date_is_never_taken_for_the_title():
    assert "title" not in parse_dump(f"May 3, 2024\n\nAnn Lee / TASS\n\n{BODY}")


@pytest.mark.parametrize("newline", ["\x85", "\v", "\f", "\u2028"])
def test_lines_may_end_in_whatever_a_file_has(newline):
    found = parse_dump(newline.join(("Ferry", "", "May 3, 2024", "", "It sails.", "", "It is wet.")))
    assert (found["title"], found["published"], found["text"]) == ("Ferry", "May 3, 2024", "It sails.\n\nIt is wet.")
    assert parse_dump(f"Ferry\n\nIt{newline}sails.")["text"] == f"It{newline}sails." or newline == "\u2028"


def test_a_title_alone_has_no_text():
    assert parse_dump("Ferry sails again") == {"title": "Ferry sails again"}


def test_labels_in_front_of_the_parts_are_understood(tmp_path):
    head = f"Title: Ferry sails again\nDate: 2024-05-03\nAuthor: Ann Lee\nURL: {URL}"
    row = article(tmp_path, f"{head}\n\n{BODY}")
    assert (row["title"], row["published_on"], row["authors"]) == ("Ferry sails again", date(2024, 5, 3), ["Ann Lee"])
    assert (row["url"], row["text"]) == (URL, CLEAN)


def test_an_article_beyond_the_limit_is_refused(tmp_path):
    [item] = read(tmp_path, "a.txt", DUMP.encode(), max_record_bytes=200)
    assert isinstance(item, Rejection)
    assert item.reason_code == "oversize_record"
    assert "200" in item.reason


@pytest.mark.parametrize(
    ("uri", "section"), [("bbc/sport/001.txt", "sport"), ("2026/05/001.txt", None), ("a.txt", None)]
)
def test_the_folder_of_a_corpus_that_is_sorted_by_section_is_the_section(tmp_path, uri, section):
    path = tmp_path / "a.txt"
    path.write_text("Rovers Win Again\n\nThe Rovers won on Saturday.\n")
    [record] = read_file(RawFile(path, uri), ReadOptions())
    assert record.fields.get("section") == section
