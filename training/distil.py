"""Distils the teacher into fewer layers: on the gold texts and on unlabelled news, both heads everywhere.

The student starts as some of the teacher's layers and learns its label distributions, its last states and, where there
is gold, the gold labels.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - its usual name

from training.examples import Tensors
from training.losses import loss, role_weights
from training.model import Tagger, load
from training.prepare import read_lines
from training.train import Parts, Plan, device, fit, load_tokenizer

TEMPERATURE = 1.5
SOFT, STATES, HARD = 1.0, 1.0, 0.5


def student_of(teacher: Tagger, layers: int) -> Tagger:
    """A tagger with ``layers`` of the teacher's layers, evenly spread from first to last, and all its other weights."""
    depth = teacher.shape.layers
    picks = [round(index * (depth - 1) / max(1, layers - 1)) for index in range(layers)]
    weights = {}
    for name, tensor in teacher.state_dict().items():
        if name.startswith("encoder."):
            _, layer, rest = name.split(".", 2)
            weights |= {f"encoder.{new}.{rest}": tensor for new, old in enumerate(picks) if old == int(layer)}
        else:
            weights[name] = tensor
    student = Tagger(replace(teacher.shape, layers=layers))
    student.load_state_dict(weights)
    return student


def imitation(student: Tensor, teacher: Tensor) -> Tensor:
    """Mean divergence of two sets of logits [n, labels] at the temperature, scaled back."""
    soft = F.log_softmax(teacher / TEMPERATURE, -1)
    found = F.log_softmax(student / TEMPERATURE, -1)
    return F.kl_div(found, soft, log_target=True, reduction="batchmean") * TEMPERATURE**2


def distil(teacher: Path, base: Path, data: Path, out: Path, plan: Plan, layers: int) -> Path:
    """Trains a student of ``layers`` layers on ``data``'s train and plain parts; returns ``out/model.pt``."""
    torch.manual_seed(plan.seed)
    master = load(teacher).to(device())
    student = student_of(master, layers).to(device())
    weights = role_weights(plan.cue_weight).to(device())

    def parts(batch: Tensors) -> Parts:
        inputs = batch.input_ids, batch.feature_ids, batch.attention_mask
        with torch.no_grad():
            wanted_states = master.encode(*inputs)
            wanted = [head(wanted_states).flatten(0, 1)[batch.words] for head in (master.entity, master.role)]
        states = student.encode(*inputs)
        outputs = student.entity(states), student.role(states), student.link(states)
        found = {name: HARD * part for name, part in loss(student, batch, outputs, weights).items()}
        for name, output, aim in zip(("soft_entity", "soft_role"), outputs, wanted, strict=False):
            found[name] = SOFT * imitation(output.flatten(0, 1)[batch.words], aim)
        real = batch.attention_mask.bool()
        found["states"] = STATES * F.mse_loss(states[real], wanted_states[real])
        return found

    documents = [*read_lines(data / "train.jsonl"), *read_lines(data / "plain.jsonl")]
    return fit(student, documents, load_tokenizer(base), out, plan, parts)
