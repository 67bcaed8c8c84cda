"""Reads transmissions of news agencies: IPTC 7901, ANPA 1312, and messages between ZCZC and NNNN.

All three are a header, a text and an end line around control characters; what the lines of the text mean is another
matter in each (tasks.readers.wirelines).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from tasks.readers import wirelines
from tasks.readers.compress import Stream
from tasks.readers.decode import decode
from tasks.readers.items import Collector, Item
from tasks.readers.options import ReadOptions
from tasks.readers.sniff import HEAD
from tasks.readers.source import Source
from tasks.readers.wiretext import from_seven_bits
from tasks.records import RawRecord, Rejection

_SOH = re.compile(rb"\x01")
_ZCZC = re.compile(rb"[\r\n]ZCZC")
_LONGEST = 5  # bytes of what starts a message
_PADDING = bytes(range(33)) + b"\x7f"
_LINE = re.compile(r"\r\r?\n|\n|\r")
_NOISE = dict.fromkeys([0, 4, 7, *range(14, 32), 127])  # padding, bells, shifts and other orders to a teleprinter


def read_iptc7901(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The messages of an IPTC 7901 transmission."""
    yield from _read(stream, source, options, wirelines.iptc7901)


def read_anpa(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The messages of an ANPA 1312 transmission."""
    yield from _read(stream, source, options, wirelines.anpa)


def _read(
    stream: Stream,
    source: Source,
    options: ReadOptions,
    make: Callable[[list[str], list[str], list[str]], dict[str, Any] | str],
) -> Iterator[RawRecord | Rejection]:
    messages = (m for m in _messages(stream, options.max_record_bytes) if m.is_oversize or m.data.strip(_PADDING))
    for number, item in enumerate(messages, start=1):
        where, member = f"Message {number}", f"record:{number}"
        if item.is_oversize:
            reason = f"{where} has {item.raw.size:,} bytes; the limit for one record is {options.max_record_bytes:,}."
            yield source.reject("oversize_record", reason, item.raw, member)
            continue
        text = decode(item.data)
        if text is None:
            reason = f"{where} is neither UTF-8 nor Windows-1252 text."
            yield source.reject("undecodable_text", reason, item.raw, member)
            continue
        parts = _parts(from_seven_bits(text))
        if parts is None:
            if not (stream.problem and stream.problem.cut):
                reason = f"{where} is cut off: its text has no beginning or no end."
                yield source.reject("malformed_message", reason, item.raw, member)
            continue
        fields = make(*parts)
        if isinstance(fields, str):
            yield source.reject("not_an_article", f"{where} {fields}.", item.raw, member)
        else:
            yield source.record(fields, item.raw, member)


def _messages(stream: Stream, limit: int) -> Iterator[Item]:
    """What stands in front of the first header, and the bytes from each header to the next."""
    start = _ZCZC if stream.peek(HEAD).lstrip(_PADDING).startswith(b"ZCZC") else _SOH
    message = Collector(limit)
    buffer, ended = b"\n", False
    while not ended:
        chunk = stream.read()
        ended = not chunk
        buffer += chunk
        at = 0
        for match in start.finditer(buffer):
            message.add(buffer[at : match.start()])
            yield message.item()
            message, at = Collector(limit), match.end()
            message.add(match[0].strip())
        rest = len(buffer) if ended else max(at, len(buffer) - _LONGEST + 1)
        message.add(buffer[at:rest])
        buffer = buffer[rest:]
    yield message.item()


def _parts(text: str) -> tuple[list[str], list[str], list[str]] | None:
    """The lines of header, text and end line; None where the marks between them are missing."""
    if text.startswith("ZCZC"):
        body, found, _ = text.partition("NNNN")
        if not found:
            return None
        header, _, body = body.partition("\n")
        lines = _lines(body.rstrip())
        is_closed = wirelines.is_end_line(lines[-1])
        return [header], lines[:-1] if is_closed else lines, lines[-1:]
    header, has_start, rest = text.partition("\x02")
    body, has_end, end = rest.partition("\x03")
    return (_lines(header[1:]), _lines(body), _lines(end)) if has_start and has_end else None


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in _LINE.split(text.translate(_NOISE))]
