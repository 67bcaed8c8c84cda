from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.explore.filters import KINDS, SORTS, BadFilter, Filters, terms

WORDS = st.text(max_size=30).map(lambda text: " ".join(text.split()))


@given(
    st.builds(
        Filters,
        q=WORDS,
        speaker=WORDS,
        about=WORDS,
        publisher=WORDS,
        kind=st.sampled_from(("", *KINDS)),
        since=st.none() | st.dates(),
        until=st.none() | st.dates(),
        confidence=st.floats(0, 1),
        copies=st.booleans(),
        sort=st.sampled_from(tuple(SORTS)),
    )
)
def test_an_address_says_all_that_was_asked(filters: Filters) -> None:
    assert Filters.parse(dict(parse_qsl(filters.address()[1:]))) == filters


def test_what_is_not_asked_is_not_in_the_address() -> None:
    assert Filters().address() == ""
    assert Filters(q="a b", sort="oldest").address(q="") == "?sort=oldest"


@pytest.mark.parametrize(
    "given", [{"kind": "x"}, {"sort": "x"}, {"since": "31.1.2026"}, {"confidence": "nan"}, {"confidence": "high"}]
)
def test_what_can_t_be_read_is_said(given: dict[str, str]) -> None:
    with pytest.raises(BadFilter):
        Filters.parse(given)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("port sale", ["port", "sale"]),
        ('"not for sale" port', ["not for sale", "port"]),
        ("“not for sale”", ["not for sale"]),
        ('"open end', ["open end"]),
        ("don't – !?", ["don't"]),
        ("", []),
    ],
)
def test_words_and_phrases(words: str, expected: list[str]) -> None:
    assert terms(words) == expected
