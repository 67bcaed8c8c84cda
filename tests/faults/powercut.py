"""What is on disk when the power fails: a folder after any call of a run, without what was not synced by then.

What a process has written is certain to last only after fsync: of a file its bytes, of a folder the names in it. Of
what was changed since, each change may have reached the disk or not. A file system may keep more than that, none may
keep less.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.syscalls import Call

TORN = b"what stood here was not synced"


@dataclass(slots=True)
class Recorder:
    """A judge that lets every call happen, and keeps it, with the bytes that an fsync makes last."""

    events: list[tuple[Call, bytes | None]] = field(default_factory=list)

    def __call__(self, call: Call) -> int:
        """Keeps a call that is about to be made."""
        is_file = call.kind == "fsync" and call.path.is_file()
        self.events.append((call, call.path.read_bytes() if is_file else None))
        return 0


@dataclass(slots=True, eq=False)
class _File:
    """A file, under whatever names: the bytes that are certain to last, and whether it has been written to since."""

    synced: bytes
    is_dirty: bool = False


_Tree = dict[Path, _File | None]  # by path; None is a folder


@dataclass(slots=True, eq=False)
class _Change:
    """A change of names, which lasts when a folder that it touches has been synced since (``is_due``)."""

    call: Call
    made: _File | None
    is_due: bool = False

    def touches(self, folder: Path) -> bool:
        return folder in (self.call.path.parent, self.call.target.parent if self.call.target else None)


class Disk:
    """A folder as programs see it, and as it is certain to be on disk."""

    def __init__(self, root: Path) -> None:
        self._seen: _Tree = {root: None}
        for path in sorted(root.rglob("*")):
            self._seen[path] = None if path.is_dir() else _File(path.read_bytes())
        self._lasting = dict(self._seen)
        self._pending: list[_Change] = []
        self._root = root

    def happen(self, events: Iterable[tuple[Call, bytes | None]]) -> None:
        """Takes calls into account, one after the other; those that fail change nothing."""
        for call, content in events:
            file = self._seen.get(call.path)
            if call.kind == "fsync":
                if file is not None and content is not None:
                    file.synced, file.is_dirty = content, False
                for change in self._pending:
                    change.is_due |= change.touches(call.path)
                self._settle()
            elif file is not None and call.kind in ("write", "truncate", "open"):
                file.is_dirty = True
            else:
                change = _Change(call, _File(TORN, is_dirty=True) if call.kind == "open" else None)
                if _apply(self._seen, change):
                    self._pending.append(change)

    def _settle(self) -> None:
        """Makes last what is due, in whatever folder that lasts itself."""
        while done := [c for c in self._pending if c.is_due and _apply(self._lasting, c)]:
            self._pending = [c for c in self._pending if c not in done]

    def fail(self, target: Path, share: float, rng: random.Random) -> None:
        """Writes what is left after a power cut in which that ``share`` of the changes since the last sync has lasted."""
        left = dict(self._lasting)
        for change in self._pending:
            if rng.random() < share:
                _apply(left, change)
        shutil.rmtree(target, ignore_errors=True)
        for path, file in sorted(left.items()):
            place = target / path.relative_to(self._root)
            if file is None:
                place.mkdir(parents=True)
            else:
                place.write_bytes(file.synced if not file.is_dirty else rng.choice([file.synced, b"", TORN]))


def _apply(tree: _Tree, change: _Change) -> bool:
    """Makes a change of names; returns whether it could be made."""
    call, path, target = change.call, change.call.path, change.call.target
    if call.kind in ("open", "mkdir"):
        if path in tree or tree.get(path.parent, path) is not None:
            return False
        tree[path] = change.made
    elif call.kind in ("rename", "link"):
        assert target is not None
        if path not in tree or tree.get(target.parent, target) is not None:
            return False
        if call.kind == "link" and target in tree:
            return False
        for old in [old for old in tree if old == path or path in old.parents]:
            tree[target / old.relative_to(path)] = tree[old] if call.kind == "link" else tree.pop(old)
    elif call.kind == "unlink":
        if tree.get(path) is None:
            return False
        del tree[path]
    elif call.kind == "rmdir":
        if path not in tree or any(path in other.parents for other in tree):
            return False
        del tree[path]
    else:
        raise ValueError(call.kind)
    return True
