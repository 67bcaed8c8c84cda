"""Incremental runs: what is new, what grew, what is gone."""

from __future__ import annotations

import gzip
import inspect
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks import digests
from tasks.deduplicate import deduplicate
from tasks.discover import discover
from tasks.lake import Lake
from tasks.normalise.article import NormaliseOptions
from tasks.publish import publish_run
from tasks.readers import ReadOptions, read_file
from tasks.readers.dispatch import may_go_on
from tasks.readers.mapping import Mapping
from tasks.readers.source import Tally
from tasks.records import RawFile, RawRecord, Rejection, digest
from tests.tasks import runs
from tests.tasks.runs import find, lines, run, story
from tests.tasks.staging import Run, ingest, rows, run_row

VOLATILE = {"run_id", "ingested_at", "source_sha256", "first_seen_at", "last_seen_at"}
COUNTS = ("n_records", "n_written", "n_unchanged", "n_quarantined")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


def put(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def ledger(lake: Lake) -> dict[str, dict[str, Any]]:
    return {row["source_uri"]: row for row in rows(lake, "raw_files")}


def standing(lake: Lake, name: str) -> list[dict[str, Any]]:
    """The rows of a table but for when and by whom they were written; of quarantine, those that are not resolved."""
    found = [row for row in rows(lake, name) if not row.get("resolved_run_id")]
    return [{column: value for column, value in row.items() if column not in VOLATILE} for row in found]


def tables(lake: Lake) -> dict[str, list[dict[str, Any]]]:
    return {name: standing(lake, name) for name in ("articles", "quotes", "mentions", "links", "quarantine")}


def test_only_what_is_new_or_changed_is_read(lake: Lake, raw: Path) -> None:
    put(raw / "a.jsonl", lines([story(1)]))
    put(raw / "b.jsonl", lines([story(2)]))
    run(lake, raw, 1, keep=False)
    put(raw / "b.jsonl", lines([story(3)]))
    put(raw / "c.jsonl", lines([story(4)]))
    put(raw / "copy-of-a.jsonl", lines([story(1)]))
    again = run(lake, raw, 2, keep=False)
    assert {f["uri"]: f["status"] for f in again["files"]} == {"b.jsonl": "read", "c.jsonl": "read"}
    assert (again["n_files"], again["n_files_unchanged"]) == (4, 2)
    assert run(lake, raw, 3, keep=False)["files"] == []
    assert {uri: row["run_id"] for uri, row in ledger(lake).items()} == {
        "a.jsonl": "run-1",
        "b.jsonl": "run-2",
        "c.jsonl": "run-2",
        "copy-of-a.jsonl": "run-2",
    }


def test_a_file_that_is_changed_back_is_read_again(lake: Lake, raw: Path) -> None:
    for number, text in enumerate(("It floats.", "It sank.", "It floats."), start=1):
        put(raw / "a.jsonl", lines([story(1, text)]))
        assert [f["status"] for f in run(lake, raw, number, keep=False)["files"]] == ["read"]


def test_the_same_folder_of_another_name_is_known(lake: Lake, raw: Path) -> None:
    put(raw / "day" / "a.jsonl", lines([story(1)]))
    run(lake, raw, 1, keep=False)
    assert run(lake, raw / "day", 2, keep=False)["n_files_unchanged"] == 1
    put(raw / "day" / "a.jsonl", lines([story(1), story(2)]))
    grown = run(lake, raw / "day", 3, keep=False)
    assert [(f["uri"], f["status"]) for f in grown["files"]] == [("a.jsonl", "read")]  # it was never read as `a.jsonl`


def test_other_settings_for_reading_read_again_and_limits_do_not(lake: Lake, raw: Path) -> None:
    put(raw / "a.jsonl", lines([story(1)]))
    run(lake, raw, keep=False)
    assert find(lake, raw).n_unchanged == 1
    assert find(lake, raw, read=ReadOptions(max_record_bytes=10**6)).n_unchanged == 1
    assert len(find(lake, raw, read=ReadOptions(Mapping({"title": ("kop",)}))).new) == 1
    assert len(find(lake, raw, normalise=NormaliseOptions(day_first=True)).new) == 1
    assert len(find(lake, raw, full=True).new) == 1


def test_a_lake_of_an_older_schema_knows_its_files_by_its_runs(lake: Lake, raw: Path) -> None:
    put(raw / "a.jsonl", lines([story(1)]))
    ingest(lake, [])
    (file,) = find(lake, raw).new
    entry = {"uri": "a.jsonl", "sha256": file.sha256, "n_bytes": 1, "n_records": 1, "status": "read"}
    decisions = deduplicate(lake, lake.staging_dir("run-0"), Run("run-0"))
    publish_run(lake, run_row(Run("run-0"), decisions, files=[entry], schema_version="1.1"))
    assert find(lake, raw).n_unchanged == 1
    run(lake, raw, 1, keep=False)
    assert ledger(lake)["a.jsonl"]["source_sha256"] == file.sha256


def test_files_that_are_gone_are_reported_once_and_nothing_is_deleted(lake: Lake, raw: Path) -> None:
    for name in "abc":
        put(raw / f"{name}.jsonl", lines([story(ord(name))]))
    run(lake, raw, 1)
    (raw / "b.jsonl").unlink()
    gone = run(lake, raw, 2, keep=False)
    assert gone["n_files_removed"] == 1
    (file,) = gone["removed"]
    assert (file["uri"], file["n_articles"]) == ("b.jsonl", 1)
    assert file["last_seen_at"].startswith("2026-07-02 04:15")
    assert [f["status"] for f in gone["files"]] == ["removed"]
    assert len(rows(lake, "articles")) == 3
    assert run(lake, raw, 3, keep=False)["n_files_removed"] == 0
    put(raw / "b.jsonl", lines([story(ord("b"))]))
    assert run(lake, raw, 4, keep=False)["n_files_unchanged"] == 3
    assert ledger(lake)["b.jsonl"]["missing_since"] is None


def test_a_single_file_says_nothing_of_its_neighbours(lake: Lake, raw: Path) -> None:
    put(raw / "a.jsonl", lines([story(1)]))
    put(raw / "b.jsonl", lines([story(2)]))
    run(lake, raw, 1, keep=False)
    alone = run(lake, raw / "b.jsonl", 2, keep=False)
    assert (alone["n_files_removed"], alone["n_files_unchanged"]) == (0, 1)


def test_a_file_that_could_not_be_opened_is_tried_again(lake: Lake, raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(lake, raw, 0, keep=False)
    path = put(raw / "a.jsonl", lines([story(1)]))
    found = find(lake, raw)
    path.unlink()
    with monkeypatch.context() as patched:
        patched.setattr(runs, "find", lambda *_, **__: found)
        assert run(lake, raw, 1)["n_quarantined"] == 1
    put(path, lines([story(1)]))
    assert run(lake, raw, 2)["n_written"] == 1
    assert [row["resolved_run_id"] for row in rows(lake, "quarantine")] == ["run-2"]


def test_untouched_files_are_not_read_to_be_known(lake: Lake, raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.jsonl", "b/a.jsonl", "b.jsonl"):
        put(raw / name, lines([story(len(name))]))
    monkeypatch.setattr(digests, "SETTLED_NS", 0)
    time.sleep(0.01)
    run(lake, raw, 1, keep=False)
    read: list[str] = []
    digest = digests.digest_file
    monkeypatch.setattr("tasks.discover.digest_file", lambda path, n=0: (read.append(path.name), digest(path, n))[1])
    assert find(lake, raw).n_unchanged == 3
    assert read == []
    touched = raw / "b.jsonl"
    before = touched.stat()
    put(touched, lines([story(9)])[: before.st_size])
    os.utime(touched, ns=(before.st_atime_ns, before.st_mtime_ns))  # its times set back, its size the same
    assert [file.uri for file in find(lake, raw).new] == ["b.jsonl"]
    assert read == ["b.jsonl"]
    assert len(find(lake, raw, full=True).new) == 3
    assert len(read) == 4


def test_a_file_changed_just_now_is_not_remembered(lake: Lake, raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(raw / "a.jsonl", lines([story(1)]))
    run(lake, raw, keep=False)
    monkeypatch.setattr("tasks.discover.digest_file", lambda path, n=0: pytest.fail("it was read"))
    with pytest.raises(pytest.fail.Exception):
        find(lake, raw)


def test_a_damaged_memory_of_digests_costs_only_time(lake: Lake, raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(raw / "a.jsonl", lines([story(1)]))
    monkeypatch.setattr(digests, "SETTLED_NS", 0)
    time.sleep(0.01)
    run(lake, raw, 1, keep=False)
    (memory,) = (lake.internal / "digests").iterdir()
    memory.write_bytes(memory.read_bytes()[:40])
    assert find(lake, raw).n_unchanged == 1


def test_a_folder_deeper_than_python_may_call_itself_is_walked(raw: Path) -> None:
    path = put(raw / ("d/" * 150) / "a.txt", "A buoy")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 100)
    try:
        (file,) = discover(raw).new
    finally:
        sys.setrecursionlimit(limit)
    assert file.path == path


def test_a_file_that_grew_is_read_from_where_it_ended(lake: Lake, raw: Path) -> None:
    path = put(raw / "a.jsonl", lines([story(1), "", story(2, title="")]))
    run(lake, raw, 1)
    put(path, path.read_bytes() + lines([story(3), story(1, "It was found.")]))
    grown = run(lake, raw, 2)
    assert [(f["status"], f["n_records"]) for f in grown["files"]] == [("continued", 2)]
    assert sorted((a["source_member"], a["n_revisions"]) for a in rows(lake, "articles")) == [
        ("line:4", 1),
        ("line:5", 2),
    ]
    entry = ledger(lake)["a.jsonl"]
    assert (entry["n_records"], entry["mark"]["n_lines"], entry["mark"]["offset"]) == (4, 5, path.stat().st_size)
    assert [row["resolved_run_id"] for row in rows(lake, "quarantine")] == [None]  # its line has not been read again


def test_files_of_other_formats_that_grew_are_read_whole(lake: Lake, raw: Path) -> None:
    files = {
        "a.jsonl.gz": (gzip.compress(lines([story(1)])), gzip.compress(lines([story(2)]))),
        "a.json": (b'[{"title": "A", "text": "One."}', b', {"title": "B", "text": "Two."}]'),
        "a.csv": (b"title,text\nA,One.\n", b"B,Two.\n"),
        "a.txt": (b"Buoy\n\nIt floats.\n", b"\nIt sank.\n"),
    }
    for number in (1, 2):
        for name, parts in files.items():
            put(raw / name, b"".join(parts[:number]))
        assert {f["status"] for f in run(lake, raw, number, keep=False)["files"]} == {"read"}


def test_a_file_whose_beginning_changed_is_read_whole(lake: Lake, raw: Path) -> None:
    put(raw / "a.jsonl", lines([story(1)]))
    run(lake, raw, 1, keep=False)
    put(raw / "a.jsonl", lines([story(5), story(2), story(3)]))
    assert [(f["status"], f["n_records"]) for f in run(lake, raw, 2, keep=False)["files"]] == [("read", 3)]


def test_what_is_added_while_a_file_is_read_is_left_to_the_next_run(
    lake: Lake, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(raw / "a.jsonl", lines([story(1)]))
    run(lake, raw, 0, keep=False)
    put(path, lines([story(1), story(2)]))
    found = find(lake, raw)
    monkeypatch.setattr(runs, "find", lambda *_, **__: found)
    put(path, lines([story(1), story(2), story(3)]))
    assert [(f["status"], f["n_records"]) for f in run(lake, raw, 1, keep=False)["files"]] == [("continued", 1)]
    monkeypatch.undo()
    assert [(f["status"], f["n_records"]) for f in run(lake, raw, 2, keep=False)["files"]] == [("continued", 1)]


# A file's lines, cut anywhere: articles and revisions of them, copies, and lines that are refused.
LINE = st.one_of(
    st.builds(story, st.integers(0, 4)),
    st.builds(lambda n, k: story(n, f"“Déjà {k},” said Ada Moss."), st.integers(0, 4), st.integers(0, 10**6)),
    st.builds(lambda n: story(n, title=""), st.integers(0, 4)),
    st.sampled_from(["", "  ", "{", "[1, 2]", "null", '{"title": "A"} {"title": "B"}', "ünïcode"]),
)


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, list[int]]:
    """A JSON Lines file, and the sizes that it had before."""
    newline = draw(st.sampled_from([b"\n", b"\r\n", b"\r"]))
    whole = draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + lines(draw(st.lists(LINE, max_size=8)))
    whole = whole.replace(b"\n", newline)
    whole = whole.removesuffix(newline) if draw(st.booleans()) else whole
    return whole, sorted(draw(st.sets(st.integers(0, len(whole)), max_size=4)))


@settings(max_examples=200)
@given(grown=files())
def test_reading_in_steps_finds_what_reading_once_finds(
    grown: tuple[bytes, list[int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "grown.jsonl"
    whole, sizes = grown
    found: dict[int, RawRecord | Rejection] = {}
    mark = None
    for size in [*sizes, len(whole)]:
        path.write_bytes(whole[:size])
        file = RawFile(path, path.name, digest(whole[:size]), size, mark)
        file = replace(file, mark=mark if mark and may_go_on(file, mark, ReadOptions()) else None)
        n_before = file.mark.n_records if file.mark else 0
        found = {ordinal: item for ordinal, item in found.items() if ordinal <= n_before}
        tally = Tally()
        found |= {item.ordinal: item for item in read_file(file, ReadOptions(), tally)}
        mark = tally.mark if tally.mark and tally.mark.n_lines else None
    assert [found[ordinal] for ordinal in sorted(found)] == list(read_file(RawFile(path, path.name), ReadOptions()))


def test_a_file_that_grew_in_steps_is_a_file_that_was_read_once(tmp_path: Path) -> None:
    records: list[dict[str, Any] | str] = [
        story(1),
        story(2, title=""),
        story(1),
        "{",
        story(3),
        story(1, "Enfin."),
        "",
    ]
    whole = lines([*records, story(4, "“Déjà,” said Ada Moss."), story(4, "“Déjà,” said Ada Moss."), story(2)])
    grown, once, raw = Lake(tmp_path / "grown"), Lake(tmp_path / "once"), tmp_path / "raw"
    # cut in a line, in a letter, and in front of the last line's end
    for number, size in enumerate([whole.index(b"Buoy 3"), whole.index("é".encode()) + 1, len(whole) - 1, len(whole)]):
        put(raw / "a.jsonl", whole[:size])
        run(grown, raw, number, extractor="rules")
    run(once, raw, 9, extractor="rules")
    assert tables(grown) == tables(once)
