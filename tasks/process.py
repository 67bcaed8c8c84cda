"""Processes a batch of raw files: read → normalise → validate → extract → stage as Parquet, a chunk at a time.

Memory is bounded by the chunk, and nothing here depends on other batches, so a batch may run in any process and run
twice. What a batch hands on is the path of its staged tables and its counts, never the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, MutableSequence, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import ARTICLES, LINKS, MENTIONS, QUARANTINE, QUOTES, Table
from tasks.clock import Clock
from tasks.deduplicate import UNDECIDED
from tasks.extract.base import Extractor
from tasks.extract.load import load_extractor
from tasks.extract.rows import key, mention_rows, quote_rows
from tasks.forgotten import NOTHING_FORGOTTEN, Forgotten
from tasks.normalise.article import Article, NormaliseOptions, normalise
from tasks.readers import ReadOptions, read_file
from tasks.readers.source import Tally
from tasks.records import RAW_LIMIT, VALUE_LIMIT, Mark, RawFile, RawRecord, Rejection, digest, reject
from tasks.stored import StoredArticles, stored_articles
from tasks.timelimit import Refused, TimeLimit, limited, watching
from tasks.validate import merge_results, validate

# Great Expectations plans every validation anew, which takes as long as 100 articles do; more rows take more memory.
CHUNK_RECORDS = 200
CHUNK_BYTES = 2 * 1024 * 1024
TELL_EVERY = 100  # records
Item = RawRecord | Rejection | Article  # an article, where it comes from the lake itself
# What deduplication decides the staged articles do not have yet, but `_ordinal` instead.
STAGED_ARTICLES = pa.schema(
    [*(f for f in ARTICLES.schema if f.name not in UNDECIDED), pa.field("_ordinal", pa.int64())]
)
# Codes of rows that were refused after their article was accepted: they are no records of their own.
ROW_REASONS = {"quotes": "invalid_quote", "mentions": "invalid_mention", "links": "invalid_link"}


@dataclass(frozen=True, slots=True)
class RunContext:
    """What every batch of a run shares. Picklable, so that a batch can run in another process."""

    run_id: str
    started_at: datetime
    staging: Path
    extractor: str = "rules"
    read: ReadOptions = field(default_factory=ReadOptions)
    normalise: NormaliseOptions = field(default_factory=NormaliseOptions)
    record_seconds: float = 30.0
    forgotten: Forgotten = NOTHING_FORGOTTEN


@dataclass(slots=True)
class BatchResult:
    """Counts and timings of a batch: ``n_records`` = ``n_staged`` + ``n_refused``.

    ``marks`` says, by URI, how far files that may grow have been read; ``places`` are the records that came up of files
    of which only some were wanted: URI and member.
    """

    n_records: int = 0
    n_staged: int = 0
    n_refused: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)
    files: list[dict[str, Any]] = field(default_factory=list)
    passed_over: list[dict[str, Any]] = field(default_factory=list)
    marks: dict[str, Mark] = field(default_factory=dict)
    places: list[tuple[str, str | None]] = field(default_factory=list)
    validation: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    extractor: str = ""


def process_batch(
    number: int,
    files: Sequence[RawFile],
    run: RunContext,
    on_progress: Callable[[int, int], None] = lambda n_bytes, n_records: None,
    board: MutableSequence[float] | None = None,
    refused: Refused | None = None,
) -> BatchResult:
    """Reads the files of batch ``number`` and stages their rows under ``run.staging``.

    ``on_progress`` is called with the bytes of files and the number of records done since its last call. A step that
    takes a record longer than ``run.record_seconds`` refuses it; ``board`` and ``refused`` are as in tasks.timelimit.
    """
    result = BatchResult()
    clock = Clock()
    extractor = load_extractor(run.extractor)
    result.extractor = extractor_id(extractor)
    digests = {file.uri: file.sha256 for file in files}
    with watching(run.record_seconds, list(digests), board, refused):
        for part, chunk in enumerate(_chunks(_records(files, run, result, on_progress, clock))):
            tables = _process_chunk(chunk, digests, run, extractor, clock, result)
            with clock("stage"):
                _stage(run.staging / f"{number:06d}-{part:06d}", tables)
            result.rows.update({name: len(rows) for name, rows in tables.items()})
    result.seconds = dict(clock.seconds)
    result.validation = {name: [merge_results(parts)] for name, parts in result.validation.items()}
    return result


def stage_rejections(number: int, rejections: Sequence[Rejection], run: RunContext) -> BatchResult:
    """Stages refusals that arose before any record was read, such as files that can't be opened."""
    result = BatchResult(n_records=len(rejections), n_refused=len(rejections))
    rows = _quarantine_rows(rejections, run)
    if rows:
        _stage(run.staging / f"{number:06d}-000000", {"quarantine": rows})
        result.rows["quarantine"] = len(rows)
    return result


