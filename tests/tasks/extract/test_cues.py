"""Cues: verb forms, verb groups, set phrases, negation, and nouns that look like verbs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.base import Span
from tasks.extract.cues import Cue, find_cues
from tasks.extract.tokens import Token, tokenise
from tasks.extract.verbs import FORMS, inflect


def cues(text: str) -> tuple[list[Token], list[Cue]]:
    tokens = tokenise(text, Span(0, len(text)), [])
    return tokens, find_cues(tokens)


def printed(text: str) -> list[str]:
    tokens, found = cues(text)
    return [text[tokens[c.first].start : tokens[c.last - 1].end] for c in found]


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("ask", ("asks", "asked", "asked", "asking")),
        ("deny", ("denies", "denied", "denied", "denying")),
        ("stress", ("stresses", "stressed", "stressed", "stressing")),
        ("note", ("notes", "noted", "noted", "noting")),
        ("agree", ("agrees", "agreed", "agreed", "agreeing")),
        ("quip", ("quips", "quipped", "quipped", "quipping")),
        ("say", ("says", "said", "said", "saying")),
        ("swear", ("swears", "swore", "sworn", "swearing")),
        ("pray", ("prays", "prayed", "prayed", "praying")),
    ],
)
def test_inflection(lemma: str, forms: tuple[str, ...]) -> None:
    assert inflect(lemma) == forms
    assert all(FORMS[form].lemma == lemma for form in (lemma, *forms))


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("Lee said the bridge was safe.", "said"),
        ("Lee has repeatedly said that it is safe.", "has repeatedly said"),
        ("Lee will say that it is safe.", "will say"),
        ("Lee, in May, also argued that it is safe.", "also argued"),
        ("Critics say it is not.", "say"),
        ("According to Lee, it is safe.", "According to"),
        ("He was cited as saying it is safe.", "was cited as saying"),
        ("She went on to say that it is safe.", "went on to say"),
        ("She pointed out that it is safe.", "pointed out"),
        ("They issued a statement saying it is safe.", "issued a statement saying"),
        ("Lee did not say that it is safe.", "did not say"),
        ("Lee declined to say whether it is safe.", "declined to say"),
    ],
)
def test_cue_is_found_whole(text: str, cue: str) -> None:
    assert printed(text) == [cue]


@pytest.mark.parametrize(
    "text",
    [
        "The report and his claim were long.",
        "It stood in the United States for years.",
        "A new call for answers came on Monday.",
        "She pointed at the bridge.",
        "The harbour in Hill Note Bay is deep.",
        "Their question was old.",
    ],
)
def test_nouns_and_names_are_no_cues(text: str) -> None:
    assert printed(text) == []


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("Lee said that it is safe.", False),
        ("Lee never said that it is safe.", True),
        ("Lee didn’t say that it is safe.", True),
        ("Lee refused to say that it is safe.", True),
        ("Lee denied that it is safe.", True),
    ],
)
def test_negation(text: str, negated: bool) -> None:
    _, (cue,) = cues(text)
    assert cue.is_negated is negated


def test_lemma_kind_and_mood() -> None:
    _, (said, adding) = cues("Lee told reporters it is safe, adding that it is new.")
    assert (said.lemma, said.kind, said.mood) == ("tell", "tell", "finite")
    assert (adding.lemma, adding.kind, adding.mood) == ("add", "say", "ing")


def test_passive_has_no_speaker_in_front() -> None:
    _, (cue,) = cues("Lee was told that it is safe.")
    assert cue.is_passive


def test_headline_verbs_may_be_capitalised() -> None:
    assert printed("Mayor Vows Bridge Will Open") == ["Vows"]


@given(
    st.lists(
        st.sampled_from(sorted(FORMS) + ["to", "not", "as", "saying", "Lee", ",", "the", "have", "."]), max_size=40
    )
)
def test_cues_are_ordered_disjoint_and_inside(drawn: list[str]) -> None:
    tokens, found = cues(" ".join(drawn))
    edges = [edge for cue in found for edge in (cue.first, cue.last)]
    assert edges == sorted(edges)
    assert all(0 <= c.first <= c.head < c.last <= len(tokens) for c in found)
