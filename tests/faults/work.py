"""The runs that are disturbed, each with a lake of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from tasks.catalog import build_catalog
from tasks.lake import Lake, writer_lock
from tests.faults.corpus import write_corpus
from tests.tasks.staging import Run, ingest, line, refusal

EPOCHS = {"earlier": 1782800000, "all": 1782879300}  # when the first run starts, and all that follow


class Work(Protocol):
    """What happens to a lake: first `earlier`, then `all`."""

    volatile: tuple[str, ...]
    """Columns of `runs` that no two runs share."""

    def run(self, lake: Lake, which: str) -> None:
        """Does it, in a process of its own."""
        ...


@dataclass(frozen=True)
class WholeRuns:
    """All that a run does, as plain functions in a fork of this process; or the command, with workers and server."""

    raw: Path
    extractor: str
    workers: int
    stages: Callable[..., dict[str, Any]]
    volatile = ("stages", "flow_run_id", "finished_at")

    def run(self, lake: Lake, which: str) -> None:
        """Discovers, reads, extracts, publishes."""
        from flows.settings import Settings

        os.environ["SOURCE_DATE_EPOCH"] = str(EPOCHS[which])
        self.stages(self.raw / which, lake.root, settings=Settings(workers=1, extractor=self.extractor))

    def command(self, lake: Lake) -> None:
        """`onrecord run` in the place of this process."""
        os.environ["SOURCE_DATE_EPOCH"] = str(EPOCHS["all"])
        options = ["--extractor", self.extractor, "--workers", str(self.workers)]
        command = [sys.executable, "-m", "flows", "run", str(self.raw / "all"), "--lake", str(lake.root), *options]
        os.execv(sys.executable, command)


def whole_runs(folder: Path, n_articles: int, extractor: str, workers: int) -> WholeRuns:
    """Over invented articles, which are written below ``folder``."""
    from tests.faults.runs import stages, warm_up

    raw, body = write_corpus(folder / "raw", n_articles), stages()
    warm_up(extractor)
    return WholeRuns(raw, extractor, workers, body)


@dataclass(frozen=True)
class Publishing:
    """The end of a run alone, which is where a lake can come to harm: recover, compare, link, commit, catalog."""

    n_articles: int
    volatile = ("parameters", "n_written", "n_unchanged", "n_superseded", "n_quarantined", "n_quotes", "n_mentions")

    def run(self, lake: Lake, which: str) -> None:
        """Stages invented rows, and does with them what a run does."""
        started_at = datetime.fromtimestamp(EPOCHS[which], UTC)
        n = self.n_articles if which == "all" else self.n_articles // 2
        rows = [
            line(i, f"name {i % 8}", f"Text {i % (5 if which == 'all' else 3)}.", published_on=_day(i))
            for i in range(n)
        ]
        ingest(lake, rows, [refusal(str(i)) for i in range(n)], Run(f"run-{which}", started_at))
        with writer_lock(lake):  # as runs hold it, which explains a full disk
            build_catalog(lake)


def _day(i: int) -> Any:
    return None if i % 4 == 0 else datetime(2021, 1 + i % 3, 1).date()
