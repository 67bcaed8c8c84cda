"""The characters of an article: which names mean the same person, organisation or place, and what it says of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from tasks.extract import gazetteer as gaz
from tasks.extract import lexicon as lex
from tasks.extract.genders import gender_of, given_gender, sex_of_title, votes_for
from tasks.extract.names import Name
from tasks.extract.roles import Role, head_of, roles_at, title_of
from tasks.extract.runs import is_headline
from tasks.extract.wordlists import words

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_BEARERS = 10  # of a surname that are told apart; what an article has more of is no article
_PARTNER_REACH = 40  # characters before a full name in which another given name may stand
_ROLES = 8  # kept of a person
_GUESSES = frozenset({"acronym", "unknown", "behind-article", "place-before"})  # labels a known surname overrules
_MISSPELT_AMONG = 60  # surnames among which a misspelt one is sought
_KIN = words("wife husband daughter son mother father brother sister ex-wife ex-husband widow")


@dataclass(slots=True, eq=False)
class Character:
    """A person, organisation or place: the fullest name, the label, gender (`m`, `f` or empty), roles and mentions.

    ``mentions`` are the names in the text that mean it, in order; those in the title are not among them.
    """

    name: str
    label: str
    gender: str = ""
    roles: list[Role] = field(default_factory=list)
    mentions: list[Name] = field(default_factory=list)

    @property
    def role(self) -> Role | None:
        """The role worth most, the first of equals; None where none names an office, profession or function."""
        worthy = [r for r in self.roles if r.rank]
        return max(worthy, key=lambda r: (r.rank, -r.position)) if worthy else None


class Cast:
    """The characters of one article, and which of them each name means."""

    def __init__(self, title: str, text: str, title_names: list[Name], names: list[Name]) -> None:
        self.text, self.title = text, title
        self.names, self.title_names = names, title_names
        self.characters: list[Character] = []
        self._of: dict[Name, Character] = {}
        self._by_word: dict[str, list[Character]] = defaultdict(list)
        self.by_role: dict[str, list[Character]] = defaultdict(list)

    def character(self, name: Name) -> Character | None:
        """Whom a name means; None for names that are no character, as of languages and peoples."""
        return self._of.get(name)

    def enter(self, character: Character, last: str) -> None:
        """Adds a character, whose name ends with a word, folded."""
        self.characters.append(character)
        self._by_word[last].append(character)

    def bind(self, name: Name, character: Character, is_title: bool) -> None:
        """Says whom a name means."""
        self._of[name] = character
        if not is_title:
            character.mentions.append(name)

    def full_name(self, name: Name) -> str | None:
        """The fullest form of a name in this article."""
        character = self._of.get(name)
        return name.text if character is None else character.name

    def label(self, name: Name) -> str:
        """PER, ORG, LOC or MISC."""
        character = self._of.get(name)
        return name.label if character is None else character.label

    def called(self, word: str) -> list[Character]:
        """The characters whose name ends with a word, whatever its case; at most ten."""
        return self._by_word.get(word.casefold(), [])[:_BEARERS]


def build_cast(title: str, text: str, title_names: list[Name], names: list[Name]) -> Cast:
    """The cast of an article, from the names in its title and text."""
    cast = Cast(title, text, title_names, names)
    _People(cast).collect()
    _collect_bodies(cast)
    for character in cast.characters:
        character.mentions.sort(key=lambda n: n.start)
    return cast


def parts(name: str) -> tuple[str, ...]:
    """The words of a name folded, without suffixes such as «Jr.»."""
    folded = [w.rstrip(".,").casefold() for w in name.split()]
    kept = [w for w in folded if w not in _SUFFIXES]
    return tuple(kept or folded)


def is_short_for(short: Sequence[str], full: Sequence[str]) -> bool:
    """Whether the words of one name stand in another in the same order; a letter stands for a word it begins."""
    rest = iter(full)
    return all(any(w == f or _initial(w, f) for f in rest) for w in short)


def _is_misspelt(word: str, other: str) -> bool:
    """Whether two surnames of five letters or more differ in one letter, missing, added or wrong, but not the first."""
    if len(word) > len(other):
        word, other = other, word
    if len(word) < 5 or len(other) - len(word) > 1 or word[0] != other[0]:
        return False
    k = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), len(word))
    return word[k + (len(word) == len(other)) :] == other[k + 1 :]


def _initial(a: str, b: str) -> bool:
    return (len(a) == 1 and b.startswith(a)) or (len(b) == 1 and a.startswith(b))


class _People:
    """Merges the names of people: the longest first, then what is short for them."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.by_last: dict[str, list[Character]] = defaultdict(list)
        self.by_first: dict[str, list[Character]] = defaultdict(list)
        self.parts: dict[int, tuple[str, ...]] = {}
        self.full_at: dict[int, list[int]] = {}
        self.split: set[tuple[str, ...]] = set()
        self.evidence = votes_for(cast.text, cast.names)
        self.tallies: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for name in cast.names:
            self.tallies[parts(name.text)][sex_of_title(cast.text, name)] += 1

    def collect(self) -> None:
        """Finds the people of the cast."""
        named = [(n, False, k) for k, n in enumerate(self.cast.names)]
        named += [(n, True, k) for k, n in enumerate(self.cast.title_names)]
        forms: dict[tuple[str, ...], list[tuple[Name, bool, int]]] = defaultdict(list)
        for one in named:
            form = parts(one[0].text)
            if one[0].label == "PER" and len(form) > 1:
                forms[form].append(one)
        for form in sorted(forms, key=lambda f: (forms[f][0][1], -len(f), forms[f][0][2])):
            character = self._bearer(form)
            if character is None and all(is_title for _, is_title, _ in forms[form]):
                character = next(iter(self.by_last.get(form[-1], ())), None)  # capitals in a title prove nothing
            if character is None:
                printed = next(
                    (n.text for n, _, _ in forms[form] if not n.text.isupper()), forms[form][0][0].text.title()
                )
                character = self._new(printed, form)
            for one in forms[form]:
                self._add(character, *one)
        for character in self.cast.characters:
            character.mentions.sort(key=lambda n: n.start)
            self.full_at[id(character)] = [n.start for n in character.mentions]
            character.gender = gender_of(character.name, character.mentions, character.roles, self.evidence)
        for bearer in forms.values():
            self._add_partner(bearer[0][0], is_title=bearer[0][1])
        for name, is_title, k in named:
            if self.cast.character(name) is None and (
                name.label == "PER" or (name.rule in _GUESSES and " " not in name.text)
            ):
                self._add_short(name, is_title, k)
        self._complete()
        for character in self.cast.characters:
            character.roles.sort(key=lambda r: r.position)
            character.gender = (
                gender_of(character.name, character.mentions, character.roles, self.evidence) or character.gender
            )

    def _complete(self) -> None:
        """Gives a bare surname the full name that stands in the name of something else («Ann Lee Foundation»)."""
        whole: dict[str, set[str]] = defaultdict(set)
        for name in (*self.cast.names, *self.cast.title_names):
            given, _, rest = name.text.partition(" ")
            if name.label != "PER" and given in gaz.GIVEN_NAMES and " " in rest:
                whole[rest.split()[0]].add(f"{given} {rest.split()[0]}")
        for character in self.cast.characters:
            full = whole.get(character.name, set())
            if len(full) == 1:
                character.name = next(iter(full))

    def _add_partner(self, name: Name, is_title: bool) -> None:
        """«Ida and Karl Holm»: both bear the surname, where the first is a given name or titles show both sexes."""
        text = self.cast.title if is_title else self.cast.text
        given = _partner_of(text[max(0, name.start - _PARTNER_REACH) : name.start])
        character = self.cast.character(name)
        if not given or character is None:
            return
        last = name.text.split()[-1]
        sexes = {"m", "f"} - {character.gender}
        others = [sex for sex in sorted(sexes) if len(sexes) == 1 and self.tallies[(last.casefold(),)][sex]]
        form = (given.casefold(), last.casefold())
        if (given in gaz.GIVEN_NAMES or others) and self._bearer(form) is None:
            partner = self._new(f"{given} {last}", form)
            partner.gender = given_gender(partner.name) or "".join(others)

    def _bearer(self, form: tuple[str, ...]) -> Character | None:
        for character in self.by_last[form[-1]][:_BEARERS]:
            if is_short_for(form, self.parts[id(character)]):
                return character
        return None

    def _new(self, text: str, form: tuple[str, ...]) -> Character:
        character = Character(text, "PER")
        self.parts[id(character)] = form
        self.by_last[form[-1]].append(character)
        if len(form) > 1:
            self.by_first[form[0]].append(character)
        self.cast.enter(character, form[-1])
        return character

    def _add(self, character: Character, name: Name, is_title: bool, k: int) -> None:
        self.cast.bind(name, character, is_title)
        text, names = (self.cast.title, self.cast.title_names) if is_title else (self.cast.text, self.cast.names)
        if is_title and is_headline(text, is_title):
            return  # its capitals tell no noun phrase
        known = {r.text for r in character.roles}
        for role in roles_at(text, names, k):
            if role.text not in known and len(character.roles) < _ROLES:
                character.roles.append(role)
                for head in sorted(role.heads):
                    self.cast.by_role[head].append(character)

    def _add_short(self, name: Name, is_title: bool, k: int) -> None:
        form = parts(name.text)
        bearers = [c for c in self.by_last[form[-1]][:_BEARERS] if is_short_for(form, self.parts[id(c)])]
        if not bearers and len(form) == 1:
            bearers = self.by_first[form[0]][:_BEARERS]
        if not bearers and len(form) == 1 and len(self.by_last) <= _MISSPELT_AMONG:
            bearers = [c for last in list(self.by_last) if _is_misspelt(form[0], last) for c in self.by_last[last]][:1]
        if bearers:
            bearers = self._of_the_sex(bearers, name, form, is_title)
        if bearers:
            self._add(self._choose(bearers, name, is_title), name, is_title, k)
        elif name.label == "PER":
            printed = name.text.title() if name.text.isupper() and len(name.text) > 3 else name.text
            self._add(self._new(printed, form), name, is_title, k)

    def _of_the_sex(
        self, bearers: list[Character], name: Name, form: tuple[str, ...], is_title: bool
    ) -> list[Character]:
        """The bearers whom the title before a name does not exclude; a new one for «Mr. Lee» beside only Ann Lee."""
        own = sex_of_title(self.cast.title if is_title else self.cast.text, name)
        sex = own or ("" if form in self.split else self._sex(form))
        self.split.add(form)
        if sex and all(c.gender and c.gender != sex for c in bearers):
            title = title_of(self.cast.title if is_title else self.cast.text, name.start)
            printed = f"{title}. {name.text}" if own and title in ("Mr", "Mrs", "Ms") else name.text
            bearers = [*bearers, self._new(printed, form)]
            bearers[-1].gender = sex
        return [c for c in bearers if not own or c.gender in ("", own)]

    def _sex(self, form: tuple[str, ...]) -> str:
        """What the titles before the short form say of its bearer's sex."""
        m, f = self.tallies[form]["m"], self.tallies[form]["f"]
        return "" if m == f else "m" if m > f else "f"

    def _choose(self, bearers: list[Character], name: Name, is_title: bool) -> Character:
        """Which of several bearers of a surname a bare one means."""
        if len(bearers) == 1:
            return bearers[0]
        evidence = {} if is_title else self.evidence.get(name, {})
        title = head_of(title_of(self.cast.title if is_title else self.cast.text, name.start))
        first = min(bearers, key=lambda c: c.mentions[0].start if c.mentions else len(self.cast.text))
        best, best_score = bearers[0], -100.0
        for character in bearers:
            at = self.full_at.get(id(character), [])
            k = 0 if is_title else bisect_left(at, name.start)
            score = 0.0 if k == 0 else 0.6 / (1 + (name.start - at[k - 1]) / 600)
            score += 0.6 * (character is first) + 0.1 * min(len(at), 5)
            score += 1.5 * any(title in r.heads for r in character.roles if title)
            score -= 1.0 * any(r.heads & _KIN for r in character.roles)
            if character.gender:
                other = "f" if character.gender == "m" else "m"
                score += 0.5 * evidence.get(character.gender, 0) - 0.7 * evidence.get(other, 0)
            if score > best_score:
                best, best_score = character, score
        return best


