"""The commands that need PyTorch or ONNX Runtime, each one function over the folder of a run."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import numpy as np

from tasks.extract.tagger.encode import cut, split_words, window
from training.calibrate import calibrate
from training.evaluate import as_markdown, evaluate
from training.export import export, set_decoder
from training.plot import curve
from training.predict import onnx_network, predict, torch_network
from training.train import Plan, load_tokenizer, train
from training.tune import tune

log = logging.getLogger("training")


def train_teacher(base: Path, out: Path, plan: Plan) -> None:
    """Writes ``out/teacher``: ``model.pt``, a checkpoint an epoch, ``metrics.jsonl``, ``curve.svg``."""
    train(base, out / "data", out / "teacher", plan)
    curve(out / "teacher/metrics.jsonl", out / "teacher/curve.svg")


def distil_student(base: Path, out: Path, plan: Plan, layers: int) -> None:
    """Writes ``out/student`` from ``out/teacher/model.pt``."""
    from training.distil import distil

    distil(out / "teacher/model.pt", base, out / "data", out / "student", plan, layers)
    curve(out / "student/metrics.jsonl", out / "student/curve.svg")


def export_model(checkpoint: Path, base: Path, out: Path, name: str, version: str) -> None:
    """Writes the folder ``out/name``, with a decoder tuned on ``out/data/dev.jsonl`` for the exported network."""
    _, decoder = torch_network(checkpoint)
    export(checkpoint, base, out / name, decoder, {"version": version})
    network, _ = onnx_network(out / name, threads=2)
    set_decoder(out / name, tune(network, decoder, load_tokenizer(base), out / "data/dev.jsonl"))
    size = (out / name / "model.onnx").stat().st_size
    log.info("%s: %.1f MB", out / name / "model.onnx", size / 1e6)


def evaluate_model(folder: Path, data: Path, longest: int) -> None:
    """Writes ``figures.md`` and ``figures.json`` beside the exported model, from ``data/dev.jsonl``."""
    network, decoder = onnx_network(folder, threads=2)
    rows = evaluate(network, decoder, load_tokenizer(folder), data / "dev.jsonl", longest)
    (folder / "figures.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    (folder / "figures.md").write_text(as_markdown(rows) + "\n", encoding="utf-8")
    log.info("figures of %s\n%s", folder.name, as_markdown(rows))


def calibrate_model(folder: Path, data: Path) -> None:
    """Puts the calibration of confidence into ``tagger.json`` and writes ``reliability.svg`` beside it."""
    for row in calibrate(folder, data / "dev.jsonl", folder / "reliability.svg"):
        log.info("says %(says).3f, right %(right).3f (%(low).3f to %(high).3f), %(n)d attributions", row)


def write_parity(folder: Path, texts: list[str], longest: int) -> None:
    """Writes ``parity.json``: for each text the windows, sums of the network's outputs, and what is found.

    A runtime that reproduces the file reads, cuts, runs, decodes and links as this package does.
    """
    network, decoder = onnx_network(folder)
    tokenizer = load_tokenizer(folder)
    cases = []
    for text in texts:
        words = split_words(tokenizer, text)
        windows = [window(words, first, last, longest) for first, last in cut(words, longest)]
        cases.append(
            {
                "text": text,
                "words": list(zip(words.starts, words.ends, strict=True)),
                "windows": [
                    {
                        "words": [view.first, view.last],
                        "input_ids": view.input_ids,
                        "feature_ids": view.feature_ids,
                        "heads": view.heads,
                        "sums": [round(float(np.abs(output).sum()), 2) for output in network(view)],
                    }
                    for view in windows
                ],
                **predict(network, decoder, tokenizer, text, longest),
            }
        )
    (folder / "parity.json").write_text(json.dumps(cases, ensure_ascii=False), encoding="utf-8")
