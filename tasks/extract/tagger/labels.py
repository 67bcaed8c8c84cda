"""The label lists of the press tagger's two heads, and the BIO transitions that are legal."""

from __future__ import annotations

from itertools import product

NAMES = ("PER", "ORG", "LOC", "MISC")
ROLES = ("source", "cue", "content")


def bio(types: tuple[str, ...]) -> tuple[str, ...]:
    """``O`` first, then ``B-x`` and ``I-x`` for each type in order."""
    return ("O", *(f"{prefix}-{name}" for name in types for prefix in "BI"))


ENTITY_LABELS = bio(NAMES)
ROLE_LABELS = bio(ROLES)


def legal(labels: tuple[str, ...]) -> list[list[bool]]:
    """``legal(labels)[i][j]``: may label ``j`` follow label ``i``? ``I-x`` follows only ``B-x`` and ``I-x``."""
    allowed = [not after.startswith("I-") or before[2:] == after[2:] for before, after in product(labels, labels)]
    return [allowed[row : row + len(labels)] for row in range(0, len(allowed), len(labels))]
