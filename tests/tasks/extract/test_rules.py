"""The rule extractor: what becomes of an article, and what holds for any text whatever."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import fields
from tasks.extract.base import Extraction, Extractor, Quote
from tasks.extract.confidence import MEASURED, precision
from tasks.extract.rules import RuleExtractor

TITLE = "‘The Bridge Is Safe,’ Mayor Says"
TEXT = (
    "The bridge at Hill is “as safe as it can be,” Mayor Ann Lee told reporters on Monday.\n\n"
    "“We tested it,” she said. “The engineers told us ‘it will stand,’ and [the bridge] did.”\n\n"
    "The port will close in May, the council said.\n\n"
    "Lee denied that the bridge had cracks."
)
DOCS = Path(__file__).parents[3] / "docs" / "extraction.md"

extractor: Extractor = RuleExtractor()


def printed(quote: Quote, title: str = TITLE, text: str = TEXT) -> list[str]:
    part = title if quote.is_in_title else text
    return [part[s.start : s.end] for s in quote.content]


def extract(text: str = TEXT, title: str = TITLE, language: str | None = "en") -> Extraction:
    return extractor.extract(title, text, language)


def test_kinds_and_contents_in_order() -> None:
    assert [(q.kind, q.is_in_title, printed(q)) for q in extract().quotes] == [
        ("direct", True, ["‘The Bridge Is Safe,’"]),
        ("mixed", False, ["The bridge at Hill is “as safe as it can be,”"]),
        (
            "direct",
            False,
            ["“We tested it,”", "“The engineers told us ‘it will stand,’ and [the bridge] did.”"],
        ),
        ("indirect", False, ["The port will close in May"]),
        ("indirect", False, ["that the bridge had cracks"]),
        ("direct", False, ["‘it will stand,’"]),
    ]


def test_verbatim_has_brackets_but_no_marks() -> None:
    quotes = extract().quotes
    assert quotes[2].verbatim == ("We tested it,", "The engineers told us ‘it will stand,’ and [the bridge] did.")
    assert quotes[1].verbatim == ("as safe as it can be,",)
    assert quotes[3].verbatim == ()


def test_nested_quote_points_to_its_parent() -> None:
    quotes = extract().quotes
    assert [q.parent for q in quotes] == [None, None, None, None, None, 2]
    assert quotes[5].rule.startswith("nested-name-said-quote")


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("He told me, ‘Go home.’", ["‘Go home.’"]),
        ("They wrote back, ‘Noted, keep an eye on it.’", ["‘Noted, keep an eye on it.’"]),
        ("That is what you called ‘a miracle’ in May.", []),
        ("I would say, ‘No, never.’", []),
        ("He never said, ‘Go home.’", []),
        ("He said the town was full of ‘good people’ and left.", []),
    ],
)
def test_what_is_said_within_a_quotation(inner: str, expected: list[str]) -> None:
    text = f"“{inner}” Lee said."
    found = [q for q in extract(text, "").quotes if q.parent is not None]
    assert [text[s.start : s.end] for q in found for s in q.content] == expected


def test_cue_lemma_addressee_and_negation() -> None:
    quotes = extract().quotes
    assert [q.cue_lemma for q in quotes] == ["say", "tell", "say", "say", "deny", "tell"]
    assert quotes[1].addressee == "reporters"
    assert [q.is_negated for q in quotes] == [False, False, False, False, True, False]


def test_titles_of_works_are_not_verbatim() -> None:
    (quote,) = extract("Lee said that her novel “The Long Road Home” sold well.", "").quotes
    assert (quote.kind, quote.verbatim) == ("indirect", ())


def test_transcript_turn_is_direct_and_verbatim() -> None:
    text = "LEE: Good evening.\n\nHILL: Good evening to you."
    assert [(q.kind, q.verbatim) for q in extract(text, "").quotes] == [
        ("direct", ("Good evening.",)),
        ("direct", ("Good evening to you.",)),
    ]


@pytest.mark.parametrize("language", ["de", "ru", "zh-Hant", "xx", ""])
def test_other_languages_get_quotations_only(language: str) -> None:
    quotes = extract("„Die Brücke ist sicher“, sagte Anna Lee. Lee said it was safe.", "", language).quotes
    assert [q.rule.split("/")[0] for q in quotes] == ["foreign-quote-name"]
    assert quotes[0].confidence < precision("quote-said-name", "direct")


def test_regional_english_is_english() -> None:
    assert [q.content for q in extract(language="en-GB").quotes] == [q.content for q in extract().quotes]


def test_articles_do_not_influence_one_another() -> None:
    fresh = RuleExtractor().extract(TITLE, TEXT, "en")
    used = RuleExtractor()
    for text in ("“No,” Ben Moss said. He said “never” twice.", "MOSS: No.\n\nLEE: Yes.", "“"):
        used.extract("", text, "en")
    assert used.extract(TITLE, TEXT, "en") == fresh


def test_every_rule_is_documented_and_every_documented_rule_exists() -> None:
    section = DOCS.read_text(encoding="utf-8").split("## Rules")[1].split("\n## ")[0]
    documented = set(re.findall(r"^\| `([a-z-]+)`", section, re.MULTILINE))
    assert documented == set(MEASURED) | {"foreign-quote", "foreign-quote-name", "foreign-label-quote"}


def test_unknown_rule_has_no_precision() -> None:
    with pytest.raises(KeyError):
        precision("no-such-rule", "direct")


PIECES = st.sampled_from(
    [
        "“",
        "”",
        '"',
        "'",
        "‘",
        "’",
        "«",
        "»",
        " said ",
        "Ann Lee",
        "he",
        ", ",
        ". ",
        "\n\n",
        ": ",
        " told ",
        "LEE: ",
        "that ",
        "[x]",
    ]
)
ARTICLES = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=200))


@settings(max_examples=150)
@given(ARTICLES, ARTICLES, st.sampled_from(["en", "de", None]))
def test_any_text_gives_quotes_that_stand_in_it(title: str, text: str, language: str | None) -> None:
    quotes = extract(text, title, language).quotes
    for quote in quotes:
        part = title if quote.is_in_title else text
        assert quote.kind in fields.QUOTE_KINDS
        assert quote.content
        assert 0 <= quote.confidence <= 1
        edges = [edge for span in quote.content for edge in span]
        assert edges == sorted(edges)
        for span in (*quote.content, *quote.cue, *quote.source):
            assert 0 <= span.start < span.end <= len(part)
        whole = "\0".join(part[s.start : s.end] for s in quote.content)
        assert all(words and words in whole for words in quote.verbatim)
        assert (quote.kind == "indirect") == (not quote.verbatim)
        if quote.parent is not None:
            parent = quotes[quote.parent]
            assert parent.is_in_title == quote.is_in_title
            assert all(any(p.start <= s.start and s.end <= p.end for p in parent.content) for s in quote.content)


@settings(max_examples=50)
@given(ARTICLES, ARTICLES)
def test_the_same_text_gives_the_same_extraction(title: str, text: str) -> None:
    assert extract(text, title) == extract(text, title)
