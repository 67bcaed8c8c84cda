"""What has been taken down, as a run sees it: records of it are refused without a trace of their text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from schemas.tables import FORGOTTEN
from tasks.lake import Lake, connect, scan
from tasks.normalise.article import Article
from tasks.reasons import REASONS
from tasks.records import RawRecord, Rejection

Normalised = Callable[[RawRecord], Article | Rejection]
COLUMNS = {"article": "article_id", "source": "source_uri", "publisher": "publisher"}


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The articles, raw files and publishers that have been taken down, each by its value of the COLUMNS."""

    article: frozenset[str] = frozenset()
    source: frozenset[str] = frozenset()
    publisher: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.article or self.source or self.publisher)

    def refusal(
        self, record: RawRecord | Rejection, outcome: Article | Rejection, normalised: Normalised
    ) -> Rejection | None:
        """The refusal of a record that was taken down, with nothing of what it holds; None for any other.

        ``outcome`` is what became of the record. One that was refused for its date is ``normalised`` without it; of one
        that could not be read at all, only the file is known.
        """
        if record.uri in self.source:
            return _refusal(record, "source_uri", record.uri)
        if isinstance(outcome, Rejection) and isinstance(record, RawRecord) and outcome.column == "published_on":
            outcome = normalised(replace(record, fields=record.fields | {"published": None}))
        if isinstance(outcome, Rejection):
            return None
        for kind in ("article", "publisher"):
            value = outcome.row[COLUMNS[kind]]
            if value in getattr(self, kind):
                return _refusal(record, COLUMNS[kind], value)
        return None


def _refusal(record: RawRecord | Rejection, column: str, value: str) -> Rejection:
    return Rejection(
        record.uri,
        record.ordinal,
        record.member,
        "normalise",
        "forgotten",
        REASONS["forgotten"],
        column=column,
        value=value,
        expectation=None,
    )


def read_forgotten(lake: Lake) -> Forgotten:
    """What is taken down in a lake now."""
    rows = scan(FORGOTTEN, lake.files(FORGOTTEN))
    with connect(lake) as connection:
        found = connection.execute(f"SELECT kind, value FROM {rows} WHERE lifted_at IS NULL").fetchall()
    return Forgotten(**{kind: frozenset(value for k, value in found if k == kind) for kind in COLUMNS})


NOTHING_FORGOTTEN = Forgotten()
