"""Takes articles down: out of all tables, for good, and on record without a word of their text (docs/forgetting.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from schemas.tables import ARTICLES, CHILD_TABLES, FORGOTTEN, QUARANTINE, RAW_FILES, TABLES, Table
from tasks.catalog import build_catalog, drop_catalog
from tasks.commit import COMMIT_WAIT_SECONDS, FILES, FileOps, temporary
from tasks.corrections.file import corrections_file, strike
from tasks.corrections.table import decisions_on
from tasks.extract.rows import key
from tasks.forgotten import COLUMNS
from tasks.index import drop_indexes
from tasks.lake import Lake, commit_lock, connect, scan
from tasks.linked import drop_memories
from tasks.linking import LINKED_TABLES, NO_OPTIONS, LinkOptions
from tasks.partitions import month_sql
from tasks.process import ROW_REASONS
from tasks.publish import Merge, Update, committing
from tasks.reasons import REASONS
from tasks.runreport import REFUSED, draw, refused_rows

ID_DIGITS = 32
BATCH_ROWS = 1_000
_OWNER = re.compile(rb"'article_id', '([0-9a-f]{32})'")  # in the bytes that are kept of an extractor's row


class ForgetError(Exception):
    """What is asked can't be done; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to take down: a key of tasks.forgotten.COLUMNS, and the value of that column."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Removal:
    """What goes because of one order: articles, and rows of quarantine, by their ids, and rows by table."""

    order: Order
    article_ids: list[str] = field(default_factory=list)
    source_uris: list[str] = field(default_factory=list)
    quarantine_ids: list[str] = field(default_factory=list)
    n_rows: dict[str, int] = field(default_factory=dict)


def find_removals(lake: Lake, orders: Sequence[Order]) -> list[Removal]:
    """What each order would take out of the lake, in their order; nothing is changed.

    An article may be named by the first digits of its id, if the lake has one such article. Raises ForgetError where a
    name fits several, or none and is no whole id.
    """
    with connect(lake) as connection:
        for table in TABLES.values():
            connection.execute(f"CREATE VIEW {table.name} AS FROM {scan(table, lake.files(table))}")
        return [_removal(connection, _whole(connection, order)) for order in orders]


def _whole(connection: duckdb.DuckDBPyConnection, order: Order) -> Order:
    if order.kind != "article":
        return order
    found = connection.execute(
        "SELECT article_id FROM articles WHERE starts_with(article_id, lower($id)) LIMIT 2", {"id": order.value}
    ).fetchall()
    if len(found) == 1:
        return Order("article", found[0][0])
    if found or len(order.value) != ID_DIGITS:
        raise ForgetError(f"{'more than one' if found else 'no'} article_id begins with {order.value!r}")
    return Order("article", order.value.lower())


def _removal(connection: duckdb.DuckDBPyConnection, order: Order) -> Removal:
    connection.execute("DROP TABLE IF EXISTS leaving")
    connection.execute(
        f"""CREATE TEMP TABLE leaving AS SELECT article_id, source_uri, source_member, url, canonical_url
            FROM articles WHERE {COLUMNS[order.kind]} = $value""",
        {"value": order.value},
    )
    ids = [row[0] for row in connection.execute("SELECT article_id FROM leaving ORDER BY ALL").fetchall()]
    uris = {row[0] for row in connection.execute("SELECT DISTINCT source_uri FROM leaving").fetchall()}
    uris |= {order.value} if order.kind == "source" else set()
    refused = _refused(connection, order, ids)
    n_rows = {ARTICLES.name: len(ids), QUARANTINE.name: len(refused)}
    for table in CHILD_TABLES:
        query = f"SELECT count(*) FROM {table.name} SEMI JOIN leaving USING (article_id)"
        n_rows[table.name] = connection.execute(query).fetchall()[0][0]
    return Removal(order, ids, sorted(uris), refused, n_rows)


