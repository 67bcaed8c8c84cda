import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.copies.wording import Wording, align, same_words
from tasks.copies.words import word_codes

FULL = "We will build the new bridge by June, and we will not close the old ferry before 2030, whatever it costs"


def wording(text: str) -> Wording:
    codes = word_codes(text)
    return Wording.of(codes, codes)


def share(part: str, whole: str = FULL) -> float:
    return same_words(wording(part), wording(whole))


@pytest.mark.parametrize(
    "part",
    [
        FULL,
        FULL.upper(),
        "“We will build the new bridge by June,”",
        "we will not close the old ferry before 2030, whatever it costs",
        "We will build … by June, and we will not close the old ferry before 2030",
        "We will build [it] by June, and we will not close the old ferry before 2030",
        "They would build the new bridge by June, and they would not close the old ferry before 2030",
        "We'll build the new bridge by June, and we won't close the old ferry before 2030",
        "build the new bridge by June … whatever it costs",  # a denial in the clause left out is not ours
    ],
)
def test_the_same_utterance(part: str) -> None:
    assert share(part) >= 0.7


@pytest.mark.parametrize(
    "part",
    [
        "We will build the new bridge by June, and we will close the old ferry before 2030, whatever it costs",
        "we will close the old ferry before 2030, whatever it costs",
        "close the old ferry before 2030, whatever it costs",  # cut off behind the «not»
        "we will not close the old ferry before 2031, whatever it costs",
        "we will never build the new bridge by June",
        "We will build the new bridge by June 2027, and we will not close the old ferry",
        "We will build the new road by May",
        "We will build a school",
        "the by will and before it",
        "By the old bridge we will not",
    ],
)
def test_another_utterance(part: str) -> None:
    assert share(part) == 0


def test_a_number_in_words_is_the_number() -> None:
    assert share("we will close three of our schools", "we will close 3 of our schools") == 1
    assert share("we will close three of our schools", "we will close four of our schools") == 0


def test_only_the_core_of_a_part_has_to_be_there() -> None:
    core = word_codes("not close the old ferry before 2030")
    assert (
        same_words(Wording.of(core, word_codes("she promised to “not close the old ferry before 2030”")), wording(FULL))
        == 1
    )


words = st.lists(st.integers(1, 6), max_size=12)


@given(words, words)
def test_alignment_is_a_longest_common_subsequence(one: list[int], other: list[int]) -> None:
    here, there = align(np.array(one, np.uint32), np.array(other, np.uint32))
    assert [one[i] for i in here] == [other[j] for j in there]
    assert (np.diff(here) > 0).all() and (np.diff(there) > 0).all()
    assert len(here) == longest(tuple(one), tuple(other))


def longest(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """The length by the textbook's recursion, a row at a time."""
    row = [0] * (len(other) + 1)
    for a in one:
        new = [0]
        for j, b in enumerate(other):
            new.append(row[j] + 1 if a == b else max(row[j + 1], new[j]))
        row = new
    return row[-1]
