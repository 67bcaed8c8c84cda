"""From the settings to what the tasks of a run are told."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from secrets import token_hex

from flows.settings import Settings
from tasks.forgotten import read_forgotten
from tasks.lake import Lake
from tasks.normalise.article import NormaliseOptions
from tasks.process import RunContext
from tasks.readers import ReadOptions
from tasks.readers.mapping import load_mapping


def read_options(lake: Lake, settings: Settings) -> ReadOptions:
    """How raw files are read; raises MappingError where the mapping can't be used."""
    return ReadOptions(
        load_mapping(settings.mapping),
        max_record_bytes=settings.max_record_bytes,
        max_file_bytes=settings.max_file_bytes,
        max_expansion_ratio=settings.max_expansion_ratio,
        max_members=settings.max_members,
        max_member_bytes=settings.max_member_bytes,
        scratch=lake.spill_dir,
    )


def run_context(
    lake: Lake, settings: Settings, run_id: str, started_at: datetime, staging: Path | None = None
) -> RunContext:
    """What all batches of a run share; its rows are staged below ``staging``, by default the lake's own."""
    folder = f"{run_id}-{token_hex(4)}"  # no other's, not even that of an equal run whose processes have not ended yet
    return RunContext(
        run_id,
        started_at,
        staging / folder if staging else lake.staging_dir(folder),
        settings.extractor,
        read_options(lake, settings),
        NormaliseOptions(settings.day_first, settings.date_from_url),
        settings.record_seconds,
        read_forgotten(lake),
    )
