"""Measures how whole runs grow with the number of articles: python -m bench.scale --articles 1000 10000 50000.

Every run is a command of its own on fresh dumps (bench/archive.py) into a fresh lake. A measurement that is in the
results file already is not made again, so an interrupted series goes on where it was. Growth is judged by the seconds
of processor of all processes, which other programs disturb less than the time on the clock, after those of a run on a
single article have been taken off.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.archive import write_dumps
from bench.pipeline import tree, tree_memory

Result = dict[str, Any]
SERIES = ("extractor", "workers")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000, 10_000, 50_000])
    parser.add_argument("--extractor", default="rules")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--results", type=Path, default=Path(__file__).with_name("scale.jsonl"))
    parser.add_argument("--scratch", type=Path, help="folder for dumps and lakes, which are kept; else a temporary one")
    parser.add_argument("--draw", type=Path, help="draw the curves of all results into this SVG file")
    given = parser.parse_args()
    for n in sorted({1, *given.articles}):
        wanted = {"articles": n, "extractor": given.extractor, "workers": given.workers}
        if not any(wanted.items() <= result.items() for result in load(given.results)):
            result = wanted | measure(n, given.extractor, given.workers, given.scratch)
            with given.results.open("a", encoding="utf-8") as file:
                file.write(json.dumps(result) + "\n")
        found = load(given.results)
        show(next(result for result in found if wanted.items() <= result.items()))
    judge([r for r in load(given.results) if (r["extractor"], r["workers"]) == (given.extractor, given.workers)])
    if given.draw:
        draw(load(given.results), given.draw)


def load(path: Path) -> list[Result]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def measure(n: int, extractor: str, workers: int, scratch: Path | None) -> Result:
    """Times a run on n articles; seconds, and megabytes of memory or disk."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = (scratch or Path(temporary)) / f"{extractor}-{n}"
        raw, lake = folder / "raw", folder / "lake"
        if not raw.exists():
            for done in write_dumps(raw, n):
                progress(f"writing dumps: {done:,} of {n:,}")
        command = [sys.executable, "-m", "flows", "run", str(raw), "--lake", str(lake), "--json", "--full"]
        command += ["--extractor", extractor, "--workers", str(workers)]
        started, cpu = time.perf_counter(), {}
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(command, stdout=output)
            peak = 0
            while process.poll() is None:
                peak = max(peak, tree_memory(process.pid))
                cpu |= cpu_of(tree(process.pid))
                progress(f"{n:,} articles: {time.perf_counter() - started:,.0f} s, peak memory {peak / 1e6:,.0f} MB")
                time.sleep(0.2)
            output.seek(0)
            if process.returncode:
                raise SystemExit(f"the run on {n:,} articles ended with exit code {process.returncode}")
            summary = json.load(output)
        return {
            "written": summary["counts"]["n_written"],
            "quotes": summary["counts"]["n_quotes"],
            "mentions": summary["counts"]["n_mentions"],
            "seconds": round(time.perf_counter() - started, 1),
            "cpu_seconds": round(sum(cpu.values()), 1),
            "peak_mb": round(peak / 1e6),
            "raw_mb": round(size_of(raw) / 1e6, 1),
            "lake_mb": round(size_of(lake) / 1e6, 1),
            "stages": summary["timing"]["stages"],
        }


def cpu_of(pids: Iterable[int]) -> dict[int, float]:
    """Seconds of processor that each process has used so far.

    Those of a run that nobody waits for, such as its workers', are in no sum that the system keeps.
    """
    found = {}
    for pid in pids:
        with suppress(OSError):
            user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
            found[pid] = (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return found


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def show(result: Result) -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    stages = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in result["stages"].items())
    print(
        f"{result['articles']:>9,} articles ({result['extractor']}): {result['seconds']:,.1f} s,"
        f" {result['cpu_seconds']:,.1f} s of processor, peak memory {result['peak_mb']:,} MB,"
        f" lake {result['lake_mb']:,} MB of {result['raw_mb']:,} MB\n          seconds: {stages}",
        flush=True,
    )


def judge(series: list[Result]) -> None:
    """Prints how cost an article, and memory, compare with those of the smallest run."""
    start_up = next(r["cpu_seconds"] for r in series if r["articles"] == 1)
    first, *others = sorted((r for r in series if r["articles"] > 1), key=lambda r: r["articles"])
    cost = {r["articles"]: (r["cpu_seconds"] - start_up) / r["articles"] for r in (first, *others)}
    for result in others:
        n, base = result["articles"], first["articles"]
        ratio = cost[n] / cost[base]
        exponent = 1 + math.log(ratio) / math.log(n / base)
        print(
            f"{base:,} to {n:,} articles: {ratio:.2f} of linear (exponent {exponent:.3f}, {1e3 * cost[n]:.2f} ms of"
            f" processor an article), peak memory {result['peak_mb'] / first['peak_mb']:.2f} of flat"
        )


def draw(results: list[Result], path: Path) -> None:
    """Draws processor time an article and peak memory over the number of articles."""
    import altair as alt
    import vl_convert

    values = []
    for result in results:
        start_up = next(
            (r["cpu_seconds"] for r in results if r["articles"] == 1 and all(r[k] == result[k] for k in SERIES)), 0
        )
        if result["articles"] > 1:
            milliseconds = 1e3 * (result["cpu_seconds"] - start_up) / result["articles"]
            values.append({**{k: result[k] for k in ("articles", "extractor", "peak_mb")}, "ms": milliseconds})
    axis = alt.Axis(values=sorted({value["articles"] for value in values}), format=",")
    base = (
        alt.Chart(alt.Data(values=values))
        .mark_line(point=True)
        .encode(
            x=alt.X("articles:Q", scale=alt.Scale(type="log"), axis=axis, title="articles in the run"),
            color="extractor:N",
        )
    )
    charts = [
        base.encode(y=alt.Y(f"{field}:Q", title=title, scale=alt.Scale(type=kind))).properties(width=320, height=240)
        for field, title, kind in (
            ("ms", "milliseconds of processor an article", "log"),
            ("peak_mb", "peak memory of all processes, MB", "linear"),
        )
    ]
    path.write_text(vl_convert.vegalite_to_svg((charts[0] | charts[1]).to_json()), encoding="utf-8")


if __name__ == "__main__":
    main()
