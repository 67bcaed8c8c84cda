import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tasks.clock import Clock
from tasks.deduplicate import deduplicate
from tasks.discover import discover
from tasks.lake import Lake, init_lake
from tasks.process import RunContext, process_batch
from tasks.report import Account, TooManyQuarantined, UnbalancedCounts, account, check_limit
from tests.tasks.runs import lines, run, story
from tests.tasks.test_process import STARTED, raw_file


@pytest.fixture
def parts(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "raw").mkdir()
    raw_file(tmp_path / "raw" / "a.jsonl", ["One.", "", "Three."])
    lake = Lake(tmp_path / "lake")
    init_lake(lake)
    found = discover(tmp_path / "raw")
    run = RunContext("run", STARTED, lake.staging_dir("run"))
    batches = [process_batch(0, found.new, run)]
    return {
        "lake": lake,
        "run": run,
        "found": found,
        "batches": batches,
        "decisions": deduplicate(lake, run.staging, run),
        "clock": Clock(),
    }


def test_an_account_adds_up(parts: dict[str, Any]) -> None:
    one = account(**parts)
    assert (one.row["n_records"], one.row["n_written"], one.row["n_quarantined"]) == (3, 2, 1)
    assert one.reasons == [("missing_text", 1)]
    assert one.refused_share == pytest.approx(1 / 3)
    assert {stage["stage"] for stage in one.row["stages"]} >= {"read", "normalise", "validate", "extract"}


def test_items_that_are_no_articles_are_counted_but_are_no_fault(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    picture = (
        '{"type": "picture", "uri": "urn:1", "versioncreated": "2024-05-03", "headline": "A gull", "body_text": "x"}'
    )
    (tmp_path / "raw" / "items.jsonl").write_text(f'{picture}\n{{"title": "Ferry", "text": ""}}\n')
    lake = Lake(tmp_path / "lake")
    init_lake(lake)
    found = discover(tmp_path / "raw")
    run = RunContext("run", STARTED, lake.staging_dir("run"))
    batches = [process_batch(0, found.new, run)]
    one = account(lake, run, found, batches, deduplicate(lake, run.staging, run), Clock())
    assert (one.row["n_records"], one.row["n_quarantined"], one.refused_share) == (2, 2, 0.5)


def test_duplicates_are_refused_but_are_no_fault(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.jsonl").write_bytes(lines([story(1)] * 4))
    row = run(Lake(tmp_path / "lake"), tmp_path / "raw")
    assert (row["n_written"], row["n_quarantined"], row["refused_share"]) == (1, 3, 0)


def test_what_is_passed_over_is_listed_by_kind_and_counts_as_no_record(tmp_path: Path) -> None:
    raw, lake = tmp_path / "raw", Lake(tmp_path / "lake")
    raw.mkdir()
    for name in ("a.zip", "b.zip"):
        with zipfile.ZipFile(raw / name, "w") as archive:
            for member in ("news/", "news/README.md", f"news/{name}.txt"):
                archive.writestr(member, f"{name}\n\nThe ferry is back.\n")
    init_lake(lake)
    found = discover(raw)
    run = RunContext("run", STARTED, lake.staging_dir("run"))
    batches = [process_batch(n, [file], run) for n, file in enumerate(found.new)]
    one = account(lake, run, found, batches, deduplicate(lake, run.staging, run), Clock())
    assert (one.row["n_records"], one.row["n_written"]) == (2, 2)
    assert one.row["passed_over"] == [
        {"uri": uri, "kind": kind, "n": 1}
        for uri in ("a.zip", "b.zip")
        for kind in ("folders", "hidden files and READMEs")
    ]


def test_a_lost_record_stops_the_run(parts: dict[str, Any]) -> None:
    parts["decisions"] = replace(parts["decisions"], n_written=1)
    with pytest.raises(UnbalancedCounts, match="3 records were read but 2"):
        account(**parts)


@pytest.mark.parametrize(("limit", "fails"), [(None, False), (0.5, False), (0.49, True), (0.0, True)])
def test_the_limit_is_the_largest_share_that_passes(limit: float | None, fails: bool) -> None:
    one = Account({"n_records": 2, "run_id": "run"}, 0.5, [])
    if fails:
        with pytest.raises(TooManyQuarantined):
            check_limit(one, limit)
    else:
        check_limit(one, limit)
