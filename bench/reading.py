"""Times each reader beside the bare library in the same run: `python -m bench.reading --articles 5000`.

Articles are written in every format that the writers know (below, and bench/documents.py); with `--corpus PATH …` files
of your own are read in whatever format they have. A line says what the reader does (decode, part into records, name the
fields, keep a digest of each record) and what the library alone does (hand over the same rows), both in megabytes of
the file and in articles for each second that a processor worked on it.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

from bench.documents import DOCUMENTS, Article, Format
from bench.pipeline import SAMPLE, load
from tasks.readers import ReadOptions, read_file
from tasks.records import RawFile, RawRecord

OPTIONS = ReadOptions()
SLOW = ("html", "warc")
NAMES = ("title", "date", "url", "author", "text")


def articles(corpus: Path, n: int) -> list[Article]:
    """n articles of about 600 words, from the paragraphs of a folder of text dumps."""
    chosen = random.Random(7)
    material = load(corpus)
    made = []
    for i in range(n):
        paragraphs: list[str] = []
        while sum(map(len, paragraphs)) < 3_600:
            paragraphs += chosen.choice(material)
        values = (f"Story Number {i}", f"2026-05-{i % 28 + 1:02d}", f"https://bench.example/{i}", "Ann Lee")
        made.append(dict(zip(NAMES, (*values, "\n\n".join(paragraphs)), strict=True)))
    return made


def write_text(made: list[Article], path: Path) -> None:
    article = made[0]
    header = f"{article['title']}\n\n{article['date']}\n\nBy {article['author']}\n\n"
    path.write_text(f"{header}{article['text']}\n\nOriginal url:\n\n<{article['url']}>\n", "utf-8")


def write_csv(made: list[Article], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, NAMES)
        writer.writeheader()
        writer.writerows(made)


def write_sqlite(made: list[Article], path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE articles ({', '.join(NAMES)})")
        connection.executemany("INSERT INTO articles VALUES (:title, :date, :url, :author, :text)", made)
    connection.close()


def bare_jsonl(path: Path) -> Iterator[Any]:
    with path.open("rb") as source:
        yield from map(json.loads, source)


def bare_csv(path: Path) -> Iterator[Any]:
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8", newline="") as source:
        yield from csv.DictReader(source)


def bare_sqlite(path: Path) -> Iterator[Any]:
    with sqlite3.connect(path) as connection:
        yield from connection.execute("SELECT * FROM articles")
    connection.close()


def bare_batches(batches: Any) -> Iterator[Any]:
    for batch in batches:
        yield from batch.to_pylist()


FORMATS: dict[str, Format] = {
    "text_dump": ("a.txt", write_text, "open", lambda path: iter([path.read_text("utf-8")])),
    "jsonl": (
        "a.jsonl",
        lambda made, path: path.write_text("".join(json.dumps(a) + "\n" for a in made), "utf-8"),
        "json",
        bare_jsonl,
    ),
    "json": (
        "a.json",
        lambda made, path: path.write_text(json.dumps(made), "utf-8"),
        "json",
        lambda path: iter(json.loads(path.read_bytes())),
    ),
    "csv": ("a.csv", write_csv, "csv", bare_csv),
    "parquet": (
        "a.parquet",
        lambda made, path: pq.write_table(pa.Table.from_pylist(made), path),
        "pyarrow",
        lambda path: bare_batches(pq.ParquetFile(path).iter_batches()),
    ),
    "arrow": (
        "a.feather",
        lambda made, path: feather.write_feather(pa.Table.from_pylist(made), path),
        "pyarrow",
        lambda path: bare_batches(feather.read_table(path).to_batches()),
    ),
    "sqlite": ("a.db", write_sqlite, "sqlite3", bare_sqlite),
}


def timed(rows: Callable[[], Iterator[Any]], repeat: int) -> tuple[int, float]:
    """The number of rows, and the processor seconds of the fastest of ``repeat`` passes."""
    best, n = float("inf"), 0
    for _ in range(repeat):
        started = time.process_time()
        n = sum(1 for _ in rows())
        best = min(best, time.process_time() - started)
    return n, best


def measure(name: str, path: Path, library: str, bare: Callable[[Path], Iterator[Any]] | None, repeat: int) -> None:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    size = sum(file.stat().st_size for file in files) / 1e6
    n, seconds = timed(lambda: (row for file in files for row in read_file(RawFile(file, file.name), OPTIONS)), repeat)
    line = f"| {name} | {size:.1f} MB | {n:,} | {size / seconds:.1f} | {n / seconds:,.0f} |"
    if bare:
        _, alone = timed(lambda: bare(path), repeat)
        line += f" {library} | {size / alone:.1f} | {n / alone:,.0f} |"
    print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--pages", type=int, default=100, help="articles to write as web pages, which take far longer")
    parser.add_argument("--material", type=Path, default=SAMPLE, help="folder of text dumps to make articles from")
    parser.add_argument("--repeat", type=int, default=3, help="passes, of which the fastest counts")
    parser.add_argument("--corpus", type=Path, nargs="*", default=[], help="files of your own to read as well")
    given = parser.parse_args()
    print(f"Python {platform.python_version()}, pyarrow {pa.__version__}, fastest of {given.repeat} passes\n")
    print("| format | file | articles | MB/s | articles/s | library alone | MB/s | articles/s |")
    print("|---|---|---|---|---|---|---|---|")
    made = articles(given.material, given.articles)
    with tempfile.TemporaryDirectory() as folder:
        for name, (file_name, write, library, bare) in (FORMATS | DOCUMENTS).items():
            path = Path(folder) / file_name
            write(made[: given.pages] if name in SLOW else made, path)
            measure(name, path, library, bare, given.repeat)
    for path in given.corpus:
        first = next(read_file(RawFile(path, path.name), OPTIONS), None)
        name = first.format if isinstance(first, RawRecord) else "refused"
        measure(name, path, "", None, given.repeat)


if __name__ == "__main__":
    main()
