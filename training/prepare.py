"""Brings the corpora into one form: a document a line, with its text and its gold spans in code points.

Each line holds ``id``, ``corpus``, ``task`` (``quotes``, ``names`` or ``none``), ``text``, and by task ``attributions``
(source, cue, content: lists of [start, end]) and ``ignore`` (spans to leave out), or ``names`` ([start, end, label])
and ``has_misc`` (does the corpus label MISC as demonyms and works?).
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tasks.extract.tagger.labels import ROLES

Document = dict[str, Any]

# Corpus folder, whether its MISC means what ours does, what joins a document's sentences.
NAMES_CORPORA = (
    ("worldwide_newswire", True, "\n\n"),
    ("wikigold", True, " "),
    ("crossner_politics", False, " "),
    ("uner_ewt", False, " "),
    ("btc_twitter", False, " "),
)
_NO_SPACE_BEFORE = re.compile(r"[,.;:!?%)\]}’”»…]|'s|n't|'re|'ve|'m|'ll|'d|’s|n’t|’re|’ve|’m|’ll|’d")
_NO_SPACE_AFTER = ("(", "[", "{", "“", "‘", "«", "$", "€", "£", "₹", "#")


def read_lines(path: Path) -> Iterator[Document]:
    """The JSON objects of a file of lines, gzip or not; none if there is no such file."""
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def join_tokens(tokens: list[str]) -> tuple[str, list[int]]:
    """Text as a newspaper would space it, and where each token begins in it."""
    text, starts, is_open = "", [], False
    glue = True
    for token in tokens:
        straight = token == '"'  # noqa: S105
        hyphen = token in {"-", "/"}
        attached = glue or hyphen or bool(_NO_SPACE_BEFORE.fullmatch(token)) or (straight and is_open)
        text += "" if attached else " "
        starts.append(len(text))
        text += token
        glue = hyphen or token in _NO_SPACE_AFTER or (straight and not is_open)
        is_open ^= straight
    return text, starts


def names_documents(rows: Iterable[Document], corpus: str, has_misc: bool, joint: str) -> Iterator[Document]:
    """Joins the sentences of a document; a sentence without one (no ``doc``) is a document of its own."""
    documents: dict[str, list[Document]] = {}
    for row in rows:
        documents.setdefault(row.get("doc") or row["id"], []).append(row)
    for name, sentences in documents.items():
        text, names = "", []
        for sentence in sentences:
            joined, starts = join_tokens(sentence["tokens"])
            base = len(text) + (len(joint) if text else 0)
            text += (joint if text else "") + joined
            for start, token, tag in zip(starts, sentence["tokens"], sentence["tags"], strict=True):
                span = [base + start, base + start + len(token)]
                if tag.startswith("B-"):
                    names.append([*span, tag[2:]])
                elif tag.startswith("I-"):
                    names[-1][1] = span[1]
        about = {"id": f"{corpus}/{name}", "corpus": corpus, "task": "names", "has_misc": has_misc}
        yield {**about, "text": text, "names": names}


def quotes_documents(rows: Iterable[Document]) -> Iterator[Document]:
    """PolNeAR's articles; attributions without a cue or content are annotation slips and left out."""
    for row in rows:
        kept = [{role: one[role] for role in ROLES} for one in row["attributions"] if one["cue"] and one["content"]]
        about = {"id": row["id"], "corpus": "polnear", "task": "quotes", "text": row["text"]}
        yield {**about, "attributions": kept, "ignore": row["discard"] or []}


def plain_documents(rows: Iterable[Document]) -> Iterator[Document]:
    """Unlabelled articles, the title as first paragraph; repeated texts are taken once."""
    seen: set[str] = set()
    for row in rows:
        text = f"{row['title']}\n\n{row['text']}"
        if text not in seen:
            seen.add(text)
            yield {"id": row["id"], "corpus": "unlabelled", "task": "none", "text": text}


def prepare(corpora: Path, out: Path) -> None:
    """Writes ``train.jsonl``, ``dev.jsonl``, ``plain.jsonl`` to ``out``. Raises FileNotFoundError without PolNeAR."""
    out.mkdir(parents=True, exist_ok=True)
    if not (corpora / "polnear/train.jsonl.gz").exists():
        raise FileNotFoundError(f"no polnear/train.jsonl.gz under {corpora}")
    for part in ("train", "dev"):
        documents = list(quotes_documents(read_lines(corpora / "polnear" / f"{part}.jsonl.gz")))
        for corpus, has_misc, joint in NAMES_CORPORA:
            rows = read_lines(corpora / "ner" / corpus / f"{part}.jsonl.gz")
            if corpus == "btc_twitter":  # its section g is headlines; the rest is chatter
                rows = (row for row in rows if row["section"] == "g")
            documents += names_documents(rows, corpus, has_misc, joint)
        write_lines(out / f"{part}.jsonl", documents)
    write_lines(out / "plain.jsonl", plain_documents(read_lines(corpora / "unlabelled/bbc.jsonl.gz")))


def write_lines(path: Path, documents: Iterable[Document]) -> None:
    """One JSON object a line."""
    with path.open("w", encoding="utf-8") as lines:
        for document in documents:
            lines.write(json.dumps(document, ensure_ascii=False) + "\n")
