"""A whole text through a model: windows in, code point spans out. The same for a checkpoint and for an ONNX file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tasks.extract.base import Span
from tasks.extract.tagger.decode import (
    Decoder,
    Floats,
    attributions,
    log_softmax,
    plain_decoder,
    spans,
    viterbi,
)
from tasks.extract.tagger.encode import Window, Words, cut, split_words, window
from tasks.extract.tagger.labels import ENTITY_LABELS, ROLE_LABELS
from tasks.extract.tagger.settle import TaggedName, settle

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Outputs = tuple[Floats, Floats, Floats]
Network = Callable[[Window], Outputs]


def torch_network(path: Path) -> tuple[Network, Decoder]:
    """A checkpoint, one window a call."""
    import torch

    from training.model import DISTANCE_EDGES, load

    model = load(path)

    def run(view: Window) -> Outputs:
        ids, features = (torch.tensor([row]) for row in (view.input_ids, view.feature_ids))
        with torch.inference_mode():
            entity, role, link = (output[0].numpy() for output in model(ids, features, torch.ones_like(ids)))
        return entity, role, link

    return run, plain_decoder(model.absent.detach().numpy(), model.distance.detach().numpy(), DISTANCE_EDGES)


def onnx_network(folder: Path, threads: int = 1) -> tuple[Network, Decoder]:
    """An exported folder (``model.onnx``, ``tagger.json``), one window a call."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(
        folder / "model.onnx",
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["SkipLayerNormFusion"],  # as at run time
    )

    def run(view: Window) -> Outputs:
        feeds = {"input_ids": np.array([view.input_ids]), "feature_ids": np.array([view.feature_ids])}
        entity, role, link = (output[0] for output in session.run(None, feeds))
        return entity, role, link

    return run, Decoder.from_json(json.loads((folder / "tagger.json").read_text(encoding="utf-8"))["decoder"])


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, its words and windows, and what the network said of each window."""

    text: str
    words: Words
    views: list[Window]
    outputs: list[Outputs]


def read(network: Network, tokenizer: Tokenizer, text: str, longest: int = 256) -> Reading:
    """Runs the network over a text, one window a call."""
    words = split_words(tokenizer, text)
    views = [window(words, first, last, longest) for first, last in cut(words, longest)]
    return Reading(text, words, views, [network(view) for view in views])


def decode(reading: Reading, decoder: Decoder) -> dict[str, Any]:
    """``names``: [start, end, label, confidence]; ``quotes``: lists of [start, end] a role, and ``confidence``."""
    words, outputs = reading.words, reading.outputs
    heads = [[at for at in view.heads if at < len(view.input_ids) - 1] for view in reading.views]
    names: list[TaggedName] = []
    quotes: list[dict[str, Any]] = []
    entity_scores = [log_softmax(out[0][at] + decoder.entity_bias) for out, at in zip(outputs, heads, strict=True)]
    role_scores = [log_softmax(out[1][at] + decoder.role_bias) for out, at in zip(outputs, heads, strict=True)]
    entity_paths = viterbi(entity_scores, decoder.entity_transitions)
    role_paths = viterbi(role_scores, decoder.role_transitions)
    for index, view in enumerate(reading.views):

        def place(first: int, last: int, base: int = view.first) -> list[int]:
            return [words.starts[base + first], words.ends[base + last - 1]]

        found = spans(entity_paths[index], entity_scores[index], ENTITY_LABELS)
        names += (TaggedName(Span(*place(name.first, name.last)), name.label, name.confidence) for name in found)
        roles = spans(role_paths[index], role_scores[index], ROLE_LABELS)
        vectors = outputs[index][2].reshape(len(view.input_ids), 4, -1)
        for one in attributions(decoder, roles, heads[index], vectors):
            chosen = {"content": one.contents, "cue": one.cue, "source": one.source}
            quote: dict[str, Any] = {"confidence": round(one.confidence, 4)}
            for role, picks in chosen.items():
                some = () if picks is None else picks if isinstance(picks, tuple) else (picks,)
                quote[role] = [place(roles[i].first, roles[i].last) for i in some]
            quotes.append(quote)
    settled = settle(reading.text, names)
    return {"names": [[*n.span, n.label, round(n.confidence, 4)] for n in settled], "quotes": quotes}


def predict(network: Network, decoder: Decoder, tokenizer: Tokenizer, text: str, longest: int = 256) -> dict[str, Any]:
    """``read``, then ``decode``."""
    return decode(read(network, tokenizer, text, longest), decoder)
