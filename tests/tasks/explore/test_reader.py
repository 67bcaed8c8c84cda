import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tasks.explore.filters import Filters
from tasks.explore.reader import Reader, TooSlow
from tasks.explore.search import search
from tasks.lake import Lake, LakeBusy, LakeError, commit_lock
from tests.tasks.staging import Run, article, ingest, line


@pytest.fixture(scope="module")
def reader(lake: Lake) -> Iterator[Reader]:
    with closing(Reader(lake)) as reader:
        yield reader


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("explore") / "it's a [lake]*")
    ingest(lake, [article("ferry", "The ferry to Brünn is late.")])
    return lake


def found(reader: Reader, **filters: str) -> list[str]:
    with reader.reading() as reading:
        return ["".join(text for text, _ in row["pieces"]) for row in search(reading, Filters.parse(filters))[1]]


def test_a_new_commit_is_seen_at_once_wherever_the_index_can_lie(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    ingest(lake, [article("ferry", "The ferry to Brünn is late.")])
    with closing(Reader(lake)) as reader:
        assert found(reader) == ["The ferry to Brünn is late."]
        first = lake.catalog.stat().st_ino
        assert len(found(reader, q="ferry")) == 1
        assert lake.catalog.stat().st_ino == first
        ingest(lake, [line(2, "bridge", "The bridge is shut.")], run=Run("run-2"))
        assert sorted(found(reader)) == ["The bridge is shut.", "The ferry to Brünn is late."]
        assert lake.catalog.stat().st_ino != first
    lake.catalog.unlink()
    (lake.internal / "catalog.lock").unlink()
    (lake.internal / "catalog.lock").mkdir()  # so that nothing can be written here
    shutil.rmtree(lake.internal / "index")
    with closing(Reader(lake)) as reader:
        assert len(found(reader)) == 2
        assert len(found(reader, q="brid")) == 1
    assert not lake.catalog.exists()


@pytest.mark.parametrize(
    ("words", "n"),
    [("brunn", 1), ("ferr", 1), ("erry", 0), ('"ferry to"', 1), ('"to ferry"', 0), ("late ferry", 1), ("%", 1)],
)
def test_words_are_found_by_their_beginnings_without_accents(reader: Reader, words: str, n: int) -> None:
    assert len(found(reader, q=words)) == n


def test_words_of_scripts_without_spaces_are_found_within(tmp_path: Path) -> None:
    ingest(Lake(tmp_path), [article("port", "港口不会出售。")])
    with closing(Reader(Lake(tmp_path))) as reader:
        assert len(found(reader, q="不会")) == 1


def test_a_query_ends_in_time(reader: Reader) -> None:
    with pytest.raises(TooSlow), reader.reading(seconds=0.2) as reading:
        reading.rows("SELECT sum(a.range * b.range) AS n FROM range(10_000_000) a, range(10_000_000) b")
    assert found(reader, q="ferry") != []


def test_it_reads_the_lake_and_nothing_else(reader: Reader) -> None:
    import duckdb

    with reader.reading() as reading:
        for query in (
            "FROM read_text('/etc/passwd')",
            "COPY (SELECT 1) TO '/tmp/onrecord-out.csv'",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                reading.run(query)


def test_no_commit_is_held_up_once_a_page_is_read(lake: Lake, reader: Reader) -> None:
    with reader.reading(), pytest.raises(LakeBusy), commit_lock(lake, 0):
        pass
    with commit_lock(lake, 0):
        pass


def test_without_a_lake(tmp_path: Path) -> None:
    with pytest.raises(LakeError), Reader(Lake(tmp_path / "none")).reading():
        pass
