"""Lists of words as the tables of this package write them: in one string, so that they can be read and edited."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text, parted by white space."""
    return frozenset(text.split())


def phrases(text: str) -> frozenset[str]:
    """The phrases of a text, parted by commas."""
    return frozenset(" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip())
