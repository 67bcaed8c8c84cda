"""The characters of an article: which names mean the same person, organisation or place."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.extract.names import Name


@dataclass(slots=True)
class Cast:
    """The characters of one article."""

    names: list[Name]

    def full_name(self, name: Name) -> str | None:
        return name.text

    def label(self, name: Name) -> str:
        return name.label


def build_cast(title: str, text: str, title_names: list[Name], names: list[Name]) -> Cast:
    return Cast(names)
