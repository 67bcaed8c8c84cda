"""Finds the extractor that a run names: a built-in one, or any importable object given as `module:attribute`."""

from __future__ import annotations

import importlib
from functools import lru_cache
from typing import Any

from tasks.extract.base import Extractor
from tasks.extract.tagger.network import ModelError

BUILT_IN = {"press": "tasks.extract.press:PressExtractor", "rules": "tasks.extract.rules:RuleExtractor"}


class ExtractorError(Exception):
    """The extractor can't be had; the message is one line that says why."""


def find_extractor(spec: str) -> Any:
    """The class or object that ``spec`` names (`press`, `rules`, or `package.module:attribute`); raises ExtractorError.

    It is not made: a model is loaded only where it is used.
    """
    module_name, _, attribute = BUILT_IN.get(spec, spec).partition(":")
    if not attribute:
        raise ExtractorError(f"no extractor is called {spec!r}; use {', '.join(BUILT_IN)} or `module:attribute`")
    try:
        return getattr(importlib.import_module(module_name), attribute)
    except (ImportError, AttributeError) as error:
        raise ExtractorError(f"the extractor {spec!r} can't be imported: {error}") from error


@lru_cache(maxsize=4)
def load_extractor(spec: str) -> Extractor:
    """The extractor called ``spec``, ready to work, one a process; raises ExtractorError."""
    found = find_extractor(spec)
    try:
        extractor = found() if isinstance(found, type) else found
    except ModelError as error:
        raise ExtractorError(str(error)) from error
    missing = [name for name in ("name", "version", "extract") if not hasattr(extractor, name)]
    if missing:
        raise ExtractorError(f"the extractor {spec!r} lacks {', '.join(missing)}")
    return extractor  # type: ignore[no-any-return]
