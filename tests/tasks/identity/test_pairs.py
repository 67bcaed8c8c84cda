"""The rules against hand-made pairs; one half of them was never looked at while the rules were written."""

import pytest

from tests.tasks.identity.pairs import judge, read_pairs


@pytest.mark.parametrize("half", ["tune", "held"])
def test_pairs_in_one_lake(half):
    precision, recall, wrong = judge(read_pairs(half), one_lake=True)
    assert precision >= 0.98, wrong
    assert recall >= 0.90, wrong


def test_the_halves_have_pairs_of_every_kind_and_share_none():
    tune, held = read_pairs("tune"), read_pairs("held")
    assert len(tune) + len(held) >= 300
    assert {p.kind for p in tune} == {p.kind for p in held}
    assert not {(p.name, p.other, p.context) for p in tune} & {(p.name, p.other, p.context) for p in held}
    assert all(sum(p.answer == "same" for p in half) >= 75 for half in (tune, held))
    assert all(sum(p.answer == "different" for p in half) >= 75 for half in (tune, held))
