"""Accounts for a run: every record read is written, unchanged, superseded or quarantined; the counts must balance."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import ARTICLES, RUNS, SCHEMA_VERSION, TABLES
from tasks.ask import to_rows
from tasks.catalog import connect_readonly
from tasks.clock import Clock
from tasks.commit import install_folder, settled, temporary
from tasks.deduplicate import Decisions
from tasks.discover import Discovery, is_ignored
from tasks.drift import Comparison, Figure, as_rows
from tasks.figures import measure
from tasks.lake import Lake, connect, scan, sql_paths
from tasks.ledger import FilesRead, ledger_row, missing_row, reading_id
from tasks.process import BatchResult, RunContext, file_entry
from tasks.reasons import PASSED_OVER, REASONS
from tasks.runreport import write_facts
from tasks.tidy import last_maintained
from tasks.validate import merge_results

TOP = 8  # speakers that a summary lists


class TooManyQuarantined(Exception):
    """More records were refused than the run's limit allows; nothing was published."""


class UnbalancedCounts(Exception):
    """Records went missing between reading and publishing: a defect of this software, never of the data."""


@dataclass(frozen=True, slots=True)
class Account:
    """What became of a run's records: the row of the runs table, the share refused (0 to 1, apart from
    duplicates and what is only PASSED_OVER), the refusals by reason_code, most frequent first, what
    tasks.figures.measure finds, and the files that are not there any more.
    """

    row: dict[str, Any]
    refused_share: float
    reasons: list[tuple[str, int]]
    figures: list[Figure] = field(default_factory=list)
    parts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    removed: list[dict[str, Any]] = field(default_factory=list)


def account(
    lake: Lake, run: RunContext, found: Discovery, batches: Sequence[BatchResult], decisions: Decisions, clock: Clock
) -> Account:
    """Adds up what became of every record; raises UnbalancedCounts where the sum is not the number read.

    Of the row, ``flow_run_id``, ``code_version``, ``parameters`` and ``finished_at`` are the caller's to fill in.
    """
    n_records = sum(b.n_records for b in batches)
    n_refused = sum(b.n_refused for b in batches)
    rows = Counter[str]()
    for batch in batches:
        rows.update(batch.rows)
        for stage, seconds in batch.seconds.items():
            clock.seconds[stage] += seconds
    counts = {
        "n_records": n_records,
        "n_written": decisions.n_written,
        "n_unchanged": decisions.n_unchanged,
        "n_superseded": decisions.n_superseded,
        "n_quarantined": n_refused + decisions.n_duplicates,
    }
    n_accounted = sum(n for name, n in counts.items() if name != "n_records")
    if n_accounted != n_records:
        raise UnbalancedCounts(f"{n_records} records were read but {n_accounted} are accounted for: {counts}")
    n_items = {"extract": rows["quotes"] + rows["mentions"], "stage": sum(rows.values())}
    row = {
        "run_id": run.run_id,
        "flow_run_id": None,
        "status": "completed",
        "message": None,
        "started_at": run.started_at,
        "finished_at": run.started_at,
        "code_version": "",
        "schema_version": SCHEMA_VERSION,
        "extractor": next((b.extractor for b in batches if b.extractor), run.extractor),
        "parameters": [],
        "n_files": found.n_files,
        "n_files_unchanged": found.n_unchanged,
        **counts,
        "n_quotes": decisions.n_quotes,
        "n_mentions": decisions.n_mentions,
        "stages": [
            {"stage": stage, "n": n_items.get(stage, n_records), "seconds": round(seconds, 3)}
            for stage, seconds in clock.seconds.items()
        ],
        "files": _files(found, batches),
        "passed_over": sorted((p for b in batches for p in b.passed_over), key=lambda p: (p["uri"], p["kind"])),
        "root": found.root or None,
        "n_files_removed": len(found.removed),
    }
    with _refused(lake, run, decisions) as refused:
        reasons = refused.sql(
            "SELECT reason_code, count(*) AS n FROM refused GROUP BY ALL ORDER BY n DESC, reason_code"
        ).fetchall()
    n_wrong = n_refused - sum(n for reason, n in reasons if reason in PASSED_OVER)
    refused_share = n_wrong / n_records if n_records else 0.0
    figures, parts = measure(lake, run, decisions, row, refused_share)
    row["figures"] = [{"name": figure.name, "value": figure.value} for figure in figures]
    return Account(row, refused_share, reasons, figures, parts, removed_files(lake, found))


