"""From the settings to what the tasks of a run are told."""

from __future__ import annotations

from datetime import datetime
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


def run_context(lake: Lake, settings: Settings, run_id: str, started_at: datetime) -> RunContext:
    """What all batches of a run share."""
    return RunContext(
        run_id,
        started_at,
        # No other run's, not even that of an equal run whose processes have not all ended yet.
        lake.staging_dir(f"{run_id}-{token_hex(4)}"),
        settings.extractor,
        read_options(lake, settings),
        NormaliseOptions(settings.day_first, settings.date_from_url),
        settings.record_seconds,
        read_forgotten(lake),
    )
