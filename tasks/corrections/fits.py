"""Which quote of an article a decision means, now that the article or its quotes may have been read anew.

The article's words come first: where they still stand where they stood, only a quote at that place can be meant. Where
the article has been revised, the quote with the same words is meant wherever it stands, or one with nearly the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from tasks.copies.words import identity, word_codes
from tasks.corrections.decisions import Anchor
from tasks.extract.rows import JOINT

NEAR = 0.8  # least share of words in common


@dataclass(frozen=True, slots=True)
class Fit:
    """The quote that is meant, one of FITS for how it was found, and the share of the words in common (NEAR to 1)."""

    quote_id: str
    how: str
    overlap: float


def find_fit(anchor: Anchor, text: str, quotes: Iterable[Mapping[str, Any]]) -> Fit | None:
    """The quote that fits best among those of one article, or None; ``text`` is the article's title or text.

    Of equally good ones, that with the same key, then the same source, then the nearest is taken. Letters' case,
    punctuation and quotation marks do not count.
    """
    words = _words(anchor.content)
    is_there = JOINT.join(text[start:end] for start, end in anchor.spans).strip() == anchor.content
    found = [
        (overlap, q["quote_id"] == anchor.quote_id, q["source"] == anchor.source, -_distance(anchor, q), q["quote_id"])
        for q in quotes
        if q["is_in_title"] == anchor.is_in_title
        and (not is_there or _touches(anchor, q))
        and (overlap := _overlap(words, _words(q["content"]))) >= NEAR
    ]
    if not found:
        return None
    overlap, is_same, *_, quote_id = max(found)
    return Fit(quote_id, "overlap" if overlap < 1 else "exact" if is_same else "same_words", overlap)


def _words(text: str) -> list[int]:
    codes: list[int] = identity(word_codes(text)).tolist()
    return codes


def _overlap(one: Sequence[int], other: Sequence[int]) -> float:
    """Words in common, in one order, over all words of both; texts without a word are equal."""
    if one == other:
        return 1.0
    shorter, longer = sorted((len(one), len(other)))
    if shorter < NEAR * longer:
        return 0.0
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    common = sum(block.size for block in blocks)
    return common / (len(one) + len(other) - common)


def _touches(anchor: Anchor, quote: Mapping[str, Any]) -> bool:
    spans = [(span["start"], span["end"]) for span in quote["content_spans"]]
    return any(start < e and s < end for start, end in spans for s, e in anchor.spans)


def _distance(anchor: Anchor, quote: Mapping[str, Any]) -> int:
    return abs(int(quote["content_spans"][0]["start"]) - anchor.spans[0][0])
