"""Faults at the same calls every time, few and of publishing alone; `make faults` has hundreds, of whole runs."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.powercut import TORN, Disk
from tests.faults.syscalls import Call, can_watch

ROOT = Path(__file__).parents[2]
needs_watching = pytest.mark.skipif(
    sys.platform != "linux" or not can_watch(), reason="needs seccomp's user notification, which this system lacks"
)


def disturb(*options: str) -> str:
    command = [sys.executable, "-W", "ignore", "-m", "tests.faults", *options]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=290)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    return ended.stdout


@needs_watching
@pytest.mark.timeout(300)
def test_publishing_survives_full_disks_power_cuts_and_kills() -> None:
    options = ("--failures", "2", "--cuts", "2", "--kills", "2")
    assert "all tables equal" in disturb("--part", "publish", "--articles", "8", *options)


def after(root: Path, *calls: tuple[Call, bytes | None], share: float = 0) -> dict[str, bytes]:
    """The files of a folder after a power cut that follows the calls."""
    disk = Disk(root)
    disk.happen(calls)
    left = root.with_name("left")
    disk.fail(left, share, random.Random(1))
    return {path.relative_to(left).as_posix(): path.read_bytes() for path in left.rglob("*") if path.is_file()}


@pytest.mark.parametrize("share", [0, 1])
def test_a_power_cut_leaves_what_was_synced_and_nothing_else_for_certain(tmp_path: Path, share: float) -> None:
    root = tmp_path / "lake"
    (root / "quotes").mkdir(parents=True)
    target, new, month = root / "quotes" / "a", root / "quotes" / "a.tmp", root / "quotes" / "2024"
    target.write_bytes(b"old")
    made = (Call("open", new), None), (Call("write", new), None)
    synced = (Call("fsync", new), b"new")
    renamed = (Call("rename", new, target), None)
    lasting = (Call("fsync", target.parent), None)

    assert after(root, *made, synced, renamed, lasting, share=share) == {"quotes/a": b"new"}
    assert after(root, *made, synced, renamed, share=share) == {"quotes/a": b"new" if share else b"old"}
    careless = after(root, *made, renamed, lasting, share=share)["quotes/a"]
    assert careless in (b"", TORN)
    child = (Call("mkdir", month), None), (Call("open", month / "b"), None), (Call("fsync", month / "b"), b"new")
    assert after(root, *child, (Call("fsync", month), None), share=0) == {"quotes/a": b"old"}
    both = after(root, *child, (Call("fsync", month), None), lasting, share=0)
    assert both == {"quotes/a": b"old", "quotes/2024/b": b"new"}
