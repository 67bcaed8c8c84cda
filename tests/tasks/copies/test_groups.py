import random
from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tasks.copies.candidates import packed
from tasks.copies.groups import Joins, regroup

Pairs = list[tuple[int, int]]


def centres(pairs: Pairs, joins: Joins, n: int = 13) -> list[int]:
    """The centre of each of n texts."""
    a, b = np.array(sorted(set(pairs)), np.int64).reshape(-1, 2).T
    return regroup(packed(a, b), np.arange(n), np.arange(n), lambda: joins, joins).tolist()


def groups(pairs: Pairs, joins: Joins = lambda centre, member, text: True) -> list[list[int]]:
    """The groups of two or more."""
    found: dict[int, list[int]] = {}
    for text, centre in enumerate(centres(pairs, joins)):
        found.setdefault(centre, []).append(text)
    return [group for group in found.values() if len(group) > 1]


def test_no_pairs() -> None:
    assert groups([]) == []


def test_pairs_that_hang_together_are_a_group() -> None:
    assert groups([(0, 2), (2, 5), (1, 3)]) == [[0, 2, 5], [1, 3]]


def test_a_text_reached_by_a_chain_has_to_suit_the_centre() -> None:
    chain = [(i, i + 1) for i in range(9)]
    assert groups(chain, lambda centre, member, text: text - centre < 4) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_a_refused_text_can_be_reached_by_way_of_another() -> None:
    assert groups([(0, 1), (0, 2), (1, 2)], lambda centre, member, text: member == text - 1) == [[0, 1, 2]]


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda p: p[0] < p[1])))
def test_every_text_is_in_one_group_with_one_that_takes_it(pairs: Pairs) -> None:
    def joins(centre: int, member: int, text: int) -> bool:
        return (centre + text) % 3 != 0

    found = groups(pairs, joins)
    members = [text for group in found for text in group]
    assert len(members) == len(set(members))
    assert all(joins(group[0], 0, text) for group in found for text in group[1:])


def rule(seed: int) -> tuple[Callable[[], Joins], Joins]:
    """A rule that remembers what it has let in, as far as two kinds of texts go; and where it could be true."""

    def could_join(centre: int, member: int, text: int) -> bool:
        return random.Random(f"{seed} {centre} {text}").random() < 0.6

    def joining() -> Joins:
        kinds: dict[int, int] = {}

        def joins(centre: int, member: int, text: int) -> bool:
            kind = text % 3
            if (kind and kinds.get(centre, kind) != kind) or not could_join(centre, member, text):
                return False
            if kind:
                kinds[centre] = kind
            return True

        return joins

    return joining, could_join


@given(st.integers(0, 10_000), st.integers(5, 40), st.sampled_from([0.5, 1.0, 2.0]), st.integers(1, 4))
def test_after_a_change_the_groups_are_those_of_a_new_start(seed: int, n: int, density: float, n_changes: int) -> None:
    draw = random.Random(seed)
    pairs = {tuple(sorted(draw.sample(range(n), 2))) for _ in range(int(density * n))}
    joining, could_join = rule(seed)

    def found(pairs: set, before: np.ndarray, changed: set[int]) -> np.ndarray:
        a, b = np.array(sorted(pairs), np.int64).reshape(-1, 2).T
        return regroup(packed(a, b), before, np.array(sorted(changed), np.int64), joining, could_join)

    before = found(pairs, np.arange(n), set(range(n)))
    for _ in range(n_changes):
        moved = {tuple(sorted(draw.sample(range(n), 2))) for _ in range(draw.randint(0, 2))}
        gone = draw.randrange(n) if draw.random() < 0.5 else None  # its place stays, alone
        moved ^= {pair for pair in pairs ^ moved if gone in pair}
        changed = {text for pair in moved for text in pair}
        if gone is not None:
            changed |= set(np.flatnonzero(before == before[gone]).tolist())
            before = np.where(before == gone, np.arange(n), before)
        pairs ^= moved
        before = found(pairs, before, changed)
        anew = found(pairs, np.arange(n), set(range(n)))
        assert before.tolist() == anew.tolist()


def test_a_change_does_not_reach_what_refuses_it() -> None:
    """A chain of a hundred texts, of which two at a time are a group."""
    a = np.arange(99)
    pairs = packed(a, a + 1)

    def joins(centre: int, member: int, text: int) -> bool:
        asked.add(text)
        return centre // 2 == text // 2

    asked: set[int] = set()
    before = regroup(pairs, np.arange(100), np.arange(100), lambda: joins, joins)
    assert asked == set(range(1, 100))
    asked.clear()
    after = regroup(pairs[:-1], before, np.array([98, 99]), lambda: joins, joins)
    assert after.tolist() == [*before.tolist()[:99], 99]
    assert asked == {98}
    asked.clear()
    assert regroup(pairs[:-1], after, np.array([], np.int64), lambda: joins, joins).tolist() == after.tolist()
    assert not asked
