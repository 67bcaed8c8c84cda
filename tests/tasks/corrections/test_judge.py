"""Which decisions count, which quote they mean, and what they make of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tasks.corrections.decisions import Anchor, Decision, Name, Refused, SamePerson, decide
from tasks.corrections.fits import Fit, find_fit
from tasks.corrections.judge import follow, judge_article, judge_reverts, reverted
from tasks.corrections.people import merged
from tasks.identity.corrections import Chosen, Corrections, parse_corrections

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
TEXT = "“The ferry will sail in spring,” said Ida Holm. “Not now.” Bo Kern agreed: “Not now.”"


def row(words: str, quote_id: str = "a", at: int | None = None, **columns: Any) -> dict[str, Any]:
    """A row of quotes with these words, in TEXT where they stand there."""
    start = max(0, TEXT.find(words)) if at is None else at
    place = {"content_spans": [{"start": start, "end": start + len(words)}], "is_in_title": False}
    who = {"source": "Ida Holm", "speaker": "Ida Holm", "speaker_type": "person", "speaker_role": "mayor"}
    rest = {"speaker_affiliation": None, "resolution": "full_name", "confidence": 0.7, "rule": "quote-said-name"}
    return {"quote_id": quote_id * 32, "content": words, "cue": "said", **place, **who, **rest} | columns


def anchored(quote: dict[str, Any]) -> Anchor:
    spans = tuple((span["start"], span["end"]) for span in quote["content_spans"])
    kept = {name: quote[name] for name in ("quote_id", "content", "source", "is_in_title")}
    return Anchor(article_id="b" * 32, spans=spans, **kept)


FERRY = row("“The ferry will sail in spring,”")
FIRST, SECOND = row("“Not now.”", "c"), row("“Not now.”", "d", TEXT.rindex("“Not now.”"), source="Bo Kern")


def fit(meant: dict[str, Any], quotes: list[dict[str, Any]], text: str = TEXT) -> tuple[str, str] | None:
    found = find_fit(anchored(meant), text, quotes)
    return found and (found.quote_id[0], found.how)


def test_where_the_article_is_as_it_was_only_a_quote_at_the_place_is_meant() -> None:
    assert fit(FIRST, [FERRY, FIRST, SECOND]) == ("c", "exact")
    assert fit(FIRST, [FERRY, SECOND]) is None
    assert fit(FERRY, [row("The ferry will sail in spring", "e"), FIRST]) == ("e", "same_words")
    assert fit(FERRY, [row("ferry will sail in spring", "e"), FIRST]) == ("e", "overlap")
    assert fit(FERRY, [row("ferry will sail", "e"), FIRST]) is None
    assert fit(FERRY, [FERRY | {"is_in_title": True}]) is None


def test_two_attributions_of_the_same_words_are_told_apart() -> None:
    other = FERRY | {"quote_id": "0" * 32, "source": "Bo Kern"}
    assert fit(FERRY, [other, FERRY]) == ("a", "exact")
    assert fit(FERRY, [other, FERRY | {"quote_id": "z" * 32}]) == ("z", "same_words")


def test_in_a_revised_article_the_words_count_wherever_they_stand() -> None:
    revised = "There was news. " + TEXT
    moved = [
        q | {"content_spans": [{"start": q["content_spans"][0]["start"] + 16, "end": 99}]} for q in (FIRST, SECOND)
    ]
    assert fit(SECOND, moved, revised) == ("d", "exact")
    anew = [q | {"quote_id": new * 32} for q, new in zip(moved, "ef", strict=True)]
    assert fit(SECOND, anew, revised) == ("f", "same_words")
    assert fit(FERRY, [row("The ferry won’t sail in spring", "e", 16)], revised) is None
    assert fit(FERRY, [row("now THE FERRY – will sail in (spring)", "e", 16)], revised) == ("e", "overlap")
    assert find_fit(anchored(FERRY), "Withdrawn.", []) is None


def decision(kind: str, minute: int = 0, **what: Any) -> Any:
    if kind != "revert":
        what.setdefault("quote", anchored(FERRY))
    if kind in ("confirm", "wrong_speaker"):
        what.setdefault("speaker", "Ann Lee")
    return decide(kind, "Ida Holm", "", NOON + timedelta(minutes=minute), **what)


def statuses(decisions: list[Decision]) -> list[str]:
    """What becomes of decisions on FERRY, by the order in which they were made."""
    gone = reverted(decisions)
    verdicts = judge_reverts(decisions)
    about = [d for d in decisions if d.id not in gone and d.decision != "revert"]
    verdicts += judge_article(about, {"title": "", "text": TEXT}, [FERRY])  # type: ignore[arg-type]
    found = {v.decision.id: v.status for v in verdicts}
    return [found[d.id] for d in decisions]


def test_the_later_decision_counts_until_it_is_reverted() -> None:
    first, second = decision("wrong_speaker"), decision("not_a_quote", 1)
    undo = decision("revert", 2, reverts=second.id)
    redo = decision("revert", 3, reverts=undo.id)
    assert statuses([first, second]) == ["superseded", "applied"]
    assert statuses([first, second, undo]) == ["applied", "reverted", "applied"]
    assert statuses([first, second, undo, redo]) == ["superseded", "applied", "reverted", "applied"]
    assert statuses([decision("revert", reverts="0" * 32)]) == ["stale"]


def test_an_article_that_is_gone_makes_its_decisions_stale() -> None:
    (verdict,) = judge_article([decision("not_a_quote")], None, [])
    assert (verdict.status, verdict.fit) == ("stale", None)
    (verdict,) = judge_article([decision("not_a_quote")], {"title": "", "text": TEXT}, [FERRY])
    assert verdict.fit == Fit("a" * 32, "exact", 1.0)


@pytest.mark.parametrize(
    ("speaker", "columns", "expected"),
    [
        ("Ann Lee", {"source": "she", "resolution": "pronoun"}, ("Ann Lee", "person", "pronoun")),
        ("Ann Lee", {"source": None, "resolution": "implicit"}, ("Ann Lee", "person", "implicit")),
        ("Ann Lee", {"source": "Ms. Lee", "resolution": "partial_name"}, ("Ann Lee", "person", "partial_name")),
        ("Ann Lee", {"source": "Ann Lee, a pilot"}, ("Ann Lee", "person", "full_name")),
        ("Ann Lee", {"source": "a pilot", "resolution": "unnamed"}, ("Ann Lee", "person", "description")),
        ("Ann Lee", {}, ("Ann Lee", "person", None)),
        (None, {}, (None, "unnamed", "unnamed")),
    ],
)
def test_a_speaker_is_named_as_the_source_allows(speaker: str | None, columns: dict[str, Any], expected: Any) -> None:
    made = decision("wrong_speaker", speaker=speaker)
    found = follow(made, FERRY | columns, [FERRY | columns])
    assert found is not None
    assert (found["speaker"], found["speaker_type"], found["resolution"]) == expected
    assert (found["confidence"], found["rule"], found["decision_id"]) == (1.0, f"corrected/{made.id}", made.id)
    assert found["speaker_role"] is None


def test_the_role_comes_from_what_else_the_article_has_of_the_speaker() -> None:
    others = [row("x", "e", speaker="ann lee", speaker_role=role) for role in ("pilot", "nurse", "pilot")]
    found = follow(decision("wrong_speaker"), FERRY, [FERRY, *others])
    assert found is not None and found["speaker_role"] == "pilot"


def test_what_the_extractor_says_by_itself_stays_its_own() -> None:
    for kind in ("confirm", "wrong_speaker"):
        made = decision(kind, speaker="Ida HOLM")
        found = follow(made, FERRY, [FERRY])
        assert found is not None
        assert (found["speaker"], found["speaker_role"], found["rule"]) == ("Ida Holm", "mayor", "quote-said-name")
        assert (found["confidence"], found["decision_id"]) == (1.0, made.id)
    other = follow(decision("confirm"), FERRY, [FERRY])
    assert other is not None and other["speaker"] == "Ann Lee" and other["rule"].startswith("corrected/")
    assert follow(decision("not_a_quote"), FERRY, [FERRY]) is None


def names(kind: str, minute: int, *some: str, **where: Any) -> Any:
    them = tuple(Name(name=name, label="PER", **where) for name in some)
    return decide(kind, "Bo Kern", "", NOON + timedelta(minutes=minute), names=them)


def outcome(yaml: dict[str, Any], *decisions: SamePerson) -> tuple[Corrections, list[str]]:
    corrections, verdicts = merged(parse_corrections(yaml), decisions)
    found = {v.decision.id: v.status for v in verdicts}
    return corrections, [found[d.id] for d in decisions]


def test_the_file_of_names_wins_then_the_later_decision() -> None:
    a_b, b_c = names("same_person", 0, "A Bo", "B Bo"), names("same_person", 1, "B Bo", "C Bo")
    apart = names("different_person", 2, "A Bo", "C Bo")
    assert outcome({}, a_b, b_c)[1] == ["applied", "applied"]
    assert outcome({}, a_b, b_c, apart)[1] == ["overruled", "applied", "applied"]
    assert outcome({"same": [["a bo", "C Bo"]]}, a_b, b_c, apart)[1] == ["applied", "applied", "overruled"]
    assert outcome({"different": [["A Bo", {"name": "C Bo", "label": "ORG"}]]}, a_b, b_c)[1] == ["applied", "applied"]
    corrections, _ = outcome({"rename": {"A Bo": "Al Bo"}}, a_b)
    assert corrections.same == ((Chosen("A Bo", "PER"), Chosen("B Bo", "PER")),)
    assert corrections.rename == ((Chosen("A Bo"), "Al Bo"),)


def test_names_that_can_never_be_compared_are_refused() -> None:
    with pytest.raises(Refused, match="a name stands there twice"):
        names("different_person", 0, "A Bo", "a bo")
    with pytest.raises(Refused, match="several labels"):
        decide("same_person", "Bo", names=(Name(name="Chelsea", label="ORG"), Name(name="Chelsea", label="LOC")))
    here = Name(name="A Bo", label="PER", article_id="b" * 32)
    two = decide("different_person", "Bo", names=(Name(name="A Bo", label="PER"), here))
    corrections, _ = outcome({}, two)  # type: ignore[arg-type]
    assert corrections.splits() == [Chosen("A Bo", "PER", (("article_id", "b" * 32),))]