def _partner_of(before: str) -> str:
    """The given name in «Ida and », where no other capitalised word stands before it; empty where there is none."""
    words = before.split()
    if len(words) < 2 or words[-1] != "and" or not (words[-2].isalpha() and words[-2].istitle()):
        return ""
    previous = words[-3] if len(words) > 2 else ""
    return "" if previous[:1].isupper() and previous.lower() not in lex.COMMON else words[-2]


def _collect_bodies(cast: Cast) -> None:
    """Merges the names of organisations and places: equal ones, acronyms, and last words for the whole."""
    by_form: dict[str, Character] = {}
    by_acronym: dict[str, Character] = {}
    by_last: dict[str, list[Character]] = defaultdict(list)
    named = [(n, False) for n in cast.names] + [(n, True) for n in cast.title_names]
    named = [(n, t) for n, t in named if cast.character(n) is None and n.label in ("ORG", "LOC")]
    named.sort(key=lambda x: (-len(x[0].text.split()), x[1], x[0].start))
    for name, is_title in named:
        form = name.text.casefold().replace(".", "").removeprefix("the ")
        last = form.split()[-1] if form else form
        is_one = form == last
        character = by_form.get(form) or (by_acronym.get(form) if is_one else None)
        if character is None and is_one and name.text in lex.ORG_WORDS:
            bearers = by_last[last][:_BEARERS]
            character = bearers[0] if len(bearers) == 1 else None
        if character is None:
            character = Character(name.text, name.label)
            cast.enter(character, last)
            if not is_one:
                by_last[last].append(character)
                for acronym in _acronyms(name.text):
                    by_acronym.setdefault(acronym, character)
        by_form.setdefault(form, character)
        cast.bind(name, character, is_title)


def _acronyms(name: str) -> list[str]:
    found = re.findall(r"[^\W\d_]+", name)
    capital = "".join(w[0] for w in found if w[0].isupper()).casefold()
    every = "".join(w[0] for w in found).casefold()
    return [a for a in dict.fromkeys((capital, every)) if len(a) > 1]
