"""Decides what becomes of every staged article: written, unchanged, superseded, or refused as a duplicate.

Decisions are made by SQL over narrow columns of the staged files and of the lake, and handed on as small Parquet
files; docs/publishing.md states the rules.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import ARTICLES, MENTIONS, QUARANTINE, QUOTES, Table
from tasks.extract.rows import key
from tasks.lake import Lake, connect, scan, sql_paths, sql_string
from tasks.partitions import month_sql

# Columns that the decisions fill, those that are filled when all articles are known, and those that say where in
# which bytes a record stood: a row that differs in nothing else is unchanged, so that a dump which only grows does not
# rewrite its old articles.
DECIDED = ("revision", "n_revisions")
UNDECIDED = (*DECIDED, *ARTICLES.linked_names)
PLACE = ("source_member", "source_sha256")
DUPLICATE = ("deduplicate", "duplicate_record")  # stage and reason_code
CHILD_KEY = "_article"  # column of staged child rows: the row number of their article in the chunk's articles

NOTHING: Mapping[str, str] = MappingProxyType({})
_CONTINUED = pa.schema([("source_uri", pa.string()), ("begins_at", pa.string())])


class Run(Protocol):
    """What deduplication has to know of a run."""

    @property
    def run_id(self) -> str:
        """Key of the run."""
        ...

    @property
    def started_at(self) -> datetime:
        """Its start, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Decisions:
    """Counts, and the folder that holds what was decided.

    ``n_records`` = ``n_written`` + ``n_unchanged`` + ``n_superseded`` + ``n_duplicates``. ``n_quotes`` and
    ``n_mentions`` belong to the articles written.
    """

    folder: Path
    n_records: int = 0
    n_written: int = 0
    n_unchanged: int = 0
    n_superseded: int = 0
    n_duplicates: int = 0
    n_quotes: int = 0
    n_mentions: int = 0

    @property
    def written(self) -> Path:
        """Staged records to write: chunk, row, article_id, published_on, and the columns in DECIDED."""
        return self.folder / "written.parquet"

    @property
    def lake_rows(self) -> Path:
        """Rows of the lake to take out (is_replaced) or to correct: article_id, published_on, columns in DECIDED."""
        return self.folder / "lake_rows.parquet"

    @property
    def duplicates(self) -> Path:
        """Rows of the quarantine table."""
        return self.folder / "duplicates.parquet"


def deduplicate(
    lake: Lake,
    staging: Path,
    run: Run,
    memory_limit: str = "512MB",
    threads: int = 1,
    continued: Mapping[str, str] = NOTHING,
    rewrite: bool = False,
) -> Decisions:
    """Compares the articles staged under ``staging`` with each other and with the lake. Changes nothing in the lake.

    ``continued`` names the files of which only the end was read, and the source_member at which that begins. With
    ``rewrite``, an article of which no column differs is written all the same, for its quotes may differ.
    """
    decisions = Decisions(staging / "_decisions")
    for path in (staging, decisions.folder):
        path.mkdir(exist_ok=True)
    with connect(lake, memory_limit, threads) as connection:
        connection.execute(f"CREATE VIEW staged AS FROM {staged_rows(staging, ARTICLES)}")
        connection.execute(f"CREATE VIEW lake AS FROM {scan(ARTICLES, lake.files(ARTICLES))}")
        begins = pa.table({"source_uri": [*continued], "begins_at": [*continued.values()]}, schema=_CONTINUED)
        connection.register("continued", begins)
        connection.execute(_RECORDS)
        _find_changed(connection, lake, rewrite)
        connection.execute(_OUTCOMES)
        for query, path in ((_WRITTEN, decisions.written), (_LAKE_ROWS, decisions.lake_rows)):
            connection.execute(f"COPY ({query}) TO {sql_string(str(path))} (FORMAT parquet)")
        _write_duplicates(connection, run, decisions.duplicates)
        counts = connection.execute("SELECT outcome, count(*) FROM outcomes GROUP BY outcome").fetchall()
        children = {f"n_{t.name}": _count_children(connection, staging, t) for t in (QUOTES, MENTIONS)}
    by_outcome = {f"n_{outcome}": n for outcome, n in counts}
    return Decisions(decisions.folder, n_records=sum(by_outcome.values()), **by_outcome, **children)


