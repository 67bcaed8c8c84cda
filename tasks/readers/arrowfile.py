"""Reads Parquet and Arrow (Feather) files of articles, one a row: a few rows at a time, and only the columns needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.readers.columns import EXPANSION_FREE, Table, holds_text, unknown, wanted
from tasks.readers.compress import Stream
from tasks.readers.mapping import Mapping, load_mapping, names_summary
from tasks.readers.options import MIB, ReadOptions
from tasks.readers.sniff import HEAD
from tasks.readers.source import Bytes, Source
from tasks.records import RawRecord, Rejection

# Few, since a dictionary may give every row the same large text.
BATCH_ROWS = 8
PAGE_BUFFER = MIB
ARROW_MAGIC = b"ARROW1"
_Batches = Callable[[Path, Mapping | None, ReadOptions], Iterator[pa.RecordBatch]]
_DAMAGE = (pa.ArrowException, OSError, ValueError, KeyError, IndexError, OverflowError, MemoryError)


def read_parquet(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """Records of a Parquet file, row group by row group; one rejection where it is damaged."""
    yield from _read(stream, source, options, _parquet_batches)


def read_arrow(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """Records of an Arrow IPC file (Feather) or stream, batch by batch; one rejection where it is damaged."""
    yield from _read(stream, source, options, _arrow_batches)


class _UnknownColumns(Exception):
    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.names = names


def _read(stream: Stream, source: Source, options: ReadOptions, batches: _Batches) -> Iterator[RawRecord | Rejection]:
    mapping = load_mapping(options.mapping)
    head = stream.peek(HEAD)
    with stream.as_path() as path:
        if path is None:
            return
        table = Table(source, options, mapping, path.stat().st_size)
        try:
            for batch in batches(path, mapping, options):
                for row in _rows(batch):
                    yield table.refuse(*row) if isinstance(row, tuple) else table.record(row)
                if rest := table.is_too_large():
                    yield rest
                    return
        except _UnknownColumns as error:
            yield source.reject("unknown_columns", unknown(error.names), Bytes.of(head))
        except _DAMAGE as error:
            yield source.reject("corrupt_file", _damage(error), Bytes.of(head))


def _damage(error: Exception) -> str:
    words = " ".join(str(error).split())[:200]
    return f"The file is damaged or cut off, so that it cannot be read any further: {words or type(error).__name__}."


def _rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any] | tuple[str, str]]:
    """The rows as dictionaries, and a reason for each that Python cannot hold."""
    with suppress(ValueError, OverflowError):
        yield from batch.to_pylist()
        return
    for i in range(batch.num_rows):
        row: dict[str, Any] = {}
        try:
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                row[name] = column[i].as_py()
            yield row
        except (ValueError, OverflowError) as error:
            yield "wrong_type", f"The column {name[:80]} holds a value that cannot be read: {error}."


def _projected(schema: pa.Schema, mapping: Mapping | None) -> list[str]:
    """The names of the columns to read; _UnknownColumns where none can be the text."""
    names = wanted(schema.names, mapping)
    if not holds_text(names, mapping) and not names_summary(names, mapping):
        raise _UnknownColumns(schema.names)
    return list(dict.fromkeys(names))


def _parquet_batches(path: Path, mapping: Mapping | None, options: ReadOptions) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(path, pre_buffer=False, buffer_size=PAGE_BUFFER) as file:
        names = _projected(file.schema_arrow, mapping)
        most = max(EXPANSION_FREE, path.stat().st_size * options.max_expansion_ratio)
        for number in range(file.num_row_groups):
            # No look at the metadata of single columns: where they are damaged, Arrow ends the process.
            if file.metadata.row_group(number).total_byte_size > most:
                raise ValueError(f"the rows of a group expand to more than {most:,} bytes")
            for batch in file.iter_batches(BATCH_ROWS, row_groups=[number], columns=names, use_threads=False):
                yield _readable(batch)


def _arrow_batches(path: Path, mapping: Mapping | None, options: ReadOptions) -> Iterator[pa.RecordBatch]:
    with pa.OSFile(str(path)) as file:
        is_file = file.read(len(ARROW_MAGIC)) == ARROW_MAGIC
        file.seek(0)
        # Which columns there are decides which are read, so that the file is opened twice.
        with pa.ipc.open_file(file) if is_file else pa.ipc.open_stream(file) as reader:
            schema = reader.schema
        names = set(_projected(schema, mapping))
        included = [i for i, name in enumerate(schema.names) if name in names]
        read_options = pa.ipc.IpcReadOptions(included_fields=included, use_threads=False)
        file.seek(0)
        if is_file:
            with pa.ipc.open_file(file, options=read_options) as reader:
                for number in range(reader.num_record_batches):
                    yield from _pieces(reader.get_batch(number))
        else:
            with pa.ipc.open_stream(file, options=read_options) as reader:
                for batch in reader:
                    yield from _pieces(batch)


def _pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    batch = _readable(batch)
    batch.validate(full=True)  # offsets out of bounds would be read as they are
    for start in range(0, batch.num_rows, BATCH_ROWS):
        yield batch.slice(start, BATCH_ROWS)


def _readable(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with texts as bytes, which nobody has checked yet, and with times that Python can hold."""
    for i, field in enumerate(batch.schema):
        column = batch.column(i)
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns":
            column = column.cast(pa.timestamp("us", field.type.tz), safe=False)
        elif pa.types.is_string(field.type):
            column = column.view(pa.binary())
        elif pa.types.is_large_string(field.type):
            column = column.view(pa.large_binary())
        else:
            continue
        batch = batch.set_column(i, field.name, column)
    return batch
