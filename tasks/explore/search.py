"""Searches: the quotes that meet some filters, a page at a time, with the number of them by speaker, paper and so on."""

from __future__ import annotations

from typing import Any

from schemas.tables import ARTICLES, QUOTES
from tasks.explore.filters import SORTS, Filters, condition
from tasks.explore.reader import Reading
from tasks.extract.antecedents import sentence_starts
from tasks.explain import passage

PAGE = 20  # quotes
DEEPEST = 500  # pages that can be turned to
FACET = 8  # values that a facet lists

# Columns of a hit that come from the lake's files.
_HIT = """quote_id, content_spans, cue_spans, source, source_spans, speaker, speaker_id, speaker_role, speaker_affiliation,
    speaker_type, kind, confidence, published_on, publisher, article_id, is_in_title, is_negated, quote_cluster_id"""


def count(reading: Reading, filters: Filters) -> dict[str, Any]:
    """How many quotes meet the filters: ``n``, and lists of ``value``, ``label`` and ``n`` for each facet."""
    where = condition(filters)

    def make() -> dict[str, Any]:
        query = f"""
            WITH hit AS MATERIALIZED (SELECT n, day, publisher, kind, entity, speaker, confidence FROM quote WHERE {where}),
            months AS (SELECT date_trunc('month', day)::DATE AS starts, count(*) AS n FROM hit GROUP BY ALL)
            (SELECT 'kind' AS facet, kind AS value, NULL AS label, count(*) AS n FROM hit GROUP BY ALL ORDER BY n DESC)
            UNION ALL
            (SELECT 'publisher', publisher, NULL, count(*) AS n FROM hit WHERE publisher IS NOT NULL GROUP BY ALL
             ORDER BY n DESC, publisher LIMIT {FACET})
            UNION ALL
            (SELECT 'speaker', coalesce(hex(s.entity), s.speaker), coalesce(e.name, s.speaker), s.n
             FROM (SELECT entity, CASE WHEN entity IS NULL THEN speaker END AS speaker, count(*) AS n FROM hit
                   WHERE speaker IS NOT NULL GROUP BY ALL ORDER BY n DESC, min(hit.n) LIMIT {FACET}) s
             LEFT JOIN entity e ON e.entity = s.entity ORDER BY s.n DESC, 3)
            UNION ALL
            (SELECT 'unnamed', NULL, NULL, count(*) FROM hit WHERE speaker IS NULL)
            UNION ALL
            (SELECT 'about', hex(a.entity), e.name, a.n
             FROM (SELECT entity, count(*) AS n FROM about WHERE n IN (SELECT n FROM hit) GROUP BY ALL
                   ORDER BY 2 DESC, entity LIMIT {FACET}) a JOIN entity e USING (entity) ORDER BY a.n DESC, e.name)
            UNION ALL
            (SELECT 'month', starts::VARCHAR, NULL, n FROM months WHERE starts IS NOT NULL ORDER BY starts)
            UNION ALL
            (SELECT 'confidence', floor, NULL, count(*) FILTER (confidence >= floor::FLOAT)
             FROM hit, (VALUES ('0.9'), ('0.7'), ('0.5')) AS f(floor) GROUP BY floor ORDER BY floor DESC)
        """
        facets: dict[str, Any] = {"unnamed": [{"n": 0}]}
        for row in reading.rows(query, where.values):
            facets.setdefault(row.pop("facet"), []).append(row)
        n_unnamed = facets.pop("unnamed")[-1]["n"]
        return {"n": sum(row["n"] for row in facets.get("kind", [])), "n_unnamed": n_unnamed, **facets}

    return reading.cached(("count", str(where), *where.values), make)


def hits(reading: Reading, filters: Filters, page: int = 1) -> list[dict[str, Any]]:
    """The quotes of a page (from 1 to DEEPEST), each with the sentences that hold it (`passage`)."""
    where = condition(filters)
    places = reading.rows(
        f"SELECT hex(quote) AS quote_id, month FROM quote WHERE {where} ORDER BY {SORTS[filters.sort]}"
        f" LIMIT {PAGE} OFFSET {PAGE * (page - 1)}",
        where.values,
    )
    return quotes(reading, places)


def quotes(reading: Reading, places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Quotes by their ``quote_id`` and ``month``, in that order.

    Each has its article's ``title``, ``n_copies`` (copies of its story beside it), ``n_same`` (quotes of the same words)
    and ``passage`` (the sentences that hold it, with marks).
    """
    if not places:
        return []
    ids = [place["quote_id"] for place in places]
    months = {place["month"] for place in places}
    found = reading.rows(
        f"SELECT {_HIT} FROM {reading.files(QUOTES, months)} WHERE quote_id IN (SELECT unnest(?))", [ids]
    )
    keys = sorted({row["article_id"] for row in found})
    articles = reading.rows(
        f"SELECT article_id, title, text FROM {reading.files(ARTICLES, months)} WHERE article_id IN (SELECT unnest(?))",
        [keys],
    )
    by_article = {row["article_id"]: row for row in articles}
    copies = reading.rows(
        """SELECT hex(a.article) AS article_id, count(*) - 1 AS n FROM article a JOIN article o USING (story)
           WHERE a.article IN (SELECT unnest(?)::UUID) GROUP BY ALL""",
        [keys],
    )
    n_copies = {row["article_id"]: row["n"] for row in copies}
    clusters = sorted({row["quote_cluster_id"] for row in found if row["quote_cluster_id"]})
    same = reading.rows(
        "SELECT hex(cluster) AS id, count(*) AS n FROM quote WHERE cluster IN (SELECT unnest(?)::UUID) GROUP BY ALL",
        [clusters],
    )
    n_same = {row["id"]: row["n"] for row in same}
    by_id = {}
    for row in found:
        article = by_article[row["article_id"]]
        text = article["title"] if row["is_in_title"] else article["text"]
        by_id[row["quote_id"]] = row | {
            "title": article["title"],
            "n_copies": n_copies.get(row["article_id"], 0),
            "n_same": n_same.get(row["quote_cluster_id"], 0),
            "passage": passage(row, text, sentence_starts(text)),
        }
    return [by_id[key] for key in ids if key in by_id]
