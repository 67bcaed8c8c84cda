import errno
import os
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.tables import ARTICLES, CHILD_TABLES, MENTIONS, QUARANTINE, QUOTES, TABLES, UNKNOWN_MONTH
from tasks import partitions
from tasks.commit import FileOps, recover
from tasks.corrections.decisions import decide
from tasks.corrections.file import append, corrections_file
from tasks.deduplicate import deduplicate
from tasks.lake import Lake, LakeError, connect, init_lake
from tasks.partitions import write_partitions
from tasks.publish import publish, publish_run
from tests.tasks.staging import Run, contents, finish, ingest, line, refusal, rows, run_row, stage

FIRST = Run("run-1", datetime(2021, 5, 31, 23, tzinfo=UTC))
SECOND = Run("run-2", datetime(2021, 6, 1, 1, tzinfo=UTC))


class FailingRenames(FileOps):
    """File operations of a disk that fails at the n-th rename."""

    def __init__(self, n: int) -> None:
        self.left = n

    def rename(self, source: Path, target: Path) -> None:
        self.left -= 1
        if not self.left:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().rename(source, target)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    init_lake(lake)
    return lake


def months(lake: Lake, name: str) -> list[str]:
    return [path.parent.name.partition("=")[2] for path in lake.files(TABLES[name])]


def test_rows_go_to_the_file_of_their_month_and_children_with_them(lake: Lake) -> None:
    ingest(
        lake, [line(1, "ferry"), line(2, "bridge", published_on=date(2020, 2, 29)), line(3, "tram", published_on=None)]
    )
    for name in ("articles", "quotes", "mentions", "links"):
        assert months(lake, name) == ["2020-02", "2021-03", UNKNOWN_MONTH]
    assert len(rows(lake, "mentions")) == 6
    folder = lake.table_dir(MENTIONS)
    assert len(pd.read_parquet(folder)) == len(pl.read_parquet(folder)) == len(pq.read_table(folder)) == 6


def test_files_are_as_their_table_says(lake: Lake) -> None:
    said = "The ferry will sail again in the spring, once the harbour board has paid for the new engine."
    append(corrections_file(lake), decide("revert", "Bo Kern", "A slip.", reverts="0" * 32))
    ingest(
        lake,
        [line(n, f"ferry {n}", said if n < 2 else "", published_on=date(2021, 3, 1 + n % 7)) for n in range(40)],
        [refusal("x")],
    )
    for table in [table for table in TABLES.values() if table.name != "forgotten"]:
        (path,) = lake.files(table)
        file = pq.ParquetFile(path)
        assert file.schema_arrow == table.schema
        assert file.schema_arrow.metadata == table.schema.metadata
        assert [f.metadata for f in file.schema_arrow] == [f.metadata for f in table.schema]
        column = file.metadata.row_group(0).column(0)
        assert column.compression == "ZSTD"
        assert column.statistics.has_min_max
        assert column.has_column_index
        keys = [tuple(repr(row[name]) for name in table.key) for row in file.read().to_pylist()]
        assert len(keys) == len(set(keys))
    frame = pd.read_parquet(lake.files(QUOTES)[0], partitioning=None)
    assert frame.equals(frame.sort_values(["published_on", "article_id"], kind="stable"))


def test_a_moved_article_takes_its_rows_along_and_leaves_no_file(lake: Lake) -> None:
    ingest(lake, [line(1, "ferry"), line(2, "bridge")])
    ingest(lake, [line(1, "ferry", published_on=date(2021, 4, 1)), line(2, "bridge", published_on=None)], run=SECOND)
    for name in ("articles", "quotes", "mentions", "links"):
        assert months(lake, name) == ["2021-04", UNKNOWN_MONTH]
        assert {row["run_id"] for row in rows(lake, name)} == {"run-2"}
    assert len(rows(lake, "mentions")) == 4


def test_an_article_that_loses_its_quotes_leaves_an_empty_table(lake: Lake, tmp_path: Path) -> None:
    ingest(lake, [line(1, "ferry")])
    staging = stage(lake, SECOND, [line(1, "ferry", "Nobody said a word.")])
    for table in CHILD_TABLES:
        path = staging / "000000" / f"{table.name}.parquet"
        pq.write_table(pq.read_table(path)[:0], path)
    finish(lake, SECOND, staging)
    assert months(lake, "articles") == ["2021-03"]
    for table in CHILD_TABLES:
        assert months(lake, table.name) == [UNKNOWN_MONTH]
        assert rows(lake, table.name) == []


