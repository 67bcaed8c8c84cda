"""Bytes of a raw file, decompressed as a bounded stream: gzip and Zstandard by their magic, up to two layers deep.

Damage never raises: the stream ends there and ``Stream.problem`` says what happened, so that the records before it are
kept and the loss is reported.
"""

from __future__ import annotations

import codecs
import io
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import zstandard

from tasks.readers.options import MIB, ReadOptions
from tasks.timelimit import go_on

CHUNK = 256 * 1024
MAX_LAYERS = 2
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_RATIO_FREE = 64 * MIB
# A Zstandard block of 4 bytes may stand for 128 KiB, and the decoder has no limit of its own: pieces of this size
# bound what one call returns to 16 MiB.
_ZSTD_PIECE = 512
_ZSTD_WINDOW = 1 << 27


@dataclass(slots=True)
class Problem:
    """Why a stream ended early. ``cut`` is set where the bytes before it may be incomplete or wrong."""

    reason_code: str
    reason: str
    cut: bool = True


class _Stop(Exception):
    def __init__(self, reason_code: str, reason: str, cut: bool = True) -> None:
        super().__init__(reason)
        self.problem = Problem(reason_code, reason, cut)


def _peek(chunks: Iterator[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes (fewer at the end of the stream), and the stream with them back in front."""
    head = bytearray()
    try:
        while len(head) < size:
            head += next(chunks)
    except StopIteration:
        return bytes(head), iter((bytes(head),) if head else ())
    except _Stop as stop:
        return bytes(head), _ended(bytes(head), stop)
    return bytes(head), chain((bytes(head),), chunks)


def _ended(head: bytes, stop: _Stop) -> Iterator[bytes]:
    if head:
        yield head
    raise stop


class Stream:
    """The decompressed bytes of a file. ``read`` returns b"" at the end; then ``problem`` says whether all was well."""

    def __init__(self, raw: BinaryIO, options: ReadOptions) -> None:
        self._raw = raw
        self._n_raw = 0
        self._options = options
        self.problem: Problem | None = None
        self._is_plain = True  # what the raw file holds, as it is
        chunks = self._read_raw()
        for _ in range(MAX_LAYERS):
            head, chunks = _peek(chunks, len(ZSTD_MAGIC))
            if head.startswith(GZIP_MAGIC):
                chunks = _gunzip(chunks)
            elif head.startswith(ZSTD_MAGIC):
                chunks = _unzstd(chunks)
            else:
                break
            self._is_plain = False
        self._chunks = self._limit(chunks)

    def peek(self, size: int) -> bytes:
        """The first bytes, at least ``size`` of them unless the stream is shorter, without consuming them."""
        head, self._chunks = _peek(self._chunks, size)
        return head

    def read(self) -> bytes:
        """The next bytes, b"" at the end."""
        try:
            for chunk in self._chunks:
                if chunk:
                    go_on()
                    return chunk
        except _Stop as stop:
            self.problem = stop.problem
            self._chunks = iter(())
        return b""

    def skip(self, size: int) -> None:
        """Drops the first bytes, such as a byte order mark."""
        head = self.peek(size)
        next(self._chunks, b"")
        self._chunks = chain((head[size:],), self._chunks)

    def transcode(self, encoding: str) -> None:
        """From here on the stream is UTF-8: ``encoding`` is what it is now."""
        self._chunks = _transcode(self._chunks, encoding)

    @contextmanager
    def as_path(self) -> Iterator[Path | None]:
        """A file with all the bytes, for formats that are not read from front to back.

        It is the raw file itself, or a temporary copy in ``options.scratch`` where that is compressed or a member of an
        archive. None where the stream ends early, which ``problem`` explains, or has more than
        ``options.max_copy_bytes``.
        """
        raw = self._raw
        # Nothing but a file that was opened here has its name: a member's name is not to be trusted.
        if self._is_plain and type(raw) is io.BufferedReader and type(raw.raw) is io.FileIO:
            yield Path(str(raw.raw.name))
            return
        limit, size = self._options.max_copy_bytes, 0
        if self._options.scratch:
            self._options.scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._options.scratch) as copy:
            while chunk := self.read():
                size += len(chunk)
                if size > limit:
                    reason = f"The file would need a copy of more than {limit:,} bytes to be read; unpack it first."
                    self.problem = Problem("decompression_limit", reason)
                    break
                copy.write(chunk)
            copy.flush()
            yield None if self.problem and self.problem.cut else Path(copy.name)

    def _read_raw(self) -> Iterator[bytes]:
        while True:
            try:
                chunk = self._raw.read(CHUNK)
            except OSError as error:
                raise _Stop("unreadable_file", f"The file could not be read to its end: {error.strerror}.") from error
            if not chunk:
                return
            self._n_raw += len(chunk)
            yield chunk

    def _limit(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        size = 0
        limits = self._options
        for chunk in chunks:
            size += len(chunk)
            if size > limits.max_file_bytes:
                raise _Stop("decompression_limit", f"The file holds more than {limits.max_file_bytes:,} bytes.")
            if size > max(_RATIO_FREE, self._n_raw * limits.max_expansion_ratio):
                raise _Stop(
                    "decompression_limit",
                    f"The data expands to more than {limits.max_expansion_ratio:,} times its compressed size.",
                )
            yield chunk


def _gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """All members of a gzip file; zero bytes between and behind them are padding."""
    decoder = zlib.decompressobj(wbits=31)
    inside = False  # of a member
    data = b""
    for chunk in chunks:
        data += chunk
        while data:
            if not inside:
                data = data.lstrip(b"\0")
                if len(data) < 2 and GZIP_MAGIC.startswith(data):
                    break
                if not data.startswith(GZIP_MAGIC):
                    raise _trailing("gzip")
                decoder, inside = zlib.decompressobj(wbits=31), True
            piece, data = _inflate(decoder, data)
            if piece:
                yield piece
            if decoder.eof:
                data, inside = decoder.unused_data, False
    while inside:
        piece, _ = _inflate(decoder, b"")
        if decoder.eof:
            inside = False
        elif not piece:
            raise _cut_off("gzip")
        yield piece
    if data:
        raise _trailing("gzip")


def _inflate(decoder: zlib._Decompress, data: bytes) -> tuple[bytes, bytes]:
    try:
        piece = decoder.decompress(data, CHUNK)
    except zlib.error as error:
        raise _damaged("gzip") from error
    return piece, decoder.unconsumed_tail


def _unzstd(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """All frames of a Zstandard file."""
    factory = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    decoder = factory.decompressobj()
    inside = False  # of a frame
    rest = b""  # the first bytes of a frame, until there are enough to tell
    for chunk in chunks:
        data = rest + chunk
        rest = b""
        at = 0
        while at < len(data):
            if not inside:
                if len(data) - at < len(ZSTD_MAGIC):
                    rest = data[at:]
                    break
                if not _is_zstd_frame(data[at : at + len(ZSTD_MAGIC)]):
                    raise _trailing("Zstandard")
                decoder, inside = factory.decompressobj(), True
            try:
                piece = decoder.decompress(data[at : at + _ZSTD_PIECE])
            except zstandard.ZstdError as error:
                raise _damaged("Zstandard") from error
            if piece:
                yield piece
            at = min(at + _ZSTD_PIECE, len(data)) - len(decoder.unused_data)
            inside = not decoder.eof
    if inside:
        raise _cut_off("Zstandard")
    if rest:
        raise _trailing("Zstandard")


def _is_zstd_frame(data: bytes) -> bool:
    skippable = data[1:4] == b"\x2a\x4d\x18" and 0x50 <= data[0] <= 0x5F
    return data.startswith(ZSTD_MAGIC) or skippable


def _damaged(kind: str) -> _Stop:
    return _Stop("corrupt_compression", f"The {kind} data is damaged; what stood before the damage has been read.")


def _cut_off(kind: str) -> _Stop:
    return _Stop("corrupt_compression", f"The {kind} data is cut off; what stood before the end has been read.")


def _trailing(kind: str) -> _Stop:
    return _Stop("corrupt_compression", f"Behind the {kind} data stand bytes that are not {kind} data.", cut=False)


def _transcode(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        raise _Stop("undecodable_text", f"The file starts as {encoding.upper()} but does not go on as it.") from error
