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
    ],
)
def test_the_layouts_of_known_tools(record):
    found = to_fields(record)
    assert not isinstance(found, Misfit)
    assert (found["title"], found["text"], found["published"]) == ("Ferry", "It sails.", "2024-05-03")
    assert found["url"] == "https://q.example/1"
    assert found["authors"] in (["Ann Lee"], "Ann Lee", [{"name": "Ann Lee"}])


def test_a_source_is_a_name_or_an_address():
    assert to_fields({"title": "F", "text": "x", "source": "Quill Courier"})["publisher_name"] == "Quill Courier"
    assert to_fields({"title": "F", "text": "x", "source": "https://q.example/1"})["url"] == "https://q.example/1"


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
