"""Remembers the digests of raw files, so that a file that has not been touched need not be read to be known.

A memory, and no more: the ledger (tasks/ledger.py) says what has been read. Without it every file is digested anew.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.extract.rows import key
from tasks.lake import Lake

READ_SIZE = 1024 * 1024
BATCH_ROWS = 10_000
# A file may change twice within a tick of the file system's clock, which is 2 s at the coarsest (FAT).
SETTLED_NS = 3_000_000_000
_SCHEMA = pa.schema(
    [
        ("uri", pa.string()),
        ("n_bytes", pa.int64()),
        ("mtime_ns", pa.int64()),
        ("ctime_ns", pa.int64()),
        ("inode", pa.uint64()),
        ("sha256", pa.binary(32)),
    ]
)
_Stamp = tuple[int, int, int, int]


class DigestMemory:
    """The digests of the files under one folder, asked for in the order of their URIs, in bounded memory.

    A digest is remembered together with the file's size, its inode, and the times of the last change of its content and
    of its entry. The latter, unlike the former, nobody can set: any write to the file moves it on. A file that changed
    in the last seconds is not remembered. Within ``with``, and kept only where the block ends well.
    """

    def __init__(self, lake: Lake, root: str) -> None:
        self._path = lake.internal / "digests" / f"{key(root)}.parquet"
        self._new = lake.staging / "digests.parquet"
        self._known = self._read()
        self._upcoming = next(self._known, None)
        self._pending: list[tuple[str, _Stamp, str]] = []
        self._file: pq.ParquetWriter | None = None

    def __enter__(self) -> DigestMemory:
        with suppress(OSError):
            self._new.parent.mkdir(exist_ok=True)
            self._file = pq.ParquetWriter(self._new, _SCHEMA, compression="zstd", write_page_checksum=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None:
            return
        self._flush()
        self._file.close()
        if kind is None:
            with suppress(OSError):
                self._path.parent.mkdir(exist_ok=True)
                self._new.replace(self._path)

    def recall(self, uri: str, status: os.stat_result) -> str | None:
        """The digest of a file that has not been touched since it was remembered, else None."""
        while self._upcoming and self._upcoming[0] < uri:
            self._upcoming = next(self._known, None)
        if self._upcoming and self._upcoming[:2] == (uri, _stamp(status)):
            return self._upcoming[2]
        return None

    def remember(self, uri: str, status: os.stat_result, sha256: str) -> None:
        """Keeps a digest for the next run; ``status`` was asked for before the file was read."""
        if max(status.st_mtime_ns, status.st_ctime_ns) < time.time_ns() - SETTLED_NS:
            self._pending.append((uri, _stamp(status), sha256))
            if len(self._pending) >= BATCH_ROWS:
                self._flush()

    def _read(self) -> Iterator[tuple[str, _Stamp, str]]:
        try:
            with pq.ParquetFile(self._path, page_checksum_verification=True) as file:
                for batch in file.iter_batches(BATCH_ROWS):
                    uris, *stamps, digests = (column.to_pylist() for column in batch.columns)
                    for uri, stamp, sha256 in zip(uris, zip(*stamps, strict=True), digests, strict=True):
                        yield uri, stamp, sha256.hex()
        except (OSError, pa.ArrowException):  # there is none, or it is damaged: the rest is digested anew
            return

    def _flush(self) -> None:
        if self._file and self._pending:
            uris, stamps, digests = zip(*self._pending, strict=True)
            columns = [uris, *zip(*stamps, strict=True), [bytes.fromhex(sha256) for sha256 in digests]]
            arrays = [pa.array(column, field.type) for column, field in zip(columns, _SCHEMA, strict=True)]
            try:
                self._file.write_batch(pa.record_batch(arrays, schema=_SCHEMA))
            except OSError:
                self._file = None
        self._pending = []


def digest_file(path: Path, n_head: int = 0) -> tuple[str, int, str]:
    """SHA-256 and size of a file, and the SHA-256 of its first ``n_head`` bytes."""
    whole, head, size = hashlib.sha256(), hashlib.sha256(), 0
    with path.open("rb") as stream:
        while block := stream.read(READ_SIZE):
            whole.update(block)
            if size < n_head:
                head.update(block[: n_head - size])
            size += len(block)
    return whole.hexdigest(), size, head.hexdigest()


def _stamp(status: os.stat_result) -> _Stamp:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
