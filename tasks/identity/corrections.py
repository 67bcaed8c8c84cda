"""`entities.yaml`: what people who know better say about names; it wins over every rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from schemas.fields import LABELS
from tasks.identity.forms import fold

CONDITIONS = ("publisher", "article_id", "role", "affiliation")


class CorrectionsError(Exception):
    """The file says something that can't be followed; the message is one line."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A name that a correction speaks of: everywhere, or under one label, or only in articles that meet conditions.

    ``conditions`` are pairs of a column of the appearances and the value it has to have.
    """

    name: str
    label: str | None = None
    conditions: tuple[tuple[str, str], ...] = ()

    @property
    def part(self) -> str:
        """What tells the conditions from all others: part of the form's id. '' without conditions."""
        return "\x1f".join(f"{column}={value}" for column, value in self.conditions)

    def __str__(self) -> str:
        return self.name + "".join(f", {column} {value}" for column, value in self.conditions)


@dataclass(frozen=True, slots=True)
class Corrections:
    """Lists of names that are the same, lists of names of which each is another, and names to show."""

    same: tuple[tuple[Chosen, ...], ...] = ()
    different: tuple[tuple[Chosen, ...], ...] = ()
    rename: tuple[tuple[Chosen, str], ...] = ()

    def splits(self) -> list[Chosen]:
        """The names with conditions, each once, in the order of the file."""
        named = (chosen for group in (*self.same, *self.different) for chosen in group)
        return list(dict.fromkeys(chosen for chosen in named if chosen.conditions))


def read_corrections(path: Path) -> Corrections:
    """The corrections in a YAML file; raises CorrectionsError."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CorrectionsError(f"{path}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CorrectionsError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error
    try:
        return parse_corrections(content)
    except CorrectionsError as error:
        raise CorrectionsError(f"{path}: {error}") from None


def parse_corrections(content: Any) -> Corrections:
    """The corrections in a mapping with any of `same`, `different` and `rename`; raises CorrectionsError."""
    if content is None:
        return Corrections()
    if not isinstance(content, dict):
        raise CorrectionsError("expected the keys same, different and rename")
    unknown = sorted(set(map(str, content)) - {"same", "different", "rename"})
    if unknown:
        raise CorrectionsError(f"unknown key {unknown[0]!r}; expected same, different or rename")
    rename = content.get("rename") or {}
    if not isinstance(rename, dict):
        raise CorrectionsError("rename: expected a mapping of a name to the name to show")
    shown = []
    for name, new in rename.items():
        if not isinstance(new, str) or not fold(new):
            raise CorrectionsError(f"rename: {name}: expected the name to show, found {new!r}")
        shown.append((_chosen("rename", name), new.strip()))
    corrections = Corrections(
        tuple(_groups("same", content.get("same"))), tuple(_groups("different", content.get("different"))), tuple(shown)
    )
    _no_contradiction(corrections)
    return corrections


def _groups(key: str, lists: Any) -> Iterator[tuple[Chosen, ...]]:
    if lists is None:
        return
    if not isinstance(lists, list):
        raise CorrectionsError(f"{key}: expected a list of lists of names")
    for number, group in enumerate(lists, 1):
        if not isinstance(group, list) or len(group) < 2:
            raise CorrectionsError(f"{key}: entry {number}: expected a list of two or more names, found {group!r}")
        yield tuple(_chosen(f"{key}: entry {number}", item) for item in group)


def _chosen(where: str, item: Any) -> Chosen:
    if isinstance(item, str) and fold(item):
        return Chosen(item.strip())
    if not isinstance(item, dict):
        raise CorrectionsError(f"{where}: expected a name, or a mapping with a name, found {item!r}")
    unknown = sorted(set(map(str, item)) - {"name", "label", *CONDITIONS})
    if unknown:
        raise CorrectionsError(f"{where}: unknown key {unknown[0]!r}; expected name, label, {', '.join(CONDITIONS)}")
    for column, value in item.items():
        if not isinstance(value, str) or not fold(value):
            raise CorrectionsError(f"{where}: {column}: expected text in quotation marks, found {value!r}")
    if "name" not in item:
        raise CorrectionsError(f"{where}: a mapping needs a name")
    if item.get("label", LABELS[0]) not in LABELS:
        raise CorrectionsError(f"{where}: label {item['label']!r} is none of {', '.join(LABELS)}")
    conditions = tuple((c, item[c].strip()) for c in CONDITIONS if c in item)
    return Chosen(item["name"].strip(), item.get("label"), conditions)


def _no_contradiction(corrections: Corrections) -> None:
    """Raises where two names are to be different that `same` puts together, straight or through a third."""
    parent: dict[tuple[str, str | None, str], tuple[str, str | None, str]] = {}

    def root(key: tuple[str, str | None, str]) -> tuple[str, str | None, str]:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for group in corrections.same:
        for chosen in group[1:]:
            parent[root(_key(chosen))] = root(_key(group[0]))
    for number, group in enumerate(corrections.different, 1):
        seen: dict[tuple[str, str | None, str], Chosen] = {}
        for chosen in group:
            first = seen.setdefault(root(_key(chosen)), chosen)
            if first is not chosen and _key(first) == _key(chosen):
                raise CorrectionsError(f"different: entry {number}: {first} and {chosen} are one form: give conditions")
            if first is not chosen:
                raise CorrectionsError(f"different: entry {number}: {first} and {chosen} are to be the same, too")


def _key(chosen: Chosen) -> tuple[str, str | None, str]:
    return fold(chosen.name), chosen.label, chosen.part