def _records(
    files: Sequence[RawFile],
    run: RunContext,
    result: BatchResult,
    on_progress: Callable[[int, int], None],
    clock: Clock,
) -> Iterator[Item]:
    for file in files:
        if isinstance(file, StoredArticles):
            n = 0
            for n, article in enumerate(stored_articles(file), start=1):  # noqa: B007
                yield article
            result.n_records += n
            on_progress(file.n_bytes, n)
            continue
        n, n_passed, n_before = 0, 0, file.mark.n_records if file.mark else 0
        first: RawRecord | Rejection | None = None
        tally = Tally()
        records = read_file(file, run.read, tally)
        while True:
            upcoming = n_before + n + n_passed + 1
            try:
                with clock("read"), limited(file.uri, upcoming, "read"):
                    record = next(records, None)
            except TimeLimit as limit:
                record = _end_of_reading(file, upcoming, limit.reason_code, str(limit))
                records, tally.mark = iter(()), None
            except (OSError, MemoryError):  # of the disk or the machine, not of the file
                raise
            except Exception as error:
                record = _end_of_reading(file, upcoming, "reading_failed", f"The reader failed: {_named(error)}.")
                records, tally.mark = iter(()), None
            if record is None:
                break
            if file.only is not None and record.member is not None and record.member not in file.only:
                n_passed += 1
                continue
            n += 1
            first = first or record
            record = replace(record, member=file.as_member) if file.as_member else record
            if file.only is not None or file.as_member:
                result.places.append((file.uri, record.member))
            yield record
            if n % TELL_EVERY == 0:
                on_progress(0, TELL_EVERY)
        result.n_records += n
        # What could not even be opened has not been read: the next run tries again.
        is_read = n != 1 or not isinstance(first, Rejection) or first.reason_code != "unreadable_file"
        status = "rejected" if not is_read else "continued" if file.mark else "read"
        result.files.append(file_entry(file, status, n))
        result.passed_over += [{"uri": file.uri, "kind": kind, "n": m} for kind, m in sorted(tally.passed_over.items())]
        if tally.mark and tally.mark.n_lines:
            result.marks[file.uri] = tally.mark
        on_progress(file.n_unread, n % TELL_EVERY)


def _end_of_reading(file: RawFile, ordinal: int, reason_code: str, why: str) -> Rejection:
    sentence = f"{why} What follows in the file has not been read."
    return Rejection(file.uri, ordinal, None, "read", reason_code, sentence)


def file_entry(file: RawFile, status: str, n_records: int | None = None) -> dict[str, Any]:
    """An element of runs.files."""
    return {
        "uri": file.uri,
        "sha256": file.sha256,
        "n_bytes": file.n_bytes,
        "n_records": n_records,
        "status": status,
    }


def _chunks(records: Iterable[Item]) -> Iterator[list[Item]]:
    chunk: list[Item] = []
    size = 0
    for record in records:
        chunk.append(record)
        size += _size(record)
        if len(chunk) >= CHUNK_RECORDS or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _size(record: Item) -> int:
    if isinstance(record, Rejection):
        return len(record.raw)
    if isinstance(record, Article):
        return len(record.row["text"])
    return len(record.raw) + sum(
        len(value) if isinstance(value, str) else sum(map(len, value))
        for value in record.fields.values()
        if isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value))
    )


def _process_chunk(
    chunk: list[Item],
    digests: dict[str, str],
    run: RunContext,
    extractor: Extractor,
    clock: Clock,
    result: BatchResult,
) -> dict[str, list[dict[str, Any]]]:
    refused: list[Rejection] = []
    articles: list[Article] = []
    normalised = partial(_normalise, options=run.normalise)
    with clock("normalise"):
        for record in chunk:
            outcome = normalised(record) if isinstance(record, RawRecord) else record
            if run.forgotten and not isinstance(record, Article):
                outcome = run.forgotten.refusal(record, outcome, normalised) or outcome
            if isinstance(outcome, Rejection):
                refused.append(outcome)
            else:
                articles.append(outcome)
    with clock("validate"):
        articles, invalid = _validate_articles(articles, run, result)
        refused += invalid
    tables: dict[str, list[dict[str, Any]]] = {"articles": [], "quotes": [], "mentions": [], "links": []}
    with clock("extract"):
        for article in articles:
            found = _extract(article, extractor)
            if isinstance(found, Rejection):
                refused.append(found)
                continue
            row = (
                {"source_sha256": digests.get(article.row["source_uri"])} | article.row | {"_ordinal": article.ordinal}
            )
            for name, rows in found.items():
                tables[name] += [r | {"_article": len(tables["articles"])} for r in rows]
            tables["articles"].append(row)
    result.n_staged += len(tables["articles"])
    result.n_refused += len(refused)
    with clock("validate"):
        for table in (QUOTES, MENTIONS, LINKS):
            refused += _validate_rows(table, tables, run, result)
    stamp = {"run_id": run.run_id, "ingested_at": run.started_at, "extractor": extractor_id(extractor)}
    tables = {name: [row | stamp for row in rows] for name, rows in tables.items()}
    tables["quarantine"] = _quarantine_rows(refused, run)
    return tables


