from hypothesis import given
from hypothesis import strategies as st

from tasks.explore.words import compare

SENTENCE = st.lists(st.sampled_from(["the", "port", "“will", "Not", "sell,", "…", "ever”"]), max_size=12).map(" ".join)


@given(SENTENCE, SENTENCE)
def test_the_parts_make_both_wordings(canonical: str, wording: str) -> None:
    parts = compare(canonical, wording)
    assert "".join(text for kind, text in parts if kind != "left").split() == wording.split()
    assert len("".join(text for kind, text in parts if kind != "added").split()) == len(canonical.split())


def test_punctuation_and_case_are_no_difference() -> None:
    assert compare("“We will not sell the port.”", "we will never sell the port") == [
        ("same", "we will"),
        ("left", " not"),
        ("added", " never"),
        ("same", " sell the port"),
    ]
