"""The lake: where its files lie, how it is made, who may write to it, and the DuckDB connection that reads it.

<lake>/<table>/<partition_key>=YYYY-MM/part-0.parquet    one file a month, at a fixed name
<lake>/runs/part-0.parquet                               tables without partitions
<lake>/reports/<run_id>/                                 what a run found
<lake>/onrecord.duckdb                                   the catalog
<lake>/.onrecord/                                        locks, the commit journal, staged rows, spilled memory
"""

from __future__ import annotations

import fcntl
import glob
import json
import os
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import SCHEMA_VERSION, TABLES, UNKNOWN_MONTH, Table

FILE_NAME = "part-0.parquet"
POLL_SECONDS = 0.05


class LakeError(Exception):
    """The lake can't be used; the message is one sentence that says why and what to do."""


class LakeBusy(LakeError):
    """Another program holds the lake, and it did not let go within the time allowed."""


@dataclass(frozen=True, slots=True)
class Lake:
    """The paths of a lake. Nothing is read or written by asking for one."""

    root: Path

    @property
    def internal(self) -> Path:
        """What is no table: locks, journal, staged rows."""
        return self.root / ".onrecord"

    @property
    def journal(self) -> Path:
        """The commit that is decided but not finished; missing between commits."""
        return self.internal / "commit.json"

    @property
    def spill_dir(self) -> Path:
        """Where DuckDB puts what its memory limit does not hold."""
        return self.internal / "spill"

    @property
    def catalog(self) -> Path:
        """The DuckDB file with the views and macros."""
        return self.root / "onrecord.duckdb"

    def staging_dir(self, run_id: str) -> Path:
        """Where a run puts its rows, a folder a chunk, until they are published."""
        return self.internal / "staging" / run_id

    def report_dir(self, run_id: str) -> Path:
        """Where a run's report lies."""
        return self.root / "reports" / run_id

    def table_dir(self, table: Table) -> Path:
        """The folder that holds all files of a table."""
        return self.root / table.name

    def partition_file(self, table: Table, month: str | None = None) -> Path:
        """The file of a month (`YYYY-MM`; None for rows without a date), or the only file of an unpartitioned table."""
        folder = self.table_dir(table)
        if table.partition_key:
            folder /= f"{table.partition_key}={month or UNKNOWN_MONTH}"
        return folder / FILE_NAME

    def files(self, table: Table) -> list[Path]:
        """The files of a table that exist, sorted."""
        return sorted(self.table_dir(table).glob(f"*/{FILE_NAME}" if table.partition_key else FILE_NAME))


def init_lake(lake: Lake) -> None:
    """Makes the folders, and an empty file for every table that has none, so that every table can always be read.

    Safe beside a running writer. Raises LakeError where the folder can't be written to, or holds tables whose schema
    this version can't write.
    """
    try:
        lake.internal.mkdir(parents=True, exist_ok=True)
        for table in TABLES.values():
            files = lake.files(table)
            if files:
                _check_version(files[0])
            else:
                _write_empty(lake.partition_file(table), table)
    except OSError as error:
        raise LakeError(f"the lake {lake.root} can't be written to: {error.strerror or error}") from error


def _write_empty(target: Path, table: Table) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    pq.write_table(table.schema.empty_table(), new, compression="zstd")
    # A link, where a rename would replace the rows of a writer that came first.
    with suppress(FileExistsError):
        os.link(new, target)
    new.unlink()


def _check_version(path: Path) -> None:
    try:
        metadata = pq.read_metadata(path).metadata or {}
    except (OSError, pa.ArrowException) as error:
        raise LakeError(f"{path} can't be read as Parquet ({error}); restore it, or give another folder") from error
    found = metadata.get(b"onrecord.schema_version", b"").decode("ascii", "replace")
    try:
        major, minor = map(int, found.split("."))
    except ValueError:
        raise LakeError(f"{path} was not written by onrecord; give the lake a folder of its own") from None
    our_major, our_minor = map(int, SCHEMA_VERSION.split("."))
    if major != our_major:
        raise LakeError(
            f"the lake holds tables of schema {found}, and this version writes {SCHEMA_VERSION}; to migrate, run"
            " `onrecord run RAW --lake NEW_FOLDER` over the raw files, or use the version that wrote the lake"
        )
    if minor > our_minor:
        raise LakeError(
            f"the lake holds tables of schema {found}, newer than {SCHEMA_VERSION}; install the version that wrote it"
        )


