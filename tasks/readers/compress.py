"""Bytes of a raw file, decompressed as a bounded stream: up to two layers of compression deep.

Damage never raises: the stream ends there and ``Stream.problem`` says what happened, so that the records before it are
kept and the loss is reported.
"""

from __future__ import annotations

import codecs
import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Protocol

from tasks.readers.layers import CHUNK, MAGIC_SIZE, Layer, Stop, decompress, layer_of
from tasks.readers.options import MIB, ReadOptions
from tasks.timelimit import go_on

MAX_LAYERS = 2
RATIO_FREE = 64 * MIB
_REPLAY = 64 * MIB


class Raw(Protocol):
    """Where a stream's bytes come from: a file, or the member of an archive."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most ``size``, b"" at the end; may raise OSError or Stop."""
        ...


def _peek(chunks: Iterator[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes (fewer at the end of the stream), and the stream with them back in front."""
    head = bytearray()
    try:
        while len(head) < size:
            head += next(chunks)
    except StopIteration:
        return bytes(head), iter((bytes(head),) if head else ())
    except Stop as stop:
        return bytes(head), _ended(bytes(head), stop)
    return bytes(head), chain((bytes(head),), chunks)


def _ended(head: bytes, stop: Stop) -> Iterator[bytes]:
    if head:
        yield head
    raise stop


class Stream:
    """The decompressed bytes of a file. ``read`` returns b"" at the end; then ``problem`` says whether all was well.

    ``unpack`` undoes what an archive did to a member before anything else; it does not count as a layer. Of ``raw``, no
    more than ``size`` bytes are read; ``max_layers`` is how often it may be compressed.
    """

    def __init__(
        self,
        raw: Raw,
        options: ReadOptions,
        unpack: Callable[[Iterator[bytes]], Iterator[bytes]] | None = None,
        size: int | None = None,
        max_layers: int = MAX_LAYERS,
    ) -> None:
        self.layers: list[Layer] = []
        self.problem: Stop | None = None
        self._raw = raw
        self._size = size
        self._is_packed = unpack is not None
        self._n_raw = 0
        self._n_bytes = 0
        self._options = options
        self._replay: list[bytes] | None = []  # what lies before the first read, as it lies in the file
        chunks = self._read_raw()
        if unpack:
            chunks = unpack(chunks)
        self._source = chunks = self._kept(chunks)
        self._stopped: Stop | None = None
        for _ in range(max_layers):
            head, chunks = _peek(chunks, MAGIC_SIZE)
            layer = layer_of(head)
            if layer is None:
                break
            chunks = decompress(chunks, layer)
            self.layers.append(layer)
        self._chunks = self._limit(chunks)

    def peek(self, size: int) -> bytes:
        """The first bytes, at least ``size`` of them unless the stream is shorter, without consuming them."""
        head, self._chunks = _peek(self._chunks, size)
        return head

    def read(self) -> bytes:
        """The next bytes, b"" at the end."""
        self._replay = None
        try:
            for chunk in self._chunks:
                if chunk:
                    return chunk
        except Stop as stop:
            self.problem = stop
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
        if not self._is_packed and not self.layers and type(raw) is io.BufferedReader and type(raw.raw) is io.FileIO:
            yield Path(str(raw.raw.name))
            return
        limit, size = self._options.max_copy_bytes, 0
        if self._options.scratch:
            self._options.scratch.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._options.scratch) as copy:
            while chunk := self.read():
                size += len(chunk)
                if size > limit:
                    reason = f"The file would need a copy of more than {limit:,} bytes to be read; unpack it first."
                    self.problem = Stop("decompression_limit", reason)
                    break
                copy.write(chunk)
            copy.flush()
            yield None if self.problem and self.problem.cut else Path(copy.name)

    def undecoded(self) -> Iterator[bytes]:
        """The bytes before any layer is undone, from the first on; raises Stop where they end early.

        For formats that know more about their compression than its layer does. Only before anything has been read;
        what the caller decompresses it accounts for by ``count``.
        """
        replay, self._replay = self._replay or [], None
        yield from replay
        yield from self._source
        if self._stopped:
            raise self._stopped

    def count(self, size: int) -> None:
        """Counts decompressed bytes; raises Stop beyond the limits."""
        go_on()
        self._n_bytes += size
        limits = self._options
        if self._n_bytes > limits.max_file_bytes:
            raise Stop("decompression_limit", f"The file holds more than {limits.max_file_bytes:,} bytes.")
        if self._n_bytes > max(RATIO_FREE, self._n_raw * limits.max_expansion_ratio):
            raise Stop(
                "decompression_limit",
                f"The data expands to more than {limits.max_expansion_ratio:,} times its compressed size.",
            )

    def _read_raw(self) -> Iterator[bytes]:
        while True:
            left = CHUNK if self._size is None else min(CHUNK, self._size - self._n_raw)
            try:
                chunk = self._raw.read(left)
            except OSError as error:
                raise Stop("unreadable_file", f"The file could not be read to its end: {error.strerror}.") from error
            if not chunk:
                return
            self._n_raw += len(chunk)
            yield chunk

    def _kept(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The bytes, kept for `undecoded` until the first read."""
        n_kept = 0
        try:
            for chunk in chunks:
                if self._replay is not None:
                    n_kept += len(chunk)
                    if n_kept > _REPLAY:
                        raise Stop("decompression_limit", f"The first {_REPLAY:,} bytes decompress to almost nothing.")
                    self._replay.append(chunk)
                yield chunk
        except Stop as stop:
            self._stopped = stop
            raise

    def _limit(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.count(len(chunk))
            yield chunk


def _transcode(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        raise Stop("undecodable_text", f"The file starts as {encoding.upper()} but does not go on as it.") from error
