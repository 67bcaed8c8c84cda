from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.copies.words import CAPITAL, NEGATOR, NUMBER, WordFile, Words, identity, word_codes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“The bridge,” she said", "the BRIDGE she said"),
        ("the [old] bridge … fell", "The old bridge fell"),
        ("won’t", "won't"),
        ("straße", "STRASSE"),
        ("ﬁrst", "first"),  # a ligature
        ("twelve schools", "12 schools"),
        ("", "?! —"),
    ],
)
def test_what_counts_as_the_same_words(one: str, other: str) -> None:
    assert identity(word_codes(one)).tolist() == identity(word_codes(other)).tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2.5 per cent", "25 per cent"),
        ("1,200", "1.200"),
        ("bridge", "bridges"),
        ("a b", "b a"),
        ("München", "Munchen"),
    ],
)
def test_what_counts_as_other_words(one: str, other: str) -> None:
    assert identity(word_codes(one)).tolist() != identity(word_codes(other)).tolist()


def test_flags() -> None:
    codes = word_codes("Why? “She won't build 14 bridges,” Osei said. Nobody spoke.\n\nTea was served to Ann")
    printed = "why she won t build 14 bridges osei said nobody spoke tea was served to ann"
    words = printed.split()
    assert [w for w, c in zip(words, codes, strict=True) if c & CAPITAL] == ["osei", "ann"]
    assert [w for w, c in zip(words, codes, strict=True) if c & NEGATOR] == ["t", "nobody"]
    assert [w for w, c in zip(words, codes, strict=True) if c & NUMBER] == ["14"]


def test_scripts_without_spaces_are_read_by_character() -> None:
    assert len(word_codes("市長は橋を再建すると述べた。")) == 13
    assert len(word_codes("The 橋 fell")) == 3


def test_codes_are_the_same_on_every_machine() -> None:
    codes = [2800107120, 307731712, 4046244208, 2828067172, 1578178192, 2372446568, 4100416082]
    assert word_codes("The bridge won't open in 2027.").tolist() == codes


@given(st.lists(st.text(max_size=40), max_size=8))
def test_words_come_back_as_they_were_added(texts: list[str]) -> None:
    added = [word_codes(text) for text in texts]
    with TemporaryDirectory() as folder, WordFile(Path(folder, "words")) as file:
        starts = [file.add(codes) for codes in added]
        words = Words(file, np.array(starts, np.int64), np.array([*map(len, added)], np.int64))
        assert [words[i].tolist() for i in range(len(words))] == [codes.tolist() for codes in added]
        for some in (slice(None), slice(None, None, -1), slice(1, None, 3)):
            numbers = np.arange(len(words))[some]
            assert [c.tolist() for c in words.some(numbers)] == [c.tolist() for c in added[some]]


def test_a_file_of_words_goes_on_where_it_ended(tmp_path: Path) -> None:
    for k in range(3):
        with WordFile(tmp_path / "words") as file:
            assert file.add(word_codes("one bridge")) == 2 * k
            assert file.read(0, 2).tolist() == word_codes("one bridge").tolist()


def test_forgetting_words_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "one bridge and another bridge and one more"
    before = word_codes(text)
    monkeypatch.setattr("tasks.copies.words._Codes.room", 2)
    assert np.array_equal(word_codes(text), before)