def staged_rows(staging: Path, table: Table, without: Collection[str] = ()) -> str:
    """SQL for the staged rows of a table, with the name of the chunk as `_chunk` and the number in it as `_row`."""
    paths = sql_paths(sorted(staging.glob(f"*/{table.name}.parquet")))
    if paths == "[]":
        columns = ", ".join(f'"{name}"' for name in table.column_names if name not in without)
        return f"(SELECT {columns}, 0 AS _ordinal, 0 AS {CHILD_KEY}, '' AS _chunk, 0 AS _row FROM empty_{table.name})"
    return f"""(
        SELECT * EXCLUDE (filename, file_row_number),
               split_part(filename, '/', -2) AS _chunk, file_row_number AS _row
        FROM read_parquet({paths}, filename = true, file_row_number = true, hive_partitioning = false))"""


# A record is the first of its text where it is the one that the lake's row was read from, else the newest, else the
# first in order of source. A text is as new as its newest record, but a summary is older than any whole text; the
# lake's row counts as well, unless its record has been read again. Where that leaves a tie, a text read in this run is
# newer than one that is only in the lake. A record of the lake is not read again where only what follows it in its file
# is (is_before).
_RECORDS = """
CREATE TEMP TABLE seen AS
    SELECT _chunk, _row, article_id, content_sha256, modified_at, published_on, source_uri, source_member, _ordinal,
           NOT coalesce(is_summary_only, false) AS is_whole
    FROM staged;
CREATE TEMP TABLE known AS
    SELECT article_id, content_sha256, modified_at, published_on, source_uri, source_member, revision, n_revisions,
           NOT coalesce(is_summary_only, false) AS is_whole,
           begins_at IS NOT NULL AND source_member IS DISTINCT FROM begins_at
               AND NOT starts_with(coalesce(source_member, ''), begins_at || '.') AS is_before
    FROM (FROM lake SEMI JOIN seen USING (article_id)) LEFT JOIN continued USING (source_uri);
CREATE TEMP TABLE texts AS
    SELECT article_id, arg_max(content_sha256, age) AS newest, count(*) AS n_texts
    FROM (SELECT article_id, content_sha256,
                 row(bool_or(is_whole), coalesce(max(modified_at), '-infinity'), max(place)) AS age
          FROM (SELECT article_id, content_sha256, modified_at, is_whole, row(source_uri, _ordinal) AS place FROM seen
                UNION ALL
                SELECT article_id, content_sha256, modified_at, is_whole, row('', -1::BIGINT)
                FROM known ANTI JOIN (FROM seen ANTI JOIN (FROM known WHERE is_before) USING (article_id))
                USING (article_id, content_sha256, source_uri))
          GROUP BY article_id, content_sha256)
    GROUP BY article_id;
CREATE TEMP TABLE records AS
    SELECT s.*, t.n_texts, s.content_sha256 = t.newest AS is_newest,
           k.article_id IS NOT NULL AS is_known,
           coalesce(s.content_sha256 = k.content_sha256, false) AS is_known_text,
           is_known_text AND s.source_uri = k.source_uri AND NOT k.is_before AS is_known_source,
           row_number() OVER copies = 1 AS is_first,
           CASE WHEN is_known_text THEN k.source_uri ELSE first_value(s.source_uri) OVER copies END AS kept_uri,
           CASE WHEN is_known_text THEN k.source_member ELSE first_value(s.source_member) OVER copies END AS kept_member
    FROM seen s LEFT JOIN known k USING (article_id) LEFT JOIN texts t USING (article_id)
    WINDOW copies AS (
        PARTITION BY s.article_id, s.content_sha256
        ORDER BY is_known_source DESC, s.source_member IS NOT DISTINCT FROM k.source_member DESC,
                 s.modified_at DESC NULLS LAST, s.source_uri, s._ordinal);
CREATE TEMP TABLE reread AS
    SELECT _chunk, _row, article_id FROM records WHERE is_first AND is_newest AND is_known_source;
"""

_OUTCOMES = """
CREATE TEMP TABLE outcomes AS
    SELECT r.*, CASE WHEN NOT is_first OR (is_known_text AND NOT is_known_source) THEN 'duplicates'
                     WHEN NOT is_newest THEN 'superseded'
                     WHEN is_known_text AND c._row IS NULL THEN 'unchanged'
                     ELSE 'written' END AS outcome
    FROM records r LEFT JOIN changed c USING (_chunk, _row);
CREATE TEMP TABLE new AS FROM outcomes WHERE outcome = 'written';
CREATE TEMP TABLE replaced AS
    SELECT article_id, published_on, content_sha256, revision, n_revisions FROM known SEMI JOIN new USING (article_id);
CREATE TEMP TABLE kept AS
    SELECT article_id, published_on, revision, n_revisions FROM known ANTI JOIN replaced USING (article_id);
"""

