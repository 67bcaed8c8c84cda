from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.base import Extraction, Mention, Quote, Span
from tasks.extract.rows import key, mention_rows, paragraph_starts, quote_rows

TEXT = "The vote came late.\n\n“It is time,” Ada Moss said. “At last.”\n\nMoss left."
ARTICLE = {
    "article_id": "0" * 32,
    "published_on": None,
    "publisher": "courier.example",
    "language": "en",
    "title": "‘It is time’, says Moss",
    "text": TEXT,
}


def span(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def split_quote() -> Quote:
    return Quote(
        "direct",
        (span("“It is time,”"), span("“At last.”")),
        "quote-name-said",
        0.9,
        cue=(span("said"),),
        source=(span("Ada Moss"),),
        verbatim=("It is time,", "At last."),
        speaker="Ada Moss",
    )


def test_a_split_quote_is_one_row_with_its_printed_words():
    (row,) = quote_rows(ARTICLE, Extraction([split_quote()]))
    assert row["content"] == "“It is time,” … “At last.”"
    assert [TEXT[s["start"] : s["end"]] for s in row["content_spans"]] == ["“It is time,”", "“At last.”"]
    assert (row["source"], row["cue"]) == ("Ada Moss", "said")
    assert row["context_before"] == "The vote came late.\n\n"
    assert row["context_after"] == "\n\nMoss left."
    assert row["n_paragraphs"] == 1


def test_two_attributions_of_the_same_words_have_different_keys():
    rows = quote_rows(ARTICLE, Extraction([split_quote(), split_quote()]))
    assert rows[0]["quote_id"] != rows[1]["quote_id"]


def test_keys_are_frozen():
    # A changed key would orphan every reference to a quote that anyone has kept.
    (row,) = quote_rows(ARTICLE, Extraction([split_quote()]))
    assert row["quote_id"] == "3795c32cca83ea19c2927dfb341cf3fa"


def test_the_same_place_in_title_and_text_has_different_keys():
    quote = Quote("direct", (Span(0, 5),), "r", 0.5)
    titled = Quote("direct", (Span(0, 5),), "r", 0.5, is_in_title=True)
    rows = quote_rows(ARTICLE, Extraction([quote, titled]))
    assert rows[0]["quote_id"] != rows[1]["quote_id"]
    assert rows[1]["content"] == "‘It i"


def test_mentions_know_their_paragraph_and_innermost_quote():
    inner = Quote("direct", (span("time"),), "nested", 0.5, parent=0)
    outer = split_quote()
    mentions = [
        Mention(*span("time"), "MISC", "r", 0.5),
        Mention(*span("Ada Moss"), "PER", "r", 0.9, name="Ada Moss"),
        Mention(TEXT.rindex("Moss"), TEXT.rindex("Moss") + 4, "PER", "r", 0.9, name="Ada Moss"),
    ]
    extraction = Extraction([outer, inner], mentions)
    quotes = quote_rows(ARTICLE, extraction)
    rows = mention_rows(ARTICLE, extraction)
    assert [r["paragraph"] for r in rows] == [1, 1, 2]
    assert [r["in_quote_id"] for r in rows] == [quotes[1]["quote_id"], None, None]
    assert quotes[1]["parent_quote_id"] == quotes[0]["quote_id"]


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_different_parts_have_different_keys(one, other):
    joined = ["".join(c for c in part if c != "\x1f") for part in one]
    others = ["".join(c for c in part if c != "\x1f") for part in other]
    assert (key(*joined) == key(*others)) == (joined == others)


@given(st.lists(st.text(alphabet="ab ", min_size=1), min_size=1, max_size=6))
def test_paragraph_starts_are_where_paragraphs_start(paragraphs):
    text = "\n\n".join(paragraphs)
    starts = paragraph_starts(text)
    ends = [s - 2 for s in starts[1:]] + [len(text)]
    assert [text[s:e] for s, e in zip(starts, ends, strict=True)] == paragraphs
