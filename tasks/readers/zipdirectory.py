"""The members of a zip archive: by its directory or, where that is damaged or missing, by the header of each."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from os import SEEK_END
from typing import BinaryIO

from tasks.readers.archive import Unpack
from tasks.readers.layers import BZIP2, CHUNK, DAMAGE, XZ, ZSTD, Inflate, Stop, cut_off, damaged, decompress

STORED, DEFLATED = 0, 8
_ENCRYPTED = 1
_UTF8 = 1 << 11
_UNKNOWN_SIZE = 1 << 3  # sizes and checksum stand behind the data
_DIRECTORY_LIMIT = 16 * 1024 * 1024  # bytes; about 150,000 members
_HEADER = struct.Struct("<4s5H3I2H")
_SIGNATURE = b"PK\x03\x04"
_ZIP64 = 0xFFFFFFFF


@dataclass(slots=True)
class ZipMember:
    """A member: where its header stands, and how its bytes are stored. ``packed`` and ``crc`` are None where unknown.

    ``mode`` is the Unix mode, 0 where there is none.
    """

    name: str
    offset: int
    method: int
    is_encrypted: bool
    packed: int | None
    crc: int | None
    mode: int = 0


class Unreadable(Exception):
    """The archive has no directory that can be used."""


class _Bounded:
    """A file of which only so much is read at once: the directory's size is what the archive says."""

    def __init__(self, file: BinaryIO) -> None:
        self.seek, self.tell = file.seek, file.tell
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if size > _DIRECTORY_LIMIT:
            raise Unreadable
        return self._file.read(size)


def list_members(file: BinaryIO) -> list[ZipMember]:
    """The members that the directory lists, in its order; raises Unreadable."""
    try:
        with zipfile.ZipFile(_Bounded(file)) as archive:  # type: ignore[arg-type]
            infos = archive.infolist()
    except Unreadable:
        raise
    except (zipfile.BadZipFile, NotImplementedError, struct.error, ValueError, OSError, OverflowError) as error:
        raise Unreadable from error
    return [
        ZipMember(
            info.orig_filename,
            info.header_offset,
            info.compress_type,
            bool(info.flag_bits & _ENCRYPTED),
            info.compress_size,
            info.CRC,
            info.external_attr >> 16 if info.create_system == 3 else 0,
        )
        for info in infos
    ]


def overlapping(members: list[ZipMember]) -> set[int]:
    """The numbers of members that share bytes with one that stands before them: a bomb's way to use data twice."""
    shared = set()
    end = 0
    for number, member in sorted(enumerate(members), key=lambda pair: pair[1].offset):
        if member.offset < end:
            shared.add(number)
        end = max(end, member.offset + _HEADER.size + (member.packed or 0))
    return shared


def find_members(file: BinaryIO) -> Iterator[ZipMember]:
    """The members by their headers, one behind the other, whatever the directory says or lacks."""
    size = file.seek(0, SEEK_END)
    at = 0
    while len(chunk := _read_at(file, at, CHUNK)) >= len(_SIGNATURE):
        done = 0
        while (found := chunk.find(_SIGNATURE, done)) >= 0:
            member, start = read_header(file, at + found)
            done = found + len(_SIGNATURE)
            if member:
                yield member
                end = start + (member.packed or 0)
                done = (end if end <= size else start) - at  # a size beyond the file's is not to be trusted
        at += max(done, len(chunk) - len(_SIGNATURE) + 1)


def _read_at(file: BinaryIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)


def read_header(file: BinaryIO, offset: int) -> tuple[ZipMember | None, int]:
    """The member whose header stands at an offset, and where its bytes start; None where no header stands there."""
    data = _read_at(file, offset, _HEADER.size)
    if len(data) < _HEADER.size:
        return None, offset
    magic, version, flags, method, _, _, crc, packed, _, n_name, n_extra = _HEADER.unpack(data)
    raw = file.read(n_name)
    if magic != _SIGNATURE or version & 0xFF > 63 or not n_name or len(raw) < n_name:
        return None, offset
    name = raw.decode("utf-8" if flags & _UTF8 else "cp437", "backslashreplace")
    is_known = not flags & _UNKNOWN_SIZE and packed != _ZIP64
    member = ZipMember(
        name, offset, method, bool(flags & _ENCRYPTED), packed if is_known else None, crc if is_known else None
    )
    return member, offset + _HEADER.size + n_name + n_extra


class Packed:
    """The bytes of a member as they lie in the archive."""

    def __init__(self, file: BinaryIO, start: int, size: int | None) -> None:
        self._file = file
        self._at = start
        self._rest = size

    def read(self, size: int) -> bytes:
        """The next bytes; the file may have been read elsewhere in between."""
        if self._rest is not None:
            size = min(size, self._rest)
        data = _read_at(self._file, self._at, size)
        self._at += len(data)
        if self._rest is not None:
            self._rest -= len(data)
        return data


def unpacker(member: ZipMember) -> Unpack | None:
    """What undoes the member's method and checks its checksum; None for a method that is not known."""
    if member.method == STORED and member.packed is None:
        return None
    method: Callable[[Iterator[bytes]], Iterator[bytes]] | None = {
        STORED: lambda chunks: chunks,
        DEFLATED: _inflate,
        12: lambda chunks: decompress(chunks, BZIP2),
        93: lambda chunks: decompress(chunks, ZSTD),
        95: lambda chunks: decompress(chunks, XZ),
    }.get(member.method)
    if method is None:
        return None

    def unpack(chunks: Iterator[bytes]) -> Iterator[bytes]:
        crc = 0
        for chunk in method(chunks):
            crc = zlib.crc32(chunk, crc)
            yield chunk
        if member.crc is not None and crc != member.crc:
            raise Stop("corrupt_archive", "The member's checksum is wrong: its bytes are damaged.")

    return unpack


def _inflate(chunks: Iterator[bytes]) -> Iterator[bytes]:
    decoder = Inflate(-15)
    for data in chunks:
        while True:
            try:
                piece = decoder.decompress(data, CHUNK)
            except DAMAGE as error:
                raise damaged("DEFLATE") from error
            data = b""
            if piece:
                yield piece
            if decoder.eof:
                return
            if decoder.needs_input:
                break
    raise cut_off("DEFLATE")
