"""Measures a lake against a file of gold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from schemas.fields import EXTRACTED
from tasks.ask import to_rows
from tasks.catalog import ReadOnly, connect_readonly
from tasks.evaluate.gold import GoldArticle, GoldError, GoldQuote, Span, Unusable, find_spans, read_gold
from tasks.evaluate.score import Scores
from tasks.extract.rows import JOINT
from tasks.lake import Lake
from tasks.normalise.urls import canonical_url

_ARTICLES = """
    SELECT article_id, url, canonical_url, title, text FROM articles
    WHERE article_id IN (SELECT unnest($ids)) OR url IN (SELECT unnest($urls))
       OR canonical_url IN (SELECT unnest($urls))
    ORDER BY article_id
"""
_COLUMNS = ", ".join(field.name for field in EXTRACTED)
# What the extractors found, without the decisions of people.
_EXTRACTED = f"""(
    SELECT {_COLUMNS}, speaker_id FROM quotes
    WHERE quote_id NOT IN (SELECT quote_id FROM corrections WHERE as_extracted IS NOT NULL)
    UNION ALL BY NAME SELECT as_extracted.* FROM corrections WHERE as_extracted IS NOT NULL
)"""


def evaluate(lake: Lake, path: Path, n_examples: int = 5, with_decisions: bool = False) -> dict[str, Any]:
    """Figures for the quotes of a lake, by the gold in a file; raises GoldError where it holds nothing to judge.

    The result has ``n_articles``, ``n_quotes`` (gold), the ``problems`` of lines, and what Scores.report says. What is
    measured is the extractors' work; ``with_decisions``, what the lake says now that people have put some of it right.
    """
    problems: list[Unusable] = []
    wanted: list[tuple[int, GoldArticle]] = []
    for number, item in read_gold(path):
        if isinstance(item, Unusable):
            problems.append(item)
        else:
            wanted.append((number, item))
    known = {name for _, gold in wanted for quote in gold.quotes for name in quote.model_fields_set}
    scores, n_articles, n_quotes = Scores("speaker" in known, "source" in known), 0, 0
    with connect_readonly(lake) as connection:
        articles = _articles(connection, [gold for _, gold in wanted])
        source = "quotes" if with_decisions else _EXTRACTED
        quotes = _quotes(connection, source, {article["article_id"] for article in articles.values()})
    seen: dict[str, int] = {}
    for number, gold in wanted:
        article = articles.get(gold.article_id or "") or articles.get(_address(gold) or "")
        if article is None:
            problems.append(Unusable(number, f"The lake has no article {gold.article_id or gold.url}."))
            continue
        if article["article_id"] in seen:
            problems.append(Unusable(number, f"The article stands in line {seen[article['article_id']]} already."))
            continue
        seen[article["article_id"]] = number
        found = _located(gold.quotes, article, number, problems)
        none = _located(gold.not_quotes, article, number, problems)
        scores.add(article, found, none, quotes.get(article["article_id"], []), gold.is_complete)
        n_articles += 1
        n_quotes += len(found)
    if not n_articles:
        why = f": line {problems[0].line}: {problems[0].reason}" if problems else ""
        raise GoldError(f"{path} holds no article of this lake{why}")
    return {
        "gold": str(path),
        "n_articles": n_articles,
        "n_quotes": n_quotes,
        "problems": [{"line": p.line, "reason": p.reason} for p in sorted(problems, key=lambda p: p.line)],
        **scores.report(n_examples),
    }


def _articles(connection: ReadOnly, wanted: Sequence[GoldArticle]) -> dict[str, dict[str, Any]]:
    """The articles by their id and by each of their addresses."""
    ids = [gold.article_id for gold in wanted if gold.article_id]
    urls = sorted({url for gold in wanted for url in (gold.url, _address(gold)) if url})
    rows = to_rows(connection.execute(_ARTICLES, {"ids": ids, "urls": urls}).to_arrow_table())
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        for name in ("url", "canonical_url", "article_id"):
            if row[name]:
                found.setdefault(row[name], row)
    return found


def _address(gold: GoldArticle) -> str | None:
    return (canonical_url(gold.url) or gold.url) if gold.url else None


def _quotes(connection: ReadOnly, source: str, ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    query = f"""
        SELECT q.quote_id, q.article_id, q.is_in_title, q.content, q.content_spans, q.kind, q.source, q.speaker,
               q.resolution, q.rule, q.confidence, coalesce(e.aliases, []) AS aliases
        FROM {source} q LEFT JOIN entities e ON e.entity_id = q.speaker_id
        WHERE q.article_id IN (SELECT unnest($ids))
        ORDER BY q.article_id, q.is_in_title, q.content_spans, q.quote_id
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for row in to_rows(connection.execute(query, {"ids": sorted(ids)}).to_arrow_table()):
        found.setdefault(row["article_id"], []).append(row)
    return found


def _located(
    quotes: Sequence[GoldQuote], article: dict[str, Any], number: int, problems: list[Unusable]
) -> list[tuple[GoldQuote, tuple[Span, ...]]]:
    """The quotes that the article has, with their spans."""
    found: list[tuple[GoldQuote, tuple[Span, ...]]] = []
    for quote in quotes:
        for is_title in (False, True) if quote.is_in_title is None else (quote.is_in_title,):
            taken = [spans for other, spans in found if other.is_in_title == is_title]
            spans = find_spans(quote, article["title" if is_title else "text"], taken)
            if spans is not None:
                found.append((quote.model_copy(update={"is_in_title": is_title}), spans))
                break
        else:
            words = JOINT.join(quote.parts) or str(list(quote.spans))
            problems.append(Unusable(number, f"The article has no such words: {words}"))
    return found
