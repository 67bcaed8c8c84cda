"""A Dask scheduler and workers on loopback, started by their own commands as on any cluster."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from distributed import Client

DASK = [sys.executable, "-m", "dask"]


@dataclass(frozen=True)
class Loopback:
    """A running cluster: its address, and a client to look at it."""

    address: str
    client: Client

    def wait_until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError("the cluster did not get there")
            time.sleep(0.05)

    def kill_busy_worker(self) -> int:
        """SIGKILL to the process of a worker that has a batch; its process id."""
        pids = self.client.run(os.getpid)
        busy = next(worker for worker, tasks in self.client.processing().items() if tasks)
        os.kill(pids[busy], signal.SIGKILL)
        return pids[busy]


@contextmanager
def loopback(folder: Path, n_workers: int = 2, options: Sequence[str] = ("--nthreads", "1")) -> Iterator[Loopback]:
    """A scheduler with ``n_workers`` workers, each with its nanny; all end with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "scheduler.json"
    where = ["--scheduler-file", str(file), "--host", "127.0.0.1", "--no-dashboard"]
    with ExitStack() as stack:
        log = stack.enter_context((folder / "dask.log").open("wb"))

        def start(*command: str) -> None:
            process = subprocess.Popen([*DASK, *command], stdout=log, stderr=log, cwd=folder)
            stack.callback(_end, process)

        start("scheduler", *where, "--port", "0")
        for _ in range(n_workers):
            start("worker", *where, *options, "--local-directory", str(folder))
        while not file.exists():
            time.sleep(0.05)
        with Client(scheduler_file=str(file), set_as_default=False, timeout=60) as client:
            client.wait_for_workers(n_workers, timeout=60)
            yield Loopback(client.scheduler.address, client)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