@contextmanager
def _refused(lake: Lake, run: RunContext, decisions: Decisions) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the view ``refused``: the quarantine rows of the run, published or not."""
    files = [*sorted(run.staging.glob("*/quarantine.parquet")), decisions.duplicates]
    with connect(lake) as connection:
        connection.execute(f"CREATE VIEW refused AS FROM read_parquet({sql_paths(files)}, union_by_name = true)")
        yield connection


def check_limit(account: Account, max_quarantined: float | None) -> None:
    """Raises TooManyQuarantined where the share of refused records passes the limit; None is no limit."""
    if max_quarantined is not None and account.refused_share > max_quarantined:
        raise TooManyQuarantined(
            f"{account.refused_share:.0%} of {account.row['n_records']:,} records were refused, more than the limit of"
            f" {max_quarantined:.0%}; nothing was published. The report of run {account.row['run_id']} lists them"
        )


def _files(found: Discovery, batches: Sequence[BatchResult]) -> list[dict[str, Any]]:
    entries = [entry for batch in batches for entry in batch.files]
    entries += [file_entry(file, "ignored") for file in found.ignored if is_ignored(file.path.name)]
    entries += [
        {"uri": e.uri, "sha256": e.sha256, "n_bytes": e.n_bytes, "n_records": e.n_records, "status": "removed"}
        for e in found.removed
    ]
    entries += [
        {"uri": r.uri, "sha256": None, "n_bytes": None, "n_records": 1, "status": "rejected"} for r in found.rejected
    ]
    return sorted(entries, key=lambda entry: str(entry["uri"]))


def files_read(found: Discovery, batches: Sequence[BatchResult], run: RunContext) -> FilesRead:
    """What the run has read, for the ledger."""
    reading = reading_id(run.read, run.normalise)
    n_records = {e["uri"]: e["n_records"] for b in batches for e in b.files if e["status"] in ("read", "continued")}
    marks = {uri: mark for batch in batches for uri, mark in batch.marks.items()}
    rows, again = [], []
    for file in found.new:
        if file.uri in n_records:
            n_before = file.mark.n_records if file.mark else 0
            n = n_before + n_records[file.uri]
            rows.append(ledger_row(found.root, file, reading, run.run_id, n, marks.get(file.uri)))
            again.append((file.uri, file.mark.member if file.mark else None))
    rows += [ledger_row(found.root, file, reading, run.run_id) for file in found.known]
    rows += [missing_row(found.root, entry, run.started_at) for entry in found.removed]
    return FilesRead(found.root, rows, again)


def removed_files(lake: Lake, found: Discovery) -> list[dict[str, Any]]:
    """The files that are not there any more: when a run last found them, and how many articles are from them."""
    if not found.removed:
        return []
    with connect(lake) as connection:
        connection.register("removed", pa.table({"uri": [entry.uri for entry in found.removed]}))
        n_articles = dict(
            connection.execute(f"""
                SELECT source_uri, count(*) FROM {scan(ARTICLES, lake.files(ARTICLES))}
                WHERE source_uri IN (SELECT uri FROM removed) GROUP BY ALL
            """).fetchall()
        )
        last_seen_at = connection.execute(
            f"""SELECT max(started_at)::VARCHAR FROM {scan(RUNS, lake.files(RUNS))}
                WHERE root = $root AND status = 'completed'""",
            {"root": found.root},
        ).fetchall()[0][0]
    return [
        {"uri": entry.uri, "last_seen_at": last_seen_at, "n_articles": n_articles.get(entry.uri, 0)}
        for entry in found.removed
    ]


def earlier_figures(lake: Lake, k: int) -> list[dict[str, float]]:
    """The figures, name to value, of the last ``k`` completed runs that wrote something, oldest first."""
    query = f"""
        SELECT figures FROM runs WHERE status = 'completed' AND n_written > 0 AND figures IS NOT NULL
        ORDER BY started_at DESC, run_id DESC LIMIT {k:d}
    """
    with settled(lake), connect(lake) as connection:
        connection.execute(f"CREATE VIEW runs AS FROM {scan(RUNS, lake.files(RUNS))}")
        rows = to_rows(connection.sql(query).to_arrow_table())
    return [{figure["name"]: figure["value"] for figure in row["figures"]} for row in reversed(rows)]


def write_report(
    lake: Lake,
    run: RunContext,
    account: Account,
    batches: Sequence[BatchResult],
    decisions: Decisions,
    compared: Sequence[Comparison] = (),
) -> Path:
    """Writes the facts of a run to the folder reports/<run_id>/ (tasks.runreport), from which its pages are drawn."""
    target = lake.report_dir(run.run_id)
    folder = temporary(target)
    shutil.rmtree(folder, ignore_errors=True)
    for path in (lake.reports, folder):
        path.mkdir(exist_ok=True)
    merged: dict[str, list[dict[str, Any]]] = {}
    for batch in batches:
        for table, parts in batch.validation.items():
            merged.setdefault(table, []).extend(parts)
    facts = account.row | {
        "parameters": dict(account.row["parameters"]),
        "refused_share": account.refused_share,
        "quarantine_reasons": dict(account.reasons),
        "drift": as_rows(compared),
        "removed": account.removed,
        **account.parts,
    }
    with _refused(lake, run, decisions) as refused:
        write_facts(folder, facts, {table: merge_results(parts) for table, parts in merged.items()}, refused)
    install_folder(folder, target)
    return target


def summarise(
    lake: Lake, account: Account, clock: Clock, report: Path, compared: Sequence[Comparison] = ()
) -> dict[str, Any]:
    """What the command line shows, or prints as JSON, at the end of a run; times in seconds, shares from 0 to 1."""
    row, seconds = account.row, clock.seconds
    work = sum(seconds.values()) or 1.0
    (totals,), speakers = _answers(
        lake,
        """SELECT count(*) AS n_articles, (SELECT count(*) FROM quotes) AS n_quotes, min(published_on) AS first_on,
                  max(published_on) AS last_on FROM articles""",
        f"SELECT speaker, role, n_quotes, n_articles FROM speakers() LIMIT {TOP}",
    )
    return {
        "headline": f"Quotes found: {row['n_quotes']:,}, in articles: {row['n_written']:,}"
        if row["n_records"]
        else "Nothing new to read",
        "run_id": row["run_id"],
        "status": row["status"],
        "counts": {name: n for name, n in row.items() if name.startswith("n_")},
        "quarantine_reasons": [{"reason_code": code, "n": n, "meaning": REASONS[code]} for code, n in account.reasons],
        "passed_over": _by_kind(row["passed_over"]),
        "warnings": [one.sentence() for one in compared if one.has_drifted],
        "removed": account.removed,
        "top_speakers": speakers,
        "lake": {"path": str(lake.root), **totals},
        "timing": {
            "seconds": round(clock.elapsed, 3),
            "validate_share": round((seconds["validate"] + seconds["report"]) / work, 4),
            "extract_share": round(seconds["extract"] / work, 4),
            "stages": {stage: round(s, 3) for stage, s in seconds.items()},
        },
        "report": str(report),
    }


def _by_kind(passed_over: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many of each kind, over all files, most frequent first."""
    kinds = Counter[str]()
    for entry in passed_over:
        kinds[entry["kind"]] += entry["n"]
    return [{"kind": kind, "n": n} for kind, n in sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))]


def lake_status(lake: Lake) -> dict[str, Any]:
    """What the lake holds (rows, files, bytes a table), its last ten runs, newest first, and its last maintenance."""
    tables = []
    for name in TABLES:
        files = sorted((lake.root / name).rglob("*.parquet"))
        tables.append(
            {
                "table": name,
                "n_rows": sum(pq.read_metadata(f).num_rows for f in files),
                "n_files": len(files),
                "n_bytes": sum(f.stat().st_size for f in files),
            }
        )
    query = """
        SELECT run_id, status, started_at, n_records, n_written, n_unchanged, n_superseded, n_quarantined, n_quotes,
               message FROM runs ORDER BY started_at DESC, run_id DESC LIMIT 10
    """
    return {
        "lake": str(lake.root),
        "schema_version": SCHEMA_VERSION,
        "tables": tables,
        "runs": _answers(lake, query)[0],
        "maintained": last_maintained(lake),
    }


def _answers(lake: Lake, *queries: str) -> list[list[dict[str, Any]]]:
    """The rows of each query over the catalog."""
    with connect_readonly(lake) as connection:
        return [to_rows(connection.execute(query).to_arrow_table()) for query in queries]
