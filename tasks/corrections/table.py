"""The table corrections: a row a decision, as the lake has followed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import CORRECTIONS
from tasks.corrections.decisions import AboutNames, Decision, NotAQuote, Revert
from tasks.corrections.judge import Verdict
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
    row = _said(verdict.decision) | {
        "status": verdict.status,
        "fit": fit and fit.how,
        "overlap": fit and fit.overlap,
        "detail": verdict.detail,
        "other_id": verdict.other_id,
        "as_extracted": None,
        "mention_ids": [],
        "nested_quote_ids": [],
    }
    return row | ({"quote_id": fit.quote_id} if fit else {})


def to_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """The table of such rows."""
    return pa.Table.from_pylist([dict(row) for row in rows], schema=CORRECTIONS.schema)


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
        return row
    row |= {name: getattr(decision.quote, name) for name in ("quote_id", "article_id", "content")}
    if isinstance(decision, NotAQuote):
        return row
    return row | {"speaker": decision.speaker, "speaker_type": decision.speaker_type}
