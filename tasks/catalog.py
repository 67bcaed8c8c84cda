"""The catalog: a DuckDB view of every table and macros for the usual questions, in a file and for the command line."""

from __future__ import annotations

import glob
import hashlib
import shutil
import tempfile
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from schemas.tables import QUOTES, SCHEMA_VERSION, TABLES, Table
from tasks.commit import FILES, settled, temporary
from tasks.durable import state_of
from tasks.index import INDEXED, folding_sql, index_files, index_root, missing_indexes, refresh_indexes
from tasks.lake import Lake, catalog_lock, sql_string
from tasks.lookups import (
    LOOKED_UP,
    SQL_FILES,
    State,
    define_lookups,
    months_changed,
    renew,
    sql_of,
    write_state,
)
from tasks.views import CLOSED, define_views

CATALOG_WAIT_SECONDS = 60.0
# For building; programs with an older DuckDB can open what is built.
BUILDING: dict[str, Any] = {"threads": 1, "storage_compatibility_version": "v1.4.0"}
MEMORY_LIMITS = ("256MB", "512MB", "1GB", "80%")  # for building; one after the other, as far as it takes


def build_catalog(lake: Lake, anew: bool = True) -> Path:
    """Writes `onrecord.duckdb` and moves it over the old one, so that nobody is ever locked out; returns its path.

    The views name the lake's files absolutely: after the lake was moved, the catalog has to be built again. Without
    ``anew``, one that shows the lake as it is stays.
    """
    with catalog_lock(lake, CATALOG_WAIT_SECONDS):
        if anew or not _is_built(lake, [lake.catalog]):
            _build(lake, lake.catalog, index_root(lake), anew)
    return lake.catalog


def drop_catalog(lake: Lake) -> None:
    """Removes the catalog, which holds what articles say, and what is left of one that was not finished."""
    FILES.unlink(lake.catalog)
    _clear_drafts(lake.catalog)


def ensure_catalog(lake: Lake, spare: Path) -> None:
    """Builds the catalog where it is not of the commit that the lake is at now.

    A lake that can't be written to gets it, and no more of the indexes than the explorer asks, in the folder ``spare``.
    """
    try:
        build_catalog(lake, anew=False)
    except (OSError, duckdb.IOException):
        if not _is_built(lake, catalogs(lake, spare)):
            spare.mkdir(mode=0o700, exist_ok=True)
            _build(lake, catalogs(lake, spare)[1], spare / "index", anew=False, indexed=(QUOTES,))


def catalogs(lake: Lake, spare: Path) -> tuple[Path, Path]:
    """Where `ensure_catalog` may have put the catalog."""
    return lake.catalog, spare / lake.catalog.name


def _is_built(lake: Lake, paths: Iterable[Path]) -> bool:
    with settled(lake), duckdb.connect(config=CLOSED) as connection:
        stamp = stamp_of(lake)
        return any(attach_catalog(connection, path, stamp) for path in paths)


def _build(lake: Lake, path: Path, root: Path, anew: bool, indexed: Sequence[Table] = INDEXED) -> None:
    new = temporary(path)
    with settled(lake):
        state = State.of(lake)
        months = None if anew else months_changed(path, lake, state)
        stale = None if months is None else _renewed(lake, path, root, indexed, state, months)
        if stale is None:
            stale = _made_anew(lake, path, root, indexed, state)
    FILES.sync(new)
    FILES.rename(new, path)
    FILES.sync(path.parent)
    for folder in stale:  # only now, for until now the old catalog read them
        shutil.rmtree(folder, ignore_errors=True)


def _renewed(
    lake: Lake, path: Path, root: Path, indexed: Sequence[Table], state: State, months: Collection[str | None]
) -> set[Path] | None:
    """Writes the draft from the catalog there is; returns indexes to remove, None where that can't be done."""
    try:
        return _write(lake, path, root, indexed, state, months, MEMORY_LIMITS[0])
    except duckdb.InterruptException:
        raise
    except duckdb.Error:  # it may be damaged
        return None


def _made_anew(lake: Lake, path: Path, root: Path, indexed: Sequence[Table], state: State) -> set[Path]:
    """Writes the draft from the lake; returns indexes to remove."""
    *less, most = MEMORY_LIMITS
    for limit in less:
        with suppress(duckdb.OutOfMemoryException):
            return _write(lake, path, root, indexed, state, None, limit)
    return _write(lake, path, root, indexed, state, None, most)


