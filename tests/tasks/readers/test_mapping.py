from pathlib import Path

import pytest

from tasks.readers.aliases import ALIASES
from tasks.readers.mapping import MappingError, Misfit, load_mapping, parse_mapping, to_fields
from tasks.records import Rejection
from tests.tasks.readers.reading import fields, read, verdicts

DOCS = Path(__file__).parents[3] / "docs" / "formats.md"


@pytest.mark.parametrize(
    "record",
    [
        {
            "title": "Ferry",
            "maintext": "It sails.",
            "date_publish": "2024-05-03",
            "source_domain": "q.example",
            "url": "https://q.example/1",
            "authors": ["Ann Lee"],
        },
        {
            "title": "Ferry",
            "content": "It sails.",
            "publishedAt": "2024-05-03",
            "source": {"id": None, "name": "Quill"},
            "url": "https://q.example/1",
            "author": "Ann Lee",
        },
        {
            "title": "Ferry",
            "plaintext": "It sails.",
            "publishing_date": "2024-05-03",
            "authors": ["Ann Lee"],
            "html": {"requested_url": "https://q.example/1"},
        },
        {
            "title": "Ferry",
            "text": "It sails.",
            "publish_date": "2024-05-03",
            "domain": "q.example",
            "url": "https://q.example/1",
            "authors": ["Ann Lee"],
        },
        {
            "headline": {"main": "Ferry"},
            "body": "It sails.",
            "pub_date": "2024-05-03",
            "web_url": "https://q.example/1",
            "author": {"name": "Ann Lee"},
        },
        {
            "Headline": "Ferry",
            "Article Body": "It sails.",
            "PubDate": "2024-05-03",
            "URL": "https://q.example/1",
            "Author": "Ann Lee",
        },
        {
            "title": ["Ferry"],
            "text": ["It sails."],
            "date": ["2024-05-03"],
            "url": ["https://q.example/1"],
            "author": [{"first_name": "Ann", "last_name": "Lee"}],
        },
        {
            "text": "It sails.",
            "metadata": {"title": "Ferry", "date": "2024-05-03", "url": "https://q.example/1", "author": "Ann Lee"},
        },
        {
            "headline": "Ferry",
            "articleBody": "It sails.",
            "datePublished": "2024-05-03",
            "mainEntityOfPage": {"@id": "https://q.example/1"},
            "author": [{"@type": "Person", "name": "Ann Lee"}],
        },
        {
            "headlines": {"basic": "Ferry"},
            "content_elements": [{"type": "text", "content": "It sails."}, {"type": "image", "caption": "The ferry"}],
            "display_date": "2024-05-03",
            "url": "https://q.example/1",
            "credits": {"by": [{"type": "author", "name": "Ann Lee"}]},
        },
        {
            "Überschrift": "Ferry",
            "Artikeltext": "It sails.",
            "Veröffentlicht": "2024-05-03",
            "Link": "https://q.example/1",
            "Verfasser": "Ann Lee",
        },
        {
            "titre": "Ferry",
            "texte": "It sails.",
            "date de publication": "2024-05-03",
            "lien": "https://q.example/1",
            "auteur": "Ann Lee",
        },
        {
            "headline": "{'main': 'Ferry', 'kicker': None}",
            "body": "It sails.",
            "pub_date": "2024-05-03",
            "web_url": "https://q.example/1",
            "authors": "['Ann Lee']",
        },
    ],
)
def test_the_layouts_of_known_tools(record):
    found = to_fields(record)
    assert not isinstance(found, Misfit)
    assert (found["title"], found["published"]) == ("Ferry", "2024-05-03")
    assert found["text"] in ("It sails.", ["It sails."])
    assert found["url"] == "https://q.example/1"
    assert found["authors"] in (["Ann Lee"], "Ann Lee", [{"name": "Ann Lee"}])


def test_a_source_is_a_name_or_an_address():
    assert to_fields({"title": "F", "text": "x", "source": "Quill Courier"})["publisher_name"] == "Quill Courier"
    found = to_fields({"title": "F", "text": "x", "source": "https://q.example/1"})
    assert (found["url"], found.get("publisher_name")) == ("https://q.example/1", None)


@pytest.mark.parametrize(
    ("value", "published"),
    [
        ({"$date": "2024-05-03T08:00:00Z"}, "2024-05-03T08:00:00Z"),
        ({"$date": {"$numberLong": "1714723200000"}}, "1714723200000"),
        ({"_seconds": 1714723200, "_nanoseconds": 0}, 1714723200),
        ({"year": 2024, "month": 5, "day": 3}, "2024-05-03"),
        ([2024, 5, 3, 8, 0], "2024-05-03"),
        (["2024-05-03"], "2024-05-03"),
    ],
)
def test_a_date_in_pieces(value, published):
    assert to_fields({"title": "F", "text": "x", "published": value})["published"] == published


@pytest.mark.parametrize(
    "blank", ["", " ", "nan", "NaT", "<NA>", "N/A", "[Removed]", "[deleted]", None, [], {}, float("nan")]
)
def test_what_stands_for_no_value_is_none(blank):
    assert "title" not in to_fields({"title": blank, "text": "x"})
    assert to_fields({"title": blank, "headline": "F", "text": "x"})["title"] == "F"


