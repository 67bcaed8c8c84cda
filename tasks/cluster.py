"""Processes batches on the workers of a running Dask scheduler, which may be other machines.

A Dask worker hands its batch to a child process (tasks/workers.py), so that a record that hangs or crashes it is found
and refused as in a local run. Rows are staged in a folder that all machines share, every attempt at a batch in a
folder of its own. An attempt counts once its result has reached the run, which then moves the chunks into place: what
a worker staged that died on the way, or was only believed dead, is never looked at.
"""

from __future__ import annotations

import logging
import multiprocessing
import queue
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from tasks.process import BatchResult, RunContext
from tasks.records import RawFile
from tasks.software import difference, software
from tasks.workers import OnProgress, WorkerDied, Workers

CONNECT_SECONDS = 10.0
WORKERS_SECONDS = 60.0  # how long a scheduler may be without any worker
SILENCE_SECONDS = 10.0  # after which a run looks whether the cluster is still there
POLL_SECONDS = 0.5
SCHEMES = ("tcp://", "tls://")


class ClusterError(Exception):
    """The cluster can't be used; the message is one sentence that says why and what to do."""


class Cluster:
    """The workers of a scheduler at an address such as `tcp://10.0.0.1:8786`, all of the same software as this process.

    ``process`` may be called from several threads. Raises ClusterError where there is no scheduler or no worker, or
    where a worker runs other software or does not see the folders of the run.
    """

    def __init__(self, address: str, run: RunContext, files: Sequence[RawFile]) -> None:
        self._client = _connect(address)
        self._address = address
        self._topic = f"onrecord-{uuid4().hex}"
        self._waiting: dict[str, queue.SimpleQueue[Any]] = {}
        self._is_stopped = False
        try:
            self.n_slots = self._wait_for_workers()
            self._examine(run, files)
            self._client.subscribe_topic(self._topic, self._hear)
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self._is_stopped = True
        for messages in list(self._waiting.values()):
            messages.put(None)
        self._client.close()  # upon which the scheduler drops what it has not finished

    def process(self, number: int, files: Sequence[RawFile], run: RunContext, on_progress: OnProgress) -> BatchResult:
        """What tasks.process.process_batch does, on a worker; raises what it raises, WorkerDied or ClusterError."""
        key = f"{self._topic}-{number:06d}-{uuid4().hex}"
        messages = self._waiting[key] = queue.SimpleQueue()
        told = _Told(on_progress)
        files = [replace(file, path=file.path.absolute()) for file in files]
        try:
            future = self._client.submit(
                _process_on_worker, number, files, run, self._topic, software(), key=key, pure=False
            )
            future.add_done_callback(lambda _: messages.put(None))
            while not future.done():
                self._await(messages, told)
            attempt, chunks, result = self._result(future)
        finally:
            del self._waiting[key]
        _accept(run.staging / attempt, chunks, number, run.staging)
        told.end(sum(file.n_unread for file in files), result.n_records)
        return result

    def _await(self, messages: queue.SimpleQueue[Any], told: _Told) -> None:
        """Passes on what is told until the batch is done; after a silence, looks whether the cluster is still there."""
        try:
            while (message := messages.get(timeout=SILENCE_SECONDS)) is not None:
                told(*message)
        except queue.Empty:
            self._wait_for_workers()
        if self._is_stopped:
            raise WorkerDied("the run has been stopped")

    def _result(self, future: Any) -> tuple[str, list[str], BatchResult]:
        from distributed import CancelledError, KilledWorker

        try:
            return future.result()  # type: ignore[no-any-return]
        except KilledWorker as error:
            raise ClusterError(
                "a batch was given up, because one worker after the other ended while it had it; their logs say why"
            ) from error
        except CancelledError as error:
            raise ClusterError(f"the connection to the Dask scheduler at {self._address} was lost") from error
        except ImportError as error:
            raise ClusterError(f"a Dask worker lacks a package ({error}); install the same as here") from error

    def _wait_for_workers(self) -> int:
        """The number of threads of all workers together; waits where there is none."""
        deadline = time.monotonic() + WORKERS_SECONDS
        while not self._is_stopped:
            try:
                n = sum(self._client.nthreads().values())
            except (OSError, ValueError, TimeoutError) as error:
                raise ClusterError(f"the connection to the Dask scheduler at {self._address} was lost") from error
            if n:
                return int(n)
            if time.monotonic() > deadline:
                raise ClusterError(
                    f"the Dask scheduler at {self._address} has no workers;"
                    f" start some with: dask worker {self._address} --nthreads 1"
                )
            time.sleep(POLL_SECONDS)
        return 0

    def _examine(self, run: RunContext, files: Sequence[RawFile]) -> None:
        """Raises ClusterError where a worker can't do what this process would do."""
        try:
            versions: Any = self._client.get_versions(packages=["onrecord"])
        except OSError as error:
            raise ClusterError(f"the workers at {self._address} don't answer: {error}") from error
        for worker, found in versions["workers"].items():
            theirs = {"Python": found["host"]["python"].rpartition(".final")[0]} | {
                "onrecord": found["packages"]["onrecord"] or "missing"
            }
            _require_same(worker, {name: software()[name] for name in theirs}, theirs)
        seen = [path.absolute() for path in (run.staging, *(file.path for file in files[:1]))]
        run.staging.mkdir(parents=True, exist_ok=True)
        answers = self._client.run(_look_around, seen, on_error="return")
        for worker, answer in answers.items():
            if isinstance(answer, BaseException):
                raise ClusterError(f"the Dask worker {worker} can't be used: {answer}")
            theirs, problem = answer
            if problem:
                raise ClusterError(
                    f"the Dask worker {worker} {problem}; put the raw files and the lake into folders that all machines"
                    " share under the same path"
                )
            _require_same(worker, software(), theirs)

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        _, told = event
        if messages := self._waiting.get(told["key"]):
            messages.put((told["attempt"], told["n_bytes"], told["n_records"]))


