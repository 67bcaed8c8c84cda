"""ninjs, news items in JSON: which of them are articles, and what stands in for a text that they lack."""

from __future__ import annotations

from typing import Any

from tasks.readers.items import WITHDRAWN, Problem, withdrawn
from tasks.readers.values import fold, get

_SIGNS = ("versioncreated", "pubstatus", "representationtype", "renditions")
_OTHER_KINDS = ("picture", "photo", "graphic", "video", "audio", "animation", "event", "planning", "package")
_BODIES = ("bodies", "bodyxhtml", "bodyhtml", "bodytext", "articlehtml")


def is_item(record: dict[Any, Any]) -> bool:
    """Whether an object is a news item of ninjs, or of one of the agencies' dialects of it."""
    names = {fold(str(name)) for name in record}
    return not names.isdisjoint(_SIGNS) and not names.isdisjoint(("uri", "guid", "urn", "headline", "headlines"))


def refusal(item: dict[Any, Any]) -> Problem | None:
    """Why a news item is no article: it is of another kind, or was withdrawn; None where it is one."""
    kind, status = get(item, "type"), get(item, "pubstatus")
    if isinstance(kind, str) and kind.casefold() in _OTHER_KINDS:
        return Problem("not_an_article", f"is no text: its type is {kind[:40]}")
    if kind == "composite" and get(item, *_BODIES) is None:
        return Problem("not_an_article", "is a package: a list of other items")
    if isinstance(status, str) and status.casefold() in WITHDRAWN:
        return withdrawn(status)
    return None


def summary(item: dict[Any, Any]) -> str | None:
    """The description, which is all that some agencies give of an article."""
    described = get(item, "descriptiontext", "descriptions", "description")
    if isinstance(described, list):
        described = next((value for d in described if isinstance(d, dict) and (value := get(d, "value"))), None)
    return described if isinstance(described, str) else None
