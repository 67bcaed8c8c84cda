"""A lake in a bucket: runs and readers work on a local copy of it, and a run commits its copy back as one.

<address>/<table>/…, <address>/reports/…       the files of the lake, under the names they have on a disk
<address>/.onrecord/commits/<generation>.json  what the lake consists of, by digest; the newest one counts
<address>/.onrecord/uploads/<token>/…          new content on its way
<address>/.onrecord/lock                       who writes (tasks/lease.py)

A commit uploads what has changed, and then creates the next generation, which the store grants only once: from then
on it is decided. Then the uploads are copied over the files and removed. Whoever takes the lock next finishes that, or
removes uploads that no generation names. Readers take every file by its digest, from the uploads where it is not in
its place yet, so they see one generation whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TypeVar
from uuid import uuid4

from schemas.tables import TABLES
from tasks.commit import commit, finish_commit, recover, temporary
from tasks.lake import Lake, LakeError, writer_lock
from tasks.lease import Lease, leased
from tasks.objects import Conflict, Objects
from tasks.records import digest_of

COMMITS, UPLOADS = ".onrecord/commits", ".onrecord/uploads"
KEPT_COMMITS = 20
AT_ONCE = 8  # transfers
TRIES = 5
COPY_SECONDS = 600.0  # how long another program may take to bring the same copy up to date
BLOCK = 1024 * 1024

T = TypeVar("T")
R = TypeVar("R")
Files = dict[str, str]  # SHA-256 by path


@dataclass(frozen=True, slots=True)
class State:
    """A generation of a lake: its files, and how the commit that made it changed them."""

    generation: int = 0
    files: Files = field(default_factory=dict)
    token: str = ""
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def upload_of(self, path: str) -> str:
        """The key of a file's new content."""
        return f"{UPLOADS}/{self.token}/{path}"


@contextmanager
def writing_copy(objects: Objects, cache: Path, wait_seconds: float = 0.0) -> Iterator[Lake]:
    """A local copy of the lake to write to; what is committed there is committed in the bucket when the block ends.

    Raises LakeBusy where another run writes, LakeError where the bucket can't be used.
    """
    folder = _folder(objects, cache)
    lake = Lake(folder / "writing")
    lake.internal.mkdir(parents=True, exist_ok=True)
    with writer_lock(Lake(folder / "writing.copy"), wait_seconds), leased(objects, wait_seconds) as lease:
        state = latest(objects)
        _settle(objects, state, lease)
        with writer_lock(lake):
            recover(lake)
        state = _pull(objects, lake, state)
        try:
            yield lake
        except Exception:  # the run failed, but may have said so in the lake
            _push(objects, lake, state, lease)
            raise
        _push(objects, lake, state, lease)


def reading_copy(objects: Objects, cache: Path) -> Lake:
    """A local copy of the lake as it is now, to read from.

    Raises LakeError where there is no lake, or where the bucket can't be used.
    """
    folder = _folder(objects, cache)
    lake = Lake(folder / "reading")
    lake.internal.mkdir(parents=True, exist_ok=True)
    with writer_lock(Lake(folder / "reading.copy"), COPY_SECONDS):
        recover(lake)
        state = latest(objects)
        if not state.generation:
            raise LakeError(
                f"{objects.address} holds no tables; make some with: onrecord run RAW --lake {objects.address}"
            )
        _pull(objects, lake, state)
        lake.copy_of.write_text(objects.address, encoding="utf-8")
    return lake


def mirror(objects: Objects, cache: Path) -> Path:
    """A folder with all objects under an address, such as raw files, each with the time it was written.

    Raises LakeError where there are none, or where a key can't be the name of a file.
    """
    folder = _folder(objects, cache) / "raw"
    folder.mkdir(parents=True, exist_ok=True)
    with writer_lock(Lake(folder.with_name("raw.copy")), COPY_SECONDS):
        found = {key: object_ for key, object_ in objects.list().items() if not key.endswith("/")}
        if not found:
            raise LakeError(f"{objects.address} holds no files")
        for key in found:
            if any(part in ("", ".", "..") for part in key.split("/")) or "\0" in key:
                raise LakeError(f"{objects.address} holds the object {key!r}, which can't be the name of a file")
        record = folder.with_name("raw.json")
        noted = json.loads(record.read_text("utf-8")) if record.exists() else {}

        def fetch(key: str) -> None:
            path = folder / key
            if noted.get(key) != found[key].etag or not path.is_file():
                path.parent.mkdir(parents=True, exist_ok=True)
                if objects.download(key, path):
                    os.utime(path, (found[key].modified_at.timestamp(),) * 2)

        record.unlink(missing_ok=True)
        _in_parallel(fetch, found)
        for path in folder.rglob("*"):
            if path.is_file() and path.relative_to(folder).as_posix() not in found:
                path.unlink()
        record.write_text(json.dumps({key: object_.etag for key, object_ in found.items()}), encoding="utf-8")
    return folder


def latest(objects: Objects) -> State:
    """The generation that counts; generation 0 where there is no lake yet."""
    for _ in range(TRIES):
        keys = objects.list(f"{COMMITS}/")
        if not keys:
            return State()
        if (data := objects.read(max(keys))) is not None:
            return _read_state(objects, data)
    raise LakeError(f"the commits of {objects.address} change faster than they can be read")


def _read_state(objects: Objects, data: bytes) -> State:
    try:
        content = json.loads(data)
        state = State(**content | {name: tuple(content[name]) for name in ("changed", "removed")})
    except (ValueError, TypeError, KeyError) as error:
        raise LakeError(f"the newest commit of {objects.address} is damaged; restore it from a copy") from error
    for path in (*state.files, *state.removed):
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts or pure.parts[0].startswith("."):
            raise LakeError(f"the newest commit of {objects.address} names the file {path!r}, which is none of a lake")
    return state