class _Told:
    """Tells of the attempt at a batch that was heard of last; what earlier ones had done is given back."""

    def __init__(self, on_progress: OnProgress) -> None:
        self._on_progress = on_progress
        self._attempt = ""
        self._done = (0, 0)

    def __call__(self, attempt: str, n_bytes: int, n_records: int) -> None:
        if attempt != self._attempt:
            self.end(0, 0)
            self._attempt = attempt
        self.end(self._done[0] + n_bytes, self._done[1] + n_records)

    def end(self, n_bytes: int, n_records: int) -> None:
        """Says that this much of the batch is done in all."""
        step = n_bytes - self._done[0], n_records - self._done[1]
        self._done = n_bytes, n_records
        if any(step):
            self._on_progress(*step)


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError("Dask is not installed here; run: pip install 'onrecord[dask]'") from None
    if not address.startswith(SCHEMES):
        raise ClusterError(f"{address!r} is no address of a Dask scheduler; give one such as tcp://127.0.0.1:8786")
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters becomes a ClusterError
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address}; start one with: dask scheduler, or give the address it prints"
        ) from error


def _require_same(worker: str, ours: dict[str, str], theirs: dict[str, str]) -> None:
    if found := difference(ours, theirs):
        raise ClusterError(
            f"the Dask worker {worker} would not give the same rows: there, {found};"
            " install the same packages on all machines, and start the workers anew"
        )


def _accept(attempt: Path, chunks: Sequence[str], number: int, staging: Path) -> None:
    """Moves the chunks of the attempt that counts to where the run looks for them."""
    for earlier in staging.glob(f"{number:06d}-*"):  # of a try that ended while it moved them
        earlier.rename(attempt / f"earlier-{earlier.name}")
    for chunk in chunks:
        (attempt / chunk).rename(staging / chunk)


def _look_around(paths: Sequence[Path]) -> tuple[dict[str, str], str | None]:
    """On a worker: what it runs, and what is wrong with the folders."""
    missing = next((path for path in paths if not path.exists()), None)
    return software(), f"does not see {missing}" if missing else None


def _process_on_worker(
    number: int, files: Sequence[RawFile], run: RunContext, topic: str, ours: dict[str, str]
) -> tuple[str, list[str], BatchResult]:
    """On a worker: the folder of this attempt, the chunks in it, and the result of the batch."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()
    _require_same(worker.address, ours, software())  # it may have come after the others were asked
    attempt = f"attempt-{number:06d}-{uuid4().hex}"
    staging = run.staging / attempt

    def tell(n_bytes: int, n_records: int) -> None:
        task = worker.state.tasks.get(key)
        if task is None or task.state == "cancelled":
            raise WorkerDied("the run that asked for this batch is gone")
        told = {"key": key, "attempt": attempt, "n_bytes": n_bytes, "n_records": n_records}
        worker.log_event(topic, told)

    # Dask marks its workers as daemons, which multiprocessing lets have no children, lest they are left behind: ours
    # end with their parent (tasks/workers.py).
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    with Workers(1) as child:
        result = child.process(number, files, replace(run, staging=staging), tell)
    return attempt, sorted(path.name for path in staging.glob("*/")), result
