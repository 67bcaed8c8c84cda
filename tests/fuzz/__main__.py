"""Fuzzes the readers for as long as you like: `nice python -m tests.fuzz --minutes 10 --format csv`.

A file that breaks a promise is kept in tests/fuzz/finds, from where the suite reads it from then on.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tasks.readers.formats import FORMATS
from tasks.timelimit import TimeLimit, limited, watching
from tests.fuzz.check import FINDS, check, seeds
from tests.fuzz.mutate import mutate

SECONDS = 20.0  # that one small file may take, the first loading of the models included


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="of processor time, for each format")
    parser.add_argument("--format", choices=FORMATS, nargs="*", default=list(FORMATS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--corpus", type=Path, nargs="*", default=[], help="more files to damage")
    given = parser.parse_args()
    for format_ in given.format:
        n, n_found = fuzz(format_, given.minutes, given.seed, given.corpus)
        print(f"{format_}: {n:,} files, {n_found} finds", flush=True)


def fuzz(format_: str, minutes: float, seed: int, corpus: list[Path]) -> tuple[int, int]:
    """The number of files tried, and of those that broke a promise (10 at most)."""
    files = [(path.name, path.read_bytes()) for path in [*seeds(format_), *corpus]]
    ends, found, n = time.process_time() + 60 * minutes, set(), 0
    with tempfile.TemporaryDirectory() as folder, watching(SECONDS):
        while time.process_time() < ends and len(found) < 10:
            seed, n = seed + 1, n + 1
            name, data = files[seed % len(files)]
            path = Path(folder) / name
            path.write_bytes(mutate(data, seed, files[seed * 7 % len(files)][1]))
            try:
                with limited(name, 1, "read"):
                    check(path)
            except (Exception, TimeLimit) as error:
                kind = f"{type(error).__name__}: {error}"[:200]
                if kind not in found:
                    FINDS.mkdir(exist_ok=True)
                    (FINDS / f"{format_}-{seed}{path.suffix}").write_bytes(path.read_bytes())
                    print(f"  {format_} {seed}: {kind}", flush=True)
                found.add(kind)
    return n, len(found)


if __name__ == "__main__":
    main()
