"""The hand-made pairs of names: how each becomes appearances, and how many the rules get right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from tasks.identity.appearances import APPEARANCES
from tasks.identity.entities import Identity
from tasks.identity.resolve import resolve

Row = dict[str, Any]


@dataclass(frozen=True)
class Pair:
    half: str
    kind: str
    label: str
    name: str
    other_label: str
    other: str
    answer: str
    context: str

    def rows(self, key: str) -> list[Row]:
        """Appearances in which the pair meets the way its context says, in articles of its own."""
        a, b = (self.label, self.name), (self.other_label, self.other)
        if self.context == "together":
            return [appearance(f"{key}-1", *a), appearance(f"{key}-1", *b), appearance(f"{key}-2", *b)]
        if self.context == "printed":
            given = [appearance(f"{key}-{n}", *a, forms=[self.other]) for n in range(3)]
            return [*given, appearance(f"{key}-3", *b)]
        return [appearance(f"{key}-1", *a), appearance(f"{key}-2", *b)]


def appearance(article_id: str, label: str, name: str, **more: Any) -> Row:
    row: Row = dict.fromkeys(APPEARANCES.names)
    lists: Row = {"roles": [], "affiliations": [], "forms": []}
    return row | lists | {"article_id": article_id, "label": label, "name": name, "n_mentions": 1, "n_quotes": 0} | more


def table(rows: Iterable[Row]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), APPEARANCES)


def read_pairs(half: str) -> list[Pair]:
    lines = (Path(__file__).parent / "pairs.tsv").read_text("utf-8").splitlines()[1:]
    return [pair for line in lines if (pair := Pair(*line.split("\t"))).half == half]


def entities_by_name(identity: Identity) -> dict[tuple[str, str], str]:
    return {(r["label"], r["name"]): r["entity_id"] for r in identity.names.to_pylist()}


def found_same(pair: Pair, ids: dict[tuple[str, str], str]) -> bool:
    return ids[pair.label, pair.name] == ids[pair.other_label, pair.other]


def judge(pairs: list[Pair], one_lake: bool) -> tuple[float, float, list[Pair]]:
    """Precision, recall and the pairs decided wrongly: all in one lake, or each in its own."""
    if one_lake:
        ids = entities_by_name(resolve(table(r for n, pair in enumerate(pairs) for r in pair.rows(str(n)))))
        said = [found_same(pair, ids) for pair in pairs]
    else:
        said = [found_same(pair, entities_by_name(resolve(table(pair.rows("0"))))) for pair in pairs]
    true = [pair.answer == "same" for pair in pairs]
    right = sum(s and t for s, t in zip(said, true, strict=True))
    wrong = [pair for pair, s, t in zip(pairs, said, true, strict=True) if s != t]
    return right / sum(said), right / sum(true), wrong
