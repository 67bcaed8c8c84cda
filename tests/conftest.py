"""Fixtures that several tests share."""

import atexit
import fcntl
import gc
import os
import pickle
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from flows.start import QUIET, SILENT
from tasks.lake import Lake
from tests.prefectserver import shared_server

# Properties are checked on the same examples in every run, without a stopwatch: some functions load a model once.
settings.register_profile("reproducible", derandomize=True, deadline=None)
settings.load_profile("reproducible")
# Reproducible runs: the clock of every run in the tests, 2026-07-01 04:15 UTC.
os.environ["SOURCE_DATE_EPOCH"] = "1782879300"
os.environ.update(QUIET | SILENT)  # as the command line sets Prefect up


def pytest_collection_finish() -> None:
    """Has the garbage collector leave alone what is there by now, and look at all the rest more seldom.

    It would go through the modules and tests, which stay, again and again: a twelfth of the suite's time.
    """
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # libraries clean up when they end
    gc.set_threshold(700, 10, 50)


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample articles that come with the project."""
    return Path(__file__).parents[1] / "data" / "raw" / "sample"


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a test run have in common."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def prefect_server(shared: Path) -> Iterator[None]:
    """A real Prefect server with a database of its own; starting it takes seconds, so it serves all processes."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker
    from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    # Nobody listens for heartbeats here, and each run would wait a second for their thread to end.
    with (
        shared_server(shared) as address,
        temporary_settings({PREFECT_API_URL: address, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield
        with ThreadPoolExecutor(1) as pool:  # where no event loop is running, as a browser's is here
            for worker in (APILogWorker, EventsWorker):
                pool.submit(worker.drain_all).result()


@dataclass(frozen=True)
class Ran:
    """A lake, and the summary of the run that made it."""

    lake: Lake
    summary: dict[str, Any]


@pytest.fixture(scope="session")
def ran(prefect_server: None, shared: Path, sample: Path) -> Ran:
    """A lake that all processes share, to be read only: the sample, run once by the real flow."""
    root, summary = shared / "sample-lake", shared / "sample-run.pickle"
    with (shared / "sample.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not summary.exists():
            from flows.news_etl import news_etl
            from flows.settings import Settings

            summary.write_bytes(pickle.dumps(news_etl(sample, root, settings=Settings(workers=1))))
    return Ran(Lake(root), pickle.loads(summary.read_bytes()))


@pytest.fixture
def ran_copy(ran: Ran, tmp_path: Path) -> Ran:
    """A copy of that lake for a test that changes it."""
    return Ran(Lake(Path(shutil.copytree(ran.lake.root, tmp_path / "lake"))), ran.summary)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of a real server of the S3 protocol on loopback, which keeps its objects in memory."""
    from moto.server import ThreadedMotoServer

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing-secret")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
        server.stop()