def _write(
    lake: Lake,
    path: Path,
    root: Path,
    indexed: Sequence[Table],
    state: State,
    months: Collection[str | None] | None,
    memory_limit: str,
) -> set[Path]:
    """Writes the draft of a catalog, from the one there is where ``months`` are given; returns indexes to remove."""
    new = temporary(path)
    _clear_drafts(path)
    if months is not None:
        shutil.copyfile(path, new)
    with duckdb.connect(new, config=CLOSED | BUILDING | {"memory_limit": memory_limit}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(folding_sql())
        stale = refresh_indexes(connection, lake, root, indexed)
        define_views(connection, lake, root)
        if months is None:
            define_lookups(connection, "TABLE")
        n_exchanged = 0 if months is None else renew(connection, lake, months)
        write_state(connection, stamp_of(lake), state, n_exchanged)
    return stale


def _clear_drafts(path: Path) -> None:
    """Removes what is left of a catalog that was not finished; a folder is where DuckDB spilled."""
    for left in path.parent.glob(f"{glob.escape(temporary(path).name)}*"):
        shutil.rmtree(left) if left.is_dir() else FILES.unlink(left)


def stamp_of(lake: Lake) -> str:
    """16 hex digits that change with what a catalog holds or names: rows that are looked up, all files, the indexes.

    A commit that leaves these alone, such as that of a run that found nothing new, leaves the catalog as it is.
    """
    made_of = (missing_indexes(lake), SCHEMA_VERSION, folding_sql(), *map(sql_of, SQL_FILES))
    digest = hashlib.blake2b(repr(made_of).encode(), digest_size=8)
    for table in TABLES.values():
        for path in lake.files(table):
            state = state_of(path) if table in LOOKED_UP else ""
            digest.update(f"{path.absolute()} {state}\n".encode())
    return digest.hexdigest()


def attach_catalog(connection: duckdb.DuckDBPyConnection, path: Path, stamp: str) -> bool:
    """Attaches a catalog as `lake` and makes it the default, if it is of that commit; returns whether it is."""
    try:
        connection.execute(f"ATTACH {sql_string(str(path.absolute()))} AS lake (READ_ONLY)")
        is_that = connection.execute("SELECT stamp FROM lake.lookup.commit").fetchall() == [(stamp,)]
    except duckdb.Error:  # there is none, or it is of another version
        is_that = False
    connection.execute("USE lake" if is_that else "DETACH DATABASE IF EXISTS lake")
    return is_that


class ReadOnly:
    """A connection that answers queries and does nothing else."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def execute(self, query: str, values: Mapping[str, Any] | Sequence[Any] | None = None) -> duckdb.DuckDBPyRelation:
        """The result of a query (SELECT, FROM, WITH, VALUES, DESCRIBE, SHOW, SUMMARIZE), computed when it is fetched.

        Raises duckdb.Error where the query is wrong, or reaches for anything but the tables.
        """
        statements = self._connection.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise duckdb.PermissionException(
                "Permission Error: only a single query can be run here, nothing that writes"
            )
        return self._connection.sql(query, params=values)

    def interrupt(self) -> None:
        """Ends the query that is running, from another thread; it raises duckdb.InterruptException."""
        self._connection.interrupt()

    @contextmanager
    def time_limit(self, seconds: float | None) -> Iterator[None]:
        """Interrupts what is computed and fetched within the block when the time is over; None is no limit."""
        if seconds is None:
            yield
            return
        timer = threading.Timer(seconds, self.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


@contextmanager
def connect_readonly(
    lake: Lake, memory_limit: str | None = None, threads: int | None = None, spill_limit: str | None = None
) -> Iterator[ReadOnly]:
    """The catalog's views and macros over one whole commit of the lake, for SQL that need not be trusted.

    A query can read the files of the tables as they are now, their indexes and the catalog, no other file, in the lake
    or elsewhere; it can write none, load no extension and change no setting. Results are to be fetched within the
    block. Raises LakeError where there is no lake, or a commit that can't be finished; LakeBusy where a commit does not
    end.
    ``memory_limit`` and ``spill_limit``, the room on disk beyond it, are in DuckDB's notation (`512MB`).
    """
    limits = {"memory_limit": memory_limit, "threads": threads, "max_temp_directory_size": spill_limit}
    config = CLOSED | {name: value for name, value in limits.items() if value is not None}
    with (
        settled(lake),
        tempfile.TemporaryDirectory() as spill,
        duckdb.connect(config=config | {"temp_directory": spill}) as connection,
    ):
        connection.execute("SET TimeZone = 'UTC'")
        if not attach_catalog(connection, lake.catalog, stamp_of(lake)):
            connection.execute(folding_sql())
            define_views(connection, lake, index_root(lake))
            define_lookups(connection, "VIEW")
        # In this order: each setting closes the door through which the one before it could be changed.
        files = [str(path.absolute()) for table in TABLES.values() for path in lake.files(table)]
        files += map(str, index_files(index_root(lake)))
        allowed = {name: None for path in files for name in (path, glob.escape(path))}
        connection.execute(f"SET allowed_paths = [{', '.join(map(sql_string, allowed))}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield ReadOnly(connection)
