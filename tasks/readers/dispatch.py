"""From a raw file to raw records: the kind of file is told by its content, and one small reader knows each kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from os import fstat
from typing import BinaryIO

from tasks.readers.compress import Stream
from tasks.readers.formats import FORMATS
from tasks.readers.lines import newline_of
from tasks.readers.mapping import load_mapping
from tasks.readers.options import ReadOptions
from tasks.readers.sniff import HEAD, Kind, is_web_archive, sniff
from tasks.readers.source import Bytes, Source, Tally
from tasks.records import Mark, RawFile, RawRecord, Rejection


def read_file(file: RawFile, options: ReadOptions, tally: Tally | None = None) -> Iterator[RawRecord | Rejection]:
    """The records of one file, in order, and a Rejection in the place of each that cannot be read.

    A file that cannot be read at all is one Rejection, and so is the loss where compressed data ends early. Never
    raises for what a file holds; raises MappingError where ``options.mapping`` cannot be used. ``tally`` says, at the
    end, what was passed over and how far the file has been read, should it grow.
    """
    options = replace(options, mapping=load_mapping(options.mapping))
    source = Source(file.uri, tally=tally)
    try:
        raw = file.path.open("rb")
    except OSError as error:
        reason = f"The file could not be opened: {error.strerror or error}."
        yield source.reject("unreadable_file", reason, Bytes.of(b""))
        return
    with raw:
        source.tally.n_file_bytes = fstat(raw.fileno()).st_size
        if file.mark:
            yield from _read_on(raw, file, file.mark, source, options)
            return
        yield from read_stream(Stream(raw, options, size=file.n_bytes if file.sha256 else None), source, options)


def may_go_on(file: RawFile, mark: Mark, options: ReadOptions) -> bool:
    """Whether a file that grew is still the lines that were read up to the mark; OSError where it can't be opened."""
    with file.path.open("rb") as raw:
        stream = Stream(raw, options, size=file.n_bytes)
        head = stream.peek(HEAD)
    kind = sniff(head, file.uri, load_mapping(options.mapping))
    return _is_open_ended(kind, stream) and (newline_of(head) == b"\r") == mark.is_cr


def _is_open_ended(kind: Kind, stream: Stream) -> bool:
    """Whether lines may be added to the file without changing what stands before them."""
    return kind.format == "jsonl" and kind.encoding == "utf-8" and not stream.layers


def _read_on(
    raw: BinaryIO, file: RawFile, mark: Mark, source: Source, options: ReadOptions
) -> Iterator[RawRecord | Rejection]:
    source.format = "jsonl"
    source.tally.mark = mark
    source.tally.ordinals.upcoming = mark.n_records + 1
    raw.seek(mark.offset)
    stream = Stream(raw, options, size=file.n_unread, max_layers=0)
    yield from FORMATS["jsonl"].load()(stream, source, options)
    if stream.problem:
        source.tally.mark = None
        yield source.reject(stream.problem.reason_code, stream.problem.reason, Bytes.of(b""))


def read_stream(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The same for the bytes of a file, or of the member of an archive that ``source`` stands for."""
    head = stream.peek(HEAD)
    kind = sniff(head, source.name, load_mapping(options.mapping))
    if kind.format in ("", "text_dump") and stream.layers and is_web_archive(source.name):
        kind = Kind("warc")  # whose reader finds the records behind a damaged first one
    if kind.reason_code and not (kind.reason_code == "empty_file" and _is_damaged(stream)):
        yield source.reject(kind.reason_code, kind.reason, Bytes.of(head))
        return
    if kind.format:
        format_ = FORMATS[kind.format]
        source.format = format_.name
        try:
            read = format_.load()
        except ModuleNotFoundError as error:
            reason = (
                f"The file is {format_.what}, which needs the package {error.name}:"
                f" pip install 'onrecord[{format_.extra}]'."
            )
            yield source.reject("missing_extra", reason, Bytes.of(head))
            return
        if not source.depth and _is_open_ended(kind, stream):
            source.tally.mark = Mark(kind.bom)
        if format_.is_text:
            stream.skip(kind.bom)
            if kind.encoding != "utf-8":
                stream.transcode(kind.encoding)
        yield from read(stream, source, options)
    if stream.problem:
        source.tally.mark = None
        yield source.reject(stream.problem.reason_code, stream.problem.reason, Bytes.of(head))


def _is_damaged(stream: Stream) -> bool:
    """Whether an empty stream is empty only because its compressed data is damaged."""
    while stream.read():
        pass
    return stream.problem is not None
