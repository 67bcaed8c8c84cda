"""Scheduled runs for real: a Prefect server, a worker and a schedule on this machine, and runs that are killed.

    python -m tests.loopback [--folder PATH]

Deploys twice, lets the schedule fire every minute, and ends runs in four ways: SIGKILL of the run's process, SIGKILL
of the run and its worker, Prefect's own cancelling, and SIGTERM of the run's process, of which the alert of
docs/scheduling.md must tell. Then a run is left alone, and the lake has to be sound and whole. Takes about ten minutes,
little of it work. Ends with 1 where anything is not as it should be.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, TypeVar

from tests.flows.dumps import record, write_jsonl

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
N_ARTICLES = 400
LIMITS = {"SIGKILL, run": 120.0, "SIGKILL, run and worker": 120.0, "SIGTERM, run": 15.0, "cancelled": 60.0}


# Prefect holds back the events of runs that began less than five minutes after they were put on the schedule.
EVENTS_SETTLE = 330.0


class Loopback:
    """The folders, processes and figures of one go."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder, self.lake, self.raw = folder, folder / "lake", folder / "raw"
        self.slow = folder / "slow"
        self.url = f"http://127.0.0.1:{self.port}/api"
        self.env = os.environ | {
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_URL": self.url,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "PREFECT_CLI_PROMPT": "false",
            "PYTHONPATH": str(ROOT),
            "ONRECORD_EXTRACTOR": "tests.loopback.slow:SlowExtractor",
            "ONRECORD_WORKERS": "2",
            "LOOPBACK_SLOW": str(self.slow),
        }
        self.failures: list[str] = []
        self.seen: set[str] = set()

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """A process in a group of its own, with its output in a file of that name."""
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [str(BIN / "prefect"), *arguments],
                env=self.env,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def check(self, holds: bool, what: str) -> None:
        say(f"{'ok' if holds else 'NOT'}   {what}")
        if not holds:
            self.failures.append(what)

    def flow_runs(self) -> list[Any]:
        from prefect.client.orchestration import get_client
        from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterStartTime

        begun = FlowRunFilter(start_time=FlowRunFilterStartTime(is_null_=False))
        with get_client(sync_client=True) as client:
            return client.read_flow_runs(flow_run_filter=begun)

    def holder(self) -> int | None:
        """The process that writes to the lake and has staged rows."""
        try:
            pid = int(json.loads((self.lake / ".onrecord" / "lock").read_text("utf-8"))["pid"])
            os.kill(pid, 0)
        except (OSError, ValueError, TypeError):
            return None
        staged = list((self.lake / ".onrecord" / "unfinished").glob("*/*/articles.parquet"))
        return pid if staged else None

    def caught(self) -> tuple[Any, int]:
        """A run that the schedule has started and that is in the middle of its work, with its process."""

        def running() -> tuple[Any, int] | None:
            pid = self.holder()
            found = [run for run in self.flow_runs() if run.state.name == "Running" and str(run.id) not in self.seen]
            return (found[0], pid) if found and pid else None

        run, pid = wait(running, 240, "a scheduled run at work")
        self.seen.add(str(run.id))
        say(f"      run {run.name!r} was due at {run.expected_start_time:%H:%M:%S}, began {run.start_time:%H:%M:%S}")
        self.check(run.auto_scheduled, "the schedule started it")
        return run, pid

    def ended(self, run: Any, how: str, expected: str) -> None:
        """Waits for the state of a run that was ended just now, and judges how long that took."""
        began = time.monotonic()

        def final() -> Any:
            (now,) = [other for other in self.flow_runs() if other.id == run.id]
            return now.state if now.state.is_final() else None

        state = wait(final, 180, f"{how}: an end")
        seconds = time.monotonic() - began
        self.check(state.name == expected, f"{how}: {state.name} ({state.message})")
        self.check(seconds <= LIMITS[how], f"{how}: {seconds:.1f} s until then (at most {LIMITS[how]:.0f})")
        gone = wait(lambda: self.holder() is None or None, 60, f"{how}: the process is gone")
        self.check(bool(gone), f"{how}: nobody holds the lake")


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def wait(probe: Callable[[], T | None], seconds: float, what: str) -> T:
    """What ``probe`` finds, asked once a second; SystemExit where it takes longer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = probe()
        if found is not None:
            return found
        time.sleep(1)
    raise SystemExit(f"gave up after {seconds:.0f} s: {what}")


@contextmanager
def process(started: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        yield started
    finally:
        kill(started)


def kill(started: subprocess.Popen[bytes]) -> None:
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()


def deploy(go: Loopback) -> dict[str, Any]:
    command = [str(BIN / "onrecord"), "deploy", "--raw", str(go.raw), "--lake", str(go.lake), "--cron", "* * * * *"]
    done = subprocess.run([*command, "--json"], env=go.env, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    made: dict[str, Any] = json.loads(done.stdout)
    return made


@contextmanager
def alerts() -> Iterator[tuple[str, list[str]]]:
    """A webhook: its address, and the texts that it was sent."""
    heard: list[str] = []

    class Hear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hear) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", heard
        server.shutdown()


def subscribe(go: Loopback, address: str) -> None:
    """Runs what docs/scheduling.md gives people to run."""
    (script,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "scheduling.md").read_text("utf-8"), re.DOTALL)
    subprocess.run([sys.executable, "-c", script], env=go.env | {"ALERT_URL": address}, check=True)


def main(go: Loopback) -> None:
    for name in ("a", "b"):  # a batch for each of two processes
        write_jsonl(go.raw / f"{name}.jsonl", [record(n) for n in range(N_ARTICLES) if (n % 2 == 0) == (name == "a")])
    say(f"{N_ARTICLES} articles under {go.raw}; server at {go.url}")
    os.environ.update(go.env)
    worker_command = ("worker", "start", "--pool", "default", "--type", "process")
    with ExitStack() as stack:
        stack.enter_context(
            process(go.start("server", "server", "start", "--host", "127.0.0.1", "--port", str(go.port)))
        )
        from prefect.client.orchestration import get_client

        with get_client(sync_client=True) as client:
            wait(lambda: client.api_healthcheck() is None or None, 180, "the server's answer")
            first, second = deploy(go), deploy(go)
            outcomes = [{entry["outcome"] for entry in done["made"]} for done in (first, second)]
            go.check(outcomes == [{"created"}, {"updated", "kept"}], "deploying twice creates, then updates")
            counts = [len(client.read_deployments()), len(client.read_automations()), len(client.read_work_pools())]
            go.check(counts == [2, 2, 1], f"deployments, automations, pools: {counts}")
        deployed = time.monotonic()
        address, heard = stack.enter_context(alerts())
        subscribe(go, address)
        go.slow.touch()
        worker = go.start("worker", *worker_command)
        try:
            run, pid = go.caught()
            os.kill(pid, signal.SIGKILL)
            go.ended(run, "SIGKILL, run", "Crashed")

            run, pid = go.caught()
            kill(worker)
            os.kill(pid, signal.SIGKILL)
            go.ended(run, "SIGKILL, run and worker", "Crashed")

            worker = go.start("worker", *worker_command)
            run, pid = go.caught()
            subprocess.run([str(BIN / "prefect"), "flow-run", "cancel", str(run.id)], env=go.env, check=True)
            go.ended(run, "cancelled", "Cancelled")

            time.sleep(max(0, deployed + EVENTS_SETTLE - time.monotonic()))
            run, pid = go.caught()
            os.kill(pid, signal.SIGTERM)
            go.ended(run, "SIGTERM, run", "Crashed")
            told = wait(lambda: next((text for text in heard if "termination signal" in text), None), 60, "an alert")
            go.check("Crashed" in told, f"the alert of docs/scheduling.md says: {told}")

            go.slow.unlink()
            completed = lambda: next((r for r in go.flow_runs() if r.state.is_completed()), None)  # noqa: E731
            run = wait(completed, 240, "a run that completes")
            say(f"      run {run.name!r} took {run.total_run_time.total_seconds():.1f} s")
        finally:
            kill(worker)
            if left := go.holder():
                os.kill(left, signal.SIGKILL)
    judge(go)


def judge(go: Loopback) -> None:
    """The lake after all that."""
    from tasks.integrity import check_lake
    from tasks.lake import Lake

    lake = Lake(go.lake)
    found = check_lake(lake)
    rows = {table["table"]: table["n_rows"] for table in found["tables"]}
    go.check(found["verdict"] == "sound", f"the lake is {found['verdict']}")
    go.check(rows["articles"] == N_ARTICLES, f"{rows['articles']} articles of {N_ARTICLES}")
    staged = list(lake.unfinished.rglob("*"))
    go.check(not staged, f"{len(staged)} staged files left by dead runs")
    go.check(not lake.journal.exists(), "no commit is unfinished")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.loopback", description="Scheduled runs for real.")
    parser.add_argument("--folder", type=Path, help="An empty folder for lake and logs, which stays.")
    with tempfile.TemporaryDirectory(prefix="onrecord-loopback-") as temporary:
        go = Loopback(parser.parse_args().folder or Path(temporary))
        main(go)
    say("as it should be" if not go.failures else f"{len(go.failures)} not as it should be")
    sys.exit(bool(go.failures))
