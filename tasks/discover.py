"""Discover: which raw files there are, which are new or grew by the ledger, and how they are shared out in batches."""

from __future__ import annotations

import hashlib
import math
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from tasks.digests import DigestMemory, digest_file
from tasks.ledger import Entry, Ledger
from tasks.readers.dispatch import may_go_on
from tasks.readers.options import ReadOptions
from tasks.records import RawFile, Rejection

BATCH_BYTES = 16 * 1024 * 1024
BATCH_FILES = 1_000
# About 10 s of work for the press tagger: less is not worth another process, which takes up to 5 s to start.
SMALL_BATCH_BYTES = 512 * 1024
NO_OPTIONS = ReadOptions()


class RawPathError(Exception):
    """The RAW path is wrong; the message is one line that says what to do."""


@dataclass(slots=True)
class Discovery:
    """What lies under a RAW path: files to read, those that are known, files left out, and refusals.

    ``root`` is the folder that URIs are relative to. A file in ``new`` with a mark has only grown. ``known`` are the
    unchanged files that the ledger does not have as they are now: their content was read under another name, or they
    were missing. ``removed`` are files of the ledger that are not there any more. ``fingerprint`` is a digest of all
    that was found.
    """

    root: str = ""
    new: list[RawFile] = field(default_factory=list)
    known: list[RawFile] = field(default_factory=list)
    n_unchanged: int = 0
    ignored: list[RawFile] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    removed: list[Entry] = field(default_factory=list)
    fingerprint: str = ""

    @property
    def n_files(self) -> int:
        """Number of files found, of whatever kind."""
        return len(self.new) + self.n_unchanged + len(self.ignored) + len(self.rejected)

    @property
    def continued(self) -> dict[str, str]:
        """The files that grew, by URI, with the source_member of the line from which on they are read."""
        return {file.uri: file.mark.member for file in self.new if file.mark}


def root_of(raw: Path) -> str:
    """The folder that the URIs of the files under a RAW path are relative to."""
    return os.path.abspath(raw.parent if raw.is_file() else raw)


def discover(
    raw: Path,
    ledger: Ledger | None = None,
    since: date | None = None,
    options: ReadOptions = NO_OPTIONS,
    full: bool = False,
) -> Discovery:
    """Lists the files under ``raw`` (a file, or a folder that is walked), in order of their URI; finds the new ones.

    Without ``ledger`` all files are new; with ``full`` as well, but what was removed is found. Hidden files, READMEs,
    YAML mappings and, with ``since``, files last changed before that day (UTC) are ignored but listed. Links that lead
    out of the folder and special files are refused. Raises RawPathError where ``raw`` itself can't be read.
    """
    found = Discovery(root_of(raw))
    fingerprint = hashlib.sha256()
    named: list[RawFile] = []  # files under names that the ledger does not have
    with _memory(raw, ledger, found.root, full) as memory:
        for path, uri, entry in _beside(_walk(raw), ledger, found, is_whole=not raw.is_file()):
            file = _find(raw, path, uri, None if full else entry, since, memory, options)
            fingerprint.update(f"{uri} {'' if isinstance(file, Rejection) else file.sha256}\n".encode())
            if isinstance(file, Rejection):
                found.rejected.append(file)
            elif not file.sha256:
                found.ignored.append(file)
            elif ledger is None or full or (entry and entry.reading != ledger.reading):
                found.new.append(file)
            elif entry is None:
                named.append(file)
            elif entry.sha256 != file.sha256:
                found.new.append(file)
            else:
                found.n_unchanged += 1
                found.known += [file] if entry.missing_since else []
    read = ledger.known([file.sha256 for file in named]) if ledger and named else set()
    elsewhere = [file for file in named if file.sha256 in read]
    found.known += elsewhere
    found.n_unchanged += len(elsewhere)
    found.new = sorted([*found.new, *(f for f in named if f.sha256 not in read)], key=lambda file: file.uri)
    found.fingerprint = fingerprint.hexdigest()
    return found


def _memory(raw: Path, ledger: Ledger | None, root: str, full: bool) -> AbstractContextManager[DigestMemory | None]:
    """The digests of a folder that need not be made anew; none for a single file, which is read soon enough."""
    return nullcontext() if ledger is None or full or raw.is_file() else DigestMemory(ledger.lake, root)


def _beside(
    files: Iterator[tuple[Path, str]], ledger: Ledger | None, found: Discovery, is_whole: bool
) -> Iterator[tuple[Path, str, Entry | None]]:
    """The files with their entries in the ledger; entries without one are removed files, where all are asked for."""
    entries = ledger.entries() if ledger else iter(())
    upcoming = next(entries, None)
    for path, uri in files:
        while upcoming and upcoming.uri < uri:
            found.removed += [upcoming] if is_whole and upcoming.missing_since is None else []
            upcoming = next(entries, None)
        yield path, uri, upcoming if upcoming and upcoming.uri == uri else None
        if upcoming and upcoming.uri == uri:
            upcoming = next(entries, None)
    if is_whole:
        left = [upcoming] if upcoming else []
        found.removed += [entry for entry in (*left, *entries) if entry.missing_since is None]


