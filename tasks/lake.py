"""The lake: where its files lie, how it is made, who may write to it, and the DuckDB connection that reads it.

<lake>/<table>/<partition_key>=YYYY-MM/part-0.parquet    one file a month, at a fixed name
<lake>/runs/part-0.parquet                               tables without partitions
<lake>/reports/<run_id>/                                 what a run found
<lake>/onrecord.duckdb                                   the catalog
<lake>/.onrecord/                                        locks, the commit journal, staged rows, spilled memory

docs/publishing.md says what the locks and the order of writes guarantee.
"""

from __future__ import annotations

import glob
import json
import os
import shutil
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import SCHEMA_VERSION, TABLES, UNKNOWN_MONTH, Table
from tasks.durable import EXCLUSIVE, SHARED, file_lock, is_at, make_folders, sync
from tasks.trouble import explain

FILE_NAME = "part-0.parquet"
GATE_SECONDS = 5.0  # how long a commit that waits keeps new readers waiting, before it lets them pass once


class LakeError(Exception):
    """The lake can't be used; the message is one sentence that says why and what to do."""


class LakeFailed(LakeError):
    """The lake's disk or folder failed while a run wrote to it."""


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
    def door(self) -> Path:
        """The lock that readers share and a commit has for itself."""
        return self.internal / "commit.lock"

    @property
    def gate(self) -> Path:
        """The lock that all have to pass on the way to the door, where a commit waits for readers to leave."""
        return self.internal / "commit.gate"

    @property
    def staging(self) -> Path:
        """Where rows lie until they are published."""
        return self.internal / "staging"

    @property
    def unfinished(self) -> Path:
        """Where the rows of a run lie until they are published, and of one that was interrupted until it goes on."""
        return self.internal / "unfinished"

    @property
    def spill_dir(self) -> Path:
        """Where DuckDB puts what its memory limit does not hold."""
        return self.internal / "spill"

    @property
    def catalog(self) -> Path:
        """The DuckDB file with the views and macros."""
        return self.root / "onrecord.duckdb"

    @property
    def copy_of(self) -> Path:
        """Holds the address of the lake that this is a copy of, made to be read (tasks/remote.py); else missing."""
        return self.internal / "copy-of"

    def staging_dir(self, run_id: str) -> Path:
        """Where a run puts its rows, a folder a chunk, until they are published."""
        return self.staging / run_id

    @property
    def reports(self) -> Path:
        """Where the reports of all runs lie."""
        return self.root / "reports"

    def report_dir(self, run_id: str) -> Path:
        """Where a run's report lies."""
        return self.reports / run_id

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


def month_of(file: Path) -> str | None:
    """The month of a partition's file (`YYYY-MM`), or None where its rows have no date."""
    month = file.parent.name.partition("=")[2]
    return None if month == UNKNOWN_MONTH else month


def init_lake(lake: Lake) -> None:
    """Makes the folders, and an empty file for every table that has none, so that every table can always be read.

    Safe beside a running writer. Raises LakeError where the folder can't be written to, or holds tables whose schema
    this version can't write.
    """
    try:
        for folder in (lake.staging, lake.spill_dir):
            make_folders(folder)
        for path in (lake.gate, lake.door):  # now, so that readers need no permission to write
            path.touch()
        for table in TABLES.values():
            files = lake.files(table)
            if files:
                _check_version(files[0])
            else:
                _write_empty(lake.partition_file(table), table)
    except OSError as error:
        raise _unwritable(lake, error) from error


def _unwritable(lake: Lake, error: OSError) -> LakeError:
    return LakeError(
        explain(error, lake.root) or f"the lake {lake.root} can't be written to: {error.strerror or error}"
    )


