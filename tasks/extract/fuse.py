"""Brings the tagger's attributions and the quotation layer's together: each checks the other.

The tagger finds what stands outside quotation marks; the marks say where a quotation begins and ends. So content never
cuts through a quotation that one paragraph holds, and a quotation that only the rules saw is kept where the tagger saw
nothing. Its rule says who found what: ``tagger+RULE`` both, ``tagger`` the tagger alone, a bare RULE the rules alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from tasks.extract.adjuncts import leave_adjuncts
from tasks.extract.base import Span
from tasks.extract.cues import find_cues
from tasks.extract.discourse import Attribution
from tasks.extract.quotations import Quotation
from tasks.extract.regroup import overlaps, regroup, touch
from tasks.extract.tagger.network import TaggedQuote
from tasks.extract.tokens import tokenise

TAGGER = "tagger"
_REACH = 60  # characters before a cue in which its auxiliaries may stand
_DATELINE = re.compile(r"[^\W\d_a-z][^\W\d_a-z .'’]{2,30}(?:, [\w .]{2,30})?(?: \([A-Z]+\))? ?(?:[—–]|-{1,2} )\s*")
_LONGEST_DATELINE = 90  # characters
_PAIRS = ("“”", '""', "«»", "»«", "„“", "„”", "‘’", "''", "‹›", "「」")  # marks that open and close in one style
_LEAST_SHARE = 0.5  # of the characters of both, for two contents to be the same
_EDGES = " \t\n,.;:!?…\"“”„«»‘’'-–—()"


def fuse(
    text: str, quotations: Sequence[Quotation], tagged: Sequence[TaggedQuote], ruled: Sequence[Attribution]
) -> list[Attribution]:
    """The attributions of a text: the tagger's, completed by the rules', and quotations that only the rules saw."""
    speech = [q for q in quotations if q.parent is None and q.use == "speech"]
    closed = [q for q in speech if q.is_closed and text[q.start] + text[q.end - 1] in _PAIRS]
    starts = [q.start for q in closed]
    turns = [one for one in ruled if one.rule == "transcript-turn"]
    spoken = sorted(span for one in turns for span in one.content)
    seen: list[Attribution] = []
    spoken_for: set[Span] = set()
    for quote in tagged:
        content = [span for span in _snap(text, quote.content, closed, starts) if span not in spoken_for]
        if content and not overlaps(content, spoken):  # no transcripts were among the articles it learnt from
            spoken_for.update(content)
            source = _behind_dateline(text, quote.source)
            seen.append(Attribution(TAGGER, content, quote.cue, source, confidence=quote.confidence))
    freed = leave_adjuncts(text, seen, ruled)
    fused = regroup(text, seen, ruled, closed)
    matched: set[int] = set()
    order = sorted(range(len(ruled)), key=lambda k: ruled[k].content[0].start)
    places = [ruled[k].content[0].start for k in order]
    for made in fused:
        twin = _twin(made.content, ruled, order, places)
        if twin is None:
            made.lemma, made.is_negated = read_cue(text, made.cue)
        else:
            matched.add(twin)
            _complete(made, ruled[twin], text)
    taken = sorted(span for one in fused for span in one.content)
    quoted = {q.start for q in speech}
    for k, one in enumerate(ruled):
        is_kept = one.rule == "transcript-turn" or one.content[0].start in quoted or k in freed
        if k not in matched and is_kept and not overlaps(one.content, taken):
            fused.append(one)
    return fused


def _complete(tagged: Attribution, ruled: Attribution, text: str) -> None:
    """Adds what only the rules know to an attribution that both found."""
    tagged.rule = f"{TAGGER}+{ruled.rule}"
    if ruled.via is not None and tagged.source is not None and touch(tagged.source, ruled.via):
        # «“…,” she was cited as saying by Harbour News»: the rules know that she speaks, not the outlet.
        tagged.source, tagged.content, tagged.cue = ruled.source, ruled.content[:], ruled.cue
    same_cue = tagged.cue is None or ruled.cue is None or touch(tagged.cue, ruled.cue)
    if same_cue:
        tagged.source = tagged.source or ruled.source
        tagged.lemma, tagged.is_negated = ruled.lemma, ruled.is_negated
    else:
        tagged.lemma, tagged.is_negated = read_cue(text, tagged.cue)
    tagged.cue = tagged.cue or ruled.cue
    tagged.addressee, tagged.via = ruled.addressee, ruled.via


def read_cue(text: str, cue: Span | None) -> tuple[str | None, bool]:
    """The lemma of a cue, and whether it is negated; its last word where no verb of saying is in it."""
    if cue is None:
        return None, False
    low = max(0, cue.start - _REACH, text.rfind("\n", 0, cue.start) + 1)
    tokens = tokenise(text, Span(low, cue.end), [])
    for found in find_cues(tokens):
        if tokens[found.last - 1].end > cue.start:
            return found.lemma, found.is_negated
    words = [t for t in tokens if t.is_word and t.start >= cue.start]
    return (words[-1].low if words else None), any(t.low in ("not", "never", "n't") for t in words)


def _behind_dateline(text: str, source: Span | None) -> Span | None:
    """A source without the dateline that it begins with («QUILLHAVEN, Estmark — Ada Moss»)."""
    if source is None:
        return None
    found = _DATELINE.match(text, source.start, min(source.end, source.start + _LONGEST_DATELINE))
    return source if found is None or found.end() >= source.end else Span(found.end(), source.end)


def _snap(text: str, content: Sequence[Span], closed: Sequence[Quotation], starts: Sequence[int]) -> list[Span]:
    """Content that takes quotations whole, or leaves out those of which only a little was in.

    A comma behind the closing mark («‘No’, she said») is not the speaker's.
    """
    snapped: list[Span] = []
    for start, end in content:
        first, last = start, end
        for quotation in closed[max(0, bisect_right(starts, start) - 1) : bisect_left(starts, end)]:
            if quotation.end <= first or quotation.start >= last or first <= quotation.start <= quotation.end <= last:
                continue
            shared = min(last, quotation.end) - max(first, quotation.start)
            has_first_paragraph = first <= quotation.inner[0].start and last >= quotation.inner[0].end
            if has_first_paragraph or 2 * shared >= quotation.end - quotation.start:
                first, last = min(first, quotation.start), max(last, quotation.end)
            elif quotation.start < first:
                first = quotation.end
            else:
                last = quotation.start
        if first >= last or not text[first:last].strip(_EDGES):
            continue
        before = bisect_left(starts, last) - 1
        if text[last - 1] == "," and before >= 0 and closed[before].end == last - 1:
            last -= 1
        if snapped and first <= snapped[-1].end:
            snapped[-1] = Span(snapped[-1].start, max(last, snapped[-1].end))
        else:
            snapped.append(Span(first, last))
    return snapped


def _twin(
    content: Sequence[Span], ruled: Sequence[Attribution], order: Sequence[int], places: Sequence[int]
) -> int | None:
    """The rules' attribution that shares most with a content, at least half of the characters of both."""
    best, most = None, _LEAST_SHARE
    size = _size(content)
    low = bisect_left(places, content[0].start - size)
    for k in order[low : bisect_left(places, content[-1].end)]:
        shared = _shared(content, ruled[k].content)
        share = shared / (size + _size(ruled[k].content) - shared)
        if share >= most:
            best, most = k, share
    return best


def _size(spans: Sequence[Span]) -> int:
    return sum(s.end - s.start for s in spans)


def _shared(these: Sequence[Span], those: Sequence[Span]) -> int:
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in these for b in those)
