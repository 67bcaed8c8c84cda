"""From a raw file to raw records: the kind of file is told by its content, and one small reader knows each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from os import fstat

from tasks.readers.compress import Stream
from tasks.readers.formats import FORMATS
from tasks.readers.mapping import load_mapping
from tasks.readers.options import ReadOptions
from tasks.readers.sniff import HEAD, Kind, is_web_archive, sniff
from tasks.readers.source import Bytes, Source
from tasks.records import RawFile, RawRecord, Rejection


def read_file(
    file: RawFile, options: ReadOptions, passed_over: Counter[str] | None = None
) -> Iterator[RawRecord | Rejection]:
    """The records of one file, in order, and a Rejection in the place of each that cannot be read.

    A file that cannot be read at all is one Rejection, and so is the loss where compressed data ends early. Never
    raises for what a file holds; raises MappingError where ``options.mapping`` cannot be used. ``passed_over`` counts,
    by kind, what was met and is no record, such as the folders of an archive.
    """
    options = replace(options, mapping=load_mapping(options.mapping))
    source = Source(file.uri)
    if passed_over is not None:
        source.tally.passed_over = passed_over
    try:
        raw = file.path.open("rb")
    except OSError as error:
        reason = f"The file could not be opened: {error.strerror or error}."
        yield source.reject("unreadable_file", reason, Bytes.of(b""))
        return
    with raw:
        source.tally.n_file_bytes = fstat(raw.fileno()).st_size
        yield from read_stream(Stream(raw, options), source, options)


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
        if format_.is_text:
            stream.skip(kind.bom)
            if kind.encoding != "utf-8":
                stream.transcode(kind.encoding)
        yield from read(stream, source, options)
    if stream.problem:
        yield source.reject(stream.problem.reason_code, stream.problem.reason, Bytes.of(head))


def _is_damaged(stream: Stream) -> bool:
    """Whether an empty stream is empty only because its compressed data is damaged."""
    while stream.read():
        pass
    return stream.problem is not None
