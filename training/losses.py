"""The training losses: marginal cross entropy for both heads, softmax over candidates for links."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from tasks.extract.tagger.labels import ENTITY_LABELS, ROLE_LABELS, ROLES
from training.examples import ANY, OUT_OR_MISC, Tensors
from training.model import Tagger

LINK_WEIGHT = 4.0


def allowed_entities() -> Tensor:
    """[11, 9]: which labels each target allows; the last two rows serve ``OUT_OR_MISC`` and ``ANY``."""
    rows = torch.eye(len(ENTITY_LABELS) + 2, len(ENTITY_LABELS), dtype=torch.bool)
    rows[OUT_OR_MISC] = torch.tensor([label == "O" or label.endswith("MISC") for label in ENTITY_LABELS])
    rows[ANY] = True
    return rows


def role_weights(cue: float) -> Tensor:
    """[7]: the weight of each role label; cues are rare and of an open class."""
    return torch.tensor([cue if label.endswith("cue") else 1.0 for label in ROLE_LABELS])


def loss(model: Tagger, batch: Tensors, outputs: tuple[Tensor, Tensor, Tensor], weights: Tensor) -> dict[str, Tensor]:
    """The parts ``entity``, ``role`` and ``link``, each a sum over the batch's items divided by the batch's words."""
    entity, role, link = (output.float().flatten(0, 1) for output in outputs)
    entity, role = entity[batch.words], role[batch.words]
    count = max(1, len(batch.words))
    allowed = allowed_entities().to(entity.device)[batch.entities]
    entity_loss = (entity.logsumexp(-1) - entity.masked_fill(~allowed, -1e4).logsumexp(-1)).sum()
    role_loss = torch.nn.functional.cross_entropy(role, batch.roles.clamp(min=0), weight=weights, reduction="none")
    role_loss = (role_loss * (batch.roles != ANY)).sum()
    parts = {"entity": entity_loss / count, "role": role_loss / count}
    if len(batch.content_cue):
        parts["link"] = LINK_WEIGHT * link_loss(model, with_predictions(batch, role), link) / count
    return parts


def link_loss(model: Tagger, batch: Tensors, link: Tensor) -> Tensor:
    """Each content part picks its cue, each cue its source or none, among the spans of the same window."""
    kinds = link.reshape(link.shape[0], 4, -1)
    total = link.new_zeros(())
    length = batch.input_ids.shape[1]
    for kind, (head, dependent, target) in enumerate(
        (("content", "cue", batch.content_cue), ("cue", "source", batch.cue_source))
    ):
        heads, candidates = batch.spans[head][: len(target)], batch.spans[dependent]
        vectors = kinds[heads, 2 * kind].mean(1)
        others = kinds[candidates, 2 * kind + 1].mean(1)
        scores = model.link_scores(kind, vectors, others, gaps(heads, candidates))
        foreign = heads[:, :1] // length != (candidates[:, 0] // length)[None]
        scores = scores.masked_fill(torch.nn.functional.pad(foreign, (0, 1)), -1e4)
        aim = torch.where(target < 0, len(candidates), target)
        total = total + torch.nn.functional.cross_entropy(scores, aim, reduction="sum")
    return total


def with_predictions(batch: Tensors, role: Tensor) -> Tensors:
    """Adds the spans that the role logits [words, 7] give now, so that links learn from spans as they will be found.

    A predicted content aims at the cue of the gold content that it overlaps most, at none if there is none; cues and
    sources that overlap no gold one are added as candidates.
    """
    found: dict[str, list[list[int]]] = {name: [] for name in ROLES}
    length = batch.input_ids.shape[1]
    behind, row = 0, -1
    labels = role.detach().argmax(-1).masked_fill(batch.roles == ANY, 0).tolist()
    for at, label in zip(batch.words.tolist(), labels, strict=True):
        if label:
            same = found[ROLES[(label - 1) // 2]]
            if label % 2 == 0 and behind in (label - 1, label) and at // length == row:
                same[-1][1] = at
            else:
                same.append([at, at])
        behind, row = label, at // length
    spans = dict(batch.spans)
    content_cue = batch.content_cue
    for name, gold in batch.spans.items():
        made = torch.tensor(found[name], dtype=torch.long, device=gold.device).reshape(-1, 2)
        first = torch.maximum(made[:, None, 0], gold[None, :, 0])
        last = torch.minimum(made[:, None, 1], gold[None, :, 1])
        shared = torch.nn.functional.pad((last - first + 1).clamp(min=0), (0, 1))  # a last column for none
        if name == "content":
            is_new = ~(made[:, None] == gold[None]).all(-1).any(-1)
            best, where = shared.max(1)
            aims = torch.nn.functional.pad(batch.content_cue, (0, 1), value=-1)[where]
            content_cue = torch.cat([content_cue, torch.where(best > 0, aims, -1)[is_new]])
        else:
            is_new = shared.sum(1) == 0
        spans[name] = torch.cat([gold, made[is_new]])
    return replace(batch, spans=spans, content_cue=content_cue)


def gaps(heads: Tensor, candidates: Tensor) -> Tensor:
    """[n, m] signed piece distances: negative where the candidate ends before the head, 0 where they overlap."""
    behind = candidates[None, :, 0] - heads[:, None, 1]
    before = heads[:, None, 0] - candidates[None, :, 1]
    return behind.clamp(min=0) - before.clamp(min=0)
