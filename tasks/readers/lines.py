"""Lines of a stream, none of them held in memory beyond the limit for one record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tasks.readers.compress import Stream
from tasks.readers.source import Bytes, Measure


@dataclass(slots=True)
class Line:
    """A line with its line end, counted from 1. ``oversize`` stands in for the data of a line that is too long.

    ``size`` is its length in bytes; ``is_whole``: it has a line end.
    """

    number: int
    data: bytes
    oversize: Bytes | None = None
    size: int = 0
    is_whole: bool = True


def newline_of(head: bytes) -> bytes:
    """What ends the lines of a file: CR only where there is no LF at all."""
    return b"\r" if b"\r" in head and b"\n" not in head else b"\n"


def read_lines(stream: Stream, newline: bytes, limit: int, n_before: int = 0) -> Iterator[Line]:
    """The lines, counted behind ``n_before`` others; one without a line end is left out where the stream is cut off."""
    number = n_before + 1
    parts: list[bytes] = []  # of a line that is not complete yet
    size = 0
    skipped: Measure | None = None
    while chunk := stream.read():
        start = 0
        while start < len(chunk):
            end = chunk.find(newline, start) + 1
            piece = chunk[start : end or len(chunk)]
            start += len(piece)
            size += len(piece)
            if skipped:
                skipped.add(piece)
            else:
                parts.append(piece)
                if size > limit + len(newline):
                    skipped = Measure()
                    for part in parts:
                        skipped.add(part)
                    parts = []
            if end:
                yield Line(number, b"".join(parts), skipped.result() if skipped else None, size)
                number, parts, size, skipped = number + 1, [], 0, None
    if size and not (stream.problem and stream.problem.cut):
        yield Line(number, b"".join(parts), skipped.result() if skipped else None, size, is_whole=False)