def _refused(connection: duckdb.DuckDBPyConnection, order: Order, ids: Collection[str]) -> list[str]:
    """The quarantine_ids of rows that hold, or may hold, something of what is taken down.

    These are the rows of a file that goes; those at the places of articles and their duplicates; and those whose bytes
    name the id or the address of an article, or the domain of a publisher.
    """
    found = connection.execute(
        """
        WITH places AS (
            SELECT source_uri, source_member FROM leaving
            UNION SELECT source_uri, source_member FROM quarantine
            WHERE reason_code = 'duplicate_record' AND value IN (SELECT article_id FROM leaving))
        SELECT quarantine_id FROM quarantine q
        WHERE ($kind = 'source' AND source_uri = $value)
            OR EXISTS (FROM places p WHERE p.source_uri = q.source_uri
                       AND p.source_member IS NOT DISTINCT FROM q.source_member)
        """,
        {"kind": order.kind, "value": order.value},
    ).fetchall()
    names: list[str] = []
    if order.kind == "article":
        addresses = connection.execute("SELECT DISTINCT unnest([url, canonical_url]) FROM leaving").fetchall()
        names = [address for (address,) in addresses if address]
    elif order.kind == "publisher" and "." in order.value:
        names = [order.value]
    return sorted({row[0] for row in found} | _naming(connection, set(ids), [name.encode() for name in names]))


def _naming(connection: duckdb.DuckDBPyConnection, ids: Collection[str], names: Sequence[bytes]) -> set[str]:
    """The refused rows that an extractor made of one of the articles, and the records that hold one of the names."""
    query = "SELECT quarantine_id, reason_code, raw FROM quarantine WHERE raw IS NOT NULL"
    found = set()
    for batch in connection.sql(query).to_arrow_reader(BATCH_ROWS):
        for quarantine_id, reason_code, raw in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            owner = _OWNER.search(raw) if reason_code in ROW_REASONS.values() else None
            if (owner and owner[1].decode() in ids) or any(name in raw for name in names):
                found.add(quarantine_id)
    return found


def forget(
    lake: Lake,
    removals: Sequence[Removal],
    at: datetime,
    by: str,
    reason: str | None = None,
    memory_limit: str = "512MB",
    threads: int = 1,
    ops: FileOps = FILES,
    options: LinkOptions = NO_OPTIONS,
) -> None:
    """Takes out what ``find_removals`` found, in one commit, and links anew what is left; then the catalog.

    Reports, the decisions of people on its quotes, the indexes of words and the catalog are cleaned or removed first,
    so that nothing is left in them however this ends. The caller holds the writer lock.
    """
    leaving = {article_id for removal in removals for article_id in removal.article_ids}
    strike(corrections_file(lake, options.decisions), leaving)
    refused = {quarantine_id for removal in removals for quarantine_id in removal.quarantine_ids}
    clean_reports(lake, refused, {uri for r in removals if r.order.kind == "source" for uri in r.source_uris})
    ids = pa.table({"article_id": pa.array(sorted(leaving), pa.string())})
    rows = [_log_row(removal, at, by, reason) for removal in removals]
    with committing(lake, "forget", ops) as changes, connect(lake, memory_limit, threads) as connection:
        merge = Merge(lake, connection, changes)
        connection.register("leaving", ids)
        connection.register("refused", pa.table({"quarantine_id": pa.array(sorted(refused), pa.string())}))
        tables = [table for table in TABLES.values() if "article_id" in table.column_names]
        updates = {t.name: _without(lake, t, "leaving", "article_id") for t in tables if t.partition}
        if ids.num_rows:
            linked = [updates[table.name] for table in LINKED_TABLES]
            merge.link(linked, options, decisions_on(lake, options.decisions))
            for update in updates.values():
                merge.rewrite(update)
        merge.rewrite(_without(lake, QUARANTINE, "refused", "quarantine_id"))
        merge.write_whole(FORGOTTEN, _log(merge, rows))
        with commit_lock(lake, COMMIT_WAIT_SECONDS):
            drop_indexes(lake, {*changes.replaced, *changes.deleted})
            drop_memories(lake)
            drop_catalog(lake)
    build_catalog(lake)


