"""A real Prefect server, one for all processes of a test run: starting one takes ten seconds of a processor.

The first process that needs it starts it; each holds a shared lock as long as it does, and the server ends when it gets
that lock for itself, which is when the last of them has ended, however it did.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from flows.server import APP, LOCALHOST, ROLE, _free_port

START_SECONDS = 100


@contextmanager
def shared_server(folder: Path) -> Iterator[str]:
    """The address of the server of a folder, where its database lies too, for as long as the block lasts."""
    with (folder / "server.users").open("a") as users, (folder / "server.starting").open("a") as starting:
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(starting, fcntl.LOCK_EX)
        address = folder / "server.port"
        if not address.exists():
            port = _free_port()
            _start(folder, port)
            address.write_text(str(port))
        fcntl.flock(starting, fcntl.LOCK_UN)
        yield f"http://{LOCALHOST}:{address.read_text()}/api"


def _start(folder: Path, port: int) -> None:
    """Starts the server and waits for it to answer."""
    database = f"sqlite+aiosqlite:///{folder / 'prefect.db'}"
    environment = os.environ | ROLE | {"PREFECT_SERVER_DATABASE_CONNECTION_URL": database}
    # A process in between, which ends at once, so that nobody has to wait for the server's end.
    command = [sys.executable, "-c", "import subprocess, sys; subprocess.Popen(sys.argv[1:])", sys.executable]
    with (folder / "server.log").open("wb") as log:
        subprocess.run(
            [*command, "-m", __name__, str(folder), str(port)],
            cwd=Path(__file__).parents[1],
            env=environment,
            stdout=log,
            stderr=log,
            check=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not _answers(port):
        if time.monotonic() > deadline:
            raise TimeoutError((folder / "server.log").read_text())
        time.sleep(0.2)


def _answers(port: int) -> bool:
    connection = HTTPConnection(LOCALHOST, port, timeout=10)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _end_with_users(folder: Path) -> None:
    with (folder / "server.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        (folder / "server.port").unlink(missing_ok=True)  # whoever comes now starts another one
        os._exit(0)


if __name__ == "__main__":
    import uvicorn

    threading.Thread(target=_end_with_users, args=(Path(sys.argv[1]),), daemon=True).start()
    uvicorn.run(APP, factory=True, host=LOCALHOST, port=int(sys.argv[2]), log_level="error")