def test_other_months_are_not_touched(lake: Lake) -> None:
    ingest(lake, [line(1, "ferry"), line(2, "bridge", published_on=date(2020, 2, 29))])
    paths = {path: path.stat().st_ino for path in lake.files(ARTICLES)}
    ingest(lake, [line(3, "tram")], run=SECOND)
    assert [path.stat().st_ino == inode for path, inode in paths.items()] == [True, False]


def test_a_late_article_lands_in_its_month(lake: Lake) -> None:
    ingest(lake, [line(1, "ferry")])
    (march,) = lake.files(ARTICLES)
    before = march.stat().st_ino
    ingest(lake, [line(2, "bridge", published_on=date(2019, 12, 31))], run=SECOND)
    assert months(lake, "articles") == months(lake, "quotes") == ["2019-12", "2021-03"]
    assert march.stat().st_ino == before


def test_records_of_one_chunk_that_share_an_article_keep_their_own_rows(lake: Lake) -> None:
    ingest(lake, [line(1, "ferry", "Early words."), line(2, "ferry", "Late words."), line(3, "ferry", "Late words.")])
    assert [row["content"] for row in rows(lake, "quotes")] == ["Late words."]
    assert len(rows(lake, "mentions")) == 2


def test_a_record_refused_again_keeps_its_row(lake: Lake) -> None:
    ingest(lake, [], [refusal("a"), refusal("b"), refusal("b")], run=FIRST)
    ingest(lake, [], [refusal("a"), refusal("c")], run=SECOND)
    assert months(lake, "quarantine") == ["2021-05", "2021-06"]
    found = {
        r["source_member"]: (r["n_attempts"], r["first_seen_at"], r["last_seen_at"], r["run_id"])
        for r in rows(lake, "quarantine")
    }
    assert found == {
        "a": (2, FIRST.started_at, SECOND.started_at, "run-2"),
        "b": (1, FIRST.started_at, FIRST.started_at, "run-1"),
        "c": (1, SECOND.started_at, SECOND.started_at, "run-2"),
    }
    ingest(lake, [], [refusal("a"), refusal("c")], run=SECOND)  # the same run once more is no further attempt
    assert [r["n_attempts"] for r in rows(lake, "quarantine")] == [2, 1, 1]
    assert {r["raw"] for r in rows(lake, "quarantine")} == {b"a", b"b", b"c"}


def test_runs_are_kept_by_their_id(lake: Lake) -> None:
    ingest(lake, [line(1, "ferry")], run=SECOND)
    decisions = ingest(lake, [], run=FIRST)
    publish_run(lake, run_row(SECOND, decisions, status="failed", message="Too much was refused."))
    assert [(r["run_id"], r["status"], dict(r["parameters"])) for r in rows(lake, "runs")] == [
        ("run-1", "completed", {"raw": "raw"}),
        ("run-2", "failed", {"raw": "raw"}),
    ]
    assert len(rows(lake, "articles")) == 1


