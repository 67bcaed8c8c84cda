import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.tables import QUARANTINE
from tasks.drift import Figure
from tasks.figures import measure
from tasks.lake import Lake, writer_lock
from tasks.report import account
from tasks.runreport import (
    UNPUBLISHED,
    NoReport,
    draw,
    find_report,
    finish,
    read_facts,
    refused_rows,
    settle,
    write_facts,
)
from tasks.validate import merge_results, validate
from tests.tasks.runs import lines, run, story
from tests.tasks.staging import refusal
from tests.tasks.test_ledger import put
from tests.tasks.test_page import HOSTILE, UNSEEN_TEXT, facts
from tests.tasks.test_report import parts
from tests.tasks.test_validate import NOW, article

__all__ = ["parts"]  # the fixture
SECRET = "whose words are taken back"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on two refused records: one whose language is a secret, one whose bytes are no text."""
    folder = tmp_path_factory.mktemp("lake") / "reports" / "20260701T041500.000000Z-0a1b2c3d"
    folder.mkdir(parents=True)
    checked = validate("articles", [article() | {"language": SECRET}], NOW)
    (failure,) = checked.failures
    broken = {
        "stage": "validate",
        "reason_code": failure.reason_code,
        "reason": failure.reason,
        "expectation": failure.expectation,
        "column": failure.column,
        "value": failure.value,
        "raw": SECRET.encode(),
    }
    times = {"first_seen_at": NOW, "last_seen_at": NOW, "run_id": "run"}
    rows = [refusal("a.jsonl:1", **broken) | times, refusal("b", raw=b"\xff\x00" + UNSEEN_TEXT.encode()) | times]
    with duckdb.connect() as connection:
        connection.register("refused", QUARANTINE.schema.empty_table().from_pylist(rows, schema=QUARANTINE.schema))
        reasons = {failure.reason_code: 1, "missing_title": 1}
        said = facts(run_id=folder.name, quarantine_reasons=reasons)
        write_facts(folder, said, {"articles": merge_results([checked.result])}, connection)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made.parent, tmp_path / "reports")
    return tmp_path / "reports" / made.name


def pages(folder: Path) -> str:
    return "".join(path.read_text("utf-8") for path in folder.rglob("*.html"))


def test_the_pages_are_drawn_from_the_facts_alone_and_always_the_same(folder: Path) -> None:
    page = draw(folder)
    first = pages(folder)
    for words in (SECRET, "\\xff", "U+202E", HOSTILE[8:13], "rows that break it: 1"):
        assert words in first
    shutil.rmtree(folder / "data_docs")
    page.unlink()
    draw(folder)
    assert pages(folder) == first


def test_a_text_that_is_taken_out_of_one_file_is_gone_from_all_pages(folder: Path) -> None:
    draw(folder)
    assert [path.name for path in folder.glob("*.json*") if SECRET in path.read_text("utf-8")] == ["quarantine.jsonl"]
    kept = [row for row in refused_rows(folder) if SECRET not in row["raw"]]
    (folder / "quarantine.jsonl").write_text("".join(json.dumps(row) + "\n" for row in kept), "utf-8")
    draw(folder)
    assert SECRET not in pages(folder)
    assert "No title" in pages(folder) or "no title" in pages(folder)


def test_how_a_run_ended_is_added(folder: Path) -> None:
    finish(folder, status="failed", message=HOSTILE, stages=[{"stage": "publish", "n": 1, "seconds": 2.5}])
    assert read_facts(folder)["status"] == "failed"
    assert "2.50 s" in (folder / "index.html").read_text("utf-8")


def test_a_report_is_found_by_the_beginning_of_its_name(folder: Path) -> None:
    lake = Lake(folder.parents[1])
    later = folder.with_name("20260801T041500.000000Z-0a1b2c3d")
    shutil.copytree(folder, later)
    assert find_report(lake, None) == later
    assert find_report(lake, "202607") == folder
    for run_id, words in (("2025", "no report of a run 2025"), ("2026", "beginning of 2 runs")):
        with pytest.raises(NoReport, match=words):
            find_report(lake, run_id)
    (later / "run.json").unlink()
    with pytest.raises(NoReport, match="holds no report"):
        draw(later)


def test_a_run_that_died_before_its_commit_is_not_taken_for_done(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    put(tmp_path / "raw" / "a.jsonl", lines([story(1)]))
    run(lake, tmp_path / "raw", report=True, keep=False)
    done, dead = lake.report_dir("run-1"), lake.report_dir("run-2")
    shutil.copytree(done, dead)
    before = read_facts(done)
    with writer_lock(lake):
        settle(lake, dead)
    assert read_facts(dead) == before  # a run is at work, which may be this one
    for folder in (done, dead):
        settle(lake, folder)
    assert read_facts(done) == before
    assert read_facts(dead) == before | {"status": "failed", "message": UNPUBLISHED}


def test_a_run_is_measured(parts: dict[str, Any]) -> None:
    one = account(**parts)
    figures = {figure.name: figure for figure in one.figures}
    assert figures["records"] == Figure("records", 3.0, 0, is_share=False)
    assert figures["records refused"].value == pytest.approx(1 / 3)
    assert figures["articles without authors"] == Figure("articles without authors", 1.0, 2, is_share=True)
    assert figures["articles without published_on"].value in (0.0, 1.0)
    assert one.row["figures"] == [{"name": f.name, "value": f.value} for f in one.figures]
    (file,) = one.parts["by_file"]
    assert file == {"file": "a.jsonl", "n_records": 3, "n_written": 2, "n_quarantined": 1, "n_kept": 0}
    assert one.parts["by_format"] == [{"format": "jsonl", "n_articles": 2, "n_written": 2}]
    assert sum(month["n_written"] for month in one.parts["by_month"]) == 2


def test_files_beyond_the_first_are_added_up(parts: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.figures.MOST_FILES", 1)
    row = account(**parts).row
    files = [{"uri": f"f{n}", "n_records": n, "status": "read"} for n in range(4)]
    _, found = measure(parts["lake"], parts["run"], parts["decisions"], row | {"files": files}, 0.0)
    assert [(entry["file"], entry["n_records"]) for entry in found["by_file"]] == [("f3", 3), ("3 more files", 3)]
