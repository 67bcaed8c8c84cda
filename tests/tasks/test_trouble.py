import errno
import os
from pathlib import Path

import duckdb
import pytest

from tasks.trouble import explain, explain_disk


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".onrecord" / "staging").mkdir(parents=True)
    (tmp_path / ".onrecord" / "staging" / "rows").write_bytes(b"x" * 1_000_000)
    for table in ("articles/published_month=2024-01", "runs"):
        (tmp_path / table).mkdir(parents=True)
        (tmp_path / table / "part-0.parquet").write_bytes(b"x" * 250_000)
    return tmp_path


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "the disk is full: "),
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), "the disk is full: "),
        (duckdb.IOException('IO Error: Could not write file "x": No space left on device'), "the disk is full: "),
        (OSError(errno.EROFS, os.strerror(errno.EROFS)), "is read-only"),
        (PermissionError(errno.EACCES, "Permission denied", "/srv/lake/runs"), "/srv/lake/runs can't be written to"),
        (OSError(errno.EIO, os.strerror(errno.EIO)), "fails (Input/output error)"),
    ],
)
def test_what_is_wrong_with_the_disk_is_said_in_a_sentence(root: Path, error: Exception, words: str) -> None:
    sentence = explain(error, root)
    assert sentence
    assert words in sentence
    assert "start the run again" in sentence
    assert "\n" not in sentence


def test_a_full_disk_is_told_how_much_room_is_needed(root: Path) -> None:
    """The staged rows twice, and the month files beside the old ones."""
    sentence = explain(OSError(errno.ENOSPC, ""), root)
    assert sentence
    assert "needs about 2.5 MB" in sentence
    assert f"free at {root}" in sentence


@pytest.mark.parametrize("kind", [duckdb.OutOfMemoryException, OSError])  # the other amid a result that Arrow reads
def test_want_of_memory_is_no_fault_of_the_disk(root: Path, kind: type[Exception]) -> None:
    error = kind("Out of Memory Error: failed to allocate data of size 32.0 MiB")
    assert "ONRECORD_MEMORY_LIMIT" in str(explain(error, root))
    assert explain_disk(error, root) is None


def test_the_cause_counts_wherever_in_the_chain_it_is(root: Path) -> None:
    error = RuntimeError("the worker failed")
    error.__cause__ = OSError(errno.ENOSPC, "")
    assert "the disk is full" in str(explain(error, root))


def test_other_errors_are_left_to_others(root: Path) -> None:
    assert explain(ValueError("no"), root) is None
    assert explain(FileNotFoundError(errno.ENOENT, "No such file", "mapping.yaml"), root) is None
