"""Runs the exported network over a text, a window at a time, and gives names and attributions with spans.

One window is one call: dynamic quantisation scales a whole tensor at once, so that in a batch neighbours would change
each other's labels. So nothing here depends on batches, threads, workers or the order of articles, and memory is
bounded by the window.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tasks.extract.base import Span
from tasks.extract.tagger.decode import Decoder, Floats, Found, attributions, log_softmax, spans, viterbi
from tasks.extract.tagger.encode import Window, Words, cut, split_words, window
from tasks.extract.tagger.labels import ENTITY_LABELS, ROLE_LABELS

FILES = ("model.onnx", "tokenizer.json")
FORMAT = 1  # of the exported folder


class ModelError(Exception):
    """The model's files are missing, damaged or of another format; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class TaggedName:
    """A name that the tagger saw: its span, PER, ORG, LOC or MISC, and the mean probability of its labels."""

    span: Span
    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class TaggedQuote:
    """An attribution that the tagger saw: spans of content in order, cue and source or None.

    ``confidence`` is the share of such attributions whose content and source are right, as calibrated on articles that
    the network was not trained on.
    """

    content: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Tagged:
    """What the tagger saw in one text, in the order of the text."""

    names: list[TaggedName]
    quotes: list[TaggedQuote]


class Network:
    """The network of a model's folder, ready to run in this process, on one thread."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        about = read_manifest(folder)
        onnxruntime.disable_telemetry_events()
        self.version = str(about["about"]["version"])
        self._longest = int(about["longest_window"])
        self._decoder = Decoder.from_json(about["decoder"])
        self._calibration = np.array(about["calibration"], np.float64).T  # what it says, and how often it is right
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            (folder / "model.onnx").read_bytes(), options, providers=["CPUExecutionProvider"]
        )

    def tag(self, text: str) -> Tagged:
        """The names and attributions of a text, whose spans are code point offsets into it."""
        tagged = Tagged([], [])
        words = split_words(self._tokenizer, text)
        for first, last in cut(words, self._longest):
            view = window(words, first, last, self._longest)
            self._read(words, view, tagged)
        return Tagged(same_label(text, tagged.names), tagged.quotes)

    def _read(self, words: Words, view: Window, tagged: Tagged) -> None:
        entities, roles, links = self._run(view)
        heads = [at for at in view.heads if at < len(view.input_ids) - 1]
        decoder = self._decoder

        def span(one: Found) -> Span:
            return Span(words.starts[view.first + one.first], words.ends[view.first + one.last - 1])

        scores = log_softmax(entities[heads] + decoder.entity_bias)
        (path,) = viterbi([scores], decoder.entity_transitions)
        for one in spans(path, scores, ENTITY_LABELS):
            tagged.names.append(TaggedName(span(one), one.label, one.confidence))
        scores = log_softmax(roles[heads] + decoder.role_bias)
        (path,) = viterbi([scores], decoder.role_transitions)
        found = spans(path, scores, ROLE_LABELS)
        vectors = links.reshape(len(view.input_ids), 4, -1)
        for link in attributions(decoder, found, heads, vectors):
            tagged.quotes.append(
                TaggedQuote(
                    tuple(span(found[i]) for i in link.contents),
                    None if link.cue is None else span(found[link.cue]),
                    None if link.source is None else span(found[link.source]),
                    round(float(np.interp(link.confidence, *self._calibration)), 3),
                )
            )

    def _run(self, view: Window) -> tuple[Floats, Floats, Floats]:
        feeds = {
            "input_ids": np.array([view.input_ids], np.int64),
            "feature_ids": np.array([view.feature_ids], np.int64),
        }
        entities, roles, links = (output[0] for output in self._session.run(None, feeds))
        return entities, roles, links


def same_label(text: str, names: list[TaggedName]) -> list[TaggedName]:
    """All names that read the same, case apart, get the label that the tagger was surest of over the whole text.

    That is the label with the largest sum of fourth powers of confidence; the earlier one in a tie.
    """
    votes: dict[str, dict[str, float]] = {}
    for name in names:
        ballot = votes.setdefault(text[name.span.start : name.span.end].casefold(), {})
        ballot[name.label] = ballot.get(name.label, 0.0) + name.confidence**4
    winners = {form: max(ballot, key=lambda label: ballot[label]) for form, ballot in votes.items()}
    return [replace(n, label=winners[text[n.span.start : n.span.end].casefold()]) for n in names]


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a model's ``tagger.json`` says of it; raises ModelError."""
    try:
        about: dict[str, Any] = json.loads((folder / "tagger.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"no press tagger in {folder} ({error}); restore the folder, or use the rules alone") from None
    if tuple(about.get("entity_labels", ())) != ENTITY_LABELS or tuple(about.get("role_labels", ())) != ROLE_LABELS:
        raise ModelError(f"the press tagger in {folder} has other labels than this version reads")
    return about


def damaged_files(folder: Path) -> Iterator[str]:
    """The names of the model's files whose SHA-256 is not the one in its ``tagger.json``; raises ModelError."""
    sums = read_manifest(folder)["sha256"]
    for name in FILES:
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sums[name]:
            yield name
