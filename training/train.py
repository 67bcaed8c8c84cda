"""Trains the teacher, and holds the loop that the student shares: resumable, logged, the same for the same seed."""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from training.examples import Document, Tensors, batches, collate, epoch_examples
from training.losses import loss, role_weights
from training.model import Shape, Tagger, load_base, save
from training.prepare import read_lines

log = logging.getLogger("training")

Parts = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does. ``pieces`` is the batch size in word pieces, ``longest`` the longest window."""

    epochs: int = 6
    pieces: int = 2048
    longest: int = 256
    rate: float = 2e-4
    head_rate: float = 1e-3
    warm_up: float = 0.06
    decay: float = 0.01
    cue_weight: float = 1.5
    seed: int = 20
    save_minutes: float = 8.0
    report: int = 50


def device() -> torch.device:
    """A GPU if there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def load_tokenizer(base: Path) -> Tokenizer:
    """The base model's tokenizer without its padding and truncation."""
    made = Tokenizer.from_file(str(base / "tokenizer.json"))
    made.no_padding()
    made.no_truncation()
    return made


def optimiser(model: Tagger, plan: Plan) -> torch.optim.AdamW:
    """Fused AdamW: word embeddings frozen, new parts at the head rate, no decay on biases and norms."""
    model.word.weight.requires_grad_(False)
    groups: dict[tuple[bool, bool], list[torch.nn.Parameter]] = {}
    for name, weight in model.named_parameters():
        if weight.requires_grad:
            is_new = not name.startswith(("word", "position", "norm", "encoder"))
            groups.setdefault((is_new, weight.ndim > 1), []).append(weight)
    return torch.optim.AdamW(
        [
            {
                "params": weights,
                "weight_decay": plan.decay if is_matrix else 0.0,
                "base": plan.head_rate if is_new else plan.rate,
            }
            for (is_new, is_matrix), weights in groups.items()
        ],
        lr=plan.rate,
        betas=(0.9, 0.98),
        fused=True,
    )


def set_rate(steps: torch.optim.Optimizer, progress: float, warm_up: float) -> None:
    """Linear warm-up, then linear to zero; ``progress`` from 0 to 1."""
    factor = min(progress / warm_up, (1 - progress) / (1 - warm_up))
    for group in steps.param_groups:
        group["lr"] = group["base"] * max(0.0, factor)


def train(base: Path, data: Path, out: Path, plan: Plan, shape: Shape | None = None) -> Path:
    """Trains a tagger from the base model on ``data/train.jsonl``; returns ``out/model.pt``."""
    torch.manual_seed(plan.seed)
    model = load_base(base, shape or Shape()).to(device())
    weights = role_weights(plan.cue_weight).to(device())

    def parts(batch: Tensors) -> Parts:
        return loss(model, batch, model(batch.input_ids, batch.feature_ids, batch.attention_mask), weights)

    return fit(model, list(read_lines(data / "train.jsonl")), load_tokenizer(base), out, plan, parts)


def fit(
    model: Tagger,
    documents: list[Document],
    tokenizer: Tokenizer,
    out: Path,
    plan: Plan,
    parts: Callable[[Tensors], Parts],
) -> Path:
    """Fits ``model`` to the sum of ``parts``, from ``out/last.pt`` on if there is one; returns ``out/model.pt``.

    ``out/metrics.jsonl`` gets a line every ``plan.report`` batches. Raises FloatingPointError if a loss is not finite.
    """
    out.mkdir(parents=True, exist_ok=True)
    steps = optimiser(model, plan)
    begin, skip = resume(out / "last.pt", model, steps)
    saved = time.monotonic()
    with (out / "metrics.jsonl").open("a", encoding="utf-8") as metrics:
        for epoch in range(begin, plan.epochs):
            seed = plan.seed + epoch
            groups = batches(epoch_examples(tokenizer, documents, seed, plan.longest), plan.pieces, seed)
            model.train()
            meter = Meter(epoch, len(groups), plan)
            for index in range(skip, len(groups)):
                batch = collate(groups[index], device())
                set_rate(steps, (epoch + index / len(groups)) / plan.epochs, plan.warm_up)
                found = parts(batch)
                total = torch.stack(list(found.values())).sum()
                if not math.isfinite(total.item()):
                    raise FloatingPointError(f"loss is {total.item()} in epoch {epoch}, batch {index}")
                total.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                steps.step()
                steps.zero_grad(set_to_none=True)
                if row := meter.add(index, found, batch):
                    metrics.write(json.dumps(row) + "\n")
                    metrics.flush()
                    log.info("%s", row)
                if time.monotonic() - saved > plan.save_minutes * 60:
                    checkpoint(out / "last.pt", model, steps, epoch, index + 1)
                    saved = time.monotonic()
            skip = 0
            checkpoint(out / "last.pt", model, steps, epoch + 1, 0)
            save(model, out / f"epoch{epoch + 1}.pt")
    save(model, out / "model.pt")
    return out / "model.pt"


class Meter:
    """Means of the loss parts, and speed, over the last batches."""

    def __init__(self, epoch: int, count: int, plan: Plan) -> None:
        self.epoch, self.count, self.plan = epoch, count, plan
        self.clear()

    def clear(self) -> None:
        """Starts a new stretch."""
        self.sums: dict[str, float] = {}
        self.batches = self.pieces = 0
        self.since = time.monotonic()

    def add(self, index: int, parts: Parts, batch: Tensors) -> dict[str, float] | None:
        """Counts a batch; every ``plan.report`` batches the row to log."""
        for name, part in parts.items():
            self.sums[name] = self.sums.get(name, 0.0) + part.item()
        self.batches += 1
        self.pieces += int(batch.attention_mask.sum())
        if (index + 1) % self.plan.report and index + 1 < self.count:
            return None
        row = {"epoch": self.epoch, "batch": index + 1, "of": self.count}
        row["progress"] = round((self.epoch + (index + 1) / self.count) / self.plan.epochs, 4)
        row |= {name: round(value / self.batches, 4) for name, value in self.sums.items()}
        row["pieces_a_second"] = round(self.pieces / (time.monotonic() - self.since))
        self.clear()
        return row


def checkpoint(path: Path, model: Tagger, steps: torch.optim.Optimizer, epoch: int, batch: int) -> None:
    """Everything needed to go on, written whole or not at all."""
    state = {"model": model.state_dict(), "steps": steps.state_dict(), "rng": torch.get_rng_state()}
    torch.save({**state, "epoch": epoch, "batch": batch}, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


def resume(path: Path, model: Tagger, steps: torch.optim.Optimizer) -> tuple[int, int]:
    """Restores a checkpoint if there is one; the epoch and batch to go on from."""
    if not path.exists():
        return 0, 0
    stored = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(stored["model"])
    steps.load_state_dict(stored["steps"])
    torch.set_rng_state(stored["rng"])
    log.info("resuming at epoch %d, batch %d", stored["epoch"], stored["batch"])
    return stored["epoch"], stored["batch"]
