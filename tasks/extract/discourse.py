"""Puts the attributions of an article's sentences together: quotations that go on, announced ones, implicit ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.extract.attribution import Found, attributions
from tasks.extract.base import Span
from tasks.extract.phrases import Range
from tasks.extract.quotations import Quotation
from tasks.extract.tokens import Token, paragraphs, sentences, tokenise
from tasks.extract.transcripts import turns


@dataclass(slots=True)
class Attribution:
    """One attribution in an article: spans of its parts in the text, and the rule that found it."""

    rule: str
    content: list[Span]
    cue: Span | None = None
    source: Span | None = None
    lemma: str | None = None
    is_negated: bool = False
    addressee: Span | None = None
    via: Span | None = None
    confidence: float | None = None  # that content and source are right, where whoever found them can say; 0 to 1


@dataclass(slots=True)
class _State:
    """What the sentences so far leave open."""

    last: Attribution | None = None  # the attribution whose quotation may go on
    opened: Attribution | None = None  # announced, its quotation still to come
    is_adjacent: bool = False  # whether the sentence before belongs to ``last``


def attribute(text: str, quotations: Sequence[Quotation], with_indirect: bool = True) -> list[Attribution]:
    """The attributions of a text, in its order."""
    outer = [(i, q) for i, q in enumerate(quotations) if q.parent is None]
    found: list[Attribution] = []
    state = _State()
    k = 0
    spans = list(paragraphs(text, quotations))
    spoken = {span.end: turn for turn in turns(text, spans) for span in turn.said}
    for paragraph in spans:
        turn = spoken.get(paragraph.end)
        if turn is not None:
            if turn.said[0].end == paragraph.end:
                found.append(Attribution("transcript-turn", list(turn.said), turn.colon, turn.label))
            state = _State()
            continue
        inside: list[tuple[int, Quotation]] = []
        while k < len(outer) and outer[k][1].start < paragraph.end:
            if outer[k][1].start >= paragraph.start:
                inside.append(outer[k])
            k += 1
        tokens = tokenise(text, paragraph, inside)
        for number, sentence in enumerate(sentences(tokens, quotations, text)):
            _sentence(sentence, number == 0, quotations, state, found, with_indirect)
    return _distinct(found)


def _distinct(found: list[Attribution]) -> list[Attribution]:
    """The attributions that have content, of two with the same content and source the first."""
    seen: set[tuple[tuple[Span, ...], Span | None]] = set()
    kept: list[Attribution] = []
    for attribution in found:
        key = (tuple(attribution.content), attribution.source)
        if attribution.content and key not in seen:
            seen.add(key)
            kept.append(attribution)
    return kept


def _sentence(
    tokens: list[Token],
    is_first: bool,
    quotations: Sequence[Quotation],
    state: _State,
    found: list[Attribution],
    with_indirect: bool,
) -> None:
    words = [t for t in tokens if t.is_word]
    quotes = [t for t in tokens if t.quote is not None]
    if not words and not quotes:
        return
    if not words:
        _bare(quotes, is_first, quotations, state, found)
        return
    ones = attributions(tokens, with_indirect)
    state.opened = None
    state.is_adjacent = False
    if not quotes:
        state.last = None if not ones else state.last
    for one in ones:
        attribution = absolute(one, tokens)
        if attribution.source is None and one.cue is not None and one.cue[0] == 0 and state.last is not None:
            attribution.source = state.last.source
        found.append(attribution)
        if one.is_open:
            state.opened = attribution
        if any(t.quote is not None for b, e in one.content for t in tokens[b:e]):
            state.last, state.is_adjacent = attribution, True


def _bare(
    quotes: list[Token], is_first: bool, quotations: Sequence[Quotation], state: _State, found: list[Attribution]
) -> None:
    """A sentence that is nothing but quotations: announced, going on, or without any sign of who speaks."""
    spans = [Span(t.start, t.end) for t in quotes]
    if state.opened is not None:
        state.opened.content.extend(spans)
        state.last, state.is_adjacent, state.opened = state.opened, True, None
    elif state.last is not None and state.is_adjacent and not (is_first and state.last.rule == "implicit"):
        state.last.content.extend(spans)
    elif quotations[quotes[0].quote or 0].use == "speech" and len(quotes[0].text[:200].split()) > 3:
        attribution = Attribution("implicit", spans)
        found.append(attribution)
        state.last, state.is_adjacent = attribution, True


def absolute(one: Found, tokens: list[Token]) -> Attribution:
    """An attribution of a sentence with its token ranges turned into spans of the text."""

    def span(r: Range | None) -> Span | None:
        return None if r is None or r[0] >= r[1] else Span(tokens[r[0]].start, tokens[r[1] - 1].end)

    content = [s for s in map(span, one.content) if s is not None]
    return Attribution(
        one.rule,
        content,
        span(one.cue),
        span(one.source),
        one.lemma,
        one.is_negated,
        span(one.addressee),
        span(one.via),
    )
