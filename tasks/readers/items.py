"""Items of a file that is no sequence of lines: XML elements, messages, all of it; and why one may be no article."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.readers.compress import Stream
from tasks.readers.source import Bytes, Measure

# What agencies call an item that must not be used, in all formats of the IPTC.
WITHDRAWN = frozenset(("canceled", "cancelled", "killed", "withheld", "withdrawn"))
# How headlines of notices begin that take a story back: «KILL: …», «BC-KILL -», «WITHDRAWN-…».
_KILL = re.compile(r"\s{0,9}(?:[A-Z]{2,10}[ -]{1,3})?(?:MANDATORY )?(?:KILL|WITHDRAWN)(?: NOTICE)?\s{0,9}(?:[:–—-]|$)")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an item cannot be used: a reason_code, and words that complete «Record 3 …»."""

    reason_code: str
    reason: str


def withdrawn(status: str) -> Problem:
    """The problem of an item with a status among WITHDRAWN."""
    return Problem("not_published", f"was withdrawn by its agency, which marked it «{status[:40]}»")


def kill(title: str | None) -> Problem | None:
    """The problem of a notice by which an agency takes a story back, told by its headline."""
    if title and _KILL.match(title):
        return Problem("not_an_article", "takes back a story, as its headline says")
    return None


@dataclass(slots=True)
class Item:
    """An item of a file: its bytes, and what is kept of them for quarantine.

    ``is_cut``: its end is missing. ``is_oversize``: it exceeds the limit for one record, and ``data`` is empty.
    """

    data: bytes
    raw: Bytes
    is_cut: bool
    is_oversize: bool


class Collector:
    """The bytes of an item as they come in, held only as far as the limit goes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._measure = Measure()
        self._size = 0

    def add(self, data: bytes) -> None:
        """Adds the next bytes of the item."""
        self._measure.add(data)
        self._size += len(data)
        if self._size <= self._limit:
            self._parts.append(data)
        else:
            self._parts.clear()

    def item(self, is_cut: bool = False) -> Item:
        """The item that all bytes so far make up."""
        return Item(b"".join(self._parts), self._measure.result(), is_cut, self._size > self._limit)


def read_whole(stream: Stream, limit: int) -> Item:
    """All that a stream holds as one item."""
    collector = Collector(limit)
    while chunk := stream.read():
        collector.add(chunk)
    return collector.item(is_cut=stream.problem is not None and stream.problem.cut)
