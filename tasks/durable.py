"""What the lake needs of a file system: files that outlast a power cut, what tells them apart, and locks."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_SECONDS = 0.05
EXCLUSIVE, SHARED = fcntl.LOCK_EX, fcntl.LOCK_SH


def sync(path: Path) -> None:
    """Waits until a file, or the list of files in a folder, is on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def state_of(path: Path) -> str:
    """What tells the content of a file from any that it had before, or will have."""
    found = path.stat()
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns}"


def make_folders(path: Path) -> None:
    """Makes a folder and those above it, where they are missing, and waits until they are on disk."""
    if not path.is_dir():
        make_folders(path.parent)
        path.mkdir(exist_ok=True)
        sync(path.parent)


@contextmanager
def file_lock(path: Path, kind: int, wait_seconds: float, busy: Callable[[Path], Exception]) -> Iterator[int]:
    """Holds a file EXCLUSIVE or SHARED, which makes it if need be; yields its descriptor.

    The system frees it when the process ends, however it ends. Raises ``busy(path)`` after ``wait_seconds``, OSError
    where the file can't be opened.
    """
    deadline = time.monotonic() + wait_seconds
    while True:
        can_read = kind == SHARED and path.exists()
        descriptor = os.open(path, os.O_RDONLY if can_read else os.O_RDWR | os.O_CREAT, 0o666)
        try:
            while True:
                try:
                    fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= deadline:
                        raise busy(path) from None
                    time.sleep(POLL_SECONDS)
            if is_at(descriptor, path):  # and was not moved or removed meanwhile
                yield descriptor
                return
        finally:
            os.close(descriptor)


def is_at(descriptor: int, path: Path) -> bool:
    """Whether an open file is the one that lies at a path."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
