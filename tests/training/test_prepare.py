from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from training.prepare import join_tokens, names_documents, prepare, read_lines


def test_tokens_join_as_a_newspaper_spaces_them() -> None:
    tokens = ["The", '"', "Red", "-", "Green", '"', "pact", "(", "2019", ")", "did", "n't", "hold", ",", "Pell", "’s"]
    tokens += ["aide", "said", "."]
    text, starts = join_tokens(tokens)
    assert text == 'The "Red-Green" pact (2019) didn\'t hold, Pell’s aide said.'
    assert [text[start : start + len(token)] for start, token in zip(starts, tokens, strict=True)] == tokens


def test_sentences_of_a_document_are_joined_and_names_placed() -> None:
    rows = [
        {"id": "1", "doc": "d", "tokens": ["Ada", "Pell", "won", "."], "tags": ["B-PER", "I-PER", "O", "O"]},
        {"id": "2", "doc": "d", "tokens": ["Orland", "lost", "."], "tags": ["B-LOC", "O", "O"]},
    ]
    (document,) = names_documents(rows, "c", True, "\n\n")
    assert [(document["text"][s:e], label) for s, e, label in document["names"]] == [
        ("Ada Pell", "PER"),
        ("Orland", "LOC"),
    ]


def test_prepare_leaves_out_what_has_no_cue(tmp_path: Path) -> None:
    text = "Pell said no."
    full = {"source": [[0, 4]], "cue": [[5, 9]], "content": [[10, 12]]}
    article = {"id": "a", "text": text, "attributions": [full, {**full, "cue": []}], "discard": None}
    for part in ("train", "dev"):
        path = tmp_path / "polnear" / f"{part}.jsonl.gz"
        path.parent.mkdir(exist_ok=True)
        with gzip.open(path, "wt", encoding="utf-8") as lines:
            lines.write(json.dumps(article) + "\n")
    prepare(tmp_path, tmp_path / "out")
    (found,) = read_lines(tmp_path / "out/train.jsonl")
    assert found["attributions"] == [full]
    assert list(read_lines(tmp_path / "out/plain.jsonl")) == []


def test_prepare_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="polnear"):
        prepare(tmp_path, tmp_path / "out")
