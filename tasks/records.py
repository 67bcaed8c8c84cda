"""What the readers hand on: records as found, and rejections with a reason.

A rejection is a value, never an exception: a reader that meets a bad record yields a Rejection and goes on.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RAW_LIMIT = 64 * 1024  # bytes of a record that a quarantine row keeps
VALUE_LIMIT = 200  # characters of a value that a quarantine row keeps


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a file of lines has been read for good: up to the end of its last whole line.

    ``offset`` counts bytes, ``n_lines`` and ``n_records`` what stands before it. ``is_cr``: lines end with CR.
    ``is_legacy``: whether Windows-1252 may occur, None where nothing but ASCII has been read.
    """

    offset: int
    n_lines: int = 0
    n_records: int = 0
    is_cr: bool = False
    is_legacy: bool | None = None

    @property
    def member(self) -> str:
        """The place of the first line behind the mark, which may have been read before it was whole."""
        return f"line:{self.n_lines + 1}"


@dataclass(frozen=True, slots=True)
class RawFile:
    """A raw file to read: where it lies, and the URI (path relative to the ingested folder) that names it.

    ``n_bytes`` and ``sha256`` are those of its content when it was found, and so much of it is read; all of it where
    there is no digest. With ``mark``, what lies before that has been read by an earlier run. With ``only``, no records
    but those at these members are wanted. ``as_member`` is the place of the one record that a copy of its bytes holds.
    """

    path: Path
    uri: str
    sha256: str = ""
    n_bytes: int = 0
    mark: Mark | None = None
    only: frozenset[str] | None = None
    as_member: str | None = None

    @property
    def n_unread(self) -> int:
        """The bytes that are to be read."""
        return self.n_bytes - (self.mark.offset if self.mark else 0)


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One article as a reader found it: nothing interpreted, only named.

    ``fields`` uses the names in tasks.readers.mapping.FIELDS (title, text, url, published, authors …); values are as
    found (strings, lists, numbers). ``ordinal`` is the record's place in the file, counted from 1; ``member`` is the
    same place in words for people (`line:17`), None where the file is one record.
    """

    uri: str
    ordinal: int
    member: str | None
    format: str
    fields: dict[str, Any]
    raw: bytes = b""
    raw_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record that was refused: the stage, a documented reason_code, and a sentence for people."""

    uri: str
    ordinal: int
    member: str | None
    stage: str
    reason_code: str
    reason: str
    column: str | None = None
    value: str | None = None
    expectation: str | None = None
    raw: bytes = field(default=b"", repr=False)
    raw_sha256: str = ""


def reject(record: RawRecord, stage: str, reason_code: str, reason: str, **details: str | None) -> Rejection:
    """A rejection of a record that was read, carrying its bytes along."""
    return Rejection(
        record.uri,
        record.ordinal,
        record.member,
        stage,
        reason_code,
        reason,
        raw=record.raw,
        raw_sha256=record.raw_sha256,
        **details,
    )


def digest(data: bytes) -> str:
    """SHA-256 of bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
