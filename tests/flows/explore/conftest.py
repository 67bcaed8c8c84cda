"""The explorer over two lakes: the sample, and one whose texts are hostile."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient

from flows.explore.app import create_app
from tasks.lake import Lake
from tests.conftest import Ran
from tests.flows.explore.lakes import hostile_lake

TOKEN = "open-sesame"


@contextmanager
def client_of(lake: Lake, token: str = TOKEN, **options: Any) -> Iterator[TestClient]:
    """A browser that has opened the link, where it was given the token."""
    app = create_app(lake, TOKEN, **options)
    client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
    if token:
        client.get("/", params={"token": token})
    yield client
    app.state.site.reader.close()


@pytest.fixture(scope="session")
def browser(ran: Ran) -> Iterator[TestClient]:
    with client_of(ran.lake) as client:
        yield client


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with client_of(hostile_lake(tmp_path_factory.mktemp("hostile") / "lake")) as client:
        yield client
