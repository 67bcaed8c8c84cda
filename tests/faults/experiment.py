"""A lake that is disturbed again and again, and one that never was."""

from __future__ import annotations

import errno
import random
import re
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tasks.lake import Lake
from tests.faults.compare import differences, runs
from tests.faults.powercut import Disk, Recorder
from tests.faults.runs import CRASHED, Ended, at_call, disk_full, killed_at, run_and_kill, run_watched, stopped_at
from tests.faults.syscalls import TAKES_SPACE, Call, Judge, can_watch
from tests.faults.work import WholeRuns, Work

STOPPED = 128 + signal.SIGTERM
EXPLAINED = re.compile(r"^tasks\.lake\.Lake\w+: ", re.MULTILINE)
Disturb = Callable[[random.Random], Ended | None]


class Experiment:
    """Trials of disturbed runs, all of which must end like the run that nothing happens to."""

    def __init__(self, folder: Path, work: Work, seed: int, in_a_row: int) -> None:
        self.work, self.seed, self.in_a_row, self.log = work, seed, in_a_row, folder / "log"
        self.tally, self.bad = Counter[str](), list[str]()
        self.base, self.whole, self.lake = (Lake(folder / name / "lake") for name in ("base", "whole", "disturbed"))
        self.clean(self.base, "earlier")
        self.n_runs_before = len(runs(self.base, work.volatile))
        self.restore(self.whole)
        started = time.monotonic()
        self.calls = self.clean(self.whole).calls
        self.seconds = time.monotonic() - started
        self.recorded: Recorder | None = None

    def restore(self, lake: Lake) -> None:
        """Gives a lake the contents that every trial begins with."""
        shutil.rmtree(lake.root, ignore_errors=True)
        shutil.copytree(self.base.root, lake.root)

    def clean(self, lake: Lake, which: str = "all", judge: Judge = lambda _: 0) -> Ended:
        """A run that nothing happens to."""

        def do() -> None:
            self.work.run(lake, which)

        ended = run_watched(do, lake.root, judge, self.log) if can_watch() else run_and_kill(do, 600, self.log)
        if ended.code != 0:
            raise SystemExit(f"a clean run failed with exit code {ended.code}:\n{ended.output[-3000:]}")
        return ended

    def trial(self, name: str, disturb: Disturb, rng: random.Random, n: int) -> None:
        """Disturbs ``n`` runs, one after the other, and judges what a clean run makes of it."""
        n_bad = len(self.bad)
        self.restore(self.lake)
        for _ in range(n):
            ended = disturb(rng)
            self.tally[name] += 1
            if ended:
                self.tally[f"{name} that ended with {ended.code}"] += 1
                if ended.code == CRASHED and not EXPLAINED.search(ended.output):
                    self.bad.append(f"{name}: an error that nobody explains:\n{ended.output[-2000:]}")
        has_journal = self.lake.journal.exists()
        was_published = has_journal or len(runs(self.lake, self.work.volatile)) > self.n_runs_before
        self.tally["clean runs"] += 1
        self.tally["clean runs that found a commit to finish"] += has_journal
        self.tally["clean runs that found all published"] += was_published
        self.clean(self.lake)
        for difference in differences(self.lake, self.whole, was_published, self.work.volatile):
            self.bad.append(f"{name} (trial {self.tally['clean runs']}): {difference}")
        print(*self.bad[n_bad:], sep="\n", end="", file=sys.stderr)

    def kill(self, rng: random.Random) -> Ended:
        """Kills a run at a random moment, or before a random one of its calls, where these can be watched."""
        if self.calls and rng.random() < 0.6:
            return self.watched(killed_at(self.some_call(rng)))
        return run_and_kill(lambda: self.work.run(self.lake, "all"), rng.uniform(0, self.seconds), self.log)

    def kill_command(self, rng: random.Random) -> Ended:
        """Kills the command with its workers and its server at a random moment."""
        work = self.work
        assert isinstance(work, WholeRuns)
        return run_and_kill(lambda: work.command(self.lake), rng.uniform(1, 6 + 2 * self.seconds), self.log)

    def fail(self, rng: random.Random) -> Ended:
        """Lets the disk be full from a random write on, or once, or lets any call fail once."""
        n = rng.randrange(1, 1 + sum(call.kind in TAKES_SPACE for call in self.calls))
        how = rng.random()
        if how < 0.8:
            return self.watched(disk_full(n, lasts=how < 0.6))
        return self.watched(at_call(self.some_call(rng), errno.EIO))

    def stop(self, rng: random.Random) -> Ended:
        """Sends a run SIGTERM before a random call; it must end by itself."""
        ended = self.watched(stopped_at(self.some_call(rng)))
        if ended.code not in (0, STOPPED):
            self.bad.append(f"stopped, a run ended with {ended.code}:\n{ended.output[-2000:]}")
        return ended

    def cut(self, rng: random.Random) -> None:
        """Puts the lake into the state after a power cut before a random call of a run."""
        if self.recorded is None:
            self.recorded = Recorder()
            self.clean(self.lake, judge=self.recorded)
            self.restore(self.lake)
        disk = Disk(self.lake.root)
        disk.happen(self.recorded.events[: self.some_call(rng)])
        disk.fail(self.lake.root, rng.choice([0, 0.5, 1]), rng)

    def some_call(self, rng: random.Random) -> int:
        """The number of a call of a random kind: there are a hundred writes for every rename."""
        kind = rng.choice(sorted({call.kind for call in self.calls}))
        return rng.choice([n for n, call in enumerate(self.calls, start=1) if call.kind == kind])

    def watched(self, judge: Callable[[Call], int]) -> Ended:
        """A run whose calls are judged."""
        return run_watched(lambda: self.work.run(self.lake, "all"), self.lake.root, judge, self.log)

    def series(self, name: str, disturb: Disturb, n: int, alone: bool = False) -> None:
        """Disturbs ``n`` runs in trials of random length; those of one name and seed are the same every time."""
        rng, started, done = random.Random(f"{self.seed} {name}"), time.monotonic(), 0
        while done < n:
            length = min(1 if alone else rng.randint(1, self.in_a_row), n - done)
            self.trial(name, disturb, rng, length)
            done += length
            seconds = time.monotonic() - started
            print(f"{name}: {done} of {n} in {seconds:.0f} s, {len(self.bad)} bad", file=sys.stderr, flush=True)

    def report(self) -> Iterator[str]:
        """What happened, line by line."""
        kinds = dict(Counter(call.kind for call in self.calls).most_common())
        yield f"an undisturbed run makes {len(self.calls)} calls that change the lake: {kinds}"
        yield from (f"{count:6} {what}" for what, count in sorted(self.tally.items()))
        yield from self.bad
        yield f"{len(self.bad)} BAD" if self.bad else "all tables equal the undisturbed run's"
