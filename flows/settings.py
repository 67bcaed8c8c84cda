"""Settings of a run: defaults here, overridden by ONRECORD_* environment variables, then by the command line."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

if TYPE_CHECKING:
    from tasks.drift import Limits
    from tasks.linking import LinkOptions

DEFAULT_RAW = Path("data/raw")
DEFAULT_LAKE = Path("data/processed")
KEEP_REPORTS, KEEP_DAYS = 100, 365  # reports that maintenance leaves, and days for which it leaves all
MAX_HOURS = 12.0  # that a scheduled run may take


class Settings(BaseSettings):
    """How a run reads, normalises, extracts and publishes. ``ONRECORD_WORKERS=4`` sets ``workers``, and so on."""

    model_config = SettingsConfigDict(env_prefix="ONRECORD_", extra="forbid", frozen=True)

    extractor: str = Field(
        default="press", description="Extractor: `press`, `rules`, or any importable `module:attribute`."
    )
    max_quarantined: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Share of records that may be refused (duplicates and items that are no articles apart) before the"
        " run fails and publishes nothing; no limit where unset.",
    )
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, description="Processes that work on batches."
    )
    runner: Literal["local", "dask"] = Field(
        default="local", description="Where batches are processed: on this machine, or on the workers of a cluster."
    )
    dask_address: str | None = Field(
        default=None, description="Dask scheduler for runner `dask`, such as tcp://10.0.0.1:8786 (docs/scaling.md)."
    )
    mapping: Path | None = Field(default=None, description="YAML file that names the fields of a JSON or CSV layout.")
    corrections: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(),
        description="A YAML file that says which names are the same, and which are not (docs/identity.md); a JSON Lines"
        " file of decisions (docs/corrections.md); or both, in the environment with a colon between.",
    )
    knowledge: Path | None = Field(
        default=None,
        description="Parquet or CSV file of ids, names and aliases to link entities to (docs/identity.md).",
    )
    day_first: bool = Field(default=False, description="Read 4/5/2026 as 4 May where nothing else tells.")
    date_from_url: bool = Field(default=False, description="Take a missing date from the URL (published_source `url`).")
    max_record_bytes: int = Field(default=16 * 1024 * 1024, gt=0, description="Largest record that is read.")
    max_file_bytes: int = Field(
        default=8 * 1024**3, gt=0, description="What one file, all members of an archive together, may expand to."
    )
    max_expansion_ratio: int = Field(
        default=1000, gt=0, description="How many times larger than its compressed form a file or member may get."
    )
    max_members: int = Field(default=100_000, gt=0, description="Largest number of members of an archive.")
    max_member_bytes: int = Field(default=2 * 1024**3, gt=0, description="Largest member of an archive that is read.")
    record_seconds: float = Field(
        default=30, gt=0, description="Longest time that reading, normalising or extracting may take one record."
    )
    drift_runs: int = Field(default=14, ge=1, description="Earlier runs that a run is compared with.")
    drift_min_runs: int = Field(default=5, ge=2, description="Earlier runs below which nothing is compared.")
    drift_threshold: float = Field(
        default=3.5, gt=0, description="Modified z-score from which on a figure has drifted (docs/reports.md)."
    )
    drift_share: float = Field(default=0.1, ge=0, le=1, description="Least change of a share that counts as drift.")
    drift_ratio: float = Field(default=2.0, ge=1, description="Least factor by which a count has to change to drift.")
    fail_on_drift: bool = Field(default=False, description="Let a run that has drifted fail, and publish nothing.")
    lock_wait_seconds: float = Field(default=0, ge=0, description="How long to wait for another run on the same lake.")
    memory_limit: str = Field(
        default="512MB",
        description="Memory that DuckDB may use to compare, link and merge: bytes (`2GB`), or a share of all (`50%`).",
    )

    endpoint_url: str | None = Field(
        default=None, description="Where the store of s3:// addresses is, if not at Amazon (docs/scaling.md)."
    )
    cache: Path = Field(
        default_factory=lambda: Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache", "onrecord").expanduser(),
        description="Folder for local copies of what lies at s3:// addresses.",
    )

    @field_validator("corrections", mode="before")
    @classmethod
    def _paths(cls, value: object) -> object:
        if isinstance(value, str):
            value = tuple(filter(None, value.split(os.pathsep)))
        return (value,) if isinstance(value, Path) else value

    @field_validator("corrections")
    @classmethod
    def _one_of_a_kind(cls, value: tuple[Path, ...]) -> tuple[Path, ...]:
        if len(value) > len({_is_yaml(path) for path in value}):
            raise ValueError("one YAML file and one JSON Lines file at most")
        return value

    @field_validator("memory_limit")
    @classmethod
    def _is_size(cls, value: str) -> str:
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)? ?([kmgt]i?b|%)", value, re.IGNORECASE):
            raise ValueError(f"{value!r} is no size such as 2GB, and no share such as 50%")
        return value

    @model_validator(mode="after")
    def _has_an_address(self) -> Settings:
        if self.runner == "dask" and not self.dask_address:
            raise ValueError("runner dask needs the address of a Dask scheduler, dask_address")
        return self

    @property
    def link_options(self) -> LinkOptions:
        """What people know better than the rules that link articles."""
        from tasks.linking import LinkOptions

        names = next((path for path in self.corrections if _is_yaml(path)), None)
        decisions = next((path for path in self.corrections if not _is_yaml(path)), None)
        return LinkOptions(names, self.knowledge, decisions)

    @property
    def drift_limits(self) -> Limits:
        """When a figure has drifted."""
        from tasks.drift import Limits

        return Limits(self.drift_min_runs, self.drift_threshold, self.drift_share, self.drift_ratio)


def _is_yaml(path: Path) -> bool:
    return path.suffix.lower() in (".yaml", ".yml")


def run_clock() -> datetime:
    """The time that a run stamps on its rows: SOURCE_DATE_EPOCH where it is set, for reproducible output, else now."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)


def code_version() -> str:
    """Version of the installed package."""
    try:
        return version("onrecord")
    except PackageNotFoundError:
        return "unknown"
