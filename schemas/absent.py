"""Keeps packages from being imported by libraries that would use them if they were to be had."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder


@contextmanager
def hidden(*names: str) -> Iterator[None]:
    """Within, importing a package of these names fails as if it were not installed, unless it is imported already."""
    with asked_first(_Hidden(names)):
        yield


@contextmanager
def asked_first(finder: MetaPathFinder) -> Iterator[None]:
    """Within, a finder is asked for whatever is imported before all others are."""
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _Hidden(MetaPathFinder):
    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def find_spec(self, fullname: str, *_: object) -> None:
        if fullname in self._names:
            raise ModuleNotFoundError(name=fullname)
