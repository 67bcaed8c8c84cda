import os
from datetime import date
from pathlib import Path

import pytest

from tasks.discover import BATCH_BYTES, RawPathError, discover, plan
from tasks.records import RawFile


def write(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_folder_is_walked_in_the_order_of_uris(tmp_path):
    for name in ("b/2.txt", "a.jsonl", "b/10.txt"):
        write(tmp_path / name)
    assert [f.uri for f in discover(tmp_path).new] == ["a.jsonl", "b/10.txt", "b/2.txt"]


def test_a_single_file_is_named_by_its_name(tmp_path):
    found = discover(write(tmp_path / "README.txt"))
    assert [f.uri for f in found.new] == ["README.txt"]


def test_readmes_mappings_and_hidden_files_are_listed_as_ignored(tmp_path):
    for name in ("README.md", "my.yaml", ".DS_Store", "a.txt"):
        write(tmp_path / name)
    found = discover(tmp_path)
    assert [f.uri for f in found.new] == ["a.txt"]
    assert found.n_files == 4


def test_files_older_than_since_are_ignored(tmp_path):
    os.utime(write(tmp_path / "old.txt"), (0, 0))
    write(tmp_path / "new.txt")
    found = discover(tmp_path, since=date(2000, 1, 1))
    assert [f.uri for f in found.new] == ["new.txt"]
    assert [f.uri for f in found.ignored] == ["old.txt"]


def test_links_out_of_the_folder_and_special_files_are_refused(tmp_path):
    outside = write(tmp_path / "secret.txt")
    raw = tmp_path / "raw"
    write(raw / "good.txt")
    (raw / "out.txt").symlink_to(outside)
    (raw / "nowhere.txt").symlink_to(raw / "missing.txt")
    (raw / "inside.txt").symlink_to(raw / "good.txt")
    (raw / "loop").symlink_to(raw)
    os.mkfifo(raw / "pipe.txt")
    found = discover(raw)
    assert [f.uri for f in found.new] == ["good.txt", "inside.txt"]
    assert [r.uri for r in found.rejected] == ["loop", "nowhere.txt", "out.txt", "pipe.txt"]
    assert {r.reason_code for r in found.rejected} == {"unreadable_file"}


def test_a_missing_path_is_one_clear_line(tmp_path):
    with pytest.raises(RawPathError, match="does not exist; give a file or a folder"):
        discover(tmp_path / "nothing")


@pytest.mark.parametrize("n_bytes", [1, BATCH_BYTES // 3, BATCH_BYTES, 5 * BATCH_BYTES])
def test_batches_hold_every_file_once_and_stay_small(n_bytes):
    files = [RawFile(Path(str(i)), str(i), "", n_bytes) for i in range(2_500)]
    batches = plan(files)
    assert [f for batch in batches for f in batch] == files
    largest = max(file.n_bytes for file in files)
    assert all(b and len(b) <= 1_000 and sum(f.n_bytes for f in b) <= BATCH_BYTES + largest for b in batches)


@pytest.mark.parametrize(
    ("megabytes", "workers", "expected"),
    [
        (1, 8, [1]),
        (4, 2, [2, 2]),
        (5, 3, [2, 2, 1]),
        (5, 8, [1] * 5),
        (40, 2, [10] * 4),
        (40, 1, [14, 13, 13]),
        (0, 4, []),
    ],
)
def test_batches_are_even_and_as_many_as_pay(megabytes: int, workers: int, expected: list[int]) -> None:
    files = [RawFile(Path(str(n)), str(n), n_bytes=1024 * 1024) for n in range(megabytes)]
    assert [len(batch) for batch in plan(files, workers)] == expected
