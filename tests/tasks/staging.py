"""Staged chunks for the tests of deduplication and publishing, written as the pipeline writes them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import ARTICLES, CHILD_TABLES, QUARANTINE, SCHEMA_VERSION, TABLES
from tasks.commit import FILES, FileOps, recover
from tasks.deduplicate import UNDECIDED, Decisions, deduplicate
from tasks.extract.rows import key
from tasks.lake import Lake, init_lake, writer_lock
from tasks.ledger import FilesRead, ledger_row
from tasks.publish import publish
from tasks.records import RawFile

STARTED = datetime(2021, 5, 4, 3, 2, 1, tzinfo=UTC)
STAGED = {
    "articles": pa.schema([*(f for f in ARTICLES.schema if f.name not in UNDECIDED), pa.field("_ordinal", pa.int64())]),
    "quarantine": QUARANTINE.schema,
} | {t.name: t.schema.append(pa.field("_article", pa.int64())) for t in CHILD_TABLES}


@dataclass(frozen=True)
class Run:
    run_id: str = "run-1"
    started_at: datetime = STARTED


def article(name: str, text: str = "", **columns: Any) -> dict[str, Any]:
    """A staged article called ``name``; its text is about its name unless given."""
    text = text or f"All about {name}."
    return {
        "article_id": hashlib.md5(name.encode()).hexdigest(),
        "title": name.title(),
        "authors": ["Ida Holm"],
        "agencies": [],
        "published_on": date(2021, 3, 4),
        "published_precision": "day",
        "language": "en",
        "language_confidence": 0.75,
        "text": text,
        "n_words": len(text.split()),
        "n_paragraphs": 1,
        "content_sha256": hashlib.sha256(text.casefold().encode()).hexdigest(),
        "source_uri": "courier.jsonl",
        "source_member": "line:1",
        "source_format": "json_lines",
        "source_sha256": "0" * 64,
        "extractor": "rules/1.0",
        "_ordinal": 1,
        **columns,
    }


def line(n: int, name: str, text: str = "", **columns: Any) -> dict[str, Any]:
    """An article in line ``n`` of the file that staged articles come from."""
    return article(name, text, source_member=f"line:{n}", _ordinal=n, **columns)


def children(row: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """A quote, two mentions and a link of an article; the quote's content is the article's text, unless it says `said`.

    What an article says to be `nested` is another quote within it, in which one of the mentions stands.
    """
    common = {"article_id": row["article_id"], "published_on": row["published_on"]}
    said = row.get("said", row["text"])
    start = row["text"].index(said)
    spans = [{"start": start, "end": start + len(said)}]
    quote = common | {
        "quote_id": key(row["article_id"], "text", f"{start}:{start + len(said)}"),
        "language": "en",
        "kind": "direct",
        "content": said,
        "content_spans": spans,
        "verbatim": [said],
        "cue": "said",
        "cue_spans": [],
        "source": "Mayor Ida Holm",
        "source_spans": spans,
        "speaker": row.get("speaker", "Ida Holm"),
        "speaker_type": "person",
        "speaker_role": "mayor",
        "resolution": "full_name",
        "speaker_candidates": [{"name": "Ida Holm", "score": 0.5}],
        "is_negated": False,
        "is_in_title": False,
        "n_paragraphs": 1,
        "context_before": "",
        "context_after": "",
        "confidence": 0.9,
        "rule": "quote-said-name",
        "extractor": row["extractor"],
    }
    mention = common | {
        "start": 0,
        "end": 3,
        "is_in_title": False,
        "mention_type": "name",
        "confidence": 0.5,
        "rule": "name",
        "extractor": row["extractor"],
    }
    link = common | {"url": "https://example.org/", "anchor": "All", "start": 0, "end": 3, "kind": "inline"}
    quotes = [quote]
    if "nested" in row:
        start = row["text"].index(row["nested"])
        spans = [{"start": start, "end": start + len(row["nested"])}]
        inner = {"quote_id": key(row["article_id"], "nested"), "content": row["nested"], "content_spans": spans}
        quotes.append(quote | inner | {"parent_quote_id": quote["quote_id"], "speaker": "Bo Kern"})
    names = {"PER": "Ida Holm", "LOC": "Nørreby"}
    mentions = [
        mention
        | {"mention_id": f"{label}{row['article_id'][3:]}", "text": name, "name": name, "label": label}
        | {"in_quote_id": quotes[-1]["quote_id"] if label == "LOC" else None}
        for label, name in names.items()
    ]
    return {"quotes": quotes, "mentions": mentions, "links": [link]}


def refusal(name: str, **columns: Any) -> dict[str, Any]:
    """A staged quarantine row."""
    return {
        "quarantine_id": hashlib.md5(name.encode()).hexdigest(),
        "stage": "read",
        "reason_code": "missing_title",
        "reason": "The record has no title.",
        "source_uri": "courier.jsonl",
        "source_member": name,
        "raw": name.encode(),
        "raw_sha256": "1" * 64,
        "n_attempts": 1,
        **columns,
    }


def stage(
    lake: Lake, run: Run, articles: list[dict[str, Any]], refused: Sequence[dict[str, Any]] = (), chunk: str = "000000"
) -> Path:
    """Writes a chunk of staged rows, with children for every article; returns the staging folder."""
    staging = lake.staging_dir(run.run_id)
    folder = staging / chunk
    folder.mkdir(parents=True)
    stamp = {"run_id": run.run_id, "ingested_at": run.started_at}
    seen = {"first_seen_at": run.started_at, "last_seen_at": run.started_at}
    tables: dict[str, list[dict[str, Any]]] = {"articles": articles, "quarantine": [r | seen for r in refused]}
    for i, row in enumerate(articles):
        for name, rows in children(row).items():
            tables.setdefault(name, []).extend(r | {"_article": i} for r in rows)
    for name, rows in tables.items():
        table = pa.Table.from_pylist([row | stamp for row in rows], schema=STAGED[name])
        pq.write_table(table, folder / f"{name}.parquet")
    return staging


def run_row(run: Run, decisions: Decisions, **columns: Any) -> dict[str, Any]:
    """The row of a run that read nothing but what it staged."""
    counts = {name: getattr(decisions, name) for name in ("n_written", "n_unchanged", "n_superseded", "n_quotes")}
    return {
        "run_id": run.run_id,
        "status": "completed",
        "started_at": run.started_at,
        "code_version": "0",
        "schema_version": SCHEMA_VERSION,
        "extractor": "rules/1.0",
        "parameters": {"raw": "raw"},
        "n_files": 1,
        "n_files_unchanged": 0,
        "n_records": decisions.n_records,
        "n_quarantined": decisions.n_duplicates,
        "n_mentions": decisions.n_mentions,
        "stages": [],
        "files": [],
        **counts,
        **columns,
    }


def ingest(
    lake: Lake,
    articles: list[dict[str, Any]],
    refused: Sequence[dict[str, Any]] = (),
    run: Run = Run(),
    ops: FileOps = FILES,
) -> Decisions:
    """A whole run over articles in one chunk."""
    with writer_lock(lake):
        recover(lake)
        init_lake(lake)
        staging = stage(lake, run, articles, refused)
        return finish(lake, run, staging, ops)


def finish(lake: Lake, run: Run, staging: Path, ops: FileOps = FILES, **options: Any) -> Decisions:
    """Deduplicates and publishes what is staged."""
    decisions = deduplicate(lake, staging, run)
    file = RawFile(Path("/raw/courier.jsonl"), "courier.jsonl", "0" * 64, 1_000)
    read = FilesRead("/raw", [ledger_row("/raw", file, "0" * 32, run.run_id, decisions.n_records)])
    publish(lake, staging, run_row(run, decisions), decisions, ops=ops, read=read, **options)
    return decisions


def rows(lake: Lake, name: str) -> list[dict[str, Any]]:
    """All rows of a table, in the order of its files."""
    table = TABLES[name]
    return [row for path in lake.files(table) for row in pq.read_table(path, partitioning=None).to_pylist()]


def contents(lake: Lake) -> dict[str, bytes]:
    """Every data file with its bytes, temporary ones too."""
    return {
        path.relative_to(lake.root).as_posix(): path.read_bytes()
        for name in TABLES
        for path in sorted((lake.root / name).rglob("*"))
        if path.is_file()
    }
