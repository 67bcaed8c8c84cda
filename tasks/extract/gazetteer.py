"""Names known in advance: given names by gender, places, demonyms, and organisations that no keyword betrays."""

from __future__ import annotations

from importlib.resources import files


def _lines(name: str) -> list[str]:
    text = files("tasks.extract").joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line]


GIVEN_NAMES: dict[str, str] = dict(line.split("\t") for line in _lines("given_names.tsv"))
"""Given name to gender: `m`, `f`, or `u` where both bear it."""
COUNTRIES = frozenset(_lines("countries.txt"))
PLACES = COUNTRIES.union(_lines("places.txt"))
DEMONYMS = frozenset(_lines("demonyms.txt"))
ORGANISATIONS = frozenset(_lines("organisations.txt"))
