"""Content: where what was said begins and ends beside its cue; sentences and names are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.base import Span
from tasks.extract.content import content_after, content_before, content_end, ends_quoted, leads_in, may_end, resumed
from tasks.extract.cues import Cue, find_cues
from tasks.extract.quotations import scan
from tasks.extract.tokens import Token, tokenise


def read(text: str) -> tuple[list[Token], list[Cue]]:
    outer = [(i, q) for i, q in enumerate(scan(text)) if q.parent is None]
    tokens = tokenise(text, Span(0, len(text)), outer)
    return tokens, find_cues(tokens)


def printed(text: str, tokens: list[Token], start: int, end: int) -> str:
    return text[tokens[start].start : tokens[end - 1].end] if start < end else ""


@pytest.mark.parametrize(
    ("text", "how", "content"),
    [
        ("Lee said that it was safe.", "that", "that it was safe"),
        ("Lee said it was safe.", "bare", "it was safe"),
        ("Lee said, “It is safe.”", "comma", "“It is safe.”"),
        ("Lee said: “It is safe.”", "colon", "“It is safe.”"),
        ("Lee said — “It is safe.”", "colon", "“It is safe.”"),
        ("Lee said on Monday in Hill that it was safe.", "that", "that it was safe"),
        ("Lee said on Monday: “It is safe.”", "colon", "“It is safe.”"),
        ("Lee said at the port on Monday, “It is safe.”", "comma", "“It is safe.”"),
        ("Lee told the council that it was safe.", "that", "that it was safe"),
        ("Lee said to reporters that it was safe.", "that", "that it was safe"),
        ("Lee spoke of it and simply said “no way” to them.", "bare", "“no way” to them"),
        ("Lee promised to mend the bridge.", "bare", "to mend the bridge"),
    ],
)
def test_content_behind_a_cue(text: str, how: str, content: str) -> None:
    tokens, cues = read(text)
    after = content_after(tokens, cues[-1])
    assert after.start is not None
    assert after.how == how
    assert printed(text, tokens, after.start, content_end(tokens, after.start, [])) == content


@pytest.mark.parametrize("text", ["Lee said.", "Lee said yesterday.", "Lee said and left.", "Lee said to the council."])
def test_no_content_behind_a_cue(text: str) -> None:
    tokens, cues = read(text)
    assert content_after(tokens, cues[0]).start is None


def test_colon_at_the_end_announces_without_a_start() -> None:
    tokens, cues = read("Lee wrote to the council:")
    after = content_after(tokens, cues[0])
    assert (after.start, after.how) == (None, "colon")


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Lee said it was safe, adding that it was new.", "it was safe"),
        ("Lee said it was safe and told the council to wait.", "it was safe"),
        ("Lee said it was safe, but he denied that it was new.", "it was safe"),
        ("Lee said it was safe, according to Moss.", "it was safe"),
        ("Lee wrote to ask about it, Moss replied, “It is safe.”", "to ask about it"),
        ("Lee said “it is safe” and went home.", "“it is safe” and went home"),
        ("Lee said “It is safe,” and went home.", "“It is safe,”"),
    ],
)
def test_content_ends_before_the_next_cue(text: str, content: str) -> None:
    tokens, cues = read(text)
    start = content_after(tokens, cues[0]).start
    assert start is not None
    assert printed(text, tokens, start, content_end(tokens, start, cues[1:])) == content


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("“It is safe,”", "“It is safe,”"),
        (", “it is safe,”", "“it is safe,”"),
        ("The bridge is “quite safe,”", "The bridge is “quite safe,”"),
        ("The town had no doubt: “It is safe,”", "“It is safe,”"),
        ("Some were glad (“It is safe,”", "“It is safe,”"),
        ("The bridge is safe —", "The bridge is safe"),
        (",", ""),
    ],
)
def test_content_before_a_source(text: str, content: str) -> None:
    tokens, _ = read(text)
    assert printed(text, tokens, *content_before(tokens, 0, len(tokens))) == content


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("On Monday,", True),
        ("But on Monday,", True),
        ("Speaking in Hill,", True),
        ("But,", True),
        ("If it rains,", False),
        ("The bridge is safe,", False),
        ("But the bridge is safe,", False),
        ("“On Monday,”", False),
        (",", False),
    ],
)
def test_words_that_lead_in_are_no_content(text: str, leads: bool) -> None:
    tokens, _ = read(text)
    assert leads_in(tokens, 0, len(tokens)) is leads


def test_quotation_resumed_behind_the_attribution() -> None:
    text = "“It is safe,” Lee said on Monday, “and it is new.”"
    tokens, cues = read(text)
    assert [printed(text, tokens, *part) for part in resumed(tokens, cues[0].last)] == ["“and it is new.”"]


@pytest.mark.parametrize(
    "text",
    [
        "“It is safe,” Lee said; “it is not,” said Moss.",
        "“It is safe,” Lee said of the “new” bridge.",
        "“It is safe,” Lee said, adding, “It is new.”",
        "“No,” Lee said.",
    ],
)
def test_quotation_of_another_cue_is_not_resumed(text: str) -> None:
    tokens, cues = read(text)
    assert resumed(tokens, cues[0].last) == []


def test_quotation_right_before() -> None:
    tokens, cues = read("“It is safe,” said Lee.")
    assert ends_quoted(tokens, 0, cues[0].first)
    tokens, cues = read("“It is safe,” the mayor said.")
    assert not ends_quoted(tokens, 0, cues[0].first)


@pytest.mark.parametrize(
    ("text", "ends"), [("Lee said.", True), ("Lee said on Monday.", True), ("Lee said it.", False)]
)
def test_clause_may_end_behind_a_cue(text: str, ends: bool) -> None:
    tokens, cues = read(text)
    assert may_end(tokens, cues[0].last) is ends


PIECES = [
    "said",
    "told",
    "Lee",
    "“a b,”",
    "“A.”",
    ",",
    ".",
    ":",
    ";",
    "—",
    "that",
    "to",
    "on Monday",
    "he",
    "and",
    "by",
]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=25))
def test_ranges_stay_inside_the_sentence(drawn: list[str]) -> None:
    tokens, cues = read(" ".join(drawn))
    for number, cue in enumerate(cues):
        after = content_after(tokens, cue)
        if after.start is not None:
            assert cue.last <= after.start < len(tokens)
            assert after.start <= content_end(tokens, after.start, cues[number + 1 :]) <= len(tokens)
        start, stop = content_before(tokens, 0, cue.first)
        assert 0 <= start <= stop <= max(start, cue.first)
