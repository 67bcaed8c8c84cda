"""Lakes and raw files wherever they lie: a folder is used as it is, an `s3://` address by way of a local copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.settings import Settings
from tasks.lake import Lake
from tasks.objects import Objects, remote_address
from tasks.remote import mirror, reading_copy, writing_copy


@contextmanager
def lake_to_write(place: Path, settings: Settings) -> Iterator[Lake]:
    """The lake to work on; one at an address gets what was committed when the block ends."""
    if address := remote_address(place):
        objects = Objects(address, settings.endpoint_url)
        with writing_copy(objects, settings.cache, settings.lock_wait_seconds) as lake:
            yield lake
    else:
        yield Lake(Path(place).absolute())


def read_lake(place: Path, settings: Settings | None = None) -> Lake:
    """The lake to read from, as it is now."""
    settings = settings or Settings()
    if address := remote_address(place):
        return reading_copy(Objects(address, settings.endpoint_url), settings.cache)
    return Lake(Path(place).absolute())


def raw_folder(place: Path, settings: Settings) -> Path:
    """The folder of raw files; those at an address are downloaded, but for those that are there from last time."""
    if address := remote_address(place):
        return mirror(Objects(address, settings.endpoint_url), settings.cache)
    return Path(place)