def _find(
    raw: Path,
    path: Path,
    uri: str,
    entry: Entry | None,
    since: date | None,
    memory: DigestMemory | None,
    options: ReadOptions,
) -> RawFile | Rejection:
    """A file with its digest, and the mark from which to read on where it has only grown; if ignored, no digest."""
    if problem := _not_a_file(path, raw):
        return unreadable(uri, problem)
    try:
        status = path.stat()
        is_old = since is not None and datetime.fromtimestamp(status.st_mtime, UTC).date() < since
        if is_old or (is_ignored(path.name) and path != raw):
            return RawFile(path, uri, n_bytes=status.st_size)
        if memory and (sha256 := memory.recall(uri, status)):
            memory.remember(uri, status, sha256)
            return RawFile(path, uri, sha256, status.st_size)
        n_head = entry.n_bytes if entry and entry.mark else 0
        sha256, n_bytes, head = digest_file(path, n_head)
        if memory:
            memory.remember(uri, status, sha256)
        file = RawFile(path, uri, sha256, n_bytes)
        if entry and entry.mark and n_head < n_bytes and head == entry.sha256:
            return replace(file, mark=entry.mark) if may_go_on(file, entry.mark, options) else file
        return file
    except OSError as error:
        return unreadable(uri, f"The file could not be read: {error.strerror or error}.")


def is_ignored(name: str) -> bool:
    """True for files that stand beside dumps without being any: hidden files, READMEs, licences, YAML mappings."""
    stem = name.lower()
    return stem.startswith((".", "readme", "license", "licence")) or stem.endswith((".yaml", ".yml"))


def unreadable(uri: str, sentence: str) -> Rejection:
    """One refusal for a whole file that can't be opened."""
    return Rejection(uri, 1, None, "read", "unreadable_file", sentence)


def plan(files: Sequence[RawFile], workers: int = 1) -> list[list[RawFile]]:
    """Shares files out, in order, in batches of even size: enough of them to keep ``workers`` busy, none too large.

    Where there are more batches than workers they are a multiple of them, so that the workers end together.
    A file is never cut, so a batch may be larger than BATCH_BYTES by one file.
    """
    total = sum(file.n_unread for file in files)
    n_batches = max(math.ceil(total / BATCH_BYTES), min(workers, total // SMALL_BATCH_BYTES), 1)
    if n_batches > workers:
        n_batches = math.ceil(n_batches / workers) * workers
    batches: list[list[RawFile]] = []
    done, number = 0, -1
    for file in files:
        share = done * n_batches // max(total, 1)  # the batch in which the file's first byte falls
        if share != number or len(batches[-1]) >= BATCH_FILES:
            batches.append([])
            number = share
        batches[-1].append(file)
        done += file.n_unread
    return batches


def check_exists(raw: Path) -> None:
    """Raises RawPathError where there is nothing at a RAW path."""
    if not raw.exists():
        raise RawPathError(f"{raw} does not exist; give a file or a folder of article dumps")


def _walk(raw: Path) -> Iterator[tuple[Path, str]]:
    check_exists(raw)
    if raw.is_file():
        if not os.access(raw, os.R_OK):
            raise RawPathError(f"{raw} can't be read; check its permissions")
        yield raw, _uri(raw.name)
        return
    if not raw.is_dir():
        raise RawPathError(f"{raw} is neither a file nor a folder")
    if not os.access(raw, os.R_OK | os.X_OK):
        raise RawPathError(f"{raw} can't be listed; check its permissions")
    yield from _walk_folder(raw)


def _walk_folder(folder: Path) -> Iterator[tuple[Path, str]]:
    """The files below a folder in the order of their URIs, in memory that grows with the largest folders alone."""
    stack = [iter(_listed(folder, ""))]
    while stack:
        for uri, path, prefix in stack[-1]:
            if prefix:
                stack.append(iter(_listed(path, prefix)))
                break
            yield path, uri
        else:
            stack.pop()


def _listed(folder: Path, prefix: str) -> list[tuple[str, Path, str]]:
    """What a folder holds: URI, path and, of a folder, what the paths below it begin with."""
    try:
        with os.scandir(folder) as entries:
            found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    except OSError as error:
        raise RawPathError(f"{error.filename} can't be listed: {error.strerror}") from error
    # With its slash, a folder's name stands where its files do among all others.
    named = [(prefix + name + "/" * is_folder, folder / name, is_folder) for name, is_folder in found]
    return sorted((_uri(name), path, name if is_folder else "") for name, path, is_folder in named)


def _uri(path: str) -> str:
    """A path as text; bytes in it that are no UTF-8 are written as `\\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _not_a_file(path: Path, raw: Path) -> str | None:
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            target = path.resolve(strict=True)
            if raw.is_dir() and not target.is_relative_to(raw.resolve()):
                return "The link leads out of the folder and is not followed."
            mode = target.stat().st_mode
            if stat.S_ISDIR(mode):
                return "It is a link to a folder, which is not followed."
    except (OSError, RuntimeError):
        return "The link leads nowhere, or the file vanished."
    return None if stat.S_ISREG(mode) else "It is no regular file (a device, a pipe or a socket)."
