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
    content = Span(len(text) - 1, len(text))
    return [one.resolve(span, None, (content,)) for span in spans]


NAMED = [
    ("“No,” <Ann Lee> said.", "Ann Lee", "full_name", "full-name"),
    ("“No,” said <their coach Ann Lee>.", "Ann Lee", "full_name", "full-name"),
    ("Tom Voss came. “No,” said <his mother Ann Lee>.", "Ann Lee", "full_name", "full-name"),
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
    ("“No,” <Chief of Staff Ann Lee> said.", "Ann Lee", "full_name", "full-name"),
    ("“No,” <former chief of staff Ann Lee> said.", "Ann Lee", "full_name", "full-name"),
    ("“No,” <Mayor of Paris Ann Lee> said.", "Ann Lee", "full_name", "full-name"),
    ("It was late, <the> Harbour Trust said.", "Harbour Trust", "organisation", "body-name"),
    ("Now Ann Lee came. “No,” <Ms>. Lee said.", "Ann Lee", "partial_name", "part-of-name"),
    ("“No,” <the runner-up, the trade unionist Ann Lee,> said.", "Ann Lee", "full_name", "name-in-apposition"),
    ("“No,” <the mayor, Ann Lee of Paris,> said.", "Ann Lee", "full_name", "name-in-apposition"),
    ("They cheer. <Ann Lee and the Harbour Trust> said so.", "Ann Lee; Harbour Trust", "full_name", "several-names"),
    ("“No,” <the Harbour Trust adviser and poet Ann Lee> said.", "Ann Lee", "full_name", "full-name"),
    ("Tom Voss came. “No,” <Voss’s adviser and friend Ann Lee> said.", "Ann Lee", "full_name", "full-name"),
    ("It is late, says <Paris, by Ann Lee,>.", "Ann Lee", "full_name", "author-of-document"),
    ("Now the Ann Lee Foundation met. “No,” <Lee> said.", "Ann Lee", "partial_name", "part-of-name"),
]  # fmt: skip
PRONOUNS = [
    ("Ann Lee met Tom Voss. “No,” <she> said.", "Ann Lee", "pronoun-person"),
    ("Ann Lee met Tom Voss. “No,” <he> said.", "Tom Voss", "pronoun-person"),
    ("Ann Lee lost to Eva Moss. “No,” <she> said.", "Ann Lee", "pronoun-rivals"),
    ("“No,” <Eva Moss> said. Ann Lee’s house burnt. “Yes,” <she> said.", "Eva Moss", "pronoun-rivals"),
    ("Ann Lee lost to Eva Moss. “No,” <Lee> said. “Yes,” <she> said.", "Ann Lee", "pronoun-person"),
    ("Tom Voss came. “No,” <she> said.", None, "pronoun-open"),
    ("The Harbour Trust met. <It> said so.", "Harbour Trust", "pronoun-body"),
    ("He met Ann Lee, <who> said so.", "Ann Lee", "pronoun-relative"),
    ("He met Ann Lee, a nurse from Paris, <who> said so.", "Ann Lee", "pronoun-relative"),
    ("He met Ann Lee and a nurse. A man <who> said so left.", None, "pronoun-open"),
    ("Ann Lee came. <They> said so.", None, "pronoun-group"),
    ("Ann Lee came. <I> said so.", None, "pronoun-author"),
    ("Ann Lee came. <Her voice> said so.", "Ann Lee", "pronoun-person"),
    ("Ann Lee came. <She and her brother> said so.", "Ann Lee", "pronoun-person"),
    ("Ann Lee came. As <this reporter> wrote, it rained.", None, "pronoun-author"),
    ("Tom Voss came. <A spokesman> said no. “Yes,” <he> said.", None, "pronoun-open"),
    ("Tom Voss came. <Another witness> said no. “Yes,” <he> said. “Now,” <he> added.", None, "pronoun-open"),
    ("Ann Lee slept. <Tom Voss’s aide> said no. “Yes,” <she> said.", None, "pronoun-open"),
    ("Ann Lee slept. <A nurse> said no. <The nurse> sighed. “Yes,” <she> said.", None, "pronoun-open"),
    ("Tom Voss came. <A spokesman> said no. Voss sighed. “Yes,” <he> said.", "Tom Voss", "pronoun-person"),
    ("Tom Voss came. <A spokeswoman> said no. “Yes,” <he> said.", "Tom Voss", "pronoun-person"),
    ("Tom Voss came. <A spokesman> said no. " + "It rained. " * 4 + "“Yes,” <he> said.", "Tom Voss", "pronoun-person"),
    ("Far off lies Paris. It rained. It snowed. It froze. It thawed. <It> read so.", None, "pronoun-open"),
]
DESCRIBED = [
    ("Senator Ann Lee met Mayor Tom Voss. <The senator> said so.", "Ann Lee", "role"),
    ("Ann Lee, a lawyer, met Tom Voss, a judge. <The judge> said so.", "Tom Voss", "role"),
    ("Former Senator Ann Lee met Senator Tom Voss. <The former senator> said so.", "Ann Lee", "role"),
    ("The Harbour Bank fell. <The bank> said so.", "Harbour Bank", "body-description"),
    ("<A judge> said so.\n\nJudge Ann Lee is new.", "Ann Lee", "role-ahead"),
    ("Ann Lee came. <The plumber> said so.", None, "description-open"),
    ("Tom Voss met Ann Lee, a lawyer for Eva Moss. <His lawyer> said so.", None, "description-open"),
    ("Ann Lee, a lawyer for Tom Voss, left. It was Tom Voss who slept. <His lawyer> said so.", "Ann Lee", "role"),
    ("Eva Voss left. Tom Voss slept. <His wife> said so.", "Eva Voss", "role"),
    ("Senator Ann Lee came. A spy met <a> clerk. Then <its senator> said so.", None, "description-open"),
    (
        "Labour lawmaker Ann Lee met Republican lawmaker Tom Voss. <The Republican lawmaker> said so.",
        "Tom Voss",
        "role",
    ),
    ("Paris Mayor Ann Lee met Tom Voss. <The Paris Democrat> said so.", "Ann Lee", "role"),
    (
        "Aide Ann Lee left. " + "It rained all day and all night. " * 20 + "An aide came. <The aide> said so.",
        None,
        "description-open",
    ),
    ("Ann Lee came. <The next president> said so.", None, "description-open"),
    ("Ann Lee came. <The senator> said so.", "Ann Lee", "role-recent"),
    ("Ann Lee came. <The former first lady and senator> said so.", "Ann Lee", "role-recent"),
    ("He flew to Paris. <The city> said so.", "Paris", "body-description"),
    ("The Harbour Office closed. <The fire service> said so.", None, "description-open"),
    ("The Harbour Office closed. <The harbour service> said so.", "Harbour Office", "body-description"),
    ("Shadow chancellor Ann Lee met chancellor Tom Voss. <The chancellor> said so.", "Tom Voss", "role"),
    ("Chancellor Tom Voss met shadow chancellor Ann Lee. <The shadow chancellor> said so.", "Ann Lee", "role"),
    ("Now deputy mayor Ann Lee came. <The mayor> said so.", None, "description-open"),
    ("Now First Minister Ann Lee met farmers. <The minister> said so.", None, "description-open"),
    ("Health minister Ann Lee met finance minister Tom Voss. <The health minister> said so.", "Ann Lee", "role"),
    ("Now Finance Minister Tom Voss came. <The health minister> said so.", None, "description-open"),
    ("Now British Foreign Minister Tom Voss came. <The Dutch foreign minister> said so.", None, "description-open"),
    ("Now British Foreign Minister Tom Voss came. <The foreign minister> said so.", "Tom Voss", "role"),
    ("Senator and vice presidential candidate Tom Voss came. <The senator> said so.", "Tom Voss", "role"),
    ("Tom Voss met Ann Lee. The mayor came. <The mayor> said so.", "Tom Voss", "role-recent"),
    ("Inspector Ann Lee came. <The victim> said so.", None, "description-open"),
    ("Ann Lee came. <The port’s lawyer> said so.", None, "description-open"),
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
    ("other senators", "group"),
    ("Ann Lee’s associates", "group"),
    ("Britain’s young people", "group"),
    ("Paris’s voters", "group"),
    ("a statement by a section of Paris’s police", "thing"),
    ("several judges handling Ann Lee’s case", "group"),
    ("many people here", "group"),
    ("supporters of the mayor, Ann Lee", "group"),
    ("the report published Tuesday", "thing"),
    ("courier.example", "thing"),
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
    text = "Ida Holm met Ann Lee and Eva Moss. “Ann Lee lies,” she told Eva Moss."
    one = resolver(text)
    she = text.index("she")
    told = text.rindex("Eva Moss")
    speaker = one.resolve(
        Span(she, she + 3), None, (Span(text.index("“"), text.index("”") + 1),), Span(told, told + len("Eva Moss"))
    )
    assert speaker.speaker == "Ida Holm"


NAMED_BY_THE_SPEAKER = [
    ("Tom Voss met Karl Holm. Later Voss left. {He} said {that Voss was ill}.", "Karl Holm"),
    ("Tom Voss met Karl Holm. Later Voss left. {He} said {that it was late}.", "Tom Voss"),
    ("Tom Voss came. {He} said {that Voss was ill}.", None),
    ("Tom Voss came. {He} said: {“Vote for Voss!”}", "Tom Voss"),
    ("Tom Voss came. Though {he} called it {“odd”, Voss left}.", "Tom Voss"),
    ("Tom Voss (Lab, Quarl Zed) rose. {He} said {that it was late}.", "Tom Voss"),
    ("Tom Voss met Karl Holm.\n\n{He} said: {“Vote for Voss!”}", "Karl Holm"),
]


@pytest.mark.parametrize(("marked", "speaker"), NAMED_BY_THE_SPEAKER)
def test_he_is_not_the_one_of_whom_he_speaks_by_name(marked: str, speaker: str | None) -> None:
    before, he, between, content, rest = marked.replace("}", "{").split("{")
    source = Span(len(before), len(before + he))
    said = Span(source.end + len(between), source.end + len(between + content))
    found = resolver(before + he + between + content + rest).resolve(source, None, (said,))
    assert found.speaker == speaker


def test_he_may_be_the_one_who_is_named_before_him() -> None:
    text = "Tom Voss met Ann Lee. In the flood Voss’s house was lost, he said."
    content = Span(text.index("In the"), text.index(", he"))
    found = resolver(text).resolve(Span(content.end + 2, content.end + 4), None, (content,))
    assert found.speaker == "Tom Voss"


def test_the_one_whom_the_mayor_praises_is_not_the_mayor() -> None:
    text = "Karl Holm came. Tom Voss sang. Praising Voss, <the senator> said so."
    assert speakers(text)[-1].speaker == "Karl Holm"


ACTORS = [
    ("<Karl Holm> said no. “Late,” <he> said. Tom Voss shrugged. “Yes,” <he> said.", "Tom Voss"),
    ("<Karl Holm> said no. “Late,” <he> said. Tom Voss shrugged.\n\n“Yes,” <he> said.", "Karl Holm"),
    ("<Karl Holm> said no. “Late,” <he> said. It was a blow to Tom Voss. “Yes,” <he> said.", "Karl Holm"),
]


@pytest.mark.parametrize(("marked", "speaker"), ACTORS)
def test_who_acts_right_before_a_quotation_speaks_it(marked: str, speaker: str) -> None:
    assert speakers(marked)[-1].speaker == speaker


def test_who_answers_a_reporter_is_not_the_reporter() -> None:
    text = "Ann Lee came. A reporter asked if it was late. “No,” she said."
    one = resolver(text)
    cue = Span(text.index("asked"), text.index(" if"))
    one.resolve(Span(text.index("A rep"), cue.start - 1), cue, (Span(cue.end + 1, text.index(". “")),))
    she = text.index("she")
    assert one.resolve(Span(she, she + 3), None, (Span(she - 6, she - 1),)).speaker == "Ann Lee"


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


CAMPAIGNS = [
    ("Ann Lee slept. <Her campaign> said no.", "Ann Lee campaign"),
    ("Ann Lee slept. The Lee campaign grew. <Her campaign> said no.", "Lee campaign"),
    ("It was late. <The campaign of Senator Ann Lee> said no.", "Ann Lee campaign"),
    ("Ann Lee slept. <Lee and her campaign> said no.", "Ann Lee"),
]


@pytest.mark.parametrize(("marked", "speaker"), CAMPAIGNS)
def test_campaigns_are_called_by_their_candidate(marked: str, speaker: str) -> None:
    assert speakers("It rained all day and all night. " * 20 + marked)[-1].speaker == speaker


LEADS = [
    ("Harbour panel rejects it", "The Harbour Safety Committee rejected it. The Vell Committee met.", "Harbour Safety Committee"),
    ("Dockers’ union rejects it", "The Harbour Workers Union rejected it.", "Harbour Workers Union"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "text", "speaker"), LEADS)
def test_a_headline_describes_what_the_text_names(title: str, text: str, speaker: str) -> None:
    cast = build_cast(title, text, find_names(title, text), find_names(text))
    source = Span(0, title.index(" rejects"))
    assert SpeakerResolver(title, cast, []).resolve(source, None, ()).speaker == speaker


AFFILIATIONS = [
    ("“No,” <Trust head Tom Voss> said. Voss is the head of the Harbour Trust.", "Harbour Trust"),
    ("The Harbour Workers Union met. “No,” <HWU spokesman Tom Voss> said.", "Harbour Workers Union"),
    ("“No,” <former Harbour Trust chief Tom Voss> said.", None),
    ("“No,” <Tom Voss, a nurse from Paris,> said.", None),
    ("“No,” <Paris Mayor Tom Voss> said.", "Paris"),
    ("“No,” <Lee campaign manager Tom Voss> said. Ann Lee left.", "Lee campaign"),
    ("“No,” <Lee spokesman Tom Voss> said. Ann Lee left.", "Ann Lee"),
]


@pytest.mark.parametrize(("marked", "affiliation"), AFFILIATIONS)
def test_a_speaker_belongs_to_the_fullest_name_of_the_body(marked: str, affiliation: str | None) -> None:
    found = speakers(marked)[0]
    assert (found.speaker, found.affiliation) == ("Tom Voss", affiliation)


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
