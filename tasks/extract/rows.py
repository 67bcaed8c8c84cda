"""Turns an extraction into rows of the quotes and mentions tables: keys, printed words, context, paragraphs."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Any

from tasks.extract.base import Extraction, Mention, Quote, Span

CONTEXT = 200  # characters on either side of an attribution
JOINT = " … "  # between the separate parts of one content


def quote_rows(article: dict[str, Any], extraction: Extraction) -> list[dict[str, Any]]:
    """Rows of the quotes table (but extractor and run_id) for one article row, in the extraction's order."""
    ids = _quote_ids(article["article_id"], extraction.quotes)
    return [_quote_row(article, quote, ids[i], ids) for i, quote in enumerate(extraction.quotes)]


def mention_rows(article: dict[str, Any], extraction: Extraction) -> list[dict[str, Any]]:
    """Rows of the mentions table (but extractor and run_id) for one article row, in the extraction's order."""
    ids = _quote_ids(article["article_id"], extraction.quotes)
    starts = paragraph_starts(article["text"])
    inside = _innermost(extraction.mentions, extraction.quotes, ids)
    return [_mention_row(article, mention, starts, inside.get(i)) for i, mention in enumerate(extraction.mentions)]


def paragraph_starts(text: str) -> list[int]:
    """Offsets at which the paragraphs of a text begin."""
    starts = [0]
    position = text.find("\n\n")
    while position != -1:
        starts.append(position + 2)
        position = text.find("\n\n", position + 2)
    return starts


def key(*parts: object) -> str:
    """32 hex digits: BLAKE2b-128 of the parts, each ended by the unit separator so that no two lists collide."""
    joined = "".join(f"{part}\x1f" for part in parts)
    return hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _quote_ids(article_id: str, quotes: Sequence[Quote]) -> list[str]:
    ids: list[str] = []
    copies: Counter[str] = Counter()
    for quote in quotes:
        parts = [article_id, "title" if quote.is_in_title else "text", *(f"{s}:{e}" for s, e in quote.content)]
        quote_id = key(*parts)
        copies[quote_id] += 1
        # Two attributions of the same words, to two sources say, get keys of their own.
        ids.append(quote_id if copies[quote_id] == 1 else key(*parts, copies[quote_id]))
    return ids


def _quote_row(article: dict[str, Any], quote: Quote, quote_id: str, ids: list[str]) -> dict[str, Any]:
    text = article["title"] if quote.is_in_title else article["text"]
    spans = [*quote.content, *quote.cue, *quote.source]
    first, last = min(s.start for s in spans), max(s.end for s in spans)
    return {
        "quote_id": quote_id,
        "article_id": article["article_id"],
        "published_on": article["published_on"],
        "publisher": article["publisher"],
        "language": article["language"],
        "kind": quote.kind,
        "content": _printed(text, quote.content),
        "content_spans": _structs(quote.content),
        "verbatim": list(quote.verbatim),
        "cue": _printed(text, quote.cue),
        "cue_lemma": quote.cue_lemma,
        "cue_spans": _structs(quote.cue),
        "source": _printed(text, quote.source),
        "source_spans": _structs(quote.source),
        "speaker": quote.speaker,
        "speaker_type": quote.speaker_type,
        "speaker_role": quote.speaker_role,
        "speaker_affiliation": quote.speaker_affiliation,
        "resolution": quote.resolution,
        "speaker_candidates": [{"name": name, "score": score} for name, score in quote.candidates],
        "addressee": quote.addressee,
        "via": quote.via,
        "is_negated": quote.is_negated,
        "is_in_title": quote.is_in_title,
        "parent_quote_id": None if quote.parent is None else ids[quote.parent],
        "n_paragraphs": 1 + sum(text.count("\n\n", s.start, s.end) for s in quote.content),
        "context_before": text[max(0, first - CONTEXT) : first],
        "context_after": text[last : last + CONTEXT],
        "confidence": quote.confidence,
        "rule": quote.rule,
    }


def _mention_row(article: dict[str, Any], mention: Mention, starts: list[int], in_quote: str | None) -> dict[str, Any]:
    text = article["title"] if mention.is_in_title else article["text"]
    place = "title" if mention.is_in_title else "text"
    return {
        "mention_id": key(article["article_id"], place, mention.start, mention.end, mention.label),
        "article_id": article["article_id"],
        "published_on": article["published_on"],
        "text": text[mention.start : mention.end],
        "name": mention.name,
        "label": mention.label,
        "mention_type": mention.mention_type,
        "start": mention.start,
        "end": mention.end,
        "is_in_title": mention.is_in_title,
        "paragraph": None if mention.is_in_title else bisect_right(starts, mention.start) - 1,
        "in_quote_id": in_quote,
        "confidence": mention.confidence,
        "rule": mention.rule,
    }


def _innermost(mentions: Sequence[Mention], quotes: Sequence[Quote], ids: list[str]) -> dict[int, str]:
    """The quote_id of the shortest content span that holds each mention, by the mention's place in the list."""
    found: dict[int, str] = {}
    for place in (False, True):
        spans = sorted(
            (span.start, span.end, quote_id)
            for quote, quote_id in zip(quotes, ids, strict=True)
            if quote.is_in_title == place
            for span in quote.content
        )
        order = sorted((m.start, m.end, i) for i, m in enumerate(mentions) if m.is_in_title == place)
        opened: list[tuple[int, int, str]] = []
        upcoming = 0
        for start, end, i in order:
            while upcoming < len(spans) and spans[upcoming][0] <= start:
                opened.append(spans[upcoming])
                upcoming += 1
            opened = [span for span in opened if span[1] > start]
            holding = [(span[1] - span[0], span[2]) for span in opened if span[1] >= end]
            if holding:
                found[i] = min(holding)[1]
    return found


def _printed(text: str, spans: Sequence[Span]) -> str | None:
    return JOINT.join(text[s.start : s.end] for s in spans) or None


def _structs(spans: Sequence[Span]) -> list[dict[str, int]]:
    return [{"start": s.start, "end": s.end} for s in spans]
