from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tasks.lake import Lake, init_lake, writer_lock
from tasks.tidy import outdated_reports, prune_reports, vacuum
from tests.tasks.staging import contents

NOW = datetime(2026, 7, 1, 4, 15, tzinfo=UTC)


def name(days_ago: int) -> str:
    return f"{NOW - timedelta(days=days_ago):%Y%m%dT%H%M%S.%fZ}-0a1b2c3d"


@given(st.sets(st.integers(0, 1000)), st.integers(0, 50), st.integers(0, 1000))
def test_a_report_stays_that_is_young_or_among_the_last(ages: set[int], keep_reports: int, keep_days: int) -> None:
    gone = outdated_reports(map(name, ages), NOW, keep_reports, keep_days)
    stay = sorted(ages)[:keep_reports] + [age for age in ages if age <= keep_days]
    assert gone == sorted(name(age) for age in ages - set(stay))


def test_only_reports_of_runs_are_removed(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    reports = lake.root / "reports"
    elsewhere = tmp_path / "elsewhere"
    for folder in (reports / name(900), reports / name(1), reports / "mine", elsewhere):
        folder.mkdir(parents=True)
        (folder / "run.json").write_text("{}")
    (reports / name(901)).symlink_to(elsewhere)
    (reports / "maintenance.json").write_text("{}")
    assert prune_reports(lake, NOW, 0, 365) == [name(900)]
    assert {path.name for path in reports.iterdir()} == {name(1), name(901), "mine", "maintenance.json"}
    assert (elsewhere / "run.json").exists()
    assert prune_reports(Lake(tmp_path / "none"), NOW, 0, 0) == []


def test_vacuum_removes_what_dead_runs_left_and_nothing_else(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    init_lake(lake)
    before = contents(lake)
    staged = lake.staging_dir("dead") / "000000" / "articles.parquet"
    half = lake.root / "articles" / "published_month=2026-01" / "part-0.parquet.tmp"
    facts = lake.report_dir("dead") / "run.json.tmp"
    for path in (staged, half, facts, lake.root / "onrecord.duckdb.tmp"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"12345")
    with writer_lock(lake):
        assert vacuum(lake) == {"finished_commit": False, "n_files": 4, "n_bytes": 20}
        assert vacuum(lake) == {"finished_commit": False, "n_files": 0, "n_bytes": 0}
    assert contents(lake) == before
    assert not half.parent.exists()
