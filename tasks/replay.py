"""Tries refused records again: from their raw files, or from the bytes that quarantine kept where those are whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from schemas.tables import QUARANTINE, RAW_FILES, RUNS
from tasks.digests import digest_file
from tasks.lake import Lake, connect, scan
from tasks.ledger import FilesRead
from tasks.linking import NO_OPTIONS, LinkOptions
from tasks.process import RunContext
from tasks.readers.sniff import sniff
from tasks.records import RawFile, digest
from tasks.rework import decide, finish, stage_all

# Formats of which a record by itself is a file that can be read, with the record's own place put back.
ALONE = frozenset({"jsonl", "json", "text_dump", "html"})
BATCH_ROWS = 100


@dataclass(slots=True)
class Retries:
    """Refused records to try again: files to read, and the records' places by quarantine_id.

    Those ``left`` can't be tried: quarantine_id, reason_code, source_uri, source_member, and ``why``.
    """

    files: list[RawFile] = field(default_factory=list)
    places: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    left: list[dict[str, Any]] = field(default_factory=list)


def find_retries(lake: Lake, copies: Path, reasons: Sequence[str] = (), ids: Sequence[str] = ()) -> Retries:
    """The refusals that stand, of the reasons or with the ids (first digits) given, and how each can be tried again.

    By default all but duplicates. Records that only quarantine still has are written as files into ``copies``.
    """
    found = Retries()
    files: dict[Path, RawFile] = {}
    known: dict[str, list[tuple[str, str, int]]] = {}
    with connect(lake) as connection:
        entries = f"SELECT source_uri, root, source_sha256, n_bytes FROM {scan(RAW_FILES, lake.files(RAW_FILES))}"
        for uri, root, sha256, n_bytes in connection.execute(f"{entries} ORDER BY ALL").fetchall():
            known.setdefault(uri, []).append((root, sha256, n_bytes))
        connection.register("wanted", pa.table({"prefix": pa.array([i.lower() for i in ids], pa.string())}))
        rows = connection.sql(
            f"""
            SELECT quarantine_id, reason_code, source_uri, source_member, raw, raw_sha256, r.root
            FROM {scan(QUARANTINE, lake.files(QUARANTINE))} q
            LEFT JOIN (SELECT run_id, root FROM {scan(RUNS, lake.files(RUNS))}) r USING (run_id)
            WHERE resolved_run_id IS NULL AND CASE
                WHEN $n_ids > 0 THEN EXISTS (FROM wanted WHERE starts_with(q.quarantine_id, prefix))
                WHEN len($reasons) > 0 THEN list_contains($reasons, reason_code)
                ELSE reason_code <> 'duplicate_record' END
            ORDER BY source_uri, source_member, quarantine_id
            """,
            params={"n_ids": len(ids), "reasons": list(reasons)},
        )
        for batch in rows.to_arrow_reader(BATCH_ROWS):
            for row in batch.to_pylist():
                file = _located(row, known.get(row["source_uri"], []), files)
                file = _copied(row, copies, file) if isinstance(file, str) else file
                if isinstance(file, str):
                    shown = ("quarantine_id", "reason_code", "source_uri", "source_member")
                    found.left.append({**{name: row[name] for name in shown}, "why": file})
                    continue
                found.places[row["quarantine_id"]] = (row["source_uri"], row["source_member"])
                files[file.path] = file
    found.files = sorted(files.values(), key=lambda file: (file.uri, str(file.path)))
    return found


def _located(row: dict[str, Any], entries: Sequence[tuple[str, str, int]], files: dict[Path, RawFile]) -> RawFile | str:
    """The raw file of a refused record, with the record added to those wanted of it; or why it can't be read."""
    if row["reason_code"] == "duplicate_record":
        return "the same article is in the lake"
    if row["reason_code"] == "unreadable_file":
        return "the next run tries to open the file by itself"
    entries = [entry for entry in entries if row["root"] in (entry[0], None)] or entries
    if len(entries) != 1:
        return (
            "it is not known in which folder the file lies"
            if entries
            else "the file has not been read since schema 1.2"
        )
    root, sha256, n_bytes = entries[0]
    path = Path(root, row["source_uri"])
    wanted = None if row["source_member"] is None else frozenset({row["source_member"]})
    if path in files:
        only = files[path].only
        return replace(files[path], only=None if only is None or wanted is None else only | wanted)
    try:
        if digest_file(path, n_bytes)[2] != sha256:
            return "the file has changed since; the next run reads it"
    except OSError:
        return "the file is not there any more, or can't be read"
    return RawFile(path, row["source_uri"], sha256, n_bytes, only=wanted)


def _copied(row: dict[str, Any], copies: Path, why: str) -> RawFile | str:
    """A file with the bytes that quarantine kept of a record, where they are whole and can be read by themselves."""
    raw = row["raw"]
    if row["reason_code"] in ("duplicate_record", "unreadable_file"):
        return why
    if not raw or digest(raw) != row["raw_sha256"]:
        return f"{why}, and quarantine has not kept all of its bytes"
    if sniff(raw, row["source_uri"], None).format not in ALONE:
        return f"{why}, and its bytes can't be read without what stands around them"
    copies.mkdir(parents=True, exist_ok=True)
    path = copies / row["quarantine_id"]
    path.write_bytes(raw)
    return RawFile(path, row["source_uri"], row["raw_sha256"], len(raw), as_member=row["source_member"])


def replay(
    lake: Lake,
    run: RunContext,
    retries: Retries,
    workers: int = 1,
    memory_limit: str = "512MB",
    options: LinkOptions = NO_OPTIONS,
    **columns: Any,
) -> dict[str, Any]:
    """Tries the records again as a run of its own and publishes what comes of it; returns the run's row.

    What is accepted now, or refused for another reason, is resolved; a record that did not come up is not. The caller
    holds the writer lock. A text that is read here counts as read now: of two texts of an article that say no time, it
    is the newer one.
    """
    batches = stage_all(retries.files, run, workers)
    decisions = decide(lake, run, memory_limit, workers)
    whole = {f.uri for f in retries.files if f.only is None and not f.as_member}
    whole &= {entry["uri"] for batch in batches for entry in batch.files if entry["status"] == "read"}
    seen = {place for batch in batches for place in batch.places}
    read = FilesRead(retried=[i for i, place in retries.places.items() if place in seen or place[0] in whole])
    return finish(lake, run, batches, decisions, read, memory_limit, workers, options, **columns)
