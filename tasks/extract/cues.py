"""Finds the words that signal an attribution: speech verbs as verbs, and set phrases such as «according to»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.extract.tokens import Token
from tasks.extract.verbs import FORMS, Form
from tasks.extract.wordlists import PRONOUNS, words

# Second words that belong to a cue, and lemmas that are cues only with theirs.
_PARTICLES = {
    "point": ("out",),
    "go": ("on",),
    "shoot": ("back",),
    "chime": ("in",),
    "blurt": ("out",),
    "put": ("it",),
    "cry": ("out",),
    "refer": ("to",),
    "appeal": ("to", "for"),
    "call": ("on", "for"),
    "rail": ("against",),
    "begin": ("by",),
}
_NEEDS_PARTICLE = words("point go shoot put refer appeal rail chime")
_AUXILIARIES = words(
    """
    have has had having will would can could may might must shall should did do does is are was were be been being
    to 've 's 'd 'll hasn't haven't hadn't won't wouldn't can't couldn't didn't doesn't don't
    """
)
_BE = words("is are was were be been being 's get gets got")
_HAVE = words("have has had having 've 's 'd")
MODALS = words(
    """
    will would can could may might must shall should did do does to 'll 'd won't wouldn't can't couldn't didn't
    doesn't don't
    """
)
_ADVERBS = words(
    """
    also later then now once never often always again already repeatedly previously recently further still just even
    simply only first not specifically publicly reportedly famously initially subsequently quickly bluntly flatly
    privately openly clearly consistently long ever explicitly both all soon thus instead similarly earlier
    afterwards apparently eventually finally basically ultimately immediately
    """
)
_NEGATORS = words(
    """
    not never didn't doesn't don't hasn't haven't hadn't won't wouldn't can't couldn't cannot nor
    """
)
_REFUSALS = words("refuse refuses refused refusing decline declines declined declining")
_DENIALS = frozenset(["deny", "reject", "dismiss"])
# Set phrases, longest first, with their lemma and kind.
_PHRASES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("cited", "as", "saying"), "say", "cited"),
    (("quoted", "as", "saying"), "say", "cited"),
    (("quoted", "saying"), "say", "cited"),
    (("cited", "saying"), "say", "cited"),
    (("goes", "on", "to", "say"), "say", "say"),
    (("went", "on", "to", "say"), "say", "say"),
    (("issued", "a", "statement", "saying"), "say", "say"),
    (("released", "a", "statement", "saying"), "say", "say"),
    (("made", "it", "clear"), "make clear", "say"),
    (("makes", "it", "clear"), "make clear", "say"),
    (("made", "clear"), "make clear", "say"),
    (("makes", "clear"), "make clear", "say"),
    (("in", "the", "words", "of"), "in the words of", "according"),
    (("according", "to"), "according to", "according"),
)
_PHRASES_BY_HEAD: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
for _phrase in _PHRASES:
    _PHRASES_BY_HEAD.setdefault(_phrase[0][0], []).append(_phrase)


@dataclass(slots=True)
class Cue:
    """A cue in a sentence: tokens first to last (half open), its head, and how the verb stands.

    ``mood`` is "finite" (has a subject of its own before or behind it), "ing" (shares one), or "phrase".
    """

    first: int
    last: int
    head: int
    lemma: str
    kind: str
    mood: str
    is_negated: bool = False
    is_passive: bool = False


_NOUN_MARKERS = words(
    """
    a an the his her their its my our your this that these those no any some each every 's of another such first
    last new latest more several many other recent
    """
)
_PLURALS = words("i we you they who people police many some others two three both men women")
_NOUNS = words(
    """
    email post report claim question estimate forecast quote promise pledge charge show tweet comment attack call
    hope fear state message answer reply response demand warning blog argument suspect credit brand label
    """
)
_PREPOSITIONS = words(
    """
    in on at by for with from about of into over under against through without after before
    """
)


def find_cues(tokens: Sequence[Token]) -> list[Cue]:
    """The cues among a sentence's tokens, in order."""
    found: list[Cue] = []
    headline = _is_headline(tokens)
    k = 0
    while k < len(tokens):
        cue = None if tokens[k].is_capital and k and not headline else _cue_at(tokens, k)
        if cue is not None and (not found or cue.first >= found[-1].last):
            found.append(cue)
            k = cue.last
        else:
            k += 1
    return found


def _is_headline(tokens: Sequence[Token]) -> bool:
    """Whether most of the long words are capitalised, so that a capital says nothing."""
    long = [t for t in tokens if t.is_word and len(t.text) > 3]
    return (len(long) > 2 or (len(long) == 2 and tokens[-1].low != ".")) and sum(
        t.is_capital for t in long
    ) > 0.6 * len(long)


