"""Calibrates the confidence of attributions on the dev part, and draws how far it can be relied on.

The curve runs through tenths of the attributions, after the quotation layer has checked them. What is drawn is honest:
the articles are dealt into five hands, and each hand is judged by a curve made of the other four.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasks.evaluate.measures import agrees, matched
from tasks.extract.discourse import attribute
from tasks.extract.fuse import fuse
from tasks.extract.quotations import scan
from tasks.extract.tagger.network import Network
from training.evaluate import prepared
from training.plot import reliability
from training.prepare import read_lines

TENTHS, HANDS = 10, 5
IDENTITY = np.array([[0.0, 0.0], [1.0, 1.0]])
Judged = NDArray[np.float64]  # [attributions, 2]: what the network says, and whether it is right


def calibrate(folder: Path, dev: Path, chart: Path) -> list[dict[str, float]]:
    """Puts the curve into ``tagger.json``, writes the chart, and returns its rows: says, right, low, high, n."""
    network = Network(folder)
    network.calibration = IDENTITY
    articles = [judge(network, document) for document in read_lines(dev) if document["task"] == "quotes"]
    path = folder / "tagger.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["calibration"] = curve(np.vstack(articles)).round(3).tolist()
    path.write_text(json.dumps(stored, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")
    rows = list(relied_on(articles))
    reliability(rows, chart)
    return rows


def judge(network: Network, document: dict[str, Any]) -> Judged:
    """For each attribution that the network found its confidence, and whether content and source are right."""
    text = document["text"]
    quotations = scan(text)
    made = fuse(text, quotations, network.tag(text).quotes, attribute(text, quotations))
    sure = [one for one in made if one.confidence is not None]
    found = [{"content": one.content, "source": [one.source] if one.source else [], "cue": []} for one in sure]
    gold, sets = prepared(text, document["attributions"]), prepared(text, found)
    right = {j for _, j in matched(gold, sets, agrees)}
    return np.array([(one.confidence, j in right) for j, one in enumerate(sure)], np.float64).reshape(-1, 2)


def curve(judged: Judged) -> Judged:
    """[12, 2]: the mean confidence and the share right of each tenth, never falling, with ends at 0 and 1."""
    tenths = np.array_split(judged[judged[:, 0].argsort(kind="stable")], TENTHS)
    points = np.array([tenth.mean(0) for tenth in tenths])
    points[:, 1] = np.maximum.accumulate(points[:, 1])
    low, high = points[0, 1] / 2, points[-1, 1]
    return np.vstack([(0.0, low), points, (1.0, high)])


def relied_on(articles: Sequence[Judged], rounds: int = 1000) -> Iterator[dict[str, float]]:
    """For each tenth of calibrated confidence the share right, with a 95 % interval by bootstrap over articles."""
    said = []
    for n, article in enumerate(articles):
        others = [other for m, other in enumerate(articles) if m % HANDS != n % HANDS]
        said.append(np.interp(article[:, 0], *curve(np.vstack(others)).T))
    every = np.concatenate(said)
    edges = np.quantile(every, np.linspace(0, 1, TENTHS + 1))
    rng = np.random.default_rng(0)
    for low, high in pairwise(edges):
        picks = [(s >= low) & ((s < high) | (high == edges[-1])) for s in said]
        counts = np.array([(article[pick, 1].sum(), pick.sum()) for article, pick in zip(articles, picks, strict=True)])
        drawn = counts[rng.integers(0, len(counts), (rounds, len(counts)))].sum(1)
        shares = drawn[:, 0] / np.maximum(drawn[:, 1], 1)
        right, total = counts.sum(0)
        yield {
            "says": float(np.concatenate([s[pick] for s, pick in zip(said, picks, strict=True)]).mean()),
            "right": float(right / max(total, 1)),
            "low": float(np.percentile(shares, 2.5)),
            "high": float(np.percentile(shares, 97.5)),
            "n": int(total),
        }
