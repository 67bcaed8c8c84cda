"""Documents to training examples: windows with a target for each word and the links between spans; and batches."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from tasks.extract.tagger.encode import Window, Words, cut, split_words, window, word_ranges
from tasks.extract.tagger.labels import ENTITY_LABELS, ROLE_LABELS
from training.augment import augment

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Document = dict[str, Any]
Range = tuple[int, int]

ANY = -1  # the corpus says nothing about this word
OUT_OR_MISC = -2  # the corpus does not label MISC


@dataclass(slots=True)
class Example:
    """A window and its targets, one a word. ``links`` holds spans as first and last piece position."""

    window: Window
    entities: list[int]
    roles: list[int]
    links: list[tuple[list[Range], Range, Range | None]] = field(default_factory=list)  # contents, cue, source


def targets(words: Words, document: Document) -> tuple[list[int], list[int]]:
    """Entity and role targets of all words of a document."""
    count = len(words.starts)
    entities, roles = [ANY] * count, [ANY] * count
    if document["task"] == "names":
        entities = [0 if document["has_misc"] else OUT_OR_MISC] * count
        for span in document["names"]:
            known = document["has_misc"] or span[2] != "MISC"
            for first, last in word_ranges(words, [span]):
                for at in range(first, last):
                    entities[at] = ENTITY_LABELS.index(("B-" if at == first else "I-") + span[2]) if known else ANY
    if document["task"] == "quotes":
        roles = [0] * count
        for role in ("content", "source", "cue"):  # where spans of two kinds meet, the shorter kind wins
            for attribution in document["attributions"]:
                for first, last in word_ranges(words, attribution[role]):
                    for at in range(first, last):
                        roles[at] = ROLE_LABELS.index(("B-" if at == first else "I-") + role)
        for first, last in word_ranges(words, document["ignore"]):
            roles[first:last] = [ANY] * (last - first)
    return entities, roles


def examples(tokenizer: Tokenizer, document: Document, longest: int) -> list[Example]:
    """The windows of a document, each with what lies in it; spans that a cut divides keep their part."""
    words = split_words(tokenizer, document["text"])
    entities, roles = targets(words, document)
    found = []
    for first, last in cut(words, longest):
        view = window(words, first, last, longest)
        made = Example(view, entities[first:last], roles[first:last])
        for attribution in document.get("attributions", []):
            parts = {role: _inside(words, spans, view, longest) for role, spans in attribution.items()}
            if parts["cue"]:
                made.links.append((parts["content"], parts["cue"][0], parts["source"][0] if parts["source"] else None))
        found.append(made)
    return found


def _inside(words: Words, spans: list[list[int]], view: Window, longest: int) -> list[Range]:
    found = []
    for first, last in word_ranges(words, spans):
        low, high = max(first, view.first), min(last, view.last)
        if low < high:
            pair = view.heads[low - view.first], view.heads[high - 1 - view.first]
            if pair[1] < longest - 1:
                found.append(pair)
    return found


def epoch_examples(tokenizer: Tokenizer, documents: list[Document], seed: int, longest: int) -> list[Example]:
    """All documents augmented and cut into windows of random length; the same for the same seed."""
    found: list[Example] = []
    for document in documents:
        rng = Random(f"{seed}/{document['id']}")  # noqa: S311 - reproducible, not secret
        made = examples(tokenizer, augment(document, rng), rng.randint(longest // 3, longest))
        found += (example for example in made if len(example.window.heads) > 1)
    Random(seed).shuffle(found)  # noqa: S311
    return found


def batches(found: list[Example], pieces: int, seed: int) -> list[list[Example]]:
    """Batches of at most ``pieces`` positions, padding included: like lengths together, the order shuffled."""
    made: list[list[Example]] = []
    pool = 64 * pieces // 256
    for low in range(0, len(found), pool):
        longest = 0
        batch: list[Example] = []
        for example in sorted(found[low : low + pool], key=lambda example: len(example.window.input_ids)):
            longest = len(example.window.input_ids)
            if batch and longest * (len(batch) + 1) > pieces:
                made.append(batch)
                batch = []
            batch.append(example)
        made.append(batch)
    Random(seed).shuffle(made)  # noqa: S311
    return made


@dataclass(slots=True)
class Tensors:
    """A batch. ``words`` [n] are positions in the flattened batch of every word's first piece; targets are [n]."""

    input_ids: Tensor
    feature_ids: Tensor
    attention_mask: Tensor
    words: Tensor
    entities: Tensor
    roles: Tensor
    spans: dict[str, Tensor]  # content, cue, source: [m, 2] flattened positions of first and last word
    content_cue: Tensor  # [contents] index of the content's cue
    cue_source: Tensor  # [cues] index of the cue's source, or -1


def collate(batch: list[Example], device: torch.device) -> Tensors:
    """Pads a batch and flattens its targets."""
    longest = max(len(example.window.input_ids) for example in batch)
    ids = torch.zeros(3, len(batch), longest, dtype=torch.long)
    words: list[int] = []
    entities: list[int] = []
    roles: list[int] = []
    spans: dict[str, list[Range]] = {"content": [], "cue": [], "source": []}
    content_cue: list[int] = []
    cue_source: list[int] = []
    for row, example in enumerate(batch):
        view = example.window
        size, base = len(view.input_ids), row * longest
        ids[0, row, :size] = torch.tensor(view.input_ids)
        ids[1, row, :size] = torch.tensor(view.feature_ids)
        ids[2, row, :size] = 1
        fitting = [at for at, head in enumerate(view.heads) if head < size - 1]
        words += (base + view.heads[at] for at in fitting)
        entities += (example.entities[at] for at in fitting)
        roles += (example.roles[at] for at in fitting)
        known: dict[Range, int] = {}
        for contents, cue, source in example.links:
            if source is not None and source not in known:
                known[source] = len(spans["source"])
                spans["source"].append((base + source[0], base + source[1]))
            content_cue += [len(spans["cue"])] * len(contents)
            cue_source.append(-1 if source is None else known[source])
            spans["cue"].append((base + cue[0], base + cue[1]))
            spans["content"] += ((base + first, base + last) for first, last in contents)
    return Tensors(
        *(part.to(device) for part in ids),
        *(torch.tensor(part, dtype=torch.long, device=device) for part in (words, entities, roles)),
        {name: torch.tensor(found, dtype=torch.long, device=device).reshape(-1, 2) for name, found in spans.items()},
        torch.tensor(content_cue, dtype=torch.long, device=device),
        torch.tensor(cue_source, dtype=torch.long, device=device),
    )
