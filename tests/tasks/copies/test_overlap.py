import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tasks.copies.overlap import ALL, SOME, TOO_LITTLE, compare
from tasks.copies.wording import Wording, aligned, same_words
from tasks.copies.words import word_codes
from tests.tasks.copies.numbered import numbered

# Few words, so that most texts have some in common; «will» and «would» count as one word.
WORDS = ["ferry", "harbour", "will", "would", "Will", "12", "not", "sail"]
texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


@given(st.lists(st.tuples(texts, texts), max_size=6))
def test_it_tells_apart_what_need_not_be_aligned(printed: list[tuple[str, str]]) -> None:
    both = [(word_codes(core), word_codes(full)) for core, full in printed]
    cores, fulls = numbered([core for core, _ in both]), numbered([full for _, full in both])
    places = np.arange(len(both))
    for (core, full), overlap in zip(both, compare(cores, fulls, places, places).tolist(), strict=True):
        share = same_words(Wording.of(core, core), Wording.of(full, full))
        if overlap == SOME:
            assert aligned(Wording.of(core, core), Wording.of(full, full)) == share
        else:
            assert share == (1.0 if overlap == ALL else 0.0)


def test_a_pair_in_another_block_is_compared_as_well(monkeypatch) -> None:
    words = numbered([word_codes("the ferry will sail"), word_codes("the harbour is shut"), word_codes("a ferry")])
    monkeypatch.setattr("tasks.copies.overlap.BLOCK", 1)
    found = compare(words, words, np.array([0, 0, 2]), np.array([0, 1, 0]))
    assert found.tolist() == [ALL, TOO_LITTLE, TOO_LITTLE]
