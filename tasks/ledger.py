"""The ledger: which raw files have been read, by the digest of their content, and how far.

It is the table raw_files, one row a file, and part of every commit: what was not published was not read.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from schemas.tables import RAW_FILES, RUNS
from tasks.extract.rows import key
from tasks.lake import Lake, connect, scan
from tasks.normalise.article import NormaliseOptions
from tasks.readers.mapping import load_mapping
from tasks.readers.options import ReadOptions
from tasks.records import Mark, RawFile

BATCH_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger holds of a file; the columns of raw_files."""

    uri: str
    sha256: str
    n_bytes: int
    n_records: int | None
    reading: str
    mark: Mark | None
    missing_since: datetime | None
    run_id: str


class Ledger:
    """The ledger as one run sees it: its own folder, and its own settings for reading."""

    def __init__(self, lake: Lake, root: str, reading: str) -> None:
        self.lake, self.root, self.reading = lake, root, reading

    def entries(self) -> Iterator[Entry]:
        """The files of the folder, in the order of their URIs, in bounded memory."""
        query = f"""
            SELECT source_uri, source_sha256, n_bytes, n_records, reading, mark, missing_since, run_id
            FROM {scan(RAW_FILES, self.lake.files(RAW_FILES))} WHERE root = $root ORDER BY source_uri
        """
        with connect(self.lake) as connection:
            for batch in connection.sql(query, params={"root": self.root}).to_arrow_reader(BATCH_ROWS):
                for uri, sha256, n_bytes, n_records, reading, mark, *rest in zip(
                    *(column.to_pylist() for column in batch.columns), strict=True
                ):
                    yield Entry(uri, sha256, n_bytes, n_records, reading, Mark(**mark) if mark else None, *rest)

    def known(self, digests: Collection[str]) -> set[str]:
        """Those of the digests whose content has been read so, under whatever name and in whatever folder.

        Before schema 1.2, the rows of the runs say which files they read.
        """
        with connect(self.lake) as connection:
            connection.register("asked", pa.table({"sha256": pa.array(digests, pa.string())}))
            rows = connection.execute(
                f"""
                SELECT sha256 FROM asked WHERE sha256 IN (
                    SELECT source_sha256 FROM {scan(RAW_FILES, self.lake.files(RAW_FILES))} WHERE reading = $reading
                    UNION ALL
                    SELECT f.sha256 FROM (
                        SELECT unnest(files) AS f FROM {scan(RUNS, self.lake.files(RUNS))}
                        WHERE status = 'completed' AND schema_version IN ('1.0', '1.1'))
                    WHERE f.status = 'read')
                """,
                {"reading": self.reading},
            ).fetchall()
        return {sha256 for (sha256,) in rows}


def reading_id(read: ReadOptions, normalise: NormaliseOptions) -> str:
    """Digest of the settings that decide what is read out of any file: the mapping, and how dates are read.

    Limits are left out: they decide only what is refused, and refusals can be tried again by themselves.
    """
    mapping = load_mapping(read.mapping)
    return key(json.dumps([asdict(mapping) if mapping else None, asdict(normalise)], sort_keys=True))


@dataclass(frozen=True, slots=True)
class FilesRead:
    """What a run has read, for the ledger and for the refusals that it settles.

    ``rows`` are rows of raw_files to put in the place of those with the same key. ``again`` lists places that have been
    read: a URI and a source_member, None for all of the file. A refusal of ``root`` (of any folder, where that is None)
    at such a place that has not come up again is resolved, and so is one of those ``retried``, by their quarantine_ids.
    """

    root: str | None = None
    rows: Sequence[Mapping[str, Any]] = ()
    again: Sequence[tuple[str, str | None]] = ()
    retried: Sequence[str] = ()


def ledger_row(
    root: str, file: RawFile, reading: str, run_id: str, n_records: int | None = None, mark: Mark | None = None
) -> dict[str, Any]:
    """The row of raw_files for a file as a run found it."""
    return {
        "root": root,
        "source_uri": file.uri,
        "source_sha256": file.sha256,
        "n_bytes": file.n_bytes,
        "n_records": n_records,
        "reading": reading,
        "mark": asdict(mark) if mark else None,
        "missing_since": None,
        "run_id": run_id,
    }


def missing_row(root: str, entry: Entry, since: datetime) -> dict[str, Any]:
    """The row of raw_files for a file that a run did not find any more."""
    row = {name: value for name, value in asdict(entry).items() if name not in ("uri", "sha256")}
    return row | {"root": root, "source_uri": entry.uri, "source_sha256": entry.sha256, "missing_since": since}


NOTHING_READ = FilesRead()
