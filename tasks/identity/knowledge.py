"""A knowledge base that links names to its records: a file of ids, names and aliases in the shape of Wikidata."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset as ds

from schemas.fields import LABELS

KeysOf = Callable[[str, str], Iterable[Hashable]]
"""Label and name to the keys under which the name is looked up."""

_COLUMNS = ("id", "name", "aliases", "label")
_TYPES = {
    "person": "PER", "human": "PER", "q5": "PER", "organisation": "ORG", "organization": "ORG", "q43229": "ORG",
    "place": "LOC", "location": "LOC", "geographic location": "LOC", "q2221906": "LOC", "misc": "MISC",
    **{label.casefold(): label for label in LABELS},
}  # fmt: skip


class KnowledgeError(Exception):
    """The file can't serve as a knowledge base; the message is one line."""


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """A CSV or Parquet file with the columns id, name, aliases and label.

    ``id`` and ``name`` are text; ``aliases`` is a list of text in Parquet, and text with `|` between aliases in CSV;
    ``label`` is PER, ORG, LOC or MISC, or a word for it (person, organisation, place, Q5 …). Rows with another label,
    or without id or name, are passed over.
    """

    path: Path

    def records_of(self, wanted: Collection[tuple[str, Hashable]], keys_of: KeysOf) -> dict[tuple[str, Hashable], str]:
        """The record's id for each wanted pair of label and key that means exactly one record.

        A record's name counts before another's alias, and a person's alias of one word for nothing. The file is read in
        pieces and only what is wanted is kept, so memory grows with the lake and not with the file. Raises
        KnowledgeError.
        """
        by_name: dict[tuple[str, Hashable], set[str]] = {}
        by_alias: dict[tuple[str, Hashable], set[str]] = {}
        try:
            for record, label, name, aliases in self._records():
                for found, names in ((by_name, [name]), (by_alias, aliases)):
                    for key in {(label, key) for text in names for key in keys_of(label, text)}:
                        if key in wanted:
                            found.setdefault(key, set()).add(record)
        except (pa.ArrowInvalid, OSError) as error:
            raise KnowledgeError(f"{self.path}: {str(error).splitlines()[0]}") from error
        return {key: min(ids) for key, ids in {**by_alias, **by_name}.items() if len(ids) == 1}

    def _records(self) -> Iterator[tuple[str, str, str, list[str]]]:
        """Id, label, name and aliases of each record."""
        for batch in self._dataset().to_batches(columns=list(_COLUMNS), batch_size=10_000):
            for row in batch.to_pylist():
                label = _TYPES.get((row["label"] or "").strip().casefold())
                if label is None or not row["id"] or not row["name"]:
                    continue
                aliases = row["aliases"] or []
                aliases = aliases.split("|") if isinstance(aliases, str) else aliases
                yield row["id"], label, row["name"], [a for a in aliases if a and (label != "PER" or " " in a.strip())]

    def _dataset(self) -> ds.Dataset:
        if self.path.suffix == ".csv":
            types = pa.csv.ConvertOptions(column_types=dict.fromkeys(_COLUMNS, pa.string()), strings_can_be_null=False)
            dataset = ds.dataset(self.path, format=ds.CsvFileFormat(convert_options=types))
        else:
            dataset = ds.dataset(self.path, format="parquet")
        missing = set(_COLUMNS) - set(dataset.schema.names)
        if missing:
            raise KnowledgeError(f"{self.path}: no column {', '.join(sorted(missing))}")
        return dataset
