import errno
import hashlib
import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from flows import news_etl as module
from flows.news_etl import name_run, news_etl, parameters
from flows.settings import Settings
from flows.stages import is_transient
from schemas.tables import TABLES
from tasks import discover
from tasks.commit import FileOps
from tasks.deduplicate import Decisions
from tasks.discover import Discovery
from tasks.drift import Drifted
from tasks.lake import Lake, LakeBusy, init_lake, writer_lock
from tasks.process import BatchResult, process_batch
from tasks.publish import publish_run
from tasks.records import RawFile
from tasks.report import TooManyQuarantined
from tasks.runreport import draw
from tests.conftest import Ran
from tests.faults.runs import plain
from tests.flows.dumps import record, write_jsonl
from tests.tasks.runs import run as without_prefect
from tests.tasks.staging import Run, run_row

ONE = Settings(workers=1)


def run(raw: Path, lake: Lake, settings: Settings = ONE, **parameters: Any) -> dict[str, Any]:
    summary: dict[str, Any] = news_etl(raw, lake.root, settings=settings, **parameters)
    return summary


Plainly = Callable[..., dict[str, Any]]


@pytest.fixture
def plainly(monkeypatch: pytest.MonkeyPatch) -> Plainly:
    """As `run`, with the flow's tasks as plain functions: what it does, without Prefect's part in it."""
    for name, value in plain(module).items():
        monkeypatch.setattr(module, name, value)

    def run(raw: Path, lake: Lake, settings: Settings = ONE, **parameters: Any) -> dict[str, Any]:
        summary: dict[str, Any] = news_etl.fn(raw, lake.root, settings=settings, **parameters)
        return summary

    return run


def runs(lake: Lake) -> list[dict[str, Any]]:
    return pq.read_table(lake.partition_file(TABLES["runs"])).to_pylist()