def _without(lake: Lake, table: Table, leaving: str, column: str) -> Update:
    """A table without the rows that are leaving."""
    months = f"SELECT {month_sql(table)} FROM {scan(table, lake.files(table))} SEMI JOIN {leaving} USING ({column})"
    return Update(table, months, f"SELECT * FROM {{old}} ANTI JOIN {leaving} USING ({column})")


def _log_row(removal: Removal, at: datetime, by: str, reason: str | None) -> dict[str, Any]:
    order = removal.order
    return {
        "forget_id": key(order.kind, order.value, at.isoformat()),
        "kind": order.kind,
        "value": order.value,
        "reason": reason,
        "forgotten_at": at,
        "forgotten_by": by,
        "article_ids": removal.article_ids,
        "source_uris": removal.source_uris,
        **{f"n_{name}": n for name, n in removal.n_rows.items()},
    }


def _log(merge: Merge, rows: Sequence[dict[str, Any]]) -> pa.Table:
    merge.connection.register("ordered", pa.Table.from_pylist(list(rows), schema=FORGOTTEN.schema))
    known = scan(FORGOTTEN, merge.lake.files(FORGOTTEN))
    query = f"FROM {known} ANTI JOIN ordered USING (forget_id) UNION ALL BY NAME FROM ordered"
    return merge.connection.sql(query).to_arrow_table()


def lift(lake: Lake, orders: Sequence[Order], at: datetime, by: str, ops: FileOps = FILES) -> int:
    """Lifts orders that stand: the next run reads the files again that the articles were from, if they are there.

    Returns how many orders were lifted. The caller holds the writer lock.
    """
    with committing(lake, "lift", ops) as changes, connect(lake) as connection:
        merge = Merge(lake, connection, changes)
        values = {"kind": [o.kind for o in orders], "value": [o.value for o in orders]}
        connection.register("lifted", pa.table(values, schema=pa.schema({name: pa.string() for name in values})))
        known = scan(FORGOTTEN, lake.files(FORGOTTEN))
        is_lifted = """lifted_at IS NULL AND EXISTS (FROM lifted l WHERE l.kind = f.kind
                       AND (l.value = f.value OR (f.kind = 'article' AND starts_with(f.value, lower(l.value)))))"""
        connection.execute(f"CREATE TEMP TABLE standing AS SELECT f.* FROM {known} f WHERE {is_lifted}")
        rows = connection.sql("FROM standing").to_arrow_table().to_pylist()
        if rows:
            rows = [row | {"lifted_at": at, "lifted_by": by} for row in rows]
            merge.write_whole(FORGOTTEN, _log(merge, rows))
            files = f"""SELECT * FROM {scan(RAW_FILES, lake.files(RAW_FILES))}
                        WHERE source_uri NOT IN (SELECT unnest(source_uris) FROM standing)"""
            merge.write_whole(RAW_FILES, connection.sql(files).to_arrow_table())
        return len(rows)


def clean_reports(lake: Lake, quarantine_ids: Collection[str], source_uris: Collection[str]) -> None:
    """Takes everything out of the reports of runs that may quote an article, and draws their pages anew.

    Lines on rows that go are dropped, and all others lose the bytes, the value and the sentence that may hold it.
    """
    for folder in sorted(path.parent for path in (lake.root / "reports").glob(f"*/{REFUSED}")):
        rows = list(refused_rows(folder))
        kept = [r for r in rows if r["quarantine_id"] not in quarantine_ids and r["source_uri"] not in source_uris]
        bare = [r | {"reason": REASONS.get(r["reason_code"], ""), "value": None, "raw": ""} for r in kept]
        if bare != rows:
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in bare)
            temporary(folder / REFUSED).write_text(text, encoding="utf-8")
            temporary(folder / REFUSED).replace(folder / REFUSED)
            draw(folder)
