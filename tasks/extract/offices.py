"""Says what a role is worth: whether it names an office, profession or function, how to print it, and for what body."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tasks.extract import gazetteer as gaz
from tasks.extract import lexicon as lex
from tasks.extract.labels import Name
from tasks.extract.wordlists import words

# Nouns that describe somebody whom the article knows already, but name no office, profession or function: parties,
# opinions, relations, standings in a race.
NO_OFFICES = words(
    """
    democrat republican conservative liberal progressive independent libertarian moderate friend rival neighbor
    neighbour colleague critic supporter backer opponent foe ally voter resident native hopeful contender front-runner
    frontrunner favorite favourite underdog winner loser hero star superstar celebrity legend fan donor endorser
    counterpart challenger fellow member person man woman guy boy girl gentleman lady newcomer outsider insider
    believer monster liar other another number holder user customer
    """
)
KIN = words(
    """
    wife husband daughter son mother father brother sister ex-wife ex-husband widow grandmother grandfather aunt uncle
    niece nephew girlfriend boyfriend
    """
)
# Offices that are held for a place, so that the place is the body; folded as the heads of roles are.
_PUBLIC = words(
    """
    senator congressman governor mayor president premier minister chancellor king queen ambassador sheriff lawmaker
    delegate chief secretary general legislator envoy prince monarch commissioner treasurer comptroller councilman
    councilwoman judge prosecutor lawyer leader
    """
)
_IN_FULL = {
    "Sen": "Senator", "Sens": "Senator", "Rep": "Representative", "Reps": "Representative", "Gov": "Governor",
    "Govs": "Governor", "Gen": "General", "Gens": "General", "Lt": "Lieutenant", "Col": "Colonel", "Maj": "Major",
    "Capt": "Captain", "Cmdr": "Commander", "Sgt": "Sergeant", "Cpl": "Corporal", "Adm": "Admiral", "Brig": "Brigadier",
    "Prof": "Professor", "Rev": "Reverend", "Msgr": "Monsignor", "Supt": "Superintendent", "Det": "Detective",
    "Del": "Delegate",
}  # fmt: skip
_ABBREVIATED = re.compile(r"\b(" + "|".join(sorted(_IN_FULL, key=len, reverse=True)) + r")\b\.?(?=\s|$)")
_SHARED = re.compile(r"\b(President|Senator|Governor|Minister|Chair|Director|Professor|Judge|Justice)s$")
_TITLE_ONLY = words("doctor sir lady lord dame sister brother father princess mister captain")
_OPENING = words(
    """
    Former Longtime Presumptive Likely Retired Veteran Then Fellow One-time Long-shot Late Outgoing Incoming Current
    Conservative Liberal Presidential Investigative Real Senior Top Chief
    """
)
_PROFESSIONS = words(
    """
    Actor Actress Author Filmmaker Moderator Journalist Comedian Singer Rapper Billionaire Founder Analyst Strategist
    Economist Columnist Correspondent Reporter Anchor Lawyer Attorney Editor Candidate Nominee Professor Adviser Coach
    Spokesman Spokeswoman Spokesperson
    """
)
_RANKED = words("only first second third fourth next last most able best worst leading")
_HEADED = words("campaign team administration office foundation organization organisation camp transition")
_PREPOSITION = re.compile(r"\s(?:of|for|at|in|with|from|to|on|by|under|representing|based)\s")


def in_full(printed: str) -> str:
    """A role as it is shown: abbreviated titles in full («Lt. Gov.»), and no capital that only a sentence gave it."""
    role = _SHARED.sub(r"\1", _ABBREVIATED.sub(lambda m: _IN_FULL[m.group(1)], printed).strip(" ,."))
    first, _, rest = role.partition(" ")
    is_lowered = first in _OPENING if rest else first in _PROFESSIONS
    return f"{first.lower()} {rest}".rstrip() if is_lowered else role


def rank(text: str, is_former: bool) -> int:
    """What a role is worth, the more the better; 0 where it names no office, profession or function at all."""
    cores = [_PREPOSITION.split(part, maxsplit=1)[0].lower().split() for part in re.split(r"\sand\s|,\s", text)]
    nouns = {
        core[-1].rstrip(".").rsplit("-", 1)[-1] if core[-1] not in NO_OFFICES else core[-1] for core in cores if core
    }
    offices = nouns - NO_OFFICES - KIN
    if not offices:
        described = " " in text and (nouns & KIN or nouns & {"member", "fellow"}) and _PREPOSITION.search(text)
        return 1 if described else 0
    if text.lower().rstrip(".") in _TITLE_ONLY:
        return 0
    if text.split()[0] in _RANKED and cores[0][1:2] not in (["deputy"], ["vice"]):
        return 1
    return 2 + 2 * (" " in text) - (1 if is_former else 0)


def body_of(text: str, start: int, end: int, inside: Iterable[Name], heads: Iterable[str]) -> tuple[Name | None, str]:
    """The name of the body that a role between two offsets is held in, and how it is printed; None and nothing if none.

    An organisation, else a person with a noun behind («Lee campaign») or alone, else the place of a public office.
    """
    names = [n for n in inside if start <= n.start and n.end <= end and not _is_party_member(n)]
    for label in ("ORG", "PER", "LOC"):
        for name in names:
            if name.label != label or (label == "LOC" and not _PUBLIC.intersection(heads)):
                continue
            is_part = text[name.end : name.end + 1] == "-" or name.text.endswith("-winning")
            if is_part or name.text in lex.TITLE_MODIFIERS or name.text == "PAC":
                continue
            behind = text[name.end : end].removeprefix("'s").removeprefix("’s").split()
            noun = next(iter(behind), "").lower()
            if label == "PER" and noun in _HEADED:
                return None, f"{name.text} {noun}"
            return name, name.text
    return None, ""


def _is_party_member(name: Name) -> bool:
    """«Florida Republican»: the name is a description."""
    return name.text.split()[-1] in gaz.DEMONYMS or name.text.split()[-1].lower() in NO_OFFICES
