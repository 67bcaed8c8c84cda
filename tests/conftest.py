"""Fixtures that several tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Properties are checked on the same examples in every run, without a stopwatch: some functions load a model once.
settings.register_profile("reproducible", derandomize=True, deadline=None)
settings.load_profile("reproducible")
# Reproducible runs: the clock of every run in the tests, 2026-07-01 04:15 UTC.
os.environ["SOURCE_DATE_EPOCH"] = "1782879300"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["DO_NOT_TRACK"] = "1"


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample articles that come with the project."""
    return Path(__file__).parents[1] / "data" / "raw" / "sample"


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A real Prefect server with a database of its own; starting it takes seconds, so it serves the whole session."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield
