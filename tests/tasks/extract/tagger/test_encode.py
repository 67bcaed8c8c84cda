from __future__ import annotations

import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.tagger.encode import SEP, cut, split_words, window, word_ranges


@pytest.fixture(scope="module")
def tokenizer() -> tokenizers.Tokenizer:
    """BERT's rules over single letters: each word has as many pieces as letters."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    vocabulary = ["[PAD]", "[UNK]", *letters, *(f"##{letter}" for letter in letters), *"\"'“”.,!?\n"]
    model = tokenizers.models.WordPiece({piece: at for at, piece in enumerate(vocabulary)}, unk_token="[UNK]")
    made = tokenizers.Tokenizer(model)
    made.normalizer = tokenizers.normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    return made


def test_words_keep_their_code_points(tokenizer: tokenizers.Tokenizer) -> None:
    text = "🙂 “Ä bé!” Ok\u00a0no"
    words = split_words(tokenizer, text)
    found = [text[s:e] for s, e in zip(words.starts, words.ends, strict=True)]
    assert [word for word in found if word.isalpha()] == ["Ä", "bé", "Ok", "no"]


@given(text=st.text(alphabet="ab .\n\"“”'é🙂", max_size=80), longest=st.integers(4, 20))
def test_windows_cover_every_word_once(tokenizer: tokenizers.Tokenizer, text: str, longest: int) -> None:
    words = split_words(tokenizer, text)
    ranges = cut(words, longest)
    assert [at for first, last in ranges for at in range(first, last)] == list(range(len(words.starts)))
    for first, last in ranges:
        view = window(words, first, last, longest)
        assert len(view.input_ids) == len(view.feature_ids) <= longest
        assert view.input_ids[-1] == SEP
        assert len(view.heads) == last - first


def test_cuts_prefer_paragraphs_then_sentences(tokenizer: tokenizers.Tokenizer) -> None:
    text = "aa bb. cc dd\n\nee ff gg"
    words = split_words(tokenizer, text)
    assert [text[words.starts[first] : words.ends[last - 1]] for first, last in cut(words, 12)] == [
        "aa bb. cc dd",
        "ee ff gg",
    ]
    assert next(text[words.starts[first] : words.ends[last - 1]] for first, last in cut(words, 9)) == "aa bb."


def test_word_ranges_of_spans(tokenizer: tokenizers.Tokenizer) -> None:
    words = split_words(tokenizer, "aa bb cc")
    assert word_ranges(words, [[0, 2], [1, 4], [2, 3], [3, 8]]) == [(0, 1), (0, 2), (1, 3)]
