"""Times the reading of web pages beside bare trafilatura on the same pages: python bench/pages.py --corpus DIR.

Without a corpus the invented pages of the tests are read, which are small: a corpus of real pages tells more.
"""

from __future__ import annotations

import argparse
import gzip
import logging
import time
from collections.abc import Callable
from pathlib import Path

from trafilatura import bare_extraction

from tasks.readers.html import page_fields

GOLDEN = Path(__file__).parents[1] / "tests" / "tasks" / "readers" / "golden" / "html"
READERS: dict[str, Callable[[bytes], object]] = {
    "onrecord": lambda page: page_fields(page, content_type=None, url=None),
    "trafilatura": bare_extraction,
    "trafilatura with metadata": lambda page: bare_extraction(page, with_metadata=True),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=GOLDEN, help="folder of pages, plain or gzip")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    pages = load(given.corpus)
    n_bytes = sum(map(len, pages))
    print(f"{len(pages)} pages, {n_bytes / 1e6:.1f} MB")
    for name, seconds in measure(pages, given.rounds).items():
        print(f"{name:26}{len(pages) / seconds:8.1f} pages/s{n_bytes / 1e6 / seconds:8.1f} MB/s")


def load(corpus: Path) -> list[bytes]:
    """The bytes of all pages in a folder."""
    pages = []
    for path in sorted(p for p in corpus.rglob("*") if p.name.endswith((".html", ".htm", ".html.gz", ".htm.gz"))):
        data = path.read_bytes()
        pages.append(gzip.decompress(data) if path.suffix == ".gz" else data)
    return pages


def measure(pages: list[bytes], rounds: int = 3) -> dict[str, float]:
    """Processor seconds that each reader takes for all pages: the best of some rounds, in which they take turns."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    for read in READERS.values():  # what is loaded on the first page does not count
        read(pages[0])
    best = dict.fromkeys(READERS, float("inf"))
    for _ in range(rounds):
        for name, read in READERS.items():
            start = time.process_time()
            for page in pages:
                read(page)
            best[name] = min(best[name], time.process_time() - start)
    return best


if __name__ == "__main__":
    main()
