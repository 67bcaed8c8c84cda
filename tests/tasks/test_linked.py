"""What linking remembers is used once, of the lake as it is, and never stays behind."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from schemas.tables import ARTICLES
from tasks.forget import Order, find_removals, forget
from tasks.lake import Lake, LakeFailed, init_lake, writer_lock
from tasks.linked import Memories, root
from tasks.linking import NO_OPTIONS, made_of
from tasks.publish import relink
from tests.tasks.staging import Run, contents, ingest, line, rows
from tests.tasks.test_publish import FailingRenames

AT = datetime(2021, 6, 1, tzinfo=UTC)
FERRY = "The ferry to Brünn will sail again in the spring, once the harbour board has paid for the new engine."


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path)
    init_lake(lake)
    ingest(lake, [line(1, "ferry", FERRY)], run=Run("run-1"))
    return lake


def is_remembered(lake: Lake, *more: object, is_anew: bool = False) -> bool:
    return Memories(lake, [*made_of(NO_OPTIONS, []), *more], is_anew).memory.before is not None


def test_a_lake_is_remembered_as_it_was_linked(lake: Lake) -> None:
    assert is_remembered(lake)


def test_a_memory_is_used_once(lake: Lake) -> None:
    assert is_remembered(lake)
    assert not is_remembered(lake)


def test_what_was_linked_by_other_rules_is_linked_anew(lake: Lake) -> None:
    assert not is_remembered(lake, "another decision")


def test_all_is_linked_anew_on_demand(lake: Lake) -> None:
    assert not is_remembered(lake, is_anew=True)


def test_a_file_that_changed_is_linked_anew(lake: Lake) -> None:
    (file,) = lake.files(ARTICLES)
    file.write_bytes(file.read_bytes())
    assert not is_remembered(lake)


def test_what_a_process_found_is_of_the_software_that_it_began_with(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.linked.software", lambda packages: {"onrecord": "what was installed meanwhile"})
    assert is_remembered(lake)


@pytest.mark.parametrize("name", ["appearances-000000.parquet", "speakers-000000.parquet", "stories.words", "checked"])
def test_a_memory_that_lacks_a_file_is_not_used(lake: Lake, name: str) -> None:
    with writer_lock(lake):
        relink(lake, check=lambda name, made, published: None)
    (memory,) = root(lake).iterdir()
    (memory / name).unlink()
    assert not is_remembered(lake)


def test_a_memory_of_which_a_file_lacks_its_end_is_not_used(lake: Lake) -> None:
    (memory,) = root(lake).iterdir()
    os.truncate(memory / "stories.words", 4)
    assert not is_remembered(lake)


def test_what_others_leave_beside_a_memory_does_no_harm(lake: Lake) -> None:
    (root(lake) / ".directory").touch()
    assert is_remembered(lake)
    assert not list(root(lake).iterdir())


def test_a_linking_that_fails_leaves_nothing_behind(lake: Lake) -> None:
    with pytest.raises(LakeFailed, match="Input/output error"):
        ingest(lake, [line(2, "copy", FERRY)], run=Run("run-2"), ops=FailingRenames(1))
    assert not list(root(lake).iterdir())
    assert not [path for path in lake.internal.rglob("*") if path.suffix in (".words", ".arrow")]


def test_a_commit_that_fails_leaves_a_lake_that_is_linked_anew(lake: Lake) -> None:
    before = contents(lake)
    with pytest.raises(LakeFailed, match="Input/output error"):
        ingest(lake, [line(2, "copy", FERRY)], run=Run("run-2"), ops=FailingRenames(1))
    assert contents(lake) == before
    ingest(lake, [line(2, "copy", FERRY)], run=Run("run-2"))
    assert len({row["story_id"] for row in rows(lake, "articles")}) == 1
    assert len(list(root(lake).iterdir())) == 1


def test_one_memory_is_kept(lake: Lake) -> None:
    for n in range(2, 5):
        ingest(lake, [line(n, f"copy {n}", FERRY, published_on=date(2021, n, 1))], run=Run(f"run-{n}"))
        assert len(list(root(lake).iterdir())) == 1
    with writer_lock(lake):
        relink(lake)
    assert len(list(root(lake).iterdir())) == 1
    assert is_remembered(lake)


def test_nothing_is_kept_of_what_is_forgotten(lake: Lake) -> None:
    ingest(lake, [line(2, "bridge", published_on=date(2021, 5, 1))], run=Run("run-2"))
    (article_id,) = {row["article_id"] for row in rows(lake, "articles") if row["title"] == "Bridge"}
    assert article_id in kept_ids(lake)
    with writer_lock(lake):
        forget(lake, find_removals(lake, [Order("article", article_id)]), AT, "mholm")
    assert kept_ids(lake) == {row["article_id"] for row in rows(lake, "articles")}
    assert len(list(root(lake).iterdir())) == 1


def kept_ids(lake: Lake) -> set[str]:
    """The articles that files of the memory name."""
    tables = [pq.read_table(path, partitioning=None) for path in root(lake).glob("*/*.parquet")]
    return {id_ for table in tables if "article_id" in table.column_names for id_ in table["article_id"].to_pylist()}


def test_a_memory_that_can_not_be_kept_is_no_reason_to_fail(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("tasks.linked.sync", fail)
    ingest(lake, [line(2, "copy", FERRY)], run=Run("run-2"))
    assert len(rows(lake, "articles")) == 2
    assert not is_remembered(lake)


def test_a_memory_that_is_worn_is_dropped(lake: Lake) -> None:
    memories = Memories(lake, made_of(NO_OPTIONS, []), False)
    memories.memory.wear_out()
    memories.keep()
    assert not is_remembered(lake)