def _write_empty(target: Path, table: Table) -> None:
    make_folders(target.parent)
    new = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    pq.write_table(table.schema.empty_table(), new, compression="zstd")
    sync(new)
    # A link, where a rename would replace the rows of a writer that came first.
    with suppress(FileExistsError):
        os.link(new, target)
    new.unlink()
    sync(target.parent)


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

    The lock ends with the process that holds it, however it ends. What the block leaves staged or spilled is removed.
    Raises LakeBusy after ``wait_seconds``, LakeFailed for what is the fault of the lake's disk or folder, and LakeError
    for a copy that is there to be read.
    """
    if lake.copy_of.exists():
        raise LakeError(f"this command can't write to {lake.copy_of.read_text('utf-8')}: it does not work on S3")
    path = lake.internal / "lock"
    with ExitStack() as locks:
        try:
            make_folders(lake.internal)
            descriptor = locks.enter_context(file_lock(path, EXCLUSIVE, wait_seconds, _another_run))
            started_at = datetime.now(UTC).isoformat(timespec="seconds")
            holder = {"pid": os.getpid(), "host": socket.gethostname(), "run_id": run_id, "started_at": started_at}
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        except OSError as error:
            raise _unwritable(lake, error) from error
        _held[path] = descriptor
        try:
            yield
        except LakeError:
            raise
        except Exception as error:
            sentence = explain(error, lake.root)
            if sentence is None:
                raise
            raise LakeFailed(sentence) from error
        finally:
            del _held[path]
            if is_at(descriptor, path):
                for folder in (lake.staging, lake.spill_dir):
                    shutil.rmtree(folder, ignore_errors=True)
            with suppress(OSError):
                os.ftruncate(descriptor, 0)


_held: dict[Path, int] = {}  # the descriptors of the writer locks that this process holds


def check_is_held(lake: Lake) -> None:
    """Raises LakeFailed where the folder whose writer lock this process holds is not the one at the lake's path."""
    path = lake.internal / "lock"
    if path in _held and not is_at(_held[path], path):
        raise LakeFailed(f"the lake {lake.root} was moved or removed during the run; nothing was published")


def _another_run(path: Path) -> LakeBusy:
    try:
        holder = json.loads(path.read_text("utf-8"))
        who = f"another run (pid {holder['pid']} on {holder['host']}, since {holder['started_at']})"
    except (OSError, ValueError, TypeError, KeyError):
        who = "another run"
    return LakeBusy(f"{who} is writing to this lake")


@contextmanager
def commit_lock(lake: Lake, wait_seconds: float) -> Iterator[None]:
    """Keeps readers out while files are exchanged. Raises LakeBusy after ``wait_seconds``.

    New readers wait at a gate meanwhile, so that a steady stream of them can't hold a commit up for ever; from time to
    time they may pass, so that a reader who takes long does not hold up all others.
    """
    deadline = time.monotonic() + wait_seconds
    while True:
        patience = min(GATE_SECONDS, deadline - time.monotonic())
        with ExitStack() as locks:
            try:
                for path in (lake.gate, lake.door):
                    locks.enter_context(file_lock(path, EXCLUSIVE, patience, _being_read))
            except LakeBusy:
                if time.monotonic() >= deadline:
                    raise
            else:
                yield
                return
        time.sleep(GATE_SECONDS / 5)


def _being_read(path: Path) -> LakeBusy:
    return LakeBusy("this lake is being read")


@contextmanager
def catalog_lock(lake: Lake, wait_seconds: float) -> Iterator[None]:
    """Keeps those apart who build the catalog. Raises LakeBusy after ``wait_seconds``."""
    busy = LakeBusy("somebody else is building the catalog of this lake")
    with file_lock(lake.internal / "catalog.lock", EXCLUSIVE, wait_seconds, lambda _: busy):
        yield


@contextmanager
def reader_lock(lake: Lake, wait_seconds: float = 60.0) -> Iterator[None]:
    """Keeps commits out, so that all files read within belong together. Raises LakeBusy after ``wait_seconds``.

    Where the folder can't be written to and was never locked, nobody can be writing, and nothing is locked.
    """
    if not lake.root.is_dir():
        raise LakeError(f"there is no lake at {lake.root}")
    can_write = os.access(lake.internal, os.W_OK)
    with ExitStack() as locks:
        try:
            if can_write or lake.gate.exists():
                with file_lock(lake.gate, SHARED, wait_seconds, _being_committed):
                    pass
            if can_write or lake.door.exists():
                locks.enter_context(file_lock(lake.door, SHARED, wait_seconds, _being_committed))
        except OSError as error:
            raise LakeError(f"the lake can't be locked: {error.filename}: {error.strerror}") from error
        yield


def _being_committed(path: Path) -> LakeBusy:
    return LakeBusy("a run is exchanging the files of this lake")


@contextmanager
def connect(lake: Lake, memory_limit: str = "512MB", threads: int = 1) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection in memory that loads no extension, spills into the lake's own folder, and thinks in UTC.

    ``memory_limit`` is DuckDB's notation (`512MB`). Joins keep their right side in memory, as written.
    """
    lake.spill_dir.mkdir(exist_ok=True)
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
