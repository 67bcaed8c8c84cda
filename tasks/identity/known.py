"""What is known of all names of a lake, in files, so that the next time only what changes is worked out again.

The files are Arrow's own, without compression: they are mapped into memory, and scanned there by DuckDB. They are
written as rows are found, so that no table of all names has to be in memory while others are made. What has been read
of a file stays there as long as it is mapped, so a table that is asked again much later is mapped anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

import duckdb
import pyarrow as pa

from schemas.tables import ENTITIES
from tasks.identity.facts import FACTS

NAMES = pa.schema(
    [
        ("label", pa.string()),
        ("name", pa.string()),
        ("part", pa.string()),
        ("form", pa.string()),
        ("n_articles", pa.int64()),
        ("first_on", pa.string()),
        ("word", pa.string()),
        ("surname", pa.string()),
        ("gender", pa.string()),
        ("group_id", pa.string()),
        ("target", pa.string()),
        ("record", pa.string()),
        ("entity_id", pa.string()),
    ]
)
"""One row a label, name and part. The columns from ``word`` on are the same for all names of one form and part: the
word or the acronym that it is, if it is one; the surname that it has with a given name, if it is a person's; the
person's gender; the group of names that are one before words and acronyms are given to them, and the group that this
word was given to; the record of the knowledge base, and the entity."""

PRINTED = pa.schema(
    [
        ("label", pa.string()),
        ("name", pa.string()),
        ("printed", pa.string()),
        ("n", pa.int64()),
        ("alias", pa.string()),
        ("word", pa.string()),
        ("gender", pa.string()),
    ]
)
"""One row a label, name and another way to print it, in n articles: the form under which that is an alias of the name,
and the word or the acronym, with the gender that its title tells, for which that speaks; one of them at least."""

BESIDE = pa.schema([("label", pa.string()), ("word", pa.string()), ("name", pa.string()), ("n", pa.int64())])
"""One row an acronym and a name with these initials, which n articles have beside the acronym."""

OWNERS = pa.schema([("label", pa.string()), ("form", pa.string()), ("entity_id", pa.string())])
"""The one entity for which a form is printed that is no name's own."""

PARTS = pa.schema([(name, pa.string()) for name in ("article_id", "label", "name", "part", "entity_id")])
"""The articles in which a name means what a correction split off, and the entity that it means there."""


@dataclass(frozen=True, slots=True)
class Known:
    """The tables, by the name of their schema, and the table entities of the lake."""

    facts: pa.Table
    names: pa.Table
    printed: pa.Table
    beside: pa.Table
    owners: pa.Table
    parts: pa.Table
    entities: pa.Table

    @property
    def is_nothing(self) -> bool:
        """Whether there are no names."""
        return not self.names.num_rows

    def register(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Makes the tables those of a connection, as known_facts and so on."""
        for field in fields(self):
            connection.register(f"known_{field.name}", getattr(self, field.name))


def write(folder: Path, name: str, schema: pa.Schema, rows: Iterable[pa.RecordBatch]) -> None:
    """Writes one of the tables of Known into a folder. Rows may come from the file that it replaces."""
    draft = folder / f"names-{name}.draft"
    with pa.OSFile(str(draft), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for batch in rows:
            writer.write_batch(batch)
    draft.replace(_file(folder, name))


def read(folder: Path, name: str) -> pa.Table:
    """One of the tables that were written into a folder; it stays what it is where the file is replaced or removed."""
    return pa.ipc.open_file(pa.memory_map(str(_file(folder, name)))).read_all()


def read_known(folder: Path | None) -> Known:
    """What is known in a folder; of an empty lake, where there is none."""
    if folder is None:
        schemas = (FACTS, NAMES, PRINTED, BESIDE, OWNERS, PARTS, ENTITIES.schema)
        return Known(*(schema.empty_table() for schema in schemas))
    return Known(*(read(folder, field.name) for field in fields(Known)))


def _file(folder: Path, name: str) -> Path:
    return folder / f"names-{name}.arrow"
