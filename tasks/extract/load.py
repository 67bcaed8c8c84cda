"""Finds the extractor that a run names: a built-in one, or any importable object given as `module:attribute`."""

from __future__ import annotations

import importlib
from functools import lru_cache

from tasks.extract.base import Extractor

BUILT_IN = {"rules": "tasks.extract.rules:RuleExtractor"}


class ExtractorError(Exception):
    """The extractor can't be had; the message is one line that says why."""


@lru_cache(maxsize=4)
def load_extractor(spec: str) -> Extractor:
    """The extractor called ``spec`` (`rules`, or `package.module:ClassOrObject`); raises ExtractorError."""
    module_name, _, attribute = BUILT_IN.get(spec, spec).partition(":")
    if not attribute:
        raise ExtractorError(f"no extractor is called {spec!r}; use {', '.join(BUILT_IN)} or `module:attribute`")
    try:
        found = getattr(importlib.import_module(module_name), attribute)
    except (ImportError, AttributeError) as error:
        raise ExtractorError(f"the extractor {spec!r} can't be imported: {error}") from error
    extractor = found() if isinstance(found, type) else found
    missing = [name for name in ("name", "version", "extract") if not hasattr(extractor, name)]
    if missing:
        raise ExtractorError(f"the extractor {spec!r} lacks {', '.join(missing)}")
    return extractor  # type: ignore[no-any-return]
