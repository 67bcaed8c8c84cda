"""Gives quotations that the tagger passed over, or joined to a far cue, to the cue that stands beside them.

Of «“…,” she said, pointing to the sea. “…”» the tagger may see the first half alone, or give the second to «pointing»;
where two people speak in turn it may give one of them the words of both. The rules know which quotations a cue holds
together: of attributions that are nothing but quotations, their grouping is the better one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from tasks.extract.base import Span
from tasks.extract.discourse import Attribution
from tasks.extract.quotations import Quotation

_BESIDE = frozenset(
    ["quote-said-name", "quote-name-said", "name-said-quote", "name-said-colon", "said-name-quote", "label-quote"]
)
_JOINTS = " \t\n,;:-–—"


def regroup(
    text: str, tagged: Sequence[Attribution], ruled: Sequence[Attribution], closed: Sequence[Quotation]
) -> list[Attribution]:
    """The tagger's attributions with their quotations as the rules group them, and those that thereby come to be.

    The content of ``tagged``, which must not overlap, is changed in place.
    """
    quoted = {quotation.span for quotation in closed}
    taken = sorted(span for one in tagged for span in one.content)
    owners = {span.end: one for one in tagged for span in one.content}
    cues = {at: one for one in tagged if one.cue is not None for at in range(*one.cue)}
    fresh: list[Attribution] = []
    for one in ruled:
        if one.rule not in _BESIDE or one.cue is None or one.source is None or not quoted.issuperset(one.content):
            continue
        mine = next((cues[at] for at in range(*one.cue) if at in cues), None)
        if mine is None:
            holder = owners.get(one.content[0].end)
            if holder is not None and set(one.content) < set(holder.content):
                holder.content = [span for span in holder.content if span not in one.content]
                fresh.append(
                    Attribution(holder.rule, one.content[:], one.cue, one.source, confidence=holder.confidence)
                )
        elif len(one.content) > 1:
            for span in one.content:
                if (owner := owners.get(span.end)) is not mine:
                    _give(text, span, mine, owner, taken)
    return [*tagged, *fresh]


def _give(text: str, span: Span, mine: Attribution, owner: Attribution | None, taken: Sequence[Span]) -> None:
    """Adds a quotation to an attribution, and takes it from another where that is left with content of its own."""
    if owner is None:
        if overlaps([span], taken):
            return
    else:
        held = next((part for part in owner.content if part.end == span.end), None)
        if held is None:
            return
        rest = text[held.start : span.start].rstrip(_JOINTS)
        kept = [part for part in owner.content if part != held]
        if held.start < span.start and rest:
            kept.append(Span(held.start, held.start + len(rest)))
        if not kept:
            return
        owner.content = sorted(kept)
    mine.content = sorted([*mine.content, span])


def touch(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one.start < other.end and other.start < one.end


def overlaps(content: Sequence[Span], taken: Sequence[Span]) -> bool:
    """Whether content touches any of the spans, which are sorted and, nearly always, disjoint."""
    for span in content:
        at = bisect_left(taken, Span(span.start, span.start))
        if any(touch(span, other) for other in taken[max(0, at - 1) : at + 1]):
            return True
    return False
