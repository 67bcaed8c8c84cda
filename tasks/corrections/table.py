"""The table corrections: a row a decision, as the lake has followed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import CORRECTIONS
from tasks.corrections.decisions import AboutNames, Decision, NotAQuote, Revert
from tasks.corrections.file import corrections_file, read
from tasks.corrections.judge import Verdict
from tasks.identity.corrections import CorrectionsError
from tasks.lake import Lake

# Columns that tell what the file says, and nothing of the lake.
_SAID = (
    "decision_id",
    "decision",
    "who",
    "decided_at",
    "why",
    "article_id",
    "content",
    "speaker",
    "speaker_type",
    "names",
)


def to_row(verdict: Verdict) -> dict[str, Any]:
    """The row of a decision; what it has changed is for others to fill in."""
    fit = verdict.fit
    row = decision_row(verdict.decision) | {
        "status": verdict.status,
        "fit": fit and fit.how,
        "overlap": fit and fit.overlap,
        "detail": verdict.detail,
        "other_id": verdict.other_id,
    }
    return row | ({"quote_id": fit.quote_id} if fit else {})


def decision_row(decision: Decision) -> dict[str, Any]:
    """The row of a decision as far as the file tells."""
    return dict.fromkeys(CORRECTIONS.column_names) | {"mention_ids": [], "nested_quote_ids": []} | _said(decision)


def to_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """The table of such rows."""
    return pa.Table.from_pylist([dict(row) for row in rows], schema=CORRECTIONS.schema)


def decisions_on(lake: Lake, chosen: Path | None = None) -> tuple[Decision, ...]:
    """The decisions to follow, in their order. Raises CorrectionsError where the file can't be read.

    A file that is missing where one was ``chosen``, or where the lake follows decisions, is no reason to undo them all,
    but an error.
    """
    path = corrections_file(lake, chosen)
    if not path.exists():
        n_followed = sum(pq.read_metadata(file).num_rows for file in lake.files(CORRECTIONS))
        if chosen:
            raise CorrectionsError(f"there is no file {path}")
        if n_followed:
            raise CorrectionsError(
                f"the lake follows {n_followed:,} decisions, but {path} is missing; name the file that holds them with"
                " --corrections, or make an empty one to undo them all"
            )
    return read(path).decisions


def is_followed(lake: Lake, decisions: Sequence[Decision]) -> bool:
    """Whether the lake has been linked with just these decisions, given in their order."""
    said = to_table(_said(decision) for decision in decisions).select(_SAID)
    files = lake.files(CORRECTIONS)
    known = pq.read_table(files[0], columns=list(_SAID), partitioning=None) if files else said.slice(0, 0)
    return bool(known.equals(said))


def _said(decision: Decision) -> dict[str, Any]:
    row: dict[str, Any] = {
        "decision_id": decision.id,
        "decision": decision.decision,
        "who": decision.who,
        "decided_at": decision.when,
        "why": decision.why or None,
        "names": [],
    }
    if isinstance(decision, AboutNames):
        return row | {"names": [name.name for name in decision.names]}
    if isinstance(decision, Revert):
        return row | {"other_id": decision.reverts}
    row |= {name: getattr(decision.quote, name) for name in ("quote_id", "article_id", "content")}
    if isinstance(decision, NotAQuote):
        return row
    return row | {"speaker": decision.speaker, "speaker_type": decision.speaker_type}
