"""Publishes a run: merges its staged rows into the month files that they belong to, and commits all tables as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.tables import ARTICLES, CHILD_TABLES, QUARANTINE, RUNS, Table
from tasks.commit import FILES, FileOps, commit, temporary
from tasks.deduplicate import CHILD_KEY, DECIDED, Decisions, staged_rows
from tasks.lake import Lake, connect, scan, sql_paths
from tasks.partitions import month_sql, write_partitions


def publish(
    lake: Lake,
    staging: Path,
    run_row: Mapping[str, Any],
    decisions: Decisions,
    memory_limit: str = "512MB",
    threads: int = 1,
    ops: FileOps = FILES,
) -> None:
    """Writes what ``decisions`` say of the rows under ``staging``, and the run's row, into the lake: all, or nothing.

    ``run_row`` has the columns of the runs table. The caller holds the writer lock, and has not changed the lake
    since it was deduplicated.
    """
    with _committing(lake, run_row, ops) as changes, connect(lake, memory_limit, threads) as connection:
        merge = _Merge(lake, connection, changes)
        connection.execute(f"CREATE VIEW written AS FROM read_parquet({sql_paths([decisions.written])})")
        connection.execute(f"CREATE VIEW lake_rows AS FROM read_parquet({sql_paths([decisions.lake_rows])})")
        _merge_articles(merge, staging)
        for table in CHILD_TABLES:
            _merge_children(merge, table, staging)
        _merge_quarantine(merge, staging, decisions)


def publish_run(lake: Lake, run_row: Mapping[str, Any], ops: FileOps = FILES) -> None:
    """Writes the row of a run that publishes nothing else, such as one that failed, under the writer lock."""
    with _committing(lake, run_row, ops):
        pass


@dataclass(slots=True)
class _Changes:
    """Files of the lake to replace by their `.tmp`, and files to delete."""

    replaced: list[Path] = field(default_factory=list)
    deleted: list[Path] = field(default_factory=list)

    def replace(self, target: Path) -> Path:
        """Where to write the new content of a file."""
        self.replaced.append(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        return temporary(target)


@contextmanager
def _committing(lake: Lake, run_row: Mapping[str, Any], ops: FileOps) -> Iterator[_Changes]:
    """Adds the run's row to the changes made within, and commits them all; after a failure, removes them."""
    changes = _Changes()
    try:
        yield changes
        _write_run(lake, run_row, changes)
        commit(lake, run_row["run_id"], changes.replaced, changes.deleted, ops)
    except BaseException:
        if not lake.journal.exists():
            for target in changes.replaced:
                ops.unlink(temporary(target))
        raise


def _write_run(lake: Lake, run_row: Mapping[str, Any], changes: _Changes) -> None:
    row = {**run_row, "parameters": sorted(dict(run_row["parameters"]).items())}
    target = lake.partition_file(RUNS)
    runs = pa.Table.from_pylist([row], schema=RUNS.schema)
    if target.exists():
        earlier = pq.read_table(target, partitioning=None)
        earlier = earlier.filter(pc.not_equal(earlier["run_id"], run_row["run_id"]))
        runs = pa.concat_tables([runs, earlier], promote_options="default").select(RUNS.column_names)
    runs = runs.sort_by([(name, "ascending") for name in RUNS.sort_by]).cast(RUNS.schema).combine_chunks()
    pq.write_table(runs, changes.replace(target), compression="zstd", write_page_index=True)


@dataclass(slots=True)
class _Merge:
    """Rewrites the files of a table in which something changes."""

    lake: Lake
    connection: duckdb.DuckDBPyConnection
    changes: _Changes

    def rewrite(self, table: Table, months: str, old: str, new: str) -> None:
        """Fills the files of the months that the query ``months`` lists with the rows of two queries.

        ``old`` selects rows from the files as they are, which it calls `{old}`; ``new`` selects the rows to add.
        """
        targets = {m: self.lake.partition_file(table, m) for (m,) in self.connection.execute(months).fetchall()}
        existing = [path for path in targets.values() if path.exists()]
        rows = f"({old.format(old=scan(table, existing))} UNION ALL BY NAME {new})"
        written = write_partitions(self.connection, table, rows, lambda month: self.changes.replace(targets[month]))
        self.changes.deleted += [path for month, path in targets.items() if month not in written and path in existing]
        self._keep_one_file(table)

    def _keep_one_file(self, table: Table) -> None:
        """An empty file stands in for a table without rows, and goes when there are others."""
        default = self.lake.partition_file(table)
        left = (set(self.lake.files(table)) - set(self.changes.deleted)) | (
            {path for path in self.changes.replaced if path.is_relative_to(self.lake.table_dir(table))}
        )
        if not left:
            pq.write_table(table.schema.empty_table(), self.changes.replace(default), compression="zstd")
            self.changes.deleted = [path for path in self.changes.deleted if path != default]
        elif len(left) > 1 and default in left and default not in self.changes.replaced and not _n_rows(default):
            self.changes.deleted.append(default)


