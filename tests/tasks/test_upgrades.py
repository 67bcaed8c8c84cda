"""Lakes that earlier releases have written (tests/fixtures/lakes/make.py says how) are read, appended to and linked."""

import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from schemas.tables import ARTICLES, ENTITIES, MENTIONS, QUOTES, SCHEMA_VERSION, TABLES
from tasks.catalog import build_catalog, connect_readonly
from tasks.commit import recover
from tasks.lake import Lake, init_lake, writer_lock
from tasks.report import lake_status
from tests.tasks.staging import Run, finish, line, rows, stage

ARCHIVES = sorted((Path(__file__).parents[1] / "fixtures" / "lakes").glob("*.tar.xz"))
LATER = Run("run-later", datetime(2024, 7, 1, tzinfo=UTC))


@pytest.fixture(params=ARCHIVES, ids=lambda path: path.name.removesuffix(".tar.xz"))
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    with tarfile.open(request.param) as archive:
        archive.extractall(tmp_path / "lake", filter="data")
    return Lake(tmp_path / "lake")


def files(lake: Lake) -> dict[Path, bytes]:
    return {path: path.read_bytes() for table in TABLES.values() for path in lake.files(table)}


def version(path: Path) -> str:
    return pq.read_metadata(path).metadata[b"onrecord.schema_version"].decode()


def append(lake: Lake, articles: list[dict[str, Any]]) -> None:
    with writer_lock(lake):
        recover(lake)
        init_lake(lake)
        finish(lake, LATER, stage(lake, LATER, articles))


def test_every_earlier_schema_has_a_lake() -> None:
    major, minor = map(int, SCHEMA_VERSION.split("."))
    have = {path.name.removesuffix(".tar.xz") for path in ARCHIVES}
    assert have >= {f"{major}.{m}" for m in range(minor)}


def test_an_old_lake_is_read_as_it_is(lake: Lake) -> None:
    before = files(lake)
    init_lake(lake)
    with connect_readonly(lake) as connection:
        for table in TABLES.values():
            names = [name for name, *_ in connection.execute(f"DESCRIBE {table.name}").fetchall()]
            assert set(table.column_names) <= set(names)
        said = connection.execute("SELECT speaker FROM quotes_by('moss') ORDER BY ALL").fetchall()
        assert said
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(5,)]
    assert lake_status(lake)["runs"][0]["n_written"] == 5
    assert {path: data for path, data in files(lake).items() if path in before} == before


def test_an_old_lake_grows_and_is_linked(lake: Lake) -> None:
    n_quotes = sum(pq.read_metadata(path).num_rows for path in lake.files(QUOTES))
    append(lake, [line(1, "lock gate", published_on=LATER.started_at.date())])
    build_catalog(lake)
    assert len(rows(lake, "articles")) == 6
    assert len(rows(lake, "quotes")) == n_quotes + 1
    assert all(row["story_id"] for row in rows(lake, "articles"))
    names = {name for row in rows(lake, "entities") for name in (row["name"], *row["aliases"])}
    assert {"Ida Holm", "Ada Moss"} <= names
    for table in (ARTICLES, QUOTES, MENTIONS, ENTITIES):
        folder = lake.table_dir(table)
        assert (
            len(pd.read_parquet(folder))
            == pl.read_parquet(f"{folder}/**/*.parquet").height
            == len(rows(lake, table.name))
        )
    with duckdb.connect(str(lake.catalog), read_only=True) as catalog:
        assert catalog.execute("SELECT count(*), count(DISTINCT run_id) FROM articles").fetchall() == [(6, 2)]


def test_an_upgrade_writes_old_files_anew_once_and_then_only_what_changes(lake: Lake) -> None:
    append(lake, [])
    for table in TABLES.values():
        assert all(pq.read_schema(path).names == table.column_names for path in lake.files(table) if table.partition)
    append(lake, [line(1, "lock gate", published_on=LATER.started_at.date())])
    linked = files(lake)
    append(lake, [line(2, "night bus", published_on=LATER.started_at.date())])
    changed = {path.parent.name for path, data in files(lake).items() if linked.get(path) != data}
    assert {name for name in changed if "=" in name} == {"published_month=2024-07"}
