"""Rows by article, kept in files one upon the other, so that what changes in a few articles is written in little time.

<folder>/<name>-000000.parquet, -000001.parquet …    rows; a later file has all rows of the articles that it is about
<folder>/<name>-void.parquet                         article_id and layer: what files before that layer say is void
"""

from __future__ import annotations

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

    def take_over(self, before: Layers) -> int:
        """Moves the layers of another folder here; returns their number."""
        n_layers = len(before.files)
        for file in before.folder.glob(f"{self.name}-*.parquet"):
            file.rename(self.folder / file.name)
        return n_layers

    def add(self, connection: duckdb.DuckDBPyConnection, rows: str) -> str:
        """Lays rows, given as SQL, upon the layers; returns SQL for them."""
        file = self._file(len(self.files))
        _copy(connection, rows, file)
        return f"(FROM read_parquet({sql_paths([file])}))"

    def settle(self, connection: duckdb.DuckDBPyConnection, first: int, changed: str) -> None:
        """Makes void what layers below the ``first`` say of changed articles, given as SQL for their article_id.

        Layers become one where those above one are half as large as it, so that there are few of them.
        """
        void = f"SELECT article_id, {first} AS layer FROM {changed}"
        if self._void.exists():
            void += f" UNION ALL FROM read_parquet({sql_paths([self._void])})"
        self._replace_void(connection, void)
        sizes = [pq.read_metadata(file).num_rows for file in self.files]
        lowest = top = len(sizes) - 1
        while lowest and sizes[lowest - 1] < 2 * sum(sizes[lowest:]):
            lowest -= 1
        if lowest < top:
            self._unite(connection, lowest)

    def _unite(self, connection: duckdb.DuckDBPyConnection, lowest: int) -> None:
        draft = self.folder / f"{self.name}.draft"
        _copy(connection, self.sql(lowest), draft)
        for file in self.files[lowest:]:
            file.unlink()
        draft.rename(self._file(lowest))
        void = f"SELECT article_id, least(layer, {lowest}) AS layer FROM read_parquet({sql_paths([self._void])})"
        self._replace_void(connection, f"{void} WHERE {lowest} > 0")

    def _replace_void(self, connection: duckdb.DuckDBPyConnection, rows: str) -> None:
        draft = self.folder / f"{self.name}.draft"
        _copy(connection, f"({rows})", draft)
        draft.rename(self._void)

    def _file(self, layer: int) -> Path:
        return self.folder / f"{self.name}-{layer:06d}.parquet"

    @property
    def _void(self) -> Path:
        return self.folder / f"{self.name}-void.parquet"


def _copy(connection: duckdb.DuckDBPyConnection, rows: str, file: Path) -> None:
    connection.execute(f"COPY {rows} TO {sql_string(str(file))} (FORMAT parquet, ROW_GROUP_SIZE {_GROUP_ROWS})")
