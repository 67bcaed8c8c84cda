import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tasks.lake import Lake, LakeError, init_lake
from tasks.normalise.article import NormaliseOptions
from tasks.process import BatchResult, RunContext, process_batch
from tasks.readers.options import ReadOptions
from tasks.records import RawFile, digest
from tasks.resume import Interrupted, find_interrupted, identity, keep, take_over, unfinished
from tests.flows.dumps import record, write_jsonl
from tests.tasks.staging import Run as Published
from tests.tasks.staging import ingest, line

STARTED = datetime(2026, 7, 1, 4, 15, tzinfo=UTC)
SAME = "the same files and settings"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    found = Lake(tmp_path / "lake")
    init_lake(found)
    return found


def context(lake: Lake, name: str) -> RunContext:
    return RunContext("run-1", STARTED, lake.unfinished / name, "rules")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@dataclass(frozen=True)
class Stopped:
    """A run that was stopped when it had finished two batches, and begun the third; and what the two gave."""

    lake: Lake
    batches: list[list[RawFile]]
    done: dict[int, BatchResult]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Stopped:
    folder = tmp_path_factory.mktemp("stopped")
    lake = Lake(folder / "lake")
    init_lake(lake)
    paths = [write_jsonl(folder / f"{n}.jsonl", [record(n), record(n + 50, title=None)]) for n in range(3)]
    batches = [[RawFile(p, p.name, digest(p.read_bytes()), p.stat().st_size)] for p in paths]
    run, done = context(lake, "first"), {}
    with suppress(KeyboardInterrupt), unfinished(lake, run, SAME):
        for number in (0, 1):
            done[number] = process_batch(number, batches[number], run)
            keep(run, number, batches[number], done[number])
        process_batch(2, batches[2], run)
        raise KeyboardInterrupt
    return Stopped(lake, batches, done)


@pytest.fixture
def stopped(once: Stopped, tmp_path: Path) -> Stopped:
    """A copy of it."""
    return replace(once, lake=Lake(shutil.copytree(once.lake.root, tmp_path / "lake")))


def test_finished_batches_are_taken_over_with_all_that_was_counted(stopped: Stopped) -> None:
    lake = stopped.lake
    earlier = find_interrupted(lake, SAME)
    assert earlier == Interrupted("run-1", STARTED, lake.unfinished / "first")
    staged = contents(earlier.folder)
    run = context(lake, "second")
    with unfinished(lake, run, SAME):
        assert take_over(lake, earlier, run, stopped.batches) == stopped.done
        assert not earlier.folder.exists()
        names = {path.split("/")[0] for path in contents(run.staging)}
        assert names == {"run.json", "000000.json", "000001.json", "000000-000000", "000001-000000"}
        assert contents(run.staging).items() <= staged.items()
    assert not lake.unfinished.exists()


def tear(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize(
    "harm",
    [
        lambda folder: tear(folder / "000001.json"),
        lambda folder: (folder / "000001.json").write_text("{}"),
        lambda folder: (folder / "000001.json").unlink(),
        lambda folder: tear(folder / "000001-000000" / "quotes.parquet"),
        lambda folder: (folder / "000001-000000" / "quotes.parquet").unlink(),
        lambda folder: (folder / "000001-000000" / "other.parquet").touch(),
    ],
)
def test_what_does_not_fit_its_receipt_is_done_again(stopped: Stopped, harm: Callable[[Path], object]) -> None:
    lake = stopped.lake
    earlier = find_interrupted(lake, SAME)
    assert earlier
    harm(earlier.folder)
    run = context(lake, "second")
    run.staging.mkdir()
    assert set(take_over(lake, earlier, run, stopped.batches)) == {0}
    assert {path.name for path in run.staging.iterdir()} == {"000000.json", "000000-000000"}
    assert not earlier.folder.exists()


def test_a_batch_of_other_files_is_not_taken_over(stopped: Stopped) -> None:
    lake, batches = stopped.lake, stopped.batches
    run = context(lake, "second")
    run.staging.mkdir()
    assert set(take_over(lake, find_interrupted(lake, SAME), run, [batches[0], batches[2], batches[1]])) == {0}


def test_a_run_of_other_files_or_settings_or_one_that_was_published_is_not_gone_on_with(stopped: Stopped) -> None:
    lake = stopped.lake
    assert find_interrupted(lake, "something else") is None
    assert find_interrupted(lake, None) is None
    ingest(lake, [line(1, "ferry")], run=Published("run-1", STARTED))
    (lake.unfinished / "torn").mkdir(parents=True)
    (lake.unfinished / "torn" / "run.json").write_text('{"identity": "the')
    assert find_interrupted(lake, SAME) is None


def test_nothing_is_kept_of_a_run_that_ended_or_filled_the_disk(lake: Lake) -> None:
    with unfinished(lake, context(lake, "first"), SAME):
        pass
    with pytest.raises(OSError, match="No space"), unfinished(lake, context(lake, "second"), SAME):
        raise OSError(28, "No space left on device")
    assert not lake.unfinished.exists()
    with pytest.raises(LakeError), unfinished(lake, context(lake, "third"), SAME):
        raise LakeError("this lake is being read")
    assert find_interrupted(lake, SAME)


def test_the_identity_is_that_of_the_bytes_and_the_settings() -> None:
    file = RawFile(Path("a.jsonl"), "a.jsonl", "0" * 64, 10)
    read, normalise = ReadOptions(), NormaliseOptions()
    same = identity([file], read, normalise, "rules", 30.0)
    assert identity([replace(file, path=Path("b.jsonl"))], read, normalise, "rules", 30.0) == same
    others = [
        identity([replace(file, sha256="1" * 64)], read, normalise, "rules", 30.0),
        identity([file, file], read, normalise, "rules", 30.0),
        identity([file], replace(read, max_members=1), normalise, "rules", 30.0),
        identity([file], read, NormaliseOptions(day_first=True), "rules", 30.0),
        identity([file], read, normalise, "press", 30.0),
        identity([file], read, normalise, "rules", 31.0),
    ]
    assert len({same, *others}) == 7
    assert identity([file], read, normalise, "tests.tasks.runs:Nothing", 30.0) is None


def test_of_several_interrupted_runs_the_last_goes_on(lake: Lake) -> None:
    for n in (1, 3, 2):
        run = replace(context(lake, f"folder-{n}"), run_id=f"run-{n}", started_at=STARTED + timedelta(days=n))
        with pytest.raises(KeyboardInterrupt), unfinished(lake, run, SAME):
            raise KeyboardInterrupt
    found = find_interrupted(lake, SAME)
    assert found and (found.run_id, found.started_at) == ("run-3", STARTED + timedelta(days=3))
