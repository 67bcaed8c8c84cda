from dataclasses import replace

from tasks.extract.base import Span
from tasks.extract.discourse import Attribution
from tasks.extract.fuse import fuse
from tasks.extract.quotations import scan
from tasks.extract.tagger.network import TaggedQuote

TEXT = "“The [old] pier must be mended,” she was cited as saying by Harbour News."
QUOTE = "“The [old] pier must be mended,”"


def span(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


RULED = Attribution(
    "quote-name-said", [span(QUOTE)], span("was cited as saying"), span("she"), lemma="cite", via=span("Harbour News")
)


def test_an_outlet_that_cites_somebody_is_not_who_speaks() -> None:
    tagged = TaggedQuote((span(QUOTE), span("she")), span("was cited as saying"), span("Harbour News"), 0.9)
    (one,) = fuse(TEXT, scan(TEXT), [tagged], [replace(RULED)])
    assert (one.source, one.via) == (span("she"), span("Harbour News"))
    assert (one.content, one.cue, one.rule) == ([span(QUOTE)], span("was cited as saying"), "tagger+quote-name-said")


def test_a_source_that_is_no_outlet_stays_the_taggers() -> None:
    tagged = TaggedQuote((span(QUOTE),), span("was cited as saying"), span("she"), 0.9)
    (one,) = fuse(TEXT, scan(TEXT), [tagged], [replace(RULED, source=span("pier"))])
    assert one.source == span("she")


def test_the_comma_behind_a_quotation_is_no_part_of_it() -> None:
    text = "‘And a longer bill’, she agreed. The pier, she said, was old."
    quoted, plain = (Span(0, text.index(" she agreed")), Span(text.index("The pier"), text.index(" she said")))
    tagged = [TaggedQuote((span,), None, None, 0.9) for span in (quoted, plain)]
    contents = [text[one.content[0].start : one.content[0].end] for one in fuse(text, scan(text), tagged, [])]
    assert contents == ["‘And a longer bill’", "The pier,"]
