"""Finds the subject of a speech verb among the words before it, without a parser.

Ranges are half-open token indices.
"""

from __future__ import annotations

from collections.abc import Sequence

from tasks.extract.phrases import Range, is_verb, leads_away, phrase_end, starts_noun_phrase
from tasks.extract.tokens import Token
from tasks.extract.wordlists import (
    ADVERBIALS,
    CONJUNCTIONS,
    DASHES,
    DAYS,
    DETERMINERS,
    OBJECTS,
    PRONOUNS,
    SUBORDINATORS,
    words,
)

_TIMES = words("meanwhile still then later earlier now so when as because if")
_TRAILING = DAYS | words(
    """
    on last this week month year morning afternoon evening night however meanwhile then
    """
)
_APPROXIMATE = words("about almost around just nearly only over roughly some")
_NUMBERS = words("half a one two three four five six seven eight nine ten most all every")
_HARD = frozenset([":", ";", "?", "!"])
_SOFT = words("that because although though while if whether than but when as after before")


def source_before(tokens: Sequence[Token], low: int, verb: int) -> Range | None:
    """The subject of the cue that begins at verb, looked for back to low."""
    if verb <= low:
        return None
    last = tokens[verb - 1]
    if last.low in PRONOUNS:
        return verb - 1, verb
    if last.low in CONJUNCTIONS or last.low in SUBORDINATORS or last.quote is not None:
        return None
    if last.low == ",":
        return _before_aside(tokens, _clause_start(tokens, low, verb, _HARD), verb)
    start = _clause_start(tokens, low, verb, _HARD | _SOFT)
    commas = [k for k in range(start, verb) if tokens[k].low == ","]
    subject = _trim(tokens, commas[-1] + 1 if commas else start, verb)
    if subject is not None and tokens[subject[0]].is_capital and tokens[subject[0]].low not in DETERMINERS:
        core = phrase_end(tokens, subject[0], subject[1])
        if subject[0] < core < subject[1] and tokens[core].text.islower() and is_verb(tokens[core]):
            return subject[0], core
    return subject


def _clause_start(tokens: Sequence[Token], low: int, verb: int, stops: frozenset[str]) -> int:
    """How far back the clause of a verb can reach: to a quotation that ends one, or to one of the stops."""
    depth = 0
    k = verb - 1
    while k >= low:
        token = tokens[k]
        if token.low == ")":
            depth += 1
        elif token.low == "(":
            depth -= 1
        elif depth <= 0 and (
            (token.quote is not None and (k == low or token.text.rstrip("\"'”’»")[-1:] in ",.!?…-—–;"))
            or token.low in stops
            or (token.low in DASHES and k > 0 and tokens[k - 1].end < token.start)
            or (token.low == "and" and k > low and (tokens[k - 1].low == "," or tokens[k - 1].quote is not None))
        ):
            break
        k -= 1
    return k + 1


def _before_aside(tokens: Sequence[Token], low: int, verb: int) -> Range | None:
    """The subject where commas set something between it and the verb («Lee, the mayor, said»)."""
    cuts = [k for k in range(low, verb) if tokens[k].low == ","]
    parts = list(zip([low, *(k + 1 for k in cuts[:-1])], cuts, strict=True))
    begins = [n for n, (b, e) in enumerate(parts) if b < e and tokens[b].low in ("and", "but")]
    for b, e in parts[begins[-1] if begins else 0 :]:
        inner = max((k + 1 for k in range(b + 1, e) if tokens[k].low in _SOFT), default=b)
        subject = _trim(tokens, inner, e)
        if subject is None or tokens[inner].low in ("who", "which", "whose", "where"):
            continue
        if (
            any(is_verb(t) and not t.low.endswith("ed") for t in tokens[subject[0] : e])
            and tokens[subject[0]].low not in DETERMINERS
        ):
            continue
        aside = tokens[e + 1] if e + 1 < verb else None
        if aside is None or not aside.is_word or aside.low in ("which", "whose", "where") or leads_away(aside):
            return subject
        stop = verb
        while stop > e and not (tokens[stop - 1].is_word or tokens[stop - 1].low in (")", "'s")):
            stop -= 1
        return subject[0], stop
    return None


