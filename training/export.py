"""Exports a checkpoint to a folder that the runtime reads: int8 ONNX, the decoder's numbers, the tokenizer.

The graph takes one window a call. Attention is fused before quantisation, which ONNX Runtime does only for a graph in
the shape that ``Layer.exporting`` gives it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from tasks.extract.tagger.decode import Decoder
from tasks.extract.tagger.features import CASES, QUOTES
from tasks.extract.tagger.labels import ENTITY_LABELS, ROLE_LABELS
from training.model import LINKS, Layer, Tagger, load


class OneWindow(nn.Module):
    """The tagger with its feature tables folded into one."""

    def __init__(self, model: Tagger) -> None:
        super().__init__()
        self.model = model
        self.table = nn.Parameter(model.feature_table().detach().clone())

    def forward(self, input_ids: Tensor, feature_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """[1, length] int64 each; the mask is all ones."""
        model = self.model
        states = model.word(input_ids) + model.position.weight[: input_ids.shape[1]]
        states = model.norm(states + nn.functional.embedding(feature_ids, self.table))
        bias = (1.0 - attention_mask.unsqueeze(1).unsqueeze(2).to(torch.float32)) * -10000.0
        for layer in model.encoder:
            states = layer(states, bias)
        return model.entity(states), model.role(states), model.link(states)


def write_graph(model: Tagger, path: Path) -> None:
    """The fp32 graph with a free length."""
    example = torch.randint(1000, 2000, (1, 16))
    names = ["input_ids", "feature_ids", "attention_mask"]
    outputs = ["entities", "roles", "links"]
    Layer.exporting = True
    try:
        torch.onnx.export(
            OneWindow(model).eval(),
            (example, torch.zeros_like(example), torch.ones_like(example)),
            path,
            input_names=names,
            output_names=outputs,
            dynamic_axes={name: {1: "length"} for name in names + outputs},
            opset_version=17,
            dynamo=False,
        )
    finally:
        Layer.exporting = False


def fuse(model: Tagger, source: Path, target: Path) -> int:
    """Fuses attention and GELU and drops the mask, all ones; returns how many attention nodes there are.

    Layer norms stay as they are: fused with the sum before them they take three times as long.
    """
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False
    options.enable_skip_layer_norm = False
    options.enable_bias_skip_layer_norm = False
    fused = optimize_model(
        str(source),
        "bert",
        num_heads=model.shape.heads,
        hidden_size=model.shape.hidden,
        optimization_options=options,
        opt_level=0,
    )
    graph = fused.model.graph
    attention = [node for node in graph.node if node.op_type == "Attention"]
    for node in attention:
        node.input[3] = ""
    fused.prune_graph(allow_remove_graph_inputs=True)
    fused.save_model_to_file(str(target))
    return len(attention)


def quantise(source: Path, target: Path) -> None:
    """Dynamic int8, weights signed and per channel, embeddings too."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    extra = {"DefaultTensorType": 1}  # float: the fused graph hides some types from shape inference
    quantize_dynamic(source, target, per_channel=True, weight_type=QuantType.QInt8, extra_options=extra)


def export(
    checkpoint: Path, base: Path, out: Path, decoder: Decoder, about: dict[str, Any], int8: bool = True
) -> dict[str, Any]:
    """Writes ``model.onnx``, ``tokenizer.json`` and ``tagger.json`` to ``out``; returns what ``tagger.json`` holds."""
    out.mkdir(parents=True, exist_ok=True)
    model = load(checkpoint)
    with tempfile.TemporaryDirectory() as scratch:
        plain, fused = Path(scratch, "plain.onnx"), Path(scratch, "fused.onnx")
        write_graph(model, plain)
        attention = fuse(model, plain, fused)
        if int8:
            quantise(fused, out / "model.onnx")
        else:
            shutil.copy(fused, out / "model.onnx")
    shutil.copy(base / "tokenizer.json", out / "tokenizer.json")
    stored = {
        "entity_labels": ENTITY_LABELS,
        "role_labels": ROLE_LABELS,
        "links": LINKS,
        "cases": CASES,
        "quotes": QUOTES,
        "longest_window": 256,
        "layers": model.shape.layers,
        "fused_attention": attention,
        "sha256": {name: digest(out / name) for name in ("model.onnx", "tokenizer.json")},
        "about": about,
        "decoder": decoder.as_json(),
        "calibration": [[0.0, 0.0], [1.0, 1.0]],  # until ``calibrate`` has run
    }
    (out / "tagger.json").write_text(json.dumps(stored, indent=1), encoding="utf-8")
    return stored


def digest(path: Path) -> str:
    """SHA-256 of a file, as hex digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def set_decoder(folder: Path, decoder: Decoder) -> None:
    """Puts another decoder into ``tagger.json``."""
    path = folder / "tagger.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["decoder"] = decoder.as_json()
    path.write_text(json.dumps(stored, indent=1), encoding="utf-8")
