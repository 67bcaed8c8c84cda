"""Kills runs, fills their disk and cuts their power, at random, and compares what a clean run then makes of it.

    python -m tests.faults --kills 200 --commands 10 --failures 50 --cuts 50 --articles 500

Every trial begins with a lake that holds half of the articles, some in older versions. Some runs over all of them are
disturbed one after the other; then one is left alone. All tables must now be, byte for byte, what they are where
nothing happened; of the table `runs`, which holds times of day, all but those is compared. Nothing else may be left: no
temporary file, no staged rows, no half-written report. Ends with 1 where anything is.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.faults.experiment import Experiment
from tests.faults.syscalls import can_watch
from tests.faults.work import Publishing, Work, whole_runs


def main() -> None:
    """Reads the arguments, runs the experiment, and says what happened."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--part", choices=("run", "publish"), default="run", help="whole runs, or publishing alone")
    parser.add_argument("--kills", type=int, default=0, help="runs to kill")
    parser.add_argument(
        "--commands", type=int, default=0, help="of `onrecord run` to kill, with its workers and server"
    )
    parser.add_argument("--failures", type=int, default=0, help="runs whose disk is full or fails (Linux)")
    parser.add_argument("--cuts", type=int, default=0, help="power cuts to simulate (Linux)")
    parser.add_argument("--stops", type=int, default=0, help="runs to end by SIGTERM (Linux)")
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2, help="of the commands")
    parser.add_argument("--extractor", default="rules")
    parser.add_argument("--in-a-row", type=int, default=5, help="runs at most that are disturbed before one is not")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if (given.failures or given.cuts or given.stops) and not can_watch():
        sys.exit("this system lets no process watch the calls of another, as --failures, --cuts and --stops need")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        work: Work = Publishing(given.articles)
        if given.part == "run":
            work = whole_runs(folder, given.articles, given.extractor, given.workers)
        experiment = Experiment(folder, work, given.seed, given.in_a_row)
        experiment.series("failures", experiment.fail, given.failures)
        experiment.series("power cuts", experiment.cut, given.cuts, alone=True)
        experiment.series("stops", experiment.stop, given.stops)
        experiment.series("kills", experiment.kill, given.kills)
        experiment.series("commands killed", experiment.kill_command, given.commands)
        print(*experiment.report(), sep="\n", flush=True)
    sys.exit(bool(experiment.bad))


if __name__ == "__main__":
    main()
