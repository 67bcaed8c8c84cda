"""Finds whom a description of a person means: «the senator», «his lawyer», «the former Florida governor»."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tasks.extract import gazetteer as gaz
from tasks.extract import lexicon as lex
from tasks.extract.antecedents import Discourse
from tasks.extract.base import Span
from tasks.extract.cast import Character
from tasks.extract.decisions import Decision, certain, nobody, somebody
from tasks.extract.offices import KIN
from tasks.extract.roles import Role, head_of
from tasks.extract.sources import POSSESSIVES, Source, Unit, is_person_noun, owner_of
from tasks.extract.wordlists import words

_RIGHT_BEFORE = 600  # characters in which «an aide» and «the aide» are one
_NEAR = 0.6  # score of an antecedent that stands in this sentence or the one before
# Roles by which news call a person again without having said that the person bears them.
_PUBLIC_ROLES = words(
    """
    senator candidate businessman governor president premier minister chancellor congressman star actor actress
    singer coach player striker captain mayor secretary
    """
)
_PARTIES = {"republican": "R", "gop": "R", "democratic": "D", "democrat": "D", "labour": "L", "tory": "C"}
_NOBODY_YET = words("next any future new other same only")
_UNNAMED = words(
    "official source witness aide man woman person spokesman spokeswoman spokesperson narrator victim survivor"
)
_GRADES = words("shadow deputy vice")  # words that make another office of one
_MINISTERIAL = words("prime first")  # and of a minister's
_UNGRADED = words("candidate adviser")  # «vice presidential candidate»
_MINISTERS = words("minister chancellor premier")  # of whom a government has many, each in one office
_OF_DEPARTMENTS = words("minister secretary")  # told apart by their departments
_NO_DEPARTMENTS = _GRADES | _MINISTERIAL | words("a an the of for and former then new current acting interim senior")
_PARTS = re.compile(r"\sand\s|,\s")
_RECENT = 1.5  # beyond it, no score of an antecedent counts for more
_OPEN = nobody("description-open", "unnamed", "description")
_SEXED = {"f": lex.FEMALE_ROLES, "m": lex.MALE_ROLES}


_Ranked = list[tuple[Character, float]]


def describe_bearer(discourse: Discourse, source: Source, head: Unit, span: Span, exclude: list[Span]) -> Decision:
    """«the senator»: by the roles the article gives, the words beside the noun, and recency."""
    core = source.units[: source.n_core]
    wanted = {head_of(u.text) for u in core if u.name is None and is_person_noun(u.low)}
    bearers = discourse.bearers(wanted)
    first = source.units[0].low
    is_public = any(head_of(u.text) in _PUBLIC_ROLES for u in source.units if u.name is None)
    if first in ("its", "their", "our", "my") or (not is_public and _is_unnamed_before(discourse, head, span, bearers)):
        return _OPEN
    sex = next((s for u in (head, *core) for s in "fm" if u.low in _SEXED[s]), "")
    near = discourse.antecedents(span.start, sex, frozenset({"PER"}), exclude)
    near = [x for x in discourse.not_named(span.start, near, exclude) if not discourse.is_apart(span.start, x[0])]
    named = owner_of(source)
    if first in POSSESSIVES or (named is not None and named.label == "PER"):
        owner = _antecedent(discourse, first, span, exclude) if named is None else discourse.cast.character(named)
        ranked = _ranked(
            discourse, source, span, [c for c in bearers if _serves(discourse, c, wanted, owner)], near, sex
        )
        kin = _kin(discourse, owner, sex) if head.low in KIN and not ranked else None
        return certain("role", "description", kin) if kin is not None else _best("role", ranked)
    ranked = discourse.not_named(span.start, _ranked(discourse, source, span, bearers, near, sex), exclude)
    if ranked and is_public:
        ranked += [(c, 0.2 + 0.3 * min(score, _RECENT)) for c, score in near if _has_no_office(c)]
    if ranked:
        return _best("role", ranked)
    if first != "the" or any(u.low in _NOBODY_YET or u.low in ("'s", "'") for u in source.units[: source.head]):
        return _OPEN
    others = [(c, score) for c, score in near if c not in bearers]  # the bearers hold other offices of that name
    return _recent(head, wanted, others, is_public)


def _recent(head: Unit, wanted: set[str], near: _Ranked, is_public: bool) -> Decision:
    """Whom a description means that nobody is known to fit: the likeliest before it, if one is likely enough."""
    if is_public:
        without_office = [(c, score) for c, score in near if _has_no_office(c)]
        near = without_office or ([] if wanted & _MINISTERS else near)
    is_clear = bool(near) and (len(near) == 1 or near[0][1] > max(_NEAR, 1.25 * near[1][1]))
    return _best("role-recent", near) if is_clear and (is_public or head.low in lex.ROLES - _UNNAMED) else _OPEN


def _best(rule: str, ranked: _Ranked) -> Decision:
    return somebody(rule, "description", sorted(ranked, key=lambda x: (-x[1], x[0].name))) if ranked else _OPEN


def _ranked(
    discourse: Discourse, source: Source, span: Span, bearers: Iterable[Character], near: _Ranked, sex: str
) -> _Ranked:
    """The bearers that sex and party do not exclude, with how well their roles fit, and how near and new they are."""
    before = {u.low for u in source.units[: source.head]}
    wanted = {head_of(u.text) for u in source.units[: source.n_core] if u.name is None and is_person_noun(u.low)}
    modifiers = [u.name.text for u in source.units if u.name is not None and u.name.label != "PER"]
    recency = {id(c): min(score, _RECENT) for c, score in near}
    headlined = discourse.headlined() if discourse.is_lead(span.start) else frozenset()
    parties = _parties(u.low for u in source.units)
    ranked: _Ranked = []
    for character in bearers:
        others = _parties(w.lower() for role in character.roles for w in role.text.split())
        is_other_party = parties and others and parties.isdisjoint(others)
        if is_other_party or (sex and character.gender and character.gender != sex):
            continue
        offices = [r for r in character.roles if wanted & r.heads and not _is_other_office(r, wanted, before)]
        if not offices:
            continue
        fit = max(_fit(role, wanted, before, modifiers) for role in offices)
        ranked.append((character, fit + 0.3 * recency.get(id(character), 0.0) + 0.3 * (id(character) in headlined)))
    return ranked


def describe_member(discourse: Discourse, printed: str, span: Span, exclude: list[Span]) -> Decision:
    """«the Florida Republican»: the likeliest person of whom the article says something with the first words."""
    place = printed.rpartition(" ")[0]
    near = discourse.antecedents(span.start, "", frozenset({"PER"}), exclude)
    fitting = [(c, s) for c, s in near if place and any(place in role.text for role in c.roles)]
    return _best("role", fitting)


def _has_no_office(character: Character) -> bool:
    """Whether the article says nothing of what a person is, so that any role may be theirs."""
    return not any(role.rank for role in character.roles)


def _parties(lowered: Iterable[str]) -> frozenset[str]:
    """The parties that words name."""
    return frozenset(_PARTIES[w] for w in lowered if w in _PARTIES)


def _fit(role: Role, wanted: set[str], before: set[str], modifiers: list[str]) -> float:
    """How well a role fits the nouns wanted, the words before the noun, and the names in the source."""
    score = 0.3 + 0.2 * len(wanted & role.heads)
    score += 0.15 if ("former" in before) == role.is_former else -0.15
    n_fitting = sum(m in role.text for m in modifiers)
    score += 0.2 * n_fitting if n_fitting or not modifiers else -0.1
    return score + 0.1 * sum(len(w) > 3 and w in role.text.lower() for w in before)


def _is_other_office(role: Role, wanted: set[str], before: set[str]) -> bool:
    """Whether the words before the noun make another office of it: «chancellor» is no «shadow chancellor», «minister»
    no «prime minister», «health minister» no «finance minister», «Dutch envoy» no «British envoy»."""
    offices = [words for part in _PARTS.split(role.text) if (words := part.lower().split())]
    held = {w for office in offices if any(head_of(w) in wanted for w in office) for w in office}
    grades = _GRADES | _MINISTERIAL if "minister" in wanted else _GRADES
    if wanted.isdisjoint(grades | _UNGRADED) and held & grades != before & grades:
        return True
    asked_people, held_people = _peoples(before), _peoples(held)
    if _differ(asked_people, held_people):
        return True
    rest = _NO_DEPARTMENTS | wanted
    is_of_department = not wanted.isdisjoint(_OF_DEPARTMENTS)
    return is_of_department and _differ(before - rest - asked_people, held - rest - held_people)


def _peoples(lowered: Iterable[str]) -> set[str]:
    """The words that name a people («dutch»)."""
    return {w for w in lowered if w.title() in gaz.DEMONYMS and w not in _PARTIES}


def _differ(asked: set[str], held: set[str]) -> bool:
    return bool(asked and held) and asked.isdisjoint(held)


def _antecedent(discourse: Discourse, pronoun: str, span: Span, exclude: list[Span]) -> Character | None:
    """Whom «his» or «her» before a noun means; None for other possessives."""
    if pronoun not in ("his", "her"):
        return None
    ranked = discourse.antecedents(span.start, "m" if pronoun == "his" else "f", frozenset({"PER"}), exclude)
    return ranked[0][0] if ranked else None


def _kin(discourse: Discourse, owner: Character | None, sex: str) -> Character | None:
    """«his wife»: the only other bearer of the surname, where the sex is hers."""
    if owner is None:
        return None
    bearers = [c for c in discourse.cast.called(owner.name.split()[-1]) if c is not owner and c.label == "PER"]
    fitting = [c for c in bearers if " " in c.name and sex and c.gender == sex]
    return fitting[0] if len(fitting) == 1 else None


def _serves(discourse: Discourse, character: Character, wanted: set[str], owner: Character | None) -> bool:
    """Whether a character bears a role that is not held for somebody else than the owner in «his lawyer»."""
    roles = [role for role in character.roles if wanted & role.heads]
    return any(role.affiliation is None or _is_held_for(discourse, role, owner) for role in roles)


def _is_held_for(discourse: Discourse, role: Role, owner: Character | None) -> bool:
    if owner is None:
        return False
    is_named = role.affiliation is not None and owner.name.split()[-1] in role.affiliation.split()
    return is_named or (role.body is not None and discourse.cast.character(role.body) is owner)


def _is_unnamed_before(discourse: Discourse, head: Unit, span: Span, bearers: Sequence[Character]) -> bool:
    """Whether the text has spoken of «an aide» right before «the aide», and meant none of the role's bearers."""
    low = max(0, span.start - _RIGHT_BEFORE)
    if any(low <= role.position < span.start for c in bearers for role in c.roles):
        return False
    before = discourse.text[low : span.start].lower()
    return re.search(rf"\b(?:an?|one|another)\s(?:[\w-]+\s){{0,3}}{re.escape(head.low)}\b", before) is not None
