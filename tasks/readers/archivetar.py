"""Reads tar archives as a stream, block by block: a damaged header costs the members up to the next sound one, no more.

The standard library's reader ends at a damaged header without a word and holds extended headers of any size in memory;
only its parser of single headers is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from tarfile import (
    AREGTYPE,
    BLKTYPE,
    BLOCKSIZE,
    CHRTYPE,
    CONTTYPE,
    DIRTYPE,
    FIFOTYPE,
    GNUTYPE_LONGLINK,
    GNUTYPE_LONGNAME,
    LNKTYPE,
    REGTYPE,
    SYMTYPE,
    XGLTYPE,
    XHDTYPE,
    HeaderError,
    TarInfo,
)

from tasks.readers.archive import NOTHING, Members, too_deep
from tasks.readers.compress import Stream
from tasks.readers.layers import Stop
from tasks.readers.options import ReadOptions
from tasks.readers.source import Source
from tasks.records import RawRecord, Rejection

_REGULAR = (REGTYPE, AREGTYPE, CONTTYPE)
_LINKS = (LNKTYPE, SYMTYPE)
_DEVICES = (CHRTYPE, BLKTYPE, FIFOTYPE)
_HEADER_LIMIT = 1024 * 1024  # bytes of one extended header
_ZEROS = bytes(BLOCKSIZE)
_LENGTH = re.compile(rb"(\d{1,9}) ")


def read_tar(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The records of every member; refusals for links, devices and unsafe paths, and for what is damaged."""
    if refusal := too_deep(source):
        yield refusal
        return
    members = Members(source, options)
    blocks = _Blocks(stream)
    extended: dict[str, str] = {}  # of the next member
    while (header := _next_header(blocks)) is not None:
        if isinstance(header, str):
            yield source.reject("corrupt_archive", header, NOTHING)
            continue
        if header.type in (XHDTYPE, XGLTYPE, GNUTYPE_LONGNAME, GNUTYPE_LONGLINK):
            if header.size > _HEADER_LIMIT:
                reason = f"The extended header at offset {blocks.at - BLOCKSIZE:,} has {header.size:,} bytes."
                yield source.reject("corrupt_archive", reason, NOTHING)
                blocks.skip(header.size)
            else:
                extended |= _read_extended(header, blocks.take(header.size))
            blocks.align()
            continue
        name, size = extended.get("path", header.name), header.size
        if extended.get("size", "").isdecimal():
            size = int(extended["size"][:20])
        is_sparse = any(key.startswith("GNU.sparse") for key in extended)
        extended = {}
        if refusal := members.admit(name):
            yield refusal
        if members.is_spent:
            return
        if header.type in _LINKS:
            yield members.refuse_link(name)
            continue
        if header.type in _DEVICES:
            yield members.refuse(name, "unsafe_member", "The member is a device or a pipe.")
            continue
        if header.type == DIRTYPE:
            source.pass_over("folders")
            continue
        raw = _Member(blocks, size)
        if problem := members.unsafe(name):
            yield members.refuse(name, "unsafe_member", problem)
        elif header.type not in _REGULAR or is_sparse:
            yield members.refuse(name, "unsupported_format", "The member is of a kind that is not read.")
        elif size > options.max_member_bytes:
            reason = f"The member has {size:,} bytes; the limit for one is {options.max_member_bytes:,}."
            yield members.refuse(name, "decompression_limit", reason)
        elif not members.passes_over(name):
            yield from members.read(name, raw)
            if members.is_spent:
                return
        blocks.skip(raw.rest)
        blocks.align()


class _Blocks:
    """The bytes of a stream, taken by number; ``at`` is how many have been taken so far."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._buffer = b""
        self._done = 0  # bytes of the buffer that have been taken
        self.at = 0

    def some(self, size: int) -> bytes:
        """The next bytes, between 1 and ``size`` of them; b"" at the end."""
        if self._done >= len(self._buffer):
            self._buffer, self._done = self._stream.read(), 0
        data = self._buffer[self._done : self._done + size]
        self._done += len(data)
        self.at += len(data)
        return data

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes, fewer at the end."""
        parts: list[bytes] = []
        while size > 0 and (part := self.some(size)):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def skip(self, size: int) -> None:
        """Passes over bytes."""
        while size > 0 and (part := self.some(size)):
            size -= len(part)

    def give_back(self, block: bytes) -> None:
        """Puts a block back that was just taken."""
        self._buffer, self._done = block + self._buffer[self._done :], 0
        self.at -= len(block)

    def align(self) -> None:
        """Goes on to the start of the next block."""
        self.skip(-self.at % BLOCKSIZE)


class _Member:
    """The bytes of one member; ``rest`` is how many have not been read."""

    def __init__(self, blocks: _Blocks, size: int) -> None:
        self._blocks = blocks
        self._size = size
        self.rest = size

    def read(self, size: int) -> bytes:
        if not self.rest:
            return b""
        data = self._blocks.some(min(size, self.rest))
        if not data:
            missing, self.rest = self.rest, 0
            raise Stop(
                "corrupt_archive", f"The member is cut off: {missing:,} of its {self._size:,} bytes are missing."
            )
        self.rest -= len(data)
        return data


def _next_header(blocks: _Blocks) -> TarInfo | str | None:
    """The next member's header; a sentence where damaged bytes had to be passed over to find it; None at the end."""
    damaged_at: int | None = None
    while block := blocks.take(BLOCKSIZE):
        if block == _ZEROS:
            continue
        try:
            header = TarInfo.frombuf(block, "utf-8", "surrogateescape")
            if header.size < 0:
                raise ValueError("negative size")
        except (HeaderError, ValueError, ArithmeticError):
            damaged_at = blocks.at - len(block) if damaged_at is None else damaged_at
            continue
        if damaged_at is None:
            return header
        blocks.give_back(block)
        break
    return None if damaged_at is None else _lost(damaged_at, blocks.at)


def _lost(start: int, end: int) -> str:
    return f"The archive is damaged at offset {start:,}: {end - start:,} bytes are lost, and the member they belong to."


def _read_extended(header: TarInfo, data: bytes) -> dict[str, str]:
    """What an extended header says of the member behind it: its path, its size, and whether it is sparse."""
    if header.type == GNUTYPE_LONGNAME:
        return {"path": data.split(b"\0")[0].decode("utf-8", "surrogateescape")}
    if header.type != XHDTYPE:
        return {}
    found = {}
    at = 0
    while match := _LENGTH.match(data, at):
        end = at + int(match[1])
        key, _, value = data[match.end() : end].removesuffix(b"\n").partition(b"=")
        if key in (b"path", b"size") or key.startswith(b"GNU.sparse"):
            found[key.decode("utf-8", "replace")] = value.decode("utf-8", "surrogateescape")
        at = max(end, match.end())
    return found
