"""Reads a lake for the explorer: the catalog of every commit, a connection a request, a limit on the time of each."""

from __future__ import annotations

import glob
import secrets
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from schemas.tables import Table
from tasks.ask import to_rows
from tasks.catalog import attach_catalog, catalogs, ensure_catalog, stamp_of
from tasks.commit import settled
from tasks.lake import Lake, LakeBusy, sql_string
from tasks.views import CLOSED

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
        """The rows of a query over the catalog and the lake's files."""
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

    def only(self, query: str, values: Sequence[Any] | dict[str, Any] | None = None) -> dict[str, Any] | None:
        """The row, if there is exactly one; the query may end at two."""
        rows = self.rows(query, values)
        return rows[0] if len(rows) == 1 else None

    def pick(self, table: Table, columns: str, key: str, places: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Rows of a partitioned table by a key, in no order; a place has the key, and ``month`` and ``day`` of its row.

        The days let row groups be passed over, which are in their order.
        """
        wanted = list(places)
        if not wanted:
            return []
        allowed = {name: {place[of] for place in wanted} for name, of in ((key, key), (table.partition_key, "month"))}
        days = {place["day"] for place in wanted}
        if None not in days:
            allowed[table.partition] = days
        where = " AND ".join(f"{name} IN ({', '.join('?' * len(values))})" for name, values in allowed.items())
        values = [value for some in allowed.values() for value in sorted(some)]
        return self.rows(f"SELECT {columns} FROM {table.name} WHERE {where}", values)

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
    """The catalog of one commit, open; ``stamp`` tells the commit from others."""

    def __init__(self, lake: Lake, stamp: str, spare: Path, memory_limit: str) -> None:
        """Raises LookupError where neither the lake nor the folder ``spare`` has a catalog of that commit."""
        self.lake, self.stamp = lake, stamp
        self._cache: OrderedDict[object, Any] = OrderedDict()
        self._cache_lock = threading.Lock()
        self._spill = tempfile.TemporaryDirectory(prefix="onrecord-explore-")
        self._connection = duckdb.connect(
            config=CLOSED | {"memory_limit": memory_limit, "temp_directory": self._spill.name}
        )
        if not any(attach_catalog(self._connection, path, stamp) for path in catalogs(lake, spare)):
            self.close()
            raise LookupError(stamp)
        self._connection.execute("SET TimeZone = 'UTC'")
        root = str(lake.root.absolute())
        allowed = ", ".join(map(sql_string, (root, glob.escape(root), str(spare), self._spill.name)))
        self._connection.execute(f"SET allowed_directories = [{allowed}]")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection for one request."""
        cursor = self._connection.cursor()
        cursor.execute("USE lake")
        return cursor

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
        """Lets go of the catalog."""
        self._connection.close()
        self._spill.cleanup()


class Reader:
    """Hands out one Reading a request, always of the newest commit."""

    def __init__(self, lake: Lake, memory_limit: str = "1GB") -> None:
        self.lake = lake
        self._memory_limit = memory_limit
        # For a lake that can't be written to.
        self._spare = Path(tempfile.gettempdir()) / f"onrecord-explore-{secrets.token_hex(8)}"
        self._snapshot: Snapshot | None = None
        self._lock, self._building = threading.Lock(), threading.Lock()
        self._places = threading.BoundedSemaphore(REQUESTS)

    @contextmanager
    def reading(self, seconds: float = 10.0) -> Iterator[Reading]:
        """A view of the newest commit, which nobody replaces meanwhile; a query beyond ``seconds`` raises TooSlow.

        Raises LakeBusy where a commit or the other requests don't end in time, LakeError where the lake can't be used.
        """
        if not self._places.acquire(timeout=WAIT_SECONDS):
            raise LakeBusy("too many requests at once")
        try:
            while True:
                with settled(self.lake, WAIT_SECONDS):
                    if snapshot := self._newest():
                        yield from self._read(snapshot, seconds)
                        return
                with self._building:
                    ensure_catalog(self.lake, self._spare)
        finally:
            self._places.release()

    def _read(self, snapshot: Snapshot, seconds: float) -> Iterator[Reading]:
        cursor = snapshot.cursor()
        timer = threading.Timer(seconds, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield Reading(snapshot, cursor)
        finally:
            timer.cancel()
            timer.join()  # a late interrupt would hit a closed connection
            cursor.close()

    def _newest(self) -> Snapshot | None:
        """The catalog of the commit that the lake is at, if it has been built."""
        stamp = stamp_of(self.lake)
        with self._lock:
            if self._snapshot is None or self._snapshot.stamp != stamp:
                if self._snapshot:  # whoever used it kept the commit that replaced it out until they were done
                    self._snapshot.close()
                    self._snapshot = None
                with suppress(LookupError):
                    self._snapshot = Snapshot(self.lake, stamp, self._spare, self._memory_limit)
            return self._snapshot

    def close(self) -> None:
        """Lets go of the catalog."""
        if self._snapshot is not None:
            self._snapshot.close()
            self._snapshot = None
        shutil.rmtree(self._spare, ignore_errors=True)
