"""What the members of all archives have in common: which are read, which are refused, and how much of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from tasks.discover import is_ignored
from tasks.readers.compress import RATIO_FREE, Raw, Stream
from tasks.readers.dispatch import read_stream
from tasks.readers.layers import Stop
from tasks.readers.options import ReadOptions
from tasks.readers.source import Bytes, Source
from tasks.records import RawRecord, Rejection

MAX_DEPTH = 2  # an archive, and one inside it
NOTHING = Bytes.of(b"")
Unpack = Callable[[Iterator[bytes]], Iterator[bytes]]

_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")
_SEPARATOR = re.compile(r"[/\\]+")
_NAME_LIMIT = 500  # characters


def too_deep(source: Source) -> Rejection | None:
    """The refusal of an archive that is nested more than once."""
    if source.depth < MAX_DEPTH:
        return None
    return source.reject("archive_limit", "It is an archive inside an archive inside an archive.", NOTHING)


class Members:
    """Reads the members of one archive, counting them against the limits."""

    def __init__(self, source: Source, options: ReadOptions) -> None:
        self._source = source
        self._options = options
        self._links: set[tuple[str, ...]] = set()  # the paths of members that are links

    @property
    def is_spent(self) -> bool:
        """Whether a limit that holds for the whole file has been passed: nothing more of it is read."""
        tally = self._source.tally
        return tally.n_members > self._options.max_members or self._is_too_much()

    def admit(self, name: str) -> Rejection | None:
        """Counts a member; the refusal of the archive's rest where it is one too many."""
        tally, limit = self._source.tally, self._options.max_members
        tally.n_members += 1
        if tally.n_members != limit + 1:
            return None
        reason = f"The archive has more than {limit:,} members; from {shown(name)} on they are not read."
        return self._source.reject("archive_limit", reason, NOTHING)

    def refuse_link(self, name: str) -> Rejection:
        """The row for a member that is a link; members whose path leads through it are unsafe from here on."""
        self._links.add(_parts(name))
        return self.refuse(name, "unsafe_member", "The member is a link, which is not followed.")

    def unsafe(self, name: str) -> str | None:
        """Why a member's path is refused; None where it stays inside the archive."""
        if not name or "\0" in name:
            return "The member has no name that a file could have."
        if _ABSOLUTE.match(name):
            return "The member's path is absolute."
        parts = _parts(name)
        if ".." in parts:
            return "The member's path leads out of the archive."
        if self._links and any(parts[:n] in self._links for n in range(1, len(parts))):
            return "The member's path leads through a link."
        return None

    def refuse(self, name: str, reason_code: str, reason: str) -> Rejection:
        """The one row for a member that is not read."""
        return self._source.inside(shown(name)).reject(reason_code, reason, NOTHING)

    def passes_over(self, name: str) -> bool:
        """Whether a member stands beside the articles without being any, by its name; counts it."""
        parts = _parts(name)
        if "__MACOSX" in parts or parts[-1].startswith("._") or parts[-1] == ".DS_Store":
            self._source.pass_over("macOS metadata files")
            return True
        if is_ignored(parts[-1]):
            self._source.pass_over("hidden files and READMEs")
            return True
        return False

    def read(self, name: str, raw: Raw, unpack: Unpack | None = None) -> Iterator[RawRecord | Rejection]:
        """The records of a member whose bytes, as they lie in the archive, are ``raw``."""

        def counted(chunks: Iterator[bytes]) -> Iterator[bytes]:
            for chunk in unpack(chunks) if unpack else chunks:
                self._source.tally.n_member_bytes += len(chunk)
                if self._is_too_much():
                    raise Stop("decompression_limit", "The archive expands beyond the limit; its rest is not read.")
                yield chunk

        stream = Stream(raw, replace(self._options, max_file_bytes=self._options.max_member_bytes), counted)
        yield from read_stream(stream, self._source.inside(shown(name)), self._options)

    def _is_too_much(self) -> bool:
        tally, limits = self._source.tally, self._options
        return tally.n_member_bytes > limits.max_file_bytes or tally.n_member_bytes > max(
            RATIO_FREE, tally.n_file_bytes * limits.max_expansion_ratio
        )


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part for part in _SEPARATOR.split(name) if part not in ("", ".")) or ("",)


def shown(name: str) -> str:
    """A member's path as text that can be stored and printed, not too long."""
    if not name.isprintable():
        name = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
    return name if len(name) <= _NAME_LIMIT else name[:_NAME_LIMIT] + "…"
