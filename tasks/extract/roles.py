"""Reads what an article says a person is, before a name («Foreign Ministry spokeswoman Ann Lee») or behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.extract import lexicon as lex
from tasks.extract.labels import Name
from tasks.extract.offices import body_of, in_full, rank
from tasks.extract.wordlists import CONJUNCTIONS, DETERMINERS, PRONOUNS, SUBORDINATORS, words

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[-'’&][^\W_]+)*|[^\w\s]")
_REACH = 110  # characters looked at before a name
_BEHIND = 240  # and behind it
_STOP = re.compile(
    r"[;:()\[\]“”\"«»\n]|[,.!?](?=\s|$)|\s[–—-]|--|(?:^|\s)(?:who|which|whose|whom|that|that's|that’s|bidding|told|said|says|put|and\s(?:was|is|has))\s"
)
_BEHIND_NAME = re.compile(
    r"(?:\s\([^()\n]{1,30}\))?(?:,\s(?:\d{1,2},\s)?|\s[–—-]{1,2}\s|,?\s(?:who\s)?(?:is|was|serves\sas|served\sas)\s)"
    r"(?!not\s)(?:now\s|also\s|once\s)?"
)
_BEFORE_NAME = re.compile(r"(?:^|[.!?,;:]\s|[“\"]|\n)([^.!?,;:“”\"()\n]{3,100}),\s$")
_PREPOSITION = re.compile(r"\s(?:of|for|at|in|with|from|to|on|by|under|representing|based)\s|\s(?:who|which|whose)\s")
_LOOSE_END = re.compile(r"\s(?:of|for|at|in|with|from|to|and|the|a)$")
_ARTICLE = re.compile(r"^(?:the|a|an|its|his|her|their|our|another|one\sof)\s", re.IGNORECASE)
_AGENT = re.compile(r"(?:er|or|ist|man|woman|ian|eer|ess|person|mate|logist|holder|alum|guru|expert|native|star)$")
_NO_AGENT = words(
    """
    order number matter power father-in-law her over under other another offer center border winter summer november
    """
)
_COURTESIES = words("Mr Mrs Ms Miss Mister Mme Messrs Mx Sir Hon Dr")  # before a name; they tell no office
_OPENING_MARKS = frozenset(",“\"—–-'’(")
_NO_NOUN_PHRASE = PRONOUNS | SUBORDINATORS | words(
    """
    is are was were be been has have had will would can could may might must says said told it's he's she's you're
    i'm not as well for after before without during when in on at by from with to about but except perhaps
    """
)  # fmt: skip
_STOPS = DETERMINERS | CONJUNCTIONS | SUBORDINATORS | PRONOUNS | words(
    """
    in on at of to for by from with about against near like via per said says told asked met called backed including
    is are was were be been has have had did does do not i'm it's he's she's quoted replaced named than then only
    even
    """
)  # fmt: skip
_MODIFIERS = words(
    """
    former first vice prime deputy acting interim chief senior junior top assistant associate executive general
    foreign interior defense defence finance health education press campaign opposition presidential national
    international state federal local party police trade justice house senate congressional republican democratic
    conservative liberal independent white longtime retired special political economic social military public
    private news student school university college company group government court law city county district world
    union team high lead main new old then-candidate incoming outgoing current ex policy election communications
    security oil energy big small black young veteran founding american real late shadow home culture transport
    environment agriculture
    """
)


@dataclass(frozen=True, slots=True)
class Role:
    """What a person is said to be: the words without article, its head nouns folded, and the body it is held in.

    ``body`` is the name of that body, ``affiliation`` how it is printed; ``rank`` says what the role is worth, 0 where
    it names no office, profession or function («rival»); ``female`` what the noun itself says of the bearer's sex.
    """

    text: str
    heads: frozenset[str]
    body: Name | None
    affiliation: str | None
    is_former: bool
    position: int
    rank: int
    female: bool | None


def head_of(word: str) -> str:
    """The folded form of a role noun: words for the same role share one."""
    folded = word.lower().rstrip(".")
    return lex.SAME_ROLE.get(folded, folded)


def is_role(word: str) -> bool:
    """Whether a word is a noun for what a person is or does."""
    return word.lower().rstrip(".") in lex.ROLES


def is_agent(word: str) -> bool:
    """Whether a noun looks like one for a person, by its ending or as a known role."""
    folded = word.lower().rstrip(".")
    folded = folded.rsplit("-", 1)[-1] if folded not in lex.ROLES else folded
    return folded in lex.ROLES or (len(folded) > 3 and _AGENT.search(folded) is not None and folded not in _NO_AGENT)


def roles_at(text: str, names: Sequence[Name], k: int) -> Iterator[Role]:
    """The roles that the words beside the k-th name give to its bearer."""
    before = _prefix(text, names, k)
    if before is not None:
        yield before
    behind = _behind(text, names, k)
    if behind is not None:
        yield behind
    if before is None and behind is None:
        apposed = _apposed(text, names, k)
        if apposed is not None:
            yield apposed


def title_of(text: str, start: int) -> str:
    """The title right before a name («Mrs»), without its full stop; empty where there is none."""
    before = text[max(0, start - 16) : start]
    if not before[-1:].isspace():
        return ""
    word = before.rstrip().rsplit(None, 1)[-1:] or [""]
    title = word[0].rstrip(".").lstrip("“\"‘'(")
    return title if title in lex.TITLES else ""


def _prefix(text: str, names: Sequence[Name], k: int) -> Role | None:
    """«Foreign Ministry spokeswoman Ann Lee»: words of a noun phrase, taken from the right while they belong to it.

    Lower-case words that may be verbs are taken only where a determiner, a preposition or the like opens the phrase.
    """
    end = names[k].start
    low = max(0, end - _REACH)
    window = text[low:end]
    if not window[-1:].isspace():
        return None
    low += max(window.rfind("\n"), -1) + 1
    start, safe, n_plain, opened = end, end, 0, False
    tokens = list(_TOKEN.finditer(text, low, end))
    for i in range(len(tokens) - 1, -1, -1):
        printed = tokens[i].group()
        folded = printed.lower().replace("’", "'")
        if printed == "." and i and _is_abbreviation(text, tokens[i - 1].end()):
            continue
        opened = folded in _STOPS or folded.endswith(("'s", "s'")) or printed in _OPENING_MARKS
        if not printed[0].isalpha() or (tokens[i].end() == low and low and text[low - 1].isalnum()):
            break
        if start == end:
            if not (folded in lex.ROLES or printed in lex.TITLES) or printed in _COURTESIES:
                break
        elif folded in ("of", "and", "for"):
            left = tokens[i - 1].group().lower() if i else ""
            if left not in lex.ROLES or folded == "for":
                break
        elif printed[0].isupper():
            if folded in _STOPS and folded not in _MODIFIERS:
                break
        elif folded not in lex.ROLES and folded not in _MODIFIERS:
            n_plain += 1
            is_verb = folded in lex.COMMON or folded in _STOPS or folded.endswith(("ed", "ing", "ly"))
            if is_verb or n_plain > 2 or text[safe:end][:1].isupper():
                break
            start = tokens[i].start()
            continue
        start = tokens[i].start()
        safe = start if not n_plain else safe
    else:
        opened = True
    start = start if opened else safe
    if start == end:
        return None
    return _role(text, start, end, names[max(0, k - 4) : k])


def _is_abbreviation(text: str, end: int) -> bool:
    """Whether the full stop at an offset ends an abbreviation and no sentence («Gov.», «U.S.», «T.»)."""
    word = text[max(0, end - 12) : end].split()[-1:] or [""]
    return word[0] in lex.ABBREVIATIONS or len(word[0]) == 1 or word[0][-2:-1] == "."


def _behind(text: str, names: Sequence[Name], k: int) -> Role | None:
    joint = _BEHIND_NAME.match(text, names[k].end, names[k].end + _BEHIND)
    if joint is None:
        return None
    start = joint.end()
    window = text[start : start + _BEHIND]
    stop = next(
        (m for m in _STOP.finditer(window) if m.group() != "." or not _is_abbreviation(text, start + m.start())), None
    )
    if stop is None or (window.lower().startswith("the ") and stop.group().strip() in ("said", "says")):
        return None  # «Praising Ann Lee, the mayor said …»
    phrase = window[: stop.start()]
    article = _ARTICLE.match(phrase)
    is_clause = not joint.group().strip().startswith((",", "–", "—", "-", "("))
    if is_clause and article is None:
        return None
    return _phrase(text, start, phrase, names[k + 1 : k + 6])


def _apposed(text: str, names: Sequence[Name], k: int) -> Role | None:
    """«The head of the council, Ann Lee, …»."""
    name = names[k]
    if text[name.end : name.end + 1] not in (",", "."):
        return None
    low = max(0, name.start - _REACH)
    before = _BEFORE_NAME.search(text[low : name.start])
    if before is None or _ARTICLE.match(before.group(1)) is None:
        return None
    return _phrase(text, low + before.start(1), before.group(1), names[max(0, k - 5) : k])


def _phrase(text: str, start: int, phrase: str, inside: Sequence[Name]) -> Role | None:
    """The role that a phrase set beside a name is; None where it is no noun phrase for a person."""
    article = _ARTICLE.match(phrase)
    end = start + len(phrase)
    start += article.end() if article else 0
    core = _PREPOSITION.split(text[start:end], maxsplit=1)[0]
    first = core.split()[:1]
    if not first or any(w.lower() in _NO_NOUN_PHRASE for w in core.split()) or not _has_head(core, article is not None):
        return None
    if any(n.label == "PER" and n.end >= start + len(core.rstrip()) > n.start for n in inside):
        return None  # «Ann Lee, Governor Tom Voss and others»
    if not article and any(w.endswith("ed") and w not in ("retired", "red") and "-" not in w for w in core.split()):
        return None
    return _role(text, start, end, inside)


def _has_head(core: str, has_article: bool) -> bool:
    """Whether the noun that a phrase without its prepositions is built on means a person."""
    last = core.split(" and ")[-1].split()
    return bool(last) and len(last) <= 9 and (is_agent(last[-1]) if has_article else is_role(last[-1]))


def _role(text: str, start: int, end: int, inside: Sequence[Name]) -> Role:
    printed = text[start:end].strip(" ,'’")
    printed = _LOOSE_END.sub("", printed)
    heads = {
        head_of(core[-1])
        for part in re.split(r"\sand\s|,\s", printed)
        if (core := _PREPOSITION.split(part, maxsplit=1)[0].split()) and is_agent(core[-1])
    }
    heads |= {head_of(w) for w in _PREPOSITION.split(printed, maxsplit=1)[0].split() if is_role(w)}
    folded = [w.lower() for w in re.findall(r"[\w-]+", printed)]
    female = None
    if any(w in lex.FEMALE_ROLES for w in folded[-1:]) or any(w in lex.FEMALE_ROLES for w in heads):
        female = True
    elif any(w in lex.MALE_ROLES for w in folded[-1:]):
        female = False
    is_former = any(w in ("former", "ex", "retired", "late") or w.startswith("ex-") for w in folded[:4])
    body, affiliation = body_of(text, start, start + len(printed), inside, heads)
    return Role(
        in_full(printed),
        frozenset(heads),
        body,
        affiliation or None,
        is_former,
        start,
        rank(printed, is_former),
        female,
    )
