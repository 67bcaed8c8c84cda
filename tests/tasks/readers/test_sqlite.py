import gzip
import sqlite3
import time

import pytest

from tests.tasks.readers.reading import fields, read, verdicts

HANG = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS title, i AS text FROM n"


def database(folder, *statements):
    path = folder / "made.db"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(*([statement] if isinstance(statement, str) else statement))
    connection.close()
    return path.read_bytes()


ARTICLES = "CREATE TABLE articles (id INTEGER PRIMARY KEY, title, text)"
FERRY = ("INSERT INTO articles VALUES (?, ?, ?)", (1, "Ferry", "It sails."))
DOCK = ("INSERT INTO articles VALUES (?, ?, ?)", (5, "Dock", "It is dry."))


def test_the_tables_with_title_and_text_are_read_and_others_are_not(tmp_path):
    comments = "CREATE TABLE comments (id, text)"
    data = database(tmp_path, comments, "INSERT INTO comments VALUES (1, 'First!')", ARTICLES, FERRY, DOCK)
    items = read(tmp_path, "a.db", data)
    assert [item.member for item in items] == ["articles#record:1", "articles#record:2"]
    assert [r["title"] for r in fields(tmp_path, "a", gzip.compress(data), scratch=tmp_path / "s")] == ["Ferry", "Dock"]


def test_strange_names_are_only_names(tmp_path):
    make = 'CREATE TABLE "a""; DROP TABLE x; --" ("title", "te_xt", "rowid")'
    data = database(tmp_path, make, """INSERT INTO "a""; DROP TABLE x; --" VALUES ('Ferry', 'It sails.', 'r')""")
    assert [r["text"] for r in fields(tmp_path, "a.db", data)] == ["It sails."]


def test_tables_without_row_numbers_are_read(tmp_path):
    make = "CREATE TABLE articles (title PRIMARY KEY, text) WITHOUT ROWID"
    data = database(tmp_path, make, "INSERT INTO articles VALUES ('Ferry', 'It sails.')")
    assert verdicts(read(tmp_path, "a.db", data)) == ["Ferry"]


def test_views_triggers_virtual_tables_and_functions_of_the_schema_never_run(tmp_path):
    data = database(
        tmp_path,
        f"CREATE VIEW news AS {HANG}",
        "CREATE VIRTUAL TABLE search USING fts5(title, text)",
        ARTICLES,
        FERRY,
        "CREATE TABLE sly (title, text AS (printf('%900000000d', 1)) VIRTUAL)",
        "INSERT INTO sly VALUES ('x')",
    )
    started = time.monotonic()
    items = read(tmp_path, "a.db", data)
    assert time.monotonic() - started < 20
    assert "Ferry" in verdicts(items)
    assert not any("news" in (item.member or "") or "search#" in (item.member or "") for item in items)


def test_a_value_beyond_the_limit_costs_only_its_row(tmp_path):
    big = ("INSERT INTO articles VALUES (?, ?, ?)", (3, "Big", "x" * 50_000))
    data = database(tmp_path, ARTICLES, FERRY, big, DOCK)
    assert verdicts(read(tmp_path, "a.db", data, max_record_bytes=10_000)) == ["Ferry", "oversize_record", "Dock"]


def test_bytes_that_are_no_text_cost_only_their_row(tmp_path):
    bad = ("INSERT INTO articles VALUES (?, ?, ?)", (3, "Bad", b"\xff\xfe"))
    assert verdicts(read(tmp_path, "a.db", database(tmp_path, ARTICLES, FERRY, bad, DOCK))) == [
        "Ferry",
        "undecodable_text",
        "Dock",
    ]


def test_without_a_text_the_columns_are_named(tmp_path):
    [item] = read(tmp_path, "a.db", database(tmp_path, "CREATE TABLE t (alpha, beta)"))
    assert item.reason_code == "unknown_columns"
    assert "“t.alpha”, “t.beta”" in item.reason


@pytest.mark.parametrize("at", [16, 100, 110, 4096 + 5, 8192 + 3])
def test_a_damaged_database_is_refused_and_never_raises(tmp_path, at):
    rows = [("INSERT INTO articles VALUES (?, ?, ?)", (i, f"T{i}", "It sails. " * 50)) for i in range(1, 60)]
    data = bytearray(database(tmp_path, ARTICLES, *rows))
    data[at : at + 24] = b"\xff" * 24
    items = read(tmp_path, "a.db", bytes(data))
    assert len(items) <= 61
    assert all(getattr(item, "reason_code", "corrupt_file") in ("corrupt_file", "unknown_columns") for item in items)


def test_nothing_is_written_beside_the_database(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    read(folder, "a.db", database(tmp_path, "PRAGMA journal_mode = WAL", ARTICLES, FERRY))
    assert [path.name for path in folder.iterdir()] == ["a.db"]
