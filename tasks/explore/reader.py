"""Reads a lake for the explorer: an index of every commit, a connection a request, and a limit on the time of each."""

from __future__ import annotations

import glob
import hashlib
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from schemas.tables import TABLES, Table
from tasks.ask import to_rows
from tasks.commit import settled
from tasks.explore.index import index_file
from tasks.lake import Lake, LakeBusy, scan, sql_string

T = TypeVar("T")

REQUESTS = 4  # that read at once; the others wait
WAIT_SECONDS = 10.0  # for a commit that is being made, or for other requests
CACHED = 256  # results kept of one commit


class TooSlow(Exception):
    """A query took longer than it may."""


class Reading:
    """One request's view of one commit."""

    def __init__(self, snapshot: Snapshot, cursor: duckdb.DuckDBPyConnection) -> None:
        self.snapshot = snapshot
        self.lake = snapshot.lake
        self._cursor = cursor

    def rows(self, query: str, values: Sequence[Any] | dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a query over the index and the lake's files."""
        return to_rows(self.arrow(query, values))

    def arrow(self, query: str, values: Sequence[Any] | dict[str, Any] | None = None) -> pa.Table:
        """The same as an Arrow table."""
        return self._run(lambda: self._cursor.sql(query, params=values).to_arrow_table())

    def batches(self, query: str, values: Sequence[Any] | dict[str, Any] | None = None) -> pa.RecordBatchReader:
        """The same a few thousand rows at a time."""
        return self._run(lambda: self._cursor.sql(query, params=values).to_arrow_reader(10_000))

    def _run(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except duckdb.InterruptException as error:
            raise TooSlow from error

    def one(self, query: str, values: Sequence[Any] | dict[str, Any] | None = None) -> dict[str, Any] | None:
        """The first row, if there is one."""
        rows = self.rows(query, values)
        return rows[0] if rows else None

    def files(self, table: Table, months: Iterable[str | None]) -> str:
        """SQL for the rows of a partitioned table in some months (None: without a date)."""
        paths = (self.lake.partition_file(table, month) for month in sorted({month or "" for month in months}))
        return scan(table, [path for path in paths if path.exists()])

    def pick(self, table: Table, columns: str, key: str, places: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Rows of a partitioned table by a key, in no order; a place has the key, and ``month`` and ``day`` of its row.

        The days let row groups be passed over, which are in their order.
        """
        wanted = list(places)
        if not wanted:
            return []
        keys, days = ({place[name] for place in wanted} for name in (key, "day"))
        where = f"{key} IN ({', '.join('?' * len(keys))})"
        if None not in days:
            where += f" AND {table.partition} IN ({', '.join('?' * len(days))})"
        values = [*sorted(keys), *(sorted(days) if None not in days else ())]
        files = self.files(table, {place["month"] for place in wanted})
        return self.rows(f"SELECT {columns} FROM {files} WHERE {where}", values)

    def whole(self, table: Table) -> str:
        """SQL for all rows of a table."""
        return scan(table, self.lake.files(table))

    def run(self, statement: str, values: Sequence[Any] | dict[str, Any] | None = None) -> None:
        """Runs a statement that returns nothing."""
        self._run(lambda: self._cursor.execute(statement, values))

    def known(self, key: object) -> Any:
        """What `cached` has for a key, else None."""
        return self.snapshot.known(key)

    def cached(self, key: object, make: Callable[[], T]) -> T:
        """What ``make`` returns, computed once a commit for a key."""
        return self.snapshot.cached(key, make)


class Snapshot:
    """The index of one commit, open; ``stamp`` tells the commit from others."""

    def __init__(self, lake: Lake, stamp: str, memory_limit: str) -> None:
        self.lake, self.stamp = lake, stamp
        self._cache: OrderedDict[object, Any] = OrderedDict()
        self._cache_lock = threading.Lock()
        self._spill = tempfile.TemporaryDirectory(prefix="onrecord-explore-")
        config: dict[str, Any] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
            "memory_limit": memory_limit,
            "temp_directory": self._spill.name,
        }
        try:
            path = index_file(lake, stamp, Path(self._spill.name), config)
            self.connection = duckdb.connect(str(path), read_only=True, config=config)
        except BaseException:
            self._spill.cleanup()
            raise
        self.connection.execute("SET TimeZone = 'UTC'")
        root = str(lake.root.absolute())
        allowed = ", ".join(map(sql_string, (root, glob.escape(root), self._spill.name)))
        self.connection.execute(f"SET allowed_directories = [{allowed}]")
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")

    def known(self, key: object) -> Any:
        """What was cached under a key, else None."""
        with self._cache_lock:
            if key in self._cache:
                self._cache.move_to_end(key)
            return self._cache.get(key)

    def cached(self, key: object, make: Callable[[], T]) -> T:
        """What ``make`` returns for a key, never None; the latest few hundred results are kept."""
        found: T | None = self.known(key)
        if found is not None:
            return found
        made = make()
        with self._cache_lock:
            self._cache[key] = made
            while len(self._cache) > CACHED:
                self._cache.popitem(last=False)
        return made

    def forget(self) -> None:
        """Empties the cache."""
        with self._cache_lock:
            self._cache.clear()

    def close(self) -> None:
        """Lets go of the index."""
        self.connection.close()
        self._spill.cleanup()


class Reader:
    """Hands out one Reading a request, always of the newest commit."""

    def __init__(self, lake: Lake, memory_limit: str = "1GB") -> None:
        self.lake = lake
        self._memory_limit = memory_limit
        self._snapshot: Snapshot | None = None
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(REQUESTS)

    @contextmanager
    def reading(self, seconds: float = 10.0) -> Iterator[Reading]:
        """A view of the newest commit, which nobody replaces meanwhile; a query beyond ``seconds`` raises TooSlow.

        Raises LakeBusy where a commit or the other requests don't end in time, LakeError where the lake can't be used.
        """
        if not self._places.acquire(timeout=WAIT_SECONDS):
            raise LakeBusy("too many requests at once")
        try:
            with settled(self.lake, WAIT_SECONDS):
                snapshot = self._newest()
                cursor = snapshot.connection.cursor()
                timer = threading.Timer(seconds, cursor.interrupt)
                timer.daemon = True
                timer.start()
                try:
                    yield Reading(snapshot, cursor)
                finally:
                    timer.cancel()
                    timer.join()  # a late interrupt would hit a closed connection
                    cursor.close()
        finally:
            self._places.release()

    def _newest(self) -> Snapshot:
        stamp = stamp_of(self.lake)
        with self._lock:
            if self._snapshot is None or self._snapshot.stamp != stamp:
                self.close()  # whoever used it kept the commit that replaced it out until they were done
                self._snapshot = Snapshot(self.lake, stamp, self._memory_limit)
            return self._snapshot

    def close(self) -> None:
        """Lets go of the index."""
        if self._snapshot is not None:
            self._snapshot.close()
            self._snapshot = None


def stamp_of(lake: Lake) -> str:
    """16 hex digits that change with every commit: a digest of the lake's files, their sizes and times."""
    digest = hashlib.blake2b(digest_size=8)
    for table in TABLES.values():
        for path in lake.files(table):
            found = path.stat()
            digest.update(f"{path} {found.st_ino} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
