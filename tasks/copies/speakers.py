"""Tells whether two quotes have the same speaker, as far as their rows say."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum


class Agreement(Enum):
    """What the speakers of two quotes say about each other."""

    SAME = "same"
    UNKNOWN = "unknown"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Speaker:
    """The id of a speaker, the folded words of the name and the last of them; None and nothing where unknown."""

    id: str | None
    words: frozenset[str]
    surname: str

    @classmethod
    def of(cls, name: str | None, speaker_id: str | None) -> Speaker:
        """From the columns speaker and speaker_id."""
        bare = "".join(c for c in unicodedata.normalize("NFKD", name or "") if not unicodedata.combining(c))
        words = re.findall(r"\w+", bare.casefold())
        return cls(speaker_id, frozenset(words), words[-1] if words else "")

    @property
    def is_known(self) -> bool:
        """Whether the row says who speaks."""
        return bool(self.id or self.words)

    def agrees(self, other: Speaker) -> Agreement:
        """The same id, or a name that is a part of the other («Trump», «Donald J. Trump»), is the same speaker."""
        if self.id and other.id:
            return Agreement.SAME if self.id == other.id else Agreement.OTHER
        if not self.words or not other.words:
            return Agreement.UNKNOWN
        same = self.words <= other.words or other.words <= self.words
        return Agreement.SAME if same else Agreement.OTHER
