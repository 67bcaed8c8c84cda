"""Fixtures that several tests share."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from flows.start import QUIET, SILENT
from tasks.lake import Lake

# Properties are checked on the same examples in every run, without a stopwatch: some functions load a model once.
settings.register_profile("reproducible", derandomize=True, deadline=None)
settings.load_profile("reproducible")
# Reproducible runs: the clock of every run in the tests, 2026-07-01 04:15 UTC.
os.environ["SOURCE_DATE_EPOCH"] = "1782879300"
os.environ.update(QUIET | SILENT)  # as the command line sets Prefect up


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample articles that come with the project."""
    return Path(__file__).parents[1] / "data" / "raw" / "sample"


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A real Prefect server with a database of its own; starting it takes seconds, so it serves the whole session."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    # Nobody listens for heartbeats here, and each run would wait a second for their thread to end.
    with (
        prefect_test_harness(server_startup_timeout=120),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield


@dataclass(frozen=True)
class Ran:
    """A lake, and the summary of the run that made it."""

    lake: Lake
    summary: dict[str, Any]


@pytest.fixture(scope="session")
def ran(prefect_server: None, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A lake that the whole session shares: the sample, run once by the real flow."""
    from flows.news_etl import news_etl
    from flows.settings import Settings

    root = tmp_path_factory.mktemp("sample") / "lake"
    return Ran(Lake(root), news_etl(sample, root, settings=Settings(workers=1)))


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
