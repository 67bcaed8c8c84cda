"""Searches: the quotes that meet some filters, a page at a time, and how many there are by speaker, paper and so on."""

from __future__ import annotations

from typing import Any

from schemas.tables import ARTICLES
from tasks.explain import passage
from tasks.explore.filters import SORTS, Condition, Filters, condition
from tasks.explore.marks import pieces
from tasks.explore.reader import Reading
from tasks.extract.antecedents import sentence_starts

PAGE = 20  # quotes
DEEPEST = 500  # pages that can be turned to
FACETS = ("kind", "publisher", "speaker", "unnamed", "about", "month", "confidence")
FACET = 8  # values that a facet lists

# Columns that a search sorts and counts by, and those of a hit.
_NARROW = "n, day, month, publisher, kind, entity, speaker, confidence"
_HIT = """n, lookup.key(quote_id) AS quote_id, content_spans, cue_spans, source, source_spans, speaker,
    lookup.key(speaker_id) AS speaker_id, speaker_role, kind, confidence, published_on, published_month AS month,
    published_on AS day, publisher, lookup.key(article_id) AS article_id, is_in_title, is_negated,
    lookup.key(quote_cluster_id) AS quote_cluster_id"""
PLACE = "n, lookup.key(entity) AS speaker_id"  # what `quotes` asks to find a quote


def search(reading: Reading, filters: Filters, page: int = 1) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """How many quotes meet the filters, by facet (see `count`), and those of a page from 1 to DEEPEST."""
    where = condition(filters)
    key = ("count", str(where), *where.values)
    table, values = "lookup.quote", where.values
    found: dict[str, Any] | None = reading.known(key)
    if found is None:
        if filters.narrows:  # the condition is tried on every quote once, for all that is asked of those that meet it
            hits = f"SELECT {_NARROW} FROM lookup.quote WHERE {where}"
            reading.run(f"CREATE OR REPLACE TEMP TABLE hit AS {hits}", where.values)
            table, where, values = "hit", Condition(), []
        found = reading.cached(key, lambda: count(reading, table, where))
    places = reading.rows(
        f"SELECT {PLACE} FROM {table} WHERE {where}"
        f" ORDER BY {SORTS[filters.sort]} LIMIT {PAGE} OFFSET {PAGE * (page - 1)}",
        values,
    )
    return found, quotes(reading, places)


def count(reading: Reading, table: str, where: Condition) -> dict[str, Any]:
    """``n`` and ``n_unnamed`` of the quotes in a table, and a list of ``value``, ``label``, ``n`` for each facet."""
    query = f"""
        WITH hit AS NOT MATERIALIZED (
            SELECT n, day, month, publisher, kind, entity, speaker, confidence FROM {table} WHERE {where}
        )
        (SELECT 'kind' AS facet, kind AS value, NULL AS label, count(*) AS n FROM hit GROUP BY ALL
         ORDER BY n DESC, kind)
        UNION ALL
        (SELECT 'publisher', publisher, NULL, count(*) AS n FROM hit WHERE publisher IS NOT NULL GROUP BY ALL
         ORDER BY n DESC, publisher LIMIT {FACET})
        UNION ALL
        (SELECT 'speaker', coalesce(lookup.key(s.entity), s.speaker), coalesce(e.name, s.speaker), s.n
         FROM (SELECT entity, CASE WHEN entity IS NULL THEN speaker END AS speaker, count(*) AS n FROM hit
               WHERE speaker IS NOT NULL GROUP BY ALL ORDER BY n DESC, min(hit.n) LIMIT {FACET}) s
         LEFT JOIN lookup.entity e ON e.entity = s.entity ORDER BY s.n DESC, 3)
        UNION ALL
        (SELECT 'unnamed', NULL, NULL, count(*) FROM hit WHERE speaker IS NULL)
        UNION ALL
        (SELECT 'about', lookup.key(a.entity), e.name, a.n
         FROM (SELECT entity, count(*) AS n FROM lookup.about WHERE n IN (SELECT n FROM hit) GROUP BY ALL
               ORDER BY 2 DESC, entity LIMIT {FACET}) a JOIN lookup.entity e USING (entity) ORDER BY a.n DESC, e.name)
        UNION ALL
        (SELECT 'month', month, NULL, count(*) AS n FROM hit WHERE day IS NOT NULL GROUP BY ALL ORDER BY month)
        UNION ALL
        (SELECT 'confidence', floor, NULL, count(*) FILTER (confidence >= floor::FLOAT)
         FROM hit, (VALUES ('0.9'), ('0.7'), ('0.5')) AS f(floor) GROUP BY floor ORDER BY floor DESC)
    """
    facets: dict[str, list[dict[str, Any]]] = {facet: [] for facet in FACETS}
    for row in reading.rows(query, where.values):
        facets[row.pop("facet")].append(row)
    (unnamed,) = facets.pop("unnamed")
    return {"n": sum(row["n"] for row in facets["kind"]), "n_unnamed": unnamed["n"], **facets}


def quotes(reading: Reading, places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Quotes by their ``n`` and ``speaker_id``, in that order.

    Each has its article's ``title``, ``n_copies`` (copies of its story beside it), ``n_same`` (quotes of the same
    words) and ``pieces`` (the sentences that hold it, cut where its content begins and ends).
    """
    if not places:
        return []
    conditions, values = ["n IN (SELECT unnest($n))"], {"n": [place["n"] for place in places]}
    speakers = [place["speaker_id"] for place in places]
    if None not in speakers:  # the order of the rows, so that few are read
        conditions.append("speaker_id IN (SELECT unnest($speakers)::UUID)")
        values["speakers"] = speakers
    found = reading.rows(f"SELECT {_HIT} FROM lookup.quotes WHERE {' AND '.join(conditions)}", values)
    in_articles = {row["article_id"]: row for row in found}
    keys = sorted(in_articles)
    articles = reading.pick(ARTICLES, "article_id, title, text", "article_id", in_articles.values())
    by_article = {row["article_id"]: row for row in articles}
    copies = reading.rows(
        """SELECT lookup.key(a.article) AS article_id, count(*) - 1 AS n
           FROM lookup.article a JOIN lookup.article o USING (story)
           WHERE a.article IN (SELECT unnest(?)::UUID) GROUP BY ALL""",
        [keys],
    )
    n_copies = {row["article_id"]: row["n"] for row in copies}
    clusters = sorted({row["quote_cluster_id"] for row in found if row["quote_cluster_id"]})
    same = reading.rows(
        """SELECT lookup.key(cluster) AS id, count(*) AS n FROM lookup.quote
           WHERE cluster IN (SELECT unnest(?)::UUID) GROUP BY ALL""",
        [clusters],
    )
    n_same = {row["id"]: row["n"] for row in same}
    by_place = {}
    for row in found:
        article = by_article[row["article_id"]]
        text = article["title"] if row["is_in_title"] else article["text"]
        by_place[row.pop("n")] = row | {
            "title": article["title"],
            "n_copies": n_copies.get(row["article_id"], 0),
            "n_same": n_same.get(row["quote_cluster_id"], 0),
            "pieces": pieces(passage(row, text, sentence_starts(text))),
        }
    return [by_place[place["n"]] for place in places]
