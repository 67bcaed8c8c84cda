import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from schemas.tables import ARTICLES, QUOTES, RUNS, TABLES
from tasks.lake import (
    Lake,
    LakeBusy,
    LakeError,
    check_is_held,
    commit_lock,
    connect,
    init_lake,
    reader_lock,
    scan,
    writer_lock,
)
from tasks.publish import publish_run
from tests.tasks.staging import Run, article, contents, ingest, stage

HOLDER = """
import sys, time
from pathlib import Path
from tasks.lake import Lake, writer_lock
with writer_lock(Lake(Path(sys.argv[1])), run_id="run-7"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    init_lake(lake)
    return lake


def test_a_new_lake_has_one_empty_file_a_table(lake: Lake) -> None:
    for table in TABLES.values():
        (path,) = lake.files(table)
        schema = pq.read_schema(path)
        assert schema == table.schema
        assert schema.metadata == table.schema.metadata
        assert [f.metadata for f in schema] == [f.metadata for f in table.schema]
        assert pq.read_metadata(path).num_rows == 0


def test_init_leaves_what_is_there(lake: Lake) -> None:
    ingest(lake, [article("ferry")])
    before = contents(lake)
    init_lake(lake)
    assert contents(lake) == before


def test_every_reader_reads_new_lakes_and_lakes_with_months(lake: Lake) -> None:
    pattern = f"{lake.table_dir(QUOTES)}/**/*.parquet"
    for n, month in ((0, None), (1, "2021-03")):
        if n:
            ingest(lake, [article("ferry")])
            months = pd.read_parquet(lake.table_dir(QUOTES))["published_month"].tolist()
            assert months == [month]
            assert ds.dataset(lake.table_dir(QUOTES), partitioning="hive").to_table().num_rows == n
        assert pl.read_parquet(pattern, hive_partitioning=True).height == n
        query = "SELECT published_month FROM read_parquet($1, hive_partitioning = true, union_by_name = true)"
        assert duckdb.execute(query, [pattern]).fetchall() == [(month,)] * n


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LakeError, match="can't be written to"):
        init_lake(Lake(tmp_path / "file" / "lake"))


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("2.0", "to migrate"),
        ("0.9", "to migrate"),
        ("1.999", "newer"),
        ("", "not written by onrecord"),
        ("é", "not wr"),
    ],
)
def test_tables_of_another_schema_are_refused(lake: Lake, version: str, message: str) -> None:
    schema = RUNS.schema.with_metadata({"onrecord.schema_version": version})
    pq.write_table(schema.empty_table(), lake.partition_file(RUNS))
    with pytest.raises(LakeError, match=message):
        init_lake(lake)


def test_a_second_writer_is_told_who_the_first_is(lake: Lake) -> None:
    with (
        writer_lock(lake, run_id="run-1"),
        pytest.raises(LakeBusy, match=rf"another run \(pid {os.getpid()} on .*, since .*\) is writing to this lake"),
        writer_lock(lake, 0.1),
    ):
        pass
    with writer_lock(lake):
        pass


def test_the_lock_of_a_killed_process_is_free(lake: Lake) -> None:
    command = [sys.executable, "-c", HOLDER, str(lake.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        assert json.loads((lake.internal / "lock").read_text())["run_id"] == "run-7"
        with pytest.raises(LakeBusy, match=f"pid {process.pid} "), writer_lock(lake):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        with writer_lock(lake, 5):
            pass


def test_readers_read_together_and_beside_a_writer_but_not_during_a_commit(lake: Lake) -> None:
    with (
        writer_lock(lake),
        reader_lock(lake),
        reader_lock(lake),
        pytest.raises(LakeBusy, match="being read"),
        commit_lock(lake, 0.1),
    ):
        pass
    with commit_lock(lake, 0), pytest.raises(LakeBusy, match="exchanging"), reader_lock(lake, 0.1):
        pass


def test_reading_where_there_is_no_lake(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="no lake"), reader_lock(Lake(tmp_path / "none")):
        pass


def test_a_scan_takes_folder_names_literally_and_fills_columns_that_old_files_lack(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "it's [a] *lake?")
    init_lake(lake)
    other = Lake(tmp_path / "it's a xlakey")
    init_lake(other)
    old = ARTICLES.schema.remove(ARTICLES.schema.get_field_index("credit"))
    row = {
        c.name: c.example if c.name != "authors" else [] for c in ARTICLES.columns if not pa.types.is_temporal(c.type)
    }
    rows = pa.table({f.name: pa.array([row.get(f.name)], f.type) for f in old})
    pq.write_table(rows, lake.partition_file(ARTICLES))
    with connect(lake) as connection:
        query = f"SELECT credit, title FROM {scan(ARTICLES, lake.files(ARTICLES))}"
        assert connection.execute(query).fetchall() == [(None, "Council Approves New Bridge")]
        assert connection.execute(f"SELECT count(*) FROM {scan(ARTICLES, [])}").fetchall() == [(0,)]


def work_and_move(lake: Lake, then: Callable[[Lake], object]) -> None:
    """What a run does whose lake somebody moves away."""
    with writer_lock(lake):
        stage(lake, Run(), [article("ferry")])
        lake.root.rename(lake.root.with_name("elsewhere"))
        then(lake)


def test_a_moved_lake_is_not_written_to(lake: Lake) -> None:
    with pytest.raises(LakeError, match="was moved or removed during the run"):
        work_and_move(lake, check_is_held)


def test_a_lake_that_took_the_place_of_another_is_not_written_to(lake: Lake) -> None:
    def make_another(lake: Lake) -> None:
        init_lake(lake)
        (lake.staging / "other").mkdir()
        check_is_held(lake)

    with pytest.raises(LakeError, match="was moved or removed during the run"):
        work_and_move(lake, make_another)
    assert (lake.staging / "other").exists()


@pytest.mark.parametrize(
    "step", [lambda lake: connect(lake).__enter__(), lambda lake: publish_run(lake, {"run_id": ""})]
)
def test_a_lake_that_is_gone_is_not_made_again_and_the_error_says_so(
    lake: Lake, step: Callable[[Lake], object]
) -> None:
    with pytest.raises(LakeError, match="was moved or removed during the run; put it back") as raised:
        work_and_move(lake, step)
    assert isinstance(raised.value.__cause__, FileNotFoundError)
    assert not lake.root.exists()


def test_what_a_run_left_staged_goes_with_its_lock(lake: Lake) -> None:
    with pytest.raises(ZeroDivisionError), writer_lock(lake):
        stage(lake, Run(), []).joinpath(str(1 // 0))
    assert not lake.staging.exists()


def test_a_stream_of_readers_does_not_hold_a_commit_up(lake: Lake) -> None:
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            with reader_lock(lake, 30):
                time.sleep(0.1)

    with ThreadPoolExecutor(6) as pool:
        reading = [pool.submit(read) for _ in range(6)]
        time.sleep(0.2)
        try:
            with commit_lock(lake, 20):
                assert not any(future.done() for future in reading)
        finally:
            stop.set()


def test_a_commit_that_waits_lets_other_readers_pass(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.lake.GATE_SECONDS", 0.3)

    def change() -> None:
        with commit_lock(lake, 30):
            pass

    with ThreadPoolExecutor(1) as pool:
        with reader_lock(lake):  # all the while
            waiting = pool.submit(change)
            time.sleep(0.1)
            with reader_lock(lake, 20):
                assert not waiting.done()
        waiting.result()
