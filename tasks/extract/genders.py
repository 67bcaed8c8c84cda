"""Tells whether a person is a man or a woman: by title, given name, role, and the pronouns that follow the name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from tasks.extract import gazetteer as gaz
from tasks.extract import lexicon as lex
from tasks.extract.labels import Name
from tasks.extract.roles import Role, title_of

Votes = dict[Name, dict[str, int]]
_HE_OR_SHE = re.compile(r"\b(?:(he|his|him|himself)|(she|her|hers|herself))\b", re.IGNORECASE)
_LOOK_FOR_PRONOUN = 160


def votes_for(text: str, all_names: Sequence[Name]) -> Votes:
    """What the title before and the first pronoun behind each name say of its bearer's sex, as votes."""
    found: Votes = {}
    names = [n for n in all_names if n.label == "PER"]
    for name, following in zip_longest(names, names[1:]):
        votes: Counter[str] = Counter()
        sex = sex_of_title(text, name)
        if sex:
            votes[sex] += 3
        end = name.end + _LOOK_FOR_PRONOUN if following is None else min(following.start, name.end + _LOOK_FOR_PRONOUN)
        pronoun = _HE_OR_SHE.search(text, name.end, end)
        if pronoun:
            votes["m" if pronoun.group(1) else "f"] += 1
        if votes:
            found[name] = dict(votes)
    return found


def sex_of_title(text: str, name: Name) -> str:
    """What the title right before a name says of its bearer: `m`, `f` or nothing."""
    title = title_of(text, name.start)
    return "m" if title in lex.MALE_TITLES else "f" if title in lex.FEMALE_TITLES else ""


def gender_of(name: str, mentions: Iterable[Name], roles: Iterable[Role], votes: Votes) -> str:
    """`m`, `f`, or nothing where the votes are even."""
    tally: Counter[str] = Counter()
    for mention in mentions:
        tally.update(votes.get(mention, {}))
    for role in roles:
        if role.female is not None:
            tally["f" if role.female else "m"] += 3
    given = given_gender(name)
    if given:
        tally[given] += 4
    if tally["m"] == tally["f"]:
        return ""
    return "m" if tally["m"] > tally["f"] else "f"


def given_gender(name: str) -> str:
    """What the given name says: `m`, `f`, or nothing where both bear it or nobody knows it."""
    gender = gaz.GIVEN_NAMES.get(name.split()[0], "")
    return "" if gender == "u" else gender
