"""Where the records of one file come from: numbers them, and keeps the head and digest of their bytes."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from tasks.records import RAW_LIMIT, VALUE_LIMIT, Mark, RawRecord, Rejection, digest
from tasks.timelimit import limited


@dataclass(slots=True)
class Bytes:
    """The first 64 KiB of a record, and the size and SHA-256 of all of it."""

    head: bytes
    size: int
    sha256: str

    @classmethod
    def of(cls, data: bytes) -> Bytes:
        """What is kept of bytes that are at hand."""
        return cls(data[:RAW_LIMIT], len(data), digest(data))


class Measure:
    """Builds Bytes from pieces, so that a record too large to hold can still be named."""

    def __init__(self, data: bytes = b"") -> None:
        self._head = b""
        self._size = 0
        self._sha256 = hashlib.sha256()
        self.add(data)

    def add(self, data: bytes) -> None:
        """Adds the next bytes of the record."""
        if len(self._head) < RAW_LIMIT:
            self._head += data[: RAW_LIMIT - len(self._head)]
        self._size += len(data)
        self._sha256.update(data)

    def result(self) -> Bytes:
        """What is kept of all bytes added so far."""
        return Bytes(self._head, self._size, self._sha256.hexdigest())


@dataclass(slots=True)
class Ordinals:
    """Counts the records of a file, from 1; ``upcoming`` is the next one's number."""

    upcoming: int = 1

    def take(self) -> int:
        """The next number."""
        self.upcoming += 1
        return self.upcoming - 1


@dataclass(slots=True)
class Tally:
    """What all members of one file share: the next ordinal, and what has been unpacked and passed over so far.

    ``n_file_bytes`` is the size of the file itself. ``passed_over`` counts, by kind, what was met and is no record:
    the folders of an archive, the requests of a web archive. ``mark`` says how far the file has been read, where it is
    one that may grow: lines, and nothing around them.
    """

    ordinals: Ordinals = field(default_factory=Ordinals)
    n_file_bytes: int = 0
    n_members: int = 0
    n_member_bytes: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    mark: Mark | None = None


class Source:
    """One file, or one member of an archive, as its reader sees it: makes records and rejections.

    Ordinals are counted from 1 over the whole file, whatever it is nested in. ``within`` is the path of the member,
    which is only a name: nothing is ever opened or written under it. ``depth`` is the number of archives around it.
    """

    def __init__(self, uri: str, within: str | None = None, tally: Tally | None = None, depth: int = 0) -> None:
        self.uri = uri
        self.format = ""
        self.within = within
        self.depth = depth
        self.tally = tally or Tally()

    @property
    def name(self) -> str:
        """The name that tells what the bytes may be, where they don't tell it themselves."""
        return self.within or self.uri

    def inside(self, name: str) -> Source:
        """The source for a member of this one."""
        within = f"{self.within}/{name}" if self.within else name
        return Source(self.uri, within, self.tally, self.depth + 1)

    def pass_over(self, kind: str) -> None:
        """Counts something that was met and is no record."""
        self.tally.passed_over[kind] += 1

    def record(self, fields: dict[str, Any], raw: Bytes, member: str | None = None) -> RawRecord:
        """The next record, with its canonical fields."""
        return RawRecord(
            self.uri, self.tally.ordinals.take(), self._place(member), self.format, fields, raw.head, raw.sha256
        )

    def reject(
        self,
        reason_code: str,
        reason: str,
        raw: Bytes,
        member: str | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> Rejection:
        """The next item, refused; ``value`` is cut to what a quarantine row keeps."""
        value = value[:VALUE_LIMIT] if value is not None else None
        return Rejection(
            self.uri,
            self.tally.ordinals.take(),
            self._place(member),
            "read",
            reason_code,
            reason,
            column=column,
            value=value,
            raw=raw.head,
            raw_sha256=raw.sha256,
        )

    def time_limit(self) -> AbstractContextManager[None]:
        """Bounds the work on the next record, where a reader does work that may hang: raises TimeLimit.

        Its reader then rejects the record as ``error.reason_code`` with ``str(error)``, and goes on with the next one.
        A reader that sets no limit is stopped from outside, and the rest of the file is lost.
        """
        return limited(self.uri, self.tally.ordinals.upcoming, "record")

    def _place(self, member: str | None) -> str | None:
        return f"{self.within}#{member}" if self.within and member else self.within or member
