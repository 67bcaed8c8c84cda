"""Takes what tells when or why something was said out of what was said.

Of «The pier is unsafe, the mayor said, a day after Lee called on him to “act”» the tagger may give all but the cue and
its source to the mayor. The rules see that the second clause has a speaker, a cue and words of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.extract.base import Span
from tasks.extract.discourse import Attribution

_OPENING = re.compile(
    r"(?:(?:an?|one|two|three|four|five|six|several|few|just|only|shortly|\d{1,3})\s+){0,3}"
    r"(?:(?:minute|hour|day|week|month|year)s?\s+)?(?:after|before|as|while|though|although)\b",
    re.IGNORECASE,
)


def leave_adjuncts(text: str, tagged: Sequence[Attribution], ruled: Sequence[Attribution]) -> set[int]:
    """The positions in ``ruled`` of attributions that such clauses hold; the clauses leave the content of ``tagged``.

    A clause is one if it follows cue or source and a comma, begins with *after*, *before*, *as*, *while*, *though* or
    *although* («two days after»), and holds the source, the cue and the content of an attribution of the rules.
    """
    freed: set[int] = set()
    for one in tagged:
        ends = [span.end for span in (one.cue, one.source) if span is not None]
        for part in one.content[1:]:
            if not any(_is_adjunct(text, end, part) for end in ends):
                continue
            held = {k for k, other in enumerate(ruled) if _holds(part, other)}
            if held:
                one.content.remove(part)
                freed |= held
                break
    return freed


def _is_adjunct(text: str, end: int, part: Span) -> bool:
    return text[end : part.start].strip() == "," and bool(_OPENING.match(text, part.start, part.end))


def _holds(part: Span, other: Attribution) -> bool:
    spans = [other.cue, other.source, *other.content]
    return all(span is not None and part.start <= span.start and span.end <= part.end for span in spans)
