"""Measures of quotation attribution: what counts as the same content, and figures with their intervals.

Words are runs of letters and digits; a content, source or cue is the set of words it touches, so punctuation never
counts. Attributions are matched one to one, greedily by the shared part of their contents' words. Measures and names
are those of the PARC 3 and PolNeAR corpora (Pareti 2016; Newell, Margolin and Ruths 2018).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

ROUNDS = 1000  # of the bootstrap
SEED = 20
Spans = Iterable[Sequence[int]]
Counts = dict[str, list[tuple[int, int, int]]]  # measure -> per article: right, predicted, gold

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_OPEN, _CLOSE = "\"“‘'«„", "\"”’'»"
_QUOTED = re.compile(r"[\"“«„][^\"”»]{2,}[\"”»]")


def word_places(text: str) -> list[tuple[int, int]]:
    """Where the words of a text begin and end."""
    return [match.span() for match in _WORD.finditer(text)]


def word_set(places: Sequence[tuple[int, int]], spans: Spans) -> frozenset[int]:
    """Indices of the words that the spans touch."""
    return frozenset(i for start, end in spans for i, (a, b) in enumerate(places) if a < end and b > start)


def kind_of(text: str, content: Sequence[Sequence[int]]) -> str:
    """``direct`` if quotation marks enclose the whole, ``mixed`` if they enclose some of it, else ``indirect``."""
    start, end = content[0][0], content[-1][1]
    body = text[start:end].strip().rstrip(".,;")
    lead, tail = text[max(0, start - 1) : start + 1], text[end - 1 : end + 2]
    if (body[:1] in _OPEN or lead[:1] in _OPEN) and any(char in _CLOSE for char in body[-2:] + tail):
        return "direct"
    return "mixed" if any(_QUOTED.search(text[s : e + 1]) for s, e in content) else "indirect"


def shared(left: frozenset[Any], right: frozenset[Any]) -> float:
    """Intersection over union; 1 for two empty sets."""
    return len(left & right) / len(left | right) if left | right else 1.0


def matched(
    gold: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]], fits: Callable[[Any, Any], bool]
) -> list[tuple[int, int]]:
    """Which gold and predicted attributions pair up, one to one, best shared content first."""
    pairs = [(shared(g["content"], f["content"]), i, j) for i, g in enumerate(gold) for j, f in enumerate(found)]
    used: set[tuple[str, int]] = set()
    kept = []
    for score, i, j in sorted(pairs, reverse=True):
        if score > 0 and not {("gold", i), ("found", j)} & used and fits(gold[i], found[j]):
            used |= {("gold", i), ("found", j)}
            kept.append((i, j))
    return kept


def same_content(gold: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """The contents have the same words."""
    return bool(gold["content"] == found["content"])


def overlaps(gold: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """At least half of the contents' words are shared."""
    return shared(gold["content"], found["content"]) >= 0.5


def agrees(gold: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """As ``overlaps``, and so for the source, or both have none."""
    left, right = gold["source"], found["source"]
    return overlaps(gold, found) and bool(left) == bool(right) and shared(left, right) >= 0.5


def f1(right: Any, predicted: Any, gold: Any) -> Any:
    """Micro F1 of counts or arrays of counts."""
    return 2 * right / np.maximum(1, predicted + gold)


def table(counts: Counts, rounds: int = ROUNDS, seed: int = SEED) -> list[dict[str, Any]]:
    """A row a measure: precision, recall, F1, its 95 % interval over resampled articles, and the counts."""
    rng = np.random.default_rng(seed)
    rows = []
    for measure, articles in counts.items():
        values = np.array(articles)
        right, predicted, gold = values.sum(0)
        drawn = values[rng.integers(0, len(values), (rounds, len(values)))].sum(1)
        low, high = np.percentile(f1(*drawn.T), (2.5, 97.5))
        rows.append(
            {
                "measure": measure,
                "p": float(right / max(1, predicted)),
                "r": float(right / max(1, gold)),
                "f1": float(f1(right, predicted, gold)),
                "low": float(low),
                "high": float(high),
                "gold": int(gold),
                "articles": len(values),
            }
        )
    return rows
