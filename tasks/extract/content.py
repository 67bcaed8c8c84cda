"""Finds where what was said begins and ends: behind a cue, before it, and on both sides of it.

Ranges are half-open token indices of one sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.extract.cues import Cue
from tasks.extract.phrases import Range, phrase_end, starts_noun_phrase
from tasks.extract.tokens import Token
from tasks.extract.verbs import FORMS
from tasks.extract.wordlists import (
    ADVERBIALS,
    CLOSING,
    CONJUNCTIONS,
    DASHES,
    DAYS,
    DETERMINERS,
    OBJECTS,
    PRONOUNS,
    SUBORDINATORS,
    words,
)

_LISTENERS = OBJECTS | {"reporters", "journalists"}
# «that» before one of these is the subject of a relative clause.
_RELATIVE = words("is are was were has have had would could will can may might does did")


@dataclass(frozen=True, slots=True)
class After:
    """What follows a cue: where content begins (None: nowhere), how it is joined on, the listener, and the outlet.

    ``how`` is "that", "comma", "colon" or "bare"; "" where nothing follows. A colon without a start announces what
    the next sentence says.
    """

    start: int | None
    how: str
    addressee: Range | None = None
    via: Range | None = None


def content_after(tokens: list[Token], cue: Cue) -> After:
    """What follows a cue."""
    n = len(tokens)
    k = cue.last
    addressee: Range | None = None
    via: Range | None = None
    if cue.kind == "cited" and k + 1 < n and tokens[k].low == "by":
        end = phrase_end(tokens, k + 1, n)
        if end > k + 1:
            via, k = (k + 1, end), end
    if k < n and cue.kind in ("tell", "ask") and _may_listen(tokens[k], cue):
        end = phrase_end(tokens, k, n)
        if end > k:
            addressee, k = (k, end), end
    elif k + 1 < n and tokens[k].low == "to" and cue.kind in ("say", "ask", "voice"):
        end = phrase_end(tokens, k + 1, n)
        if end > k + 1 and _is_listener(tokens[k + 1]):
            addressee, k = (k + 1, end), end
    start, how = content_start(tokens, k, cue)
    return After(start, how, addressee or _interviewer(tokens, k), via)


def _may_listen(token: Token, cue: Cue) -> bool:
    if token.quote is not None or (cue.kind == "ask" and token.low not in OBJECTS):
        return False
    if token.low in OBJECTS or starts_noun_phrase(token):
        return True
    return token.text.islower() and token.low not in ADVERBIALS | SUBORDINATORS


def _is_listener(token: Token) -> bool:
    """Whether a word behind «to» begins a listener («to voters»), not an infinitive («to vote»)."""
    return starts_noun_phrase(token) or token.low in _LISTENERS or (token.low[-1] == "s" and token.low[-2:] != "ss")


def _interviewer(tokens: list[Token], k: int) -> Range | None:
    """X in «in an interview with X», looked for right behind a cue."""
    for j in range(k, min(k + 8, len(tokens) - 2)):
        if tokens[j].quote is not None or tokens[j].low in CLOSING:
            return None
        if tokens[j].low in ("interview", "conversation") and tokens[j + 1].low in ("with", "to"):
            end = phrase_end(tokens, j + 2, len(tokens))
            return (j + 2, end) if end > j + 2 else None
    return None


def content_start(tokens: list[Token], k: int, cue: Cue) -> tuple[int | None, str]:
    """Where the content behind token k begins, None if nowhere, and how: "that", "comma", "colon", "bare", or ""
    where there is none ("colon" without a start: the next sentence holds it)."""
    n = len(tokens)
    if k >= n:
        return None, ""
    token = tokens[k]
    if token.quote is not None:
        return k, "bare"
    if token.low == ":":
        return (k + 1, "colon") if k + 1 < n else (None, "colon")
    if token.low == "that" and k + 1 < n and tokens[k + 1].low not in CLOSING:
        return (None, "") if tokens[k + 1].low in _RELATIVE and cue.lemma != "say" else (k, "that")
    if token.low == "," and k + 1 < n:
        if tokens[k + 1].quote is not None:
            return k + 1, "comma"
        if tokens[k + 1].low == "that":
            return k + 1, "that"
    if token.low in DASHES and k + 1 < n and tokens[k + 1].quote is not None:
        return k + 1, "colon"
    if (
        token.low in ("simply", "only", "just", "of", "about", "as", "for", "against", "with", "to")
        and k + 1 < n
        and tokens[k + 1].quote is not None
    ):
        return k + 1, "bare"
    if cue.kind == "call" and token.low not in (",", ".", ";"):
        return k, "bare"
    if (
        token.low == "to"
        and cue.lemma != "say"
        and k + 1 < n
        and tokens[k + 1].text.islower()
        and cue.kind in ("say", "tell", "ask", "hold")
    ):
        return k, "bare"
    if token.low in ADVERBIALS or token.low in DAYS or token.low == "," or token.low.endswith("ly"):
        return _past_adverbial(tokens, k, cue)
    if token.is_word and token.low not in CONJUNCTIONS and not token.low.endswith(("self", "selves")):
        return k, "bare"
    return None, ""


def _past_adverbial(tokens: list[Token], k: int, cue: Cue) -> tuple[int | None, str]:
    """As content_start, where an adverbial stands between («said on Monday in Hill that …»)."""
    n = len(tokens)
    for j in range(k, n):
        token, before, behind = tokens[j], tokens[j - 1], tokens[j + 1] if j + 1 < n else None
        if j > k and is_cue(token) and (before.low == "," or _opens_quote(tokens, j + 1)):
            break
        if token.low == ":":
            return (j + 1, "colon") if behind is not None else (None, "colon")
        if token.low == "," and behind is not None and behind.quote is not None:
            return j + 1, "comma"
        if token.low == ";":
            break
        if j == k:
            continue
        if token.low == "that" and behind is not None and behind.low not in _RELATIVE:
            if before.low not in ("at", "of", "in", "on"):
                return j, "that"
        elif token.quote is not None:
            if before.low not in ADVERBIALS | DETERMINERS | CONJUNCTIONS and not before.is_capital:
                return j, "bare"
        elif token.low in ("he", "she", "they", "i", "we"):
            is_clause = before.is_word and (tokens[k].low in DAYS or j - k >= 2) and cue.kind in ("say", "tell")
            return (j, "bare") if is_clause and token.low in ("he", "she", "they") else (None, "")
    return None, ""


def content_end(tokens: list[Token], start: int, later: Sequence[Cue]) -> int:
    """Where content that begins at start ends: before the next cue's clause, or with the sentence."""
    n = len(tokens)
    stop = n
    if tokens[start].quote is not None:
        # A quotation that is a sentence, or ends in a comma before «and», ends the content; else the clause goes on.
        k = start
        while k < n and tokens[k].quote is not None:
            k += 1
        last = tokens[k - 1].text.rstrip("\"”'’»")[-1:]
        is_sentence = last in ",.!?" and tokens[start].text.lstrip("\"“'‘«„`…. ")[:1].isupper()
        if k < n and (is_sentence or (last == "," and tokens[k].low in ("and", "but"))):
            return k
    if tokens[0].low in ("while", "although", "though", "as", "when", "if"):
        stop = next((k for k in range(start, n - 1) if tokens[k].low == "," and tokens[k + 1].low in PRONOUNS), n)
    for cue in later:
        first = cue.first
        if first <= start + 1:
            continue
        if first >= stop:
            break
        before = tokens[first - 1]
        named = first - 1
        while named > start and tokens[named].is_word and first - named < 5:
            named -= 1
        if tokens[named].quote is not None and named > start and tokens[named - 1].low == ":" and named < first - 1:
            stop = named
            break
        if tokens[named].low == "," and _opens_quote(tokens, cue.last):
            stop = named  # «When I wrote to ask him, Lee replied, “It is safe”»
            break
        if cue.mood == "ing" and before.low == ",":
            stop = first - 1
            break
        if cue.kind == "according" and before.low == ",":
            stop = first - 1
            break
        if (
            before.low in ("and", "but")
            and cue.mood == "finite"
            and first - 2 >= start
            and cue.kind in ("say", "tell", "call")
        ):
            stop = first - 2 if tokens[first - 2].low == "," else first - 1
            break
        if before.low in PRONOUNS and first - 2 >= start and tokens[first - 2].low in ("and", "but"):
            stop = first - 3 if tokens[first - 3].low == "," else first - 2
            break
    return strip_end(tokens, start, stop)


