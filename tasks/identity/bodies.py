"""Names of organisations, places and things: the keys under which their spellings meet, and their initials."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from tasks.extract.wordlists import words
from tasks.identity.forms import fold, rows_of
from tasks.identity.spelling import word_key

_LEGAL = words(
    "inc incorporated corp corporation co company companies ltd limited plc llc llp lp gmbh ag sa nv bv spa srl oy ab"
    " asa kgaa kk pty pvt"
)
_SMALL = words("of the and for in on at to de la le du des der und et y del a an against by with")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@lru_cache(maxsize=8192)
def body_keys(label: str, name: str) -> frozenset[str]:
    """The keys of a name that is no person's: two names that share one are the same."""
    variants = {name, re.sub(r"['’‘`]s?$", "", name)}
    keys = {_key(label, v) for v in variants if fold(v)}
    keys.update(_key(label, v.casefold().translate(_UMLAUTS)) for v in variants)
    return frozenset(keys)


def _key(label: str, name: str) -> str:
    parts = [word_key(w) for w in fold(name.replace("&", " and ")).split()]
    if len(parts) > 1 and parts[0] == "the":
        parts = parts[1:]
    if label == "ORG":
        parts = _department(_without_legal_form(parts))
    joined = "".join(parts)
    return _equivalents().get((label, joined), joined)


def _without_legal_form(parts: list[str]) -> list[str]:
    kept = parts
    while len(kept) > 1 and (kept[-1] in _LEGAL or kept[-1] == "and"):
        kept = kept[:-1]
    return kept


def _department(parts: list[str]) -> list[str]:
    """«Department of Justice» for «Justice Department», «Ministry of Defence» for «Defence Ministry»."""
    if len(parts) == 2 and parts[1] in ("department", "ministry"):
        return [parts[1], "of", parts[0]]
    return [p for p in parts if p != "the"] if parts[:1] in (["department"], ["ministry"]) else parts


@cache
def _equivalents() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for label, *names in rows_of("equivalents.tsv"):
        main = "".join(word_key(w) for w in fold(names[0]).split())
        for name in names:
            found[label, "".join(word_key(w) for w in fold(name.replace("&", " and ")).split())] = main
    return found


def letters_of(name: str) -> str:
    """The letters of an acronym («W.H.O.», «WHO»), folded, or '' where the name is none."""
    bare = re.sub(r"^[Tt]he ", "", name.strip()).replace(".", "")
    if 2 <= len(bare) <= 8 and bare.isalpha() and sum(c.isupper() for c in bare) >= max(2, len(bare) - 1):
        return fold(bare)
    return ""


def initials_of(name: str) -> frozenset[str]:
    """The acronyms that a name of several words can have, small words and parts of words counted or not; folded."""
    found: set[str] = set()
    for text in (name.replace("-", ""), name):
        parts = [w for w in fold(text).split() if w[0].isalpha()]
        for kept in (parts, [w for w in parts if w not in _SMALL]):
            if 2 <= len(kept) <= 10:
                found.add("".join(w[0] for w in kept))
    return frozenset(found.difference(fold(name).split()))
