"""The records of a WARC or ARC file: header and block of each, and the losses between them.

Written here because the known libraries stop at the first damaged member, hand out a record that is cut off as if it
were whole, and cannot say what was lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.readers.compress import Stream
from tasks.readers.layers import CHUNK
from tasks.readers.source import Bytes, Measure
from tasks.readers.warcmembers import FIRST_LINE, RECORD_START, Gap, Segment, segments, starts_record

_HEADER_LIMIT = 64 * 1024  # bytes
_BLANK = b"\r\n"
_LINE_LIMIT = 10_000  # bytes of the header of an ARC record
_FIELDS = re.compile(rb"(?:(?!WARC/\d)[^\r\n]++\r?\n)*+\r?\n")
_FIELD = re.compile(r"([!-9;-~]{1,100})[ \t]{0,20}:[ \t]{0,100}(.*)")
_NEXT_RECORD = re.compile(rb"\n" + FIRST_LINE, re.I)


@dataclass(slots=True)
class Record:
    """A record. ``kind`` is its WARC-Type (for ARC `response`, or `warcinfo` for the first), ``media`` the type of its
    block; ``oversize`` stands in for a block that is too large.
    """

    place: str
    kind: str
    url: str
    media: str
    headers: dict[str, str]
    block: bytes = b""
    oversize: Bytes | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that could not be read, and a sentence that says where and how much."""

    place: str
    reason: str
    raw: bytes = b""


@dataclass(slots=True)
class _Header:
    record: Record
    length: int


def read_records(stream: Stream, limit: int) -> Iterator[Record | Loss]:
    """The records in order; blocks larger than ``limit`` bytes are passed over, not held."""
    n_read = 0  # from the segment before a gap
    for segment in segments(stream):
        if isinstance(segment, Gap):
            yield Loss(f"offset:{segment.offset}", _describe(segment, n_read))
            continue
        n_read = 0
        for item in _read_segment(segment, limit):
            n_read += isinstance(item, Record)
            yield item
        n_read = n_read if segment.broken else 0


def _describe(gap: Gap, n_read: int) -> str:
    kept = " The records that stood before the damage have been read." if n_read else ""
    return f"The archive is damaged at offset {gap.offset:,}: {gap.why}; {gap.size:,} bytes are lost.{kept}"


def _read_segment(segment: Segment, limit: int) -> Iterator[Record | Loss]:
    is_first = True
    while True:
        _skip_blank(segment)
        place = segment.place
        header = _read_header(segment)
        if header is None:
            lost = _skip_to_record(segment)
            if not lost.size:
                return
            if not segment.broken:
                yield Loss(place, f"{lost.size:,} bytes that are no record stand here; they are lost.", lost.head)
            continue
        problem = _read_block(segment, header, limit)
        if segment.broken and (problem or (is_first and not segment.broken.is_cut)):
            return  # the gap that follows says so
        is_first = False
        if problem:
            yield Loss(place, problem, header.record.block)
        else:
            yield header.record


def _read_block(segment: Segment, header: _Header, limit: int) -> str | None:
    """Reads the block, and checks that a record ends where it does; a sentence where it doesn't."""
    record, length = header.record, header.length
    if length > limit:
        record.oversize, is_short = _skip_block(segment, length)
        return (
            f"The record should have {length:,} bytes, but ends after {record.oversize.size:,}." if is_short else None
        )
    record.block = segment.take(length)
    is_short = len(record.block) < length
    if not is_short and _at_boundary(segment):
        return None
    if match := _NEXT_RECORD.search(record.block):
        size = match.start() + 1
        segment.give_back(record.block[size:])
        record.block = record.block[:size]
        return f"The record should have {length:,} bytes, but another one starts after {size:,}."
    if is_short:
        return f"The record is cut off: it should have {length:,} bytes, but has {len(record.block):,}."
    lost = _skip_to_record(segment)
    return f"The record should have {length:,} bytes, but {lost.size:,} more stand behind them, which are lost."


def _at_boundary(segment: Segment) -> bool:
    """Whether what parts two records stands here, or the segment ends, or another record starts, blank lines apart."""
    with segment.peek(_LINE_LIMIT) as view:
        rest = bytes(view)
    return rest.startswith(b"\r\n\r\n") or not rest[:64].strip(_BLANK) or starts_record(rest)


def _skip_blank(segment: Segment) -> None:
    while True:
        with segment.peek(64) as view:
            data = bytes(view)
        n_blank = len(data) - len(data.lstrip(_BLANK))
        if not n_blank:
            return
        segment.take(n_blank)


def _skip_block(segment: Segment, length: int) -> tuple[Bytes, bool]:
    """Passes over a large block; True where it ends early, because a record starts in it or the file ends."""
    measure = Measure()
    before = b""
    while length > 0 and (data := segment.take(min(length, CHUNK))):
        if match := _NEXT_RECORD.search(before + data):
            size = match.start() + 1 - len(before)
            segment.give_back(data[size:])
            measure.add(data[:size])
            return measure.result(), True
        measure.add(data)
        length -= len(data)
        before = data[-64:]
    return measure.result(), length > 0


def _skip_to_record(segment: Segment) -> Bytes:
    """Passes over what is no record, up to the next one or the end."""
    measure = Measure()
    while True:
        with segment.peek(CHUNK) as view:
            size = len(view)
            match = _NEXT_RECORD.search(view)
            end = match.start() + 1 if match else size if size < CHUNK else size - _HEADER_LIMIT
        measure.add(segment.take(end))
        if match or size < CHUNK:
            return measure.result()


def _read_header(segment: Segment) -> _Header | None:
    """Takes the next record's header; None, taking nothing, where there is none that can be used."""
    with segment.peek(_HEADER_LIMIT) as view:
        match = RECORD_START.match(view)
        if not match:
            return None
        if match["url"]:
            size = match.end()
            header: _Header | None = _arc_header(match, segment.place)
        else:
            fields = _FIELDS.match(view, match.end())
            if not fields:
                return None
            size, header = fields.end(), _warc_header(fields[0], segment.place)
    if header:
        segment.take(size)
    return header


def _warc_header(data: bytes, place: str) -> _Header | None:
    headers = read_fields(data)
    length = headers.get("content-length", "")
    if not length.isascii() or not length.isdigit() or len(length) > 15:
        return None
    url = headers.get("warc-target-uri", "").strip("<>")
    media = headers.get("content-type", "")
    return _Header(Record(place, headers.get("warc-type", "").lower(), url, media, headers), int(length))


def _arc_header(line: re.Match[bytes], place: str) -> _Header:
    url, media = (line[name].decode("utf-8", "replace") for name in ("url", "media"))
    kind = "warcinfo" if url.lower().startswith("filedesc:") else "response"
    return _Header(Record(place, kind, url, media, {}), int(line["length"]))


def read_fields(data: bytes) -> dict[str, str]:
    """The fields of a WARC or HTTP header, the first of each name, in lower case; folded lines are joined."""
    fields: dict[str, str] = {}
    name = ""
    for line in data.decode("utf-8", "replace").split("\n"):
        line = line.rstrip("\r")
        if line[:1] in (" ", "\t") and name:
            fields[name] += " " + line.strip()
        elif match := _FIELD.match(line):
            name = match[1].lower()
            if name in fields:
                name = ""
            else:
                fields[name] = match[2].strip()
    return fields
