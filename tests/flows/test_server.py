import subprocess
import sys
import time
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows import server
from flows.server import temporary_server

KILLED = """
import os, signal
from flows import server
server.APP = "healthy:app"
with server.temporary_server():
    os.kill(os.getpid(), signal.SIGKILL)
"""
HEALTHY = """
import os, pathlib

def app():
    async def answer(scope, receive, send):
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": str(os.getpid()).encode()})
    pathlib.Path(__file__).with_name("pid").write_text(str(os.getpid()))
    return answer
"""


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


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_server_ends_with_a_process_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "healthy.py").write_text(HEALTHY)
    environment = {"PYTHONPATH": str(tmp_path), "PREFECT_HOME": str(tmp_path / "home"), "PREFECT_API_URL": ""}
    killed = subprocess.run([sys.executable, "-c", KILLED], env=environment, check=False)
    assert killed.returncode == -9
    deadline = time.monotonic() + 20
    while is_alive(pid := (tmp_path / "pid").read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(pid)


def is_alive(pid: str) -> bool:
    try:
        return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
