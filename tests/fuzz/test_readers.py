from pathlib import Path
from zlib import crc32

import pytest

from tasks.readers.formats import FORMATS
from tests.fuzz.check import FINDS, check, seeds
from tests.fuzz.mutate import mutate

ROUNDS = 60  # of each format; `python -m tests.fuzz --minutes 10` goes on from there


@pytest.mark.parametrize("format_", FORMATS)
def test_damaged_files_are_read_or_refused(tmp_path: Path, format_: str) -> None:
    files = seeds(format_)
    for number in range(ROUNDS):
        path = files[number % len(files)]
        target = tmp_path / path.name
        target.write_bytes(mutate(path.read_bytes(), crc32(format_.encode()) + number, files[-1].read_bytes()))
        check(target)


@pytest.mark.parametrize("path", sorted(FINDS.glob("*")), ids=lambda path: path.name)
def test_what_was_found_before_stays_mended(tmp_path: Path, path: Path) -> None:
    target = tmp_path / path.name
    target.write_bytes(path.read_bytes())
    check(target)
