"""Times the explorer's pages over a lake: python -m bench.explorer LAKE --rounds 9.

Prints the median and the slowest milliseconds of each page by the clock, and the median of the processor time of all
cores together, which depends less on what else the machine does. Pages are asked for one after the other through the
whole app but the network, with nothing cached of an earlier request. The first line says how long the catalog took to
open, or to build (`--fresh`). `python -m bench.lake` makes a lake of a million quotes. What a page asks for is drawn
from the lake: the person quoted most, one quoted seldom, a frequent word, a rare one.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from starlette.testclient import TestClient

from flows.explore.app import create_app
from flows.explore.charts import warm_up
from tasks.explore.reader import Reader, Reading
from tasks.lake import Lake


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lake", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--fresh", action="store_true", help="build the catalog anew")
    given = parser.parse_args()
    lake = Lake(given.lake.absolute())
    if given.fresh:
        lake.catalog.unlink(missing_ok=True)
    app = create_app(lake, "token")
    client = TestClient(app, base_url="http://127.0.0.1")
    reader: Reader = app.state.site.reader
    started, worked = time.perf_counter(), time.process_time()
    with reader.reading(600) as reading:
        print(f"catalog: {time.perf_counter() - started:.1f} s, {time.process_time() - worked:.1f} s of processor time")
        pages = list(addresses(reading))
        print(f"{reading.rows('SELECT count(*) AS n FROM lookup.quote')[0]['n']:,} quotes, {os.cpu_count()} cores")
    client.get("/?token=token")
    warm_up()
    print("| page | median ms | slowest ms | processor ms |\n|---|---|---|---|")
    for name, address in pages:
        times, work = [], []
        for _ in range(given.rounds):
            with reader.reading() as reading:
                reading.snapshot.forget()
            started, worked = time.perf_counter(), time.process_time()
            answer = client.get(address)
            times.append(1000 * (time.perf_counter() - started))
            work.append(1000 * (time.process_time() - worked))
            if answer.status_code != 200:
                raise SystemExit(f"{address}: {answer.status_code}")
        print(
            f"| {name} | {statistics.median(times):.0f} | {max(times):.0f} | {statistics.median(work):.0f} |",
            flush=True,
        )
    reader.close()


def addresses(reading: Reading) -> Iterator[tuple[str, str]]:
    """The pages by name, with things that the lake has."""

    def one(query: str) -> str:
        return str(next(iter(reading.rows(query)[0].values())))

    people = "FROM lookup.entity SELECT lookup.key(entity) WHERE label = 'PER' ORDER BY n_quotes DESC, entity LIMIT 1"
    often, seldom = one(people), one(f"{people} OFFSET (SELECT count(*) // 20 FROM lookup.entity)")
    name = one(f"SELECT name FROM entities WHERE entity_id = '{often}'")
    article = one("FROM quotes SELECT article_id GROUP BY ALL ORDER BY count(*) DESC, article_id LIMIT 1")
    quote = one(f"FROM quotes SELECT quote_id WHERE article_id = '{article}' ORDER BY content_spans LIMIT 1")
    words = "FROM (SELECT unnest(string_split(plain(content), ' ')) AS w FROM lookup.quotes WHERE n % 50 = 0) SELECT w \
        WHERE length(w) > 5 GROUP BY w ORDER BY count(*)"
    rare, frequent = one(f"{words}, w LIMIT 1"), one(f"{words} DESC, w LIMIT 1")
    cluster = one("FROM quote_clusters SELECT quote_cluster_id ORDER BY n_quotes DESC, quote_cluster_id LIMIT 1")
    since = re.sub(r"-\d\d$", "-01", one("SELECT min(published_on)::VARCHAR FROM quotes"))
    yield "front page", "/"
    yield "page 40 of all", "/?page=40"
    yield "the surest of all", "/?sort=surest"
    yield "with copies", "/?copies=1"
    yield "a frequent word", f"/?q={frequent}"
    yield "a rare word", f"/?q={rare}"
    yield "two words", f"/?q={frequent}+{rare[:3]}"
    yield "no hit", "/?q=zzzzzz"
    yield "said by a name", f"/?speaker={name.split()[-1]}"
    yield "said by the most quoted", f"/?speaker={often}"
    yield "said by somebody quoted seldom", f"/?speaker={seldom}"
    yield "naming the most quoted", f"/?about={often}"
    yield "kind, confidence and days", f"/?kind=indirect&confidence=0.7&since={since}&sort=oldest"
    yield "article", f"/article/{article}"
    yield "article with a quote explained", f"/article/{article}?quote={quote}"
    yield "names", "/names"
    yield "names with a word", f"/names?q={name.split()[-1]}"
    yield "the most quoted person", f"/name/{often}"
    yield "a person quoted seldom", f"/name/{seldom}"
    yield "same words, the list", "/words"
    yield "the same words", f"/words/{cluster}"
    yield "health", "/health"
    yield "refused records", "/health/refused"
    yield "chart of quotes over time", f"/chart/name/{often}.svg"


if __name__ == "__main__":
    main()
