"""Pairs each cue of a sentence with its source and with what was said, by where the three stand to one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tasks.extract.content import (
    After,
    content_after,
    content_before,
    content_end,
    content_start,
    ends_quoted,
    ends_sentence,
    has_quote,
    holds_quote,
    leads_in,
    may_end,
    next_quote,
    quote_then_words,
    resumed,
    strip_end,
)
from tasks.extract.cues import Cue, find_cues
from tasks.extract.phrases import Range, is_verb, phrase_end, source_behind
from tasks.extract.subjects import clause_subject, noun_before, source_before
from tasks.extract.tokens import Token
from tasks.extract.wordlists import ADVERBIALS, CLOSING, CONJUNCTIONS, DASHES, DAYS, OBJECTS, words

_INVERTING = frozenset(["say", "ask", "voice", "tell"])
# Verbs that take a clause without «that» often enough to be believed without quotation marks.
_BARE = words(
    """
    say suggest announce acknowledge insist recall note explain think admit deny reveal hope concede argue warn
    predict
    """
)
_SAYING = frozenset(["saying", "telling", "writing", "adding"])
_SHARED_BARE = frozenset(["say"])
_MOST_CUES = 12  # of one sentence; what has more is a list of words


@dataclass(slots=True)
class Found:
    """One attribution in a sentence; ranges are token indices, ``content`` is in order and never empty but for a
    cue that only announces (``is_open``: its quotation comes in the next sentence or paragraph)."""

    rule: str
    cue: Range | None
    source: Range | None
    content: list[Range] = field(default_factory=list)
    lemma: str | None = None
    kind: str = ""
    is_negated: bool = False
    addressee: Range | None = None
    via: Range | None = None
    is_open: bool = False


def attributions(tokens: Sequence[Token], with_indirect: bool = True) -> list[Found]:
    """The attributions of one sentence, in the order of their cues."""
    tokens = list(tokens)
    cues = find_cues(tokens)[:_MOST_CUES]
    found: list[Found] = []
    taken = 0  # tokens before this belong to the content of an earlier cue that stands before this one
    for number, cue in enumerate(cues):
        later = cues[number + 1 :]
        if found and found[-1].cue is not None and cue.first < found[-1].cue[1]:
            continue
        if cue.kind == "hold" and any(b <= cue.first < e for one in found for b, e in one.content):
            continue  # «Lee said she thought it was safe» is one attribution
        one = _one(tokens, cue, later, found, taken)
        if one is None:
            continue
        if not with_indirect and not holds_quote(tokens, one.content) and not one.is_open:
            continue
        found.append(one)
        if one.content and one.content[-1][1] <= cue.first:
            taken = cue.last
    if not found:
        label = _label(tokens)
        if label is not None:
            found.append(label)
    return found


def _one(tokens: list[Token], cue: Cue, later: Sequence[Cue], found: list[Found], taken: int) -> Found | None:
    if cue.kind == "according":
        return _according(tokens, cue, taken, found)
    if cue.is_passive and cue.kind != "cited":
        return _cited_by(tokens, cue, later, taken) if cue.lemma in ("quote", "cite") else None
    one = _cited(tokens, cue, later, taken) if cue.lemma in ("quote", "cite") else _inverted(tokens, cue, taken)
    if one is None:
        one = _regular(tokens, cue, later, found, taken)
    if one is not None:
        one.lemma, one.kind, one.is_negated = cue.lemma, cue.kind, cue.is_negated
        if one.rule == "outlet-quoted-name":
            one.lemma = "say"
    return one


def _inverted(tokens: list[Token], cue: Cue, taken: int) -> Found | None:
    """«“…,” said Ann Lee», and «Said Ann Lee: “…”»."""
    if cue.kind not in _INVERTING or cue.mood != "finite" or cue.first != cue.head or cue.head + 1 != cue.last:
        return None
    k = cue.first
    quoted = ends_quoted(tokens, taken, k)
    if cue.last < len(tokens) and tokens[cue.last].low == "that":
        return None
    if k > 0 and not quoted and (cue.kind == "tell" or not quote_then_words(tokens, taken, k)):
        return None
    stop = next_quote(tokens, cue.last)
    source = source_behind(tokens, cue.last, stop)
    if source is None:
        return None
    rest = tokens[source[1]] if source[1] < len(tokens) else None
    if k == 0:
        if rest is None or rest.low not in (":", ",") or (stop == len(tokens) and rest.low != ":"):
            return None
        return _announced("said-name-quote", cue, source, tokens, source[1] + 1)
    if not quoted and rest is not None and not (rest.low in ",.;" or rest.low in ADVERBIALS or rest.low in DAYS):
        return None
    if source[1] - source[0] == 1 and tokens[source[0]].low in OBJECTS - {"you", "it"}:
        return None
    content = [content_before(tokens, taken, k)]
    content += resumed(tokens, source[1])
    return Found("quote-said-name", (cue.first, cue.last), source, content)


def _cited(tokens: list[Token], cue: Cue, later: Sequence[Cue], taken: int) -> Found | None:
    """«Interfax quoted Lee as saying “…”»: the subject is the outlet, the object speaks."""
    for k in range(cue.last + 1, min(cue.last + 20, len(tokens) - 2)):
        if _is_as_saying(tokens, k):
            start, _how = content_start(tokens, k + 2, cue)
            outlet = source_before(tokens, taken, cue.first) if cue.mood == "finite" else None
            if start is None:
                return None
            content = [(start, content_end(tokens, start, later))]
            one = Found("outlet-quoted-name", (k, k + 2), (cue.last, k), content, via=outlet)
            return one if cue.kind != "cited" and content[0][0] < content[0][1] else None
    return None


def _cited_by(tokens: list[Token], cue: Cue, later: Sequence[Cue], taken: int) -> Found | None:
    """«Lee was quoted by Interfax as saying “…”», and «“…,” Lee was quoted by Interfax as saying»."""
    if cue.last >= len(tokens) or tokens[cue.last].low != "by":
        return None
    end = phrase_end(tokens, cue.last + 1, len(tokens))
    source = source_before(tokens, taken, cue.first)
    if source is None or not _is_as_saying(tokens, end):
        return None
    start, _how = content_start(tokens, end + 2, cue)
    if start is not None:
        content = (start, content_end(tokens, start, later))
    elif ends_quoted(tokens, taken, source[0]):
        content = content_before(tokens, taken, source[0])
    else:
        return None
    whole, outlet = (cue.first, end + 2), (cue.last + 1, end)
    return Found("outlet-quoted-name", whole, source, [content], "say", cue.kind, cue.is_negated, via=outlet)


def _is_as_saying(tokens: list[Token], k: int) -> bool:
    """Whether «as saying» or the like stands at token k."""
    return k + 1 < len(tokens) and tokens[k].low == "as" and tokens[k + 1].low in _SAYING


def _according(tokens: list[Token], cue: Cue, taken: int, found: list[Found]) -> Found | None:
    """«…, according to the report» and «According to Lee, …»."""
    n = len(tokens)
    end = cue.last
    while end < n and tokens[end].quote is None and tokens[end].low not in {",", ";", ":", "(", *DASHES} | CLOSING:
        end += 1
        if end + 1 < n and tokens[end].low == "." and tokens[end + 1].is_word:
            end += 1
    if end == cue.last:
        return None
    source = (cue.last, end)
    rest = end + 1
    goes_on = rest < n and tokens[end].low == "," and any(is_verb(t) for t in tokens[rest:])
    if not goes_on and rest < n and tokens[end].low == ",":
        source = source_behind(tokens, cue.last, n) or source
    opening = all(t.quote is None and (not t.is_word or t.low in CONJUNCTIONS) for t in tokens[: cue.first])
    if opening:
        content = [(rest, strip_end(tokens, rest, n))] if rest < n and tokens[end].low == "," else []
        rule = "according-to-name-clause"
    else:
        content = [content_before(tokens, taken, cue.first)]
        if goes_on:
            content.append((rest, strip_end(tokens, rest, n)))
        rule = "clause-according-to-name"
    content = [c for c in content if c[0] < c[1]]
    if not content:
        if found and found[-1].via is None and tokens[cue.first - 1].low == ",":
            found[-1].via = source  # «…,” she said, according to Interfax»
        return None
    return Found(rule, (cue.first, cue.last), source, content, cue.lemma, "according")


def _regular(tokens: list[Token], cue: Cue, later: Sequence[Cue], found: list[Found], taken: int) -> Found | None:
    """A cue with its subject before it, or shared with the cue before."""
    if cue.first == 0 and cue.mood == "finite":
        return None
    source, shared = _subject(tokens, cue, found, taken)
    after = content_after(tokens, cue)
    if source is not None and not shared and cue.mood == "finite":
        one = _said_before(tokens, cue, source, after, later, taken)
        if one is not None:
            return one
    if after.start is None:
        return _announcing(tokens, cue, source, shared, after, found, taken)
    content = (after.start, content_end(tokens, after.start, later))
    rule = _rule_behind(tokens, cue, content, after, shared) if content[0] < content[1] else None
    return None if rule is None else _found(rule, cue, source, [content], after)


def _said_before(
    tokens: list[Token], cue: Cue, source: Range, after: After, later: Sequence[Cue], taken: int
) -> Found | None:
    """Content that stands before the subject, and may go on behind the cue."""
    s = source[0]
    quoted = ends_quoted(tokens, taken, s) and not (after.start is not None and leads_in(tokens, taken, s))
    comma = s > taken and tokens[s - 1].low in {",", *DASHES, "…", "..."} and not leads_in(tokens, taken, s)
    before = content_before(tokens, taken, s)
    if quoted or (comma and has_quote(tokens, taken, s) and after.how in ("", "comma")):
        if after.start is not None and after.how in ("comma", "colon"):
            behind = [(after.start, content_end(tokens, after.start, later))]
        else:
            behind = resumed(tokens, cue.last) if after.start is None or after.how == "bare" else []
        return _found("quote-name-said", cue, source, [before, *behind], after)
    if not comma:
        return None
    if after.start is None and cue.lemma in ("say", "tell") and s > taken + 3 and may_end(tokens, cue.last):
        return _found("clause-name-said", cue, source, [before], after)
    k = cue.last + 1
    if cue.kind == "say" and k < len(tokens) and tokens[k - 1].low == "," and not tokens[k].low.endswith("ing"):
        rest = (k, content_end(tokens, k, later))
        if rest[0] < rest[1]:
            return _found("clause-name-said-clause", cue, source, [before, rest], after)
    return None


def _announcing(
    tokens: list[Token], cue: Cue, source: Range | None, shared: bool, after: After, found: list[Found], taken: int
) -> Found | None:
    """A cue without content: its quotation comes next, or it tells where the attribution before was taken from."""
    ends = ends_sentence(tokens, cue.last)
    if cue.lemma == "report" and found and found[-1].content and source is not None and not shared and ends:
        found[-1].via = source  # «…,” she said, Interfax reported»
        return None
    if after.how == "colon":
        return _found("name-said-colon", cue, source, [], after)
    if source is None or not ends or (cue.mood == "ing" and ends_quoted(tokens, taken, cue.first)):
        return None
    return _found("name-said-next", cue, source, [], after) if cue.kind in _INVERTING else None


def _rule_behind(tokens: list[Token], cue: Cue, content: Range, after: After, shared: bool) -> str | None:
    """The rule for content behind a cue; None where such content is too seldom something said."""
    how, is_tight = after.how, tokens[content[0]].quote is not None
    if not has_quote(tokens, *content):
        if how in ("comma", "colon") or cue.kind in ("voice", "call"):
            return None
        if how == "bare" and cue.lemma not in (_SHARED_BARE if shared else _BARE):
            return None
    elif cue.kind == "voice" and how == "bare" and not is_tight:
        return None
    if cue.kind == "call":
        rule = "name-called-quote"
    elif how in ("that", "colon"):
        rule = f"name-said-{how}"
    else:
        rule = "name-said-quote" if is_tight else "name-said-clause"
    return "shared-" + rule if shared else rule


def _found(rule: str, cue: Cue, source: Range | None, content: list[Range], after: After) -> Found:
    return Found(
        rule, (cue.first, cue.last), source, content, addressee=after.addressee, via=after.via, is_open=not content
    )


def _subject(tokens: list[Token], cue: Cue, found: list[Found], taken: int) -> tuple[Range | None, bool]:
    """The source of a cue, and whether it is the subject of another verb of the sentence."""
    if cue.mood == "finite":
        low = taken
        source = source_before(tokens, low, cue.first)
        if source is not None:
            return source, False
    elif cue.first > taken:
        source = noun_before(tokens, taken, cue.first)
        if source is not None:
            return source, False
    for one in reversed(found):
        if one.source is not None and one.source[0] < cue.first and (not one.content or one.content[0][0] < cue.first):
            return one.source, True
    if cue.first == 0:
        k = next((j for j in range(cue.last, len(tokens)) if tokens[j].low == ","), None)
        subject = clause_subject(tokens, k + 1, len(tokens)) if k is not None and cue.mood == "ing" else None
        return subject, True
    return clause_subject(tokens, taken, cue.first), True


def _announced(rule: str, cue: Cue, source: Range, tokens: list[Token], start: int) -> Found:
    if start >= len(tokens):
        return Found(rule, (cue.first, cue.last), source, [], is_open=True)
    return Found(rule, (cue.first, cue.last), source, [(start, strip_end(tokens, start, len(tokens)))])


def _label(tokens: list[Token]) -> Found | None:
    """A name and a colon before a quotation («Ann Lee: “…”»), or a colon that announces one."""
    n = len(tokens)
    colon = next((k for k in range(n) if tokens[k].low == ":"), None)
    if colon is None or colon == 0 or any(t.quote is not None for t in tokens[:colon]):
        return None
    if colon + 1 < n and tokens[colon + 1].quote is None:
        return None
    start = max((k + 1 for k in range(colon) if tokens[k].low in DASHES), default=0)
    named = phrase_end(tokens, start, colon) == colon and tokens[start].is_capital and colon - start <= 6
    source = (start, colon) if named else clause_subject(tokens, 0, colon)
    rule = "label-quote" if named else "colon-quote"
    if colon + 1 == n:
        return Found(rule, (colon, colon + 1), source, [], is_open=True)
    return Found(rule, (colon, colon + 1), source, [(colon + 1, strip_end(tokens, colon + 1, n))])
