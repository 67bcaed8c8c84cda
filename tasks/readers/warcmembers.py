"""The bytes of a web archive, member by member, so that damage costs one member and is reported by its place.

A WARC or ARC file is compressed a record at a time: each is a gzip member (or a Zstandard frame) of its own. Where one
is damaged, the next is found by its magic and by the record that it starts with. An archive that is compressed as a
whole, or not at all, is one run of bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import zstandard

from tasks.readers.compress import Stream
from tasks.readers.layers import CHUNK, DAMAGE, GZIP, ZSTD, Decoder, Stop, Unzstd
from tasks.readers.options import MIB

DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"  # a skippable frame that holds the dictionary of all others
# The first line of a WARC record, or the line that is the header of an ARC record, whose length it ends with.
FIRST_LINE = (
    rb"(?:WARC/\d\.\d{1,2}[ \t]{0,9}\r?\n"
    rb"|(?P<url>[a-z][a-z0-9+.-]{1,20}:[^\r\n]{1,4096}) [\da-f.:]{1,45} \d{8,17} (?P<media>\S{1,200})"
    rb"(?: [^\r\n]{1,4096})? (?P<length>\d{1,15})\r?\n)"
)
RECORD_START = re.compile(rb"\A" + FIRST_LINE, re.I)
_FIRST = 1024  # bytes by which a member is known as the start of a record
_FEED = 32 * 1024
_KEEP = 32 * MIB  # compressed bytes of a member that are kept to look for the next one in
_DICTIONARY_LIMIT = 16 * MIB
_CUT_OFF = "it is cut off"
_MAX_TRIES = 10_000  # places that look like the start of a member and are none, in one damaged stretch


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of the member at ``offset``; ``starts`` where a record begins with them, whatever went before."""

    offset: int
    data: bytes
    starts: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """A damaged member: where it starts, how many bytes of the file are lost with it, and why.

    ``is_cut`` is set where the file ends in it, so that what stands before the end is sound.
    """

    offset: int
    size: int
    why: str
    is_cut: bool = False


class Segment:
    """A run of bytes in which records follow one another, up to damage or to a member that starts a new record."""

    def __init__(self, parts: _Parts, offset: int, is_packed: bool) -> None:
        self._parts = parts
        self._offset = offset
        self._member = offset  # where the member of the last bytes starts
        self._is_packed = is_packed
        self._buffer = bytearray()
        self._at = 0
        self.broken: Gap | None = None  # what ends it, where that is damage and its end has been reached

    @property
    def place(self) -> str:
        """The place of the next byte: `offset:N` in the file, `offset:N+M` for M bytes into the member at N."""
        if not self._is_packed:
            return f"offset:{self._offset + self._at}"
        return f"offset:{self._offset}+{self._at}" if self._at else f"offset:{self._offset}"

    def peek(self, size: int) -> memoryview:
        """The next bytes, without taking them; fewer than ``size`` at the end. Release it before the next call."""
        while len(self._buffer) < size and self._more():
            pass
        return memoryview(self._buffer)[:size]

    def take(self, size: int) -> bytes:
        """The next bytes, fewer at the end."""
        with self.peek(size) as view:
            data = bytes(view)
        del self._buffer[: len(data)]
        self._at += len(data)
        return data

    def give_back(self, data: bytes) -> None:
        """Puts back bytes that were just taken."""
        self._buffer[:0] = data
        self._at -= len(data)

    def _more(self) -> bool:
        part = self._parts.next_in_segment()
        if isinstance(part, Part):
            self._buffer += part.data
            self._member = part.offset
            return True
        if part and part.offset == self._member:
            self.broken = part
        return False


class _Parts:
    """Parts with one of them held back, to see where a segment ends."""

    def __init__(self, parts: Iterator[Part | Gap]) -> None:
        self._parts = parts
        self.held: Part | Gap | None = None

    def hold(self) -> Part | Gap | None:
        if self.held is None:
            self.held = next(self._parts, None)
        return self.held

    def next_in_segment(self) -> Part | Gap | None:
        """The part that goes on where the last one ended, or the gap behind it; None where neither follows."""
        part = self.hold()
        if isinstance(part, Part):
            if part.starts:
                return None
            self.held = None
        return part


def segments(stream: Stream) -> Iterator[Segment | Gap]:
    """The segments of a web archive, and the gaps between them; each segment is to be used before the next is asked."""
    is_packed = stream.layers in ([GZIP], [ZSTD]) or stream.peek(4)[:4] == DICTIONARY_MAGIC
    parts = _Parts(_Members(stream).parts() if is_packed else _plain(stream))
    while (part := parts.hold()) is not None:
        if isinstance(part, Gap):
            parts.held = None
            yield part
            continue
        parts.held = Part(part.offset, part.data)
        segment = Segment(parts, part.offset, is_packed)
        yield segment
        while segment.take(CHUNK):
            pass


def _plain(stream: Stream) -> Iterator[Part]:
    at = 0
    while chunk := stream.read():
        yield Part(at, chunk)
        at += len(chunk)


