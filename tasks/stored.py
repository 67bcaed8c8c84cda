"""The articles that the lake holds, read back in slices, to be extracted anew without their raw files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from schemas.tables import ARTICLES, LINKS
from tasks.lake import Lake
from tasks.normalise.article import Article
from tasks.records import RawFile

BATCH_ROWS = 200
LINK_COLUMNS = ("url", "anchor", "start", "end", "kind")
# What is decided, linked or stamped when an article is written.
_WRITTEN = {"extractor", "run_id", "ingested_at", "revision", "n_revisions", *ARTICLES.linked_names}
COLUMNS = tuple(name for name in ARTICLES.column_names if name not in _WRITTEN)


@dataclass(frozen=True, slots=True)
class StoredArticles(RawFile):
    """A row group of articles, read but for the articles that ``without`` made; ``links`` lie beside it."""

    row_group: int = 0
    links: Path = Path()
    without: str = ""


def slices(lake: Lake, without: str = "") -> list[StoredArticles]:
    """All articles of the lake but those extracted by ``without`` (name/version), in slices that hold any."""
    found = []
    for path in lake.files(ARTICLES):
        file = pq.ParquetFile(path)
        month = path.parent.name
        for group in range(file.num_row_groups):
            made_by = set(file.read_row_group(group, ["extractor"])["extractor"].to_pylist())
            if made_by - {without}:
                n_bytes = file.metadata.row_group(group).total_byte_size
                links = lake.table_dir(LINKS) / month / path.name
                uri = f"{ARTICLES.name}/{month}#{group}"
                found.append(StoredArticles(path, uri, "", n_bytes, row_group=group, links=links, without=without))
    return found


def stored_articles(file: StoredArticles) -> Iterator[Article]:
    """The articles of a slice with their links, in the order of the file."""
    ordinal = 0
    with pq.ParquetFile(file.path) as articles:
        for batch in articles.iter_batches(BATCH_ROWS, row_groups=[file.row_group]):
            rows = [row for row in batch.to_pylist() if row["extractor"] != file.without]
            links = _links(file.links, [row["article_id"] for row in rows])
            for row in rows:
                ordinal += 1
                columns = {name: row.get(name) for name in COLUMNS}  # one that an older schema lacks is NULL
                yield Article(columns, links[row["article_id"]], ordinal, read_from=file.uri)


def _links(path: Path, article_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if path.is_file() and article_ids:
        for row in pq.read_table(path, partitioning=None, filters=[("article_id", "in", article_ids)]).to_pylist():
            found[row["article_id"]].append({name: row[name] for name in LINK_COLUMNS})
    return found
