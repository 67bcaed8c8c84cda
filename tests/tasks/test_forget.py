"""Takedowns: what goes, what stays, and that it does not come back."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.tables import TABLES
from tasks.catalog import build_catalog
from tasks.commit import FILES, FileOps, temporary
from tasks.corrections.decisions import decide
from tasks.corrections.file import append, corrections_file
from tasks.corrections.make import anchor
from tasks.forget import ForgetError, Order, find_removals, forget, lift
from tasks.lake import Lake
from tasks.publish import relink
from tasks.runreport import draw
from tests.tasks.runs import lines, run, story
from tests.tasks.staging import rows
from tests.tasks.test_ledger import put, tables

AT = datetime(2026, 8, 1, tzinfo=UTC)
SECRET = "Quillfeather"
GAZETTE = {"url": "https://gazette.example/buoys"}
RECORDS: dict[str, list[dict[str, Any] | str]] = {
    "a.jsonl": [
        story(1, f"“Buoy 1 is {SECRET}'s,” said Ada Moss, the harbour master."),
        story(2),
        story(1, f"“Buoy 1 is {SECRET}'s,” said Ada Moss, the harbour master."),
        story(5, title=""),
        story(6, f"It floats, {SECRET} said.", published="2026-02-31"),
    ],
    "b.jsonl": [story(3, **GAZETTE), "{", story(4, title=SECRET * 60)],
}


def write(raw: Path, records: dict[str, list[dict[str, Any] | str]]) -> Path:
    for name, content in records.items():
        put(raw / name, lines(content))
    return raw


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("forget") / "raw", RECORDS)


@pytest.fixture(scope="module")
def full_lake(raw: Path) -> Lake:
    lake = Lake(raw.parent / "lake")
    run(lake, raw, 1, extractor="rules", report=True)
    return lake


@pytest.fixture
def lake(full_lake: Lake, tmp_path: Path) -> Lake:
    shutil.copytree(full_lake.root, tmp_path / "lake")
    return Lake(tmp_path / "lake")


def ids(lake: Lake) -> dict[str, str]:
    return {row["title"]: row["article_id"] for row in rows(lake, "articles")}


def take_down(lake: Lake, kind: str, value: str) -> None:
    forget(lake, find_removals(lake, [Order(kind, value)]), AT, "mholm", "a court order")


def test_an_article_leaves_as_if_it_had_never_been_there(lake: Lake, raw: Path, tmp_path: Path) -> None:
    article_id = ids(lake)["Buoy 1"]
    take_down(lake, "article", article_id[:8])
    others = {name: [r for r in content if f"{SECRET}'s" not in str(r)] for name, content in RECORDS.items()}
    without = Lake(tmp_path / "without")
    run(without, write(tmp_path / "raw", others), 1, extractor="rules")
    # the same but for the numbers of lines
    for name, expected in tables(without).items():
        found = tables(lake)[name]
        assert [{**row, "source_member": "", "quarantine_id": ""} for row in found] == [
            {**row, "source_member": "", "quarantine_id": ""} for row in expected
        ]
    assert rows(lake, "entities") == rows(without, "entities")
    assert rows(lake, "quote_clusters") == rows(without, "quote_clusters")
    (log,) = rows(lake, "forgotten")
    assert (log["kind"], log["value"], log["article_ids"]) == ("article", article_id, [article_id])
    assert (log["n_articles"], log["n_quotes"], log["n_quarantine"]) == (1, 1, 1)
    assert (log["forgotten_by"], log["reason"], log["source_uris"]) == ("mholm", "a court order", ["a.jsonl"])


def holding(lake: Lake, words: str) -> set[str]:
    """The tables of the catalog in which words stand; none where there is no catalog."""
    if not lake.catalog.exists():
        return set()
    with duckdb.connect(lake.catalog, read_only=True) as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        query = "SELECT count(*) FROM lookup.{} t WHERE contains(t::VARCHAR, ?)"
        return {name for (name,) in tables if connection.execute(query.format(name), [words]).fetchall() != [(0,)]}


def words_of(lake: Lake, word: str) -> list[Any]:
    files = f"{lake.internal}/index/*/*/*.parquet"
    return duckdb.execute("SELECT DISTINCT word FROM read_parquet(?) WHERE word = lower(?)", [files, word]).fetchall()


def test_it_does_not_come_back_until_it_is_allowed(lake: Lake, raw: Path) -> None:
    article_id = ids(lake)["Buoy 1"]
    take_down(lake, "article", article_id)
    again = run(lake, raw, 2, full=True)
    assert again["reasons"]["forgotten"] == 2
    assert again["refused_share"] == pytest.approx(4 / 8)  # no title, no such day, no JSON, no headline
    assert "Buoy 1" not in ids(lake)
    refused = [row for row in rows(lake, "quarantine") if row["reason_code"] == "forgotten"]
    assert [(row["value"], row["raw"], row["raw_sha256"]) for row in refused] == [(article_id, None, None)] * 2
    assert lift(lake, [Order("article", article_id)], AT, "mholm") == 1
    assert lift(lake, [Order("article", article_id)], AT, "mholm") == 0
    assert run(lake, raw, 3)["n_written"] == 1
    assert "Buoy 1" in ids(lake)
    assert {row["resolved_run_id"] for row in rows(lake, "quarantine") if row["reason_code"] == "forgotten"} == {
        "run-3"
    }


@pytest.mark.parametrize(
    ("kind", "value", "left", "refused"),
    [
        ("source", "a.jsonl", ["Buoy 3"], {"malformed_json": 1, "title_too_long": 1}),
        ("publisher", "courier.example", ["Buoy 3"], {"malformed_json": 1}),
    ],
)
def test_a_source_or_a_publisher_leaves_with_all_that_was_refused_of_it(
    lake: Lake, raw: Path, kind: str, value: str, left: list[str], refused: dict[str, int]
) -> None:
    take_down(lake, kind, value)
    for again in (True, False):
        assert sorted(ids(lake)) == left
        codes = [row["reason_code"] for row in rows(lake, "quarantine") if row["reason_code"] != "forgotten"]
        assert {code: codes.count(code) for code in codes} == refused
        assert not any(SECRET.encode() in (row["raw"] or b"") for row in rows(lake, "quarantine")) or kind == "source"
        if again:
            run(lake, raw, 2, full=True)


def test_reports_of_earlier_runs_quote_nothing_any_more(lake: Lake) -> None:
    (folder,) = (lake.root / "reports").iterdir()

    def holding() -> set[str]:
        return {path.name for path in folder.rglob("*") if path.is_file() and SECRET in path.read_text("utf-8")}

    draw(folder)
    assert holding() == {"quarantine.jsonl", "index.html", "articles.html"}
    take_down(lake, "publisher", "courier.example")
    assert holding() == set()
    left = [json.loads(line) for line in (folder / "quarantine.jsonl").read_text("utf-8").splitlines()]
    assert [(row["reason_code"], row["value"], row["raw"]) for row in left] == [("malformed_json", None, "")]


class Dying(FileOps):
    """Dies when the commit is decided, before any file has been exchanged."""

    def rename(self, source: Path, target: Path) -> None:
        raise KeyboardInterrupt


@pytest.mark.parametrize("ops", [FILES, Dying()])
def test_no_index_and_no_catalog_holds_a_word_of_it_however_it_ends(lake: Lake, ops: FileOps) -> None:
    build_catalog(lake)
    assert holding(lake, "Buoy 1") == {"article", "quotes"}
    assert words_of(lake, SECRET) != []
    temporary(lake.catalog).write_text(SECRET)
    with suppress(KeyboardInterrupt):
        forget(lake, find_removals(lake, [Order("article", ids(lake)["Buoy 1"])]), AT, "mholm", ops=ops)
    assert holding(lake, "Buoy 1") == set()
    assert words_of(lake, SECRET) == []
    assert words_of(lake, "buoy") != [] if ops is FILES else not lake.catalog.exists()
    assert not temporary(lake.catalog).exists()


def test_decisions_of_people_on_its_quotes_go_as_well(lake: Lake) -> None:
    quotes = {row["article_id"]: row for row in rows(lake, "quotes")}
    path = corrections_file(lake)
    for quote in quotes.values():
        append(path, decide("not_a_quote", "Ida Holm", quote=anchor(quote)))
    relink(lake)
    gone = ids(lake)["Buoy 1"]
    take_down(lake, "article", gone)
    left = {article_id for article_id in quotes if article_id != gone}
    assert {row["article_id"] for row in rows(lake, "corrections")} == left
    assert SECRET not in path.read_text("utf-8")
    assert len(path.read_text("utf-8").splitlines()) == len(left) > 0


def test_what_does_not_exist_is_not_forgotten_by_mistake(lake: Lake) -> None:
    with pytest.raises(ForgetError, match="no article_id"):
        find_removals(lake, [Order("article", "0123")])
    with pytest.raises(ForgetError, match="more than one"):
        find_removals(lake, [Order("article", "")])
    (ahead,) = find_removals(lake, [Order("article", "0" * 32)])
    assert ahead.article_ids == []


def test_finding_changes_nothing(lake: Lake) -> None:
    before = {name: rows(lake, name) for name in TABLES}
    find_removals(lake, [Order("publisher", "courier.example")])
    assert {name: rows(lake, name) for name in TABLES} == before
