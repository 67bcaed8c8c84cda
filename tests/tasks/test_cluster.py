"""A real scheduler with two worker processes on loopback. They take seconds to start, so all tests share them."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from tasks import cluster as module
from tasks.cluster import Cluster, ClusterError
from tasks.process import CHUNK_RECORDS, BatchResult, process_batch
from tasks.software import difference, software
from tests.tasks.patient import PATIENT
from tests.tasks.test_process import raw_file, run_context
from tests.tasks.test_workers import contents


@pytest.fixture(scope="module")
def two_workers() -> Iterator[LocalCluster]:
    cluster = LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    )
    yield cluster
    cluster.close(timeout=60)


def kill_busy_worker(cluster: LocalCluster) -> None:
    with Client(cluster, set_as_default=False) as client:
        pids = client.run(os.getpid)
        (busy,) = (worker for worker, tasks in client.processing().items() if tasks)
        os.kill(pids[busy], signal.SIGKILL)


def test_a_batch_whose_worker_is_killed_is_done_once_more_and_counts_once(
    two_workers: LocalCluster, tmp_path: Path
) -> None:
    door = tmp_path / "door"
    texts = [f"All is calm, {n}." for n in range(CHUNK_RECORDS + 50)] + [f"Wait for {door}."]
    file = raw_file(tmp_path / "a.jsonl", texts)
    run = run_context(tmp_path, PATIENT)
    told: list[tuple[int, int]] = []
    results: list[BatchResult] = []
    with Cluster(two_workers.scheduler_address, run, [file]) as crew:
        assert crew.n_slots == 2
        job = threading.Thread(
            target=lambda: results.append(crew.process(3, [file], run, lambda *step: told.append(step)))
        )
        job.start()
        for door_seen in range(2):
            while not door.with_suffix(".reached").exists():
                assert job.is_alive()
                time.sleep(0.02)
            door.with_suffix(".reached").unlink()
            if not door_seen:
                assert list(run.staging.glob("attempt-*/000003-000000/articles.parquet"))
                kill_busy_worker(two_workers)
        door.touch()
        job.join()
    (result,) = results
    assert (result.n_records, result.n_staged) == (len(texts), len(texts))
    assert [sum(step) for step in zip(*told, strict=True)] == [file.n_bytes, len(texts)]

    here = replace(run, staging=tmp_path / "here")
    process_batch(3, [file], here)
    assert len(list(run.staging.glob("attempt-*"))) == 2
    counted = {name: data for name, data in contents(run.staging).items() if not name.startswith("attempt-")}
    assert counted == contents(here.staging)


def test_workers_that_would_give_other_rows_or_see_other_folders_are_not_used(
    two_workers: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = raw_file(tmp_path / "a.jsonl", ["All is calm."])
    address, run = two_workers.scheduler_address, run_context(tmp_path)
    with pytest.raises(ClusterError, match=r"does not see .*/b\.jsonl; put the raw files and the lake into folders"):
        Cluster(address, run, [replace(file, path=tmp_path / "b.jsonl")])
    for name in ("onrecord", "pyarrow", "source files of onrecord"):
        monkeypatch.setattr(module, "software", lambda name=name: software() | {name: "0.0.9"})
        with pytest.raises(ClusterError, match=rf"there, {name} is \S+, not 0\.0\.9; install the same packages"):
            Cluster(address, run, [file])


def test_a_scheduler_that_does_not_answer_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CONNECT_SECONDS", 0.2)
    with pytest.raises(ClusterError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1; start one with"):
        Cluster("tcp://127.0.0.1:1", run_context(tmp_path), [])
    with pytest.raises(ClusterError, match="'localhost' is no address of a Dask scheduler"):
        Cluster("localhost", run_context(tmp_path), [])


def test_a_scheduler_without_workers_is_waited_for_only_so_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WORKERS_SECONDS", 0.1)
    with (
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", host="127.0.0.1") as cluster,
        pytest.raises(ClusterError, match="has no workers; start some with: dask worker tcp://"),
    ):
        Cluster(cluster.scheduler_address, run_context(tmp_path), [])


def test_software_differs_in_what_is_missing_or_another() -> None:
    ours = {"onrecord": "1.0", "pyarrow": "26.0"}
    assert difference(ours, dict(ours)) is None
    assert difference(ours, {"onrecord": "1.0"}) == "pyarrow is missing, not 26.0"
    assert difference(ours, {"onrecord": "1.1", "pyarrow": "25.0"}) == "onrecord is 1.1, not 1.0"
    assert {"Python", "onrecord", "pyarrow", "lxml", "source files of onrecord"} <= software().keys()
    assert "torch" not in software()
