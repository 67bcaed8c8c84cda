"""The tables: their columns, keys, partitions and order, and the Arrow schemas derived from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from schemas import fields
from schemas.fields import Column

SCHEMA_VERSION = "1.2"
# The partition of rows without a date. Hive's own name for NULL makes pandas.read_parquet fail beside named months.
UNKNOWN_MONTH = "unknown"


@dataclass(frozen=True)
class Table:
    """A table of the lake.

    ``partition`` is the column whose month partitions the files, ``partition_key`` the name of the hive key;
    both are None for a table in one file. Rows are sorted by ``sort_by``, NULLs last.
    """

    name: str
    description: str
    key: tuple[str, ...]
    sort_by: tuple[str, ...]
    columns: tuple[Column, ...]
    partition: str | None = None
    partition_key: str | None = None

    @cached_property
    def schema(self) -> pa.Schema:
        """Arrow schema with the descriptions as field metadata and the schema version as table metadata."""
        return pa.schema(
            [
                pa.field(c.name, c.type, nullable=c.nullable, metadata={"description": c.description})
                for c in self.columns
            ],
            metadata={"onrecord.table": self.name, "onrecord.schema_version": SCHEMA_VERSION},
        )

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in order."""
        return [c.name for c in self.columns]

    @property
    def linked_names(self) -> list[str]:
        """Names of the columns that say what a row is among all rows of the lake, in order."""
        return [c.name for c in self.columns if c.linked]

    def column(self, name: str) -> Column:
        """The column called name; KeyError if the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


ARTICLES = Table(
    "articles",
    "One row an article: where it came from, when it appeared, and its clean text.",
    key=("article_id",),
    sort_by=("published_on", "published_at", "article_id"),
    columns=fields.ARTICLES,
    partition="published_on",
    partition_key="published_month",
)
QUOTES = Table(
    "quotes",
    "One row an attribution: what was said, the words that prove it, and who said it.",
    key=("quote_id",),
    sort_by=("published_on", "article_id", "is_in_title", "content_spans", "quote_id"),
    columns=fields.QUOTES,
    partition="published_on",
    partition_key="published_month",
)
MENTIONS = Table(
    "mentions",
    "One row a mention of a person, an organisation, a place or another name.",
    key=("mention_id",),
    sort_by=("published_on", "article_id", "is_in_title", "start", "end", "label", "mention_id"),
    columns=fields.MENTIONS,
    partition="published_on",
    partition_key="published_month",
)
LINKS = Table(
    "links",
    "One row a link in an article's text, or a pointer to a related article.",
    key=("article_id", "start", "url"),
    sort_by=("published_on", "article_id", "start", "end", "kind", "anchor", "url"),
    columns=fields.LINKS,
    partition="published_on",
    partition_key="published_month",
)
QUARANTINE = Table(
    "quarantine",
    "One row a record that was refused, with the reason and the record itself.",
    key=("quarantine_id",),
    sort_by=("first_seen_at", "source_uri", "source_member", "quarantine_id"),
    columns=fields.QUARANTINE,
    partition="first_seen_at",
    partition_key="seen_month",
)
ENTITIES = Table(
    "entities",
    "One row a person, organisation, place or other name, over all articles.",
    key=("entity_id",),
    sort_by=("entity_id",),
    columns=fields.ENTITIES,
)
QUOTE_CLUSTERS = Table(
    "quote_clusters",
    "One row an utterance: the same words of the same speaker, in whatever articles and wordings.",
    key=("quote_cluster_id",),
    sort_by=("quote_cluster_id",),
    columns=fields.QUOTE_CLUSTERS,
)
CORRECTIONS = Table(
    "corrections",
    "One row a decision of a person on a quote or on names, what became of it, and what it changed.",
    key=("decision_id",),
    sort_by=("decided_at", "decision_id"),
    columns=fields.CORRECTIONS,
)
RUNS = Table(
    "runs",
    "One row a run: what it read, what became of every record, and how long it took.",
    key=("run_id",),
    sort_by=("started_at", "run_id"),
    columns=fields.RUNS,
)
RAW_FILES = Table(
    "raw_files",
    "One row a raw file: its content when it was last read, by which a run knows what is new.",
    key=("root", "source_uri"),
    sort_by=("root", "source_uri"),
    columns=fields.RAW_FILES,
)
FORGOTTEN = Table(
    "forgotten",
    "One row a takedown: what went, when, by whom and why, without a word of it.",
    key=("forget_id",),
    sort_by=("forgotten_at", "kind", "value", "forget_id"),
    columns=fields.FORGOTTEN,
)

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        ARTICLES,
        QUOTES,
        MENTIONS,
        LINKS,
        ENTITIES,
        QUOTE_CLUSTERS,
        CORRECTIONS,
        QUARANTINE,
        RUNS,
        RAW_FILES,
        FORGOTTEN,
    )
}
# Tables whose rows belong to an article and move with it.
CHILD_TABLES = (QUOTES, MENTIONS, LINKS)
