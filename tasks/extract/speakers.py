"""Says who speaks: resolves the source of an attribution to a character of the article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.extract.base import Span
from tasks.extract.cast import Cast


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, how that was decided, and who else was considered."""

    speaker: str | None
    speaker_type: str
    role: str | None
    affiliation: str | None
    resolution: str
    candidates: tuple[tuple[str, float], ...]
    rule: str
    confidence: float


class SpeakerResolver:
    def __init__(self, text: str, cast: Cast, quotations: Sequence[Span]) -> None:
        self.text, self.cast = text, cast

    def resolve(
        self, source: Span | None, cue: Span | None, content: tuple[Span, ...], addressee: Span | None = None
    ) -> Speaker:
        for name in self.cast.names:
            if source and source.start <= name.start and name.end <= source.end:
                return Speaker(name.text, "person", None, None, "full_name", ((name.text, 0.3),), "name-in-source", 0.3)
        return Speaker(None, "unnamed", None, None, "unnamed", (), "no-name", 0.3)
