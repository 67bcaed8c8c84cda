"""Reads zip archives member by member, without unpacking them to disk."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from tasks.readers.archive import NOTHING, Members, too_deep
from tasks.readers.compress import Stream
from tasks.readers.options import ReadOptions
from tasks.readers.source import Source
from tasks.readers.zipdirectory import (
    Packed,
    Unreadable,
    ZipMember,
    find_members,
    list_members,
    overlapping,
    read_header,
    unpacker,
)
from tasks.records import RawRecord, Rejection

# Packages that happen to be zip archives, by a member that each of them has.
_PACKAGES = {
    "[Content_Types].xml": "an Office document",
    "mimetype": "an OpenDocument file or e-book",
    "META-INF/MANIFEST.MF": "a Java package",
    "AndroidManifest.xml": "an Android package",
}


def read_zip(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The records of every member; refusals for links, unsafe paths, encrypted and damaged members.

    Where the directory at the archive's end is damaged or missing, one refusal says so, and the members are found by
    their own headers.
    """
    if refusal := too_deep(source):
        yield refusal
        return
    with stream.as_path() as path:
        if path:
            with path.open("rb") as file:
                yield from _read_members(file, source, options)


def _read_members(file: BinaryIO, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    listed: Iterable[ZipMember]
    try:
        listed = list_members(file)
    except Unreadable:
        reason = "The archive's directory is missing, damaged or too large; members are looked for without it."
        yield source.reject("corrupt_archive", reason, NOTHING)
        listed, shared = find_members(file), set[int]()
    else:
        if package := next((_PACKAGES[m.name] for m in listed if m.name in _PACKAGES), None):
            yield source.reject("unsupported_format", f"The file is {package}, which no reader knows.", NOTHING)
            return
        shared = overlapping(listed)
    members = Members(source, options)
    for number, member in enumerate(listed):
        if refusal := members.admit(member.name):
            yield refusal
        if members.is_spent:
            return
        yield from _read_member(member, file, members, source, number in shared)
        if members.is_spent:
            return


def _read_member(
    member: ZipMember, file: BinaryIO, members: Members, source: Source, is_shared: bool
) -> Iterator[RawRecord | Rejection]:
    name = member.name
    kind = stat.S_IFMT(member.mode)
    if problem := members.unsafe(name):
        yield members.refuse(name, "unsafe_member", problem)
    elif kind == stat.S_IFLNK:
        yield members.refuse_link(name)
    elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        yield members.refuse(name, "unsafe_member", "The member is a device or a pipe.")
    elif name.endswith("/"):
        source.pass_over("folders")
    elif members.passes_over(name):
        pass
    elif member.is_encrypted:
        yield members.refuse(name, "encrypted_member", "The member is encrypted.")
    elif (unpack := unpacker(member)) is None:
        reason = f"The member is compressed by method {member.method}, which is not known."
        yield members.refuse(name, "unsupported_format", reason)
    elif is_shared:
        yield members.refuse(name, "corrupt_archive", "The member's bytes are those of another one as well.")
    else:
        header, start = read_header(file, member.offset) if member.offset >= 0 else (None, 0)
        if header is None:
            yield members.refuse(name, "corrupt_archive", "No member stands where the archive's directory says.")
        else:
            yield from members.read(name, Packed(file, start, member.packed), unpack)
