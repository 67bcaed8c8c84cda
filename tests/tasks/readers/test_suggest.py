import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tasks.normalise.article import Article
from tasks.readers.mapping import parse_mapping
from tasks.readers.suggest import NoLayout, suggest
from tests.tasks.readers.reading import fields

ROWS = [
    {
        "kop": f"The Ferry Sails Again, Part {n}",
        "lijf": f"The ferry sails again after {n} weeks in dock, says its captain. " * 6,
        "wanneer": f"2024-05-0{n}T10:00:00Z",
        "wie": "Ann Lee" if n % 2 else "Bo Marsh",
        "waar": f"https://quill.example/{n}",
        "rubriek": "Harbour" if n % 3 else "Sport",
        "nummer": n,
    }
    for n in range(1, 8)
]
EXPECTED = {
    "title": "kop",
    "section": "rubriek",
    "url": "waar",
    "authors": "wie",
    "published": "wanneer",
    "text": "lijf",
}


def csv_text(delimiter=",", header=True):
    lines = [delimiter.join(ROWS[0])] if header else []
    lines += [delimiter.join(f'"{value}"' for value in row.values()) for row in ROWS]
    return "\n".join(lines) + "\n"


def written(folder, name):
    path = folder / name
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    elif name.endswith(".jsonl"):
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    elif name.endswith(".json"):
        path.write_text(json.dumps({"status": "ok", "articles": ROWS}))
    else:
        path.write_text(csv_text(";"))
    return path


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.parquet"])
def test_columns_are_told_by_what_they_hold(tmp_path, name):
    path = written(tmp_path, name)
    found = suggest(path)
    assert found.mapping["fields"] == EXPECTED
    assert not found.is_known
    assert isinstance(found.preview, Article)
    assert found.preview.row["authors"] == ["Ann Lee"]
    records = fields(tmp_path, name, path.read_bytes(), mapping=parse_mapping(found.mapping))
    assert [r["title"] for r in records] == [row["kop"] for row in ROWS]


def test_a_table_without_header_gets_numbers(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(csv_text(";", header=False))
    found = suggest(path)
    assert (found.mapping["delimiter"], found.mapping["header"]) == (";", False)
    assert found.mapping["fields"] == {"title": 1, "section": 6, "url": 5, "authors": 4, "published": 3, "text": 2}
    assert len(fields(tmp_path, "a.csv", path.read_bytes(), mapping=parse_mapping(found.mapping))) == len(ROWS)


def test_names_that_are_known_come_first(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(csv_text().replace("kop,lijf", "headline,body", 1))
    found = suggest(path)
    assert found.is_known
    assert {c.name: c.by for c in found.columns if c.by}["headline"] == "name"
    assert found.mapping["fields"]["published"] == "wanneer"


def test_what_has_no_columns_says_so(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("A note\n\nThat says nothing.\n")
    with pytest.raises(NoLayout, match="plain text"):
        suggest(path)
    path.write_bytes(b"%PDF-1.4\n\x00")
    with pytest.raises(NoLayout, match="PDF"):
        suggest(path)


def test_nothing_is_suggested_where_nothing_reads_as_a_text(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("alpha,beta\n1,2\n3,4\n")
    found = suggest(path)
    assert "text" not in found.mapping["fields"]
    assert found.preview is None
