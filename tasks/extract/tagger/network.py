"""Runs the exported network over a text, a window at a time, and gives names and attributions with spans.

One window is one call: dynamic quantisation scales a whole tensor at once, so that in a batch neighbours would change
each other's labels. So nothing here depends on batches, threads, workers or the order of articles. Labels are decoded a
few windows at a time, which changes nothing but the time it takes, so memory is bounded whatever the text's length.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tasks.extract.base import Span
from tasks.extract.tagger.decode import Decoder, Floats, Found, attributions, log_softmax, spans, viterbi
from tasks.extract.tagger.encode import Window, Words, cut, split_words, window
from tasks.extract.tagger.labels import ENTITY_LABELS, ROLE_LABELS
from tasks.extract.tagger.settle import TaggedName, settle
from tasks.records import digest_of

FILES = ("model.onnx", "tokenizer.json")
DECODED_AT_ONCE = 16  # windows


class ModelError(Exception):
    """The model's files are missing, damaged or of another format; the message is one line that says what to do."""


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
        if damaged := list(damaged_files(folder)):
            raise ModelError(f"{', '.join(damaged)} in {folder} is damaged; restore it, or use the rules alone")
        onnxruntime.disable_telemetry_events()
        self.version = str(about["about"]["version"])
        self._longest = int(about["longest_window"])
        self._decoder = Decoder.from_json(about["decoder"])
        self.calibration = np.array(about["calibration"], np.float64)  # rows of what it says and how often it is right
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_mem_pattern = False  # windows differ in length, and it keeps a plan for each
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            folder / "model.onnx",
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # the fused kernel takes three times as long as its parts
        )

    def tag(self, text: str) -> Tagged:
        """The names and attributions of a text, whose spans are code point offsets into it."""
        tagged = Tagged([], [])
        words = split_words(self._tokenizer, text)
        ranges = cut(words, self._longest)
        for at in range(0, len(ranges), DECODED_AT_ONCE):
            views = [window(words, *part, self._longest) for part in ranges[at : at + DECODED_AT_ONCE]]
            self._read(words, views, tagged)
        return Tagged(settle(text, tagged.names), tagged.quotes)

    def _read(self, words: Words, views: list[Window], tagged: Tagged) -> None:
        decoder = self._decoder
        outputs = [self._run(view) for view in views]
        heads = [[at for at in view.heads if at < len(view.input_ids) - 1] for view in views]
        entities = [log_softmax(out[0][at] + decoder.entity_bias) for out, at in zip(outputs, heads, strict=True)]
        roles = [log_softmax(out[1][at] + decoder.role_bias) for out, at in zip(outputs, heads, strict=True)]
        entity_paths = viterbi(entities, decoder.entity_transitions)
        role_paths = viterbi(roles, decoder.role_transitions)
        for n, view in enumerate(views):
            for one in spans(entity_paths[n], entities[n], ENTITY_LABELS):
                tagged.names.append(TaggedName(_place(words, view, one), one.label, one.confidence))
            found = spans(role_paths[n], roles[n], ROLE_LABELS)
            places = [_place(words, view, one) for one in found]
            vectors = outputs[n][2].reshape(len(view.input_ids), 4, -1)
            for link in attributions(decoder, found, heads[n], vectors):
                content = tuple(places[i] for i in link.contents)
                cue, source = (None if i is None else places[i] for i in (link.cue, link.source))
                sure = round(float(np.interp(link.confidence, *self.calibration.T)), 3)
                tagged.quotes.append(TaggedQuote(content, cue, source, sure))

    def _run(self, view: Window) -> tuple[Floats, Floats, Floats]:
        feeds = {
            "input_ids": np.array([view.input_ids], np.int64),
            "feature_ids": np.array([view.feature_ids], np.int64),
        }
        entities, roles, links = (output[0] for output in self._session.run(None, feeds))
        return entities, roles, links


def _place(words: Words, view: Window, one: Found) -> Span:
    return Span(words.starts[view.first + one.first], words.ends[view.first + one.last - 1])


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
        if not (folder / name).is_file() or digest_of(folder / name) != sums[name]:
            yield name
