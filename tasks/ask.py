"""The questions that the command line asks of a lake, each one small query over the catalog's views."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from tasks.catalog import ReadOnly, connect_readonly
from tasks.lake import Lake
from tasks.query import run_query

GRAINS = ("day", "week", "month", "quarter", "year")
NEAR_SHARE, NEAR_PLACES = 0.6, 100_000
QUOTE_COLUMNS = (
    "quote_id, article_id, published_on, publisher, kind, content, speaker, speaker_role, source, cue, confidence,"
    " rule, is_negated, is_in_title"
)

# What quotes are asked for, by the name of the value; that of a speaker is where they come from.
_CONDITIONS = {
    "min_confidence": "confidence >= $min_confidence",
    "kind": "kind = $kind",
    "since": "published_on >= $since",
    "until": "published_on <= $until",
    "contains": "contains(lower(strip_accents(content)), lower(strip_accents($contains)))",
    "about": "quote_id IN (SELECT quote_id FROM said_about($about))",
}


class NotFound(Exception):
    """Nothing in the lake has that key; the message is one line."""


def run_sql(lake: Lake, query: str) -> pa.Table:
    """The whole result of a query, read-only and confined to the lake; raises QueryError."""
    return run_query(lake, query, lambda rows: rows.read_all())


def find_quotes(
    lake: Lake,
    speaker: str | None = None,
    about: str | None = None,
    contains: str | None = None,
    kind: str | None = None,
    since: date | None = None,
    until: date | None = None,
    min_confidence: float = 0.0,
    limit: int = 20,
) -> list[dict[str, Any]]:
    """Quotes that meet all the conditions given, newest first."""
    asked = {"kind": kind, "since": since, "until": until, "contains": contains, "about": about, "speaker": speaker}
    values: dict[str, Any] = {name: value for name, value in asked.items() if value}
    values |= {"min_confidence": min_confidence, "limit": limit}
    source = "quotes_by($speaker)" if speaker else "quotes"
    conditions = [condition for name, condition in _CONDITIONS.items() if name in values]
    query = f"""
        SELECT {QUOTE_COLUMNS}
        FROM {source} WHERE {" AND ".join(conditions)}
        ORDER BY published_on DESC NULLS LAST, article_id, is_in_title, content_spans LIMIT $limit
    """
    return _rows(lake, query, values)


def find_said(lake: Lake, words: str, limit: int = 20) -> list[dict[str, Any]]:
    """Quotes that hold the words in their order, the first to print them first."""
    query = f"""
        SELECT {QUOTE_COLUMNS}, n_publishers
        FROM (SELECT quote_id, n_publishers FROM who_said($words) LIMIT $limit) JOIN quotes USING (quote_id)
        ORDER BY published_on NULLS LAST, article_id, is_in_title, content_spans
    """
    return _rows(lake, query, {"words": words, "limit": limit})


def find_near(lake: Lake, words: str, limit: int = 3) -> list[dict[str, Any]]:
    """Quotes that hold most of the words in whatever order, the nearest first, each with those that it ``lacks``.

    A word weighs the logarithm of its rarity. What a quote holds must weigh NEAR_SHARE of all, and as much as it takes
    for chance to put the same words into less than one quote of the lake. Words in more than NEAR_PLACES places lead to
    no quote. Of one wording, the first to be printed stands for all.
    """
    query = f"""
        WITH asked AS (SELECT DISTINCT unnest(string_split(plain($words), ' ')) AS word),
        lake AS (SELECT count(*) AS n_quotes FROM lookup.quotes),
        found AS MATERIALIZED (
            SELECT word, published_month, places FROM lookup.quotes_words JOIN asked USING (word)
        ),
        counted AS (SELECT word, sum(len(places)) AS n_places FROM found GROUP BY word),
        weighed AS MATERIALIZED (
            SELECT word, n_places, ln(greatest(n_quotes / coalesce(n_places, 0.5), 1)) AS weight
            FROM asked LEFT JOIN counted USING (word), lake
        ),
        held AS (
            SELECT DISTINCT word, weight, lookup.place(published_month, 0) | (unnest(places) >> 24) AS n
            FROM found JOIN weighed USING (word) WHERE n_places <= {NEAR_PLACES}
        ),
        likely AS (SELECT n FROM held GROUP BY n ORDER BY sum(weight) DESC, n LIMIT 100),
        near AS (
            SELECT n, list(word ORDER BY weight DESC) FILTER (NOT has_words(content, word)) AS lacks,
                   sum(weight) FILTER (has_words(content, word)) AS has
            FROM lookup.quotes, weighed WHERE n IN (FROM likely) GROUP BY n
            HAVING has >= {NEAR_SHARE} * sum(weight) AND has >= (SELECT ln(n_quotes) FROM lake)
        )
        SELECT {QUOTE_COLUMNS}, coalesce(lacks, []) AS lacks
        FROM (SELECT * REPLACE (lookup.key(quote_id) AS quote_id, lookup.key(article_id) AS article_id)
              FROM lookup.quotes JOIN near USING (n))
        QUALIFY row_number() OVER (PARTITION BY plain(content) ORDER BY n) = 1
        ORDER BY has DESC, n LIMIT $limit
    """
    return _rows(lake, query, {"words": words, "limit": limit})


def find_speakers(lake: Lake, since: date | None, until: date | None, limit: int = 20) -> list[dict[str, Any]]:
    """Who is quoted most between two days, each of which may be open."""
    query = "SELECT * EXCLUDE (speaker_id) FROM speakers(since := $since, until := $until) LIMIT $limit"
    return _rows(lake, query, {"since": since, "until": until, "limit": limit})


def find_timeline(lake: Lake, name: str, grain: str = "month") -> list[dict[str, Any]]:
    """How often somebody is quoted in each of the GRAINS of time."""
    return _rows(lake, "FROM timeline($name, grain := $grain)", {"name": name, "grain": grain})


def find_called(lake: Lake, name: str) -> list[dict[str, Any]]:
    """Those whose quotes are found by a name: ``name``, ``n_quotes`` and ``speaker_id``, most quoted first."""
    query = """
        SELECT name, count(*) AS n_quotes, lookup.key(speaker_id) AS speaker_id
        FROM (SELECT coalesce(e.name, s.speaker) AS name, s.speaker_id
              FROM lookup.said($name) s LEFT JOIN lookup.entity e ON e.entity = s.speaker_id)
        GROUP BY ALL ORDER BY n_quotes DESC, name, speaker_id
    """
    return _rows(lake, query, {"name": name})


def find_mentions(lake: Lake, name: str, limit: int = 20) -> list[dict[str, Any]]:
    """Mentions of a name in whatever form, newest first, each with up to 60 characters on either side."""
    query = """
        SELECT e.name, m.text, m.label, m.published_on, a.publisher, a.title, m.article_id, m.is_in_title,
               words[greatest(1, m.start - 59):m.start] AS before, words[m."end" + 1:m."end" + 60] AS behind
        FROM (FROM mentions_of($name) LIMIT $limit) m
        JOIN (SELECT *, title, text FROM articles) a USING (article_id)
        JOIN entities e USING (entity_id),
        LATERAL (SELECT CASE WHEN m.is_in_title THEN a.title ELSE a.text END AS words)
        ORDER BY m.published_on DESC NULLS LAST, m.article_id, m.is_in_title, m.start
    """
    return _rows(lake, query, {"name": name, "limit": limit})


def find_article(lake: Lake, prefix: str) -> dict[str, Any]:
    """The article whose id begins with ``prefix``, with its quotes, mentions, links and decisions; raises NotFound."""
    order = {
        "quotes": "is_in_title DESC, content_spans",
        "mentions": "is_in_title DESC, start",
        "links": "start",
        "corrections": "decided_at, decision_id",
    }
    with connect_readonly(lake) as connection:
        article = _one(connection, "articles", "article_id", prefix)
        key = {"id": article["article_id"]}
        tables = {t: f"SELECT * FROM {t} WHERE article_id = $id ORDER BY {columns}" for t, columns in order.items()}
        return {"article": article, **{t: _fetched(connection, query, key) for t, query in tables.items()}}


def find_quote(lake: Lake, prefix: str) -> dict[str, Any]:
    """The quote whose id begins with ``prefix``, its article, its speaker's mentions there, and the decision that it
    follows, a row of corrections or None; raises NotFound, which tells of a quote that was struck out.
    """
    with connect_readonly(lake) as connection:
        quote = _quote(connection, prefix)
        article = _one(connection, "articles", "article_id", quote["article_id"])
        query = "SELECT * FROM mentions WHERE article_id = $id AND name = $name ORDER BY is_in_title DESC, start"
        mentions = _fetched(connection, query, {"id": quote["article_id"], "name": quote["speaker"]})
        query = "FROM corrections WHERE decision_id = $id"
        decision = next(iter(_fetched(connection, query, {"id": quote["decision_id"]})), None)
    return {"quote": quote, "article": article, "mentions": mentions, "decision": decision}


def quote_row(lake: Lake, prefix: str) -> dict[str, Any]:
    """The row of the quote whose id begins with ``prefix``; raises NotFound as `find_quote`."""
    with connect_readonly(lake) as connection:
        return _quote(connection, prefix)


def _quote(connection: ReadOnly, prefix: str) -> dict[str, Any]:
    try:
        return _one(connection, "quotes", "quote_id", prefix)
    except NotFound:
        struck_out = """
            SELECT decision_id, who, decided_at, why FROM corrections
            WHERE status = 'applied' AND decision = 'not_a_quote' AND starts_with(quote_id, lower($prefix)) LIMIT 2
        """
        rows = _fetched(connection, struck_out, {"prefix": prefix}) if prefix else []
        if len(rows) != 1:
            _tell_of_an_article(connection, prefix)
            raise
    (row,) = rows
    raise NotFound(
        f"{row['who']} decided on {row['decided_at']:%Y-%m-%d} that {prefix} is no quote ({row['why']});"
        f" onrecord corrections revert {row['decision_id'][:8]} takes that back"
    )


def _tell_of_an_article(connection: ReadOnly, prefix: str) -> None:
    """Raises NotFound where ``prefix`` is the key of an article, which a quote's is taken for easily."""
    query = (
        "SELECT left(quote_id, 8) AS key FROM quotes WHERE article_id = $id ORDER BY is_in_title DESC, content_spans"
    )
    try:
        article = _one(connection, "articles", "article_id", prefix)
    except NotFound:
        return
    keys = [row["key"] for row in _fetched(connection, query, {"id": article["article_id"]})]
    listed = f"its quotes are {', '.join(keys)}" if keys else "it has no quotes"
    raise NotFound(f"{prefix} is no quote but an article, which onrecord article {prefix} shows; {listed}")


