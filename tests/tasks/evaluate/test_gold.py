"""Reading gold, and finding its quotes again in articles."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.evaluate.gold import GoldArticle, GoldError, GoldQuote, Unusable, find_spans, read_gold

TEXT = "“We’ll stay,” said Ida Holm. “Not for long.” Bo Kern said: “We’ll stay,” and sat down."


def found(text: str, **quote: Any) -> list[str] | None:
    spans = find_spans(GoldQuote.model_validate(quote), text)
    return None if spans is None else [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ({"content": "we'll stay"}, ["We’ll stay"]),
        ({"content": '"We\'ll  stay," … "not for long"'}, ["We’ll stay", "Not for long"]),
        ({"content": ["We’ll stay", "Not for long."]}, ["We’ll stay", "Not for long"]),
        ({"content": ["Not for long.", "We’ll stay"]}, ["Not for long", "We’ll stay"]),
        ({"spans": [[0, 13]]}, ["“We’ll stay,”"]),
        ({"spans": [[0, 13]], "content": "We'll stay"}, ["“We’ll stay,”"]),
        ({"spans": [[0, 13]], "content": "Not for long"}, ["Not for long"]),
        ({"spans": [[0, 900]]}, None),
        ({"spans": [[5, 5]]}, None),
        ({"content": "we stay"}, None),
        ({"content": "“…”"}, None),
    ],
)
def test_a_quote_is_found_by_its_place_or_its_words(quote: dict[str, Any], words: list[str] | None) -> None:
    assert found(TEXT, **quote) == words


def test_the_same_words_again_are_the_next_place() -> None:
    quote = GoldQuote(content="We'll stay")
    first = find_spans(quote, TEXT)
    assert first is not None
    second = find_spans(quote, TEXT, [first])
    assert second is not None and second[0][0] == TEXT.rindex("We’ll")
    assert find_spans(quote, TEXT, [first, second]) is None


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["Ay", "bee", "cee", "…", "“", ",\n"]), min_size=1, max_size=12), st.data())
def test_whatever_is_cut_out_of_a_text_is_found_in_it(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    start = data.draw(st.integers(0, len(words) - 1))
    cut = " ".join(words[start : data.draw(st.integers(start + 1, len(words)))]).replace("…", "")
    if any(word.isalpha() for word in cut.split()):
        spans = find_spans(GoldQuote(content=cut), text)
        assert spans is not None
        assert [w for s, e in spans for w in text[s:e].split() if w.isalpha()] == [
            w for w in cut.split() if w.isalpha()
        ]


def test_bad_lines_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(
        '\ufeff{"url": "https://a.example/1", "quotes": [{"content": "x", "speaker": null}, {"content": "y"}]}\n\n{"quotes": []}\n'
        '{"url": "u", "quotes": [{"speaker": "x"}]}\n{"url": "u", "quots": []}\n{"url"\n[]\n',
        encoding="utf-8",
    )
    (number, article), *others = read_gold(path)
    assert number == 1 and isinstance(article, GoldArticle)
    assert ["speaker" in quote.model_fields_set for quote in article.quotes] == [True, False]
    reasons = {number: item.reason for number, item in others if isinstance(item, Unusable)}
    for line, words in {
        3: "article_id or url",
        4: "quotes.0: a quote needs",
        5: "quots",
        6: "JSON",
        7: "dictionary",
    }.items():
        assert words in reasons[line]
    with pytest.raises(GoldError, match="can't be read"):
        list(read_gold(tmp_path / "none.jsonl"))
