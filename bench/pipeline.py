"""Times whole runs of the pipeline on generated text dumps: python bench/pipeline.py --articles 1000 10000."""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tasks.readers import ReadOptions, read_file
from tasks.records import RawFile, RawRecord

SAMPLE = Path(__file__).parents[1] / "data" / "raw" / "sample" / "text"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000])
    parser.add_argument("--corpus", type=Path, default=SAMPLE, help="folder of text dumps to make articles from")
    parser.add_argument("--words", type=int, default=750, help="least words an article")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    given = parser.parse_args()
    material = load(given.corpus)
    print(f"{len(material)} source articles, {given.workers} workers, {os.cpu_count()} cores")
    for n in given.articles:
        with tempfile.TemporaryDirectory() as folder:
            n_words = write_dumps(material, n, given.words, Path(folder) / "raw")
            measure(n, n_words, Path(folder), given.workers)


def load(corpus: Path) -> list[list[str]]:
    """The paragraphs of each dump that can be read."""
    found = []
    for path in sorted(corpus.rglob("*.txt")):
        for record in read_file(RawFile(path, path.name), ReadOptions()):
            if isinstance(record, RawRecord) and record.fields.get("text"):
                text = record.fields["text"]
                found.append(text if isinstance(text, list) else text.split("\n\n"))
    return found


def write_dumps(material: list[list[str]], n: int, least: int, folder: Path) -> int:
    """Writes n dumps of whole articles, joined until each has ``least`` words; returns the number of words."""
    random.seed(7)
    total = 0
    folder.mkdir()
    for i in range(n):
        paragraphs: list[str] = []
        while sum(len(p.split()) for p in paragraphs) < least:
            paragraphs += random.choice(material)
        total += sum(len(p.split()) for p in paragraphs)
        day = f"2026-{i % 12 + 1:02d}-{i % 28 + 1:02d}"
        url = f"https://bench{i % 7}.example/{day}/{i}"
        body = "\n\n".join(paragraphs)
        dump = f"\n\nStory Number {i}\n\n{day}\n\n\n\n{body}\n\nOriginal url:\n\n<{url}>"
        (folder / f"{i:06d}.txt").write_text(dump, "utf-8")
    return total


def measure(n: int, n_words: int, folder: Path, workers: int) -> None:
    """Runs the command as a user would, watching its memory and that of its children."""
    command = [sys.executable, "-m", "flows", "run", str(folder / "raw"), "--lake", str(folder / "lake"), "--json"]
    started = time.perf_counter()
    process = subprocess.Popen([*command, "--workers", str(workers)], stdout=subprocess.PIPE)
    peak = 0
    with tempfile.TemporaryFile() as output:
        assert process.stdout is not None
        while process.poll() is None:
            peak = max(peak, tree_memory(process.pid))
            time.sleep(0.1)
        output.write(process.stdout.read())
        output.seek(0)
        summary = json.load(output)
    seconds = time.perf_counter() - started
    work = summary["timing"]["seconds"]
    print(
        f"{n:>8,} articles, {n_words:,} words: {seconds:.1f} s in all, {work:.1f} s after start-up"
        f" = {n / work:.0f} articles/s, {n_words / work:,.0f} words/s; peak memory {peak / 1e6:.0f} MB"
    )
    stages = summary["timing"]["stages"]
    print("          " + ", ".join(f"{stage} {s:.1f} s" for stage, s in stages.items()))


def tree(pid: int) -> Iterator[int]:
    """A process and its descendants."""
    waiting = [pid]
    while waiting:
        yield (current := waiting.pop())
        with suppress(OSError):  # it has ended
            for task in Path(f"/proc/{current}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())


def tree_memory(pid: int) -> int:
    """Bytes of memory of a process and its descendants; pages that processes share are counted once (Pss)."""
    total = 0
    for current in tree(pid):
        with suppress(OSError):
            rollup = Path(f"/proc/{current}/smaps_rollup").read_text()
            total += 1024 * int(rollup.partition("Pss:")[2].split()[0])
    return total


if __name__ == "__main__":
    main()
