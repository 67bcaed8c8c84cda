"""Figures on the dev parts: one table per kind and label, with 95 % intervals by bootstrap over articles.

Words are runs of letters and digits; a content, source or cue is the set of words it touches, so punctuation never
counts. Attributions are matched one to one, greedily by the shared part of their contents' words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tasks.extract.tagger.decode import Decoder
from training.predict import Network, predict
from training.prepare import read_lines

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Document = dict[str, Any]
Counts = dict[str, list[tuple[int, int, int]]]  # measure -> per article: right, predicted, gold

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_OPEN, _CLOSE = "\"“‘'«„", "\"”’'»"
_QUOTED = re.compile(r"[\"“«„][^\"”»]{2,}[\"”»]")
ROLES = ("content", "source", "cue")


def word_set(text_words: list[tuple[int, int]], spans: Iterable[list[int]]) -> frozenset[int]:
    """Indices of the words that the spans touch."""
    return frozenset(i for start, end in spans for i, (a, b) in enumerate(text_words) if a < end and b > start)


def kind_of(text: str, content: list[list[int]]) -> str:
    """``direct`` if quotation marks enclose the whole, ``mixed`` if they enclose some of it, else ``indirect``."""
    start, end = content[0][0], content[-1][1]
    body = text[start:end].strip().rstrip(".,;")
    lead, tail = text[max(0, start - 1) : start + 1], text[end - 1 : end + 2]
    if (body[:1] in _OPEN or lead[:1] in _OPEN) and any(char in _CLOSE for char in body[-2:] + tail):
        return "direct"
    return "mixed" if any(_QUOTED.search(text[s : e + 1]) for s, e in content) else "indirect"


def shared(left: frozenset[int], right: frozenset[int]) -> float:
    """Intersection over union; 1 for two empty sets."""
    return len(left & right) / len(left | right) if left | right else 1.0


def matched(
    gold: list[dict[str, Any]], found: list[dict[str, Any]], fits: Callable[[Any, Any], bool]
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


def overlaps(gold: dict[str, Any], found: dict[str, Any]) -> bool:
    """At least half of the contents' words are shared."""
    return shared(gold["content"], found["content"]) >= 0.5


def agrees(gold: dict[str, Any], found: dict[str, Any]) -> bool:
    """As ``overlaps``, and so for the source, or both have none."""
    left, right = gold["source"], found["source"]
    return overlaps(gold, found) and bool(left) == bool(right) and shared(left, right) >= 0.5


def prepared(text: str, items: list[Document]) -> list[dict[str, Any]]:
    """The attributions that have content, their roles as sets of words, with the kind."""
    places = [match.span() for match in _WORD.finditer(text)]
    return [
        {role: word_set(places, item[role]) for role in ROLES} | {"kind": kind_of(text, item["content"])}
        for item in items
        if item["content"]
    ]


def score_quotes(text: str, gold: list[Document], found: list[Document], counts: Counts) -> None:
    """Adds one article's counts for every measure of attributions."""
    golds, founds = prepared(text, gold), prepared(text, found)
    for role in ROLES:
        left, right = (frozenset().union(*(one[role] for one in side)) for side in (golds, founds))
        counts[f"{role}.token"].append((len(left & right), len(right), len(left)))
    exact: Callable[[Any, Any], bool] = lambda g, f: g["content"] == f["content"]  # noqa: E731
    for kind in ("", "direct", "mixed", "indirect"):
        sides = [[one for one in side if not kind or one["kind"] == kind] for side in (golds, founds)]
        for measure, fits in (("exact", exact), ("overlap", overlaps), ("attribution", agrees)):
            name = f"{kind or 'content'}.{measure}"
            counts[name].append((len(matched(*sides, fits)), len(sides[1]), len(sides[0])))


def score_names(text: str, gold: list[list[Any]], found: list[list[Any]], counts: Counts, corpus: str) -> None:
    """Adds one article's counts of names with the same words and label. MISC is apart from the total."""
    places = [match.span() for match in _WORD.finditer(text)]
    left, right = ({(label, word_set(places, [[s, e]])) for s, e, label, *_ in side} for side in (gold, found))
    for label in ("PER", "ORG", "LOC", "MISC", "all"):
        wanted = ("PER", "ORG", "LOC") if label == "all" else (label,)
        golds, founds = ({one for one in side if one[0] in wanted} for side in (left, right))
        counts[f"{corpus}.{label}"].append((len(golds & founds), len(founds), len(golds)))


def f1(right: Any, predicted: Any, gold: Any) -> Any:
    """Micro F1 of counts or arrays of counts."""
    return 2 * right / np.maximum(1, predicted + gold)


def table(counts: Counts, rounds: int = 1000, seed: int = 20) -> list[dict[str, Any]]:
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
                "p": right / max(1, predicted),
                "r": right / max(1, gold),
                "f1": float(f1(right, predicted, gold)),
                "low": float(low),
                "high": float(high),
                "gold": int(gold),
                "articles": len(values),
            }
        )
    return rows


def as_markdown(rows: list[dict[str, Any]]) -> str:
    """The table for a document."""
    lines = ["| measure | P | R | F1 | 95 % | gold | articles |", "|---|---|---|---|---|---|---|"]
    lines += [
        f"| {row['measure']} | {row['p']:.3f} | {row['r']:.3f} | {row['f1']:.3f} | {row['low']:.3f}–{row['high']:.3f} "
        f"| {row['gold']} | {row['articles']} |"
        for row in rows
    ]
    return "\n".join(lines)


def evaluate(
    network: Network, decoder: Decoder, tokenizer: Tokenizer, dev: Path, longest: int = 256
) -> list[dict[str, Any]]:
    """Predicts every dev document and returns the table's rows."""
    counts: Counts = defaultdict(list)
    for document in read_lines(dev):
        score(document, predict(network, decoder, tokenizer, document["text"], longest), counts)
    return table(counts)


def score(document: Document, found: dict[str, Any], counts: Counts) -> None:
    """Adds the counts of a gold document and what ``predict`` found in it."""
    if document["task"] == "quotes":
        score_quotes(document["text"], document["attributions"], found["quotes"], counts)
    else:
        score_names(document["text"], document["names"], found["names"], counts, document["corpus"])
