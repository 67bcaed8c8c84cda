"""What software this process runs, as far as the bytes of a lake depend on it, so that several machines can agree."""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

READING_EXTRAS = ("", "html", "warc", "xlsx")  # extras that change what is read
PACKAGES = ("tasks", "schemas", "models")


@cache
def software(packages: tuple[str, ...] = PACKAGES) -> dict[str, str]:
    """Versions by name: Python, this package, the packages it requires, and a digest of its own sources and models.

    Read once a process, so that it says what the process runs, not what has been installed since.
    """
    found = {"Python": ".".join(map(str, sys.version_info[:3])), "onrecord": _version("onrecord")}
    for requirement in map(Requirement, requires("onrecord") or []):
        if not requirement.marker or any(requirement.marker.evaluate({"extra": extra}) for extra in READING_EXTRAS):
            found[requirement.name] = _version(requirement.name)
    return found | {"source files of onrecord": _sources(packages)}


def difference(ours: Mapping[str, str], theirs: Mapping[str, str]) -> str | None:
    """What is not the same, in words (`pyarrow is 25.0, not 26.0`), or None."""
    for name in ("onrecord", *sorted({*ours, *theirs})):
        mine, other = ours.get(name, "missing"), theirs.get(name, "missing")
        if mine != other:
            return f"{name} is {other}, not {mine}"
    return None


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _sources(packages: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for name in packages:
        folder = Path(str(importlib.import_module(name).__file__)).parent
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{name}/{path.relative_to(folder).as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