def contents(lake: Lake) -> dict[str, str]:
    """Digests of all files of all tables but `runs`, whose timings differ from run to run."""
    paths = [path for name, table in TABLES.items() if name != "runs" for path in lake.files(table)]
    return {str(p.relative_to(lake.root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}


def test_every_record_of_the_sample_is_accounted_for(ran: Ran) -> None:
    (row,) = runs(ran.lake)
    assert row["status"] == "completed"
    assert row["n_records"] == row["n_written"] + row["n_unchanged"] + row["n_superseded"] + row["n_quarantined"]
    assert row["n_written"] >= 40
    assert 0 < row["n_quarantined"] < 0.15 * row["n_records"]
    assert row["flow_run_id"]
    n_rows = {name: sum(pq.read_metadata(f).num_rows for f in ran.lake.files(t)) for name, t in TABLES.items()}
    assert (n_rows["articles"], n_rows["quotes"], n_rows["mentions"], n_rows["quarantine"]) == (
        row["n_written"],
        row["n_quotes"],
        row["n_mentions"],
        row["n_quarantined"],
    )


def test_the_spans_of_every_row_are_its_words(ran: Ran) -> None:
    query = f"""
        SELECT count(*), count(*) FILTER (m.text = substr(if(is_in_title, title, a.text), start + 1, "end" - start))
        FROM read_parquet('{ran.lake.root}/mentions/**/*.parquet') m
        JOIN read_parquet('{ran.lake.root}/articles/**/*.parquet') a USING (article_id)
    """
    n, n_equal = duckdb.sql(query).fetchall()[0]
    assert n == n_equal > 0


@pytest.mark.parametrize("read", [pd.read_parquet, pl.read_parquet, pq.read_table])
def test_analysts_read_whole_tables(ran: Ran, read: Any) -> None:
    assert len(read(ran.lake.table_dir(TABLES["articles"]))) == ran.summary["counts"]["n_written"]


def test_the_report_lies_with_the_lake(ran: Ran) -> None:
    folder = Path(ran.summary["report"])
    report = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert report["n_records"] == ran.summary["counts"]["n_records"]
    refused = [json.loads(line) for line in (folder / "quarantine.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(refused) == report["n_quarantined"]
    assert all(row["source_uri"] and row["reason"] for row in refused)
    assert (folder / "validation.json").is_file()


def test_a_second_run_reads_nothing_again_and_changes_nothing(plainly: Plainly, ran_copy: Ran, sample: Path) -> None:
    before = contents(ran_copy.lake)
    again = plainly(sample, ran_copy.lake)["counts"]
    assert again["n_records"] == 0
    assert again["n_files_unchanged"] > 0
    full = plainly(sample, ran_copy.lake, full=True)["counts"]
    assert full["n_unchanged"] == ran_copy.summary["counts"]["n_written"]
    assert full["n_written"] == 0
    articles = {p: d for p, d in contents(ran_copy.lake).items() if not p.startswith("quarantine")}
    assert articles == {p: d for p, d in before.items() if not p.startswith("quarantine")}


def test_equal_input_gives_equal_bytes_whatever_the_workers(
    prefect_server: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discover, "BATCH_FILES", 2)
    for n in range(6):
        write_jsonl(tmp_path / "many" / f"{n:03d}.jsonl", [record(n)])
    lakes = {}
    for workers in (1, 2):
        lakes[workers] = Lake(tmp_path / f"lake-{workers}")
        run(tmp_path / "many", lakes[workers], Settings(workers=workers))
    assert contents(lakes[1]) == contents(lakes[2])


def test_and_equal_rows_whatever_their_order_in_a_file(tmp_path: Path) -> None:
    records = [record(n) for n in range(20)] + [record(7, title=None), record(3)]
    tables = []
    for name in ("one", "shuffled"):
        lake = Lake(tmp_path / f"lake-{name}")
        without_prefect(lake, write_jsonl(tmp_path / name / "courier.jsonl", records), extractor="rules")
        frame = pd.concat(pd.read_parquet(f, partitioning=None) for f in lake.files(TABLES["quotes"]))
        tables.append(frame.drop(columns=["run_id"]))
        random.Random(7).shuffle(records)
    assert len(tables[0]) >= 20
    pd.testing.assert_frame_equal(*tables)


def test_a_run_that_was_interrupted_goes_on_where_it_was(
    plainly: Plainly, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discover, "BATCH_FILES", 2)
    for n in range(6):
        write_jsonl(tmp_path / "raw" / f"{n}.jsonl", [record(n), record(n + 50, title=None)])
    done: list[int] = []

    def process_until_the_third(number: int, *arguments: Any) -> BatchResult:
        if len(done) == 2:
            done.append(number)
            raise KeyboardInterrupt
        done.append(number)
        return process_batch(number, *arguments)

    monkeypatch.setattr("flows.news_etl.process_batch", process_until_the_third)
    disturbed, undisturbed = (Lake(tmp_path / name) for name in ("disturbed", "undisturbed"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1782879300")
    with pytest.raises(KeyboardInterrupt):
        plainly(tmp_path / "raw", disturbed)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1782969300")
    resumed = plainly(tmp_path / "raw", disturbed)
    counts = resumed["counts"]
    assert resumed["resumed"]
    assert done == [0, 1, 2, 2]
    assert counts["n_records"] == 12
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1782879300")
    assert plainly(tmp_path / "raw", undisturbed)["counts"] == counts
    assert contents(disturbed) == contents(undisturbed)
    assert not disturbed.unfinished.exists()


def test_too_much_quarantined_publishes_nothing_and_says_so(plainly: Plainly, tmp_path: Path) -> None:
    raw = write_jsonl(tmp_path / "raw" / "a.jsonl", [record(1), record(2, title=None), record(3, text="")])
    lake = Lake(tmp_path / "lake")
    with pytest.raises(TooManyQuarantined, match="67% of 3 records"):
        plainly(raw, lake, Settings(workers=1, max_quarantined=0.5))
    assert sum(pq.read_metadata(f).num_rows for f in lake.files(TABLES["articles"])) == 0
    (row,) = runs(lake)
    assert (row["status"], row["n_quarantined"]) == ("failed", 2)
    assert pq.read_metadata(lake.partition_file(TABLES["raw_files"])).num_rows == 0
    reasons = (lake.report_dir(row["run_id"]) / "quarantine.jsonl").read_text(encoding="utf-8")
    assert "missing_title" in reasons
    assert plainly(raw, lake, Settings(workers=1, max_quarantined=0.7))["counts"]["n_written"] == 1


def test_a_changed_article_becomes_a_revision(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    without_prefect(lake, write_jsonl(tmp_path / "1" / "a.jsonl", [record(1), record(2)]), 1, extractor="rules")
    changed = write_jsonl(tmp_path / "2" / "a.jsonl", [record(1, text="“It sank,” said Ada Moss.")])
    assert without_prefect(lake, changed, 2, extractor="rules")["n_written"] == 1
    articles = pd.read_parquet(lake.table_dir(TABLES["articles"]))
    assert sorted(articles["n_revisions"]) == [1, 2]
    quotes = pd.read_parquet(lake.table_dir(TABLES["quotes"]))
    assert "It sank" in " ".join(quotes["content"])
    assert "Ferry 1 will" not in " ".join(quotes["content"])


def test_a_busy_lake_is_left_alone(prefect_server: None, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    init_lake(lake)
    raw = write_jsonl(tmp_path / "a.jsonl", [record(1)])
    with writer_lock(lake), pytest.raises(LakeBusy):
        run(raw, lake)


def test_an_empty_folder_makes_an_empty_lake_that_can_be_read(plainly: Plainly, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    lake = Lake(tmp_path / "lake")
    assert plainly(tmp_path / "raw", lake)["counts"]["n_records"] == 0
    assert len(pd.read_parquet(lake.table_dir(TABLES["quotes"]))) == 0


def test_a_run_is_named_by_its_time_and_what_it_found() -> None:
    started = datetime(2026, 7, 1, 4, 15, tzinfo=UTC)
    one = Discovery(new=[RawFile(Path("a"), "a")], fingerprint="9f2c1a7b")
    again = Discovery(n_unchanged=1, fingerprint="9f2c1a7b")
    assert name_run(started, one) != name_run(started, again)
    assert name_run(started, one) == name_run(started, Discovery(new=one.new, fingerprint="9f2c1a7b"))
    assert name_run(started, one).startswith("20260701T041500.000000Z-")
    assert name_run(started, one) != name_run(started, Discovery())


def test_parameters_are_text_and_leave_out_what_was_not_given() -> None:
    asked = dict(parameters(Path("raw"), True, date(2024, 1, 2), Settings(workers=3)))
    assert (asked["raw"], asked["full"], asked["since"], asked["workers"]) == ("raw", "True", "2024-01-02", "3")
    assert "mapping" not in asked


@pytest.mark.parametrize(
    ("error", "expected"),
    [(TimeoutError(110, "timed out"), True), (OSError(28, "disk full"), False), (ValueError(), False)],
)
def test_only_what_may_pass_by_itself_is_tried_again(error: Exception, expected: bool) -> None:
    from prefect.states import Failed

    assert is_transient(None, None, Failed(data=error)) is expected  # type: ignore[arg-type]


def test_a_run_unlike_those_before_it_warns_or_fails(plainly: Plainly, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    init_lake(lake)
    for n in range(5):
        usual = [{"name": "records", "value": 90.0 + n}, {"name": "quotes an article", "value": 2.0}]
        publish_run(lake, run_row(Run(f"run-{n}"), Decisions(tmp_path, n_records=1, n_written=1), figures=usual))
    raw = write_jsonl(tmp_path / "a.jsonl", [record(n) for n in range(3)])
    with pytest.raises(Drifted, match=r"records: 3, usually 92 .*nothing was published"):
        plainly(raw, lake, Settings(workers=1, fail_on_drift=True))
    failed = runs(lake)[-1]
    assert (failed["status"], failed["n_written"]) == ("failed", 3)
    assert not sum(pq.read_metadata(f).num_rows for f in lake.files(TABLES["articles"]))
    assert "usually 92" in (lake.report_dir(failed["run_id"]) / "index.html").read_text("utf-8")
    summary = plainly(raw, lake)
    assert [warning.split(":")[0] for warning in summary["warnings"]] == ["records"]
    assert summary["counts"]["n_written"] == 3


def test_a_page_that_can_not_be_written_does_not_undo_what_is_published(
    plainly: Plainly, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoPages(FileOps):
        def write(self, path: Path, data: bytes) -> None:
            if path.name.startswith("index.html"):
                raise OSError(errno.ENOSPC, "No space left on device")
            super().write(path, data)

    monkeypatch.setattr("tasks.runreport.FILES", NoPages())
    lake = Lake(tmp_path / "lake")
    summary = plainly(write_jsonl(tmp_path / "a.jsonl", [record(1)]), lake)
    assert (summary["status"], len(runs(lake)), summary["counts"]["n_written"]) == ("completed", 1, 1)
    page = Path(summary["report"]) / "index.html"
    assert not page.exists()
    monkeypatch.undo()
    assert draw(page.parent) == page
    assert "Files found: 1" in page.read_text("utf-8")
