"""Publishes a run: merges its staged rows into the month files that they belong to, and commits all tables as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.tables import ARTICLES, CHILD_TABLES, CORRECTIONS, QUARANTINE, RAW_FILES, RUNS, TABLES, Table
from tasks.commit import FILES, FileOps, commit, temporary
from tasks.corrections.apply import Correction
from tasks.corrections.decisions import Decision
from tasks.corrections.table import decisions_on, is_followed, to_row, to_table
from tasks.deduplicate import CHILD_KEY, DECIDED, UNDECIDED, Decisions, staged_rows
from tasks.lake import Lake, LakeError, connect, month_of, scan, sql_paths
from tasks.ledger import NOTHING_READ, FilesRead
from tasks.linked import Memories
from tasks.linking import LINKED_TABLES, NO_OPTIONS, LinkOptions, changed_months_sql, link, linked_sql, made_of
from tasks.partitions import month_sql, write_partitions

_AGAIN = pa.schema([("uri", pa.string()), ("member", pa.string())])

Check = Callable[[str, pa.Table, pa.Table | None], object]
"""Looks at a table that is made of all rows, and raises where it must not be published: given its name, its rows, and
those published before, where they have passed the check of the same software."""
CHECKED = "checked"  # marks a memory of tables that have passed a check


def accept(name: str, made: pa.Table, published: pa.Table | None) -> None:
    """The check that lets everything pass."""


def publish(
    lake: Lake,
    staging: Path,
    run_row: Mapping[str, Any],
    decisions: Decisions,
    memory_limit: str = "512MB",
    threads: int = 1,
    ops: FileOps = FILES,
    options: LinkOptions = NO_OPTIONS,
    read: FilesRead = NOTHING_READ,
    check: Check = accept,
    is_anew: bool = False,
) -> None:
    """Writes what ``decisions`` say of the rows under ``staging``, and the run's row, into the lake: all, or nothing.

    What was ``read`` goes into the ledger and resolves refusals. Where articles are written, the lake is linked
    (tasks.linking), ``is_anew`` without what is remembered of it, and ``check`` sees the tables that are made of it.
    ``run_row`` has the columns of the runs table. The caller holds the writer lock, and has not changed the lake since
    it was deduplicated.
    """
    with committing(lake, run_row["run_id"], ops) as changes, connect(lake, memory_limit, threads) as connection:
        merge = Merge(lake, connection, changes)
        connection.execute(f"CREATE VIEW written AS FROM read_parquet({sql_paths([decisions.written])})")
        connection.execute(f"CREATE VIEW lake_rows AS FROM read_parquet({sql_paths([decisions.lake_rows])})")
        updates = [_articles(staging), *(_children(table, staging) for table in CHILD_TABLES)]
        by_people = decisions_on(lake, options.decisions)
        if decisions.n_written or not is_followed(lake, by_people):
            articles, *_ = updates
            changed = f"SELECT article_id FROM lake_rows UNION SELECT article_id FROM ({articles.new})"
            merge.link(updates, options, by_people, check, None if is_anew else changed)
        for update in updates:
            merge.rewrite(update)
        merge.rewrite(_quarantine(merge, staging, decisions, run_row["run_id"], read))
        _write_ledger(merge, read)
        _write_run(merge, run_row)


def publish_run(lake: Lake, run_row: Mapping[str, Any], ops: FileOps = FILES) -> None:
    """Writes the row of a run that publishes nothing else, such as one that failed, under the writer lock."""
    with committing(lake, run_row["run_id"], ops) as changes, connect(lake) as connection:
        _write_run(Merge(lake, connection, changes), run_row)


def relink(
    lake: Lake,
    memory_limit: str = "512MB",
    threads: int = 1,
    ops: FileOps = FILES,
    options: LinkOptions = NO_OPTIONS,
    check: Check = accept,
) -> None:
    """Links all of the lake anew, after corrections for instance; ``check`` is as in publish.

    The caller holds the writer lock.
    """
    with committing(lake, "relink", ops) as changes, connect(lake, memory_limit, threads) as connection:
        merge = Merge(lake, connection, changes)
        updates = [Update(table) for table in LINKED_TABLES]
        merge.link(updates, options, decisions_on(lake, options.decisions), check)
        for update in updates:
            merge.rewrite(update)


def rewrite(
    lake: Lake, paths: Iterable[Path], memory_limit: str = "512MB", threads: int = 1, ops: FileOps = FILES
) -> None:
    """Writes files of the lake anew from their own rows, in one commit. The caller holds the writer lock."""
    targets = set(paths)
    with committing(lake, "rewrite", ops) as changes, connect(lake, memory_limit, threads) as connection:
        for table in TABLES.values():
            for path in lake.files(table):
                if path in targets:
                    _rewrite(connection, table, path, changes.replace(path))


def _rewrite(connection: duckdb.DuckDBPyConnection, table: Table, path: Path, target: Path) -> None:
    rows = scan(table, [path])
    if table.partition and _n_rows(path):
        write_partitions(connection, table, rows, lambda _: target)
    else:
        _write(_in_order(table, connection.sql(f"FROM {rows}").to_arrow_table()), target)


@dataclass(slots=True)
class Changes:
    """Files of the lake to replace by their `.tmp`, and files to delete."""

    replaced: list[Path] = field(default_factory=list)
    deleted: list[Path] = field(default_factory=list)
    memories: Memories | None = None  # None where nothing is linked

    def replace(self, target: Path) -> Path:
        """Where to write the new content of a file."""
        self.replaced.append(target)
        target.parent.mkdir(exist_ok=True)
        return temporary(target)


@contextmanager
def committing(lake: Lake, name: str, ops: FileOps) -> Iterator[Changes]:
    """Commits the changes made within as one, and keeps what linking found; after a failure, removes them."""
    if lake.journal.exists():  # whose `.tmp` files must not be written over
        raise LakeError(f"a commit of {lake.root} is not finished; start a run, or ask a question, to finish it")
    changes = Changes()
    try:
        yield changes
        commit(lake, name, changes.replaced, changes.deleted, ops)
        if changes.memories:
            changes.memories.keep()
    except BaseException:
        if not lake.journal.exists():
            for target in changes.replaced:
                with suppress(OSError):  # `recover` does it then
                    ops.unlink(temporary(target))
        raise


@dataclass(frozen=True, slots=True)
class Update:
    """What changes in a table, as SQL.

    ``months`` lists the months in which rows come or go. ``old`` selects the rows that stay from those that the lake
    has, which it calls `{old}`; ``new`` selects the rows to add.
    """

    table: Table
    months: str | None = None
    old: str = "FROM {old}"
    new: str | None = None

    def rows(self, existing: str) -> str:
        """The rows as they will be, of existing ones and the new ones."""
        old = self.old.format(old=existing)
        return f"({old} UNION ALL BY NAME {self.new})" if self.new else f"({old})"


@dataclass(slots=True)
class Merge:
    """Rewrites the files of a table in which something changes."""

    lake: Lake
    connection: duckdb.DuckDBPyConnection
    changes: Changes
    correction: Correction | None = None  # None where nothing is linked

    def link(
        self,
        updates: Iterable[Update],
        options: LinkOptions,
        decisions: Sequence[Decision],
        check: Check = accept,
        changed: str | None = None,
    ) -> None:
        """Applies decisions to what is rewritten from here on, links it, and makes the tables of all articles.

        ``changed`` is SQL for the ids of all articles that the updates change; without it, all is linked anew.
        """
        self.correction = Correction(self.connection, self.lake, decisions)
        rows = {}
        for table, update in ((update.table, update) for update in updates):
            lake_rows = scan(table, self.lake.files(table))
            rows[table.name] = update.rows(self.correction.as_extracted_sql(table, lake_rows))
        followed = self.correction.judge(rows)
        rows = {name: self.correction.corrected_sql(TABLES[name], query) for name, query in rows.items()}
        about_names = self.correction.about_names
        self.changes.memories = Memories(self.lake, made_of(options, about_names), changed is None)
        if changed:
            decided = "SELECT article_id FROM decided_articles"
            self.connection.execute(f"CREATE TEMP TABLE changed AS {changed} UNION {decided}")
        memory = self.changes.memories.memory
        tables, verdicts = link(self.connection, rows, options, about_names, memory)
        is_checked = memory.before is not None and (memory.before / CHECKED).exists()
        for name, made in tables.items():
            check(name, made, self._whole(TABLES[name]) if is_checked else None)
            self.write_whole(TABLES[name], made)
        if check is not accept:
            (memory.after / CHECKED).touch()
        self.write_whole(CORRECTIONS, to_table([*followed, *map(to_row, verdicts)]))

    def rewrite(self, update: Update) -> None:
        """Fills the files of all months in which a row comes, goes or changes, or that lack a column.

        All files of a table have the same columns, as some readers need, so an upgrade writes old files anew once.
        """
        table, files = update.table, self.lake.files(update.table)
        lake_rows = scan(table, files)
        correction = self.correction if table in LINKED_TABLES else None
        months = [update.months]
        if correction:
            months += [changed_months_sql(table, lake_rows), correction.months_sql(table, lake_rows)]
        found = self.connection.execute(" UNION ".join(filter(None, months))).fetchall()
        targets = {month: self.lake.partition_file(table, month) for (month,) in found}
        targets |= {month_of(path): path for path in files if pq.read_schema(path).names != table.column_names}
        existing = [path for path in targets.values() if path.exists()]
        rows = scan(table, existing)
        rows = update.rows(correction.as_extracted_sql(table, rows, targets) if correction else rows)
        rows = linked_sql(table, correction.corrected_sql(table, rows)) if correction else rows
        written = write_partitions(self.connection, table, rows, lambda month: self.changes.replace(targets[month]))
        self.changes.deleted += [path for month, path in targets.items() if month not in written and path in existing]
        self._keep_one_file(table)

    def write_whole(self, table: Table, rows: pa.Table) -> None:
        """Replaces a table that is not partitioned, unless it holds just these rows already."""
        path, rows = self.lake.partition_file(table), _in_order(table, rows)
        if not path.exists() or not _holds(path, rows):
            _write(rows, self.changes.replace(path))

    def _whole(self, table: Table) -> pa.Table | None:
        path = self.lake.partition_file(table)
        return pq.read_table(path, partitioning=None) if path.exists() else None

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


def _in_order(table: Table, rows: pa.Table) -> pa.Table:
    rows = rows.select(table.column_names).cast(table.schema)
    return rows.sort_by([(name, "ascending") for name in table.sort_by]).combine_chunks()


def _holds(path: Path, rows: pa.Table) -> bool:
    """Whether a file has just these rows, of which a part is read at a time."""
    with pq.ParquetFile(path) as file:
        if file.metadata.num_rows != len(rows) or not file.schema_arrow.equals(rows.schema):
            return False
        start = 0
        for batch in file.iter_batches():
            if not pa.Table.from_batches([batch]).equals(rows.slice(start, len(batch))):
                return False
            start += len(batch)
    return True


def _write(rows: pa.Table, path: Path) -> None:
    pq.write_table(rows, path, compression="zstd", write_page_index=True)


def _n_rows(path: Path) -> int:
    return int(pq.read_metadata(path).num_rows)


def _write_run(merge: Merge, run_row: Mapping[str, Any]) -> None:
    row = {**run_row, "parameters": sorted(dict(run_row["parameters"]).items())}
    runs = pa.Table.from_pylist([row], schema=RUNS.schema)
    target = merge.lake.partition_file(RUNS)
    if target.exists():
        earlier = pq.read_table(target, partitioning=None)
        earlier = earlier.filter(pc.not_equal(earlier["run_id"], run_row["run_id"]))
        runs = pa.concat_tables([runs, earlier], promote_options="default")
    merge.write_whole(RUNS, runs)


def _write_ledger(merge: Merge, read: FilesRead) -> None:
    if read.rows:
        merge.connection.register("files_read", pa.Table.from_pylist(list(read.rows), schema=RAW_FILES.schema))
        rows = f"""FROM {scan(RAW_FILES, merge.lake.files(RAW_FILES))} ANTI JOIN files_read USING (root, source_uri)
                   UNION ALL BY NAME FROM files_read"""
        merge.write_whole(RAW_FILES, merge.connection.sql(rows).to_arrow_table())


def _articles(staging: Path) -> Update:
    corrected = ", ".join(f"CASE WHEN l.article_id IS NULL THEN a.{c} ELSE l.{c} END AS {c}" for c in DECIDED)
    decided = ", ".join(f"w.{c}" for c in DECIDED)
    return Update(
        ARTICLES,
        months=f"SELECT {month_sql(ARTICLES)} FROM written UNION SELECT {month_sql(ARTICLES)} FROM lake_rows",
        old=f"""SELECT a.* REPLACE ({corrected}) FROM {{old}} a LEFT JOIN lake_rows l ON l.article_id = a.article_id
                WHERE l.is_replaced IS NOT TRUE""",
        new=f"""SELECT s.*, {decided} FROM {staged_rows(staging, ARTICLES, UNDECIDED)} s
                JOIN written w ON w._chunk = s._chunk AND w._row = s._row""",
    )


def _children(table: Table, staging: Path) -> Update:
    replaced = "(FROM lake_rows WHERE is_replaced)"
    new = f"""SELECT s.* FROM {staged_rows(staging, table)} s
              SEMI JOIN written w ON w._chunk = s._chunk AND w._row = s.{CHILD_KEY}"""
    return Update(
        table,
        months=f"SELECT {month_sql(table)} FROM ({new}) UNION SELECT {month_sql(table)} FROM {replaced}",
        old=f"SELECT * FROM {{old}} ANTI JOIN {replaced} USING (article_id)",
        new=new,
    )


def _quarantine(merge: Merge, staging: Path, decisions: Decisions, run_id: str, read: FilesRead) -> Update:
    """A record refused again keeps its row: one more attempt, first seen as before, no longer resolved.

    A row whose place has been read again without that is resolved.
    """
    connection, known = merge.connection, scan(QUARANTINE, merge.lake.files(QUARANTINE))
    again = pa.table({"uri": [uri for uri, _ in read.again], "member": [m for _, m in read.again]}, schema=_AGAIN)
    connection.register("again", again)
    connection.register("retried", pa.table({"quarantine_id": pa.array(read.retried, pa.string())}))
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
    connection.execute(
        f"""
        CREATE TEMP TABLE settled AS
        SELECT DISTINCT quarantine_id, first_seen_at, $run_id AS resolved_by
        FROM (SELECT quarantine_id, first_seen_at, source_uri, source_member, run_id FROM {known}
              WHERE resolved_run_id IS NULL) q
        ANTI JOIN merged USING (quarantine_id)
        JOIN again a ON a.uri = q.source_uri AND
            (a.member IS NULL OR a.member = q.source_member OR starts_with(q.source_member, a.member || '.'))
        LEFT JOIN (SELECT run_id, root FROM {scan(RUNS, merge.lake.files(RUNS))}) r USING (run_id)
        WHERE $root IS NULL OR r.root IS NULL OR r.root = $root
        UNION
        SELECT quarantine_id, first_seen_at, $run_id
        FROM {known} SEMI JOIN retried USING (quarantine_id) ANTI JOIN merged USING (quarantine_id)
        WHERE resolved_run_id IS NULL
        """,
        {"run_id": run_id, "root": read.root},
    )
    counters = "m.first_seen_at AS first_seen_at, m.last_seen_at AS last_seen_at, m.n_attempts AS n_attempts"
    return Update(
        QUARANTINE,
        months=f"""SELECT {month_sql(QUARANTINE)} FROM merged
                   UNION SELECT strftime(known_at, '%Y-%m') FROM merged WHERE known_at IS NOT NULL
                   UNION SELECT {month_sql(QUARANTINE)} FROM settled""",
        old="""SELECT o.* REPLACE (coalesce(s.resolved_by, o.resolved_run_id) AS resolved_run_id)
               FROM {old} o ANTI JOIN merged USING (quarantine_id)
               LEFT JOIN settled s ON s.quarantine_id = o.quarantine_id""",
        new=f"""SELECT r.* REPLACE ({counters}) FROM refused r
                JOIN merged m ON m._chunk = r._chunk AND m._row = r._row""",
    )