def _opens_quote(tokens: list[Token], k: int) -> bool:
    """Whether a comma or a colon and then a quotation stand at token k."""
    return k + 1 < len(tokens) and tokens[k].low in (",", ":") and tokens[k + 1].quote is not None


def strip_end(tokens: list[Token], start: int, stop: int) -> int:
    """Where a stretch ends without the punctuation at its end."""
    while stop > start and (
        tokens[stop - 1].low in CLOSING or tokens[stop - 1].low in (",", ";", ":") or tokens[stop - 1].low in DASHES
    ):
        stop -= 1
    return stop


def content_before(tokens: list[Token], start: int, stop: int) -> Range:
    """The content before a cue or its source, without conjunctions that only lead over and the comma at its end."""
    while start < stop and not (tokens[start].is_word or tokens[start].quote is not None):
        start += 1
    stop = max(start, strip_end(tokens, start, stop))
    if stop - start > 2 and tokens[stop - 1].quote is not None and tokens[stop - 2].low in (":", "("):
        start = stop - 1  # «Lee was clear: “It is safe,” he said»
    return start, stop


def ends_quoted(tokens: list[Token], low: int, k: int) -> bool:
    """Whether a quotation ends right before token k."""
    j = k - 1
    while j >= low and (tokens[j].low in (",", "…", "...") or tokens[j].low in DASHES):
        j -= 1
    return j >= low and tokens[j].quote is not None


