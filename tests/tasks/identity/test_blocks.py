"""Rows that keys join come in one block, and only with those to start from."""

from random import Random

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tasks.identity import blocks
from tests.tasks.identity.worlds import invented, who


def table(rows):
    keys, starts = zip(*rows, strict=True) if rows else ((), ())
    columns = {"keys": pa.array(keys, pa.list_(pa.int64())), "is_start": pa.array(starts, pa.bool_())}
    return pa.table({"row": range(len(rows)), **columns})


def joined(rows):
    """The sets of rows that keys join, the plain way."""
    sets = []
    for row, (keys, _) in enumerate(rows):
        met = [s for s in sets if any(set(keys) & set(rows[other][0]) for other in s)]
        sets = [s for s in sets if s not in met] + [{row}.union(*met)]
    return sets


@given(st.lists(st.tuples(st.lists(st.integers(-3, 12), min_size=1, max_size=3), st.booleans())))
def test_components_stay_whole(rows):
    found = blocks.in_blocks(table(rows))
    block_of = dict(zip(found["row"].to_pylist(), found["block"].to_pylist(), strict=True))
    reached = [s for s in joined(rows) if any(rows[row][1] for row in s)]
    assert block_of.keys() == set().union(*reached)
    assert all(len({block_of[row] for row in s}) == 1 for s in reached)


def test_a_long_chain_is_one_component():
    links = Random(0).sample(range(100_000), 100_000)  # with a number handed on by one link a round: minutes
    found = blocks.components(pa.chunked_array([[[k, k + 1] for k in links]]))
    assert set(found.tolist()) == {0}


def test_blocks_are_of_whole_components_and_little_more_than_asked_for(monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 4)
    found = blocks.in_blocks(table([([row % 7], True) for row in range(21)]))
    assert found.group_by("block").aggregate([([], "count_all")])["count_all"].to_pylist() == [6, 3, 3, 6, 3]


def test_who_is_who_whatever_the_size_of_a_block(tmp_path, monkeypatch):
    world = invented(3, tmp_path, 30)
    world.step()
    at_once = who(world, None, None, tmp_path / "at once")
    monkeypatch.setattr(blocks, "BLOCK", 1)
    assert who(world, None, None, tmp_path / "one by one") == at_once
