"""The quotes of a search as a file: CSV, Parquet or JSON Lines.

A file is written to the disk first and sent from there, so that memory stays bounded and a slow reader does not keep
the next run from committing.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from flows.explore.app import Site
from schemas.tables import QUOTES
from tasks.explore.filters import SORTS, Filters, condition
from tasks.explore.reader import Reading

SECONDS = 300.0  # for one file
TYPES = {"csv": "text/csv", "jsonl": "application/x-ndjson", "parquet": "application/vnd.apache.parquet"}
# What a spreadsheet takes for the beginning of a formula.
FORMULA = "'=', '+', '-', '@', chr(9), chr(13)"


def routes(site: Site) -> list[Route]:
    """An address for each format."""

    def endpoint(ending: str) -> Callable[[Request, Reading], Response]:
        return lambda request, reading: _download(Filters.parse(request.query_params), reading, ending)

    return [Route(f"/quotes.{ending}", site.page(endpoint(ending), SECONDS), name=ending) for ending in TYPES]


def _download(filters: Filters, reading: Reading, ending: str) -> Response:
    descriptor, name = tempfile.mkstemp(prefix="onrecord-", suffix=f".{ending}")
    os.close(descriptor)
    path = Path(name)
    try:
        write_quotes(reading, filters, path, ending)
    except BaseException:
        path.unlink()
        raise
    return FileResponse(
        path, media_type=TYPES[ending], filename=f"quotes.{ending}", background=BackgroundTask(path.unlink)
    )


def write_quotes(reading: Reading, filters: Filters, path: Path, ending: str) -> None:
    """Writes all columns of the quotes that meet the filters, with title and address of their articles, in order."""
    where = condition(filters)
    rows = f"""
        SELECT {{columns}} FROM (
            SELECT q.*, a.title, a.canonical_url, h.n, h.day FROM (SELECT * FROM lookup.quote WHERE {where}) h
            JOIN quotes q ON q.quote_id::UUID = h.quote
            JOIN (SELECT article_id, title, canonical_url FROM articles) a USING (article_id)
        ) ORDER BY {SORTS[filters.sort]}
    """
    names = [*QUOTES.column_names, "title", "canonical_url"]
    if ending == "csv":
        columns = ", ".join(_harmless(name) for name in names)
    elif ending == "jsonl":
        columns = f"to_json({{{', '.join(f'{name!r}: {name}' for name in names)}}})::VARCHAR AS line"
    else:
        columns = ", ".join(names)
    with (
        reading.batches(rows.format(columns=columns), where.values) as found,
        _writer(path, found.schema, ending) as write,
    ):
        for batch in found:
            write(batch)


def _harmless(name: str) -> str:
    """SQL for a CSV cell: nested values as JSON, and nothing that a spreadsheet would take for a formula."""
    type_ = next((c.type for c in QUOTES.columns if c.name == name), pa.string())
    if pa.types.is_nested(type_):
        return f"to_json({name})::VARCHAR AS {name}"
    if pa.types.is_string(type_):
        return f"CASE WHEN {name}[1] IN ({FORMULA}) THEN '''' || {name} ELSE {name} END AS {name}"
    return name


@contextmanager
def _writer(path: Path, schema: pa.Schema, ending: str) -> Iterator[Callable[[pa.RecordBatch], object]]:
    if ending == "jsonl":
        with path.open("w", encoding="utf-8", newline="\n") as lines:
            yield lambda batch: lines.writelines(f"{line}\n" for line in batch.column(0).to_pylist())
    elif ending == "csv":
        with pacsv.CSVWriter(str(path), schema) as writer:
            yield writer.write_batch
    else:
        with pq.ParquetWriter(str(path), schema, compression="zstd") as writer:
            yield writer.write_batch