def leads_in(tokens: list[Token], low: int, s: int) -> bool:
    """Whether the words before a subject are an adverbial that leads in, not something said."""
    while low < s and not (tokens[low].is_word or tokens[low].quote is not None):
        low += 1
    if low >= s or tokens[low].quote is not None:
        return False
    first = tokens[low].low
    if first in CONJUNCTIONS:
        return tokens[low + 1].low == "," if low + 2 == s else leads_in(tokens, low + 1, s)
    return (
        first in ADVERBIALS and first not in ("if", "there", "this", "that", "here", "not", "just", "so", "only")
    ) or first.endswith("ing")


def may_end(tokens: list[Token], k: int) -> bool:
    """Whether the clause can end before token k: with the sentence, a comma or an adverbial."""
    n = len(tokens)
    return (
        k >= n
        or tokens[k].low in CLOSING
        or tokens[k].low in ADVERBIALS
        or tokens[k].low in DAYS
        or tokens[k].low in (",", ";")
    )


def resumed(tokens: list[Token], k: int) -> list[Range]:
    """The quotation that goes on behind the attribution in the same sentence («“A,” she said, “B.”»)."""
    j = next_quote(tokens, k)
    if any(is_cue(tokens[i]) and tokens[i - 1].low == "," for i in range(max(k, 1), j)):
        return []
    if j < len(tokens) and j > 0 and (tokens[j - 1].low in (",", ":", ";") or tokens[j - 1].low in DASHES):
        end = j
        while end < len(tokens) and tokens[end].quote is not None:
            end += 1
        return [] if _has_cue(tokens, end) else [(j, end)]
    return []


def _has_cue(tokens: list[Token], k: int) -> bool:
    """Whether the words right behind a quotation hold a cue of its own («“A,” Lee said; “B,” said Moss»)."""
    stop = min(k + 6, len(tokens))
    while k < stop and tokens[k].is_word and not is_cue(tokens[k]):
        k += 1
    return k < stop and is_cue(tokens[k])


def is_cue(token: Token) -> bool:
    """Whether a word is a speech verb in a form that is no noun."""
    form = FORMS.get(token.low)
    return form is not None and form.kind in ("say", "tell") and not form.forms.isdisjoint(("past", "ing"))


def next_quote(tokens: Sequence[Token], k: int) -> int:
    """The next quotation from token k on, or the number of tokens."""
    while k < len(tokens) and tokens[k].quote is None:
        k += 1
    return k


def quote_then_words(tokens: list[Token], low: int, k: int) -> bool:
    """Whether token k stands behind a comma and words that go on from a quotation (no name that could be a subject)."""
    if k <= low or tokens[k - 1].low != ",":
        return False
    j = k - 2
    while j >= low and tokens[j].quote is None:
        j -= 1
    return (
        j >= low and j + 1 < k - 1 and not tokens[j + 1].is_capital and tokens[j + 1].low not in DETERMINERS | PRONOUNS
    )


def has_quote(tokens: list[Token], low: int, high: int) -> bool:
    """Whether a quotation stands from low to high."""
    return any(t.quote is not None for t in tokens[low:high])


def holds_quote(tokens: list[Token], content: list[Range]) -> bool:
    """Whether any of the ranges holds a quotation."""
    return any(has_quote(tokens, b, e) for b, e in content)


def ends_sentence(tokens: list[Token], k: int) -> bool:
    """Whether no word follows from token k on."""
    return all(not t.is_word for t in tokens[k:])
