"""The press tagger: a BERT encoder in plain PyTorch with case features, two BIO heads and a linking head."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - its usual name

from tasks.extract.tagger.features import CASES, FEATURES, QUOTES
from tasks.extract.tagger.labels import ENTITY_LABELS, ROLE_LABELS

LINKS = ("content", "content_cue", "cue", "cue_source")
DISTANCE_EDGES = (2, 4, 8, 16, 32, 64, 128)


@dataclass(frozen=True, slots=True)
class Shape:
    """The network's sizes; the defaults are all-MiniLM-L6-v2's."""

    layers: int = 6
    hidden: int = 384
    heads: int = 12
    feed: int = 1536
    vocabulary: int = 30522
    positions: int = 512
    link: int = 64
    dropout: float = 0.1


class Layer(nn.Module):
    """One post-norm transformer layer. ``exporting`` spells attention out, as ONNX Runtime's fusion expects it."""

    exporting = False

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.count, self.size = shape.heads, shape.hidden // shape.heads
        self.query, self.key, self.value = (nn.Linear(shape.hidden, shape.hidden) for _ in range(3))
        self.out = nn.Linear(shape.hidden, shape.hidden)
        self.norm_attention = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.up = nn.Linear(shape.hidden, shape.feed)
        self.down = nn.Linear(shape.feed, shape.hidden)
        self.norm_feed = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.dropout = nn.Dropout(shape.dropout)

    def split(self, states: Tensor) -> Tensor:
        """[batch, length, hidden] to [batch, heads, length, size]."""
        return states.view(states.shape[0], states.shape[1], self.count, self.size).permute(0, 2, 1, 3)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """``states`` [batch, length, hidden]; ``bias`` [batch, 1, 1, length], very negative at padding."""
        query, key, value = self.split(self.query(states)), self.split(self.key(states)), self.split(self.value(states))
        if self.exporting:
            scores = torch.matmul(query, key.transpose(-1, -2)) / math.sqrt(self.size) + bias
            context = torch.matmul(scores.softmax(-1), value)
        else:
            context = F.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
        context = context.permute(0, 2, 1, 3).reshape(states.shape)
        states = self.norm_attention(states + self.dropout(self.out(context)))
        return self.norm_feed(states + self.dropout(self.down(F.gelu(self.up(states)))))


class Tagger(nn.Module):
    """Word pieces and feature ids in; entity logits, role logits and link vectors out."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.word = nn.Embedding(shape.vocabulary, shape.hidden)
        self.position = nn.Embedding(shape.positions, shape.hidden)
        self.case = nn.Embedding(len(CASES), shape.hidden)
        self.quote = nn.Embedding(len(QUOTES), shape.hidden)
        self.paragraph = nn.Embedding(2, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.dropout = nn.Dropout(shape.dropout)
        self.encoder = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.entity = nn.Linear(shape.hidden, len(ENTITY_LABELS))
        self.role = nn.Linear(shape.hidden, len(ROLE_LABELS))
        self.link = nn.Linear(shape.hidden, len(LINKS) * shape.link)
        self.absent = nn.Parameter(torch.zeros(2, shape.link))
        self.distance = nn.Parameter(torch.zeros(2, 2 * (len(DISTANCE_EDGES) + 1)))
        for table in (self.case, self.quote, self.paragraph):
            nn.init.normal_(table.weight, std=0.02)

    def feature_table(self) -> Tensor:
        """The three feature embeddings as one table [48, hidden], row ``feature_id``."""
        ids = torch.arange(FEATURES, device=self.word.weight.device)
        cases = self.case(ids % len(CASES))
        quotes = self.quote(ids // len(CASES) % len(QUOTES))
        return cases + quotes + self.paragraph(ids // (len(CASES) * len(QUOTES)))

    def encode(self, input_ids: Tensor, feature_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """All three [batch, length] int64. The last states, [batch, length, hidden]."""
        positions = self.position.weight[: input_ids.shape[1]]
        states = self.word(input_ids) + positions + F.embedding(feature_ids, self.feature_table())
        states = self.dropout(self.norm(states))
        bias = (1.0 - attention_mask.unsqueeze(1).unsqueeze(2).to(states.dtype)) * -10000.0
        for layer in self.encoder:
            states = layer(states, bias)
        return states

    def forward(self, input_ids: Tensor, feature_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As ``encode``. Returns [batch, length, 9] for entities, 7 for roles, ``4 * link`` for links."""
        states = self.encode(input_ids, feature_ids, attention_mask)
        return self.entity(states), self.role(states), self.link(states)

    def link_scores(self, kind: int, heads: Tensor, dependents: Tensor, gaps: Tensor) -> Tensor:
        """Scores [n, m + 1] of ``m`` candidates, the last column standing for none of them.

        ``kind`` 0 links content to cues, 1 cues to sources. ``heads`` [n, link] and ``dependents`` [m, link] are span
        vectors; ``gaps`` [n, m] are signed piece distances.
        """
        scale = 1 / math.sqrt(self.shape.link)
        scores = heads @ dependents.T * scale + self.distance[kind][distance_bucket(gaps)]
        return torch.cat([scores, (heads @ self.absent[kind] * scale).unsqueeze(1)], dim=1)


def distance_bucket(gaps: Tensor) -> Tensor:
    """0 to 7 for a candidate before the head, 8 to 15 behind it, by doubling distance in word pieces."""
    edges = torch.tensor(DISTANCE_EDGES, device=gaps.device)
    return torch.bucketize(gaps.abs(), edges, right=True) + (len(DISTANCE_EDGES) + 1) * (gaps > 0)


def load_base(folder: Path, shape: Shape) -> Tagger:
    """A new tagger with a BERT checkpoint's weights (``model.safetensors``); layers are taken evenly if fewer."""
    from safetensors.torch import load_file

    given = {name.removeprefix("bert."): tensor for name, tensor in load_file(folder / "model.safetensors").items()}
    depth = 1 + max(int(name.split(".")[2]) for name in given if name.startswith("encoder.layer."))
    model = Tagger(shape)
    own = model.state_dict()
    own["word.weight"] = given["embeddings.word_embeddings.weight"]
    own["position.weight"] = given["embeddings.position_embeddings.weight"]
    own["position.weight"] += given["embeddings.token_type_embeddings.weight"][0]
    for part in ("weight", "bias"):
        own[f"norm.{part}"] = given[f"embeddings.LayerNorm.{part}"]
        for index in range(shape.layers):
            origin = f"encoder.layer.{round(index * (depth - 1) / max(1, shape.layers - 1))}"
            for name, source in _LAYER_NAMES.items():
                own[f"encoder.{index}.{name}.{part}"] = given[f"{origin}.{source}.{part}"]
    model.load_state_dict(own)
    return model


_LAYER_NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "out": "attention.output.dense",
    "norm_attention": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm_feed": "output.LayerNorm",
}


def save(model: Tagger, path: Path) -> None:
    """Writes the weights and the shape to ``path`` at once (a stop cannot leave half a file)."""
    part = path.with_suffix(".part")
    torch.save({"shape": json.dumps(asdict(model.shape)), "weights": model.state_dict()}, part)
    part.replace(path)


def load(path: Path) -> Tagger:
    """A tagger that ``save`` wrote, on the CPU, in evaluation mode."""
    stored = torch.load(path, map_location="cpu", weights_only=True)
    model = Tagger(Shape(**json.loads(stored["shape"])))
    model.load_state_dict(stored["weights"])
    return model.eval()