def _n_rows(path: Path) -> int:
    return int(pq.read_metadata(path).num_rows)


def _merge_articles(merge: _Merge, staging: Path) -> None:
    corrected = ", ".join(f"CASE WHEN l.article_id IS NULL THEN a.{c} ELSE l.{c} END AS {c}" for c in DECIDED)
    decided = ", ".join(f"w.{c}" for c in DECIDED)
    merge.rewrite(
        ARTICLES,
        months=f"SELECT {month_sql(ARTICLES)} FROM written UNION SELECT {month_sql(ARTICLES)} FROM lake_rows",
        old=f"""SELECT a.* REPLACE ({corrected}) FROM {{old}} a LEFT JOIN lake_rows l ON l.article_id = a.article_id
                WHERE l.is_replaced IS NOT TRUE""",
        new=f"""SELECT s.*, {decided} FROM {staged_rows(staging, ARTICLES, DECIDED)} s
                JOIN written w ON w._chunk = s._chunk AND w._row = s._row""",
    )


def _merge_children(merge: _Merge, table: Table, staging: Path) -> None:
    replaced = "(FROM lake_rows WHERE is_replaced)"
    new = f"""SELECT s.* FROM {staged_rows(staging, table)} s
              SEMI JOIN written w ON w._chunk = s._chunk AND w._row = s.{CHILD_KEY}"""
    merge.rewrite(
        table,
        months=f"SELECT {month_sql(table)} FROM ({new}) UNION SELECT {month_sql(table)} FROM {replaced}",
        old=f"SELECT * FROM {{old}} ANTI JOIN {replaced} USING (article_id)",
        new=new,
    )


def _merge_quarantine(merge: _Merge, staging: Path, decisions: Decisions) -> None:
    """A record refused again keeps its row: one more attempt, first seen as before, no longer resolved."""
    connection, known = merge.connection, scan(QUARANTINE, merge.lake.files(QUARANTINE))
    connection.execute(f"""
        CREATE VIEW refused AS
            FROM {staged_rows(staging, QUARANTINE)} UNION ALL BY NAME
            SELECT * EXCLUDE (file_row_number), '' AS _chunk, file_row_number AS _row
            FROM read_parquet({sql_paths([decisions.duplicates])}, file_row_number = true);
        CREATE TEMP TABLE merged AS
        SELECT i.quarantine_id, i.copy._chunk AS _chunk, i.copy._row AS _row,
               least(i.first_seen_at, k.first_seen_at) AS first_seen_at, k.first_seen_at AS known_at,
               greatest(i.last_seen_at, k.last_seen_at) AS last_seen_at,
               CASE WHEN k.run_id = i.run_id THEN k.n_attempts ELSE i.n_attempts + coalesce(k.n_attempts, 0) END
                   AS n_attempts
        FROM (SELECT quarantine_id, any_value(run_id) AS run_id, min(first_seen_at) AS first_seen_at,
                     max(last_seen_at) AS last_seen_at, max(n_attempts) AS n_attempts,
                     min({{reason: reason, expectation: expectation, _chunk: _chunk, _row: _row}}) AS copy
              FROM refused GROUP BY quarantine_id) i
        LEFT JOIN (SELECT quarantine_id, run_id, first_seen_at, last_seen_at, n_attempts FROM {known}) k
        ON k.quarantine_id = i.quarantine_id;
    """)
    counters = "m.first_seen_at AS first_seen_at, m.last_seen_at AS last_seen_at, m.n_attempts AS n_attempts"
    merge.rewrite(
        QUARANTINE,
        months=f"""SELECT {month_sql(QUARANTINE)} FROM merged
                   UNION SELECT strftime(known_at, '%Y-%m') FROM merged WHERE known_at IS NOT NULL""",
        old="SELECT * FROM {old} ANTI JOIN merged USING (quarantine_id)",
        new=f"""SELECT r.* REPLACE ({counters}) FROM refused r
                JOIN merged m ON m._chunk = r._chunk AND m._row = r._row""",
    )
