import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.drift import Comparison, Drifted, Figure, Limits, as_rows, check_drift, compare

DEFAULT = Limits()
SHARES = st.floats(0, 1)
COUNTS = st.integers(0, 10**6).map(float)


def share(value: float, n: int = 1000, name: str = "articles without published_on") -> Figure:
    return Figure(name, value, n, is_share=True)


def records(value: float) -> Figure:
    return Figure("records", value, 0, is_share=False)


def only(figure: Figure, values: list[float], limits: Limits = DEFAULT) -> Comparison:
    (one,) = [c for c in compare([figure], [{figure.name: v} for v in values], limits) if c.figure == figure]
    return one


@given(st.lists(SHARES, min_size=5, max_size=20), SHARES, st.integers(1, 10**5))
def test_the_usual_is_within_its_range_and_the_range_within_the_possible(values: list[float], x: float, n: int) -> None:
    one = only(share(x, n), values)
    assert 0 <= one.low <= one.usual <= one.high <= 1
    assert min(values) <= one.usual <= max(values)


@given(st.lists(COUNTS, min_size=5, max_size=20), COUNTS)
def test_a_count_like_all_the_others_has_never_drifted(values: list[float], x: float) -> None:
    assert not only(records(x), [x] * len(values)).has_drifted
    assert only(records(x), values).low >= 0


@given(st.lists(SHARES, min_size=5, max_size=20), SHARES, st.permutations(range(20)))
def test_the_order_of_the_runs_does_not_matter(values: list[float], x: float, order: list[int]) -> None:
    shuffled = [values[i] for i in order if i < len(values)]
    one, other = only(share(x), values), only(share(x), shuffled)
    assert (one.low, one.usual, one.high) == (other.low, other.usual, other.high)


@given(st.lists(st.floats(0.2, 0.4), min_size=7, max_size=15), SHARES)
def test_a_few_outliers_among_the_runs_move_the_range_within_the_other_runs_alone(
    values: list[float], wild: float
) -> None:
    few = (len(values) - 1) // 2
    one = only(share(0.3), values[few:] + [wild] * few)
    assert 0.2 <= one.usual <= 0.4


@given(st.lists(SHARES, min_size=5, max_size=20), SHARES, st.floats(1, 10), st.floats(0, 10))
def test_a_higher_threshold_never_finds_more(values: list[float], x: float, threshold: float, more: float) -> None:
    loose, strict = Limits(threshold=threshold + more), Limits(threshold=threshold)
    assert only(share(x), values, strict).has_drifted or not only(share(x), values, loose).has_drifted


@given(st.lists(SHARES, min_size=5, max_size=20), SHARES, st.integers(1, 10**5))
def test_a_change_below_the_least_share_is_none(values: list[float], x: float, n: int) -> None:
    one = only(share(x, n), values)
    if abs(x - one.usual) < Limits().share - 1e-9:
        assert not one.has_drifted


@pytest.mark.parametrize(
    ("figure", "earlier", "expected"),
    [
        (records(30), [100, 104, 98, 101, 99, 100], True),
        (records(300), [100, 104, 98, 101, 99, 100], True),
        (records(60), [100, 104, 98, 101, 99, 100], False),  # less than twice as few
        (records(30), [100, 10, 400, 30, 900, 70], False),  # these runs never agreed
        (records(1), [3, 2, 4, 3, 3, 2], False),  # too few for anything to be said
        (share(0.4), [0.02, 0.03, 0.02, 0.01, 0.02], True),
        (share(0.4, n=3), [0.02, 0.03, 0.02, 0.01, 0.02], False),  # one article of three
        (share(0.0), [0.5, 0.52, 0.48, 0.5, 0.51], True),
        (Figure("quotes an article", 0.4, 500, False), [4.1, 3.9, 4.0, 4.2, 4.0], True),
        (Figure("quotes an article", 3.1, 500, False), [4.1, 3.9, 4.0, 4.2, 4.0], False),
    ],
)
def test_examples(figure: Figure, earlier: list[float], expected: bool) -> None:
    assert only(figure, earlier).has_drifted is expected


def test_nothing_is_said_on_too_few_runs() -> None:
    assert compare([records(1)], [{"records": 100.0}] * 4) == []
    assert compare([records(1)], [{"records": 100.0}] * 4 + [{}] * 3) == []


def test_a_language_that_is_new_or_gone_is_seen() -> None:
    earlier = [{"language en": 0.7, "language de": 0.3}] * 6
    compared = compare([share(0.6, name="language en"), share(0.4, name="language cy")], earlier)
    drifted = {one.figure.name: one.figure.value for one in compared if one.has_drifted}
    assert drifted == {"language cy": 0.4, "language de": 0.0}
    assert compare([share(1.0, name="language en")], [{"records": 9.0}] * 6) == []


def test_only_who_asks_for_it_fails() -> None:
    compared = compare([records(1)], [{"records": 100.0}] * 6)
    check_drift("run", compared, fail_on_drift=False)
    with pytest.raises(Drifted, match=r"records: 1, usually 100 .*nothing was published"):
        check_drift("run", compared, fail_on_drift=True)
    check_drift("run", compare([records(100)], [{"records": 100.0}] * 6), fail_on_drift=True)


def test_what_has_drifted_comes_first() -> None:
    earlier = [{"records": 100.0, "articles without published_on": 0.1}] * 6
    rows = as_rows(compare([share(0.1), records(1)], earlier))
    assert [(row["figure"], row["has_drifted"]) for row in rows] == [("records", True), (share(0).name, False)]
    assert rows[0]["earlier"] == [100.0] * 6
    assert math.isclose(rows[0]["usual"], 100)
