import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.tables import ARTICLES, ENTITIES, QUOTES, RUNS, TABLES
from tasks.commit import recover
from tasks.compact import compact, outdated
from tasks.lake import Lake, writer_lock
from tests.tasks.staging import article, contents, ingest

MARCH = "2021-03"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("made") / "lake")
    ingest(lake, [article(name) for name in ("ferry", "harbour", "bridge")])
    return lake


@pytest.fixture
def lake(made: Lake, tmp_path: Path) -> Lake:
    shutil.copytree(made.root, tmp_path / "lake")
    return Lake(tmp_path / "lake")


def test_what_this_version_wrote_is_up_to_date(lake: Lake) -> None:
    before = contents(lake)
    assert [outdated(t, path) for t in TABLES.values() for path in lake.files(t)] == [None] * len(before)
    with writer_lock(lake):
        assert compact(lake) == []
    assert contents(lake) == before


def older(table: pa.Table, path: Path) -> None:
    schema = table.schema.with_metadata({"onrecord.schema_version": "1.0"})
    empty = next(name for name in ("addressee", "value") if name in schema.names)  # in all rows of these tests
    pq.write_table(table.cast(schema).drop_columns([empty]), path, compression="zstd")


@pytest.mark.parametrize(
    ("write", "why"),
    [
        (older, "written under schema 1.0"),
        (lambda table, path: pq.write_table(table, path, compression="snappy"), "compressed with snappy"),
        (lambda table, path: pq.write_table(table, path, compression="zstd"), "does not name its order"),
        (
            lambda table, path: pq.write_table(
                table,
                path,
                compression="zstd",
                row_group_size=1,
                sorting_columns=pq.SortingColumn.from_ordering(table.schema, [("published_on", "ascending")]),
            ),
            "small row groups",
        ),
    ],
)
def test_a_file_that_is_out_of_date_gets_the_bytes_that_a_run_writes(
    lake: Lake, write: Callable[[pa.Table, Path], None], why: str
) -> None:
    before = contents(lake)
    quotes = lake.partition_file(QUOTES, MARCH)
    rows = pq.read_table(quotes, partitioning=None)
    write(rows, quotes)
    with writer_lock(lake):
        recover(lake)
        (entry,) = compact(lake)
        assert compact(lake) == []  # once is enough
    assert entry["file"] == f"quotes/published_month={MARCH}/part-0.parquet"
    assert why in entry["why"]
    assert contents(lake) == before


def test_tables_in_one_file_and_empty_ones_are_brought_up_to_date_too(lake: Lake) -> None:
    before = contents(lake)
    for table in (RUNS, ENTITIES):
        path = lake.partition_file(table)
        pq.write_table(pq.read_table(path, partitioning=None), path, compression="snappy")
    (empty,) = lake.files(TABLES["quarantine"])
    older(pq.read_table(empty, partitioning=None), empty)
    with writer_lock(lake):
        assert {entry["file"].split("/")[0] for entry in compact(lake)} == {"runs", "entities", "quarantine"}
    assert contents(lake) == before


def test_articles_keep_their_order(lake: Lake) -> None:
    path = lake.partition_file(ARTICLES, MARCH)
    rows = pq.read_table(path, partitioning=None)
    pq.write_table(rows, path, compression="gzip")
    with writer_lock(lake):
        compact(lake)
    assert pq.read_table(path, partitioning=None).equals(rows)
