"""Refused records, tried again."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tasks.commit import writing
from tasks.lake import Lake
from tasks.process import RunContext
from tasks.readers import ReadOptions
from tasks.replay import Retries, find_retries, replay
from tests.tasks.runs import NOTHING, STARTED, lines, run, story
from tests.tasks.staging import rows
from tests.tasks.test_ledger import put
from tests.tasks.test_process import FAILING

LONG = "A buoy floats by. " * 200
DATA: dict[str, bytes] = {
    "a.jsonl": lines([story(1), story(2, LONG), story(3, title=""), story(4, "A tripwire.")]),
    "b.csv": b"title,text,author\nBuoy 5,It floats.,Ida\nBuoy 6,It sank.\n",
    "c.txt": b"A tripwire\n\n2024-03-04\n\nIt trips over a tripwire here.\n",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("replay")
    for name, data in DATA.items():
        put(folder / "raw" / name, data)
    run(Lake(folder / "lake"), folder / "raw", 1, extractor=FAILING, read=ReadOptions(max_record_bytes=2_000))
    return folder


@pytest.fixture
def lake(made: Path, tmp_path: Path) -> Lake:
    shutil.copytree(made / "lake", tmp_path / "lake")
    return Lake(tmp_path / "lake")


@pytest.fixture
def raw(made: Path) -> Any:
    yield made / "raw"
    for name, data in DATA.items():
        put(made / "raw" / name, data)


def again(lake: Lake, *reasons: str) -> tuple[Retries, dict[str, Any]]:
    this = RunContext("run-2", STARTED, lake.staging_dir("run-2"), NOTHING)
    with writing(lake):
        retries = find_retries(lake, this.staging / "_copies", reasons)
        return retries, replay(lake, this, retries, parameters=[("replay", " ".join(reasons))])


def refusals(lake: Lake) -> dict[tuple[str, str | None], tuple[str, str | None, int]]:
    return {
        (row["source_uri"], row["source_member"]): (row["reason_code"], row["resolved_run_id"], row["n_attempts"])
        for row in rows(lake, "quarantine")
    }


def test_what_can_be_read_now_is_accepted_where_it_stands(lake: Lake, raw: Path) -> None:
    before = refusals(lake)
    retries, row = again(lake)
    assert retries.left == []
    assert (row["n_records"], row["n_written"], row["n_quarantined"]) == (5, 3, 2)
    found = {a["title"]: (a["source_uri"], a["source_member"]) for a in rows(lake, "articles")}
    assert found["Buoy 2"] == ("a.jsonl", "line:2")
    assert found["Buoy 4"] == ("a.jsonl", "line:4")
    assert found["A tripwire"] == ("c.txt", None)
    assert refusals(lake) == before | {
        ("a.jsonl", "line:2"): ("oversize_record", "run-2", 1),
        ("a.jsonl", "line:4"): ("extraction_failed", "run-2", 1),
        ("c.txt", None): ("extraction_failed", "run-2", 1),
        ("a.jsonl", "line:3"): ("missing_title", None, 2),
        ("b.csv", "record:2"): (before["b.csv", "record:2"][0], None, 2),
    }
    assert again(lake)[0].places.keys() == {
        r["quarantine_id"] for r in rows(lake, "quarantine") if not r["resolved_run_id"]
    }


def test_only_what_is_asked_for_is_tried(lake: Lake, raw: Path) -> None:
    assert again(lake, "oversize_record")[1]["n_records"] == 1
    (row,) = [r for r in rows(lake, "quarantine") if r["reason_code"] == "missing_title"]
    assert list(find_retries(lake, lake.spill_dir, ids=[row["quarantine_id"][:8].upper()]).places) == [
        row["quarantine_id"]
    ]


def test_without_the_file_the_bytes_serve_where_they_are_whole_and_stand_alone(lake: Lake, raw: Path) -> None:
    (raw / "a.jsonl").unlink()
    put(raw / "b.csv", "now something else")
    retries, row = again(lake)
    (left,) = retries.left
    assert left["source_uri"] == "b.csv"
    assert left["why"].startswith("the file has changed since; the next run reads it, and its bytes can't be read")
    assert row["n_written"] == 3
    found = {a["title"]: (a["source_uri"], a["source_member"]) for a in rows(lake, "articles")}
    assert found["Buoy 4"] == ("a.jsonl", "line:4")
    assert refusals(lake)["a.jsonl", "line:4"] == ("extraction_failed", "run-2", 1)
    assert refusals(lake)["b.csv", "record:2"][1] is None


def test_a_record_that_does_not_come_up_is_not_resolved(lake: Lake, raw: Path) -> None:
    this = RunContext("run-2", STARTED, lake.staging_dir("run-2"), NOTHING)
    with writing(lake):
        retries = find_retries(lake, this.staging / "_copies", ["oversize_record"])
        retries.files = [replace(retries.files[0], path=raw / "gone.jsonl")]
        replay(lake, this, retries, parameters=[])
    assert refusals(lake)["a.jsonl", "line:2"] == ("oversize_record", None, 1)


def test_a_file_that_grew_is_read_as_far_as_it_was(lake: Lake, raw: Path) -> None:
    put(raw / "a.jsonl", DATA["a.jsonl"] + lines([story(9)]))
    assert again(lake, "oversize_record")[1]["n_written"] == 1
