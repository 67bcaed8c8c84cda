"""The lookups of a catalog: made of the whole lake, or brought up to date at the cost of what has changed in it since.

Most nights change a few months of a lake. So a catalog says of which files it was made; of the months whose files are
others now, and of the names that are others now, a small catalog is made in memory by the same SQL, and the rows in
which it differs are exchanged. The result says what one made of the whole lake says, its rows in another order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from schemas.tables import ARTICLES, ENTITIES, FORGOTTEN, MENTIONS, QUOTES, SCHEMA_VERSION, UNKNOWN_MONTH, Table
from tasks.durable import state_of
from tasks.index import INDEXED, folding_sql
from tasks.lake import Lake, month_of, sql_string
from tasks.views import CLOSED, rows_sql

LOOKED_UP = (ARTICLES, QUOTES, MENTIONS, ENTITIES)
MONTH = f"{QUOTES.partition_key}="  # begins the folder of a month's file
SQL_FILES = ("lookup.sql", "macros.sql")
# Of the rows of all lookups, those that were exchanged stay in the file and lie out of order; of the quotes, those in
# months that have changed are read. Beyond these shares all is made of the whole lake.
MOST_EXCHANGED, MOST_READ = 0.25, 0.5
# By lookup: the place by whose month its rows are exchanged, their key, and when those of a key are the same.
_BY_MONTH = {
    "article": ("n", ("article",), "c IS NOT DISTINCT FROM o"),
    "quotes": ("n", ("quote_id",), "c.state = o.state"),
    "about": ("n", ("entity", "n"), "true"),
    "named": ("article", ("entity", "article"), "c IS NOT DISTINCT FROM o"),
}
_COUNTED = (*_BY_MONTH, "entity", "names")
# Lookups with their keys, and where the places of their rows are written: a row that comes moves those behind it in its
# file.
_PLACES = (
    ("article", "article", (("article", "n"), ("quotes", "article"), ("named", "article"))),
    ("quotes", "quote_id", (("quotes", "n"), ("about", "n"))),
)


@dataclass(frozen=True, slots=True)
class State:
    """What lookups are made of: the software and what has been forgotten, and the files looked up with their state."""

    made_by: str
    files: Mapping[str, str]

    @classmethod
    def of(cls, lake: Lake) -> State:
        """The lake as it is now. Whatever is forgotten changes ``made_by``, for no row of it may stay in a file."""
        texts = (SCHEMA_VERSION, duckdb.__version__, folding_sql(), *map(sql_of, SQL_FILES))
        forgotten = [state_of(path) for path in lake.files(FORGOTTEN)]
        digest = hashlib.blake2b(repr((texts, forgotten)).encode(), digest_size=8).hexdigest()
        paths = [path for table in LOOKED_UP for path in lake.files(table)]
        return cls(digest, {str(path.absolute()): state_of(path) for path in paths})


def sql_of(name: str) -> str:
    """One of the files in schemas/sql."""
    return resources.files("schemas").joinpath(f"sql/{name}").read_text("utf-8")


def define_lookups(connection: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Makes the lookups and the macros anew; ``kind`` is TABLE or VIEW."""
    for name in SQL_FILES:
        connection.execute(sql_of(name).replace("CREATE LOOKUP", f"CREATE {kind}"))


def months_changed(path: Path, lake: Lake, state: State) -> frozenset[str | None] | None:
    """The months whose files have changed since a catalog was built; None where one has to be made of all."""
    try:
        with duckdb.connect(config=CLOSED) as connection:
            connection.execute(f"ATTACH {sql_string(str(path.absolute()))} AS old (READ_ONLY); USE old")
            query = "SELECT made_by, files, n_exchanged FROM old.lookup.commit"
            ((made_by, files, n_exchanged),) = connection.execute(query).fetchall()
            counts = (connection.execute(f"SELECT count(*) FROM lookup.{name}") for name in _COUNTED)
            n_rows = sum(count.fetchall()[0][0] for count in counts)
    except (duckdb.Error, ValueError):  # there is none, or it is of another version
        return None
    if made_by != state.made_by or n_exchanged > MOST_EXCHANGED * n_rows:
        return None
    others = {Path(path) for path, _ in files.items() ^ state.files.items()}
    months = frozenset(month_of(path) for path in others if path.parent.name.startswith(MONTH))
    n_read, n_quotes = (sum(map(_n_rows, found)) for found in (_files(lake, QUOTES, months), lake.files(QUOTES)))
    return months if n_read <= MOST_READ * n_quotes else None


def write_state(connection: duckdb.DuckDBPyConnection, stamp: str, state: State, n_exchanged: int) -> None:
    """Notes in a catalog of which commit it is, and what it was made of."""
    connection.execute("""CREATE OR REPLACE TABLE lookup.commit (
        stamp VARCHAR, made_by VARCHAR, files MAP(VARCHAR, VARCHAR), n_exchanged BIGINT)""")
    row = [stamp, state.made_by, list(state.files), list(state.files.values()), n_exchanged]
    connection.execute("INSERT INTO lookup.commit VALUES (?, ?, map(?::VARCHAR[], ?::VARCHAR[]), ?)", row)


