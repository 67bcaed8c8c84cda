"""Reads e-mail: a message (.eml), or an mbox of them. A newsletter is an article, its attachments are not.

Where a message only carries others (a digest, a forwarded newsletter), these are the articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from tasks.readers.compress import Stream
from tasks.readers.items import Collector, read_whole
from tasks.readers.lines import read_lines
from tasks.readers.mailmessage import BadMail, carried, parse, read_fields
from tasks.readers.options import ReadOptions
from tasks.readers.sniff import HEAD, MBOX_LINE
from tasks.readers.source import Bytes, Source
from tasks.records import RawRecord, Rejection
from tasks.timelimit import TimeLimit

_SEPARATOR = re.compile(MBOX_LINE.encode())
_FIELD = re.compile(rb">?[!-9;-~]{1,100}:|>From ")
_ESCAPED = re.compile(rb"^>(>*From )", re.M)


def read_mail(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The article of each message; a message that is too large, damaged or says nothing is one rejection."""
    is_mbox = _SEPARATOR.match(stream.peek(HEAD).lstrip(b"\r\n")) is not None
    messages = _split(stream, options.max_record_bytes) if is_mbox else _whole(stream, options.max_record_bytes)
    for number, (data, raw) in enumerate(messages, start=1):
        member = f"message:{number}" if is_mbox else None
        if raw.size > options.max_record_bytes:
            reason = f"The message has {raw.size:,} bytes; the limit for one is {options.max_record_bytes:,}."
            yield source.reject("oversize_record", reason, raw, member)
        else:
            yield from _read_message(data, raw, member, source)


def _whole(stream: Stream, limit: int) -> Iterator[tuple[bytes, Bytes]]:
    """The one message of a file, b"" where it is too large; nothing where the stream is cut off."""
    message = read_whole(stream, limit)
    if not message.is_cut:
        yield message.data, message.raw


def _split(stream: Stream, limit: int) -> Iterator[tuple[bytes, Bytes]]:
    """The messages of an mbox without the lines in front of them."""
    message: _Message | None = None
    held: bytes | None = None  # a line that may be a separator, until the next one tells
    for line in read_lines(stream, b"\n", limit):
        if held is not None:
            if _FIELD.match(line.data):
                if message:
                    yield message.result()
                message = _Message(limit)
            elif message:
                message.add(held)
            held = None
        if _SEPARATOR.match(line.data):
            held = line.data
        elif message:
            message.oversize = message.oversize or line.oversize
            message.add(line.data)
    if message and not (stream.problem and stream.problem.cut):
        message.add(held or b"")
        yield message.result()


class _Message(Collector):
    """The bytes of a message as they come in; ``oversize`` is a line of it that is too large by itself."""

    oversize: Bytes | None = None

    def result(self) -> tuple[bytes, Bytes]:
        item = self.item()
        return item.data, self.oversize or item.raw


def _read_message(data: bytes, raw: Bytes, member: str | None, source: Source) -> Iterator[RawRecord | Rejection]:
    try:
        with source.time_limit():
            messages = carried(parse(_ESCAPED.sub(rb"\1", data) if member else data))
    except (BadMail, TimeLimit) as problem:
        yield _refused(problem, raw, member, source)
        return
    for number, message in enumerate(messages, start=1):
        place = member if len(messages) == 1 else f"{member}.{number}" if member else f"message:{number}"
        yield _read_one(message, raw, place, source)


def _read_one(message: Message, raw: Bytes, place: str | None, source: Source) -> RawRecord | Rejection:
    try:
        with source.time_limit():
            fields, n_attachments = read_fields(message)
    except (BadMail, TimeLimit) as problem:
        return _refused(problem, raw, place, source)
    for _ in range(n_attachments):
        source.pass_over("attachments")
    return source.record(fields, raw, place)


def _refused(problem: BadMail | TimeLimit, raw: Bytes, place: str | None, source: Source) -> Rejection:
    return source.reject(problem.reason_code, str(problem), raw, place)
