"""Bounds the time that one record may take: a record that hangs its reader or the extractor is refused, not waited for.

Two bounds, since Python can interrupt its own code and regular expressions, but no other call into C that never
returns. SIGALRM raises TimeLimit where the record is worked on. Where that doesn't help, the process is killed by the
one that watches it (tasks/workers.py), which learns from the board what the process was working on, and since when.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator, Mapping, MutableSequence, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NamedTuple

STEPS = {
    "read": "Reading this far into the file",
    "record": "Reading the record",
    "normalise": "Normalising the record",
    "extract": "Extracting from the text",
}
_STEPS = tuple(STEPS)
BOARD_SIZE = 4  # numbers: since when, or 0; the file's place in the batch; the record's ordinal; the step


class Place(NamedTuple):
    """What is being worked on: a record, by its file and its ordinal in it, and the step (a key of STEPS)."""

    uri: str
    ordinal: int
    step: str


Refused = Mapping[Place, tuple[str, str]]  # what must not be worked on again: its reason_code, and a sentence


class TimeLimit(BaseException):
    """The record took too long, or ended its process before; the message is a sentence for people.

    No Exception, so that code which catches whatever goes wrong doesn't swallow it.
    """

    def __init__(self, sentence: str, reason_code: str = "timeout") -> None:
        super().__init__(sentence)
        self.reason_code = reason_code


class _Watch:
    """What a process works on now, and what it must not work on again."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.place: Place | None = None
        self.refused: Refused = {}
        self.numbers: dict[str, int] = {}
        self.board: MutableSequence[float] = [0.0] * BOARD_SIZE

    def post(self, place: Place | None) -> None:
        """Says on the board what is worked on from now on."""
        self.place = place
        if place is None:
            self.board[0] = 0.0
            return
        self.board[1:] = [self.numbers.get(place.uri, -1), place.ordinal, _STEPS.index(place.step)]
        self.board[0] = time.monotonic()


_watch = _Watch()


@contextmanager
def watching(
    seconds: float,
    uris: Sequence[str] = (),
    board: MutableSequence[float] | None = None,
    refused: Refused | None = None,
) -> Iterator[None]:
    """Within the block, ``limited`` allows ``seconds``, and raises at once for the places in ``refused``.

    ``board`` may lie in memory shared with another process. Outside the main thread, where no signal arrives, only the
    process that watches the board sets a limit.
    """
    global _watch
    outer, _watch = _watch, _Watch()
    _watch.seconds, _watch.refused = seconds, refused or {}
    _watch.numbers = {uri: number for number, uri in enumerate(uris)}
    if board is not None:
        _watch.board = board
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGALRM)

    def ring(number: int, frame: FrameType | None) -> None:
        if _watch.place is not None:
            place = _watch.place
            _watch.place = None  # rings once
            raise TimeLimit(f"{STEPS[place.step]} took longer than {_watch.seconds:g} seconds.")
        if callable(before):
            before(number, frame)

    if is_main:
        signal.signal(signal.SIGALRM, ring)
    try:
        yield
    finally:
        _watch.post(None)
        if is_main:
            signal.signal(signal.SIGALRM, before)
        _watch = outer


@contextmanager
def limited(uri: str, ordinal: int, step: str) -> Iterator[None]:
    """Raises TimeLimit in the block where it takes longer than ``watching`` allows; without that, sets no limit."""
    place = Place(uri, ordinal, step)
    if place in _watch.refused:
        reason_code, sentence = _watch.refused[place]
        raise TimeLimit(sentence, reason_code)
    if not _watch.seconds:
        yield
        return
    outer, started = _watch.place, time.monotonic()
    _watch.post(place)
    remaining = _set_timer(_watch.seconds)
    try:
        yield
    finally:
        _set_timer(max(remaining - (time.monotonic() - started), 0.001) if remaining else 0)
        _watch.post(outer)


def go_on() -> None:
    """Says that there is progress: what is worked on now gets its full time again."""
    if _watch.place is not None:
        _watch.board[0] = time.monotonic()
        _set_timer(_watch.seconds)


def _set_timer(seconds: float) -> float:
    """Starts the timer anew; returns what was left of it, 0 where it did not run."""
    if threading.current_thread() is not threading.main_thread():
        return 0.0
    return signal.setitimer(signal.ITIMER_REAL, seconds)[0]


def place_on(board: Sequence[float], uris: Sequence[str]) -> tuple[Place, float] | None:
    """What a process has on its board and since when (time.monotonic); None where it works on no record."""
    since, file, ordinal, step = board
    if not since or not 0 <= int(file) < len(uris):
        return None
    return Place(uris[int(file)], int(ordinal), _STEPS[int(step)]), since
