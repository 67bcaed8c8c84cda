import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows import server
from flows.server import temporary_server


def test_a_server_that_is_configured_is_used() -> None:
    configured = "http://127.0.0.1:4200/api"
    with temporary_settings({PREFECT_API_URL: configured}), temporary_server():
        assert PREFECT_API_URL.value() == configured


def test_a_server_that_does_not_start_is_an_error_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "APP", "tests.flows:nothing")
    with (
        temporary_settings({PREFECT_API_URL: None}),
        pytest.raises(RuntimeError, match="does not start"),
        temporary_server(),
    ):
        pass