def _cue_at(tokens: Sequence[Token], k: int) -> Cue | None:
    token = tokens[k]
    if token.quote is not None:
        return None
    for phrase, lemma, kind in _PHRASES_BY_HEAD.get(token.low, ()):
        if all(k + n < len(tokens) and tokens[k + n].low == word for n, word in enumerate(phrase)):
            mood = "phrase" if kind == "according" else "finite"
            first = k if kind == "according" else _group_start(tokens, k)
            return Cue(first, k + len(phrase), k, lemma, kind, mood, _negated(tokens, first, k))
    form = FORMS.get(token.low)
    return None if form is None else _verb(tokens, k, form)


def _verb(tokens: Sequence[Token], k: int, form: Form) -> Cue | None:
    """The cue with its head at k, if the word is used as a verb that can be one."""
    lemma = form.lemma
    last = k + 1
    particles = _PARTICLES.get(lemma, ())
    if last < len(tokens) and tokens[last].low in particles:
        last += 1
    elif lemma in _NEEDS_PARTICLE:
        return None
    first = _group_start(tokens, k)
    group = [t.low for t in tokens[first:k]]
    helpers = [w for w in group if w not in _ADVERBS]
    before = tokens[k - 1].low if k else ""
    helper = helpers[-1] if helpers else ""
    if before in _NOUN_MARKERS and not helpers:
        return None
    if not helpers and k and form.forms <= {"base", "s"} and _is_noun(tokens, k, lemma):
        return None
    passive = False
    if helper == "'s":
        mood = "finite"
    elif "ing" in form.forms:
        if before in _NOUN_MARKERS or (before in _PREPOSITIONS and before not in ("by", "in", "without", "after")):
            return None
        mood = "finite" if helper in _BE else "ing"
    elif helper in _BE:
        if "participle" not in form.forms and "past" not in form.forms:
            return None
        mood, passive = "finite", True
    elif helper in _HAVE or helper in MODALS:
        if ("base" if helper in MODALS else "participle") not in form.forms and helper not in ("'s", "'d"):
            return None
        mood = "finite"
        if helper == "to" and len(helpers) == 1 and first > 0 and tokens[first - 1].low in _PREPOSITIONS:
            return None
    elif form.forms == {"base"}:
        if k == 0 or before in _PREPOSITIONS or not _plural_subject(tokens, k):
            return None
        mood = "finite"
    elif form.forms == {"participle"}:
        return None
    else:
        if before in _PREPOSITIONS:
            return None
        mood = "finite"
    return Cue(first, last, k, lemma, form.kind, mood, _negated(tokens, first, k) or lemma in _DENIALS, passive)


def _is_noun(tokens: Sequence[Token], k: int, lemma: str) -> bool:
    """Whether a base or -s form is a noun here: «denied reports», «her recovered emails», the United States."""
    before = tokens[k - 1]
    if before.low == "united" or before.low.endswith("'s"):
        return True
    if before.low in PRONOUNS or before.quote is not None:
        return False
    if before.low in FORMS and before.text.islower():
        return True
    if lemma not in _NOUNS or before.is_capital:
        return False
    return tokens[k].low == lemma or any(t.low in FORMS and t.text.islower() for t in tokens[max(0, k - 12) : k])


def _group_start(tokens: Sequence[Token], head: int) -> int:
    """Where the verb group that ends in head begins: auxiliaries, adverbs, «declined to»."""
    first = head
    while first > 0 and head - first < 6:
        word = tokens[first - 1].low
        is_manner = word.endswith("ly") and len(word) > 5 and tokens[first - 1].text.islower()
        is_refusal = tokens[first].low == "to" and word in _REFUSALS
        if word in _AUXILIARIES or word in _ADVERBS or is_manner or is_refusal:
            first -= 1
        else:
            break
    while first < head and tokens[first].low in ("all", "both"):
        first += 1
    return first


def _negated(tokens: Sequence[Token], first: int, head: int) -> bool:
    return any(t.low in _NEGATORS or t.low in _REFUSALS for t in tokens[first:head])


def _plural_subject(tokens: Sequence[Token], k: int) -> bool:
    """Whether the words before a verb's base form can be its subject."""
    j = k - 1
    while j > 0 and tokens[j].low in _ADVERBS:
        j -= 1
    word = tokens[j].low
    return word in _PLURALS or (tokens[j].is_word and word.endswith("s") and not word.endswith("ss"))
