"""Goes on where a run was interrupted: the batches that it had finished are not done again.

A run stages its rows in a folder below `.onrecord/unfinished`, with a file that says which run it is and what decides
its rows, and beside the chunks of every finished batch a receipt: what was counted, and the digests of what was staged.
A run that is killed, or loses its cluster, leaves that behind. The next run over the same files, with the same software
and settings, is that run once more, with its id and its start, and takes over every batch whose chunks are still what
the receipt says. Nothing here is synced to disk: what a power cut has torn does not fit its receipt.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from schemas.tables import RUNS
from tasks.extract.load import BUILT_IN
from tasks.lake import Lake, connect, scan
from tasks.ledger import reading_id
from tasks.normalise.article import NormaliseOptions
from tasks.process import BatchResult, RunContext
from tasks.readers.options import ReadOptions
from tasks.records import Mark, RawFile, digest, digest_of
from tasks.software import software
from tasks.trouble import explain_disk

RUN = "run.json"


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A run that was interrupted: its id, when it started, and the folder with what it staged."""

    run_id: str
    started_at: datetime
    folder: Path


def identity(
    files: Sequence[RawFile], read: ReadOptions, normalise: NormaliseOptions, extractor: str, record_seconds: float
) -> str | None:
    """A digest of all that decides what the batches of a run hold; None where there are none, or that can't be known.

    That is so of extractors that are not part of this software, whose code may change without notice.
    """
    if not files or extractor not in BUILT_IN:
        return None
    limits = {field.name: getattr(read, field.name) for field in fields(read) if field.name.startswith("max_")}
    decisive = [software(), reading_id(read, normalise), limits, extractor, record_seconds, _described(files)]
    return digest(json.dumps(decisive, sort_keys=True).encode())


def find_interrupted(lake: Lake, identity: str | None) -> Interrupted | None:
    """The run of that identity that was interrupted last, if it was not published after all."""
    found = []
    for path in lake.unfinished.glob(f"*/{RUN}"):
        with suppress(OSError, ValueError, LookupError, TypeError):  # torn
            told = json.loads(path.read_text("utf-8"))
            if identity and told["identity"] == identity:
                started_at = datetime.fromisoformat(told["started_at"])
                found.append(Interrupted(told["run_id"], started_at, path.parent))
    last = max(found, key=lambda one: one.run_id, default=None)
    return None if last is None or _is_published(lake, last.run_id) else last


@contextmanager
def unfinished(lake: Lake, run: RunContext, identity: str | None) -> Iterator[None]:
    """Keeps what the block stages under ``run.staging`` for the next run, if something puts an end to the block.

    Where the block ends by itself, or finds the disk full or failing, nothing is kept.
    """
    try:
        run.staging.mkdir(parents=True, exist_ok=True)
        told = {"identity": identity, "run_id": run.run_id, "started_at": run.started_at.isoformat()}
        _write(run.staging / RUN, told)
        yield
    except BaseException as error:
        if isinstance(error, Exception) and explain_disk(error, lake.root):
            discard(run)
        raise
    discard(run)


def discard(run: RunContext) -> None:
    """Removes what a run has staged, when it is over."""
    shutil.rmtree(run.staging, ignore_errors=True)
    with suppress(OSError):  # another folder is in it
        run.staging.parent.rmdir()


def keep(run: RunContext, number: int, files: Sequence[RawFile], result: BatchResult) -> None:
    """Leaves the receipt of a batch that is finished."""
    chunks = {folder.name: _digests(folder) for folder in sorted(run.staging.glob(f"{number:06d}-*"))}
    _write(_receipt(run.staging, number), {"files": _described(files), "chunks": chunks, "result": _told(result)})


def take_over(
    lake: Lake, interrupted: Interrupted | None, run: RunContext, batches: Sequence[Sequence[RawFile]]
) -> dict[int, BatchResult]:
    """The results, by number, of the batches that the interrupted run had finished; their chunks become this run's.

    Everything else that interrupted runs left in the lake is removed. The chunks are moved, so that a process of the
    interrupted run that has not ended yet can't write among those of this one.
    """
    taken = {}
    if interrupted:
        for number, files in enumerate(batches):
            with suppress(OSError, ValueError, LookupError, TypeError):  # not finished, or torn
                receipt = _receipt(interrupted.folder, number)
                told = json.loads(receipt.read_text("utf-8"))
                chunks = {interrupted.folder / name: digests for name, digests in told["chunks"].items()}
                result = _result(told["result"])
                if told["files"] == _described(files) and all(_digests(c) == d for c, d in chunks.items()):
                    taken[number] = result, (*chunks, receipt)
    for _, paths in taken.values():
        for path in paths:
            path.rename(run.staging / path.name)
    for folder in lake.unfinished.glob("*/"):
        if folder != run.staging:
            shutil.rmtree(folder, ignore_errors=True)
    return {number: result for number, (result, _) in taken.items()}


def _receipt(folder: Path, number: int) -> Path:
    return folder / f"{number:06d}.json"


def _write(path: Path, content: Any) -> None:
    new = path.with_suffix(".new")
    new.write_text(json.dumps(content), encoding="utf-8")
    new.replace(path)


def _described(files: Sequence[RawFile]) -> list[Any]:
    """What of a batch's files decides its rows, as JSON gives it back."""
    return [[f.uri, f.sha256, f.n_bytes, asdict(f.mark) if f.mark else None] for f in files]


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: digest_of(path) for path in sorted(folder.iterdir())}


def _told(result: BatchResult) -> dict[str, Any]:
    found = {field.name: getattr(result, field.name) for field in fields(result)}
    return found | {"marks": {uri: asdict(mark) for uri, mark in result.marks.items()}}


def _result(told: dict[str, Any]) -> BatchResult:
    return BatchResult(
        **told
        | {
            "rows": Counter(told["rows"]),
            "marks": {uri: Mark(**mark) for uri, mark in told["marks"].items()},
            "places": [(uri, member) for uri, member in told["places"]],
        }
    )


def _is_published(lake: Lake, run_id: str) -> bool:
    with connect(lake) as connection:
        query = f"SELECT count(*) FROM {scan(RUNS, lake.files(RUNS))} WHERE run_id = $id AND status = 'completed'"
        (n,) = connection.execute(query, {"id": run_id}).fetchall()[0]
    return bool(n)
