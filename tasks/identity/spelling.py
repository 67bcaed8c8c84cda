"""Spellings that differ although the name is the same: transliterations, umlauts, British and American words."""

from __future__ import annotations

import re
from functools import lru_cache

from tasks.identity.forms import rows_of


def _table(kind: str) -> dict[str, str]:
    return {
        spelling: main
        for k, main, others in rows_of("spellings.tsv")
        if k == kind
        for spelling in (main, *others.split())
    }


_GIVEN = _table("given")
_SURNAMES = _table("surname")
_WORDS = _table("word")
NICKNAMES = {nickname: frozenset(formal.split()) for nickname, formal in rows_of("nicknames.tsv")}
"""Nickname to the given names it stands for."""

# Endings of Slavic names, each set to one of its spellings; the first that fits is taken.
_ENDINGS = [
    (re.compile(r"(?<=[a-z]{3})(?:[oe]ff)$"), lambda m: m[0][0] + "v"),
    (re.compile(r"(?<=[a-z]{2})y[eo]v$"), lambda m: "ev"),
    (re.compile(r"(?<=[a-z]{2}v)[iy](?:ch|c|tch)$"), lambda m: "ic"),
    (re.compile(r"(?<=[a-z]{3})(?:yy|iy|yi|ii|ij|y|i)$"), lambda m: "i"),
]
_DOUBLED = re.compile(r"([bdfkqsz])\1")


@lru_cache(maxsize=8192)
def surname_key(word: str) -> str:
    """One spelling for all the ways in which a surname (a folded word) comes out of another alphabet."""
    word = _SURNAMES.get(word, word)
    for ending, to in _ENDINGS:
        if ending.search(word):
            word = ending.sub(to, word)
            break
    word = re.sub(r"^dj", "j", word).replace("q", "k").replace("dh", "d")
    word = word.replace("ie", "i") if word.endswith("ievic") else word
    word = re.sub(r"(?<=[b-df-hj-np-tv-z])(?:(o)e|(u)e|(a)e)(?=[b-df-hj-np-tv-z])", r"\1\2\3", word)
    return _DOUBLED.sub(r"\1", word)


@lru_cache(maxsize=8192)
def given_key(word: str) -> str:
    """One spelling for all the ways to write a given name (a folded word)."""
    main = _GIVEN.get(word)
    if main is not None:
        return main
    word = re.sub(r"(?<=[a-z]{3})(?:ei|ey|iy|ii|y|i)$", "i", word).replace("ks", "x").replace("q", "k")
    return re.sub(r"(?<=[b-df-hj-np-tv-z])(?:(o)e|(u)e)(?=[b-df-hj-np-tv-z])", r"\1\2", word)


@lru_cache(maxsize=8192)
def given_names(word: str) -> frozenset[str]:
    """The given names that a folded word may stand for: those of a nickname, else the word in its main spelling."""
    formal = NICKNAMES.get(word)
    return frozenset(map(given_key, formal)) if formal else frozenset([given_key(word)])


def word_key(word: str) -> str:
    """One spelling for a word (folded) in the name of a body or a place."""
    return _WORDS.get(word, word)
