"""Rows by article, kept in files one upon the other, so that what changes in a few articles is written in little time.

<folder>/<name>-000.parquet, <name>-001.parquet …      rows; a later file has all rows of the articles that it is about
<folder>/<name>-void.parquet                           article_id and layer: what files before that layer say is void
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from tasks.lake import sql_paths, sql_string

_GROUP_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Layers:
    """The files of one name in a folder."""

    folder: Path
    name: str

    @property
    def files(self) -> list[Path]:
        """The files, the latest last."""
        return sorted(self.folder.glob(f"{self.name}-[0-9]*.parquet"))

    def sql(self, first: int = 0) -> str:
        """SQL for all rows that are not void, from the layer ``first`` on."""
        layers = list(enumerate(self.files))[first:]
        if not self._void.exists():
            return f"(FROM read_parquet({sql_paths([file for _, file in layers])}))"
        return f"({' UNION ALL '.join(self._valid(number, file) for number, file in layers)})"

    def _valid(self, layer: int, file: Path) -> str:
        void = f"(FROM read_parquet({sql_paths([self._void])}) WHERE layer > {layer})"
        return f"FROM read_parquet({sql_paths([file])}) ANTI JOIN {void} USING (article_id)"

    def take_over(self, before: Layers) -> None:
        """Begins with the layers of another folder."""
        for file in before.files:
            _link(file, self.folder / file.name)

    def add(self, connection: duckdb.DuckDBPyConnection, rows: str) -> str:
        """Lays rows, given as SQL, upon the layers; returns SQL for them."""
        file = self._file(len(self.files))
        _copy(connection, rows, file)
        return f"(FROM read_parquet({sql_paths([file])}))"

    def settle(self, connection: duckdb.DuckDBPyConnection, before: Layers, changed: str) -> None:
        """Makes void what the layers of ``before`` say of changed articles, given as SQL for their article_id.

        Layers become one where those above one are half as large as it, so that there are few of them.
        """
        gone = f"SELECT article_id, {len(before.files)} AS layer FROM {changed}"
        if before._void.exists():
            gone += f" UNION ALL FROM read_parquet({sql_paths([before._void])})"
        _copy(connection, f"({gone})", self._void)
        sizes = [pq.read_metadata(file).num_rows for file in self.files]
        first = top = len(sizes) - 1
        while first and sizes[first - 1] < 2 * sum(sizes[first:]):
            first -= 1
        if first < top:
            self._unite(connection, first)

    def _unite(self, connection: duckdb.DuckDBPyConnection, first: int) -> None:
        draft, void = self.folder / f"{self.name}.draft", self.folder / f"{self.name}.void"
        _copy(connection, self.sql(first), draft)
        below = f"SELECT article_id, least(layer, {first}) AS layer FROM read_parquet({sql_paths([self._void])})"
        _copy(connection, f"({below} WHERE {first} > 0)", void)
        for file in self.files[first:]:
            file.unlink()
        draft.rename(self._file(first))
        void.rename(self._void)

    def _file(self, layer: int) -> Path:
        return self.folder / f"{self.name}-{layer:03d}.parquet"

    @property
    def _void(self) -> Path:
        return self.folder / f"{self.name}-void.parquet"


def _copy(connection: duckdb.DuckDBPyConnection, rows: str, file: Path) -> None:
    connection.execute(f"COPY {rows} TO {sql_string(str(file))} (FORMAT parquet, ROW_GROUP_SIZE {_GROUP_ROWS})")


def _link(file: Path, to: Path) -> None:
    """The same file under another name; a copy where a disk can't do that."""
    try:
        os.link(file, to)
    except OSError:
        shutil.copyfile(file, to)
