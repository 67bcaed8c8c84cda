"""Chooses the decoder's few free numbers on the dev part, by a walk over one number at a time.

The biases of ``O`` (how readily a word is nothing), ``B-source`` (how readily somebody speaks) and ``B-content`` (how
readily a content is split), and the confidence that a content without cue needs.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tasks.evaluate.measures import Counts, table
from tasks.extract.tagger.decode import Decoder, Floats
from tasks.extract.tagger.labels import ROLE_LABELS
from training.evaluate import Document, score
from training.predict import Network, Reading, decode, read
from training.prepare import read_lines

if TYPE_CHECKING:
    from tokenizers import Tokenizer

log = logging.getLogger("training")

QUOTE_AIMS = ("content.exact", "content.overlap", "content.attribution")
NAME_AIMS = ("worldwide_newswire.all",)
BIASES = (-2.5, -2.0, -1.5, -1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0)
FLOORS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.1)

Gold = list[tuple[Document, Reading]]


def tune(network: Network, decoder: Decoder, tokenizer: Tokenizer, dev: Path, longest: int = 256) -> Decoder:
    """The decoder with the numbers that serve ``QUOTE_AIMS`` and ``NAME_AIMS`` best on ``dev``."""
    gold = [
        (document, read(network, tokenizer, document["text"], longest))
        for document in read_lines(dev)
        if document["corpus"] in {"polnear", "worldwide_newswire"}
    ]
    quotes = [pair for pair in gold if pair[0]["task"] == "quotes"]
    names = [pair for pair in gold if pair[0]["task"] == "names"]
    for _ in range(2):
        for label in ("O", "B-source", "B-content"):
            at = ROLE_LABELS.index(label)
            options = [replace(decoder, role_bias=at_label(decoder.role_bias, at, value)) for value in BIASES]
            decoder = best(options, quotes, QUOTE_AIMS)
        decoder = best([replace(decoder, lone_floor=value) for value in FLOORS], quotes, QUOTE_AIMS)
    options = [replace(decoder, entity_bias=at_label(decoder.entity_bias, 0, value)) for value in BIASES]
    return best(options, names, NAME_AIMS)


def at_label(bias: Floats, label: int, value: float) -> Floats:
    """The biases with one of them changed."""
    changed = bias.copy()
    changed[label] = value
    return changed


def best(options: list[Decoder], gold: Gold, aims: tuple[str, ...]) -> Decoder:
    """The decoder whose sum of F1 over ``aims`` is largest; the first of equals."""
    sums = [total(option, gold, aims) for option in options]
    log.info("tune: %s", " ".join(f"{found:.4f}" for found in sums))
    return options[int(np.argmax(sums))]


def total(decoder: Decoder, gold: Gold, aims: tuple[str, ...]) -> float:
    """Sum of F1 over ``aims``."""
    counts: Counts = defaultdict(list)
    for document, reading in gold:
        score(document, decode(reading, decoder), counts)
    return sum(row["f1"] for row in table(counts, rounds=1) if row["measure"] in aims)