_WRITTEN = """
SELECT _chunk, _row, article_id, published_on,
       CASE WHEN is_known_text THEN revision ELSE n_all END::INTEGER AS revision,
       CASE WHEN is_known_text THEN greatest(n_revisions, n_texts) ELSE n_all END::INTEGER AS n_revisions
FROM (SELECT n.*, r.revision, r.n_revisions, coalesce(r.n_revisions - 1, 0) + n_texts AS n_all
      FROM new n LEFT JOIN replaced r ON r.article_id = n.article_id)
"""

_LAKE_ROWS = """
SELECT article_id, published_on, true AS is_replaced, NULL::INTEGER AS revision, NULL::INTEGER AS n_revisions
FROM replaced
UNION ALL
SELECT article_id, published_on, false, revision, n_all
FROM (SELECT k.*, greatest(n_revisions, coalesce(n_texts, 0))::INTEGER AS n_all
      FROM kept k LEFT JOIN texts t USING (article_id))
WHERE n_all <> n_revisions
"""


def _find_changed(connection: duckdb.DuckDBPyConnection, lake: Lake, rewrite: bool) -> None:
    """Finds the records read again that differ from the lake's rows, by a 64-bit hash of the columns that count."""
    months = connection.execute(
        f"SELECT DISTINCT {month_sql(ARTICLES)} FROM known SEMI JOIN reread USING (article_id)"
    ).fetchall()
    files = [lake.partition_file(ARTICLES, month) for (month,) in months]
    names = (c.name for c in ARTICLES.columns if not c.volatile and c.name not in (*UNDECIDED, *PLACE))
    fingerprint = f"hash({', '.join(names)}) AS fingerprint"
    connection.execute(f"""
        CREATE TEMP TABLE changed AS
        SELECT _chunk, _row
        FROM (SELECT _chunk, _row, article_id, {fingerprint} FROM staged SEMI JOIN reread USING (_chunk, _row)) s
        JOIN (SELECT article_id, {fingerprint} FROM {scan(ARTICLES, files)} SEMI JOIN reread USING (article_id)) k
        USING (article_id) WHERE {rewrite} OR s.fingerprint <> k.fingerprint
    """)


def _write_duplicates(connection: duckdb.DuckDBPyConnection, run: Run, path: Path) -> None:
    """Writes the quarantine rows of the duplicates, in order of source."""
    duplicates = connection.sql("""
        SELECT article_id, source_uri, source_member, kept_uri, kept_member FROM outcomes
        WHERE outcome = 'duplicates' ORDER BY source_uri, _ordinal
    """)
    with pq.ParquetWriter(path, QUARANTINE.schema, compression="zstd") as file:
        for batch in duplicates.to_arrow_reader(10_000):
            rows = [_quarantine_row(run, **row) for row in batch.to_pylist()]
            file.write_table(pa.Table.from_pylist(rows, schema=QUARANTINE.schema))


def _quarantine_row(
    run: Run, article_id: str, source_uri: str, source_member: str | None, kept_uri: str, kept_member: str | None
) -> dict[str, Any]:
    kept = f"{kept_uri} ({kept_member})" if kept_member else kept_uri
    return {
        "quarantine_id": key(source_uri, source_member or "", *DUPLICATE, "article_id", "", article_id),
        "stage": DUPLICATE[0],
        "reason_code": DUPLICATE[1],
        "reason": f"The same article with the same text has been read from {kept}.",
        "column": "article_id",
        "value": article_id,
        "source_uri": source_uri,
        "source_member": source_member,
        "first_seen_at": run.started_at,
        "last_seen_at": run.started_at,
        "n_attempts": 1,
        "run_id": run.run_id,
    }


def _count_children(connection: duckdb.DuckDBPyConnection, staging: Path, table: Table) -> int:
    rows = staged_rows(staging, table)
    query = f"SELECT count(*) FROM {rows} c SEMI JOIN new n ON c._chunk = n._chunk AND c.{CHILD_KEY} = n._row"
    return int(connection.execute(query).fetchall()[0][0])
