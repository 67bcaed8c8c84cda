"""Real processes with extractors that hang and crash. Starting one takes seconds, so one run holds all cases."""

import hashlib
import itertools
import multiprocessing.forkserver
import os
import signal
import subprocess
import sys
import time
from collections import deque
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.extract.base import Extraction
from tasks.process import process_batch
from tasks.workers import WorkerDied, Workers, end_parent_of_workers
from tests.tasks.test_process import raw_file, run_context, staged


class Hostile:
    """An extractor that some words hang or crash, in Python and in C."""

    name, version = "hostile", "1"

    def extract(self, title, text, language):
        if "sleep" in text:
            time.sleep(600)
        if "stuck" in text:
            deque(itertools.repeat(0), maxlen=0)  # a loop in C that holds the interpreter and hears no signal
        if "crash" in text:
            os._exit(7)
        return Extraction()


HOSTILE = f"{__name__}:Hostile"
TEXTS = ["All is calm.", "Asleep.", "A stuck lift.", "All is well.", "A crash.", "The end."]


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_records_that_hang_or_crash_a_process_are_refused_and_all_others_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.workers.GRACE_SECONDS", 0.5)
    monkeypatch.setattr("tasks.workers.MAX_DEATHS", 1)
    file = raw_file(tmp_path / "a.jsonl", TEXTS)
    run = replace(run_context(tmp_path, HOSTILE), record_seconds=0.5)
    told: list[tuple[int, int]] = []
    with Workers(1) as workers:
        result = workers.process(0, [file], run, lambda *step: told.append(step))
        calm = raw_file(tmp_path / "b.jsonl", ["All is calm.", "All is well."])
        after = workers.process(1, [calm], run, lambda *step: None)
    assert (result.n_records, result.n_staged, result.n_refused) == (6, 3, 3)
    assert [sum(step) for step in zip(*told, strict=True)] == [file.n_bytes, 6]
    refused = {row["source_member"]: row["reason_code"] for row in staged(tmp_path, "quarantine")}
    assert refused == {"line:2": "timeout", "line:3": "timeout", "line:5": "crashed"}
    assert all(row["raw"] for row in staged(tmp_path, "quarantine"))
    assert after.n_staged == 2

    (tmp_path / "here").mkdir()
    here = run_context(tmp_path / "here", HOSTILE)
    process_batch(1, [calm], here)
    assert contents(here.staging).items() <= contents(run.staging).items()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are not forked")
def test_the_process_that_workers_are_forked_from_can_be_ended(tmp_path: Path) -> None:
    with Workers(1) as workers:
        workers.process(0, [], run_context(tmp_path), lambda *step: None)
        parent = multiprocessing.forkserver._forkserver._forkserver_pid
    os.kill(parent, 0)
    end_parent_of_workers()
    with pytest.raises(ProcessLookupError):
        os.kill(parent, 0)
    end_parent_of_workers()  # where there is none


def test_workers_that_have_been_stopped_say_so(tmp_path: Path) -> None:
    with Workers(1) as workers:
        pass
    with pytest.raises(WorkerDied, match="have been stopped"):
        workers.process(0, [], run_context(tmp_path), lambda *step: None)


class Stuck:
    """An extractor that never comes into being: a loop in C that holds the interpreter, and hears no signal."""

    def __init__(self):
        print(os.getpid(), flush=True)
        deque(itertools.repeat(0), maxlen=0)


RUN = """
import sys
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tasks.workers import Workers
from tests.tasks.test_process import run_context
if __name__ == "__main__":
    ForkServerContext.set_forkserver_preload = lambda *_: None  # nothing of it is used here, and it takes seconds
    Workers(1).process(0, [], run_context(Path(sys.argv[1]), "tests.tasks.test_workers:Stuck"), print)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing ends C code that holds the interpreter")
def test_a_worker_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    """Killed with no time to tell its workers, a run must not have them write on beside the next one."""
    command = [sys.executable, "-W", "ignore", "-c", RUN, str(tmp_path)]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env) as run:
        assert run.stdout
        worker = int(run.stdout.readline())
        run.kill()
    assert has_ended(worker)


def has_ended(pid: int, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":  # ended, and nobody has asked
            return True
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    return False
