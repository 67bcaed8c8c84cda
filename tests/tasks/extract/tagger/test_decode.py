from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.tagger.decode import (
    Decoder,
    Found,
    attributions,
    log_softmax,
    plain_decoder,
    spans,
    transitions,
    viterbi,
)
from tasks.extract.tagger.labels import ROLE_LABELS, bio, legal

SMALL = bio(("a", "b"))


def test_inside_follows_only_its_own_kind() -> None:
    table = legal(SMALL)
    assert [label for label, fits in zip(SMALL, table[SMALL.index("B-a")], strict=True) if not fits] == ["I-b"]
    assert [label for label, fits in zip(SMALL, table[0], strict=True) if not fits] == ["I-a", "I-b"]


@given(st.integers(0, 2**31), st.lists(st.integers(0, 4), min_size=1, max_size=4))
def test_viterbi_is_the_best_legal_path(seed: int, lengths: list[int]) -> None:
    rng = np.random.default_rng(seed)
    scores = [rng.normal(size=(length, 5)).astype(np.float32) for length in lengths]
    table = transitions(SMALL)
    for window, path in zip(scores, viterbi(scores, table), strict=True):

        def value(labels: tuple[int, ...], window: np.ndarray = window) -> float:
            steps = [table[before, after] for before, after in zip((5, *labels), labels, strict=False)]
            return float(sum(steps) + sum(window[at, label] for at, label in enumerate(labels)))

        best = max(product(range(5), repeat=len(window)), key=value)
        assert np.isclose(value(tuple(path)), value(best), atol=1e-4)
        assert value(tuple(path)) > -1000


def test_spans_of_a_path() -> None:
    path = np.array([1, 2, 1, 0, 3])
    found = spans(path, np.zeros((5, 5), np.float32), SMALL)
    assert [(one.label, one.first, one.last) for one in found] == [("a", 0, 2), ("a", 2, 3), ("b", 4, 5)]


def decoder(size: int) -> Decoder:
    return plain_decoder(np.zeros((2, size), np.float32), np.zeros((2, 16), np.float32), (2, 4, 8, 16, 32, 64, 128))


def test_parts_of_a_content_share_their_cue_and_source() -> None:
    roles = [
        Found("content", 0, 2, 1.0),
        Found("cue", 2, 3, 1.0),
        Found("source", 3, 4, 1.0),
        Found("content", 4, 6, 1.0),
    ]
    vectors = np.zeros((8, 4, 2), np.float32)
    vectors[[1, 2, 5, 6], 0] = 5.0  # contents look for
    vectors[3, 1] = 5.0  # this cue,
    vectors[3, 2] = 5.0  # which looks for
    vectors[4, 3] = 5.0  # this source
    (one,) = attributions(decoder(2), roles, [1, 2, 3, 4, 5, 6], vectors)
    assert (one.contents, one.cue, one.source) == ((0, 3), 1, 2)
    vectors[3, 1] = -5.0
    apart = attributions(decoder(2), roles, [1, 2, 3, 4, 5, 6], vectors)
    assert [(each.contents, each.cue) for each in apart] == [((0,), None), ((3,), None)]


def test_a_decoder_survives_json() -> None:
    again = Decoder.from_json(decoder(3).as_json())
    assert again.role_transitions.shape == (len(ROLE_LABELS) + 1, len(ROLE_LABELS))
    assert again.edges == (2, 4, 8, 16, 32, 64, 128)


def test_log_softmax_sums_to_one() -> None:
    assert np.allclose(np.exp(log_softmax(np.array([[1000.0, 0.0], [3.0, 3.0]], np.float32))).sum(-1), 1)
