"""Makes quotes and mentions of attributions and names: kind, verbatim words, nested quotes, speakers, confidence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tasks.extract.attribution import Found, attributions
from tasks.extract.base import Mention, Quote, Span
from tasks.extract.cast import Cast
from tasks.extract.confidence import precision
from tasks.extract.content import next_quote
from tasks.extract.cues import MODALS
from tasks.extract.discourse import Attribution, absolute, attribute
from tasks.extract.foreign import attribute_foreign
from tasks.extract.names import Name
from tasks.extract.quotations import Quotation, scan
from tasks.extract.speakers import SpeakerResolver
from tasks.extract.tokens import Token, sentences, tokenise

_WORD = re.compile(r"\w")
_LED_IN = 2  # tokens that may stand between a cue and the quotation within a quotation («wrote back, ‘Noted’»)


def is_english(language: str | None) -> bool:
    """Whether a text may be read as English; one whose language nobody knows may."""
    return language is None or language.split("-")[0].lower() == "en"


def mention(name: Name, cast: Cast, is_in_title: bool) -> Mention:
    """The mention that a name is."""
    full = cast.full_name(name)
    return Mention(name.start, name.end, name.label, name.rule, name.confidence, full, "name", is_in_title)


class Part:
    """A title or a text on its way from quotations to quotes."""

    def __init__(self, text: str, cast: Cast, is_in_title: bool, is_english: bool) -> None:
        self.text, self.is_in_title, self.is_english = text, is_in_title, is_english
        self.quotations = scan(text)
        self.resolver = SpeakerResolver(text, cast, [q.span for q in self.quotations])

    def ruled(self) -> list[Attribution]:
        """The attributions that the rules find."""
        if self.is_english:
            return attribute(self.text, self.quotations)
        return attribute_foreign(self.text, [q for q in self.quotations if q.parent is None])

    def add_quotes(self, quotes: list[Quote], found: list[Attribution]) -> None:
        """Appends the quotes of this part: the outer ones in the order of the text, then those nested in them."""
        outer = [q for q in self.quotations if q.parent is None]
        found.sort(key=lambda a: (a.content[0], a.content[-1]))
        starts = [q.start for q in outer]
        rows: dict[int, int] = {}  # start of an outer quotation -> the quote whose content it stands in
        for attribution in found:
            inside = [q for span in attribution.content for q in _within(outer, starts, span)]
            for quotation in inside:
                rows.setdefault(quotation.start, len(quotes))
            quotes.append(self._quote(attribution, inside))
        if self.is_english:
            for attribution, holder, held in self._nested():
                parent = rows.get(holder.start)
                if parent is not None:
                    quote = self._quote(attribution, held)
                    quote.parent = parent
                    quotes.append(quote)

    def _nested(self) -> Iterator[tuple[Attribution, Quotation, list[Quotation]]]:
        """Attributions of the quotations that stand in outer ones, with the outer one and the inner ones they hold."""
        children: dict[int, list[tuple[int, Quotation]]] = {}
        for i, quotation in enumerate(self.quotations):
            if quotation.parent is not None and self.quotations[quotation.parent].parent is None:
                children.setdefault(quotation.parent, []).append((i, quotation))
        for parent, inside in children.items():
            holder = self.quotations[parent]
            starts = [q.start for _, q in inside]
            for inner in holder.inner:
                held = inside[bisect_left(starts, inner.start) : bisect_left(starts, inner.end)]
                if not held:
                    continue
                for sentence in sentences(tokenise(self.text, inner, held), self.quotations, self.text):
                    for one in attributions(sentence, with_indirect=False):
                        repeated = _repeated(one, sentence)
                        if repeated is not None:
                            attribution = absolute(repeated, sentence)
                            attribution.rule = "nested-" + attribution.rule
                            among = [q for _, q in held if any(s.start <= q.start < s.end for s in attribution.content)]
                            yield attribution, holder, among

    def _quote(self, attribution: Attribution, inside: Sequence[Quotation]) -> Quote:
        content = tuple(attribution.content)
        kind, verbatim = _kind(self.text, content, inside, attribution.rule)
        quote = Quote(
            kind=kind,
            content=content,
            rule=attribution.rule,
            confidence=_confidence(attribution, kind),
            cue=() if attribution.cue is None else (attribution.cue,),
            source=() if attribution.source is None else (attribution.source,),
            cue_lemma=attribution.lemma,
            verbatim=verbatim,
            addressee=self._printed(attribution.addressee),
            via=self._printed(attribution.via),
            is_negated=attribution.is_negated,
            is_in_title=self.is_in_title,
        )
        if self.is_english or attribution.source is not None:
            speaker = self.resolver.resolve(attribution.source, attribution.cue, content, attribution.addressee)
            quote.speaker, quote.speaker_type = speaker.speaker, speaker.speaker_type
            quote.speaker_role, quote.speaker_affiliation = speaker.role, speaker.affiliation
            quote.resolution, quote.candidates = speaker.resolution, speaker.candidates
            quote.rule = f"{attribution.rule}/{speaker.rule}"
            quote.confidence = round(quote.confidence * speaker.confidence, 3)
        return quote

    def _printed(self, span: Span | None) -> str | None:
        return None if span is None else self.text[span.start : span.end]


def _repeated(one: Found, tokens: Sequence[Token]) -> Found | None:
    """One attribution within a quotation, where the speaker repeats another's words («he told me, ‘Go’»); else None.

    Left out are names for things («what you call ‘miracles’»), words that nobody has said («I would say ‘no’»), and
    clauses with a few words in marks, which inside a quotation are the outer speaker's.
    """
    is_said = one.source is not None and (one.kind in ("say", "tell", "ask", "voice") or one.rule == "label-quote")
    if not is_said or one.is_negated or (one.cue and any(tokens[k].low in MODALS for k in range(*one.cue))):
        return None
    content = [(min(next_quote(tokens, first), first + _LED_IN), last) for first, last in one.content]
    is_quoted = all(first < last and all(t.quote is not None for t in tokens[first:last]) for first, last in content)
    return replace(one, content=content) if content and is_quoted else None


def _confidence(attribution: Attribution, kind: str) -> float:
    """How sure the attribution is without its speaker: as whoever found it says, else as often as its rule is right."""
    return precision(attribution.rule, kind) if attribution.confidence is None else attribution.confidence


def _within(quotations: Sequence[Quotation], starts: Sequence[int], span: Span) -> list[Quotation]:
    """The quotations that stand wholly in a span; ``starts`` are their starts, sorted."""
    found = quotations[bisect_left(starts, span.start) : bisect_right(starts, span.end)]
    return [q for q in found if q.end <= span.end]


def _kind(text: str, content: tuple[Span, ...], inside: Sequence[Quotation], rule: str) -> tuple[str, tuple[str, ...]]:
    """direct, mixed or indirect, and the words inside marks, one entry a quotation and paragraph.

    Titles of works are no quotations; a turn of a transcript is direct although it has no marks.
    """
    if rule == "transcript-turn":
        return "direct", tuple(text[s.start : s.end] for s in content)
    quoted = [q for q in inside if q.use != "title" or any(s == q.span for s in content)]
    verbatim = tuple(text[s.start : s.end] for q in quoted for s in q.inner if text[s.start : s.end].strip())
    if not verbatim:
        return "indirect", ()
    rest: list[str] = []
    k = 0
    for span in content:
        position = span.start
        while k < len(quoted) and quoted[k].start < span.end:
            rest.append(text[position : quoted[k].start])
            position = quoted[k].end
            k += 1
        rest.append(text[position : span.end])
    return ("mixed" if any(_WORD.search(part) for part in rest) else "direct"), verbatim