def test_bylines_may_be_objects():
    assert (
        to_fields({"title": "F", "text": "x", "bylines": [{"by": "By Ann Lee", "title": "Q"}]})["byline"]
        == "By Ann Lee"
    )


def test_the_number_of_a_user_is_no_author():
    assert "authors" not in to_fields({"title": "F", "text": "x", "author": 3})
    assert to_fields({"title": "F", "text": "x", "authors": [3, "Ann Lee"]})["authors"] == ["Ann Lee"]


def test_a_summary_is_the_text_only_where_a_layout_has_none():
    found = to_fields({"title": "F", "description": "It sails.", "url": "https://q.example/1"})
    assert (found["text"], found["is_summary_only"], found.get("subtitle")) == ("It sails.", True, None)
    assert "text" not in to_fields({"title": "F", "description": "It sails.", "content": None})
    own = parse_mapping({"fields": {"text": "lijf"}})
    assert "text" not in to_fields({"title": "F", "description": "It sails."}, own)


def test_data_is_a_date_in_some_languages_and_anything_elsewhere():
    assert to_fields({"titolo": "F", "testo": "x", "data": "3 maggio 2024"})["published"] == "3 maggio 2024"
    assert "published" not in to_fields({"title": "F", "text": "x", "data": {"n": 1}})


def test_html_and_lists_of_paragraphs_are_told_apart():
    assert to_fields({"title": "F", "text": ["One.", "Two."]})["text"] == ["One.", "Two."]
    assert to_fields({"title": "F", "body": "<p>One.</p>"})["markup"] == "html"
    assert to_fields({"title": "F", "text": "a < b"})["markup"] == "plain"


def test_values_of_a_wrong_type_name_the_field():
    misfit = to_fields({"title": "F", "text": {"a": 1}})
    assert isinstance(misfit, Misfit)
    assert (misfit.reason_code, misfit.column) == ("wrong_type", "text")


def test_the_mapping_in_the_docs_reads_a_table_without_header(tmp_path):
    example = DOCS.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(example, encoding="utf-8")
    data = "Hafen;'Fähre';'Sie sagte; \"ja\".'\nHafen;'Dock';'Größer.'\n".encode()
    found = fields(tmp_path, "a.csv", data, mapping=mapping)
    assert [(f["section"], f["title"], f["text"]) for f in found] == [
        ("Hafen", "Fähre", 'Sie sagte; "ja".'),
        ("Hafen", "Dock", "Größer."),
    ]


def test_a_mapping_names_fields_in_lines_and_joins_texts(tmp_path):
    mapping = parse_mapping({"fields": {"title": "h", "text": ["lead", "rest"], "url": "meta.address"}})
    data = b'{"h": "Ferry", "lead": "One.", "rest": "Two.", "meta": {"address": "https://q.example/1"}}'
    [found] = fields(tmp_path, "a.jsonl", data, mapping=mapping)
    assert (found["title"], found["text"], found["url"]) == ("Ferry", ["One.", "Two."], "https://q.example/1")


@pytest.mark.parametrize(
    "content",
    [
        "fields: 3",
        "colour: red",
        "fields: {headline: x}",
        "format: xml",
        "delimiter: ab",
        "[1",
        "header: maybe",
        "fields: {title: []}",
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(tmp_path, content):
    path = tmp_path / "mapping.yaml"
    path.write_text(content)
    with pytest.raises(MappingError, match=r"mapping\.yaml: .*\.$"):
        load_mapping(path)


def test_a_record_without_title_or_text_names_what_it_has(tmp_path):
    [item] = read(tmp_path, "a.jsonl", b'{"alpha": 1, "beta": 2}')
    assert isinstance(item, Rejection)
    assert verdicts([item]) == ["wrong_type"]
    assert "alpha, beta" in item.reason


def test_a_name_serves_one_field_only():
    names = [(name, target) for target, aliases in ALIASES.items() for name in aliases]
    shared = {name for name, _ in names if sum(n == name for n, _ in names) > 1}
    assert shared <= {"source"}  # an address where it is one, else the publisher's name


def test_the_docs_list_every_name_and_no_other():
    section = DOCS.read_text(encoding="utf-8").split("## Field names")[1].split("\n## ")[0]
    rows = [line.split("|")[1:3] for line in section.splitlines() if line.startswith("| `")]
    documented = {row[0].strip().strip("`"): [n.strip().strip("`") for n in row[1].split(",")] for row in rows}
    assert documented == {target: list(aliases) for target, aliases in ALIASES.items()}


def test_a_number_in_a_column_that_only_sometimes_holds_the_address_is_no_fault() -> None:
    fields = to_fields({"id": 17, "title": "Ferry", "text": "It sails."})
    assert not isinstance(fields, Misfit)
    assert "url" not in fields
    assert isinstance(to_fields({"url": 17, "title": "Ferry", "text": "It sails."}), Misfit)
