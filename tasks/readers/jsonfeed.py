"""JSON Feed: the entries of a feed, each with what the feed says for all of them."""

from __future__ import annotations

from typing import Any

_VERSION = "jsonfeed.org/version/"


def is_feed(value: Any) -> bool:
    """Whether an object is a feed in JSON Feed 1.0 or 1.1."""
    return isinstance(value, dict) and _VERSION in str(value.get("version")) and isinstance(value.get("items"), list)


def entries(feed: dict[Any, Any]) -> list[Any]:
    """The entries; the feed's authors and language count for those that name none, its title names the publisher."""
    shared = {
        "authors": feed.get("authors") or feed.get("author"),
        "language": feed.get("language"),
        "publisher_name": feed.get("title"),
    }
    return [shared | _own(entry) if isinstance(entry, dict) else entry for entry in feed["items"]]


def _own(entry: dict[Any, Any]) -> dict[Any, Any]:
    """An entry, its author under the name that version 1.1 has for a list of them."""
    author = entry.get("authors") or entry.get("author")
    return entry | ({"authors": author} if author else {})
