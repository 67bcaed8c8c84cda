"""The corrections file: JSON Lines, one line a decision, only ever added to."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tasks.corrections.decisions import Decision, from_line, to_line
from tasks.identity.corrections import CorrectionsError
from tasks.lake import Lake

NAME = "corrections.jsonl"
_ID = re.compile("[0-9a-f]{32}")
LINE_BYTES = 1024 * 1024  # the longest line that is read


@dataclass(frozen=True, slots=True)
class Problem:
    """A line, counted from 1, that holds no decision; ``reason`` is a clause: the line is, or has, …"""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Corrections:
    """The decisions of a file, in the order in which they were made, and the lines that are none."""

    decisions: tuple[Decision, ...] = ()
    problems: tuple[Problem, ...] = ()

    def on_quote(self, quote_id: str) -> list[Decision]:
        """The decisions on a quote, by the key that it had then, the latest last."""
        return [d for d in self.decisions if getattr(getattr(d, "quote", None), "quote_id", None) == quote_id]


def corrections_file(lake: Lake, chosen: Path | None = None) -> Path:
    """Where the decisions on a lake are kept: the file that was chosen, else `corrections.jsonl` in the lake."""
    return chosen or lake.root / NAME


def read(path: Path) -> Corrections:
    """The decisions in a file, none where there is no file. A line that is none stops nothing and is reported.

    The order of lines does not matter, so that two versions of a file can be merged; a line that occurs twice counts
    once. Raises CorrectionsError where the file can't be read.
    """
    found: dict[str, Decision] = {}
    problems: list[Problem] = []
    try:
        for number, line in _lines(path):
            if not line.strip():
                continue
            try:
                if len(line) > LINE_BYTES:
                    raise ValueError(f"is longer than {LINE_BYTES:,} bytes")
                decision = from_line(line)
                if found.setdefault(decision.id, decision) != decision:
                    raise ValueError(f"has the id of another decision, {decision.id}")
            except ValueError as error:
                problems.append(Problem(number, str(error)))
    except FileNotFoundError:
        return Corrections()
    except OSError as error:
        raise CorrectionsError(f"{path} can't be read: {error.strerror}") from error
    return Corrections(tuple(sorted(found.values(), key=lambda d: d.place)), tuple(problems))


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers; of one that is too long, its beginning."""
    with path.open("rb") as file:
        number, line = 1, file.readline(LINE_BYTES + 1)
        while line:
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            yield number, line
            while line and not line.endswith(b"\n"):
                line = file.readline(LINE_BYTES)
            number, line = number + 1, file.readline(LINE_BYTES + 1)


def append(path: Path, decision: Decision) -> None:
    """Adds a decision to a file, and waits until it is on disk; makes the file where there is none.

    Programs that append at the same time wait for each other. A line that was left half-written stays a line of its
    own, and what can't be written whole is taken back. Raises CorrectionsError.
    """
    line = to_line(decision).encode("utf-8") + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path) as (descriptor, size):
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                line = b"\n" + line
            try:
                _write(descriptor, line)
            except OSError:
                os.ftruncate(descriptor, size)
                raise
            if not size:
                _sync_folder(path.parent)
    except OSError as error:
        raise CorrectionsError(f"{path} can't be written: {error.strerror}") from error


def strike(path: Path, article_ids: AbstractSet[str]) -> None:
    """Takes the decisions on quotes of some articles out of a file, with the words that they hold.

    Raises CorrectionsError.
    """
    if not path.exists():
        return
    new = path.with_name(f"{path.name}.tmp")
    try:
        with _locked(path), path.open("rb") as old, new.open("wb") as file:
            file.writelines(line for line in old if not article_ids & set(_ID.findall(line.decode("ascii", "replace"))))
            file.flush()
            os.fsync(file.fileno())
            new.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise CorrectionsError(f"{path} can't be written: {error.strerror}") from error


@contextmanager
def _locked(path: Path) -> Iterator[tuple[int, int]]:
    """The descriptor and the size of the file, locked; once more where another file has taken its place meanwhile."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            held = os.fstat(descriptor)
            if path.exists() and os.path.samestat(held, path.stat()):
                yield descriptor, held.st_size
                return
        finally:
            os.close(descriptor)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
