"""From a raw file to raw records: the kind of file is told by its content, and one small reader knows each kind."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.readers.compress import Stream
from tasks.readers.csvfile import read_csv
from tasks.readers.jsonl import read_json, read_jsonl
from tasks.readers.mapping import FORMATS, Mapping, load_mapping
from tasks.readers.options import ReadOptions
from tasks.readers.sniff import HEAD, sniff
from tasks.readers.source import Bytes, Source
from tasks.readers.textdump import read_textdump
from tasks.records import RawFile, RawRecord, Rejection

__all__ = ["FORMATS", "ReadOptions", "read_file"]


def read_file(file: RawFile, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The records of one file, in order, and a Rejection in the place of each that cannot be read.

    A file that cannot be read at all is one Rejection, and so is the loss where compressed data ends early. Never
    raises for what a file holds; raises MappingError where ``options.mapping`` cannot be used.
    """
    mapping = load_mapping(options.mapping)
    try:
        raw = file.path.open("rb")
    except OSError as error:
        reason = f"The file could not be opened: {error.strerror or error}."
        yield Source(file.uri, "").reject("unreadable_file", reason, Bytes.of(b""))
        return
    with raw:
        yield from _read(Stream(raw, options), file.uri, mapping, options.max_record_bytes)


def _read(stream: Stream, uri: str, mapping: Mapping | None, limit: int) -> Iterator[RawRecord | Rejection]:
    head = stream.peek(HEAD)
    kind = sniff(head, uri, mapping)
    source = Source(uri, kind.format)
    if kind.reason_code and not (kind.reason_code == "empty_file" and _is_damaged(stream)):
        yield source.reject(kind.reason_code, kind.reason, Bytes.of(head))
        return
    if kind.format == "text_dump":
        yield from read_textdump(stream, source, limit)
    elif kind.format:
        stream.skip(kind.bom)
        if kind.encoding != "utf-8":
            stream.transcode(kind.encoding)
        read = {"jsonl": read_jsonl, "json": read_json, "csv": read_csv}[kind.format]
        yield from read(stream, source, mapping, limit)
    if stream.problem:
        yield source.reject(stream.problem.reason_code, stream.problem.reason, Bytes.of(head))


def _is_damaged(stream: Stream) -> bool:
    """Whether an empty stream is empty only because its compressed data is damaged."""
    while stream.read():
        pass
    return stream.problem is not None
