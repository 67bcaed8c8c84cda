"""Compares the quotes of a lake with gold: figures by kind and by how the speaker was found, and what went wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tasks.evaluate.gold import GoldQuote, Span
from tasks.evaluate.measures import (
    ROUNDS,
    SEED,
    Counts,
    kind_of,
    matched,
    overlaps,
    same_content,
    shared,
    table,
    word_places,
    word_set,
)
from tasks.extract.rows import JOINT
from tasks.identity.forms import fold
from tasks.identity.people import parse_person

_Places = Mapping[str, Sequence[tuple[int, int]]]  # of the words of title and text

KINDS = ("direct", "mixed", "indirect")
VERDICTS = ("right", "partial", "wrong")


@dataclass(slots=True)
class Scores:
    """What has been counted so far.

    ``has_speakers`` and ``has_sources`` say whether the gold tells them. ``counts`` are right, predicted and gold by
    measure and article; ``speakers`` VERDICTS by group and article; ``missed``, ``false`` and ``wrong`` are what went
    wrong.
    """

    has_speakers: bool
    has_sources: bool

    counts: Counts = field(default_factory=lambda: defaultdict(list))
    speakers: list[dict[str, dict[str, int]]] = field(default_factory=list)
    missed: list[dict[str, Any]] = field(default_factory=list)
    false: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self,
        article: Mapping[str, Any],
        gold: Sequence[tuple[GoldQuote, Sequence[Span]]],
        none: Sequence[tuple[GoldQuote, Sequence[Span]]],
        rows: Iterable[Mapping[str, Any]],
        is_complete: bool = True,
    ) -> None:
        """Compares one article: gold quotes, and words that are ``none``, with their spans; and its rows of quotes.

        The rows have ``aliases`` too: the names of their speaker's entity. Where the gold is not complete, only rows
        that touch a gold quote, or words that are none, are judged.
        """
        places = {place: word_places(article[place]) for place in ("title", "text")}
        golds = [_gold(quote, spans, article, places) for quote, spans in gold]
        founds = [_found(row, places) for row in rows]
        if not is_complete:
            known = [*golds, *(_gold(quote, spans, article, places) for quote, spans in none)]
            founds = [f for f in founds if any(g["content"] & f["content"] for g in known)]
        self._count(golds, founds)
        pairs = matched(golds, founds, overlaps)
        about = {"article_id": article["article_id"], "title": article["title"]}
        self._speakers(about, [(golds[i], founds[j]) for i, j in pairs])
        hit_golds, hit_founds = {i for i, _ in pairs}, {j for _, j in pairs}
        self.missed += [about | _shown(g) for i, g in enumerate(golds) if i not in hit_golds]
        self.false += [about | _shown(f) for j, f in enumerate(founds) if j not in hit_founds]

    def _count(self, golds: list[dict[str, Any]], founds: list[dict[str, Any]]) -> None:
        left, right = (frozenset().union(*(one["content"] for one in side)) for side in (golds, founds))
        self.counts["content, words"].append((len(left & right), len(right), len(left)))
        for kind in ("", *KINDS):
            sides = [[one for one in side if not kind or one["kind"] == kind] for side in (golds, founds)]
            n_found, n_gold = len(sides[1]), len(sides[0])
            measures = [
                ("content, exact", same_content),
                ("content", overlaps),
            ]
            if self.has_speakers:
                measures.append(("content and speaker", _agree_on_speaker))
            if self.has_sources:
                measures.append(("content and source", _agree_on_source))
            for measure, fits in measures:
                name = f"{kind} {measure}".strip()
                self.counts[name].append((len(matched(sides[0], sides[1], fits)), n_found, n_gold))

    def _speakers(self, about: dict[str, Any], pairs: Iterable[tuple[dict[str, Any], dict[str, Any]]]) -> None:
        here: dict[str, dict[str, int]] = {}
        for gold, found in pairs:
            judged = verdict(gold, found)
            if judged is None:
                continue
            for group in ("all", gold["kind"], f"found by {found['resolution'] or 'unknown'}"):
                here.setdefault(group, dict.fromkeys(VERDICTS, 0))[judged] += 1
            if judged != "right":
                wrong = {"gold_speaker": gold["speaker"], "verdict": judged}
                self.wrong.append(about | _shown(found) | wrong)
        self.speakers.append(here)

    def report(self, n_examples: int) -> dict[str, Any]:
        """The figures and the worst examples: false and wrong ones by confidence, missed ones by length."""

        def worst(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
            order = sorted(
                rows, key=lambda r: (-(r["confidence"] or 0), -len(r["content"]), r["article_id"], r["content"])
            )
            return order[:n_examples]

        return {
            "quotes": table(self.counts) if self.counts else [],
            "speakers": speaker_table(self.speakers),
            "n_missed": len(self.missed),
            "n_false": len(self.false),
            "n_wrong_speaker": len(self.wrong),
            "missed": worst(self.missed),
            "false": worst(self.false),
            "wrong_speaker": worst(self.wrong),
        }


def verdict(gold: Mapping[str, Any], found: Mapping[str, Any]) -> str | None:
    """One of VERDICTS on the speaker of a quote that was found; None where gold does not say who speaks.

    A name is right in any form that leads to the same entity, and whatever its titles and middle initials; partial
    where it is only a part of the gold's.
    """
    if not gold["has_speaker"]:
        return None
    if gold["speaker"] is None or found["speaker"] is None:
        return "right" if gold["speaker"] is found["speaker"] else "wrong"
    if fold(gold["speaker"]) in {fold(alias) for alias in (found["speaker"], *found["aliases"])}:
        return "right"
    left, right = _name_words(gold["speaker"]), _name_words(found["speaker"])
    return "right" if left == right else "partial" if set(right) < set(left) else "wrong"


def _name_words(name: str) -> tuple[str, ...]:
    words = [word for word in parse_person(name).words if word != "the"]
    return tuple(w for k, w in enumerate(words) if len(w) > 1 or not 0 < k < len(words) - 1)


def speaker_table(articles: Sequence[Mapping[str, Mapping[str, int]]]) -> list[dict[str, Any]]:
    """A row a group: the number judged, the share right with its 95 % interval over resampled articles, and partial."""
    groups = sorted({group for article in articles for group in article}, key=_order)
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(0, max(1, len(articles)), (ROUNDS, len(articles)))
    rows = []
    for group in groups:
        values = np.array([[article.get(group, {}).get(name, 0) for name in VERDICTS] for article in articles])
        right, partial, wrong = values.sum(0)
        sums = values[drawn].sum(1)
        totals = sums.sum(1)
        low, high = np.percentile((sums[:, 0] / np.maximum(1, totals))[totals > 0], (2.5, 97.5))
        n = right + partial + wrong
        rows.append(
            {
                "group": group,
                "n": int(n),
                "right": float(right / n),
                "low": float(low),
                "high": float(high),
                "partial": float(partial / n),
            }
        )
    return rows


def _order(group: str) -> tuple[int, str]:
    return (("all", *KINDS).index(group) if group in ("all", *KINDS) else 9), group


def _agree_on_speaker(gold: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """As overlaps, and the speaker is right, unless gold has no say."""
    return overlaps(gold, found) and verdict(gold, found) in (None, "right")


def _agree_on_source(gold: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """As overlaps, and the sources share at least half of their words, or both have none; unless gold has no say."""
    if not overlaps(gold, found) or not gold["has_source"]:
        return overlaps(gold, found)
    left, right = (frozenset(fold(side["source"] or "").split()) for side in (gold, found))
    return bool(left) == bool(right) and shared(left, right) >= 0.5


def _gold(quote: GoldQuote, spans: Sequence[Span], article: Mapping[str, Any], places: _Places) -> dict[str, Any]:
    is_in_title = quote.is_in_title is True
    text = article["title" if is_in_title else "text"]
    return {
        "content": _words(spans, places, is_in_title),
        "words": JOINT.join(text[start:end] for start, end in spans),
        "kind": quote.kind or kind_of(text, spans),
        "has_speaker": "speaker" in quote.model_fields_set,
        "speaker": quote.speaker,
        "has_source": "source" in quote.model_fields_set,
        "source": quote.source,
    }


def _found(row: Mapping[str, Any], places: _Places) -> dict[str, Any]:
    spans = [(span["start"], span["end"]) for span in row["content_spans"]]
    return {**row, "content": _words(spans, places, row["is_in_title"]), "words": row["content"]}


def _words(spans: Sequence[Span], places: _Places, is_in_title: bool) -> frozenset[tuple[bool, int]]:
    """The words that the spans touch, those of the title apart from those of the text."""
    found = word_set(places["title" if is_in_title else "text"], spans)
    return frozenset((is_in_title, index) for index in found)


def _shown(one: Mapping[str, Any]) -> dict[str, Any]:
    names = ("quote_id", "kind", "speaker", "resolution", "rule", "confidence")
    return {"content": one["words"]} | {name: one.get(name) for name in names}
