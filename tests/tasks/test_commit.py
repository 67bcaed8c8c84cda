import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.tables import QUOTES
from tasks.commit import FileOps, commit, finish_commit, recover, settled, temporary
from tasks.lake import Lake, LakeBusy, LakeError, init_lake, reader_lock
from tests.tasks.staging import contents

MONTHS = ("2021-01", "2021-02", "2021-03")
N_OPERATIONS = 16  # of the commit below; the tests check that it is still right


class Dead(BaseException):
    """What a killed process runs into."""


class FailingOps(FileOps):
    """File operations that work until the n-th, which fails half-way, as do all that follow; ``kill`` dies for real."""

    def __init__(self, n: int, kill: bool = False) -> None:
        self.left = n
        self.kill = kill

    def _count(self) -> bool:
        """Whether the operation is to be done; raises when the process is dead."""
        self.left -= 1
        if self.left > 0:
            return True
        if self.left == 0 and self.kill:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.left < 0:
            raise Dead
        return False

    def write(self, path: Path, data: bytes) -> None:
        if not self._count():
            path.write_bytes(data[: len(data) // 2])
            raise Dead
        super().write(path, data)

    def sync(self, path: Path) -> None:
        if not self._count():
            raise Dead
        super().sync(path)

    def rename(self, source: Path, target: Path) -> None:
        done = self._count()
        super().rename(source, target)
        if not done:
            raise Dead

    def unlink(self, path: Path) -> None:
        if not self._count():
            raise Dead
        super().unlink(path)


def file(lake: Lake, month: str) -> Path:
    return lake.partition_file(QUOTES, month)


def prepare(root: Path) -> Lake:
    """A lake with January and February, and a commit prepared that changes the one, drops the other and adds March."""
    lake = Lake(root)
    init_lake(lake)
    for month in MONTHS:
        file(lake, month).parent.mkdir()
    file(lake, "2021-01").write_bytes(b"old")
    file(lake, "2021-02").write_bytes(b"old")
    temporary(file(lake, "2021-01")).write_bytes(b"new")
    temporary(file(lake, "2021-03")).write_bytes(b"new")
    return lake


def change(lake: Lake, ops: FileOps) -> None:
    commit(lake, "run-1", [file(lake, "2021-01"), file(lake, "2021-03")], [file(lake, "2021-02")], ops)


def quotes(lake: Lake) -> dict[str, bytes]:
    return {Path(name).parent.name[-7:]: data for name, data in contents(lake).items() if "2021" in name}


BEFORE = {"2021-01": b"old", "2021-02": b"old"}
AFTER = {"2021-01": b"new", "2021-03": b"new"}


def test_a_commit_exchanges_and_removes_files(tmp_path: Path) -> None:
    lake = prepare(tmp_path)
    ops = FailingOps(1000)
    change(lake, ops)
    assert quotes(lake) == AFTER
    assert not file(lake, "2021-02").parent.exists()
    assert not lake.journal.exists()
    assert 1000 - ops.left == N_OPERATIONS


@pytest.mark.parametrize("n", range(1, N_OPERATIONS + 1))
def test_after_a_fault_the_lake_is_as_before_or_as_after(tmp_path: Path, n: int) -> None:
    lake = prepare(tmp_path)
    with pytest.raises(Dead):
        change(lake, FailingOps(n))
    decided = lake.journal.exists()
    for again in range(1, 30):  # recovery may be interrupted as well
        try:
            recover(lake, FailingOps(again))
            break
        except Dead:
            continue
    else:
        pytest.fail("recovery does not end")
    assert quotes(lake) in (BEFORE, AFTER)
    if decided:
        assert quotes(lake) == AFTER
    assert not recover(lake)
    assert {path.name for path in lake.table_dir(QUOTES).iterdir() if "2021" in path.name} == {
        f"published_month={month}" for month in quotes(lake)
    }


def test_both_outcomes_of_a_fault_occur(tmp_path: Path) -> None:
    outcomes = []
    for n in (1, N_OPERATIONS):
        lake = prepare(tmp_path / str(n))
        with pytest.raises(Dead):
            change(lake, FailingOps(n))
        recover(lake)
        outcomes.append(quotes(lake))
    assert outcomes == [BEFORE, AFTER]


@pytest.mark.parametrize("n", [1, 9, 13])
def test_after_a_kill_the_lake_is_as_before_or_as_after(tmp_path: Path, n: int) -> None:
    lake = prepare(tmp_path)
    code = (
        "import sys; from pathlib import Path; from tasks.lake import Lake;"
        "from tests.tasks.test_commit import FailingOps, change;"
        "change(Lake(Path(sys.argv[1])), FailingOps(int(sys.argv[2]), kill=True))"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path), str(n)], cwd=Path(__file__).parents[2])
    assert killed.returncode == -signal.SIGKILL
    decided = lake.journal.exists()
    assert recover(lake) == decided
    assert quotes(lake) == (AFTER if decided or n == N_OPERATIONS else BEFORE)


