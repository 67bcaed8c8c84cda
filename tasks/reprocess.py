"""Extracts anew what an older extractor made, from the lake's own articles, and shows what that changes in quotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import duckdb

from schemas.tables import ARTICLES, QUARANTINE, QUOTES
from tasks.deduplicate import CHILD_KEY, Decisions, staged_rows
from tasks.extract.load import load_extractor
from tasks.lake import Lake, connect, scan, sql_paths
from tasks.ledger import FilesRead
from tasks.linking import NO_OPTIONS, LinkOptions
from tasks.process import ROW_REASONS, RunContext, extractor_id
from tasks.rework import OnProgress, decide, finish, stage_all
from tasks.stored import slices

BATCH_ROWS = 1_000
COMPARED = ("speaker", "speaker_type", "kind", "source", "cue", "content")


@dataclass(frozen=True, slots=True)
class Reprocessed:
    """The run's row, which is not in the lake where nothing was to be published, and what changed in quotes, if asked.

    A change has article_id, ``change`` (added, removed or changed), ``fields`` (those of COMPARED that differ), and the
    quote as it was and as it is: quote_id and the columns in COMPARED; None where there is none.
    """

    row: dict[str, Any]
    changes: list[dict[str, Any]]


def reprocess(
    lake: Lake,
    run: RunContext,
    every: bool = False,
    diff: bool = False,
    dry_run: bool = False,
    workers: int = 1,
    memory_limit: str = "512MB",
    options: LinkOptions = NO_OPTIONS,
    on_progress: OnProgress = lambda n_bytes, n_records: None,
    **columns: Any,
) -> Reprocessed:
    """Extracts the articles anew that ``run.extractor`` did not make, or ``every`` one, as a run of its own.

    Texts come from the lake, a slice at a time, so raw files are not needed; what comes out is what a full run over
    them would give. With ``dry_run`` nothing is published. The caller holds the writer lock.
    """
    current = extractor_id(load_extractor(run.extractor))
    batches = stage_all(slices(lake, "" if every else current), run, workers, on_progress)
    decisions = decide(lake, run, memory_limit, workers, rewrite=every)
    changes = find_changes(lake, run, decisions) if diff else []
    if dry_run:
        counts = {"n_records": decisions.n_records, "n_written": decisions.n_written, "n_quotes": decisions.n_quotes}
        return Reprocessed({"run_id": None, "extractor": current, **counts}, changes)
    read = FilesRead(retried=_refusals(lake, run))
    columns = {"extractor": current, **columns}
    return Reprocessed(finish(lake, run, batches, decisions, read, memory_limit, workers, options, **columns), changes)


def _refusals(lake: Lake, run: RunContext) -> list[str]:
    """The rows that were refused of the articles that are extracted now."""
    codes = ", ".join(f"'{code}'" for code in (*ROW_REASONS.values(), "extraction_failed"))
    with connect(lake) as connection:
        found = connection.execute(f"""
            SELECT quarantine_id FROM {scan(QUARANTINE, lake.files(QUARANTINE))} q
            WHERE reason_code IN ({codes}) AND resolved_run_id IS NULL AND EXISTS (
                FROM {staged_rows(run.staging, ARTICLES)} s
                WHERE s.source_uri = q.source_uri AND s.source_member IS NOT DISTINCT FROM q.source_member)
        """).fetchall()
    return [quarantine_id for (quarantine_id,) in found]


def find_changes(lake: Lake, run: RunContext, decisions: Decisions) -> list[dict[str, Any]]:
    """How the quotes of the articles that are to be written differ from those in the lake, in order of article."""
    columns = ", ".join(f"{{0}}.{name}" for name in ("quote_id", "is_in_title", "content_spans", *COMPARED))
    with connect(lake) as connection:
        connection.execute(f"CREATE VIEW written AS FROM read_parquet({sql_paths([decisions.written])})")
        connection.execute(f"""
            CREATE TEMP TABLE before AS
                SELECT q.article_id, {columns.format("q")} FROM {scan(QUOTES, lake.files(QUOTES))} q
                SEMI JOIN written USING (article_id);
            CREATE TEMP TABLE after AS
                SELECT q.article_id, {columns.format("q")} FROM {staged_rows(run.staging, QUOTES)} q
                SEMI JOIN written w ON w._chunk = q._chunk AND w._row = q.{CHILD_KEY};
        """)
        return list(_changes(connection))


def _changes(connection: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    differs = " OR ".join(f"b.{name} IS DISTINCT FROM a.{name}" for name in COMPARED)
    rows = connection.sql(f"""
        SELECT coalesce(b.article_id, a.article_id) AS article_id,
               CASE WHEN b.quote_id IS NOT NULL THEN b END AS b, CASE WHEN a.quote_id IS NOT NULL THEN a END AS a
        FROM before b FULL JOIN after a ON a.quote_id = b.quote_id
        WHERE b.quote_id IS NULL OR a.quote_id IS NULL OR {differs}
        ORDER BY 1, coalesce(b.is_in_title, a.is_in_title), coalesce(b.content_spans, a.content_spans), b.quote_id
    """)
    found = (row for batch in rows.to_arrow_reader(BATCH_ROWS) for row in batch.to_pylist())
    for article_id, group in groupby(found, key=lambda row: row["article_id"]):
        yield from _paired(article_id, list(group))


def _paired(article_id: str, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The changes of an article: a quote that went and one that came are one, changed, where their words overlap."""
    pairs = [(row["b"], row["a"]) for row in rows if row["b"] and row["a"]]
    gone = [row["b"] for row in rows if not row["a"]]
    come = [row["a"] for row in rows if not row["b"]]
    for before in gone:
        after = max(come, key=lambda other: _overlap(before, other), default=None)
        if after and _overlap(before, after):
            come.remove(after)
            pairs.append((before, after))
        else:
            pairs.append((before, None))
    pairs += [(None, after) for after in come]
    for before, after in pairs:
        change = "changed" if before and after else "removed" if before else "added"
        fields = [name for name in COMPARED if before and after and before[name] != after[name]]
        yield {
            "article_id": article_id,
            "change": change,
            "fields": fields,
            "before": _shown(before),
            "after": _shown(after),
        }


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> int:
    """Characters that two contents share."""
    if one["is_in_title"] != other["is_in_title"]:
        return 0
    return sum(
        max(0, min(a["end"], b["end"]) - max(a["start"], b["start"]))
        for a in one["content_spans"]
        for b in other["content_spans"]
    )


def _shown(quote: dict[str, Any] | None) -> dict[str, Any] | None:
    return quote and {name: quote[name] for name in ("quote_id", *COMPARED)}
