"""Reads bytes as if they were a file: what the tests of all readers share."""

from pathlib import Path
from typing import Any

from tasks.normalise.article import normalise
from tasks.readers import ReadOptions, read_file
from tasks.records import RawFile, RawRecord, Rejection


def read(folder: Path, name: str, data: bytes, **options: Any) -> list[RawRecord | Rejection]:
    """All that read_file yields for a file of these bytes."""
    path = folder / name
    path.write_bytes(data)
    return list(read_file(RawFile(path, name), ReadOptions(**options)))


def fields(folder: Path, name: str, data: bytes, **options: Any) -> list[dict[str, Any]]:
    """The fields of all records; fails where anything was refused."""
    items = read(folder, name, data, **options)
    assert not [item for item in items if isinstance(item, Rejection)]
    return [item.fields for item in items if isinstance(item, RawRecord)]


def article(folder: Path, text: str) -> dict[str, Any]:
    """The article row that a text dump ends as."""
    return normalised(folder, "a.txt", text.encode())


def normalised(folder: Path, name: str, data: bytes) -> dict[str, Any]:
    """The article row that the one record of a file ends as."""
    [record] = read(folder, name, data)
    assert isinstance(record, RawRecord)
    outcome = normalise(record)
    assert not isinstance(outcome, Rejection)
    return outcome.row


def verdicts(items: list[RawRecord | Rejection]) -> list[str]:
    """A title for each record and a reason code for each rejection, in order."""
    return [item.reason_code if isinstance(item, Rejection) else item.fields.get("title", "-") for item in items]
