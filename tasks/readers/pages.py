"""Records that hold a whole web page where others hold a text, as crawlers keep them beside its address."""

from __future__ import annotations

from typing import Any

from tasks.readers.mapping import Mapping, Misfit, to_fields
from tasks.readers.sniff import HTML_START
from tasks.readers.source import Source
from tasks.timelimit import TimeLimit

# What the page knows better than a record that was made when it was fetched.
_OF_PAGE = frozenset(("text", "markup", "published", "published_origin", "modified"))


def read_fields(record: dict[str, Any], mapping: Mapping | None, source: Source) -> dict[str, Any] | Misfit:
    """As `to_fields`, with the article of the page where the text is one, completed by what the record says of it."""
    fields = to_fields(record, mapping)
    page = fields.get("text") if isinstance(fields, dict) else None
    if isinstance(fields, Misfit) or not isinstance(page, str) or not HTML_START.match(page[:8192].lstrip()):
        return fields
    try:
        from tasks.readers.html import page_fields

        with source.time_limit():
            found = page_fields(
                page.encode("utf-8", "replace"), content_type="text/html; charset=utf-8", url=fields.get("url")
            )
    except ModuleNotFoundError as error:
        reason = f"The record holds a web page, which needs the package {error.name}: pip install 'onrecord[html]'."
        return Misfit("missing_extra", reason, "text")
    except TimeLimit as limit:
        return Misfit(limit.reason_code, str(limit), "text")
    if not isinstance(found, dict):
        return Misfit(found.reason_code, found.reason, "text")
    return fields | {name: value for name, value in found.items() if name in _OF_PAGE or name not in fields}
