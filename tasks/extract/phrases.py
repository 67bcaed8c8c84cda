"""Finds the ends of noun phrases in a sentence without a parser: who a speech verb's subject or listener is.

Ranges are half-open token indices.
"""

from __future__ import annotations

from collections.abc import Sequence

from tasks.extract.tokens import Token
from tasks.extract.verbs import FORMS
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

Range = tuple[int, int]

_VERBS = words(
    """
    is are was were be been has have had having will would can could may might must shall should did do does don't
    doesn't didn't isn't aren't wasn't weren't won't wouldn't can't couldn't hasn't haven't hadn't went came took
    made gave got saw left held kept began stood spoke met ran won lost led sat brought bought wore drew grew knew
    threw flew fell rose chose broke sent spent built taught caught fought sought became paid laid hit cut put set
    let wants want seems seem appears needs need goes comes takes makes gives gets keeps stands runs plans hopes
    tries remains leads faces holds
    """
)
_TIMES = words("meanwhile still then later earlier now so when as because if")
_TRAILING = DAYS | words(
    """
    on last this week month year morning afternoon evening night however meanwhile then
    """
)
_JOINERS = words(
    """
    of for the a an and & and/or in at from with on to 's de van von der al bin el la
    """
)
_NAMED_JOINERS = words("of the de van von der den al bin ibn el la and & 's")


def is_verb(token: Token) -> bool:
    """Whether a word looks like a finite verb or a past participle."""
    low = token.low
    if token.quote is not None or not token.text.islower():
        return low in _VERBS and token.text.islower()
    form = FORMS.get(low)
    return low in _VERBS or (form is not None and form.forms != {"base"}) or (low.endswith("ed") and len(low) > 4)


def starts_noun_phrase(token: Token) -> bool:
    """Whether a word can begin a noun phrase that names a speaker."""
    if not token.is_word:
        return False
    return token.low in PRONOUNS or token.low in DETERMINERS or (token.is_capital and token.low not in DAYS)


def phrase_end(tokens: Sequence[Token], start: int, stop: int, over_participles: bool = False) -> int:
    """Where the noun phrase that begins at start ends, at stop at the latest: before a verb, comma or adverbial.

    ``over_participles``: no finite verb can follow, so that a form in -ed belongs to the phrase.
    """
    if start >= stop:
        return start
    first = tokens[start]
    if first.low in PRONOUNS or first.low in OBJECTS - {"her"}:
        return start + 1
    described = not first.is_capital or first.low in DETERMINERS
    k = start
    while k < stop:
        token = tokens[k]
        low = token.low
        if token.quote is not None and not (k > start and token.text[0] == "'"):
            break
        if not token.is_word and low not in ("'s", "'", "&", ".", "(", ")", "-"):
            break
        if low == "." and not (k > start and len(tokens[k - 1].text) <= 5 and k + 1 < stop and tokens[k + 1].is_word):
            break
        if k > start:
            if low in DAYS or low in SUBORDINATORS or low in PRONOUNS:
                break
            if token.text.islower() and is_verb(token) and not (over_participles and described and low.endswith("ed")):
                break
            if low in ADVERBIALS and low not in _JOINERS:
                break
            if low in _JOINERS and token.text.islower() and not described and low not in _NAMED_JOINERS:
                break
            if low in ("and", "&") and not (k + 1 < stop and (tokens[k + 1].is_capital or described)):
                break
            if (
                low in ("in", "at", "on", "to", "with", "from")
                and k + 1 < stop
                and tokens[k + 1].low in DAYS | {"an", "a"}
            ):
                break
        k += 1
    while k > start and tokens[k - 1].low in ("and", "of", "for", "the", "(", "-", "to", "in", "at"):
        k -= 1
    return k


def source_behind(tokens: Sequence[Token], start: int, stop: int) -> Range | None:
    """The source behind an inverted cue («said Ann Lee, the mayor of Hill»), with what is set beside it."""
    if start >= stop or not (starts_noun_phrase(tokens[start]) or _is_description(tokens, start, stop)):
        return None
    end = phrase_end(tokens, start, stop, over_participles=True)
    if end == start:
        return None
    if end < stop and tokens[end].low == "," and tokens[start].low not in PRONOUNS:
        follower = tokens[end + 1] if end + 1 < stop else None
        known = follower is not None and follower.low == "who" and _is_short(tokens, start, end)
        if follower is not None and follower.quote is None and not _leaves(follower) and not known:
            k = end + 1
            while (
                k < stop
                and tokens[k].quote is None
                and tokens[k].low not in DASHES
                and not (tokens[k].low == "," and k + 1 < stop and _leaves(tokens[k + 1]))
            ):
                k += 1
            while k > end and not (tokens[k - 1].is_word or tokens[k - 1].low in (")", "'s", "'")):
                k -= 1
            return start, k
    return start, end


def _is_short(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a noun phrase is a surname or «the woman»: a relative clause behind it adds, it does not name."""
    return (
        end - start == 1
        or tokens[start].low in ("mr", "ms", "mrs", "dr")
        or (end - start == 2 and tokens[start].low in DETERMINERS)
    )


def _is_description(tokens: Sequence[Token], start: int, stop: int) -> bool:
    """Lower-case words that lead up to a name («said spokesman Ben Hill»)."""
    for k in range(start, min(start + 5, stop)):
        if not tokens[k].is_word or tokens[k].low in ADVERBIALS or tokens[k].low in SUBORDINATORS:
            return False
        if tokens[k].is_capital:
            return tokens[k].low not in DAYS
    return False


def _leaves(token: Token) -> bool:
    """Whether a word behind a comma leads away from the noun phrase before it."""
    low = token.low
    if low in ("who", "of", "from", "then", "now", "also", "formerly"):
        return False
    return (
        low in ADVERBIALS
        or low in CONJUNCTIONS
        or low in SUBORDINATORS
        or (low.endswith("ing") and token.text.islower())
    )


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


_APPROXIMATE = words("about almost around just nearly only over roughly some")
_NUMBERS = words("half a one two three four five six seven eight nine ten most all every")
_HARD = frozenset([":", ";", "?", "!"])
_SOFT = words("that because although though while if whether than but when as after before")


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
        if aside is None or not aside.is_word or aside.low in ("which", "whose", "where") or _leaves(aside):
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
        (tokens[k].low in ADVERBIALS and tokens[k].low not in DETERMINERS)
        or _ends_like_adverbial(tokens, k, high)
    ):
        comma = next((j for j in range(k, high) if tokens[j].low == ","), None)
        if comma is None:
            return None
        k = comma + 1
    if k >= high or not (starts_noun_phrase(tokens[k]) or tokens[k].is_capital):
        return None
    end = phrase_end(tokens, k, high)
    return (k, end) if end > k else None
