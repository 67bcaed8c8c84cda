"""Processes that work on batches and can be replaced: one that hangs is killed, one that dies is started again.

Either way its batch is done again from its start, without the record that was at fault, so what is staged does not
depend on what happened.
"""

from __future__ import annotations

import contextlib
import fcntl
import multiprocessing
import multiprocessing.connection
import multiprocessing.forkserver
import os
import pickle
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, MutableSequence, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from typing import Any

from tasks.freeing import ARROW, THRESHOLD
from tasks.process import BatchResult, RunContext, process_batch
from tasks.records import RawFile
from tasks.timelimit import BOARD_SIZE, STEPS, Place, place_on

GRACE_SECONDS = 5.0  # from TimeLimit being raised until the process is killed
POLL_SECONDS = 0.5
END_SECONDS = 5.0  # that a process gets to end by itself
# What a worker is done with goes back to the system. Arrow's own pool would keep 20 MB of it, and glibc 8 MB.
FREEING = ARROW | {
    "MALLOC_MMAP_THRESHOLD_": str(THRESHOLD),
    "MALLOC_TRIM_THRESHOLD_": str(THRESHOLD),
}
MAX_DEATHS = 2  # of the same cause: the first may have come from outside

OnProgress = Callable[[int, int], None]


class WorkerDied(Exception):
    """A worker ended again and again while it worked on no record, or it was told to."""


class Workers:
    """A fixed number of processes; ``process`` may be called from as many threads at once."""

    def __init__(self, n: int) -> None:
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._all = [_Worker() for _ in range(n)]
        for worker in self._all:
            self._idle.put(worker)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for worker in self._all:
            worker.stop(at_once=kind is not None)

    def process(self, number: int, files: Sequence[RawFile], run: RunContext, on_progress: OnProgress) -> BatchResult:
        """What tasks.process.process_batch does, in another process; raises what it raises, or WorkerDied."""
        worker = self._idle.get()
        try:
            return _process(worker, number, files, run, on_progress)
        finally:
            self._idle.put(worker)


def _process(
    worker: _Worker, number: int, files: Sequence[RawFile], run: RunContext, on_progress: OnProgress
) -> BatchResult:
    uris = [file.uri for file in files]
    refused: dict[Place, tuple[str, str]] = {}
    deaths: dict[Place | None, int] = {}
    while True:
        worker.send((number, files, run, refused))
        done = [0, 0]  # bytes and records told so far; a batch that starts again gives them back

        def tell(n_bytes: int, n_records: int, done: list[int] = done) -> None:
            done[0] += n_bytes
            done[1] += n_records
            on_progress(n_bytes, n_records)

        outcome = worker.wait(run.record_seconds + GRACE_SECONDS, uris, tell)
        if isinstance(outcome, BatchResult):
            return outcome
        place, exit_code = outcome
        on_progress(-done[0], -done[1])
        if exit_code is None and place:
            sentence = f"{STEPS[place.step]} took longer than {run.record_seconds:g} seconds."
            refused[place] = ("timeout", sentence)
            continue
        deaths[place] = deaths.get(place, 0) + 1
        if deaths[place] < MAX_DEATHS:
            continue
        if place is None:
            raise WorkerDied(f"a process that worked on a batch ended by itself, twice ({_ending(exit_code)})")
        refused[place] = ("crashed", f"{STEPS[place.step]} ended the process, twice ({_ending(exit_code)}).")


class _Worker:
    """One process, started when it is first needed."""

    def __init__(self) -> None:
        self._process: multiprocessing.process.BaseProcess | None = None
        self._connection: Connection[Any, Any] | None = None
        self._board: MutableSequence[float] = []
        self._is_stopped = False

    def send(self, job: tuple[Any, ...]) -> None:
        """Hands a batch over, to a new process if there is none."""
        if self._is_stopped:
            raise WorkerDied("the processes that work on batches have been stopped")
        if self._process is None:
            context = _context()
            self._board = context.RawArray("d", BOARD_SIZE)
            self._connection, theirs = context.Pipe()
            self._process = context.Process(target=_work, args=(theirs, self._board), daemon=True)
            self._process.start()
            theirs.close()
        assert self._connection is not None
        with contextlib.suppress(BrokenPipeError):  # `wait` will find it dead
            self._connection.send(job)

    def wait(
        self, seconds: float, uris: Sequence[str], on_progress: OnProgress
    ) -> BatchResult | tuple[Place | None, int | None]:
        """The batch's result; or, where the process had to be killed or died, its place and its exit code (or None)."""
        assert self._process is not None
        assert self._connection is not None
        while True:
            found = place_on(self._board, uris)
            if found and time.monotonic() - found[1] > seconds:
                self._process.kill()
                self._end()
                return found[0], None
            try:
                if not self._connection.poll(POLL_SECONDS):
                    continue
                kind, content = self._connection.recv()
            except (EOFError, ConnectionResetError):
                found = place_on(self._board, uris)
                return found[0] if found else None, self._end()
            if kind == "progress":
                on_progress(*content)
            elif kind == "result":
                return content  # type: ignore[no-any-return]
            else:
                raise content

    def stop(self, at_once: bool) -> None:
        """Ends the process for good, ``at_once`` also while it works: whoever waits for it then gets WorkerDied."""
        self._is_stopped = True
        if self._process and at_once:
            self._process.kill()
        elif self._process:
            self._end()

    def _end(self) -> int:
        """Ends the process, so that the next batch starts another; its exit code."""
        assert self._process is not None
        assert self._connection is not None
        self._connection.close()  # upon which an idle one ends by itself, and one that dies can say how
        self._process.join(END_SECONDS)
        self._process.kill()
        self._process.join()
        code = self._process.exitcode or 0
        self._process = self._connection = None
        return code


def _context() -> ForkServerContext | SpawnContext:
    """Where forking is safe, workers come from one process that has loaded what they share (tasks.preload)."""
    for variable, value in FREEING.items():
        os.environ.setdefault(variable, value)
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tasks.preload"])
    return context


def end_parent_of_workers() -> None:
    """Ends the process that workers are forked from, which holds 300 MB; the next worker starts another one.

    All workers have ended. multiprocessing itself ends it with this process alone, and has no public call for it.
    """
    if sys.platform == "linux":
        multiprocessing.forkserver._forkserver._stop()  # type: ignore[attr-defined]


def _ending(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-exit_code).name}"
    return f"exit code {exit_code}"


def _end_with_parent() -> None:
    """Has this process killed as soon as the one that started it ends, however it does, lest it writes on.

    Linux does it where the process hears nothing itself, as in C code that holds the interpreter; elsewhere a thread.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None
    sentinel = parent.sentinel
    if sys.platform == "linux":
        fcntl.fcntl(sentinel, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(sentinel, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(sentinel, fcntl.F_SETFL, fcntl.fcntl(sentinel, fcntl.F_GETFL) | os.O_ASYNC)

    def wait() -> None:
        multiprocessing.connection.wait([sentinel])
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


def _work(connection: Connection[Any, Any], board: MutableSequence[float]) -> None:
    """What a worker does until nobody is at the other end: takes a batch, answers with its result or its error."""
    _end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run decides
    with contextlib.suppress(EOFError, OSError):
        while True:
            number, files, run, refused = connection.recv()
            try:
                result = process_batch(
                    number, files, run, lambda *step: connection.send(("progress", step)), board, refused
                )
                answer: tuple[str, object] = ("result", result)
            except Exception as error:
                answer = ("error", _picklable(error))
            connection.send(answer)


def _picklable(error: Exception) -> Exception:
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - it was made here
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
