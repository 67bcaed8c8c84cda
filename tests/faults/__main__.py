"""Kills runs and lets their writes fail, at random, and compares what a clean run makes of it with an undisturbed one.

    python -m tests.faults --kills 200 --failures 50 --articles 500

Every trial begins with a lake that holds half of the articles, some in older versions. Runs over all of them are
killed, or their disk is full or fails from some write on: one run after the other, up to five times. Then one run is
left alone. All tables must then be, byte for byte, what they are where nothing happened; the table `runs` holds times
of day, so of its rows all but those are compared. Nothing else may be left: no temporary file, no staged rows, no
half-written report.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from schemas.tables import RUNS, TABLES
from tasks.lake import Lake
from tests.faults.corpus import write_corpus
from tests.faults.runs import Ended, at_call, disk_full, killed_at, run_and_kill, run_watched, seeded, stages, warm_up
from tests.faults.syscalls import TAKES_SPACE, Call, can_watch

EPOCHS = {"earlier": "1782800000", "all": "1782879300"}  # SOURCE_DATE_EPOCH of the first run, and of all that follow
TIMES = ("stages", "flow_run_id", "finished_at")  # columns of runs that no two runs share
IN_A_ROW = 5


@dataclass(frozen=True)
class Work:
    """How runs are made: as the flow's stages in a fork of this process, or by the command itself."""

    raw: Path
    lake: Lake
    log: Path
    stages: Callable[..., dict[str, Any]]
    extractor: str
    workers: int

    def run(self, which: str = "all") -> None:
        """What a run does, in a process of its own."""
        from flows.settings import Settings

        os.environ["SOURCE_DATE_EPOCH"] = EPOCHS[which]
        self.stages(self.raw / which, self.lake.root, settings=Settings(workers=1, extractor=self.extractor))

    def command(self) -> None:
        """`onrecord run` itself, which starts worker processes and needs Prefect's server."""
        os.environ["SOURCE_DATE_EPOCH"] = EPOCHS["all"]
        options = ["--extractor", self.extractor, "--workers", str(self.workers)]
        command = [sys.executable, "-m", "flows", "run", str(self.raw / "all"), "--lake", str(self.lake.root), *options]
        os.execv(sys.executable, command)


def tables(lake: Lake) -> dict[str, bytes]:
    """Every file of every table but `runs`, whatever its name."""
    names = [name for name in TABLES if name != RUNS.name]
    return {
        path.relative_to(lake.root).as_posix(): path.read_bytes()
        for name in names
        for path in sorted((lake.root / name).rglob("*"))
        if path.is_file()
    }


def runs(lake: Lake) -> list[dict[str, Any]]:
    """The rows of `runs` without the times of day."""
    return [{k: v for k, v in row.items() if k not in TIMES} for row in pq.read_table(lake.files(RUNS)[0]).to_pylist()]


def leftovers(lake: Lake) -> list[str]:
    """What lies in the lake that no undisturbed run leaves there."""
    expected = {"lock", "commit.lock", "commit.gate", "catalog.lock"}
    found = [path for path in lake.internal.rglob("*") if path.name not in expected]
    found += [path for path in lake.root.rglob("*") if path.name.endswith((".tmp", ".wal"))]
    reports = [json.loads((folder / "run.json").read_text("utf-8")) for folder in lake.reports.iterdir()]
    assert all(report["run_id"] for report in reports)
    return sorted({path.relative_to(lake.root).as_posix() for path in found})


def differences(lake: Lake, whole: Lake, was_published: bool) -> list[str]:
    """What is not as it would be had nothing happened; empty where all is."""
    ours, theirs = tables(lake), tables(whole)
    found = [f"{name} differs" for name in sorted(ours.keys() | theirs.keys()) if ours.get(name) != theirs.get(name)]
    found += [f"{name} is left" for name in leftovers(lake)]
    rows, undisturbed = runs(lake), runs(whole)
    # Where a run died after its commit, those after it found nothing new, and have said so.
    idle = [row for row in rows if not row["n_records"] and row["n_files_unchanged"] == row["n_files"]]
    if idle and not was_published:
        found.append("a run found nothing to do although nothing was published before")
    if [row for row in rows if row not in idle] != undisturbed:
        found.append("the rows of runs differ")
    n_articles = sum(pq.read_metadata(path).num_rows for path in lake.files(TABLES["articles"]))
    with duckdb.connect(str(lake.catalog), read_only=True) as catalog:
        if catalog.execute("SELECT count(*) FROM articles").fetchall() != [(n_articles,)]:
            found.append("the catalog does not show the articles")
    return found


