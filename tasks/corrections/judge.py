"""What becomes of decisions: which are in force, which quote each means, and what that quote's row says then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.corrections.decisions import AboutQuote, Decision, NotAQuote, Revert
from tasks.corrections.fits import Fit, find_fit
from tasks.identity.forms import fold

Row = Mapping[str, Any]
# Columns of quotes that a decision on the speaker may change.
FOLLOWING = (
    "speaker",
    "speaker_type",
    "speaker_role",
    "speaker_affiliation",
    "resolution",
    "confidence",
    "rule",
    "decision_id",
)
RULE = "corrected/"  # and the decision's id
_OF_THE_SOURCE = ("pronoun", "implicit", "description")  # resolutions that hold whoever speaks


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a decision: one of DECISION_STATUSES, why, and the decision that it gives way to or reverts."""

    decision: Decision
    status: str
    detail: str | None = None
    fit: Fit | None = None
    other_id: str | None = None


def reverted(decisions: Sequence[Decision]) -> dict[str, str]:
    """The ids of the decisions that count no longer, each with that of the decision that reverts it.

    Decisions are given in their order. A revert that is reverted itself by a later one has no effect.
    """
    found: dict[str, str] = {}
    for decision in reversed(decisions):
        if isinstance(decision, Revert) and decision.id not in found:
            found.setdefault(decision.reverts, decision.id)
    return found


def judge_reverts(decisions: Sequence[Decision]) -> list[Verdict]:
    """Verdicts on all reverts, and on the decisions that they revert."""
    gone, known = reverted(decisions), {decision.id for decision in decisions}
    verdicts = [
        Verdict(d, "reverted", "Another decision has reverted it.", other_id=gone[d.id])
        for d in decisions
        if d.id in gone
    ]
    for d in decisions:
        if isinstance(d, Revert) and d.id not in gone:
            is_known = d.reverts in known
            detail = None if is_known else "The file has no decision with the id that it reverts."
            verdicts.append(Verdict(d, "applied" if is_known else "stale", detail, other_id=d.reverts))
    return verdicts


def judge_article(decisions: Iterable[AboutQuote], article: Row | None, quotes: Sequence[Row]) -> list[Verdict]:
    """Verdicts on the decisions on quotes of one article, given in their order: of those on one quote the last counts.

    ``quotes`` are rows as extracted; ``article`` is None where the lake does not have it.
    """
    if article is None:
        return [Verdict(d, "stale", "The lake does not have the article.") for d in decisions]
    verdicts: list[Verdict] = []
    counting: dict[str, int] = {}  # places in the list, by quote
    for decision in decisions:
        place = "title" if decision.quote.is_in_title else "text"
        fit = find_fit(decision.quote, article[place], quotes)
        if fit is None:
            verdicts.append(Verdict(decision, "stale", f"No quote in the article's {place} has these words."))
            continue
        earlier = counting.get(fit.quote_id)
        if earlier is not None:
            before = verdicts[earlier]
            verdicts[earlier] = Verdict(
                before.decision, "superseded", "A later decision on the quote counts.", before.fit, decision.id
            )
        counting[fit.quote_id] = len(verdicts)
        verdicts.append(Verdict(decision, "applied", None, fit))
    return verdicts


def follow(decision: AboutQuote, quote: Row, quotes: Sequence[Row]) -> dict[str, Any] | None:
    """The columns FOLLOWING of a quote as the decision wants them; None where it is to be taken out.

    Where the extractor names the same speaker by itself, its own answer and rule stay. ``quotes`` are all rows of the
    article as extracted, which may tell the speaker's role.
    """
    if isinstance(decision, NotAQuote):
        return None
    certain = {"confidence": 1.0, "decision_id": decision.id}
    if fold(decision.speaker or "") == fold(quote["speaker"] or ""):
        return {column: quote.get(column) for column in FOLLOWING} | certain
    role, affiliation = _role(decision.speaker, quotes)
    return certain | {
        "speaker": decision.speaker,
        "speaker_type": (decision.speaker_type or "person") if decision.speaker else "unnamed",
        "speaker_role": role,
        "speaker_affiliation": affiliation,
        "resolution": _resolution(decision, quote),
        "rule": RULE + decision.id,
    }


def _role(speaker: str | None, quotes: Sequence[Row]) -> tuple[str | None, str | None]:
    """Role and affiliation that the article's other quotes of the speaker have, most frequent first."""
    if speaker is None:
        return None, None
    name = fold(speaker)
    found = Counter(
        (quote["speaker_role"], quote["speaker_affiliation"])
        for quote in quotes
        if fold(quote["speaker"] or "") == name and (quote["speaker_role"] or quote["speaker_affiliation"])
    )
    return min(found, key=lambda pair: (-found[pair], pair[0] or "", pair[1] or ""), default=(None, None))


def _resolution(decision: AboutQuote, quote: Row) -> str | None:
    """How the source, which stays as it is printed, names the speaker who was decided on; None if it names another."""
    assert not isinstance(decision, NotAQuote)
    if decision.speaker is None:
        return "unnamed"
    if quote["resolution"] in _OF_THE_SOURCE:
        return str(quote["resolution"])
    if not quote["source"]:
        return "implicit"
    name, source = fold(decision.speaker).split(), fold(quote["source"]).split()
    if not set(name) & set(source):
        return "description" if quote["resolution"] in ("unnamed", "organisation") else None
    if decision.speaker_type in ("organisation", "place"):
        return "organisation"
    return "full_name" if set(name) <= set(source) else "partial_name"
