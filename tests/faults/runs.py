"""Whole runs in processes of their own that can be watched, made to fail, and killed with all that they started."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from flows.start import QUIET, SILENT, Interrupted, interruptible
from tests.faults.syscalls import KILL, TAKES_SPACE, Call, Judge, be_watched, receive_listener, watching
from tests.flows.dumps import record, write_jsonl

CRASHED = 70  # the exit code of a run that ended with an error


def stages() -> Callable[..., dict[str, Any]]:
    """The body of the flow with its tasks as plain functions: all that a run does to the lake, without a server."""
    os.environ.update(QUIET | SILENT)
    from flows import news_etl as module

    for name, value in plain(module).items():
        setattr(module, name, value)
    return module.news_etl.fn


def plain(module: ModuleType) -> dict[str, Any]:
    """By name, what stands in for all that a module of a flow has from Prefect: its tasks as functions, no artifacts."""
    import prefect.artifacts
    from prefect import Task

    found: dict[str, Any] = {"get_run_logger": lambda: logging.getLogger("tests.faults")}
    for name, value in vars(module).items():
        if isinstance(value, Task):
            found[name] = value.fn
        elif callable(value) and getattr(prefect.artifacts, name, None) is value:
            found[name] = lambda *_, **__: None
    return found


def warm_up(extractor: str) -> None:
    """Imports and loads all that a run needs, so that a fork of this process starts at once. Starts no thread."""
    import tasks.catalog
    from tasks.process import RunContext, process_batch
    from tasks.records import RawFile

    with tempfile.TemporaryDirectory() as name:
        raw = Path(name) / "a.jsonl"
        write_jsonl(raw, [record(1)])
        run = RunContext("warm-up", datetime(2026, 7, 1, tzinfo=UTC), Path(name) / "staging", extractor)
        process_batch(0, [RawFile(raw, raw.name, "0" * 64)], run)
    assert tasks.catalog
    gc.freeze()


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: its exit code, or minus the signal that killed it; and the calls that it made."""

    code: int
    output: str
    calls: list[Call] = field(default_factory=list)


@contextmanager
def started(work: Callable[[], object], log: Path, watcher: socket.socket | None = None) -> Iterator[int]:
    """A fork of this process that does ``work`` in a process group of its own, and is killed when the block ends."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if not pid:
        _be_child(work, log, watcher)
    try:
        yield pid
    finally:
        kill_group(pid)


def _be_child(work: Callable[[], object], log: Path, watcher: socket.socket | None) -> None:
    code = CRASHED
    try:
        os.setsid()
        with log.open("wb") as target:
            os.dup2(target.fileno(), 1)
            os.dup2(target.fileno(), 2)
        if watcher:
            be_watched(watcher)
        with interruptible():
            work()
        code = 0
    except Interrupted as stopped:
        code = stopped.exit_code
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else CRASHED
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def kill_group(pid: int) -> None:
    """Kills a child with its process group, and waits until the group is gone."""
    while True:
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
        try:
            os.waitpid(-pid, 0)
        except ChildProcessError:
            time.sleep(0.01)


def run_watched(work: Callable[[], object], root: Path, judge: Judge, log: Path) -> Ended:
    """Does ``work`` in a process whose calls below ``root`` are judged."""
    calls: list[Call] = []

    def note(call: Call) -> int:
        calls.append(call)
        return judge(call)

    ours, theirs = socket.socketpair()
    with ours, theirs, started(work, log, theirs) as pid:
        theirs.close()
        with watching(receive_listener(ours), root, note):
            _, status = os.waitpid(pid, 0)
            kill_group(pid)
    return Ended(os.waitstatus_to_exitcode(status), log.read_text("utf-8", "replace"), calls)


def run_and_kill(work: Callable[[], object], seconds: float, log: Path) -> Ended:
    """Does ``work`` in a process that is killed with its group after that time, unless it has ended before."""
    with started(work, log) as pid:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                return Ended(os.waitstatus_to_exitcode(status), log.read_text("utf-8", "replace"))
            time.sleep(min(0.005, max(deadline - time.monotonic(), 0)))
    return Ended(-signal.SIGKILL, log.read_text("utf-8", "replace"))


def at_call(n: int, answer: int, lasts: bool = False, kinds: set[str] | None = None) -> Judge:
    """A judge that lets the n-th call (from 1; of those ``kinds``) fail with an errno or kills; with ``lasts``, all after it too."""
    left = n

    def judge(call: Call) -> int:
        nonlocal left
        if kinds is not None and call.kind not in kinds:
            return 0
        left -= 1
        return answer if left == 0 or (lasts and left < 0) else 0

    return judge


def disk_full(n: int, lasts: bool = True) -> Judge:
    """A judge by which the disk is full from the n-th call on that takes space (or at that call alone)."""
    import errno

    return at_call(n, errno.ENOSPC, lasts, TAKES_SPACE)


def stopped_at(n: int) -> Judge:
    """A judge that sends SIGTERM before the n-th call, and lets that happen."""
    is_it = at_call(n, KILL)

    def judge(call: Call) -> int:
        if is_it(call):
            os.kill(call.pid, signal.SIGTERM)
        return 0

    return judge


def killed_at(n: int) -> Judge:
    """A judge that kills at the n-th call."""
    return at_call(n, KILL)