def world(n: int) -> list[dict[str, Any]]:
    """Articles with copies, revisions and missing dates."""
    return [
        line(
            i,
            f"name {i % 8}",
            f"Text {i % 5}.",
            published_on=None if i % 4 == 0 else date(2021, 1 + i % 3, 1),
            published_at=datetime(2021, 1, 1, tzinfo=UTC) + timedelta(hours=i) if i % 5 else None,
            source_uri=f"{i % 2}.jsonl",
        )
        for i in range(n)
    ]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The lake when all is staged in one chunk."""
    lake = Lake(tmp_path_factory.mktemp("whole"))
    ingest(lake, world(12), [refusal(str(n)) for n in range(12)])
    return contents(lake)


@settings(max_examples=6, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(12)), cuts=st.sets(st.integers(1, 11)), names=st.randoms(use_true_random=False))
def test_chunks_and_their_order_leave_no_trace(
    tmp_path_factory: pytest.TempPathFactory, whole: dict[str, bytes], order: list[int], cuts: set[int], names: Any
) -> None:
    lake = Lake(tmp_path_factory.mktemp("split"))
    init_lake(lake)
    records, refused = world(12), [refusal(str(n)) for n in range(12)]
    bounds = [0, *sorted(cuts), 12]
    chunks = [order[a:b] for a, b in pairwise(bounds)]
    numbers = names.sample(range(100), len(chunks))
    for number, chunk in zip(numbers, chunks, strict=True):
        staging = stage(lake, Run(), [records[i] for i in chunk], [refused[i] for i in chunk], f"{number:06d}")
    finish(lake, Run(), staging, threads=2)
    assert contents(lake) == whole


def test_slices_and_batches_leave_no_trace(
    lake: Lake, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "BATCH_ROWS", 3)
    ingest(lake, world(12), [refusal(str(n)) for n in range(12)])
    for table, slice_bytes in product((ARTICLES, QUOTES, MENTIONS, QUARANTINE), (1, 700, 2_000, 10_000)):
        files = ", ".join(f"'{path}'" for path in lake.files(table))
        shuffled = f"(SELECT * FROM read_parquet([{files}], hive_partitioning = false) ORDER BY random())"
        with connect(lake) as connection:
            counts = write_partitions(connection, table, shuffled, lambda m: lake.root / f"{m}.new", slice_bytes)
        assert sum(counts.values()) == len(rows(lake, table.name))
        for month in counts:
            name = lake.partition_file(table, month).relative_to(lake.root).as_posix()
            assert (lake.root / f"{month}.new").read_bytes() == whole[name]


@pytest.mark.parametrize("batch_rows", [1, 5, 2048])
def test_row_groups_are_bounded_in_rows_and_bytes(lake: Lake, monkeypatch: pytest.MonkeyPatch, batch_rows: int) -> None:
    monkeypatch.setattr(partitions, "BATCH_ROWS", batch_rows)
    monkeypatch.setattr(partitions, "GROUP_ROWS", 7)
    monkeypatch.setattr(partitions, "GROUP_BYTES", 4_000)
    big = {3: 5_000, 11: 2_000, 12: 2_000}
    ingest(lake, [line(n, f"n {n:02}", f"{n:02} " + "x" * big.get(n, 0), article_id=f"{n:032}") for n in range(30)])
    file = pq.ParquetFile(lake.files(ARTICLES)[0])
    sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    assert sum(sizes) == 30
    assert max(sizes) == 7
    assert sizes == [3, 1, 7, 1, 4, 7, 7]
    assert [row["article_id"] for row in file.read().to_pylist()] == [f"{n:032}" for n in range(30)]


def test_a_failure_leaves_nothing_behind(lake: Lake) -> None:
    ingest(lake, [line(1, "ferry")], run=FIRST)
    before = contents(lake)
    staging = stage(lake, SECOND, [line(2, "bridge"), line(3, "tram", published_on=None)])
    decisions = deduplicate(lake, staging, SECOND)
    (staging / "000000" / "mentions.parquet").write_bytes(b"not Parquet")
    with pytest.raises(Exception, match=r"mentions\.parquet"):
        publish(lake, staging, run_row(SECOND, decisions), decisions)
    assert contents(lake) == before
    assert not lake.journal.exists()


def test_a_commit_that_is_decided_is_not_begun_again(lake: Lake) -> None:
    """A task that is tried again after an error would publish the rows once more, over files half exchanged."""
    ingest(lake, [line(1, "ferry")], run=FIRST)
    staging = stage(lake, SECOND, [line(2, "bridge")])
    decisions = deduplicate(lake, staging, SECOND)
    row = run_row(SECOND, decisions)
    with pytest.raises(LakeError, match=r"is published, .*Input/output error"):
        publish(lake, staging, row, decisions, ops=FailingRenames(2))
    assert lake.journal.exists()
    before = contents(lake)
    with pytest.raises(LakeError, match="not finished"):
        publish(lake, staging, row, decisions)
    assert contents(lake) == before
    assert recover(lake)
    assert len(rows(lake, "articles")) == len(rows(lake, "quotes")) == 2


def test_a_check_is_told_what_has_passed_one_before(lake: Lake) -> None:
    seen: list[dict[str, int | None]] = []

    def check(name: str, made: pa.Table, published: pa.Table | None) -> None:
        seen[-1][name] = None if published is None else len(published)

    def night(n: int, **options: Any) -> None:
        run = Run(f"run-{n}", FIRST.started_at + timedelta(days=n))
        seen.append({})
        finish(lake, run, stage(lake, run, [line(n, f"a{n}")]), **options)

    night(1)  # nobody looks at what is published
    night(2, check=check)
    night(3, check=check)
    night(4, check=check, is_anew=True)
    n_entities = len(rows(lake, "entities"))
    assert [found.get("entities") for found in seen] == [None, None, n_entities, None]
    night(5)
    night(6, check=check)
    assert seen[-1] == {"entities": None, "quote_clusters": None}
