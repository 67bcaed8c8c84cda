"""Examines the installation and a lake: everything that a run needs, each with a finding that says what to do."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from flows.settings import Settings
from tasks.objects import remote_address

LITTLE_DISK = 1_000_000_000  # bytes


def examine(lake: Path) -> list[dict[str, str]]:
    """A list of {check, status, finding}; status is `good`, `odd` (works, but look at it) or `bad`."""
    checks = [_python(), _packages(), _settings(), _model(), _prefect()]
    if remote_address(lake):
        return [*checks, _disk(Settings().cache), _remote_lake(lake)]
    checks.append(_disk(lake))
    return [*checks, _lake(lake)] if (lake / "articles").is_dir() else [*checks, _no_lake(lake)]


def _check(check: str, status: str, finding: str) -> dict[str, str]:
    return {"check": check, "status": status, "finding": finding}


def _python() -> dict[str, str]:
    found = ".".join(map(str, sys.version_info[:3]))
    known = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return _check("Python", "good" if known else "bad", found if known else f"{found}; use Python 3.11 to 3.13")


def _packages() -> dict[str, str]:
    try:
        requirements = [Requirement(r) for r in requires("onrecord") or []]
    except PackageNotFoundError:
        return _check("Packages", "bad", "onrecord is not installed here; run: make setup")
    wrong = []
    for requirement in requirements:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(found, prereleases=True):
            wrong.append(f"{requirement.name} is {found}, but {requirement.specifier} is needed")
    if wrong:
        return _check("Packages", "bad", f"{'; '.join(wrong)}; run: make clean setup")
    return _check("Packages", "good", f"all {len(requirements)} requirements are met")


def _settings() -> dict[str, str]:
    from tasks.extract.load import ExtractorError, load_extractor
    from tasks.process import extractor_id

    try:
        settings = Settings()
        extractor = load_extractor(settings.extractor)
    except (ValueError, ExtractorError) as error:
        return _check("Settings", "bad", " ".join(str(error).split()))
    return _check("Settings", "good", f"extractor {extractor_id(extractor)}, {settings.workers} workers")


def _model() -> dict[str, str]:
    from tasks.extract.press import MODEL
    from tasks.extract.tagger.network import ModelError, damaged_files

    try:
        damaged = list(damaged_files(MODEL))
    except ModelError as error:
        return _check("Model", "bad", str(error))
    if damaged:
        return _check("Model", "bad", f"{', '.join(damaged)} in {MODEL} is damaged; restore it from the repository")
    return _check("Model", "good", "the press tagger's files have their checksums")


def _prefect() -> dict[str, str]:
    url = os.environ.get("PREFECT_API_URL")
    home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    writable = os.access(next(p for p in (home, *home.parents) if p.exists()), os.W_OK)
    if url:
        return _check("Prefect", "good", f"runs report to the server at {url}")
    if not writable:
        return _check("Prefect", "bad", f"{home} can't be written; set PREFECT_HOME to a folder that can")
    return _check("Prefect", "good", "a temporary server of its own for each run (PREFECT_API_URL is not set)")


def _disk(lake: Path) -> dict[str, str]:
    place = next(p for p in (lake.absolute(), *lake.absolute().parents) if p.exists())
    if not os.access(place, os.W_OK):
        return _check("Disk", "bad", f"{place} can't be written; choose another --lake or change its permissions")
    free = shutil.disk_usage(place).free
    return _check("Disk", "good" if free > LITTLE_DISK else "odd", f"{free / 1e9:.1f} GB free at {place}")


def _no_lake(lake: Path) -> dict[str, str]:
    return _check("Lake", "odd", f"{lake} holds no tables yet; make some with: onrecord run data/raw/sample")


def _remote_lake(place: Path) -> dict[str, str]:
    from flows.places import read_lake
    from tasks.lake import LakeError

    try:
        return _lake(read_lake(place).root)
    except LakeError as error:
        return _check("Lake", "bad", str(error))


def _lake(path: Path) -> dict[str, str]:
    import duckdb

    from tasks.lake import Lake, LakeError, init_lake
    from tasks.report import lake_status

    lake = Lake(path.absolute())
    try:
        init_lake(lake)
        found = lake_status(lake)
    except (LakeError, duckdb.Error, OSError) as error:
        return _check("Lake", "bad", f"{error}; `onrecord catalog` builds the catalog anew")
    rows = {table["table"]: table["n_rows"] for table in found["tables"]}
    return _check("Lake", "good", f"{rows['articles']:,} articles and {rows['quotes']:,} quotes, catalog in order")
