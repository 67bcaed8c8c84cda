"""Decisions as training data: the articles that they were made on, with what is right in them and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from tasks.ask import to_rows
from tasks.catalog import connect_readonly
from tasks.lake import Lake

_DECIDED = """
    SELECT c.* EXCLUDE (article_id), a.article_id, a.canonical_url, a.title, a.text
    FROM corrections c JOIN articles a USING (article_id)
    WHERE c.as_extracted IS NOT NULL
    ORDER BY a.article_id, c.as_extracted.is_in_title, c.as_extracted.content_spans, c.quote_id
"""
_EXTRACTED = ("speaker", "speaker_type", "resolution", "rule", "confidence", "extractor")


def export_articles(lake: Lake) -> Iterator[dict[str, Any]]:
    """One record an article with decisions that count, in the form of docs/accuracy.md: ``is_complete`` is false.

    ``quotes`` are those that were put right or confirmed, ``not_quotes`` those that were struck out; what the extractor
    said of each is its ``extracted``. Decisions that no run has applied are not there.
    """
    with connect_readonly(lake) as connection:
        rows = to_rows(connection.execute(_DECIDED).to_arrow_table())
    for article_id, group in groupby(rows, key=lambda row: row["article_id"]):
        decided = list(group)
        first = decided[0]
        yield {
            "article_id": article_id,
            "url": first["canonical_url"],
            "is_complete": False,
            "title": first["title"],
            "text": first["text"],
            "quotes": [_quote(row) for row in decided if row["decision"] != "not_a_quote"],
            "not_quotes": [_place(row) for row in decided if row["decision"] == "not_a_quote"],
        }


def _place(row: dict[str, Any]) -> dict[str, Any]:
    found = row["as_extracted"]
    return {
        "content": found["content"],
        "spans": [[span["start"], span["end"]] for span in found["content_spans"]],
        "is_in_title": found["is_in_title"],
        "decision_id": row["decision_id"],
        "extracted": {name: found[name] for name in _EXTRACTED},
    }


def _quote(row: dict[str, Any]) -> dict[str, Any]:
    found = row["as_extracted"]
    return _place(row) | {"speaker": row["speaker"], **{name: found[name] for name in ("kind", "source", "cue")}}
