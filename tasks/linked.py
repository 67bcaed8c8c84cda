"""What linking has worked out, kept for the next time, so that only what has changed since is worked out again.

<lake>/.onrecord/linked/<stamp>/             files of tasks.copies and tasks.identity
<lake>/.onrecord/staging/linked-*/before/    the same, while they are used up by a linking,
<lake>/.onrecord/staging/linked-*/after/     which makes the next

The stamp is a digest of the files that were linked, of what people decided on names, of this software, and of the names
and sizes of the files that are kept. So a memory is whole and of the lake as it is, or not there, and then all of the
lake is linked anew. It is no record: what a lake says is the same with it and without.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from schemas.tables import ARTICLES, ENTITIES, MENTIONS, QUOTE_CLUSTERS, QUOTES
from tasks.durable import make_folders, sync
from tasks.lake import Lake
from tasks.software import software

WORN = "worn"
# By the sources that find what is kept; as this process runs them, whatever is installed before it links.
_MADE_BY = software(("tasks", "schemas"))
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

    With ``is_anew``, nothing is remembered. The caller holds the writer lock, which removes what is not kept.
    """

    def __init__(self, lake: Lake, made_of: Iterable[object], is_anew: bool) -> None:
        self._lake, self._made_of = lake, repr([*made_of])
        make_folders(lake.staging)
        folder = Path(mkdtemp(prefix="linked-", dir=lake.staging))
        taken, draft = folder / "before", folder / "after"
        draft.mkdir()
        known = [found for found in root(lake).glob("*/") if found.name == self._stamp(found) and not is_anew]
        if known:
            known[0].rename(taken)  # so that one that does any harm does it once
        drop_memories(lake)
        self.memory = Memory(taken if known else None, draft)

    def keep(self) -> None:
        """Keeps what was found, once it is committed; where it can't be kept, nothing is."""
        draft = self.memory.after
        if (draft / WORN).exists():
            return
        with suppress(OSError):
            for path in (*draft.iterdir(), draft):
                sync(path)
            make_folders(root(self._lake))
            draft.rename(root(self._lake) / self._stamp(draft))

    def _stamp(self, folder: Path) -> str:
        """The stamp of what is kept in a folder, if that is of the lake as it is now."""
        digest = hashlib.blake2b(f"{_MADE_BY} {self._made_of}".encode(), digest_size=8)
        for path in sorted(folder.iterdir()):
            digest.update(f"{path.name} {path.stat().st_size}\n".encode())
        for table in _STAMPED:
            for path in self._lake.files(table):
                found = path.stat()
                name = path.relative_to(self._lake.root).as_posix()
                digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
        return digest.hexdigest()


def drop_memories(lake: Lake) -> None:
    """Removes all that linking remembers."""
    for path in root(lake).glob("*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def root(lake: Lake) -> Path:
    """Where the memories of a lake lie."""
    return lake.internal / "linked"
