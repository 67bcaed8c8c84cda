"""An invented world to write news about: words, sentences, and people, organisations and places, few of them famous."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from bench.identity import FIELDS, KINDS, surname
from tasks.extract.gazetteer import GIVEN_NAMES

COMMON = """
the of to and in a that for on with as by at from it is was will be has have not this their its they we our which had
said would new year after over more before about could than under week month city council plan report vote budget
people workers families school hospital harbour bridge road station ferry railway water power price tax law court
police inquiry election party minister mayor company union club market bank fund deal offer talks strike delay repair
storm flood fire crash rescue
record season team match final coach stadium film book museum festival village island river
coast farm factory mine airport tunnel housing rent wages jobs pension training safety warning review evidence decision
meeting agreement protest petition campaign promise question answer number share cost loss growth trade export energy
"""
ROLES = [
    "mayor", "deputy mayor", "governor", "minister", "transport minister", "finance minister", "health minister",
    "member of parliament", "senator", "party leader", "spokeswoman", "spokesman", "chief executive", "chairman",
    "director", "head teacher", "surgeon", "union leader", "police chief", "inspector", "judge", "lawyer", "professor",
    "economist", "coach", "captain", "author", "farmer", "engineer", "harbour master",
]  # fmt: skip
ENDINGS = ["", "", "", "ton", "ville", "burgh", " Bay", " Hill", " Valley"]
# How little the few at the top stand out: among names, and among words.
FAME, USE = 10, 2


@dataclass(frozen=True)
class Entity:
    """Somebody or something with a name; ``short`` is its form from the second mention in an article on."""

    entity_id: str
    name: str
    short: str
    label: str
    aliases: list[str]
    roles: list[str]

    def role_on(self, day: date | None) -> str | None:
        """What it is on a day; people change their role every few years."""
        return self.roles[((day or date(2020, 1, 1)).year // 3) % len(self.roles)] if self.roles else None


class World:
    """Names and sentences, the same for the same seed and sizes."""

    def __init__(self, seed: int, n_names: int, n_sentences: int) -> None:
        rng, self._draws = random.Random(seed), np.random.default_rng(seed)
        self.entities = {
            "PER": _distinct(rng, n_names * 6 // 10, _person),
            "ORG": _distinct(rng, n_names * 3 // 10, _organisation),
            "LOC": _distinct(rng, n_names // 10, _place),
        }
        self._shares = {label: _shares(len(found), FAME) for label, found in self.entities.items()}
        rare = sorted({surname(rng).lower() for _ in range(60_000)})
        rng.shuffle(rare)
        words = [*COMMON.split(), *rare]
        self.sentences = [f"{s[0].upper()}{s[1:]}." for s in self._phrases(words, n_sentences, 10, 26)]
        self.clauses = self._phrases(words, n_sentences, 4, 12)

    def draw(self, label: str, n: int, draws: np.random.Generator) -> Iterator[Entity]:
        """So many entities of a label, the famous ones often."""
        found = self.entities[label]
        return (found[k] for k in np.searchsorted(self._shares[label], draws.random(n), side="right").tolist())

    def _phrases(self, words: list[str], n: int, least: int, most: int) -> list[str]:
        lengths = self._draws.integers(least, most, n)
        picked = np.searchsorted(
            _shares(len(words), USE), self._draws.random(int(lengths.sum())), side="right"
        ).tolist()
        ends = itertools.accumulate(lengths.tolist())
        return [
            " ".join([words[k] for k in picked[end - length : end]])
            for end, length in zip(ends, lengths.tolist(), strict=True)
        ]


def _shares(n: int, start: int) -> np.ndarray:
    """Upper bounds, up to 1, of the shares of n things: the k-th has one in proportion to 1 / (start + k)."""
    bounds = np.cumsum(1 / (np.arange(n) + start))
    bounds /= bounds[-1]
    return bounds


def _distinct(rng: random.Random, n: int, make: Callable[[random.Random], Entity]) -> list[Entity]:
    found: dict[str, Entity] = {}
    while len(found) < n:
        entity = make(rng)
        found.setdefault(entity.name, entity)
    return list(found.values())


def _entity(label: str, name: str, short: str, aliases: list[str], roles: list[str]) -> Entity:
    key = hashlib.blake2b(f"{label} {name}".encode(), digest_size=16).hexdigest()
    return Entity(key, name, short, label, list(dict.fromkeys([name, short, *aliases])), roles)


_GIVEN = sorted(GIVEN_NAMES)


def _person(rng: random.Random) -> Entity:
    first, last = rng.choice(_GIVEN), surname(rng) + rng.choice(["", "", "", "", "é", "ø", "ün", "-Berg"])
    name = f"{first} {last}" if rng.random() < 0.8 else f"{first} {rng.choice('ABCDEFGHJKLMRSTW')}. {last}"
    aliases = [f"{first[0]}. {last}"] if rng.random() < 0.15 else []
    return _entity("PER", name, last, aliases, rng.sample(ROLES, rng.choice([1, 1, 2, 3])))


def _organisation(rng: random.Random) -> Entity:
    words = [surname(rng), rng.choice(FIELDS), rng.choice(KINDS)]
    name = " ".join(words)
    short = "".join(word[0] for word in words) if rng.random() < 0.1 else name
    return _entity("ORG", name, short, [f"the {name}"] if rng.random() < 0.2 else [], [])


def _place(rng: random.Random) -> Entity:
    name = rng.choice(["", "", "", "San ", "New ", "Lake ", "Port "]) + surname(rng) + rng.choice(ENDINGS)
    return _entity("LOC", name, name, [], [])
