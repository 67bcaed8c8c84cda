"""Measures how well and how fast copies are found, on generated articles: python -m bench.copies --articles 1000."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.reprints import generate
from tasks.copies.clusters import QUOTES as DESCRIBED
from tasks.copies.stories import find_stories
from tasks.copies.utterances import find_utterances

BATCH = 2_000
ARTICLES = pa.schema(
    [("article_id", pa.string()), ("published_at", pa.timestamp("us", "UTC")), ("published_on", pa.date32())]
    + [(name, pa.string()) for name in ("publisher", "title", "text", "content_sha256", "language", "truth")]
)
QUOTES = pa.schema(
    [("quote_id", pa.string()), ("article_id", pa.string()), ("published_on", pa.date32())]
    + [(name, pa.string()) for name in ("publisher", "kind", "content")]
    + [("verbatim", pa.list_(pa.string())), ("is_negated", pa.bool_()), ("confidence", pa.float32())]
    + [(name, pa.string()) for name in ("speaker", "speaker_id", "language", "truth")]
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000])
    parser.add_argument("--changes", type=int, default=3, help="most changes that a reprint has at once")
    parser.add_argument("--filled", type=float, default=0.12, help="share of the stories that fill a template")
    parser.add_argument("--names", type=int, default=5_000, help="names that all articles draw from")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)  # in a process of its own, for its memory
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure)))
        return
    for n in given.articles:
        with tempfile.TemporaryDirectory() as folder:
            write(generate(n, given.seed, given.changes, given.filled, given.names), Path(folder))
            command = [sys.executable, "-m", "bench.copies", "--measure", folder]
            found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        print(f"{n:>8,} articles, {found.pop('n_quotes'):,} quotes, reprints with up to {given.changes} changes")
        for name, value in found.items():
            print(f"          {name}: {value}")


def write(articles_with_quotes: Iterator[tuple[dict[str, Any], list[dict[str, Any]]]], folder: Path) -> None:
    with (
        pq.ParquetWriter(folder / "articles.parquet", ARTICLES) as articles,
        pq.ParquetWriter(folder / "quotes.parquet", QUOTES) as quotes,
    ):
        while waiting := list(islice(articles_with_quotes, BATCH)):
            articles.write_table(pa.Table.from_pylist([article for article, _ in waiting], ARTICLES))
            quotes.write_table(pa.Table.from_pylist([q for _, found in waiting for q in found], QUOTES))


def measure(folder: Path) -> dict[str, Any]:
    articles, quotes = (pq.ParquetFile(folder / f"{name}.parquet") for name in ("articles", "quotes"))
    before = clock()
    stories = find_stories(articles.iter_batches(BATCH))
    between = clock()
    mapping, clusters = find_utterances(quotes.iter_batches(10 * BATCH), stories, partial(by_id, quotes))
    after = clock()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    story = dict(zip(*stories.select(["article_id", "story_id"]).to_pydict().values(), strict=True))
    cluster = dict(zip(*mapping.to_pydict().values(), strict=True))
    told = articles.read(["article_id", "truth"]).to_pydict()
    said = {"quote_id": [], "truth": []}
    for row in quotes.read(["quote_id", "truth", "content"]).to_pylist():
        if len(row["content"].split()) >= 5:  # shorter ones are nobody's own words
            said["quote_id"].append(row["quote_id"])
            said["truth"].append(row["truth"])
    return {
        "n_quotes": quotes.metadata.num_rows,
        "stories": f"{spent(before, between)}, {agreement(told['article_id'], told['truth'], story)}",
        "utterances": f"{spent(between, after)}, {agreement(said['quote_id'], said['truth'], cluster)}",
        "found": f"{len(stories):,} articles with copies; {len(mapping):,} quotes in {len(clusters):,} clusters",
        "peak memory": f"{peak:.2f} GB",
    }


def by_id(quotes: pq.ParquetFile, ids: pa.Array) -> pa.Table:
    batches = (pa.Table.from_batches([batch]) for batch in quotes.iter_batches(10 * BATCH, columns=DESCRIBED.names))
    return pa.concat_tables(batch.filter(pc.is_in(batch["quote_id"], ids)) for batch in batches)


def clock() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def spent(start: tuple[float, float], end: tuple[float, float]) -> str:
    return f"{end[0] - start[0]:.1f} s ({end[1] - start[1]:.1f} s of one core)"


def agreement(ids: list[str], truth: list[str], found: dict[str, str]) -> str:
    """Precision and recall over the pairs of rows that belong together."""
    groups = [found.get(i, i) for i in ids]
    both, wanted, given = (pairs(Counter(labels)) for labels in (zip(groups, truth, strict=True), truth, groups))
    return f"precision {both / max(given, 1):.4f}, recall {both / max(wanted, 1):.4f} of {wanted:,} pairs"


def pairs(counts: Counter[Any]) -> int:
    return sum(n * (n - 1) // 2 for n in counts.values())


if __name__ == "__main__":
    main()