def _pull(objects: Objects, lake: Lake, state: State) -> State:
    """Brings the copy to a generation, ``state`` or a newer one, and returns that."""
    for _ in range(TRIES):
        here = _files_here(lake)
        wanted = [path for path, digest in state.files.items() if here.get(path) != digest]
        if all(_in_parallel(partial(_fetch, objects, lake, state), wanted)):
            _exchange(lake, wanted, [path for path in here if path not in state.files])
            _note(lake, state.files)
            return state
        state = latest(objects)  # somebody commits
    raise LakeError(f"{objects.address} does not hold the files that its newest commit names; restore it from a copy")


def _exchange(lake: Lake, new: Iterable[str], gone: Iterable[str]) -> None:
    """Puts what was fetched in its place: the files of tables in one commit, and reports beside it."""
    tables, others = _parted(lake, new)
    gone_tables, gone_others = _parted(lake, gone)
    if tables or gone_tables:
        commit(lake, "pull", tables, gone_tables)
    for target in others:
        temporary(target).replace(target)
    for path in gone_others:
        path.unlink(missing_ok=True)


def _parted(lake: Lake, paths: Iterable[str]) -> tuple[list[Path], list[Path]]:
    """Paths of files of tables, and of others."""
    of_table: dict[bool, list[Path]] = {True: [], False: []}
    for path in paths:
        of_table[path.partition("/")[0] in TABLES].append(lake.root / path)
    return of_table[True], of_table[False]


def _fetch(objects: Objects, lake: Lake, state: State, path: str) -> bool:
    """Downloads a file beside its target; False where neither it nor its upload is what the generation says."""
    new = temporary(lake.root / path)
    new.parent.mkdir(parents=True, exist_ok=True)
    keys = [path, state.upload_of(path)] if path in state.changed else [path]
    return any(objects.download(key, new) and digest_of(new) == state.files[path] for key in keys)


def _push(objects: Objects, lake: Lake, base: State, lease: Lease) -> None:
    """Commits what differs between the copy and the generation it was made from."""
    finish_commit(lake)
    files = _files_here(lake)
    changed = tuple(sorted(path for path, digest in files.items() if base.files.get(path) != digest))
    removed = tuple(sorted(base.files.keys() - files.keys()))
    if not changed and not removed:
        return
    state = State(base.generation + 1, files, uuid4().hex, changed, removed)
    _in_parallel(lambda path: objects.upload(lake.root / path, state.upload_of(path)), changed)
    lease.check()
    body = json.dumps(asdict(state), sort_keys=True).encode()
    key = f"{COMMITS}/{state.generation:010d}.json"
    try:
        objects.write(key, body, only_new=True)
    except Conflict:
        if objects.read(key) != body:  # unless it is our own request, sent twice
            raise LakeError(f"another run has committed to {objects.address}, so this one can't; run again") from None
    _note(lake, files)
    _finish(objects, state, state.changed, lease)


def _settle(objects: Objects, state: State, lease: Lease) -> None:
    """Finishes the newest commit, if its run died over it, and removes the uploads of runs that died before theirs."""
    uploads = objects.list(f"{UPLOADS}/")
    left = [path for path in state.changed if state.upload_of(path) in uploads]
    if left or (state.removed and not state.changed):
        _finish(objects, state, left, lease)
    rubbish = [key for key in uploads if not key.startswith(f"{UPLOADS}/{state.token or '-'}/")]
    _in_parallel(objects.delete, rubbish)


def _finish(objects: Objects, state: State, left: Iterable[str], lease: Lease) -> None:
    """Copies what is left of a decided commit over the files; its uploads go last: they say that it isn't finished."""
    left = list(left)

    def put_in_place(path: str) -> None:
        lease.check()
        objects.copy(state.upload_of(path), path)

    def remove(key: str) -> None:
        lease.check()
        objects.delete(key)

    _in_parallel(put_in_place, left)
    _in_parallel(remove, state.removed)
    _in_parallel(remove, [state.upload_of(path) for path in left])
    old = sorted(objects.list(f"{COMMITS}/"))[:-KEPT_COMMITS]
    _in_parallel(remove, old)


def _in_parallel(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, items))


def _folder(objects: Objects, cache: Path) -> Path:
    name = hashlib.sha256(objects.address.encode()).hexdigest()[:16]
    return cache.expanduser().absolute() / name


def _files_here(lake: Lake) -> Files:
    """The files of the copy with their digests; those noted are not read again unless their size or time is another."""
    try:
        noted = json.loads(_note_file(lake).read_text("utf-8"))
    except (OSError, ValueError):
        noted = {}
    found = {}
    for folder, folders, names in os.walk(lake.root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(folder, name) for name in names):
            if path == lake.catalog or path.suffix == ".tmp":
                continue
            relative = path.relative_to(lake.root).as_posix()
            digest, *mark = noted.get(relative, ("",))
            found[relative] = digest if mark == _mark(path) else digest_of(path)
    return found


def _note(lake: Lake, files: Files) -> None:
    """Remembers the digests of the copy's files."""
    noted = {path: [digest, *_mark(lake.root / path)] for path, digest in files.items()}
    new = temporary(_note_file(lake))
    new.write_text(json.dumps(noted), encoding="utf-8")
    new.replace(_note_file(lake))


def _note_file(lake: Lake) -> Path:
    return lake.internal / "copied.json"


def _mark(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, status.st_ino]
