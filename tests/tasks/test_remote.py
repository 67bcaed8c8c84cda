"""A lake in a bucket of a real server on loopback, with processes that die at every request of a commit."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from schemas.tables import RUNS, TABLES
from tasks import lease, remote
from tasks.commit import commit, temporary
from tasks.lake import Lake, LakeBusy, LakeError, writer_lock
from tasks.lease import LeaseLost, leased
from tasks.objects import Conflict, Objects, remote_address
from tasks.remote import mirror, reading_copy, writing_copy
from tests.tasks.buckets import Died, Dying


@pytest.fixture(scope="module")
def objects(s3_server: str) -> Objects:
    objects = Objects("s3://news/lake", s3_server)
    objects._files.call_s3("create_bucket", Bucket="news")
    return objects


@pytest.fixture
def bucket(objects: Objects) -> Callable[..., Objects]:
    """Makes objects under s3://news/lake, in a bucket that is empty at first."""
    for key in objects.list():
        objects.delete(key)
    return lambda dies_after=None: objects if dies_after is None else Dying(objects, dies_after)


@pytest.fixture(autouse=True)
def _one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "AT_ONCE", 1)


def write(lake: Lake, mark: str, months: tuple[str, ...]) -> None:
    """Publishes files that say which run they are of, as a run does."""
    table = TABLES["quotes"]
    targets = [lake.partition_file(table, month) for month in months] + [lake.partition_file(RUNS)]
    gone = [path for path in lake.files(table) if path not in targets]
    for target in targets:
        target.parent.mkdir(parents=True, exist_ok=True)
        empty = (RUNS if RUNS.name in target.parts else table).schema.empty_table()
        pq.write_table(empty.replace_schema_metadata(empty.schema.metadata | {"mark": mark}), temporary(target))
    with writer_lock(lake):
        commit(lake, mark, targets, gone)
    report = lake.report_dir(mark) / "run.json"
    report.parent.mkdir(parents=True)
    report.write_text(mark)


def marks(lake: Lake) -> dict[str, str]:
    """What every file says, by its path."""
    paths = [*lake.files(TABLES["quotes"]), *lake.files(RUNS)]
    found = {p: (pq.read_metadata(p).metadata or {}).get(b"mark", b"").decode() for p in paths}
    found |= {p: p.read_text() for p in (lake.root / "reports").glob("*/*")}
    return {str(p.relative_to(lake.root)): mark for p, mark in found.items()}


def in_bucket(objects: Objects) -> set[str]:
    return {key for key in objects.list() if not key.startswith(".onrecord/commits/")}


STEP = int(os.environ.get("ONRECORD_TEST_STEP", "5"))  # 1 tries every request of a commit
FIRST, SECOND = ("2024-01", "2024-02"), ("2024-02", "2024-03")


def test_what_a_run_commits_is_read_elsewhere_and_lies_under_plain_names(
    bucket: Callable[..., Objects], tmp_path: Path
) -> None:
    with writing_copy(bucket(), tmp_path / "one") as lake:
        write(lake, "first", FIRST)
        expected = marks(lake)
    there = reading_copy(bucket(), tmp_path / "two")
    assert marks(there) == expected
    assert set(expected) <= in_bucket(bucket())
    assert not [key for key in in_bucket(bucket()) if key.startswith(".onrecord/")]
    with pytest.raises(LakeError, match="can't write to s3://news/lake"), writer_lock(there):
        pass
    with writing_copy(bucket(), tmp_path / "three") as lake:
        assert marks(lake) == expected
        write(lake, "second", SECOND)
        expected = marks(lake)
    assert marks(reading_copy(bucket(), tmp_path / "two")) == expected
    assert set(expected) <= in_bucket(bucket())
    assert "quotes/published_month=2024-01/part-0.parquet" not in in_bucket(bucket())


