import pytest

from tasks.extract.base import Span
from tasks.extract.discourse import attribute
from tasks.extract.fuse import fuse
from tasks.extract.quotations import scan
from tasks.extract.tagger.network import TaggedQuote

CLAUSE = "The pier is unsafe"
OPENINGS = ["a day after", "two hours before", "as", "although"]


def span(text: str, words: str) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def fused(text: str, rest: str) -> list[tuple[str | None, list[str]]]:
    """Source and content of each attribution, where the tagger has given ``rest`` to the mayor as well."""
    quote = TaggedQuote((span(text, CLAUSE), span(text, rest)), span(text, "said"), span(text, "the mayor"), 0.9)
    quotations = scan(text)
    return [
        (text[slice(*one.source)] if one.source else None, [text[slice(*part)] for part in one.content])
        for one in fuse(text, quotations, [quote], attribute(text, quotations))
    ]


@pytest.mark.parametrize("opening", OPENINGS)
def test_a_clause_about_another_speaker_is_that_speakers(opening: str) -> None:
    rest = f"{opening} Ida Holm called on the council to “act at once”"
    assert fused(f"{CLAUSE}, the mayor said, {rest}.", rest) == [
        ("the mayor", [CLAUSE]),
        ("Ida Holm", ["the council to “act at once”"]),
    ]


@pytest.mark.parametrize("rest", ["as it has been for years", "because Ida Holm said it was “a wreck”"])
def test_what_goes_on_with_the_words_stays(rest: str) -> None:
    assert fused(f"{CLAUSE}, the mayor said, {rest}.", rest) == [("the mayor", [CLAUSE, rest])]
