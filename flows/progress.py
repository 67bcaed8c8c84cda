"""Tells whoever watches how far a run is: the command line's progress bar listens here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Step(NamedTuple):
    """A stage of a run and how far it is: ``done`` of ``total`` bytes (0: nobody can say), and a remark."""

    stage: str
    done: int = 0
    total: int = 0
    remark: str = ""


Listener = Callable[[Step], None]
_listeners: list[Listener] = []


def report(stage: str, done: int = 0, total: int = 0, remark: str = "") -> None:
    """Says how far a stage is. In another process than the flow's nobody listens."""
    for listener in _listeners:
        listener(Step(stage, done, total, remark))


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Has ``listener`` called on every report within the block."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
