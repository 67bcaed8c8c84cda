"""Layers of compression: gzip, bzip2, xz and Zstandard told by their magic, each decoded in pieces of bounded size.

All of them may hold several members one behind the other (streams, frames), with zero bytes as padding between them.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import zstandard

CHUNK = 256 * 1024
_XZ_MEMORY = 128 * 1024 * 1024  # bytes; `xz -9` asks for 65 MiB to decompress
# A Zstandard block of 4 bytes may stand for 128 KiB, and the decoder has no limit of its own: pieces of this size
# bound what one call returns to 16 MiB.
_ZSTD_PIECE = 512
_ZSTD_WINDOW = 1 << 27
DAMAGE = (zlib.error, OSError, lzma.LZMAError, zstandard.ZstdError, EOFError)  # what decoders raise for bad data


class Stop(Exception):
    """Raised inside a stream where its bytes end early; ``cut`` where those before may be incomplete or wrong."""

    def __init__(self, reason_code: str, reason: str, cut: bool = True) -> None:
        super().__init__(reason)
        self.reason_code = reason_code
        self.reason = reason
        self.cut = cut


class Decoder(Protocol):
    """Decompresses one member; bz2 and lzma have such decoders, those below give the others the same shape."""

    @property
    def eof(self) -> bool:
        """Whether the member's end has been reached."""
        ...

    @property
    def needs_input(self) -> bool:
        """Whether there is nothing left to decompress until more bytes are given."""
        ...

    @property
    def unused_data(self) -> bytes:
        """The bytes behind the member's end."""
        ...

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """The next bytes, at most about ``max_length``; raises one of DAMAGE."""
        ...


class Inflate:
    """DEFLATE data: ``wbits`` is 31 for gzip, 15 for zlib, -15 for neither's header, 47 for either's."""

    def __init__(self, wbits: int) -> None:
        self._decoder = zlib.decompressobj(wbits)
        self._error: zlib.error | None = None  # to be raised once what stands before it has been handed out
        self.needs_input = True

    @property
    def eof(self) -> bool:  # noqa: D102
        return self._decoder.eof

    @property
    def unused_data(self) -> bytes:  # noqa: D102
        return self._decoder.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:  # noqa: D102
        if self._error:
            raise self._error
        before = self._decoder.copy()
        data = self._decoder.unconsumed_tail + data
        try:
            piece = self._decoder.decompress(data, max_length)
        except zlib.error as error:
            piece = _salvage(before, data, max_length)
            if not piece:
                raise
            self._error, self.needs_input = error, False
            return piece
        self.needs_input = not self._decoder.unconsumed_tail and len(piece) < max_length
        return piece


def _salvage(decoder: zlib._Decompress, data: bytes, max_length: int) -> bytes:
    """What ``data`` holds before the damage in it, to the byte; the decoder's own error drops all of it."""
    parts: list[bytes] = []
    at, step = 0, len(data)
    while step and max_length > 0:
        trial = decoder.copy()
        try:
            part = trial.decompress(data[at : at + step], max_length)
        except zlib.error:
            step //= 2
            continue
        parts.append(part)
        max_length -= len(part)
        at += step
        decoder = trial
    return b"".join(parts)


class Unzstd:
    """One frame of Zstandard data; ``dictionary`` is the one its frames were compressed with, if any."""

    def __init__(self, dictionary: zstandard.ZstdCompressionDict | None = None) -> None:
        factory = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=_ZSTD_WINDOW)
        self._decoder = factory.decompressobj()
        self._rest = b""
        self._at = 0
        self.needs_input = True

    @property
    def eof(self) -> bool:  # noqa: D102
        return self._decoder.eof

    @property
    def unused_data(self) -> bytes:  # noqa: D102
        return self._decoder.unused_data + self._rest[self._at :]

    def decompress(self, data: bytes, max_length: int) -> bytes:  # noqa: D102
        if data:
            self._rest = self._rest[self._at :] + data
            self._at = 0
        parts: list[bytes] = []
        size = 0
        while self._at < len(self._rest) and size < max_length and not self._decoder.eof:
            part = self._decoder.decompress(self._rest[self._at : self._at + _ZSTD_PIECE])
            self._at += _ZSTD_PIECE
            size += len(part)
            parts.append(part)
        self.needs_input = self._at >= len(self._rest) and not self._decoder.eof
        return b"".join(parts)


@dataclass(frozen=True, slots=True)
class Layer:
    """A kind of compression: its name for people, by what its members start, and a decoder for one of them."""

    name: str
    magics: tuple[bytes, ...]
    decoder: Callable[[], Decoder]

    def starts(self, data: bytes) -> bool:
        """Whether the bytes are the start of a member."""
        return data.startswith(self.magics)


GZIP = Layer("gzip", (b"\x1f\x8b",), lambda: Inflate(31))
BZIP2 = Layer(
    "bzip2",
    tuple(b"BZh%d" % level + kind for level in range(1, 10) for kind in (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")),
    bz2.BZ2Decompressor,
)
XZ = Layer("xz", (b"\xfd7zXZ\0",), lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, _XZ_MEMORY))
_SKIPPABLE = tuple(bytes((low, 0x2A, 0x4D, 0x18)) for low in range(0x50, 0x60))
ZSTD = Layer("Zstandard", (b"\x28\xb5\x2f\xfd", *_SKIPPABLE), Unzstd)
MAGIC_SIZE = 10


def layer_of(head: bytes) -> Layer | None:
    """The compression of a file by its first MAGIC_SIZE bytes; None where there is none."""
    if head.startswith(_SKIPPABLE):
        return None
    return next((layer for layer in (GZIP, BZIP2, XZ, ZSTD) if layer.starts(head)), None)


def decompress(chunks: Iterator[bytes], layer: Layer) -> Iterator[bytes]:
    """The bytes of all members; raises Stop where they are damaged, cut off, or followed by something else."""
    decoder: Decoder | None = None  # of the member that the data is inside of
    head = b""  # the first bytes of a member, until there are enough to tell
    longest = max(map(len, layer.magics))
    for chunk in chunks:
        data, head = head + chunk, b""
        while True:
            if decoder is None:
                data = data.lstrip(b"\0")
                if not layer.starts(data):
                    if len(data) >= longest or not any(magic.startswith(data) for magic in layer.magics):
                        raise _trailing(layer)
                    head = data
                    break
                decoder = layer.decoder()
            try:
                piece = decoder.decompress(data, CHUNK)
            except DAMAGE as error:
                raise damaged(layer.name) from error
            data = b""
            if piece:
                yield piece
            if decoder.eof:
                data, decoder = decoder.unused_data, None
            elif decoder.needs_input:
                break
    if decoder is not None:
        raise cut_off(layer.name)
    if head:
        raise _trailing(layer)


def damaged(kind: str) -> Stop:
    """The end of a stream whose data cannot be decompressed."""
    return Stop("corrupt_compression", f"The {kind} data is damaged; what stood before the damage has been read.")


def cut_off(kind: str) -> Stop:
    """The end of a stream whose data ends in the middle."""
    return Stop("corrupt_compression", f"The {kind} data is cut off; what stood before the end has been read.")


def _trailing(layer: Layer) -> Stop:
    kind = layer.name
    return Stop("corrupt_compression", f"Behind the {kind} data stand bytes that are not {kind} data.", cut=False)
