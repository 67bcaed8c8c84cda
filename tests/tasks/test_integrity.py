import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from schemas.tables import ARTICLES, LINKS, MENTIONS, QUOTES, RUNS
from tasks.integrity import check_lake, describe
from tasks.lake import Lake
from tests.tasks.staging import article, ingest


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("made") / "lake")
    ingest(lake, [article("ferry"), article("harbour"), article("undated", published_on=None)])
    return lake


@pytest.fixture
def lake(made: Lake, tmp_path: Path) -> Lake:
    shutil.copytree(made.root, tmp_path / "lake")
    return Lake(tmp_path / "lake")


def test_what_a_run_wrote_is_sound(lake: Lake) -> None:
    found = check_lake(lake)
    assert (found["verdict"], found["problems"]) == ("sound", [])
    rows = {table["table"]: table["n_rows"] for table in found["tables"]}
    assert (rows["articles"], rows["quotes"], rows["runs"]) == (3, 3, 1)


def change(path: Path, by: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(by(pq.read_table(path, partitioning=None)), path)


def without(name: str) -> Callable[[pa.Table], pa.Table]:
    return lambda table: table.drop_columns([name])


def replaced(name: str, value: Any) -> Callable[[pa.Table], pa.Table]:
    def by(table: pa.Table) -> pa.Table:
        i = table.schema.get_field_index(name)
        return table.set_column(i, table.schema.field(i), pa.array([value] * len(table), table.schema.field(i).type))

    return by


MARCH = "2021-03"


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda lake: lake.partition_file(ARTICLES, MARCH).write_bytes(b"PAR1 nothing PAR1"), "can't be read"),
        (lambda lake: _cut(lake.partition_file(QUOTES, MARCH)), "can't be read"),
        (lambda lake: change(lake.partition_file(ARTICLES, MARCH), lambda t: pa.concat_tables([t, t])), "not unique"),
        (lambda lake: change(lake.partition_file(ARTICLES, MARCH), lambda t: t.slice(1)), "article_id names no row"),
        (lambda lake: change(lake.partition_file(QUOTES, MARCH), without("content")), "lacks the column content"),
        (lambda lake: change(lake.partition_file(QUOTES, MARCH), replaced("speaker_id", "x")), "names no row of entities"),
        (lambda lake: change(lake.partition_file(RUNS), replaced("n_records", 99)), "do not balance"),
        (lambda lake: change(lake.partition_file(MENTIONS, MARCH), lambda t: _as_text(t, "start")), "has start as string"),
        (lambda lake: _move(lake.partition_file(LINKS, MARCH), lake.partition_file(LINKS, "2020-01")), "another month"),
        (lambda lake: _copy(lake.partition_file(ARTICLES, MARCH)), "beside part-0.parquet"),
    ],
)  # fmt: skip
def test_damage_is_found_and_said(lake: Lake, damage: Callable[[Lake], Any], problem: str) -> None:
    damage(lake)
    found = check_lake(lake)
    assert found["verdict"] == "damaged"
    assert any(problem in one["problem"] for one in found["problems"]), found["problems"]
    assert all(one["n"] > 0 and one["example"] for one in found["problems"])
    assert describe(found["problems"]).startswith("the lake is damaged: in ")


def _cut(path: Path) -> None:
    """The footer is whole, but the rows are not."""
    data = bytearray(path.read_bytes())
    data[4:200] = b"\xff" * 196
    path.write_bytes(data)


def _as_text(table: pa.Table, name: str) -> pa.Table:
    i = table.schema.get_field_index(name)
    return table.set_column(i, name, pc.cast(table[name], pa.string()))


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True)
    source.rename(target)


def _copy(path: Path) -> None:
    path.with_name("part-1.parquet").write_bytes(path.read_bytes())