def _normalise(record: RawRecord, options: NormaliseOptions) -> Article | Rejection:
    try:
        with limited(record.uri, record.ordinal, "normalise"):
            return normalise(record, options)
    except TimeLimit as limit:
        return reject(record, "normalise", limit.reason_code, str(limit))
    except Exception as error:
        return reject(record, "normalise", "normalisation_failed", f"Normalising failed: {_named(error)}.")


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".encode("utf-8", "backslashreplace").decode("utf-8")


def extractor_id(extractor: Extractor) -> str:
    """Name and version of an extractor, as the tables hold them."""
    return f"{extractor.name}/{extractor.version}"


def _extract(article: Article, extractor: Extractor) -> dict[str, list[dict[str, Any]]] | Rejection:
    """Rows of quotes, mentions and links; whatever an extractor trips over, the run goes on and says so."""
    row = article.row
    try:
        with limited(article.read_from or row["source_uri"], article.ordinal, "extract"):
            extraction = extractor.extract(row["title"], row["text"], row["language"])
            quotes, mentions = quote_rows(row, extraction), mention_rows(row, extraction)
    except TimeLimit as limit:
        return _refuse(article, "extract", limit.reason_code, str(limit))
    except Exception as error:
        sentence = f"The extractor {extractor_id(extractor)} failed on this text: {_named(error)}."
        return _refuse(article, "extract", "extraction_failed", sentence)
    place = {"article_id": row["article_id"], "published_on": row["published_on"]}
    return {"quotes": quotes, "mentions": mentions, "links": [place | link for link in article.links]}


def _refuse(article: Article, stage: str, reason_code: str, reason: str, **details: str | None) -> Rejection:
    row = article.row
    return Rejection(
        row["source_uri"],
        article.ordinal,
        row["source_member"],
        stage,
        reason_code,
        reason,
        raw=article.raw,
        raw_sha256=article.raw_sha256,
        **details,
    )


def _validate_articles(
    articles: list[Article], run: RunContext, result: BatchResult
) -> tuple[list[Article], list[Rejection]]:
    validation = validate("articles", [article.row for article in articles], run.started_at)
    result.validation.setdefault("articles", []).append(validation.result)
    refused = {
        f.row: _refuse(
            articles[f.row],
            "validate",
            f.reason_code,
            f.reason,
            column=f.column,
            value=f.value,
            expectation=f.expectation,
        )
        for f in validation.failures
    }
    return [a for i, a in enumerate(articles) if i not in refused], list(refused.values())


def _validate_rows(
    table: Table, tables: dict[str, list[dict[str, Any]]], run: RunContext, result: BatchResult
) -> list[Rejection]:
    """Takes the rows that break an expectation out of a child table; their articles stay."""
    rows, articles = tables[table.name], tables["articles"]
    owners = [row["_article"] for row in rows]
    lengths = [
        len(articles[owner]["title" if row.get("is_in_title") else "text"])
        for row, owner in zip(rows, owners, strict=True)
    ]
    validation = validate(table.name, rows, run.started_at, text_lengths=lengths, records=owners)
    result.validation.setdefault(table.name, []).append(validation.result)
    refused = []
    for failure in validation.failures:
        article = articles[owners[failure.row]]
        raw = repr(sorted(rows[failure.row].items())).encode("utf-8", "backslashreplace")
        refused.append(
            Rejection(
                article["source_uri"],
                article["_ordinal"],
                article["source_member"],
                "extract",
                ROW_REASONS[table.name],
                failure.reason,
                failure.column,
                failure.value,
                failure.expectation,
                raw[:RAW_LIMIT],
                digest(raw),
            )
        )
    bad = {failure.row for failure in validation.failures}
    tables[table.name] = [row for i, row in enumerate(rows) if i not in bad]
    return refused


def _quarantine_rows(rejections: Iterable[Rejection], run: RunContext) -> list[dict[str, Any]]:
    return [
        {
            "quarantine_id": key(
                r.uri, r.member or "", r.stage, r.reason_code, r.column or "", r.raw_sha256 or "", r.value or ""
            ),
            "stage": r.stage,
            "reason_code": r.reason_code,
            "reason": r.reason,
            "expectation": r.expectation,
            "column": r.column,
            "value": None if r.value is None else r.value[:VALUE_LIMIT],
            "source_uri": r.uri,
            "source_member": r.member,
            "raw": r.raw[:RAW_LIMIT] or None,
            "raw_sha256": r.raw_sha256 or None,
            "first_seen_at": run.started_at,
            "last_seen_at": run.started_at,
            "n_attempts": 1,
            "resolved_run_id": None,
            "run_id": run.run_id,
        }
        for r in rejections
    ]


def _stage(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> None:
    for path in (folder.parent, folder):  # and no lake that was moved away
        path.mkdir(exist_ok=True)
    schemas = {"articles": STAGED_ARTICLES} | {QUARANTINE.name: QUARANTINE.schema}
    # The number of the article's row in the chunk, by which publishing finds the rows of an article.
    schemas |= {t.name: t.schema.append(pa.field("_article", pa.int64())) for t in (QUOTES, MENTIONS, LINKS)}
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows, schema=schemas[name]), folder / f"{name}.parquet", compression="zstd")
