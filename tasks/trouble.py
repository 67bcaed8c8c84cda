"""Says in a sentence what a run lacks, disk, folder or memory, and what to do, whichever library ran into it."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import duckdb

FULL = {errno.ENOSPC, errno.EDQUOT}
# DuckDB's errors carry no number, and come as an OSError of Arrow where they end a result that is read batch by batch.
SHORT_WORDS = "Out of Memory Error"
FULL_WORDS = ("No space left on device", "Disk quota exceeded", "max_temp_directory_size")
AGAIN = "then start the run again: what is published stays, and what is not is read anew"


def explain(error: BaseException, root: Path) -> str | None:
    """What an error means to the run that writes to the lake at ``root``; None where it is not for want of anything."""
    if any(isinstance(e, duckdb.OutOfMemoryException) or SHORT_WORDS in str(e) for e in _chain(error)):
        return "DuckDB needs more memory than it may use: set ONRECORD_MEMORY_LIMIT to 2GB or more, then start it again"
    return explain_disk(error, root)


def explain_disk(error: BaseException, root: Path) -> str | None:
    """What an error means to the run that writes to the lake at ``root``; None where its disk is not at fault."""
    chain = list(_chain(error))
    numbers = {e.errno for e in chain if isinstance(e, OSError)}
    texts = [str(e) for e in chain]
    if numbers & FULL or any(word in text for word in FULL_WORDS for text in texts):
        return f"the disk is full: {_room(root)}; make room or give another --lake, {AGAIN}"
    if (errno.ENOENT in numbers or not numbers) and not (root / ".onrecord").is_dir():
        return f"the lake {root} was moved or removed during the run; put it back, {AGAIN}"
    if errno.EROFS in numbers:
        return f"the lake {root} lies on a file system that is read-only; make it writable, {AGAIN}"
    if numbers & {errno.EACCES, errno.EPERM}:
        path = next((e.filename for e in chain if isinstance(e, OSError) and e.filename), root)
        return f"{path} can't be written to by this user; change its permissions, {AGAIN}"
    if numbers & {errno.EIO, errno.ESTALE}:
        return f"the disk that holds the lake {root} fails ({_first(chain)}); see to it, {AGAIN}"
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _first(chain: list[BaseException]) -> str:
    return next(e.strerror or str(e) for e in chain if isinstance(e, OSError))


def _room(root: Path) -> str:
    """What is free, and what a run needs at most: the staged rows twice, and all month files beside the old ones."""
    needed = 2 * _n_bytes((root / ".onrecord").rglob("*")) + _n_bytes(root.glob("*/**/*.parquet"))
    places = dict.fromkeys((str(root), tempfile.gettempdir()))
    free = " and ".join(f"{_size(shutil.disk_usage(place).free)} free at {place}" for place in places)
    return f"{free}, where this run needs about {_size(needed)} at the lake"


def _n_bytes(paths: Iterable[Path]) -> int:
    total = 0
    with suppress(OSError):  # what goes meanwhile
        for path in paths:
            total += path.lstat().st_size
    return total


def _size(n_bytes: float) -> str:
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.1f} MB"
