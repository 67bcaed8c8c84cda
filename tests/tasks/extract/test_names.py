"""Names: what is found and labelled, and what holds for any text whatever."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import fields
from tasks.extract.labels import PRECISION
from tasks.extract.names import RULES, Name, find_names, reconcile
from tests.tasks.extract.counting import lines_executed


def labelled(text: str, context: str = "") -> list[tuple[str, str]]:
    return [(n.text, n.label) for n in find_names(text, context) if n.label != "MISC"]


CASES = [
    ("Titles stand outside names.", "Then Senator Ann Lee met Dr. Orla Q. Voss.", [("Ann Lee", "PER"), ("Orla Q. Voss", "PER")]),
    ("A surname is known by the full name.", "Ann Lee left. Then Lee came back.", [("Ann Lee", "PER"), ("Lee", "PER")]),
    ("A speaker needs no given name.", "“No,” Quorrin said.", [("Quorrin", "PER")]),
    ("Particles belong to a name.", "He met Karl van der Brook.", [("Karl van der Brook", "PER")]),
    ("A title as a surname.", "He met Stephen King and Mr. King.", [("Stephen King", "PER"), ("King", "PER")]),
    ("Hyphenated given names.", "Ban Ki-sool spoke.", [("Ban Ki-sool", "PER")]),
    ("Keywords.", "He sued the Harbour Trust and the Vell River.", [("Harbour Trust", "ORG"), ("Vell River", "LOC")]),
    ("Of and for.", "The Bureau of Quiet Streets met Citizens for Tax Justice.", [("Bureau of Quiet Streets", "ORG"), ("Citizens for Tax Justice", "ORG")]),
    ("Listed places.", "He flew from Paris to the United States.", [("Paris", "LOC"), ("United States", "LOC")]),
    ("An acronym.", "Then the QXR met.", [("QXR", "ORG")]),
    ("An acronym of no body.", "Then the GDP fell.", []),
    ("Secretary of State.", "Then Secretary of State Paul Voss left.", [("Paul Voss", "PER")]),
    ("A possessive ends a name.", "It is Ann Lee's Harbour Trust.", [("Ann Lee", "PER"), ("Harbour Trust", "ORG")]),
    ("Sentence-initial words.", "However, the rain stopped. While Ann Lee slept, it snowed.", [("Ann Lee", "PER")]),
    ("Plurals that open a sentence.", "Demonstrators said so.", []),
    ("Days and months.", "It rained on Monday in March.", []),
    ("A compound.", "The Paris-based firm grew.", [("Paris", "LOC")]),
    ("An initialism before a name.", "It is the U.S. Department of Quiet Streets.", [("U.S. Department of Quiet Streets", "ORG")]),
    ("Al- names.", "He met Omar al-Vessi.", [("Omar al-Vessi", "PER")]),
    ("Words that are no part of a name.", "Moderator Ann Lee sat. Wherever Ann Lee goes, it rains.", [("Ann Lee", "PER")] * 2),
    ("An insult.", "Ann Lee left. They shout «Crooked Ann Lee» at crooked people.", [("Ann Lee", "PER")] * 2),
    ("Secretary of State and a surname.", "Ann Lee left. Then Secretary of State Lee came.", [("Ann Lee", "PER"), ("Lee", "PER")]),
    ("Given names that are words.", "Bill Quorrin left. Hope Voss left. Will Lee leave?", [("Bill Quorrin", "PER"), ("Hope Voss", "PER"), ("Lee", "PER")]),
    ("A given name that is a demonym.", "Then Christian Voss left.", [("Christian Voss", "PER")]),
    ("A title that is a surname.", "He met Stephen King. King left.", [("Stephen King", "PER"), ("King", "PER")]),
    ("A participle opens the sentence.", "Praising Ann Lee, he left.", [("Ann Lee", "PER")]),
    ("A letter for a surname.", "He met Malcolm X. Ann Lee left.", [("Malcolm X", "PER"), ("Ann Lee", "PER")]),
    ("An occupation as a title.", "It was Engineer Hesham Quorrin.", [("Hesham Quorrin", "PER")]),
    ("An occupation opens the sentence.", "Farmer Ann Till left. It rained.", [("Ann Till", "PER")]),
    ("A given name that is a month's.", "Then Jan de Wit met Jan Voss.", [("Jan de Wit", "PER"), ("Jan Voss", "PER")]),
    ("A month that is a given name.", "On 5 Jan Ann Lee left.", [("Ann Lee", "PER")]),
    ("Letters behind a name.", "Then Ann Lee QC left.", [("Ann Lee", "PER")]),
    ("A title that is nobody's surname.", "The clerk met him. King left.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_names_and_labels(text: str, expected: list[tuple[str, str]]) -> None:
    assert labelled(text) == expected


def test_peoples_and_events_are_miscellaneous() -> None:
    found = [(n.text, n.label, n.rule) for n in find_names("The French won at the Harbour Festival.")]
    assert found == [("French", "MISC", "demonym"), ("Harbour Festival", "MISC", "event")]


def test_headline_takes_its_names_from_the_text() -> None:
    text = "Ann Quorrin sued Vell Foods. The rest is known."
    assert labelled("Ann Quorrin Hammers Vell Foods Over Rest", text) == [("Ann Quorrin", "PER"), ("Vell Foods", "PER")]
    assert labelled("Why Quorrin Fights On And On", text) == [("Quorrin", "PER")]


def test_headline_that_ends_in_a_full_stop_is_one() -> None:
    text = "Ann Quorrin sued Vell Foods. The rest is known."
    assert labelled("Ann Quorrin Hammers Vell Foods Over Rest.", text) == [
        ("Ann Quorrin", "PER"),
        ("Vell Foods", "PER"),
    ]
    assert labelled("Sounds Weirdly Sophisticated.", text) == []


TAGGED = [
    ("cut", "Ann Quorrin Beats Rival", "Ann Quorrin", "PER", ["Ann Quorrin"]),
    ("relabelled", "Then Vellum Strategies met.", "Vellum Strategies", "ORG", []),
    ("added", "then quorrin left.", "quorrin", "PER", ["quorrin"]),
    ("no name", "then aides left.", "aides", "PER", []),
    ("no shorter", "Then Zed Q. King left.", "Zed Q.", "PER", ["Zed Q. King"]),
]


@pytest.mark.parametrize(("text", "tagged", "label", "people"), [c[1:] for c in TAGGED], ids=[c[0] for c in TAGGED])
def test_a_tagger_corrects_the_rules(text: str, tagged: str, label: str, people: list[str]) -> None:
    start = text.index(tagged)
    seen = [Name(start, start + len(tagged), tagged, label, 0.9, "tagger")]
    assert [n.text for n in reconcile(find_names(text), seen) if n.label == "PER"] == people


def test_known_names_may_be_handed_over() -> None:
    text, title = "Ann Quorrin sued the city.", "Quorrin Sues Town Over Rest"
    assert find_names(title, text, find_names(text)) == find_names(title, text)


def test_labels_agree_within_an_article() -> None:
    found = find_names("The Vell Trust met in May. Later Vell Trust sued.")
    assert {n.label for n in found if n.text == "Vell Trust"} == {"ORG"}


def test_every_rule_has_a_meaning_and_a_precision() -> None:
    assert set(RULES) == set(PRECISION)
    assert all(0 < p < 1 for p in PRECISION.values())


PIECES = st.sampled_from(
    ["Ann", " Lee", "Mr. ", "U.S. ", "of ", "the ", "Bank ", "’s ", "-", "al-", " ", ". ", "\n", "“", "”", "É", "said ", "Paris", "Sen. ", ",", "K", "Jr.", "King "]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=120))


@settings(max_examples=200)
@given(TEXTS, TEXTS)
def test_any_text_gives_sorted_disjoint_spans(text: str, context: str) -> None:
    names = find_names(text, context)
    assert names == find_names(text, context)
    position = 0
    for name in names:
        assert position <= name.start < name.end <= len(text)
        assert text[name.start : name.end] == name.text
        assert name.label in fields.LABELS
        assert name.rule in RULES
        assert name.confidence == PRECISION[name.rule]
        position = name.end


@pytest.mark.parametrize(
    "piece", ["A ", "Mr. ", "Ann Lee said. ", "Bank of the ", "A.B. ", "LEE HILL ", "al-", "Lee’s ", "A\n", "“A"]
)
def test_work_grows_with_the_length_of_the_text(piece: str) -> None:
    def work(n: int) -> int:
        return lines_executed(lambda: find_names(piece * n))

    assert work(800) < 2.5 * work(400)


def test_name_is_hashable() -> None:
    assert len({Name(0, 1, "A", "PER", 0.5, "title"), Name(0, 1, "A", "PER", 0.5, "title")}) == 1
