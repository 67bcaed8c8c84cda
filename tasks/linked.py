"""What linking has worked out, kept for the next time, so that only what has changed since is worked out again.

<lake>/.onrecord/linked/<stamp>/        files of tasks.copies and tasks.identity

The stamp is a digest of the files that were linked, of what people decided on names, and of this software. So a memory
is either of the lake as it is, or not there, and then all of the lake is linked anew. It is no record: what a lake says
is the same with it and without.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from schemas.tables import ARTICLES, ENTITIES, MENTIONS, QUOTE_CLUSTERS, QUOTES
from tasks.durable import make_folders, sync
from tasks.lake import Lake
from tasks.software import software

_SOURCES = ("tasks", "schemas")  # that find what is kept
WORN = "worn"
_STAMPED = (ARTICLES, QUOTES, MENTIONS, ENTITIES, QUOTE_CLUSTERS)


@dataclass(frozen=True, slots=True)
class Memory:
    """Folders of what was found before, None where all is to be linked anew, and of what is found now.

    What lies in the first is used up: files may be moved from it to the second.
    """

    before: Path | None
    after: Path

    def wear_out(self) -> None:
        """Says that the next linking had better be anew, for too much lies in the files that is of no use any more."""
        (self.after / WORN).touch()


@contextmanager
def nothing_remembered() -> Iterator[Memory]:
    """A memory for one linking, which nobody will ask for."""
    with TemporaryDirectory() as folder:
        yield Memory(None, Path(folder))


class Memories:
    """The memory of a lake for one commit; ``made_of`` says what else than the lake decides what linking finds.

    With ``is_anew``, nothing is remembered. The caller holds the writer lock.
    """

    def __init__(self, lake: Lake, made_of: Iterable[object], is_anew: bool) -> None:
        self._lake, self._made_of = lake, repr([*made_of])
        known, taken, draft = (root(lake) / name for name in (self._stamp(), "taken", "draft"))
        is_known = known.exists() and not is_anew
        drop_memories(lake, known if is_known else None)
        make_folders(draft)
        if is_known:
            known.rename(taken)  # so that one that does any harm does it once
        self.memory = Memory(taken if is_known else None, draft)

    def keep(self) -> None:
        """Keeps what was found, once it is committed, and no other memory; where it can't be kept, none is."""
        draft = self.memory.after
        with suppress(OSError):
            is_worn = (draft / WORN).exists()
            drop_memories(self._lake, None if is_worn else draft)
            if not is_worn:
                for path in (*draft.iterdir(), draft):
                    sync(path)
                draft.rename(root(self._lake) / self._stamp())

    def _stamp(self) -> str:
        digest = hashlib.blake2b(f"{software(_SOURCES)} {self._made_of}".encode(), digest_size=8)
        for table in _STAMPED:
            for path in self._lake.files(table):
                found = path.stat()
                name = path.relative_to(self._lake.root).as_posix()
                digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
        return digest.hexdigest()


def drop_memories(lake: Lake, but: Path | None = None) -> None:
    """Removes all that linking remembers, but for one folder."""
    for folder in root(lake).glob("*"):
        if folder != but:
            shutil.rmtree(folder)


def root(lake: Lake) -> Path:
    """Where the memories of a lake lie."""
    return lake.internal / "linked"