def test_a_copy_that_is_up_to_date_is_not_downloaded_again(
    bucket: Callable[..., Objects], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing_copy(bucket(), tmp_path) as lake:
        write(lake, "first", FIRST)
    reading_copy(bucket(), tmp_path)
    fetched: list[str] = []
    monkeypatch.setattr(Objects, "download", lambda self, key, path: fetched.append(key))
    copy = reading_copy(bucket(), tmp_path)
    assert fetched == []
    monkeypatch.undo()
    (copy.partition_file(RUNS)).write_bytes(b"spoilt")
    assert marks(reading_copy(bucket(), tmp_path))["runs/part-0.parquet"] == "first"


def test_a_run_that_dies_after_any_request_is_completed_or_undone_by_the_next(
    bucket: Callable[..., Objects], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing_copy(bucket(), tmp_path / "start") as lake:
        write(lake, "first", FIRST)
        before = marks(lake)
    origin = {key: bucket().read(key) or b"" for key in bucket().list()}
    outcomes: list[dict[str, str]] = []
    is_done, n_requests = False, 0
    while not is_done:
        for key in bucket().list():
            bucket().delete(key)
        for key, data in origin.items():
            bucket().write(key, data)
        cache = shutil.copytree(tmp_path / "start", tmp_path / str(n_requests))
        try:
            with writing_copy(bucket(dies_after=n_requests), cache) as lake:
                write(lake, "second", SECOND)
                after = marks(lake)
            is_done = True
        except Died:
            pass
        read = marks(reading_copy(bucket(), tmp_path / "reader"))
        with monkeypatch.context() as patch:
            patch.setattr(lease, "LEASE_SECONDS", -1.0)  # the dead run's lock is old enough
            patch.setattr(lease, "MARGIN_SECONDS", -60.0)
            with writing_copy(bucket(), cache) as lake:
                settled = marks(lake)
        assert read == settled
        assert in_bucket(bucket()) == set(settled)
        outcomes.append(settled)
        n_requests += STEP
    n_undone = outcomes.index(after)
    assert outcomes == [before] * n_undone + [after] * (len(outcomes) - n_undone)
    assert n_undone > 8 // STEP
    assert len(outcomes) - n_undone > 8 // STEP


def test_a_reader_sees_a_commit_that_is_decided_but_not_in_place(
    bucket: Callable[..., Objects], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing_copy(bucket(), tmp_path / "one") as lake:
        write(lake, "first", FIRST)
    monkeypatch.setattr(remote, "_finish", lambda *_: None)
    with writing_copy(bucket(), tmp_path / "one") as lake:
        write(lake, "second", SECOND)
        expected = marks(lake)
    assert marks(reading_copy(bucket(), tmp_path / "two")) == expected


def test_one_run_at_a_time_and_a_dead_one_is_taken_over(
    bucket: Callable[..., Objects], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with leased(bucket()) as held:
        other = writing_copy(bucket(), tmp_path)
        with pytest.raises(LakeBusy, match=r"another run \(pid \d+ on \S+, since .*\) is writing to s3://"), other:
            pass
        monkeypatch.setattr(lease, "LEASE_SECONDS", -1.0)
        with leased(bucket()):
            monkeypatch.undo()
            with pytest.raises(LakeBusy), leased(bucket()):
                pass
        monkeypatch.setattr(lease, "LEASE_SECONDS", 0.0)
        with pytest.raises(LeaseLost, match="could not be renewed"):
            held.check()
    assert bucket().find(lease.KEY) is None


def test_a_lease_is_renewed_while_it_is_held_and_ends_when_another_has_it(
    bucket: Callable[..., Objects], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.05)
    with leased(bucket()) as held:
        tag, since = held._tag, held._renewed_at
        while held._renewed_at == since:
            held.check()
        bucket().write(lease.KEY, b"somebody else")
        held._thread.join(10)
        with pytest.raises(LeaseLost):
            held.check()
    assert tag
    assert bucket().read(lease.KEY) == b"somebody else"


def test_a_run_whose_generation_another_has_taken_commits_nothing(
    bucket: Callable[..., Objects], tmp_path: Path
) -> None:
    copy = writing_copy(bucket(), tmp_path)
    write(copy.__enter__(), "first", FIRST)
    bucket().write(".onrecord/commits/0000000001.json", b"{}")
    with pytest.raises(LakeError, match="another run has committed"):
        copy.__exit__(None, None, None)
    assert "runs/part-0.parquet" not in in_bucket(bucket())


def test_an_empty_bucket_holds_no_lake_and_no_raw_files(bucket: Callable[..., Objects], tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="holds no tables; make some with"):
        reading_copy(bucket(), tmp_path)
    with pytest.raises(LakeError, match="holds no files"):
        mirror(bucket(), tmp_path)


def test_commits_that_name_other_files_than_a_lakes_are_refused(bucket: Callable[..., Objects], tmp_path: Path) -> None:
    for path in ("../../evil", "/etc/passwd", ".onrecord/lock", ""):
        state = {"generation": 1, "files": {path: "0"}, "token": "", "changed": [], "removed": []}
        bucket().write(".onrecord/commits/0000000001.json", json.dumps(state).encode())
        with pytest.raises(LakeError, match="names the file"):
            reading_copy(bucket(), tmp_path)
    bucket().write(".onrecord/commits/0000000001.json", b"{")
    with pytest.raises(LakeError, match="damaged"):
        reading_copy(bucket(), tmp_path)


def test_raw_files_are_mirrored_with_what_changes_and_goes(bucket: Callable[..., Objects], tmp_path: Path) -> None:
    objects = bucket()
    objects.write("a.jsonl", b"1")
    objects.write("b/c.jsonl", b"2")
    folder = mirror(objects, tmp_path)
    assert {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.jsonl")} == {
        "a.jsonl": b"1",
        "b/c.jsonl": b"2",
    }
    objects.write("a.jsonl", b"3")
    objects.delete("b/c.jsonl")
    mirror(objects, tmp_path)
    assert [p.read_bytes() for p in folder.rglob("*.jsonl")] == [b"3"]
    objects.write("x/../../evil", b"")
    with pytest.raises(LakeError, match="can't be the name of a file"):
        mirror(objects, tmp_path)


def test_a_store_that_is_not_there_or_refuses_says_so_in_a_line(
    s3_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LakeError, match="s3://nowhere/lake can't be used: there is no such bucket"):
        reading_copy(Objects("s3://nowhere/lake", s3_server), tmp_path)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    with pytest.raises(LakeError, match="there are no credentials"):
        Objects("s3://news/lake", s3_server).write("a", b"")


@pytest.mark.parametrize(
    ("place", "address"),
    [
        ("s3://news/lake", "s3://news/lake"),
        (Path("s3://news/a/b/"), "s3://news/a/b"),
        ("s3://news", "s3://news"),
        ("data/processed", None),
        (Path("s3"), None),
    ],
)
def test_addresses_are_known_also_after_pathlib(place: Path | str, address: str | None) -> None:
    assert remote_address(place) == address


def test_conditional_writes_are_refused_by_the_store(bucket: Callable[..., Objects]) -> None:
    tag = bucket().write("a", b"1", only_new=True)
    with pytest.raises(Conflict):
        bucket().write("a", b"2", only_new=True)
    with pytest.raises(Conflict):
        bucket().write("a", b"2", if_tag='"other"')
    bucket().write("a", b"2", if_tag=tag)
    with pytest.raises(Conflict):
        bucket().delete("a", if_tag=tag)
    with pytest.raises(Conflict):
        bucket().copy("b", "c")
    assert bucket().read("a") == b"2"
    assert bucket().read("b") is None
