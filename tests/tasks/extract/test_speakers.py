"""Speakers: whom a source means, and that nobody is named where nobody is known."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import fields
from tasks.extract.base import Span
from tasks.extract.cast import build_cast
from tasks.extract.decisions import PRECISION
from tasks.extract.names import find_names
from tasks.extract.quotations import scan
from tasks.extract.speakers import RULES, Speaker, SpeakerResolver
from tests.tasks.extract.counting import lines_executed
from tests.tasks.extract.test_names import TEXTS


def resolver(text: str, title: str = "") -> SpeakerResolver:
    cast = build_cast(title, text, find_names(title), find_names(text))
    return SpeakerResolver(text, cast, [q.span for q in scan(text)])


def speakers(marked: str, title: str = "") -> list[Speaker]:
    """The speakers of the sources in a text in which each source stands between < and >."""
    pieces = marked.replace(">", "<").split("<")
    text, spans = "", []
    for k, piece in enumerate(pieces):
        if k % 2:
            spans.append(Span(len(text), len(text) + len(piece)))
        text += piece
    one = resolver(text, title)
    return [one.resolve(span, None, (Span(0, 1),) if span.start > 1 else ()) for span in spans]


NAMED = [
    ("“No,” <Ann Lee> said.", "Ann Lee", "full_name", "full-name"),
    ("“No,” said <Mayor Ann Lee of Paris>.", "Ann Lee", "full_name", "full-name"),
    ("“No,” said <Harbour Trust head Ann Lee (29)>.", "Ann Lee", "full_name", "full-name"),
    ("Now Ann Lee came. “No,” <Lee> said.", "Ann Lee", "partial_name", "part-of-name"),
    ("Now Ann Lee came. “No,” <Ms. Lee, who lives in Paris,> said.", "Ann Lee", "partial_name", "part-of-name"),
    ("“No,” <Mr. Quorrin> said.", "Quorrin", "partial_name", "lone-name"),
    ("Now Ann Lee met Tom Lee. “No,” <Mrs. Lee> said.", "Ann Lee", "partial_name", "shared-surname"),
    ("“No,” <its chairwoman, Ann Lee,> said.", "Ann Lee", "full_name", "name-in-apposition"),
    ("“No,” <a spokesman for the city, Mr. Tom Voss,> said.", "Tom Voss", "full_name", "name-in-apposition"),
    ("They cheer. <Ann Lee and Tom Voss> said so.", "Ann Lee; Tom Voss", "full_name", "several-names"),
    ("It is late, <the Harbour Trust> said.", "Harbour Trust", "organisation", "body-name"),
    ("It is late, <Paris> said.", "Paris", "organisation", "place-name"),
    ("It is late, according to <a report by the Harbour Trust>.", "Harbour Trust", "organisation", "author-of-document"),
    ("Now Ann Lee came. It was <Lee’s statement> that said so.", "Ann Lee", "partial_name", "author-of-document"),
    ("Then Ann Lee flatly left. <Lee flatly> denied it.", "Ann Lee", "partial_name", "part-of-name"),
]  # fmt: skip
PRONOUNS = [
    ("Ann Lee met Tom Voss. “No,” <she> said.", "Ann Lee", "pronoun-person"),
    ("Ann Lee met Tom Voss. “No,” <he> said.", "Tom Voss", "pronoun-person"),
    ("Ann Lee lost to Eva Moss. “No,” <she> said.", "Ann Lee", "pronoun-person"),
    ("“No,” <Eva Moss> said. Ann Lee’s house burnt. “Yes,” <she> said.", "Eva Moss", "pronoun-person"),
    ("Tom Voss came. “No,” <she> said.", None, "pronoun-open"),
    ("The Harbour Trust met. <It> said so.", "Harbour Trust", "pronoun-body"),
    ("He met Ann Lee, <who> said so.", "Ann Lee", "pronoun-relative"),
    ("He met Ann Lee, a nurse from Paris, <who> said so.", "Ann Lee", "pronoun-relative"),
    ("He met Ann Lee and a nurse. A man <who> said so left.", None, "pronoun-open"),
    ("Ann Lee came. <They> said so.", None, "pronoun-group"),
    ("Ann Lee came. <I> said so.", None, "pronoun-author"),
    ("Ann Lee came. <Her voice> said so.", "Ann Lee", "pronoun-person"),
]
DESCRIBED = [
    ("Senator Ann Lee met Mayor Tom Voss. <The senator> said so.", "Ann Lee", "role"),
    ("Ann Lee, a lawyer, met Tom Voss, a judge. <The judge> said so.", "Tom Voss", "role"),
    ("Former Senator Ann Lee met Senator Tom Voss. <The former senator> said so.", "Ann Lee", "role"),
    ("The Harbour Bank fell. <The bank> said so.", "Harbour Bank", "body-description"),
    ("<A judge> said so.\n\nJudge Ann Lee is new.", "Ann Lee", "role-ahead"),
    ("Ann Lee came. <The plumber> said so.", None, "description-open"),
]
UNNAMED = [
    ("a senior official", "indefinite"),
    ("critics", "group"),
    ("two people who know Ann Lee", "group"),
    ("officials at the Harbour Trust", "group"),
    ("Ann Lee’s supporters", "group"),
    ("a spokesman for the Harbour Trust", "indefinite"),
    ("the new poll", "thing"),
    ("the French", "group"),
    ("", "thing"),
]


@pytest.mark.parametrize(("marked", "speaker", "resolution", "rule"), NAMED)
def test_names(marked: str, speaker: str, resolution: str, rule: str) -> None:
    found = speakers(marked)[-1]
    assert (found.speaker, found.resolution, found.rule) == (speaker, resolution, rule)
    assert found.candidates[0][0] in speaker


@pytest.mark.parametrize(("marked", "speaker", "rule"), PRONOUNS)
def test_pronouns(marked: str, speaker: str | None, rule: str) -> None:
    found = speakers(marked)[-1]
    assert (found.speaker, found.resolution, found.rule) == (speaker, "pronoun", rule)


@pytest.mark.parametrize(("marked", "speaker", "rule"), DESCRIBED)
def test_descriptions(marked: str, speaker: str | None, rule: str) -> None:
    found = speakers(marked)[-1]
    assert (found.speaker, found.resolution, found.rule) == (speaker, "description", rule)


@pytest.mark.parametrize(("source", "rule"), UNNAMED)
def test_nobody_is_named_where_nobody_is_known(source: str, rule: str) -> None:
    found = speakers(f"{'Ann Lee came to the city again. ' * 20}Then <{source}> said so.")[-1]
    assert (found.speaker, found.resolution, found.rule, found.candidates) == (None, "unnamed", rule, ())


def test_addressee_and_content_do_not_speak() -> None:
    text = "Eva Moss met Ann Lee. “Ann Lee lies,” she told Eva Moss."
    one = resolver(text)
    she = text.index("she")
    told = text.rindex("Eva Moss")
    speaker = one.resolve(
        Span(she, she + 3), None, (Span(text.index("“"), text.index("”") + 1),), Span(told, told + len("Eva Moss"))
    )
    assert speaker.speaker == "Eva Moss"  # she is named before the quotation, too


def test_role_and_affiliation() -> None:
    first, second = speakers("“No,” <Harbour Ministry spokeswoman Ann Lee> said. “Yes,” <she> added.")
    assert (first.role, first.affiliation) == ("Harbour Ministry spokeswoman", "Harbour Ministry")
    assert (second.speaker, second.role) == ("Ann Lee", "Harbour Ministry spokeswoman")


def test_rivals_are_candidates_with_scores() -> None:
    found = speakers("Ann Lee lost to Eva Moss. “No,” <she> said.")[-1]
    assert [name for name, _ in found.candidates] == ["Ann Lee", "Eva Moss"]
    assert found.candidates[0][1] > found.candidates[1][1] > 0
    assert sum(score for _, score in found.candidates) == pytest.approx(PRECISION[found.rule], abs=0.01)


def test_the_lee_campaign_is_one_body() -> None:
    text = "It rained all day and all night. " * 20 + "Then <the Lee campaign> said no. <The campaign> said yes."
    assert [s.speaker for s in speakers(text)] == ["Lee campaign", "Lee campaign"]


def test_title_has_its_own_names() -> None:
    title = "“No,” Lee Says"
    text = "Ann Lee came."
    cast = build_cast(title, text, find_names(title, text), find_names(text))
    found = SpeakerResolver(title, cast, []).resolve(Span(6, 9), None, (Span(0, 5),))
    assert found.speaker == "Ann Lee"


def test_no_source_names_nobody() -> None:
    found = resolver("“No,” Ann Lee said. “Yes.”").resolve(None, None, (Span(20, 26),))
    assert (found.speaker, found.resolution, found.rule) == (None, "implicit", "no-source")


def test_every_rule_has_a_meaning_and_a_precision() -> None:
    assert set(RULES) == set(PRECISION)
    assert all(0 < p < 1 for p in PRECISION.values())


SOURCES = st.sampled_from(
    ["he", "she", "It", "who", "the senator", "Lee", "Ann Lee", "the bank", "I", "’s", "a report by Lee", "they", "“", "."]
)  # fmt: skip
ARTICLES = st.one_of(st.lists(st.one_of(SOURCES, TEXTS), max_size=12).map(" ".join), TEXTS)


@settings(max_examples=200)
@given(TEXTS, ARTICLES, st.lists(st.tuples(st.integers(0, 150), st.integers(1, 40)), max_size=5))
def test_any_span_of_any_text_is_resolved(title: str, text: str, places: list[tuple[int, int]]) -> None:
    spans = [Span(a, min(a + n, len(text))) for a, n in sorted(places) if a < len(text)]

    def resolve() -> list[Speaker]:
        one = resolver(text, title)
        return [one.resolve(span, None, (span,), None) for span in spans]

    found = resolve()
    assert found == resolve()
    for speaker in found:
        assert speaker.speaker != ""
        assert speaker.speaker_type in fields.SPEAKER_TYPES
        assert speaker.resolution in fields.RESOLUTIONS
        assert speaker.rule in RULES
        assert speaker.confidence == PRECISION[speaker.rule]
        assert (speaker.speaker is None) == (not speaker.candidates)
        assert all(0 <= score <= 1 for _, score in speaker.candidates)


@pytest.mark.parametrize(
    "piece", ["“No,” <he> said. ", "Ann Lee came. <She> said no. ", "Senator Ann Lee. <The senator> spoke. ", "<Ann Lee, a> "]
)  # fmt: skip
def test_work_grows_with_the_length_of_the_text(piece: str) -> None:
    def work(n: int) -> int:
        return lines_executed(lambda: speakers(piece * n))

    assert work(200) < 2.5 * work(100)