class _Members:
    """Decompresses the members of a file one by one."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._source = stream.undecoded()
        self._layer = GZIP if stream.layers == [GZIP] else ZSTD
        self._new: Callable[[], Decoder] = self._layer.decoder
        self._raw = bytearray()  # of the file, from where the member starts
        self._offset = 0  # of the first byte of these in the file

    def parts(self) -> Iterator[Part | Gap]:
        """The decompressed bytes, and a Gap for each damaged member; a Stop becomes the stream's problem."""
        try:
            self._take_dictionary()
            while self._to_member():
                offset = self._offset
                try:
                    if self._layer.starts(bytes(self._raw[:4])):
                        yield from self._member(offset)
                        continue
                    why = f"no {self._layer.name} data starts here"
                except DAMAGE as error:
                    why = _why(error)
                self._to_next_record(self._offset == offset)
                yield Gap(offset, self._offset - offset, why, why == _CUT_OFF)
        except Stop as stop:
            self._stream.problem = stop

    def _member(self, offset: int) -> Iterator[Part]:
        decoder = self._new()
        first: bytes | None = b""  # bytes held back until it is known whether they start a record
        for piece in self._pieces(decoder):
            self._stream.count(len(piece))
            if first is None:
                yield Part(offset, piece)
                continue
            first += piece
            if len(first) >= _FIRST:
                yield Part(offset, first, starts_record(first))
                first = None
        if first:
            yield Part(offset, first, starts_record(first))

    def _pieces(self, decoder: Decoder) -> Iterator[bytes]:
        """Decompresses the member that the raw bytes start with, and drops these behind its end."""
        done = 0
        while not decoder.eof:
            if done >= len(self._raw) and not self._fill():
                raise EOFError
            data = bytes(self._raw[done : done + _FEED])
            done += len(data)
            while True:
                if piece := decoder.decompress(data, CHUNK):
                    yield piece
                if decoder.eof or decoder.needs_input:
                    break
                data = b""
            if done > _KEEP and not decoder.eof:
                self._drop(done)
                done = 0
        self._drop(done - len(decoder.unused_data))

    def _take_dictionary(self) -> None:
        if self._layer is not ZSTD:
            return
        while len(self._raw) < 8 and self._fill():
            pass
        size = int.from_bytes(self._raw[4:8], "little")
        if self._raw[:4] != DICTIONARY_MAGIC or size > _DICTIONARY_LIMIT:
            return
        while len(self._raw) < 8 + size and self._fill():
            pass
        data = bytes(self._raw[8 : 8 + size])
        try:
            if data.startswith(ZSTD.magics[0]):
                data = Unzstd().decompress(data, _DICTIONARY_LIMIT)
            dictionary = zstandard.ZstdCompressionDict(data)
            Unzstd(dictionary)
        except DAMAGE:
            raise Stop("corrupt_archive", "The dictionary that the archive starts with is damaged.") from None
        self._new = lambda: Unzstd(dictionary)
        self._drop(8 + size)

    def _to_member(self) -> bool:
        """Passes over padding; False at the end of the file."""
        while True:
            if self._raw[:1] == b"\0":
                self._drop(len(self._raw) - len(self._raw.lstrip(b"\0")))
            if len(self._raw) >= 4:
                return True
            if not self._fill():
                return bool(self._raw)

    def _to_next_record(self, is_kept: bool) -> None:
        """Goes on to the next member that starts a record, or to the end; not to the one that stands here."""
        magic = b"\x1f\x8b\x08" if self._layer is GZIP else ZSTD.magics[0]
        at = 1 if is_kept else 0
        for _ in range(_MAX_TRIES):
            while (found := self._raw.find(magic, at)) < 0:
                self._drop(max(len(self._raw) - len(magic) + 1, at))
                at = 0
                if not self._fill():
                    self._drop(len(self._raw))
                    return
            if len(self._raw) - found < 2 * _FIRST:
                self._fill()
            if self._is_record(found):
                self._drop(found)
                return
            at = found + 1
        self._drop(len(self._raw))
        while self._fill():
            self._drop(len(self._raw))

    def _is_record(self, at: int) -> bool:
        decoder = self._new()
        try:
            return starts_record(decoder.decompress(bytes(self._raw[at : at + 2 * _FIRST]), _FIRST))
        except DAMAGE:
            return False

    def _fill(self) -> bool:
        chunk = next(self._source, b"")
        self._raw += chunk
        return bool(chunk)

    def _drop(self, size: int) -> None:
        size = min(size, len(self._raw))
        del self._raw[:size]
        self._offset += size


def starts_record(data: bytes) -> bool:
    """Whether bytes start with the header of a WARC or ARC record, blank lines apart."""
    return RECORD_START.match(data.lstrip(b"\r\n")) is not None


def _why(error: Exception) -> str:
    if isinstance(error, EOFError):
        return _CUT_OFF
    return "its checksum is wrong" if "check" in str(error) else "its data cannot be decompressed"