def _trim(tokens: Sequence[Token], b: int, e: int) -> Range | None:
    """The noun phrase in a part of a clause, without what leads up to it; None if there is none."""
    while b < e and (tokens[b].low in CONJUNCTIONS or tokens[b].low in DAYS or not tokens[b].is_word):
        b += 1
    if b < e and tokens[b].low in SUBORDINATORS and tokens[b].low != "that":
        b += 1
    if b >= e:
        return None
    if _is_quantity(tokens, b, e):
        return b, e
    if tokens[b].low in ADVERBIALS and tokens[b].low not in DETERMINERS:
        return _behind_adverbial(tokens, b, e)
    while e - 1 > b and tokens[e - 1].low in _TRAILING:
        e -= 1
    while e > b and not (tokens[e - 1].is_word or tokens[e - 1].low in ("'s", "'", ")", ".")):
        e -= 1
    if e <= b or (_ends_like_adverbial(tokens, b, e) and e - b > 1):
        return None
    return b, e


def _is_quantity(tokens: Sequence[Token], k: int, stop: int) -> bool:
    """Whether an approximate number begins here («about four in 10», «nearly half of them»)."""
    if tokens[k].low not in _APPROXIMATE or k + 1 >= stop:
        return False
    return tokens[k + 1].low in _NUMBERS or tokens[k + 1].text[0].isdecimal()


def _ends_like_adverbial(tokens: Sequence[Token], k: int, stop: int) -> bool:
    """Whether a word in -ing or -ly begins an adverbial («Speaking later»), not a name («Emily Hill»)."""
    if not tokens[k].low.endswith(("ing", "ly")):
        return False
    return not (tokens[k].is_capital and (k + 1 >= stop or tokens[k + 1].is_capital))


def _behind_adverbial(tokens: Sequence[Token], b: int, e: int) -> Range | None:
    """The subject behind an adverbial without a comma («On Monday Lee said», «later the mayor said»)."""
    if tokens[e - 1].low in PRONOUNS:
        return e - 1, e
    if tokens[b].low in _TIMES and b + 1 < e and starts_noun_phrase(tokens[b + 1]):
        return b + 1, e
    k = e
    while k > b + 1 and tokens[k - 1].is_capital and tokens[k - 1].low not in DAYS:
        k -= 1
    return (k, e) if k < e and tokens[k - 1].low in DAYS | _TIMES else None


def noun_before(tokens: Sequence[Token], low: int, verb: int) -> Range | None:
    """The noun phrase right before a participle («a letter saying», «with Lee adding»)."""
    k = verb
    while k > low:
        token = tokens[k - 1]
        if (
            not token.is_word
            or token.low in ADVERBIALS - DETERMINERS | CONJUNCTIONS
            or is_verb(token)
            or token.low in OBJECTS
        ):
            break
        k -= 1
        if token.low in DETERMINERS:
            break
    if (
        k == verb
        or not (starts_noun_phrase(tokens[k]) or tokens[k].low in DETERMINERS)
        or (tokens[verb - 1].low.endswith("ly") and tokens[verb - 1].text.islower())
    ):
        return None
    return k, verb


def clause_subject(tokens: Sequence[Token], low: int, high: int) -> Range | None:
    """The subject of a clause whose verb is not known: the noun phrase that it begins with."""
    k = low
    while k < high and (tokens[k].low in CONJUNCTIONS or not (tokens[k].is_word or tokens[k].quote is not None)):
        k += 1
    while k < high and (
        (tokens[k].low in ADVERBIALS and tokens[k].low not in DETERMINERS) or _ends_like_adverbial(tokens, k, high)
    ):
        comma = next((j for j in range(k, high) if tokens[j].low == ","), None)
        if comma is None:
            return None
        k = comma + 1
    if k >= high or not (starts_noun_phrase(tokens[k]) or tokens[k].is_capital):
        return None
    end = phrase_end(tokens, k, high)
    if k > low and (later := _past_place(tokens, end, high)) is not None:
        return later
    return (k, end) if end > k else None


def _past_place(tokens: Sequence[Token], end: int, high: int) -> Range | None:
    """The subject behind the parts of a leading adverbial («In Hill, on Sunday, Ann Lee rose»), if a verb follows."""
    while end + 1 < high and tokens[end].low in (",", "."):
        begin = end + 1
        comma = next((k for k in range(begin, high) if tokens[k].low == ","), high)
        if starts_noun_phrase(tokens[begin]) and tokens[begin].low not in ("who", "one"):
            end = phrase_end(tokens, begin, high)
            if end < high and is_verb(tokens[end]):
                return begin, end
        end = comma
    return None
