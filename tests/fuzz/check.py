"""What must hold of every reader, whatever bytes it gets."""

from __future__ import annotations

import json
from pathlib import Path

from tasks.normalise.article import normalise
from tasks.readers import ReadOptions, read_file
from tasks.readers.formats import FORMATS
from tasks.reasons import REASONS
from tasks.records import RawFile, RawRecord

MAX_RECORDS = 5_000
GOLDEN = Path(__file__).parents[1] / "tasks" / "readers" / "golden"
FINDS = Path(__file__).parent / "finds"


def seeds(format_: str) -> list[Path]:
    """The files to damage: the golden ones of a format, and what fuzzing has found in it before."""
    return [path for path in sorted((GOLDEN / format_).glob("*")) if not path.name.endswith(".expected.json")]


def check(path: Path) -> None:
    """Reads a file and normalises its records; fails where a reader breaks its promises."""
    options = ReadOptions(max_record_bytes=64 * 1024, max_file_bytes=8 * 1024 * 1024, scratch=path.parent / "scratch")
    for n, item in enumerate(read_file(RawFile(path, path.name), options), start=1):
        assert item.ordinal == n, f"ordinal {item.ordinal} for item {n}"
        assert n <= max(MAX_RECORDS, path.stat().st_size), "more records than so small a file can hold"
        assert item.raw_sha256 or not item.raw
        if isinstance(item, RawRecord):
            assert item.format in FORMATS
            json.dumps(item.fields, ensure_ascii=False).encode()  # no lone surrogates, nothing but what JSON has
            json.dumps(getattr(normalise(item), "row", None), default=str, ensure_ascii=False).encode()
        else:
            assert item.reason_code in REASONS
            assert item.reason.endswith(".")
            f"{item.reason}{item.member}{item.value}".encode()
    assert not list((path.parent / "scratch").glob("*")), "a temporary copy was left behind"
