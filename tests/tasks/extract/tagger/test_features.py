from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.tagger.features import CASES, FEATURES, QUOTES, case_of, feature_id, quote_states


@pytest.mark.parametrize(
    ("word", "case"),
    [
        ("us", "lower"),
        ("Us", "title"),
        ("US", "upper"),
        ("McCain", "mixed"),
        ("A", "title"),
        ("3rd", "digit"),
        ("—", "none"),
    ],
)
def test_case_of_a_word(word: str, case: str) -> None:
    assert CASES[case_of(word)] == case


def states(text: str) -> str:
    return "".join("-d?s"[state] for state in quote_states(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said: "No." Then left.', "---------ddddd-----------"),
        ("“A,” b, “c”", "dddd----ddd"),
        ("a “b\n\nc", "--??---"),
        ("a “b\n\n“c” d", "--dd--ddd--"),
        ("the dogs' owner isn't", "---------------------"),
        ("a ‘b c’ d", "--sssss--"),
        ("„a“ b", "ddd--"),
        ("''a 'b' c,'' d", "dddddddddddd--"),
        ('6" tall', "-------"),
    ],
)
def test_quotation_marks(text: str, expected: str) -> None:
    assert states(text) == expected


@given(st.text(alphabet="ab \n\"'“”‘’«»„.,", max_size=60))
def test_a_paragraph_never_reaches_into_an_earlier_one(text: str) -> None:
    alone = quote_states(text)
    assert len(alone) == len(text)
    assert set(alone) <= set(range(len(QUOTES)))
    assert quote_states(text + "\n\nplain")[: len(text)] == alone


def test_feature_ids_are_distinct() -> None:
    ids = {feature_id(case, quote, begins) for case in range(6) for quote in range(4) for begins in (False, True)}
    assert ids == set(range(FEATURES))
