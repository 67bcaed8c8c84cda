"""Model outputs to spans and attributions, in numpy only: the reference for the runtime.

Viterbi finds the best legal BIO path; then every content part picks its cue and every cue its source, or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasks.extract.tagger.labels import ENTITY_LABELS, ROLE_LABELS, legal

Pair = tuple[int, int]
Floats = NDArray[np.float32]
FORBIDDEN = -1e4
LONE_FLOOR = 0.8  # tuned on the dev part


@dataclass(frozen=True, slots=True)
class Decoder:
    """What decoding needs besides the network: transition scores, label biases and the link head's parameters.

    ``absent`` [2, link] and ``distance`` [2, 16] belong to content → cue and cue → source; ``edges`` part distances;
    a content without cue counts only if its confidence is at least ``lone_floor``.
    """

    entity_transitions: Floats
    role_transitions: Floats
    entity_bias: Floats
    role_bias: Floats
    absent: Floats
    distance: Floats
    edges: tuple[int, ...]
    lone_floor: float = LONE_FLOOR

    def as_json(self) -> dict[str, Any]:
        """Plain numbers and lists under the field names."""
        return {name: np.asarray(getattr(self, name)).tolist() for name in self.__slots__}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Decoder:
        """The inverse of ``as_json``; keys it does not know are left out."""
        scalars = {"edges", "lone_floor"}
        floats = {name: np.asarray(stored[name], np.float32) for name in cls.__slots__ if name not in scalars}
        return cls(**floats, edges=tuple(stored["edges"]), lone_floor=stored["lone_floor"])


@dataclass(frozen=True, slots=True)
class Found:
    """A span of words, half open, within a window, and the mean probability of its labels."""

    label: str
    first: int
    last: int
    confidence: float


def transitions(labels: tuple[str, ...]) -> Floats:
    """[labels + 1, labels]: 0 where legal, else ``FORBIDDEN``; the last row is the start of a window."""
    table = np.where(np.array(legal(labels)), 0.0, FORBIDDEN)
    return np.vstack([table, table[0]]).astype(np.float32)


def log_softmax(logits: Floats) -> Floats:
    """Over the last axis."""
    shifted = logits - logits.max(-1, keepdims=True)
    scores: Floats = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return scores


def viterbi(scores: Sequence[Floats], table: Floats) -> list[NDArray[np.intp]]:
    """The best path of each window (``scores[w]`` is [words, labels]), all windows in one pass over the words."""
    longest = max((len(window) for window in scores), default=0)
    if not longest:
        return [np.zeros(0, np.intp) for _ in scores]
    padded = np.zeros((longest, len(scores), table.shape[1]), np.float32)
    for row, window in enumerate(scores):
        padded[: len(window), row] = window
    arrows = table[:-1]
    best = padded[0] + table[-1]
    came = np.zeros(padded.shape, np.intp)
    every = np.zeros(padded.shape, np.float32)
    every[0] = best
    for at in range(1, longest):
        paths = best[:, :, None] + arrows
        came[at] = paths.argmax(1)
        best = paths.max(1) + padded[at]
        every[at] = best
    found = []
    for row, window in enumerate(scores):
        path = np.zeros(len(window), np.intp)
        if len(window):
            path[-1] = every[len(window) - 1, row].argmax()
            for at in range(len(window) - 1, 0, -1):
                path[at - 1] = came[at, row, path[at]]
        found.append(path)
    return found


def spans(path: NDArray[np.intp], scores: Floats, labels: tuple[str, ...]) -> list[Found]:
    """The spans of a legal path; ``scores`` are log probabilities [words, labels]."""
    found = []
    begins = [at for at, label in enumerate(path) if label % 2 == 1]
    for first in begins:
        last = first + 1
        while last < len(path) and path[last] == path[first] + 1:
            last += 1
        sure = float(np.exp(scores[np.arange(first, last), path[first:last]]).mean())
        found.append(Found(labels[path[first]][2:], first, last, sure))
    return found


def link(decoder: Decoder, kind: int, vectors: Floats, heads: Sequence[Pair], others: Sequence[Pair]) -> Floats:
    """Log probabilities [heads, others + 1], the last column for none.

    ``vectors`` is the model's third output reshaped to [positions, 4, link]; spans are first and last word's positions.
    """
    size = vectors.shape[-1]
    left = np.array(heads, np.intp).reshape(-1, 2)
    right = np.array(others, np.intp).reshape(-1, 2)
    mine = vectors[left, 2 * kind].mean(1)
    theirs = vectors[right, 2 * kind + 1].mean(1)
    gaps = np.maximum(right[None, :, 0] - left[:, None, 1], 0) - np.maximum(left[:, None, 0] - right[None, :, 1], 0)
    bucket = np.searchsorted(np.array(decoder.edges), np.abs(gaps), side="right") + (len(decoder.edges) + 1) * (
        gaps > 0
    )
    scores = mine @ theirs.T / np.sqrt(size) + decoder.distance[kind][bucket]
    none = mine @ decoder.absent[kind] / np.sqrt(size)
    return log_softmax(np.concatenate([scores, none[:, None]], 1))


@dataclass(frozen=True, slots=True)
class Attribution:
    """Contents that share a cue, in order, the cue and its source, as indices into the window's role spans."""

    contents: tuple[int, ...]
    cue: int | None
    source: int | None
    confidence: float


def attributions(decoder: Decoder, roles: list[Found], heads: Sequence[int], vectors: Floats) -> list[Attribution]:
    """Groups a window's role spans: a content without cue stands alone, without source; a cue alone is dropped."""
    place = {role: [i for i, span in enumerate(roles) if span.label == role] for role in ("source", "cue", "content")}
    ends = [(heads[span.first], heads[span.last - 1]) for span in roles]
    contents, cues, sources = ([ends[i] for i in place[role]] for role in ("content", "cue", "source"))
    if not contents:
        return []
    to_cue = link(decoder, 0, vectors, contents, cues)
    to_source = link(decoder, 1, vectors, cues, sources)
    groups: dict[int, list[int]] = {}
    made = []
    for row, index in enumerate(place["content"]):
        pick = int(to_cue[row].argmax())
        if pick == len(cues):
            if roles[index].confidence >= decoder.lone_floor:
                made.append(Attribution((index,), None, None, roles[index].confidence))
        else:
            groups.setdefault(pick, []).append(row)
    for pick, rows in groups.items():
        source = int(to_source[pick].argmax())
        sure = float(np.exp(to_cue[rows, pick].mean() + to_source[pick, source]))
        parts = tuple(place["content"][row] for row in rows)
        sure *= float(np.mean([roles[i].confidence for i in parts]))
        speaker = place["source"][source] if source < len(sources) else None
        made.append(Attribution(parts, place["cue"][pick], speaker, sure))
    return sorted(made, key=lambda one: roles[one.contents[0]].first)


def plain_decoder(absent: Floats, distance: Floats, edges: tuple[int, ...]) -> Decoder:
    """A decoder with legal transitions only and no biases."""
    return Decoder(
        transitions(ENTITY_LABELS),
        transitions(ROLE_LABELS),
        np.zeros(len(ENTITY_LABELS), np.float32),
        np.zeros(len(ROLE_LABELS), np.float32),
        absent,
        distance,
        edges,
    )
