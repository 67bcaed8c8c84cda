"""Items of a file that is no sequence of lines: XML elements, messages of a wire. None is held beyond the limit."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.readers.source import Bytes, Measure


@dataclass(slots=True)
class Item:
    """An item of a file: its bytes, and what is kept of them for quarantine.

    ``is_cut``: its end is missing. ``is_oversize``: it exceeds the limit for one record, and ``data`` is empty.
    """

    data: bytes
    raw: Bytes
    is_cut: bool
    is_oversize: bool


class Collector:
    """The bytes of an item as they come in, held only as far as the limit goes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._measure = Measure()
        self._size = 0

    def add(self, data: bytes) -> None:
        """Adds the next bytes of the item."""
        self._measure.add(data)
        self._size += len(data)
        if self._size <= self._limit:
            self._parts.append(data)
        else:
            self._parts.clear()

    def item(self, is_cut: bool = False) -> Item:
        """The item that all bytes so far make up."""
        return Item(b"".join(self._parts), self._measure.result(), is_cut, self._size > self._limit)
