"""Prefect's temporary server, as a process beside this one.

Prefect starts the same process by itself where no server is configured, but imports the whole server into this process
to do so, which takes 65 MB and seconds.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from types import ModuleType

APP = "prefect.server.api.server:create_app"
ROLE = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}
LOCALHOST = "127.0.0.1"
END_SECONDS = 5.0  # that it gets to end by itself


@contextmanager
def temporary_server(meanwhile: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Has flows in the block run against a server that ends with it; nothing, where Prefect's settings name one.

    ``meanwhile`` is called while it starts. However this process ends, the server does too: it reads from a pipe that
    only this process has open.

    Raises RuntimeError where it does not start in PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS.
    """
    from prefect.settings import (
        PREFECT_API_URL,
        PREFECT_SERVER_ALLOW_EPHEMERAL_MODE,
        PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS,
        get_current_settings,
        temporary_settings,
    )

    if PREFECT_API_URL.value() or not PREFECT_SERVER_ALLOW_EPHEMERAL_MODE.value():
        yield
        return
    port = _free_port()
    command = [sys.executable, "-P", "-m", "flows.server", APP, str(port)]
    settings = get_current_settings().to_environment_variables(exclude_unset=True)
    server = subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ, **ROLE, **settings})  # noqa: S603
    try:
        meanwhile()
        _wait(server, port, PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS.value())
        with temporary_settings({PREFECT_API_URL: f"http://{LOCALHOST}:{port}/api"}):
            yield
    finally:
        server.terminate()
        try:
            server.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        assert server.stdin is not None
        server.stdin.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((LOCALHOST, 0))
        port: int = listener.getsockname()[1]
        return port


def _wait(server: subprocess.Popen[bytes], port: int, seconds: float) -> None:
    """Waits until it answers. A client that speaks TLS would read all certificates each time that it asks."""
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0 and server.poll() is None:
        with closing(HTTPConnection(LOCALHOST, port, timeout=left)) as connection:
            try:
                connection.request("GET", "/api/health")
                if connection.getresponse().status == HTTPStatus.OK:
                    return
            except (OSError, HTTPException):
                pass
        time.sleep(0.1)
    raise RuntimeError("Prefect's temporary server does not start")


def _serve(app: str, port: int) -> None:
    """Serves the app that a factory makes, as that process."""
    # Prefect loads all packages that say they belong to it; this one, which runs nothing here, takes half a second.
    sys.modules["prefect_dask"] = ModuleType("prefect_dask")
    import uvicorn

    threading.Thread(target=_end_with_parent, daemon=True).start()
    uvicorn.run(app, factory=True, host=LOCALHOST, port=port, log_level="error")


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
