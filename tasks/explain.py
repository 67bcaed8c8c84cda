"""Explains one quote: where its parts stand in the text, whom it was given to and why, and how sure that is."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import Any

from tasks.ask import find_quote
from tasks.extract.antecedents import sentence_starts
from tasks.extract.decisions import PRECISION
from tasks.extract.rulebook import RESOLUTIONS, meaning
from tasks.extract.rules import RuleExtractor
from tasks.lake import Lake

PARTS = ("content", "source", "cue")
_QUOTE = (
    "quote_id", "kind", "content", "verbatim", "cue", "source", "speaker", "speaker_type", "speaker_role",
    "speaker_affiliation", "addressee", "via", "is_negated", "parent_quote_id", "resolution", "rule",
    "speaker_candidates", "confidence", "extractor",
)  # fmt: skip
_DECISION = ("decision_id", "decision", "who", "decided_at", "why", "fit", "overlap", "as_extracted")
_ARTICLE = ("article_id", "title", "published_on", "publisher", "canonical_url", "source_uri", "source_member")
_RULES_VERSION = re.compile(r"\brules[-/](\S+)$")


def explain(lake: Lake, prefix: str) -> dict[str, Any]:
    """All that bears on the quote whose id begins with ``prefix``; raises NotFound.

    Beside the quote's own columns: ``passage`` (the sentences that hold its parts, as ``text``, with ``marks`` whose
    offsets count from its beginning), ``resolution_means`` and ``rule_means`` in sentences, ``named_before`` (the
    sentence that last names the speaker before the passage, else None), ``confidence_parts`` (the two shares whose
    product the confidence is; empty where another version of the rules made the row, or a person has decided),
    ``decision`` (who decided, when and why, with ``as_extracted`` for what the extractor had said; None where nobody
    has) and ``article``.
    """
    return explained(**find_quote(lake, prefix))


def explained(
    quote: dict[str, Any], article: dict[str, Any], mentions: list[dict[str, Any]], decision: dict[str, Any] | None
) -> dict[str, Any]:
    """What `explain` returns, of the rows of a quote, its article, its speaker's mentions there, and a decision."""
    text = article["title"] if quote["is_in_title"] else article["text"]
    starts = sentence_starts(text)
    shown = passage(quote, text, starts)
    return {
        **{column: quote[column] for column in _QUOTE},
        "passage": shown,
        "resolution_means": RESOLUTIONS.get(quote["resolution"] or ""),
        "rule_means": [{"rule": rule, "meaning": sentence} for rule, sentence in meaning(quote["rule"] or "")],
        "named_before": None if quote["is_in_title"] else _named_before(mentions, shown, text, starts),
        "confidence_parts": [] if decision else _confidence_parts(quote),
        "decision": decision and {column: decision[column] for column in _DECISION},
        "article": {column: article[column] for column in _ARTICLE},
    }


def passage(quote: dict[str, Any], text: str, starts: list[int]) -> dict[str, Any]:
    """The sentences of a text that hold the quote's parts; ``starts`` are the offsets of the text's sentences."""
    marks = [{"part": part, **span} for part in PARTS for span in quote[f"{part}_spans"]]
    first, last = min(m["start"] for m in marks), max(m["end"] for m in marks)
    start = starts[bisect_right(starts, first) - 1]
    behind = bisect_left(starts, last)
    end = starts[behind] if behind < len(starts) else len(text)
    end = max(last, start + len(text[start:end].rstrip()))
    marks = [{**m, "start": m["start"] - start, "end": m["end"] - start} for m in marks]
    place = "title" if quote["is_in_title"] else "text"
    return {
        "in": place,
        "start": start,
        "end": end,
        "text": text[start:end],
        "marks": sorted(marks, key=lambda m: (m["start"], -m["end"])),
    }


def _named_before(
    mentions: list[dict[str, Any]], passage: dict[str, Any], text: str, starts: list[int]
) -> dict[str, Any] | None:
    before = [m for m in mentions if not m["is_in_title"] and m["end"] <= passage["start"]]
    if not before:
        return None
    last = before[-1]
    behind = bisect_right(starts, last["start"])
    end = starts[behind] if behind < len(starts) else len(text)
    return {"name": last["text"], "start": last["start"], "sentence": text[starts[behind - 1] : end].strip()}


def _confidence_parts(quote: dict[str, Any]) -> list[dict[str, Any]]:
    """The share of right attributions of whoever found the quote, and that of the rule that found its speaker."""
    version = _RULES_VERSION.search(quote["extractor"])
    if version is None or version.group(1) != RuleExtractor.version:
        return []
    who = PRECISION.get((quote["rule"] or "").partition("/")[2])
    if who is None:
        return [{"of": "attribution", "share": quote["confidence"]}]
    return [
        {"of": "attribution", "share": round(quote["confidence"] / who, 3)},
        {"of": "speaker", "share": who},
    ]
