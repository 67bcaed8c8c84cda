"""Times the identity of entities on generated names: python bench/identity.py --names 10000 100000 1000000."""

from __future__ import annotations

import argparse
import itertools
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta

import pyarrow as pa

from tasks.extract.gazetteer import GIVEN_NAMES, PLACES
from tasks.identity.appearances import APPEARANCES
from tasks.identity.resolve import resolve

TITLES = ["Mr. ", "Mrs. ", "Sen. ", "Dr. ", "President ", "Prime Minister ", "Rep. "]
KINDS = ["Party", "Council", "University", "Bank", "Institute", "Foundation", "Ministry", "Authority", "Association"]
FIELDS = ["National", "Health", "Trade", "Energy", "Labour", "Harbour", "Justice", "Housing", "Transport", "Science"]
LEGAL = ["", "", " Inc.", " Ltd.", " PLC", " GmbH", " Corp."]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        measure(given.one)
        return
    for n in given.names:  # a process each, so that each has a peak of its own
        subprocess.run([sys.executable, __file__, "--one", str(n)], check=True)


def measure(n: int) -> None:
    table = pa.Table.from_batches(batches(n), APPEARANCES)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, cpu = time.perf_counter(), time.process_time()
    identity = resolve(table)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    distinct = identity.names.num_rows
    print(
        json.dumps(
            {
                "appearances": table.num_rows,
                "distinct_names": distinct,
                "entities": identity.entities.num_rows,
                "seconds": round(seconds, 1),
                "cpu_seconds": round(cpu, 1),
                "cpu_microseconds_a_name": round(1e6 * cpu / distinct),
                "mb_of_appearances": round(before / 1e3),
                "mb_more_at_peak": round((peak - before) / 1e3),
            }
        ),
        flush=True,
    )


def batches(n: int) -> Iterator[pa.RecordBatch]:
    """Appearances, about two a name and 25 an article, until there are n distinct names."""
    rng = random.Random(7)
    seen: set[tuple[str, str]] = set()
    names = generated(rng, n)
    for number in itertools.count():
        if len(seen) >= n:
            return
        rows = []
        for article in range(number * 400, number * 400 + 400):
            in_article = {next(names) for _ in range(25)}
            seen |= in_article
            rows += [appearance(rng, article, label, name) for label, name in sorted(in_article)]
        yield pa.RecordBatch.from_pylist(rows, APPEARANCES)


def generated(rng: random.Random, n: int) -> Iterator[tuple[str, str]]:
    """Names without end, some often and most seldom, as in the news; half of them people."""
    surnames = [surname(rng) for _ in range(max(200, n // 8))]
    weights = list(itertools.accumulate(1 / (k + 20) for k in range(len(surnames))))
    firsts = sorted(GIVEN_NAMES)
    places = sorted(PLACES)
    recent: list[tuple[str, str]] = []
    while True:
        if recent and rng.random() < 0.5:
            yield rng.choice(recent)
            continue
        last = rng.choices(surnames, cum_weights=weights)[0]
        kind = rng.random()
        if kind < 0.5:
            first = rng.choice(firsts)
            middle = rng.choice(["", "", "", f" {rng.choice('ABCDEFGHJKLMRSTW')}.", f" {rng.choice(firsts)}"])
            style = rng.random()
            name = f"{first}{middle} {last}"
            if style < 0.1:
                name = rng.choice(TITLES) + name
            elif style < 0.15:
                name = f"{first[0]}. {last}"
            elif style < 0.2:
                name = last
            elif style < 0.23:
                name = f"{name} {rng.choice(['Jr.', 'Sr.', 'III'])}"
            item = ("PER", name)
        elif kind < 0.85:
            place = rng.choice([last, last, rng.choice(places)])
            words = f"{place} {rng.choice(FIELDS)} {rng.choice(KINDS)}"
            style = rng.random()
            if style < 0.15:
                words = "".join(w[0] for w in words.split())
            elif style < 0.5:
                words = f"{last}{rng.choice(LEGAL)}"
            item = ("ORG", words)
        else:
            item = ("LOC", f"{rng.choice(['', 'San ', 'St. ', 'New ', 'Lake '])}{last}".strip())
        recent.append(item)
        if len(recent) > 200_000:
            recent = recent[100_000:]
        yield item


def surname(rng: random.Random) -> str:
    syllables = ["ka", "lo", "mer", "tan", "vik", "sen", "ro", "dal", "wex", "pen", "hol", "mi", "gar", "ev", "os"]
    stem = "".join(rng.choices(syllables, k=rng.choice([2, 3, 3, 4])))
    return stem.capitalize() + rng.choice(["", "", "ov", "sky", "s"])


def appearance(rng: random.Random, article: int, label: str, name: str) -> dict[str, object]:
    words = name.split()
    return {
        "article_id": f"{article:032x}",
        "label": label,
        "name": name,
        "published_on": date(2015, 1, 1) + timedelta(days=article % 3000),
        "publisher": f"p{article % 40}.example",
        "n_mentions": rng.randint(1, 6),
        "n_quotes": rng.choice([0, 0, 0, 1, 2]),
        "roles": rng.choice([[], [], [], ["mayor"], ["spokeswoman"], ["chief executive"]]),
        "affiliations": [],
        "forms": [words[-1]] if label == "PER" and len(words) > 1 and rng.random() < 0.6 else [],
    }


if __name__ == "__main__":
    main()
