"""Takes the words that name a speaker apart: the head of the phrase, and whether it is one or many."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from tasks.extract import lexicon as lex
from tasks.extract.base import Span
from tasks.extract.names import Name
from tasks.extract.roles import is_agent
from tasks.extract.wordlists import words

_TOKEN = re.compile(r"['’]s?(?!\w)|(?:[^\W\d_]\.){2,}|[^\W_]+(?:[-&][^\W_]+|['’](?!s\b)[^\W_]+)*|[^\w\s]")
_LONGEST = 400  # characters of a source that are looked at
POSSESSIVES = words("his her its their my our your whose")
BREAKS = words(
    """
    who which that whose whom of in at for from with on by to about near among including representing like as during
    after before under against over when where while working speaking published released issued conducted dated
    """
)
_INDEFINITE = words(
    """
    a an one another some any no every each several many most few two three four five six seven eight nine ten
    """
)
_PLURALS = words(
    """
    people men women children police media staff others some many most aides both few several all folks two three
    four five six seven percent everyone everybody nobody someone somebody anyone one none press crowd majority
    """
)
_SINGULAR_S = words(
    """
    congress press boss business census news hers us congresswoman as is its this politics
    """
)
DOCUMENTS = words(
    """
    report study statement article story poll survey analysis review editorial tweet email e-mail letter post memo
    book document column release speech ad essay piece website account affidavit filing lawsuit complaint ruling
    opinion petition transcript interview message
    """
)
_OF_OFFICES = words("staff state defense defence treasury")  # «chief of staff Ann Lee»
_LEADING = words("from by even but and only not also according to")
_JOINING_MARKS = frozenset('."“”-/')
_JOINING = _JOINING_MARKS | {"'s", "'", "&"}
_SKIPPED_TAIL = words(
    """
    himself herself itself themselves also then both too now jr sr just still often once later continues continued
    here there again even further always never seldom soon ever already yet today yesterday tonight monday tuesday
    wednesday thursday friday saturday sunday
    """
)


@dataclass(slots=True)
class Unit:
    """A word, or a whole name."""

    start: int
    end: int
    text: str
    name: Name | None = None

    @property
    def low(self) -> str:
        """The word folded, with a straight apostrophe."""
        return self.text.lower().replace("’", "'")


@dataclass(slots=True)
class Source:
    """A source taken apart.

    ``units`` are all its words; ``head`` is the index of the noun or name that speaks, ``n_core`` where the noun
    phrase around it ends.
    """

    units: list[Unit] = field(default_factory=list)
    head: int = -1
    n_core: int = 0
    is_indefinite: bool = False
    is_plural: bool = False

    @property
    def head_unit(self) -> Unit | None:
        """The head; None where there is none."""
        return self.units[self.head] if self.head >= 0 else None


def parse_source(text: str, span: Span, names: Sequence[Name], starts: Sequence[int]) -> Source:
    """Finds the head of the phrase in a span; ``starts`` are the starts of the names, sorted."""
    source = Source(_units(text, Span(span.start, min(span.end, span.start + _LONGEST)), names, starts))
    units = source.units
    first = next(
        (k for k, u in enumerate(units) if u.name or (u.text[0].isalnum() and u.low not in _LEADING)), len(units)
    )
    end = next(
        (k for k in range(first, len(units)) if _ends_core(units[k], units[k - 1] if k > first else None)), len(units)
    )
    head = end - 1
    while head > first and _is_trailing(units[head]):
        head -= 1
    if head < first:
        return source
    named = _behind_office(units, head, end)
    if named is not None:
        head, end = named, named + 1
    source.n_core = end
    if units[head].low in ("'s", "'") and head > first:
        head -= 1
    source.head = head
    core = units[first : head + 1]
    source.is_indefinite = core[0].name is None and core[0].low in _INDEFINITE
    source.is_plural = units[head].name is None and is_plural(units[head].low)
    return source


def _behind_office(units: Sequence[Unit], head: int, end: int) -> int | None:
    """Index of the person behind an office («Chief of Staff Ann Lee», «Mayor of Paris Ann Lee»); None if none."""
    if end >= len(units) or units[end].low != "of" or units[head].name is not None:
        return None
    if not units[head].text[0].isupper() and not (end + 1 < len(units) and units[end + 1].low in _OF_OFFICES):
        return None
    for k in range(end + 1, min(end + 6, len(units))):
        unit = units[k]
        if unit.name is not None and unit.name.label == "PER":
            return k if k > end + 1 else None
        is_title = unit.text[0].isupper() and not is_agent(unit.low)
        is_office = unit.name is None and (is_title or unit.low in _OF_OFFICES)
        if not (is_office or (unit.name is not None and unit.name.label != "MISC")):
            return None
    return None


def is_plural(noun: str) -> bool:
    """Whether a noun means several."""
    if noun in _PLURALS:
        return True
    if noun.endswith("s") and noun[:-1] in lex.ROLES:
        return True
    if noun in lex.ROLES or noun in lex.BODIES or noun in _SINGULAR_S:
        return False
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is"))


def is_document(noun: str) -> bool:
    """Whether a noun means something written or said, so that its author is the speaker."""
    return noun in DOCUMENTS


def is_person_noun(noun: str) -> bool:
    """Whether a noun in the singular means one person."""
    return is_agent(noun) or noun in lex.FEMALE_ROLES or noun in lex.MALE_ROLES


def owner_of(source: Source) -> Name | None:
    """Whose the head is: «Lee's statement»."""
    for k in range(source.head - 1, 0, -1):
        if source.units[k].low in ("'s", "'"):
            return source.units[k - 1].name
    return None


def _ends_core(unit: Unit, previous: Unit | None) -> bool:
    """Whether a noun phrase ends before a unit: at a preposition, a relative, a participle behind the noun
    («judges handling …»), or punctuation that no name holds."""
    if unit.name is not None:
        return False
    if previous is not None and previous.name is None:
        is_participle = unit.low.endswith("ing") and unit.text.islower() and is_plural(previous.low)
        if is_participle and previous.text.isalpha() and previous.text.islower():
            return True
    return (previous is not None and unit.low in BREAKS) or not (unit.text[0].isalnum() or unit.low in _JOINING)


def _is_trailing(unit: Unit) -> bool:
    """Whether a word behind the head is an adverb of the verb («Lee flatly»), an age, or punctuation."""
    if unit.name is not None:
        return False
    is_adverb = unit.low.endswith("ly") and unit.low not in ("family", "assembly", "ally")
    return is_adverb or unit.low in _SKIPPED_TAIL or unit.text.isdigit() or unit.text in _JOINING_MARKS


def _units(text: str, span: Span, names: Sequence[Name], starts: Sequence[int]) -> list[Unit]:
    units: list[Unit] = []
    position = span.start
    k = bisect_left(starts, span.start)
    if k and names[k - 1].end > span.start:
        k -= 1
    while k < len(names) and names[k].start < span.end:
        name = names[k]
        k += 1
        start, end = max(name.start, span.start), min(name.end, span.end)
        units += _plain(text, position, start)
        units.append(Unit(start, end, text[start:end], name))
        position = end
    units += _plain(text, position, span.end)
    return units


def _plain(text: str, start: int, end: int) -> list[Unit]:
    return [Unit(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(text, start, end)]
