from itertools import chain

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tasks.copies.buckets import Packed
from tasks.copies.candidates import Candidates, candidate_pairs, distinct, rare, shingles, sketch
from tasks.copies.words import Codes, Words
from tests.tasks.copies.numbered import numbered

SHINGLE, WINDOW = 3, 4


def by_number(*texts: list[int]) -> Words:
    """Texts whose words are numbers."""
    return numbered([*map(codes, texts)])


def codes(text: list[int]) -> Codes:
    return np.array(text, np.uint32) << 3


def pairs(words: Words, least_share: float = 0.0, reach: int = 1) -> list[tuple[int, int]]:
    sketches = sketch(words, np.arange(len(words)), SHINGLE, WINDOW)
    return unpacked(candidate_pairs(sketches, len(words), least_share, reach))


def unpacked(found: Packed) -> list[tuple[int, int]]:
    return [(pair >> 32, pair & 0xFFFFFFFF) for pair in found.tolist()]


def test_shingles_are_runs_in_order() -> None:
    one = shingles(codes([1, 2, 3, 4]), 3)
    assert len(one) == 2
    assert shingles(codes([2, 3, 4]), 3).tolist() == one[1:].tolist()
    assert shingles(codes([4, 3, 2]), 3).tolist() != one[1:].tolist()
    assert shingles(codes([1, 2]), 3).tolist() == []


def test_case_is_no_part_of_a_shingle() -> None:
    assert shingles(codes([1, 2, 3]) | np.uint32(1), 3).tolist() == shingles(codes([1, 2, 3]), 3).tolist()


@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 3)))
def test_distinct_numbers_are_sorted(numbers: list[int]) -> None:
    assert distinct(np.array(numbers, np.uint64)).tolist() == sorted(set(numbers))


texts = st.lists(st.integers(1, 1_000), min_size=SHINGLE + WINDOW - 1, max_size=30)


@given(texts, texts, st.lists(st.integers(1, 1_000), min_size=SHINGLE + WINDOW - 1, max_size=SHINGLE + WINDOW - 1))
def test_texts_that_share_a_passage_of_a_window_are_a_pair(
    one: list[int], other: list[int], passage: list[int]
) -> None:
    assert (0, 1) in pairs(by_number([*one, *passage], [*passage, *other]))


def test_a_passage_across_the_bounds_of_two_texts_is_none() -> None:
    first, second = list(range(1, 8)), list(range(8, 15))
    across = [0, 0, *first[-3:], *second[:3], 0]
    assert (0, 2) not in pairs(by_number(first, second, across))


def test_texts_in_different_blocks_are_compared(monkeypatch) -> None:
    words = by_number(list(range(10)), list(range(20, 30)), list(range(40, 50)), list(range(10)))
    whole = pairs(words)
    monkeypatch.setattr("tasks.copies.candidates.BLOCK", 2)
    monkeypatch.setattr("tasks.copies.candidates.BUCKET_WORDS", 3)
    monkeypatch.setattr("tasks.copies.candidates.BUCKET_TEXTS", 1)
    assert pairs(words) == whole == [(0, 3)]


def test_a_phrase_that_all_share_costs_two_pairs_a_text() -> None:
    words = by_number(*([list(range(1, 10))] * 500))
    assert len(pairs(words)) == 499 + 498


def test_with_more_reach_more_neighbours_are_paired() -> None:
    words = by_number(*([list(range(1, 10))] * 5))
    assert pairs(words) == [(0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (2, 3), (3, 4)]
    assert pairs(words, reach=4) == [(a, b) for a in range(5) for b in range(a + 1, 5)]


def test_a_phrase_is_not_enough() -> None:
    phrase = [1, 2, 3, 4, 5, 6]
    words = by_number([*phrase, *range(100, 160)], [*phrase, *range(200, 260)])
    assert pairs(words) == [(0, 1)]
    assert pairs(words, least_share=0.5) == []


def test_texts_with_other_salts_share_nothing() -> None:
    words = by_number(*([list(range(1, 10))] * 3))
    sketches = sketch(words, np.arange(3), SHINGLE, WINDOW, salts=np.array([7, 8, 7], np.uint32))
    assert unpacked(candidate_pairs(sketches, 3, 0.5)) == [(0, 2)]


def test_no_texts() -> None:
    assert pairs(by_number()) == []


def test_what_is_rare_in_sketches() -> None:
    common = list(range(1, 7))
    words = by_number([*common, *range(10, 20)], [*common, *range(20, 30)], [*common, *range(30, 40)])
    (sketches,) = sketch(words, np.arange(3), SHINGLE, WINDOW)
    with Candidates(3, 0.0) as candidates, Candidates(3, 0.0) as uncommon:
        candidates.add(sketches)
        uncommon.add(rare(sketches, 2))
        assert (candidates.sizes > uncommon.sizes).all()
        assert (uncommon.sizes > 0).all()
        assert unpacked(candidates.pairs()) == [(0, 1), (0, 2), (1, 2)]
        assert unpacked(uncommon.pairs()) == []
    assert rare(sketches, 3).tolist() == sketches.tolist()
    assert rare(sketches[:0], 3).tolist() == []


@given(texts, texts, st.integers(WINDOW, 9))
def test_a_narrow_window_keeps_what_a_wide_one_does(one: list[int], other: list[int], window: int) -> None:
    words = by_number(*([*text, *range(1, window)] for text in (one, other)))
    narrow, wide, mixed = (
        set(chain.from_iterable(sketch(words, np.arange(2), SHINGLE, size)))
        for size in (WINDOW, window, np.array([WINDOW, window]))
    )
    assert wide <= mixed <= narrow
