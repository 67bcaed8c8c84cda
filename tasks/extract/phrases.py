"""Finds the ends of noun phrases in a sentence without a parser, and the source behind an inverted speech verb.

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
        if low == ")" and all(t.low != "(" for t in tokens[start:k]):
            break
        if low == "." and not (
            k > start
            and len(tokens[k - 1].text) <= 5
            and k + 1 < stop
            and (tokens[k + 1].is_word or (tokens[k + 1].low == "," and tokens[k - 1].low in ("jr", "sr")))
        ):
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
        if follower is not None and follower.quote is None and not leads_away(follower) and not known:
            k = end + 1
            while (
                k < stop
                and tokens[k].quote is None
                and tokens[k].low not in DASHES
                and not (tokens[k].low == "," and k + 1 < stop and leads_away(tokens[k + 1]))
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


def leads_away(token: Token) -> bool:
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
