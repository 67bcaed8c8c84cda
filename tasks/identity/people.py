"""The parts of a person's name, and whether two names can be one person's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tasks.extract.gazetteer import GIVEN_NAMES
from tasks.extract.lexicon import FEMALE_TITLES, MALE_TITLES, TITLE_MODIFIERS, TITLES
from tasks.extract.wordlists import words
from tasks.identity.forms import fold
from tasks.identity.spelling import given_names, surname_key

_TITLES = frozenset(fold(t) for t in TITLES | TITLE_MODIFIERS) | words(
    "co moderator host house senate state federal us republican democratic elect saint st"
)
_FEMALE = frozenset(map(fold, FEMALE_TITLES)) | words("actress spokeswoman chairwoman")
_MALE = frozenset(map(fold, MALE_TITLES)) | words("actor spokesman chairman")
# Titles that make a name together with a single given name: Pope Francis, King Charles III.
_REGNAL = words("pope king queen prince princess emperor empress sultan emir patriarch saint st sister brother")
_GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr"}
_NUMERAL = re.compile(r"(?:x{0,2}(?:ix|iv|v?i{0,3}))")
_INITIALS = re.compile(r"(?:[^\W\d_]\.){2,4}|(?:[^\W\d_]\.){1,3}[^\W\d_]")
_DEGREES = words("md phd esq qc kc mp obe cbe mbe cpa rn dds")
# «R-Fla.», which a tagger may take for a person.
_DESIGNATION = re.compile(r"[A-Z]-(?:[A-Z]|$)")
_PARTICLES = words("al el ul de del della di da dos du la le van von der den bin ibn y e")
_LEADING_PARTICLES = words("de del della di du la le bin ibn der")
_ABDUL = words("abdel abdul abdal abd")


@dataclass(frozen=True, slots=True)
class Person:
    """A parsed name; all parts are folded.

    ``surname`` is the last word in one spelling for all transliterations, or title and name of a monarch or a pope;
    ``given`` are the words before it, particles left out, initials as single letters; ``generation`` is `jr`, `sr`
    or a Roman numeral; ``gender`` is what the title tells (`m`, `f`) or ''; ``words`` are given names and last word as
    they are written.
    """

    surname: str
    given: tuple[str, ...]
    generation: str
    gender: str
    words: tuple[str, ...]
    is_regnal: bool

    @property
    def is_lone(self) -> bool:
        """Whether it is one word: a surname, or a given name, by itself."""
        return not self.given and not self.is_regnal

    @property
    def is_weak(self) -> bool:
        """Whether several people may go by it: one word, or a surname with an initial."""
        return self.is_lone or (bool(self.given) and len(self.given[0]) == 1)


@lru_cache(maxsize=8192)
def parse_person(name: str) -> Person:
    """The parts of a name as printed."""
    printed = re.sub(r"(?<=\w)(?:['’‘`]s|['’])$", "", name.strip())
    if _DESIGNATION.match(printed):
        return Person(fold(name), (), "", "", (fold(name),), False)
    raw = [w for w in re.split(r"[\s,\-‐‑–()\"“”«»/]+", printed) if fold(w) and any(map(str.isalnum, w))]
    raw = _split_initials(raw) or [name]
    folded = [fold(w) for w in raw]
    start = _titles_end(folded)
    titles, folded, raw = folded[:start], folded[start:], raw[start:]
    gender = "f" if any(t in _FEMALE for t in titles) else "m" if any(t in _MALE for t in titles) else ""
    while len(folded) > 1 and folded[-1] in _DEGREES:
        folded, raw = folded[:-1], raw[:-1]
    generation = ""
    if len(folded) > 1:
        last = folded[-1]
        is_numeral = _NUMERAL.fullmatch(last) is not None and raw[-1].isupper()
        if last in _GENERATIONS or (is_numeral and (len(last) > 1 or (titles and titles[-1] in _REGNAL))):
            generation = _GENERATIONS.get(last, last)
            folded, raw = folded[:-1], raw[:-1]
    parts = _without_particles(folded, raw)
    is_regnal = len(parts) == 1 and bool(titles) and titles[-1] in _REGNAL
    if len(parts[-1]) == 1:  # «Malcolm X», «Donald J»: no surname to compare by
        return Person(" ".join(parts), (), generation, gender, (" ".join(parts),), False)
    if is_regnal:
        return Person(f"{titles[-1]} {parts[0]}", (), generation, gender, (titles[-1], parts[0]), True)
    return Person(surname_key(parts[-1]), tuple(parts[:-1]), generation, gender, tuple(parts), False)


def _split_initials(raw: list[str]) -> list[str]:
    """«J.K.» and «JK» as two words, the latter only in front, where the rest of the name is not in capitals too."""
    found: list[str] = []
    for k, word in enumerate(raw):
        letters = word.replace(".", "")
        in_front = k == 0 and len(raw) > 1 and len(letters) == 2 and letters.isalpha() and letters.isupper()
        if _INITIALS.fullmatch(word) or (in_front and not all(w.isupper() for w in raw)):
            found += letters
        else:
            found.append(word)
    return found


def _titles_end(folded: list[str]) -> int:
    """How many words at the beginning are titles; a name keeps at least one word, and «Dean Martin» keeps both."""
    k = 0
    while k < len(folded) - 1:
        word = folded[k]
        if word in _TITLES:
            if k == len(folded) - 2 and word.capitalize() in GIVEN_NAMES and word not in _FEMALE | _MALE:
                break
            k += 1
        elif k and word in ("of", "for") and k + 2 < len(folded):
            k += 2
        elif k and word in ("and", "to", "the"):
            k += 1
        else:
            break
    if k and folded[k] in _GENERATIONS:
        return 0
    return k


def _without_particles(folded: list[str], raw: list[str]) -> list[str]:
    kept: list[str] = []
    for k, word in enumerate(folded):
        is_last = k == len(folded) - 1
        if word in _PARTICLES and not is_last and (k > 0 or raw[k].islower() or word in _LEADING_PARTICLES):
            continue
        if kept and kept[-1] in _ABDUL:
            kept[-1] = "abdul" + word
        else:
            kept.append(re.sub(r"^abd[aeu]l(?=[a-z]{3})", "abdul", word))
    return kept


def gender_of(person: Person) -> str:
    """`m` or `f` by title or first given name, else ''."""
    if person.gender or not person.given:
        return person.gender
    known = GIVEN_NAMES.get(person.given[0].capitalize(), "")
    return known if known in ("m", "f") else ""


@lru_cache(maxsize=8192)
def agree(one: str, other: str) -> bool:
    """Whether two given names (folded), or initials, can be one."""
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return long[0] == short or (len(long) > 1 and any(name[0] == short for name in given_names(long)))
    return not given_names(one).isdisjoint(given_names(other))


def middles_agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the further given names go together, place by place; one name may have fewer of them."""
    return all(agree(a, b) for a, b in zip(one, other, strict=False))


def is_end_of(short: Person, long: Person) -> bool:
    """Whether one name is the last words of the other: «López Obrador»."""
    n = len(short.words)
    return n < len(long.words) and tuple(map(surname_key, short.words)) == tuple(map(surname_key, long.words[-n:]))


def conflict(one: Person, other: Person) -> bool:
    """Whether two names with one surname can't be one person's. Names with different surnames are not judged."""
    if one.surname != other.surname:
        return False
    if one.generation and other.generation and one.generation != other.generation:
        return True
    if one.is_lone or other.is_lone:
        return bool({gender_of(one), gender_of(other)} == {"m", "f"})
    if is_end_of(one, other) or is_end_of(other, one) or not one.given or not other.given:
        return False
    return not (agree(one.given[0], other.given[0]) and middles_agree(one.given[1:], other.given[1:]))


def is_form_of(form: Person, name: Person) -> bool:
    """Whether a printed form can stand for the name: a part of it, or the same with other given names or titles."""
    if form.is_lone:
        if {form.gender, gender_of(name)} == {"m", "f"}:
            return False
        return form.surname == name.surname or any(agree(form.words[0], word) for word in name.words if len(word) > 1)
    return form.surname == name.surname and not conflict(form, name)
