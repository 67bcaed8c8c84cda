"""An article as it is read: its text cut at everything marked in it, who speaks, and what is known of a quote of it."""

from __future__ import annotations

from bisect import bisect_right
from itertools import groupby
from typing import Any

from tasks.explain import explained
from tasks.explore.marks import Mark, Paragraph, paragraphs
from tasks.explore.reader import Reading

COLOURS = 8  # speakers told apart by colour; a ninth gets the first again
SAME = 12  # other articles with the same words that an explanation lists
PARTS = ("content", "cue", "source")


def place_of(reading: Reading, table: str, key: str) -> dict[str, Any] | None:
    """The row of ``article`` or ``quote`` in the index whose id is, or begins with, ``key`` (hex digits)."""
    query = f"""
        SELECT lookup.key({table}) AS id, lookup.key(article) AS article_id, month FROM lookup.{table}
        WHERE {table} BETWEEN rpad(?, 32, '0')::UUID AND rpad(?, 32, 'f')::UUID LIMIT 2
    """
    return reading.only(query, [key, key])


def read_article(reading: Reading, article_id: str, month: str) -> dict[str, Any]:
    """The article with its quotes, mentions and links as they stand in it; ``month`` is that of the index."""
    order = {"quotes": "is_in_title DESC, content_spans", "mentions": "is_in_title DESC, start", "links": "start"}
    where, values = "published_month = ? AND article_id = ?", [month, article_id]
    (article,) = reading.rows(f"FROM articles WHERE {where}", values)
    children = {table: reading.rows(f"FROM {table} WHERE {where} ORDER BY {by}", values) for table, by in order.items()}
    colours = _colours(children["quotes"])
    quotes = {row["quote_id"]: row | {"colour": colours.get(speaker_key(row), 0)} for row in children["quotes"]}
    mentions = {row["mention_id"]: row for row in children["mentions"]}
    title = paragraphs(article["title"], _marks(children, in_title=True))
    body = paragraphs(article["text"], _marks(children, in_title=False))
    return {
        "article": article,
        "quotes": quotes,
        "mentions": mentions,
        "links": children["links"],
        "title": title,
        "title_notes": together([row for row in quotes.values() if row["is_in_title"]]),
        "body": list(zip(body, _notes(body, quotes), strict=True)),
        "speakers": _speakers(quotes),
        "copies": _copies(reading, article),
    }


def explanation(reading: Reading, found: dict[str, Any], quote_id: str) -> dict[str, Any]:
    """What `tasks.explain` says of a quote of the article, and ``same``: other quotes of the same words."""
    quote = found["quotes"][quote_id]
    mentions = [m for m in found["mentions"].values() if m["name"] == quote["speaker"]]
    same = []
    if quote["quote_cluster_id"]:
        same = reading.rows(
            f"""SELECT lookup.key(quote) AS quote_id, lookup.key(q.article) AS article_id, q.day AS published_on,
                       q.publisher, a.title, q.is_copy FROM lookup.quote q JOIN lookup.article a USING (article)
                WHERE cluster = ?::UUID AND q.article <> ?::UUID ORDER BY q.n LIMIT {SAME}""",
            [quote["quote_cluster_id"], quote["article_id"]],
        )
    decision = None
    if quote["decision_id"]:
        query = "FROM corrections WHERE decision_id = ?"
        decision = reading.one(query, [quote["decision_id"]])
    return explained(quote, found["article"], mentions, decision) | {
        "same": same,
        "quote_cluster_id": quote["quote_cluster_id"],
        "colour": quote["colour"],
        "speaker_id": quote["speaker_id"],
    }


def speaker_key(quote: dict[str, Any]) -> str | None:
    """What tells speakers of one article apart; None for those without a name."""
    key: str | None = quote["speaker_id"] or quote["speaker"]
    return key


def _colours(quotes: list[dict[str, Any]]) -> dict[str | None, int]:
    """A number from 1 to COLOURS for each named speaker, in the order in which they speak."""
    keys = dict.fromkeys(key for row in quotes if (key := speaker_key(row)))
    return {key: number % COLOURS + 1 for number, key in enumerate(keys)}


def _speakers(quotes: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Who speaks, in the order of colours, each with the number of quotes."""
    found: dict[str, dict[str, Any]] = {}
    for row in quotes.values():
        if key := speaker_key(row):
            one = found.setdefault(key, {**_who(row), "n": 0})
            one["n"] += 1
            one["speaker_role"] = one["speaker_role"] or row["speaker_role"]
    return list(found.values())


def _who(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("speaker", "speaker_id", "speaker_role", "colour")}


def _marks(children: dict[str, list[dict[str, Any]]], in_title: bool) -> list[Mark]:
    marks = [
        Mark(span["start"], span["end"], part, row["quote_id"])
        for row in children["quotes"]
        if row["is_in_title"] == in_title
        for part in PARTS
        for span in row[f"{part}_spans"] or ()
    ]
    marks += [
        Mark(row["start"], row["end"], "mention", row["mention_id"])
        for row in children["mentions"]
        if row["is_in_title"] == in_title and row["mention_type"] == "name"
    ]
    return marks


def _notes(body: list[Paragraph], quotes: dict[str, dict[str, Any]]) -> list[list[list[dict[str, Any]]]]:
    """For each paragraph, the quotes that begin in it; those of one speaker that follow each other stand together."""
    starts = [paragraph.start for paragraph in body]
    notes: list[list[dict[str, Any]]] = [[] for _ in body]
    for row in sorted((row for row in quotes.values() if not row["is_in_title"] and body), key=_begin):
        notes[max(bisect_right(starts, _begin(row)) - 1, 0)].append(row)
    return [together(rows) for rows in notes]


def together(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Quotes in groups of one speaker, or of one printed source that stays unnamed."""
    return [list(group) for _, group in groupby(rows, lambda row: speaker_key(row) or (row["source"],))]


def _begin(quote: dict[str, Any]) -> int:
    spans = quote["content_spans"]
    return int(spans[0]["start"]) if spans else 0


def _copies(reading: Reading, article: dict[str, Any]) -> list[dict[str, Any]]:
    """The other articles of the story, the earliest first."""
    return reading.rows(
        """SELECT lookup.key(article) AS article_id, day AS published_on, publisher, title, NOT is_copy AS is_first
           FROM lookup.article WHERE story = ?::UUID AND article <> ?::UUID ORDER BY day NULLS LAST, article""",
        [article["story_id"], article["article_id"]],
    )
