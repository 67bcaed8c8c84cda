"""The commands that keep a lake in order and its runs on schedule."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from schemas.tables import ARTICLES
from tasks.lake import Lake
from tests.conftest import Ran
from tests.flows.test_cli import onrecord

__all__ = ["onrecord"]  # the fixture


@pytest.fixture
def lake(ran_copy: Ran) -> Lake:
    return ran_copy.lake


def test_maintain_fails_on_a_damaged_lake(onrecord: Any, lake: Lake) -> None:
    (path, *_) = lake.files(ARTICLES)
    pq.write_table(pq.read_table(path, partitioning=None).slice(1), path, compression="snappy")
    before = path.read_bytes()
    called = onrecord("maintain", "--lake", lake.root, "--json")
    assert (called.code, called.out, len(called.err.splitlines())) == (1, "", 1)
    assert path.read_bytes() == before
    assert "the lake is damaged: in quotes, article_id names no row of articles" in called.err
    assert "damaged" in onrecord("status", "--lake", lake.root).out


def test_compact_rewrites_what_is_out_of_date(onrecord: Any, lake: Lake) -> None:
    (path, *_) = lake.files(ARTICLES)
    before = path.read_bytes()
    pq.write_table(pq.read_table(path, partitioning=None), path, compression="snappy")
    (entry,) = onrecord("compact", "--lake", lake.root, "--json").json["rewritten"]
    assert (lake.root / entry["file"], entry["why"]) == (path, "compressed with snappy")
    assert path.read_bytes() == before
    assert "No file was out of date" in onrecord("compact", "--lake", lake.root).out


def test_the_report_of_a_run_is_shown_and_drawn(onrecord: Any, ran_copy: Ran) -> None:
    run_id = ran_copy.summary["run_id"]
    facts = onrecord("report", run_id, "--lake", ran_copy.lake.root, "--json").json
    counts = [facts[name] for name in ("n_written", "n_unchanged", "n_superseded", "n_quarantined")]
    assert sum(counts) == facts["n_records"] == ran_copy.summary["counts"]["n_records"]
    for name, total in (("n_records", "n_records"), ("n_written", "n_written"), ("n_quarantined", "n_quarantined")):
        assert sum(row[name] for row in facts["by_file"]) == facts[total]
    assert sum(row["n_quotes"] for row in facts["by_month"]) == facts["n_quotes"]
    assert {stage["stage"] for stage in facts["stages"]} >= {"read", "extract", "publish"}
    shown = onrecord("report", "--lake", ran_copy.lake.root).out
    assert f"{facts['n_records']:,} read = {facts['n_written']:,} written" in shown
    page = (ran_copy.lake.report_dir(run_id) / "index.html").read_text("utf-8")
    assert "The article has no title" in page
    missing = onrecord("report", "1999", "--lake", ran_copy.lake.root)
    assert (missing.code, len(missing.err.splitlines())) == (2, 1)


def test_deploy_checks_before_it_makes_anything(onrecord: Any, tmp_path: Path) -> None:
    planned = onrecord("deploy", "--raw", tmp_path, "--cron", "0 3 * * *", "--dry-run", "--json").json
    daily = next(entry for entry in planned["made"] if entry["name"] == "news-etl/daily")
    assert (daily["cron"], daily["parameters"]["raw"]) == (["0 3 * * *"], str(tmp_path))
    assert "Nothing was made" in onrecord("deploy", "--raw", tmp_path, "--dry-run").out
    for arguments, words in (
        (["--raw", tmp_path / "none"], "does not exist"),
        (["--raw", tmp_path, "--cron", "nightly"], "no cron schedule"),
        (["--raw", tmp_path, "--server", "http://127.0.0.1:9/api"], "start one with `prefect server start`"),
        (["--local", "--server", "http://127.0.0.1:9/api"], "either --server or --local"),
    ):
        called = onrecord("deploy", *arguments)
        assert (called.code, called.out, len(called.err.splitlines())) == (2, "", 1)
        assert words in called.err


@pytest.mark.parametrize("command", ["maintain", "compact", "report", "deploy"])
def test_help_has_an_example(onrecord: Any, command: str) -> None:
    assert f"Example: onrecord {command}" in onrecord(command, "--help").out