@contextmanager
def writer_lock(lake: Lake, wait_seconds: float = 0.0, run_id: str | None = None) -> Iterator[None]:
    """Holds the lake against other writers, from the first read to the commit. Readers are not held up.

    The lock ends with the process that holds it, however it ends. Raises LakeBusy after ``wait_seconds``.
    """
    with _lock(lake.internal / "lock", fcntl.LOCK_EX, wait_seconds, _writer) as descriptor:
        started_at = datetime.now(UTC).isoformat(timespec="seconds")
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "run_id": run_id, "started_at": started_at}
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)


def _writer(path: Path) -> str:
    try:
        holder = json.loads(path.read_text("utf-8"))
        who = f"another run (pid {holder['pid']} on {holder['host']}, since {holder['started_at']})"
    except (OSError, ValueError, TypeError, KeyError):
        who = "another run"
    return f"{who} is writing to this lake"


@contextmanager
def commit_lock(lake: Lake, wait_seconds: float) -> Iterator[None]:
    """Keeps readers out while files are exchanged. Raises LakeBusy after ``wait_seconds``."""
    with _lock(lake.internal / "commit.lock", fcntl.LOCK_EX, wait_seconds, lambda _: "this lake is being read"):
        yield


@contextmanager
def reader_lock(lake: Lake, wait_seconds: float = 60.0) -> Iterator[None]:
    """Keeps commits out, so that all files read within belong together. Raises LakeBusy after ``wait_seconds``.

    Where the folder can't be written to and was never locked, nobody can be writing, and nothing is locked.
    """
    if not lake.root.is_dir():
        raise LakeError(f"there is no lake at {lake.root}")
    path = lake.internal / "commit.lock"
    if not path.exists() and not os.access(lake.internal, os.W_OK):
        yield
        return
    with _lock(path, fcntl.LOCK_SH, wait_seconds, lambda _: "a run is exchanging the files of this lake"):
        yield


@contextmanager
def _lock(path: Path, kind: int, wait_seconds: float, who: Callable[[Path], str]) -> Iterator[int]:
    try:
        if kind == fcntl.LOCK_SH and path.exists():
            descriptor = os.open(path, os.O_RDONLY)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise LakeError(f"the lake can't be locked: {path}: {error.strerror}") from error
    try:
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise LakeBusy(who(path)) from None
                time.sleep(POLL_SECONDS)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def connect(lake: Lake, memory_limit: str = "512MB", threads: int = 1) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection in memory that loads no extension, spills into the lake's own folder, and thinks in UTC.

    ``memory_limit`` is DuckDB's notation (`512MB`). Joins keep their right side in memory, as written.
    """
    lake.spill_dir.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
            "preserve_insertion_order": False,
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": str(lake.spill_dir),
        }
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        for table in TABLES.values():
            connection.register(f"empty_{table.name}", table.schema.empty_table())
        yield connection
    finally:
        connection.close()


def scan(table: Table, files: Iterable[Path]) -> str:
    """SQL for all rows of some files of a table; columns that older files lack are NULL."""
    paths = sql_paths(files)
    if paths == "[]":
        return f"(FROM empty_{table.name})"
    options = "union_by_name = true, hive_partitioning = false"
    return f"(FROM empty_{table.name} UNION ALL BY NAME FROM read_parquet({paths}, {options}))"


def sql_paths(paths: Iterable[Path]) -> str:
    """A SQL list of paths, taken literally: quotation marks and wildcards in folder names are escaped."""
    return "[" + ", ".join(sql_string(glob.escape(str(path.absolute()))) for path in paths) + "]"


def sql_string(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
