"""The limits and settings that every reader shares, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tasks.readers.mapping import Mapping

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How raw files are read; sizes in bytes.

    ``mapping`` names the fields of a layout that is not known (docs/formats.md): a YAML file, or the parsed Mapping.
    ``max_record_bytes`` bounds one record, and with it the memory that a reader needs. ``max_file_bytes`` bounds what
    one file may expand to, ``max_expansion_ratio`` how many times larger than its compressed form it may get; the
    ratio is looked at only behind the first 64 MiB, so that small repetitive files pass. In an archive,
    ``max_members`` bounds how many members are read, those of archives inside it included, and ``max_member_bytes`` how
    large one of them may be; the other two hold for all of them together. ``max_copy_bytes`` bounds
    the temporary copy in the folder ``scratch`` (the system's, where unset) that a Parquet, Arrow or SQLite file or a
    ZIP archive needs where it lies compressed or in an archive.
    """

    mapping: Path | Mapping | None = None
    max_record_bytes: int = 16 * MIB
    max_file_bytes: int = 8 * 1024 * MIB
    max_expansion_ratio: int = 1000
    max_members: int = 100_000
    max_member_bytes: int = 2 * 1024 * MIB
    max_copy_bytes: int = 2 * 1024 * MIB
    scratch: Path | None = None
