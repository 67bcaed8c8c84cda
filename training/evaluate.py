"""Figures on the dev parts: one table per kind and label, with 95 % intervals by bootstrap over articles.

The measures are those of tasks.evaluate.measures.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.evaluate.measures import (
    Counts,
    agrees,
    kind_of,
    matched,
    overlaps,
    same_content,
    table,
    word_places,
    word_set,
)
from tasks.extract.tagger.decode import Decoder
from training.predict import Network, predict
from training.prepare import read_lines

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Document = dict[str, Any]
ROLES = ("content", "source", "cue")


def prepared(text: str, items: list[Document]) -> list[dict[str, Any]]:
    """The attributions that have content, their roles as sets of words, with the kind."""
    places = word_places(text)
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
    for kind in ("", "direct", "mixed", "indirect"):
        sides = [[one for one in side if not kind or one["kind"] == kind] for side in (golds, founds)]
        for measure, fits in (("exact", same_content), ("overlap", overlaps), ("attribution", agrees)):
            name = f"{kind or 'content'}.{measure}"
            counts[name].append((len(matched(*sides, fits)), len(sides[1]), len(sides[0])))


def score_names(text: str, gold: list[list[Any]], found: list[list[Any]], counts: Counts, corpus: str) -> None:
    """Adds one article's counts of names with the same words and label. MISC is apart from the total."""
    places = word_places(text)
    left, right = ({(label, word_set(places, [[s, e]])) for s, e, label, *_ in side} for side in (gold, found))
    for label in ("PER", "ORG", "LOC", "MISC", "all"):
        wanted = ("PER", "ORG", "LOC") if label == "all" else (label,)
        golds, founds = ({one for one in side if one[0] in wanted} for side in (left, right))
        counts[f"{corpus}.{label}"].append((len(golds & founds), len(founds), len(golds)))


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