def find_quarantined(
    lake: Lake, reason: str | None = None, limit: int = 50, resolved: bool = False
) -> list[dict[str, Any]]:
    """Refused records, newest first; with ``resolved``, those as well that have been accepted since."""
    query = """
        SELECT quarantine_id[:8] AS id, stage, reason_code, reason, source_uri, source_member, value, last_seen_at,
               resolved_run_id
        FROM quarantine
        WHERE ($reason IS NULL OR reason_code = $reason) AND ($resolved OR resolved_run_id IS NULL)
        ORDER BY last_seen_at DESC, source_uri, source_member, quarantine_id LIMIT $limit
    """
    return _rows(lake, query, {"reason": reason, "limit": limit, "resolved": resolved})


def show_quarantined(lake: Lake, prefix: str) -> dict[str, Any]:
    """The refused record whose quarantine_id begins with ``prefix``; raises NotFound."""
    with connect_readonly(lake) as connection:
        return _one(connection, "quarantine", "quarantine_id", prefix)


def _one(connection: ReadOnly, table: str, column: str, prefix: str) -> dict[str, Any]:
    query = f"SELECT * FROM {table} WHERE starts_with({column}, lower($prefix)) LIMIT 2"
    rows = _fetched(connection, query, {"prefix": prefix})
    if len(rows) == 1:
        return rows[0]
    raise NotFound(f"{'more than one' if rows else 'no'} {column} begins with {prefix!r}")


def _rows(lake: Lake, query: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connect_readonly(lake) as connection:
        return _fetched(connection, query, values)


def _fetched(connection: ReadOnly, query: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    return to_rows(connection.execute(query, values).to_arrow_table())


def to_rows(table: pa.Table | pa.RecordBatch) -> list[dict[str, Any]]:
    """A table's rows; single-precision numbers get their shortest decimal form (0.95, not 0.949999988079071)."""
    columns = {
        field.name: [_shortest(value, field.type) for value in column.to_pylist()]
        for field, column in zip(table.schema, table.columns, strict=True)
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _shortest(value: Any, type_: pa.DataType) -> Any:
    if value is None:
        return None
    if pa.types.is_float32(type_):
        return float(str(np.float32(value)))
    if pa.types.is_list(type_):
        return [_shortest(item, type_.value_type) for item in value]
    if pa.types.is_struct(type_):
        return {field.name: _shortest(value[field.name], field.type) for field in type_}
    return value
