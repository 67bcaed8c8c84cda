"""Rows of articles that come, change and go, in files one upon the other."""

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.identity.layers import Layers

CHANGES = st.dictionaries(st.integers(0, 9), st.integers(0, 3), min_size=1)  # the number of rows by article


def laid(connection, root, steps):
    """Lays the changes of each step upon the layers of the step before; yields the layers and what they ought to hold."""
    before, truth = None, {}
    for number, changes in enumerate(steps):
        rows = [(f"{article}", number, k) for article, n in changes.items() for k in range(n)]
        truth |= {f"{article}": [row for row in rows if row[0] == f"{article}"] for article in changes}
        columns = zip(*rows, strict=True) if rows else [[], [], []]
        arrays = [pa.array(c, t) for c, t in zip(columns, (pa.string(), pa.int64(), pa.int64()), strict=True)]
        connection.register("rows", pa.table(arrays, names=["article_id", "step", "k"]))
        connection.register("changed", pa.table({"article_id": [f"{article}" for article in changes]}))
        folder = root / f"{number}"
        folder.mkdir()
        layers = Layers(folder, "things")
        first = layers.take_over(before) if before else 0
        layers.add(connection, "(FROM rows)")
        if before:
            layers.settle(connection, first, "changed")
        before = layers
        yield layers, sorted(row for rows in truth.values() for row in rows)


@settings(max_examples=15)
@given(steps=st.lists(CHANGES, min_size=1, max_size=8))
def test_they_hold_the_last_rows_of_every_article(steps, tmp_path_factory):
    with duckdb.connect() as connection:
        for layers, truth in laid(connection, tmp_path_factory.mktemp("layers"), steps):
            assert sorted(connection.sql(f"FROM {layers.sql()}").fetchall()) == truth


def test_there_are_few_of_them(tmp_path):
    steps = [dict.fromkeys(range(10), 40), *({n % 10: 2} for n in range(40))]
    with duckdb.connect() as connection:
        assert all(len(layers.files) <= 6 for layers, _ in laid(connection, tmp_path, steps))
