import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tasks.copies.candidates import packed
from tasks.copies.groups import grow


def groups(pairs: list[tuple[int, int]], joins=lambda centre, member, text: True) -> list[list[int]]:
    a, b = np.array(pairs, np.int64).reshape(-1, 2).T
    return list(grow(packed(a, b), joins))


def test_no_pairs() -> None:
    assert groups([]) == []


def test_pairs_that_hang_together_are_a_group() -> None:
    assert [sorted(g) for g in groups([(0, 2), (2, 5), (1, 3)])] == [[0, 2, 5], [1, 3]]


def test_a_text_reached_by_a_chain_has_to_suit_the_centre() -> None:
    chain = [(i, i + 1) for i in range(9)]
    assert groups(chain, lambda centre, member, text: text - centre < 4) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_a_refused_text_can_be_reached_by_way_of_another() -> None:
    assert groups([(0, 1), (0, 2), (1, 2)], lambda centre, member, text: member == text - 1) == [[0, 1, 2]]


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda p: p[0] < p[1])))
def test_every_text_is_in_one_group_and_the_order_of_pairs_means_nothing(pairs: list[tuple[int, int]]) -> None:
    def joins(centre: int, member: int, text: int) -> bool:
        return (centre + text) % 3 != 0

    found = groups(pairs, joins)
    members = [text for group in found for text in group]
    assert len(members) == len(set(members))
    assert all(group[0] == min(group) and len(group) > 1 for group in found)
    assert all(joins(group[0], 0, text) for group in found for text in group[1:])
    assert list(map(set, groups(pairs[::-1], joins))) == list(map(set, found))
