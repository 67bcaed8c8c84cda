"""Commits: many files of the lake exchanged as one, by a journal that survives being killed at any moment.

A new file is written as `<target>.tmp` beside its target. When all are on disk, the journal that lists them is
written: from then on the commit is decided, and whoever comes next finishes it. Without a journal, a `.tmp` is
rubbish.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from schemas.tables import TABLES
from tasks.durable import sync
from tasks.lake import (
    Lake,
    LakeError,
    LakeFailed,
    check_is_held,
    commit_lock,
    init_lake,
    reader_lock,
    writer_lock,
)

READ_WAIT_SECONDS = 60.0  # how long a commit may hold up readers
COMMIT_WAIT_SECONDS = 600.0  # how long readers may hold up a commit, after which the work of the run is lost


class FileOps:
    """The changes to the file system that a commit consists of; every one of them goes through here."""

    def write(self, path: Path, data: bytes) -> None:
        """Writes a whole file, and waits until it is on disk."""
        with path.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())

    def sync(self, path: Path) -> None:
        """Waits until a file, or the list of files in a folder, is on disk."""
        sync(path)

    def rename(self, source: Path, target: Path) -> None:
        """Puts a file in the place of another, which readers see whole, before or after."""
        source.replace(target)

    def unlink(self, path: Path) -> None:
        """Removes a file."""
        path.unlink(missing_ok=True)


FILES = FileOps()


def temporary(target: Path) -> Path:
    """Where the next content of a file is written."""
    return target.with_name(f"{target.name}.tmp")


def install_folder(new: Path, target: Path, ops: FileOps = FILES) -> None:
    """Puts a folder in the place of another, whole and on disk; the old one makes way under another name first."""
    for path in (*sorted(new.rglob("*")), new):
        ops.sync(path)
    old = temporary(target.with_name(f"{target.name}.old"))
    if target.exists():
        shutil.rmtree(old, ignore_errors=True)
        ops.rename(target, old)
    ops.rename(new, target)
    ops.sync(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def commit(
    lake: Lake,
    run_id: str,
    replaced: Collection[Path],
    deleted: Collection[Path] = (),
    ops: FileOps = FILES,
    wait_seconds: float = COMMIT_WAIT_SECONDS,
) -> None:
    """Puts `<target>.tmp` in the place of each target in ``replaced`` and removes ``deleted``: all of it, or nothing.

    The caller holds the writer lock. Where this raises and no journal exists, nothing has happened; where one does,
    `recover` finishes the commit. Raises LakeBusy where readers don't let go, LakeFailed where the files can't be
    exchanged now or the lake is no longer where it was.
    """
    check_is_held(lake)
    for target in replaced:
        ops.sync(temporary(target))
    for folder in sorted({folder for target in replaced for folder in (target.parent, target.parent.parent)}):
        ops.sync(folder)
    steps = [{"tmp": _relative(lake, temporary(t)), "target": _relative(lake, t)} for t in sorted(replaced)]
    steps += [{"delete": _relative(lake, t)} for t in sorted(deleted)]
    draft = temporary(lake.journal)
    with commit_lock(lake, wait_seconds):
        ops.write(draft, json.dumps({"run_id": run_id, "steps": steps}).encode())
        ops.rename(draft, lake.journal)
        ops.sync(lake.internal)
        try:
            _finish(lake, ops)
        except OSError as error:
            # Decided, so no task may try the whole commit again: that would publish the same rows twice.
            raise LakeFailed(
                f"the run is published, but not all files of {lake.root} could be exchanged yet"
                f" ({error.strerror or error}); the next run or query does it"
            ) from error


def recover(
    lake: Lake, ops: FileOps = FILES, wait_seconds: float = COMMIT_WAIT_SECONDS, keep_unfinished: bool = False
) -> bool:
    """Brings the lake back into order after a run that died: finishes a decided commit, removes what is left over.

    The caller holds the writer lock. With ``keep_unfinished``, what interrupted runs have staged stays (tasks.resume).
    Returns whether a commit was finished. Raises LakeError where the journal is damaged, LakeBusy where readers don't
    let go.
    """
    finished = finish_commit(lake, ops, wait_seconds)
    for table in TABLES.values():
        for path in sorted(lake.table_dir(table).rglob("*.tmp")):
            ops.unlink(path)
        for folder in lake.table_dir(table).glob("*/"):
            with suppress(OSError):  # it holds something
                folder.rmdir()
    ops.unlink(temporary(lake.journal))
    staged = [lake.staging] if keep_unfinished else [lake.staging, lake.unfinished]
    for folder in (*staged, lake.spill_dir, *lake.reports.glob("*.tmp")):
        shutil.rmtree(folder, ignore_errors=True)
    for path in lake.reports.glob("*/*.tmp"):  # of a report that a power cut kept from being drawn anew
        ops.unlink(path)
    return finished


def finish_commit(lake: Lake, ops: FileOps = FILES, wait_seconds: float = COMMIT_WAIT_SECONDS) -> bool:
    """Finishes a commit that was decided, if there is one; returns whether there was."""
    if not lake.journal.exists():
        return False
    with commit_lock(lake, wait_seconds):
        if not lake.journal.exists():
            return False
        _finish(lake, ops)
    return True


@contextmanager
def writing(lake: Lake, wait_seconds: float = 0.0, keep_unfinished: bool = False) -> Iterator[None]:
    """Holds the lake for a change, in order and with all its tables. Raises LakeBusy.

    ``keep_unfinished`` is as in recover.
    """
    with writer_lock(lake, wait_seconds):
        recover(lake, keep_unfinished=keep_unfinished)
        init_lake(lake)
        yield


@contextmanager
def settled(lake: Lake, wait_seconds: float = READ_WAIT_SECONDS) -> Iterator[None]:
    """Keeps the lake at one whole commit while it is read; a commit that a dead run left behind is finished first."""
    while True:
        with reader_lock(lake, wait_seconds):
            if not lake.journal.exists():
                yield
                return
        try:
            finish_commit(lake, wait_seconds=wait_seconds)
        except OSError as error:
            raise LakeError(
                f"a run died while it published to {lake.root}; start a run to finish its commit"
            ) from error


def _finish(lake: Lake, ops: FileOps) -> None:
    steps = _read_journal(lake)
    changed = set()
    for step in steps:
        if "delete" in step:
            ops.unlink(step["delete"])
            changed.add(step["delete"].parent)
            continue
        tmp, target = step["tmp"], step["target"]
        if tmp.exists():
            ops.rename(tmp, target)
        elif not target.exists():
            raise LakeError(f"a commit can't be finished, because {tmp} is missing; restore the lake from a copy")
        changed.add(target.parent)
    for folder in sorted(folder for folder in changed if folder.is_dir()):
        ops.sync(folder)
    ops.unlink(lake.journal)
    ops.sync(lake.internal)
    for step in steps:
        if "delete" in step:
            with suppress(OSError):
                step["delete"].parent.rmdir()


def _relative(lake: Lake, path: Path) -> str:
    return path.relative_to(lake.root).as_posix()


def _read_journal(lake: Lake) -> list[dict[str, Path]]:
    damaged = LakeError(f"the commit journal {lake.journal} is damaged; restore the lake from a copy")
    try:
        steps = json.loads(lake.journal.read_text("utf-8"))["steps"]
        paths = [{kind: _inside(lake, path) for kind, path in step.items()} for step in steps]
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise damaged from error
    for step in paths:
        renames = step.keys() == {"tmp", "target"} and step["tmp"] == temporary(step["target"])
        if not renames and step.keys() != {"delete"}:
            raise damaged
    return paths


def _inside(lake: Lake, path: str) -> Path:
    """The path of a data file that a journal names; ValueError where it is anything else."""
    pure = PurePosixPath(path)
    folder = lake.root / pure.parent
    is_data = pure.parts[0] in TABLES and ".." not in pure.parts and pure.name.endswith((".parquet", ".parquet.tmp"))
    if not is_data or not folder.resolve().is_relative_to(lake.root.resolve()):
        raise ValueError(path)
    return folder / pure.name
