"""Times every macro beside the same question written plainly: python -m bench.queries LAKE, made by bench.lake.

Each is asked once, and then timed several times over the catalog with two threads, to the last row; what takes seconds
is not repeated for longer than some. The median is shown, by the clock and of processor time, which other work on the
machine changes less.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import duckdb

SECONDS = 3.0  # after which a query is not asked again
NAMED = "speaker_id IN (SELECT entity_id FROM entities, unnest(aliases) a(alias) WHERE alias = '{name}')"
PLAIN_PHRASE = "regexp_replace(lower(strip_accents({column})), '[^\\pL\\pN]+', ' ', 'g') LIKE '%{words}%'"
SHOWN = "published_on, publisher, speaker, content"
NEWEST = "ORDER BY published_on DESC NULLS LAST, article_id LIMIT 20"

# The macro's call, and the same question over the tables alone.
QUESTIONS = [
    ("FROM entities_named('{name}')", "FROM entities WHERE list_contains(aliases, '{name}')"),
    ("FROM quotes_by('{name}')", f"FROM quotes WHERE {NAMED}"),
    (f"SELECT {SHOWN} FROM quotes_by('{{name}}')", f"SELECT {SHOWN} FROM quotes WHERE {NAMED}"),
    (
        f"SELECT {SHOWN} FROM quotes_by('{{famous}}') LIMIT 20",
        f"SELECT {SHOWN} FROM quotes WHERE speaker = '{{famous}}' {NEWEST}",
    ),
    (
        "FROM quotes_by('{famous}') LIMIT 20",
        f"SELECT * FROM quotes WHERE speaker = '{{famous}}' {NEWEST}",
    ),
    (f"SELECT {SHOWN} FROM said_about('{{name}}')", f"SELECT {SHOWN} FROM quotes WHERE contains(content, '{{name}}')"),
    (
        f"SELECT {SHOWN} FROM said_about('{{famous}}') LIMIT 20",
        f"SELECT {SHOWN} FROM quotes WHERE contains(content, '{{famous}}') {NEWEST}",
    ),
    ("FROM mentions_of('{name}')", "FROM mentions WHERE name = '{name}'"),
    (
        "SELECT text, article_id FROM mentions_of('{famous}') LIMIT 20",
        f"SELECT text, article_id FROM mentions WHERE name = '{{famous}}' {NEWEST}",
    ),
    (
        "FROM co_mentions('{name}') LIMIT 20",
        "SELECT name, count(DISTINCT article_id) n FROM mentions WHERE article_id IN (SELECT article_id FROM mentions"
        " WHERE name = '{name}') GROUP BY name ORDER BY n DESC LIMIT 20",
    ),
    (
        "FROM co_mentions('{famous}') LIMIT 20",
        "SELECT name, count(DISTINCT article_id) n FROM mentions WHERE article_id IN (SELECT article_id FROM mentions"
        " WHERE name = '{famous}') GROUP BY name ORDER BY n DESC LIMIT 20",
    ),
    (
        "FROM role_of('{famous}', '2021-06-01')",
        "SELECT speaker_role FROM quotes WHERE speaker = '{famous}' AND published_on <= DATE '2021-06-01'"
        " ORDER BY published_on DESC LIMIT 1",
    ),
    (
        "FROM timeline('{famous}')",
        "SELECT date_trunc('month', published_on), count(*) FROM quotes WHERE speaker = '{famous}' GROUP BY 1",
    ),
    (
        "FROM speakers() LIMIT 20",
        "SELECT speaker, count(*) n, count(DISTINCT article_id), count(DISTINCT publisher) FROM quotes"
        " WHERE speaker IS NOT NULL GROUP BY speaker ORDER BY n DESC LIMIT 20",
    ),
    (
        "FROM speakers(since := '2022-01-01', until := '2022-03-31') LIMIT 20",
        "SELECT speaker, count(*) n, count(DISTINCT article_id), count(DISTINCT publisher) FROM quotes WHERE speaker IS"
        " NOT NULL AND published_on BETWEEN '2022-01-01' AND '2022-03-31' GROUP BY speaker ORDER BY n DESC LIMIT 20",
    ),
    (
        "FROM corroborated(3) LIMIT 20",
        "FROM quote_clusters WHERE n_publishers >= 3 ORDER BY n_publishers DESC LIMIT 20",
    ),
    ("FROM who_said('{spoken}')", "FROM quotes WHERE " + PLAIN_PHRASE.format(column="content", words="{spoken}")),
    ("FROM who_said('new bridge')", "FROM quotes WHERE " + PLAIN_PHRASE.format(column="content", words="new bridge")),
    (
        "FROM first_said('{spoken}')",
        "FROM quotes WHERE "
        + PLAIN_PHRASE.format(column="content", words="{spoken}")
        + " ORDER BY published_on LIMIT 1",
    ),
    (
        "FROM search('{printed}')",
        "SELECT title, published_on FROM articles WHERE "
        + PLAIN_PHRASE.format(column="text", words="{printed}")
        + NEWEST,
    ),
    (
        "FROM search('new bridge', most := 20)",
        "SELECT title, published_on FROM articles WHERE "
        + PLAIN_PHRASE.format(column="text", words="new bridge")
        + NEWEST,
    ),
    (
        "FROM search('bridge', most := 20)",
        "SELECT title, published_on FROM articles WHERE " + PLAIN_PHRASE.format(column="text", words="bridge") + NEWEST,
    ),
    ("FROM article('{article}')", "FROM articles WHERE article_id = '{article}'"),
    ("FROM provenance('{quote}')", "FROM quotes JOIN articles USING (article_id) WHERE quote_id = '{quote}'"),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lake", type=Path)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", default="", help="only macros whose call holds this")
    parser.add_argument("--without-plain", action="store_true")
    given = parser.parse_args()
    config = {"threads": 2, "memory_limit": "2GB"}
    with duckdb.connect(given.lake / "onrecord.duckdb", read_only=True, config=config) as connection:
        values = examples(connection)
        print("| call | rows | ms | processor ms | plainly, ms | processor ms |\n|---|---|---|---|---|---|")
        for call, plainly in QUESTIONS:
            if given.only in call:
                rows, clock, processor = measure(connection, call.format(**values), given.times)
                cells = [f"`{call.format(**values)}`", f"{rows:,}", f"**{clock:.0f}**", f"{processor:.0f}"]
                if not given.without_plain:
                    _, clock, processor = measure(connection, plainly.format(**values), min(given.times, 3))
                    cells += [f"{clock:.0f}", f"{processor:.0f}"]
                print(f"| {' | '.join(cells)} |", flush=True)


def measure(connection: duckdb.DuckDBPyConnection, query: str, times: int) -> tuple[int, float, float]:
    """Rows, and the medians of milliseconds by the clock and of the processor; the first call is not counted."""
    started = time.perf_counter()
    n_rows = len(connection.execute(query).fetchall())
    clocks: list[float] = []
    processors: list[float] = []
    while len(clocks) < times and (not clocks or time.perf_counter() - started < SECONDS):
        clock, processor = time.perf_counter(), time.process_time()
        connection.execute(query).fetchall()
        clocks.append(1000 * (time.perf_counter() - clock))
        processors.append(1000 * (time.process_time() - processor))
    return n_rows, statistics.median(clocks), statistics.median(processors)


def examples(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """A speaker of twenty quotes, the most quoted one, words that are printed a few times, and keys."""

    def one(query: str) -> str:
        return str(connection.execute(query).fetchall()[0][0])

    people = "SELECT name FROM entities WHERE label = 'PER'"
    words = "array_to_string(string_split({}, ' ')[4:6], ' ')"
    return {
        "name": one(f"{people} AND n_quotes = 20 ORDER BY name LIMIT 1"),
        "famous": one(f"{people} ORDER BY n_quotes DESC LIMIT 1"),
        "spoken": one(f"SELECT {words.format('content')} FROM quotes WHERE published_month = '2021-05' LIMIT 1"),
        "printed": one(f"SELECT {words.format('text')} FROM articles WHERE published_month = '2021-05' LIMIT 1"),
        "article": one("SELECT article_id FROM articles WHERE published_month = '2021-05' LIMIT 1"),
        "quote": one("SELECT quote_id FROM quotes WHERE published_month = '2021-05' LIMIT 1"),
    }


if __name__ == "__main__":
    main()
