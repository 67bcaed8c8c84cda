"""Checks on real processes that a cluster and a bucket give the same bytes as one machine: python -m tests.machines.

The same generated articles are run by one local process; by two Dask workers on loopback; once more for every worker to
be killed in the middle of a batch; into a bucket of a server on loopback; into that bucket while the run is killed at
each stage of its commit and run again; and into it by two Dask workers. Ends with exit code 1 where any file of any table differs.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.archive import write_dumps
from tasks import lease
from tasks.objects import Objects
from tasks.remote import reading_copy
from tests.machines.bucket import ADDRESS, bucket_server
from tests.machines.cluster import Loopback, loopback
from tests.machines.lakes import compare, contents

ONRECORD = [sys.executable, "-m", "flows"]
# When to kill a run that writes to a bucket, by a key that has to be there, and whether the lake's files are already.
MOMENTS = {
    "it has the lock": ".onrecord/lock",
    "it uploads": ".onrecord/uploads/",
    "it has committed": ".onrecord/commits/",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--extractor", default="rules")
    parser.add_argument("--kills", type=int, default=2, help="runs in which a worker of the cluster is killed")
    parser.add_argument("--only", choices=["dask", "s3"])
    given = parser.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1782879300")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        list(write_dumps(folder / "raw", given.articles))

        def run(lake: Path | str, *options: str) -> subprocess.Popen[bytes]:
            command = [*ONRECORD, "run", str(folder / "raw"), "--lake", str(lake), "--extractor", given.extractor]
            return subprocess.Popen([*command, "--json", *options], stdout=subprocess.DEVNULL, start_new_session=True)

        finish("one local process", run(folder / "local", "--workers", "1"))
        expected = contents(folder / "local")
        differing = 0
        if given.only != "s3":
            differing += sum(on_cluster(folder, run, expected, n_chunks) for n_chunks in range(given.kills + 1))
        if given.only != "dask":
            differing += in_bucket(folder, run, expected)
        print(f"{differing} files differ" if differing else "all the same")
        return min(differing, 1)


def finish(name: str, process: subprocess.Popen[bytes]) -> None:
    started = time.perf_counter()
    if process.wait():
        raise SystemExit(f"{name}: exit code {process.returncode}")
    print(f"{name}: {time.perf_counter() - started:.1f} s", flush=True)


def on_cluster(
    folder: Path, run: Callable[..., subprocess.Popen[bytes]], expected: dict[str, str], n_chunks: int
) -> int:
    """Runs on two workers, one of which is killed after so many chunks of a batch (0: none is)."""
    lake = folder / f"dask-{n_chunks}"
    with loopback(folder / "dask") as cluster:
        process = run(lake, "--runner", "dask", "--dask-address", cluster.address)
        if n_chunks:
            pid = kill_in_the_middle(cluster, lake, n_chunks)
            print(f"killed worker {pid} after {n_chunks} chunks", flush=True)
        finish(f"two Dask workers{', one killed' if n_chunks else ''}", process)
    return compare(expected, contents(lake))


def kill_in_the_middle(cluster: Loopback, lake: Path, n_chunks: int) -> int:
    """Kills a worker once its batch has staged some chunks."""

    def staged() -> bool:
        attempts = (lake / ".onrecord" / "unfinished").glob("*/attempt-*")
        return any(len(list(attempt.glob("*/articles.parquet"))) >= n_chunks for attempt in attempts)

    cluster.wait_until(staged, 600)
    return cluster.kill_busy_worker()


def in_bucket(folder: Path, run: Callable[..., subprocess.Popen[bytes]], expected: dict[str, str]) -> int:
    """Runs into a bucket, undisturbed and with a kill at each of the MOMENTS before it is run again."""
    differing = 0
    os.environ["ONRECORD_LOCK_WAIT_SECONDS"] = str(3 * lease.LEASE_SECONDS)
    with bucket_server(folder) as objects:
        for moment in (None, *MOMENTS):
            empty(objects)
            if moment:
                process = run(ADDRESS)
                wait_for(objects, MOMENTS[moment], process)
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                print(f"killed the run when {moment}", flush=True)
            finish("a lake in a bucket", run(ADDRESS))
            differing += compare_bucket(folder, objects, expected)
        empty(objects)
        with loopback(folder / "dask") as cluster:
            options = "--runner", "dask", "--dask-address", cluster.address
            finish("a lake in a bucket, two Dask workers", run(ADDRESS, *options))
        differing += compare_bucket(folder, objects, expected)
    return differing


def empty(objects: Objects) -> None:
    for key in objects.list():
        objects.delete(key)


def compare_bucket(folder: Path, objects: Objects, expected: dict[str, str]) -> int:
    left = [key for key in objects.list() if key.startswith(".onrecord/") and "/commits/" not in key]
    if left:
        raise SystemExit(f"the bucket still holds {left}")
    return compare(expected, contents(reading_copy(objects, folder / "reader").root))


def wait_for(objects: Objects, prefix: str, process: subprocess.Popen[bytes]) -> None:
    while not objects.list(prefix):
        if process.poll() is not None:
            raise SystemExit("the run ended before it could be killed")


if __name__ == "__main__":
    sys.exit(main())
