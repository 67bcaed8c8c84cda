"""Discover: which raw files there are, which are new by content digest, and how they are shared out in batches."""

from __future__ import annotations

import hashlib
import math
import os
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from tasks.records import RawFile, Rejection

BATCH_BYTES = 16 * 1024 * 1024
BATCH_FILES = 1_000
# About 10 s of work for the press tagger: less is not worth another process, which takes up to 5 s to start.
SMALL_BATCH_BYTES = 512 * 1024
READ_SIZE = 1024 * 1024


class RawPathError(Exception):
    """The RAW path is wrong; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What lies under a RAW path: files to read, files an earlier run has read, files left out, and refusals."""

    new: list[RawFile] = field(default_factory=list)
    unchanged: list[RawFile] = field(default_factory=list)
    ignored: list[RawFile] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)

    @property
    def n_files(self) -> int:
        """Number of files found, of whatever kind."""
        return len(self.new) + len(self.unchanged) + len(self.ignored) + len(self.rejected)


def discover(raw: Path, known: Collection[str] = (), since: date | None = None) -> Discovery:
    """Lists and digests the files under ``raw`` (a file, or a folder that is walked), in order of their URI.

    ``known`` holds the SHA-256 digests that earlier runs have read. Hidden files, READMEs, YAML mappings and, with
    ``since``, files last changed before that day (UTC) are ignored but listed. Links that lead out of the folder and
    special files are refused. Raises RawPathError where ``raw`` itself can't be read.
    """
    found = Discovery()
    for path, uri in _walk(raw):
        problem = _not_a_file(path, raw)
        if problem:
            found.rejected.append(unreadable(uri, problem))
            continue
        try:
            status = path.stat()
            file = RawFile(path, uri, _sha256(path), status.st_size)
        except OSError as error:
            found.rejected.append(unreadable(uri, f"The file could not be read: {error.strerror or error}."))
            continue
        is_old = since is not None and datetime.fromtimestamp(status.st_mtime, UTC).date() < since
        if is_old or (is_ignored(path.name) and path != raw):
            found.ignored.append(file)
        elif file.sha256 in known:
            found.unchanged.append(file)
        else:
            found.new.append(file)
    return found


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
    total = sum(file.n_bytes for file in files)
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
        done += file.n_bytes
    return batches


def _walk(raw: Path) -> Iterator[tuple[Path, str]]:
    if not raw.exists():
        raise RawPathError(f"{raw} does not exist; give a file or a folder of article dumps")
    if raw.is_file():
        if not os.access(raw, os.R_OK):
            raise RawPathError(f"{raw} can't be read; check its permissions")
        yield raw, _uri(Path(raw.name))
        return
    if not raw.is_dir():
        raise RawPathError(f"{raw} is neither a file nor a folder")
    if not os.access(raw, os.R_OK | os.X_OK):
        raise RawPathError(f"{raw} can't be listed; check its permissions")
    paths = []
    for folder, folders, names in os.walk(raw, onerror=_raise):
        linked = [name for name in folders if Path(folder, name).is_symlink()]  # os.walk passes over these
        paths += [Path(folder) / name for name in (*names, *linked)]
    yield from sorted(((p, _uri(p.relative_to(raw))) for p in paths), key=lambda pair: pair[1])


def _uri(path: Path) -> str:
    """A path as text; bytes in it that are no UTF-8 are written as `\\xff`."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def _raise(error: OSError) -> None:
    raise RawPathError(f"{error.filename} can't be listed: {error.strerror}")


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


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(READ_SIZE):
            digest.update(block)
    return digest.hexdigest()