def test_readers_hold_a_commit_up_and_lose_nothing(tmp_path: Path) -> None:
    lake = prepare(tmp_path)
    with reader_lock(lake), pytest.raises(LakeBusy):
        commit(lake, "run-1", [file(lake, "2021-01")], wait_seconds=0.1)
    assert not lake.journal.exists()
    assert file(lake, "2021-01").read_bytes() == b"old"


def test_a_reader_finishes_the_commit_of_a_dead_writer(tmp_path: Path) -> None:
    lake = prepare(tmp_path)
    with pytest.raises(Dead):
        change(lake, FailingOps(10))
    assert lake.journal.exists()
    with settled(lake):
        assert quotes(lake) == AFTER
    assert not finish_commit(lake)


def test_recovery_clears_away_what_dead_runs_left(tmp_path: Path) -> None:
    lake = prepare(tmp_path)
    for folder in (lake.staging_dir("run-0") / "000000", lake.spill_dir):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "rows").write_bytes(b"x")
    assert not recover(lake)
    assert quotes(lake) == BEFORE
    assert {path.name for path in lake.internal.iterdir()} <= {"lock", "commit.lock", "commit.gate"}


@pytest.mark.parametrize(
    "steps",
    [
        [{"delete": "../victim.parquet"}],
        [{"delete": "quotes/../../victim.parquet"}],
        [{"delete": "/victim.parquet"}],
        [{"delete": "quotes/way-out/victim.parquet"}],
        [{"delete": "reports/victim.parquet"}],
        [{"delete": ""}],
        [{"delete": "quotes"}],
        [{"delete": 1}],
        [{"tmp": "quotes/a.parquet.tmp", "target": "../victim.parquet"}],
        [{"tmp": "quotes/a.parquet.tmp", "target": "quotes/b.parquet"}],
        [{"tmp": "quotes/a.parquet.tmp"}],
        [{"rename": "quotes/a.parquet"}],
        ["quotes/a.parquet"],
        None,
    ],
)
def test_a_journal_that_names_anything_but_data_files_is_refused(tmp_path: Path, steps: object) -> None:
    lake = prepare(tmp_path / "lake")
    victim = tmp_path / "victim.parquet"
    victim.write_bytes(b"precious")
    (lake.table_dir(QUOTES) / "way-out").symlink_to(tmp_path)
    before = contents(lake)
    lake.journal.write_text(json.dumps({"run_id": "run-1", "steps": steps}))
    with pytest.raises(LakeError, match="damaged"):
        recover(lake)
    assert victim.read_bytes() == b"precious"
    assert contents(lake) == before


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[]", b"{}"])
def test_a_damaged_journal_is_an_error_and_stays(tmp_path: Path, text: bytes) -> None:
    lake = prepare(tmp_path)
    lake.journal.write_bytes(text)
    with pytest.raises(LakeError, match="damaged"):
        recover(lake)
    assert lake.journal.exists()


def test_a_file_that_vanished_from_a_decided_commit_is_an_error(tmp_path: Path) -> None:
    lake = prepare(tmp_path)
    with pytest.raises(Dead):
        change(lake, FailingOps(9))
    temporary(file(lake, "2021-03")).unlink()
    with pytest.raises(LakeError, match="missing"):
        recover(lake)