def renew(connection: duckdb.DuckDBPyConnection, lake: Lake, months: Collection[str | None]) -> int:
    """Exchanges the rows of the lookups that have changed; returns how many have been exchanged since all were made.

    The connection is to a copy of the catalog, whose views show the lake as it is.
    """
    ((database, before),) = connection.execute("SELECT current_database(), n_exchanged FROM lookup.commit").fetchall()
    here = f'"{database}"'
    _make_changed(connection, lake, months, here)
    connection.execute(f"USE {here}")
    connection.execute(
        "CREATE TEMP TABLE months AS SELECT lookup.place(unnest(?::VARCHAR[]), 0) >> 32",
        [[month or UNKNOWN_MONTH for month in months]],
    )
    connection.execute("BEGIN")
    _move(connection)
    n_exchanged = _exchange(connection) + _exchange_names(connection)
    connection.execute("DELETE FROM lookup.speakers")
    connection.execute("INSERT INTO lookup.speakers FROM lookup.speakers_between(NULL, NULL)")
    connection.execute("COMMIT")
    return int(before) + n_exchanged


def _make_changed(connection: duckdb.DuckDBPyConnection, lake: Lake, months: Collection[str | None], old: str) -> None:
    """Makes the lookups of the months and entities that have changed, in a catalog of that name, and uses it."""
    connection.execute("ATTACH ':memory:' AS changed; USE changed; CREATE SCHEMA lookup")
    connection.execute(folding_sql())
    for table in INDEXED:
        rows = rows_sql(connection, table, _files(lake, table, months), numbered=True)
        connection.execute(f"CREATE VIEW lookup.{table.name}_in_files AS {rows}")
    connection.execute(f"CREATE VIEW mentions AS {rows_sql(connection, MENTIONS, _files(lake, MENTIONS, months))}")
    connection.execute(f"""
        CREATE TABLE entities AS FROM ({rows_sql(connection, ENTITIES, lake.files(ENTITIES))}) e
        WHERE NOT EXISTS (FROM {old}.lookup.entity o WHERE o.entity = e.entity_id::UUID AND o.state = hash(e))""")
    connection.execute(sql_of("lookup.sql").replace("CREATE LOOKUP", "CREATE TABLE"))


def _move(connection: duckdb.DuckDBPyConnection) -> None:
    """Gives rows their new places wherever these are written; those of rows that are gone become NULL."""
    for name, key, written in _PLACES:
        connection.execute(f"""
            CREATE TEMP TABLE moved_{name} AS
            SELECT o.n AS was, c.n AS now FROM lookup.{name} o LEFT JOIN changed.lookup.{name} c USING ({key})
            WHERE o.n >> 32 IN (FROM months) AND o.n IS DISTINCT FROM c.n""")
        for lookup, place in written:
            connection.execute(f"UPDATE lookup.{lookup} SET {place} = now FROM moved_{name} WHERE {place} = was")


def _exchange(connection: duckdb.DuckDBPyConnection) -> int:
    """Exchanges the rows of months that have changed; returns the number of rows that went."""
    n = 0
    for name, (place, key, same) in _BY_MONTH.items():
        matches = " AND ".join(f"c.{column} = o.{column}" for column in key)
        went = f"""
            DELETE FROM lookup.{name} o WHERE ({place} IS NULL OR {place} >> 32 IN (FROM months))
            AND NOT EXISTS (FROM changed.lookup.{name} c WHERE {matches} AND {same})"""
        n += _n_changed(connection, went)
        connection.execute(f"""
            INSERT INTO lookup.{name} BY NAME
            FROM changed.lookup.{name} ANTI JOIN lookup.{name} USING ({", ".join(key)})""")
    return n


def _exchange_names(connection: duckdb.DuckDBPyConnection) -> int:
    """Exchanges entities that have changed and the names of speakers that are none; returns how many rows went."""
    connection.execute("""
        CREATE TEMP TABLE gone AS SELECT entity FROM lookup.entity
        WHERE entity IN (SELECT entity FROM changed.lookup.entity)
           OR entity NOT IN (SELECT entity_id::UUID FROM entities)""")
    alone = "SELECT speaker FROM lookup.quotes WHERE speaker_id IS NULL AND speaker IS NOT NULL"
    n = _n_changed(connection, "DELETE FROM lookup.entity WHERE entity IN (FROM gone)")
    n += _n_changed(connection, "DELETE FROM lookup.names WHERE entity IN (FROM gone)")
    n += _n_changed(connection, f"DELETE FROM lookup.names WHERE entity IS NULL AND speaker NOT IN ({alone})")
    connection.execute("INSERT INTO lookup.entity FROM changed.lookup.entity")
    connection.execute("""
        INSERT INTO lookup.names FROM changed.lookup.names
        WHERE entity IS NOT NULL OR speaker NOT IN (SELECT speaker FROM lookup.names WHERE speaker IS NOT NULL)""")
    return n


def _files(lake: Lake, table: Table, months: Collection[str | None]) -> list[Path]:
    return [path for path in lake.files(table) if month_of(path) in months]


def _n_changed(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    return int(connection.execute(statement).fetchall()[0][0])


def _n_rows(path: Path) -> int:
    return int(pq.read_metadata(path).num_rows)