class Experiment:
    """A lake that is disturbed again and again, and one that never was."""

    def __init__(self, folder: Path, arguments: argparse.Namespace) -> None:
        raw = write_corpus(folder / "raw", arguments.articles)
        body = stages()
        warm_up(arguments.extractor)
        self.seed = arguments.seed
        self.log = folder / "log"
        self.base, self.whole, lake = (Lake(folder / name / "lake") for name in ("base", "whole", "disturbed"))
        shared = (self.log, body, arguments.extractor, arguments.workers)
        self.work = Work(raw, lake, *shared)
        self.clean(Work(raw, self.base, *shared), "earlier")
        self.restore(self.whole)
        undisturbed = Work(raw, self.whole, *shared)
        started = time.monotonic()
        self.calls = self.clean(undisturbed).calls
        self.seconds = time.monotonic() - started
        self.tally: Counter[str] = Counter()
        self.bad: list[str] = []

    def restore(self, lake: Lake) -> None:
        """Gives a lake the contents that every trial begins with; views of the catalog name the folder."""
        shutil.rmtree(lake.root, ignore_errors=True)
        shutil.copytree(self.base.root, lake.root)

    def clean(self, work: Work, which: str = "all") -> Ended:
        """A run that nothing happens to."""
        if can_watch():
            ended = run_watched(lambda: work.run(which), work.lake.root, lambda _: 0, self.log)
        else:
            ended = run_and_kill(lambda: work.run(which), 600, self.log)
        if ended.code != 0:
            raise SystemExit(f"a clean run failed with exit code {ended.code}:\n{ended.output[-3000:]}")
        return ended

    def trial(self, name: str, disturbances: list[Callable[[], Ended]]) -> None:
        """Disturbs a run as often as asked for, and judges what a clean run makes of it."""
        lake = self.work.lake
        self.restore(lake)
        for disturb in disturbances:
            ended = disturb()
            self.tally[name] += 1
            self.tally[f"{name}: ended with {ended.code}"] += 1
            if "Traceback" in ended.output and "LakeError" not in ended.output:
                self.bad.append(f"{name}: an error that is not explained:\n{ended.output[-1500:]}")
        n_before = len(runs(self.base))
        self.tally["journals found"] += lake.journal.exists()
        decided = lake.journal.exists() or (lake.files(RUNS) and len(runs(lake)) > n_before)
        self.clean(self.work)
        self.tally["clean runs"] += 1
        self.tally["commits that were decided before the clean run"] += bool(decided)
        for difference in differences(lake, self.whole, bool(decided)):
            self.bad.append(f"{name}, after {len(disturbances)} disturbances: {difference}")

    def kill(self, rng: random.Random) -> Ended:
        """Kills a run at a random moment, or before a random one of its calls, where these can be watched."""
        if self.calls and rng.random() < 0.6:
            return self.watched(killed_at(self.some_call(rng)))
        return run_and_kill(self.work.run, rng.uniform(0, self.seconds), self.log)

    def some_call(self, rng: random.Random) -> int:
        """The number of a call of a random kind: there are a hundred writes for every rename."""
        kind = rng.choice(sorted({call.kind for call in self.calls}))
        return rng.choice([n for n, call in enumerate(self.calls, start=1) if call.kind == kind])

    def kill_command(self, rng: random.Random) -> Ended:
        """Kills the command with its workers and its server at a random moment."""
        return run_and_kill(self.work.command, rng.uniform(1, 6 + 2 * self.seconds), self.log)

    def fail(self, rng: random.Random) -> Ended:
        """Lets the disk be full from a random write on, or once, or lets any call fail once."""
        n_writes = sum(call.kind in TAKES_SPACE for call in self.calls)
        n = rng.randrange(1, n_writes + 1)
        kind = rng.random()
        if kind < 0.6:
            return self.watched(disk_full(n))
        if kind < 0.8:
            return self.watched(disk_full(n, lasts=False))
        return self.watched(at_call(self.some_call(rng), errno.EIO))

    def watched(self, judge: Callable[[Call], int]) -> Ended:
        """A run whose calls are judged."""
        return run_watched(self.work.run, self.work.lake.root, judge, self.log)

    def series(self, name: str, disturb: Callable[[random.Random], Ended], n: int) -> None:
        """Disturbs ``n`` runs in trials of random length."""
        rng, started, done, number = seeded(self.seed, name), time.monotonic(), 0, 0
        while done < n:
            length = min(rng.randint(1, IN_A_ROW), n - done)
            number += 1
            trial_rng = seeded(self.seed, name, number)
            self.trial(name, [lambda: disturb(trial_rng)] * length)  # noqa: B023 - called at once
            done += length
            seconds = time.monotonic() - started
            print(f"{name}: {done} of {n} in {seconds:.0f} s, {len(self.bad)} bad", file=sys.stderr, flush=True)


def report(experiment: Experiment) -> Iterator[str]:
    """What happened, line by line."""
    kinds = Counter(call.kind for call in experiment.calls)
    yield f"an undisturbed run makes {len(experiment.calls)} calls that change the lake: {dict(kinds.most_common())}"
    yield from (f"{count:6} {what}" for what, count in sorted(experiment.tally.items()))
    yield from experiment.bad
    yield "all tables equal the undisturbed run's" if not experiment.bad else f"{len(experiment.bad)} BAD"


def main() -> None:
    """Reads the arguments, runs the experiment, and exits with 1 where anything differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200, help="runs to kill")
    parser.add_argument("--commands", type=int, default=10, help="of `onrecord run` itself to kill, with its workers")
    parser.add_argument("--failures", type=int, default=50, help="runs whose disk is full or fails (Linux)")
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2, help="of the commands")
    parser.add_argument("--extractor", default="rules")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        experiment = Experiment(Path(folder), arguments)
        if can_watch():
            experiment.series("failures", experiment.fail, arguments.failures)
        elif arguments.failures:
            print("no failures: this system lets no process watch another's calls", file=sys.stderr)
        experiment.series("kills", experiment.kill, arguments.kills)
        experiment.series("commands", experiment.kill_command, arguments.commands)
        print(*report(experiment), sep="\n", flush=True)
    sys.exit(bool(experiment.bad))


if __name__ == "__main__":
    main()
