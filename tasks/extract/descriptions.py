"""Finds whom a description means: «the senator», «a spokesman for the city, Ann Lee», «the agency», «Lee's report»."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from tasks.extract import lexicon as lex
from tasks.extract.antecedents import Discourse
from tasks.extract.base import Span
from tasks.extract.cast import Character, parts
from tasks.extract.decisions import Decision, body, certain, nobody, somebody
from tasks.extract.names import Name
from tasks.extract.offices import KIN
from tasks.extract.roles import Role, head_of
from tasks.extract.sources import POSSESSIVES, Source, Unit, is_document, is_person_noun, is_plural
from tasks.extract.wordlists import DETERMINERS, words

_LEAD = 500  # characters in which a story says «a judge» before it names her
_INTRODUCTION = 1500  # characters in which it then names her
_NEAR = 0.6  # score of an antecedent that stands in this sentence or the one before
_ARTICLES = words("the a an")
_NAMES_OF_PAPERS = words("times post herald")
_FOLLOWERS = words(
    """
    supporters aides advisers lawyers attorneys allies critics opponents fans followers friends parents
    """
)
# Roles by which news call a person again without having said that the person bears them.
_PUBLIC_ROLES = words(
    """
    senator candidate businessman governor president premier minister chancellor congressman star actor actress
    singer coach player striker captain mayor secretary
    """
)
_PUBLIC_BODIES = words(
    """
    Ministry Department Court Committee Senate Congress Parliament Police Party Commission Administration Government
    Assembly
    """
)
_PRIVATE_KINDS = words("company bank group network union")
_KINDS_OF_PLACE = words("state city country nation county town province kingdom republic")
_PARTIES = {"republican": "R", "gop": "R", "democratic": "D", "democrat": "D", "labour": "L", "tory": "C"}
_SEXED = {"f": lex.FEMALE_ROLES, "m": lex.MALE_ROLES}
_HEADED = words("campaign team")
_UNNAMED = words("official source witness aide man woman person spokesman spokeswoman spokesperson narrator")


def describe(discourse: Discourse, source: Source, head: Unit, span: Span, exclude: list[Span]) -> Decision:
    """Who speaks where the head of the source is a common noun: a person, a body, a group, or a thing."""
    low = head.low
    name = _apposed(source)
    character = None if name is None else discourse.cast.character(name)
    if character is not None and character.label == "PER":
        is_full = name is not None and parts(name.text) == parts(character.name)
        return certain("name-in-apposition", "full_name" if is_full else "partial_name", character)
    is_body = low in lex.BODIES or low == "police"
    is_bearer = is_body or is_person_noun(low) or (source.is_plural and low in _FOLLOWERS)
    owner = _owner(source)
    if owner is not None and not is_bearer:
        return _author(discourse, owner)
    if is_document(low):
        return _author(discourse, _writer(source))
    if head.text[0].isupper() and source.head and (low in _NAMES_OF_PAPERS or not is_person_noun(low)):
        proper = _proper(discourse, source)
        if proper is not None:
            return proper
    if "." in head.text or discourse.text[max(0, head.start - 1)] == ".":
        return nobody("thing")  # a web address
    if is_body:
        return _body(discourse, source, head, span, exclude)
    if source.is_plural:
        return nobody("group", "group")
    if not is_person_noun(low):
        return nobody("thing")
    if source.is_indefinite:
        return _introduced_role(discourse, head, span)
    return _role(discourse, source, head, span, exclude)


def _apposed(source: Source) -> Name | None:
    """The name in «its chairman, Ann Lee» and in «a spokesman for the city, Ann Lee»."""
    units = source.units
    commas = [k for k in range(source.n_core, len(units)) if units[k].low == ","]
    for k, end in pairwise([*commas, len(units)]):
        region = units[k + 1 : end]
        stop = next((i for i, u in enumerate(region) if u.name is None and u.text == "("), len(region))
        while stop and region[stop - 1].name is None and not region[stop - 1].text[0].isalnum():
            stop -= 1
        name = region[stop - 1].name if stop else None
        if name is None:
            return None
        if name.label == "PER":
            return name if all(_may_be_title(u) for u in region[:stop]) else None
    return None


def _may_be_title(unit: Unit) -> bool:
    return unit.name is not None or unit.text[0].isupper() or unit.low in (".", "the") or is_person_noun(unit.low)


def _owner(source: Source) -> Name | None:
    """Whose the head is: «Lee's statement»."""
    for k in range(source.head - 1, 0, -1):
        if source.units[k].low in ("'s", "'"):
            return source.units[k - 1].name
    return None


def _writer(source: Source) -> Name | None:
    """«a report by the Courier», «a study by law professor Ann Lee»: a person before a body."""
    units = source.units
    for k in range(source.head + 1, len(units) - 1):
        if units[k].name is None and units[k].low in ("by", "from"):
            named = [u.name for u in units[k + 1 : k + 8] if u.name is not None]
            return next((n for n in named if n.label == "PER"), named[0] if named else None)
    return None


def _author(discourse: Discourse, name: Name | None, rule: str = "author-of-document") -> Decision:
    character = None if name is None else discourse.cast.character(name)
    if character is None or name is None:
        return nobody("thing")
    if character.label != "PER":
        return certain(rule, "organisation", character)
    is_full = parts(name.text) == parts(character.name)
    return certain(rule, "full_name" if is_full else "partial_name", character)


def _proper(discourse: Discourse, source: Source) -> Decision | None:
    """A capitalised noun that is a name, or stands for one that ends with it («the Times»)."""
    units = source.units[: source.head + 1]
    first = next((k for k, u in enumerate(units) if u.text[0].isupper() and u.low not in _ARTICLES), None)
    if first is None or discourse.is_title or (is_plural(units[-1].low) and units[-1].text not in lex.ORG_WORDS):
        return None
    if any(u.text[0].islower() for u in units[first:] if u.low not in ("of", "for")):
        return None
    if first == source.head:
        whole = next((c for c in discourse.cast.called(units[first].text) if c.label == "ORG"), None)
        if whole is not None:
            return certain("body-name", "organisation", whole)
    return body("body-name", "organisation", discourse.text[units[first].start : units[-1].end])


def _body(discourse: Discourse, source: Source, head: Unit, span: Span, exclude: list[Span]) -> Decision:
    """«the Lee campaign», «a panel of the Court of Appeals», «the agency»."""
    named = [u for u in source.units[: source.head] if u.name is not None]
    people = [u for u in named if u.name is not None and u.name.label == "PER"]
    if people and any(u.low == "and" for u in source.units[: source.head]):
        return _author(discourse, people[0].name, "part-of-name")  # «Lee and her campaign»
    is_lead = _is_lead(discourse, span)
    first_name = named[0].name if named else None
    is_phrase = first_name is not None and first_name.rule != "demonym" and (people or not is_lead)
    if is_phrase and not source.is_indefinite:
        first = people[-1] if people else named[0]
        printed = discourse.text[first.start : head.end].replace("’s ", " ").replace("'s ", " ")
        discourse.bodies[head.low] = printed
        return body("body-phrase", "organisation", printed)
    owned = _owned_body(discourse, source, head, span, exclude)
    if owned is not None:
        discourse.bodies[head.low] = owned
        return body("body-phrase", "organisation", owned)
    whole = _whole(discourse, source)
    if whole is not None:
        return certain("body-name", "organisation", whole)
    kind = lex.SAME_KIND.get(head.low, head.low)
    is_bare = source.units[0].low not in DETERMINERS
    if source.is_indefinite or (is_lead and (named or is_bare)):
        ahead = _introduced(discourse, span, "ORG") if is_lead else []
        fitting = [c for c in ahead if _is_kind(head.low, kind, c.name)]
        known = [c for c in fitting if any(u.text in c.name.split() for u in named)]
        only = known or (fitting if len(fitting) == 1 or is_bare else [])
        return certain("body-description", "description", only[0]) if only else nobody("indefinite")
    if head.low in discourse.bodies and source.units[0].low not in POSSESSIVES:
        return body("body-description", "description", discourse.bodies[head.low])
    label = "LOC" if head.low in _KINDS_OF_PLACE else "ORG"
    near = discourse.antecedents(span.start, "", frozenset({label}), exclude)
    ranked = [(c, s) for c, s in near if _is_kind(head.low, kind, c.name)]
    if not ranked and (kind in _PRIVATE_KINDS or label == "LOC"):
        ranked = [(c, s) for c, s in near if s > _NEAR and not _PUBLIC_BODIES.intersection(c.name.split())]
    if ranked:
        return somebody("body-description", "description", ranked)
    return nobody("description-open", "organisation", "description")


def _owned_body(discourse: Discourse, source: Source, head: Unit, span: Span, exclude: list[Span]) -> str | None:
    """«his campaign», «the campaign of Ann Lee», «the campaign»: a name for it, where the text has it elsewhere."""
    if head.low not in _HEADED:
        return None
    units = source.units
    low = units[0].low
    if low in ("his", "her"):
        ranked = discourse.antecedents(span.start, "m" if low == "his" else "f", frozenset({"PER"}), exclude)
        owner = ranked[0][0].name if ranked else None
    else:
        behind = units[source.head + 1 :]
        of = behind[0].low == "of" if behind else False
        owner = next((u.name.text for u in behind if of and u.name is not None and u.name.label == "PER"), None)
    if owner is None:
        return None
    phrase = f"{owner.split()[-1]} {head.low}"
    return phrase if phrase in discourse.text else f"{owner} {head.low}"


def _whole(discourse: Discourse, source: Source) -> Character | None:
    """The organisation in «a panel of the Court of Appeals»."""
    units = source.units
    for k in range(source.head + 1, len(units) - 1):
        if units[k].name is None and units[k].low in ("of", "at", "for"):
            name = next((u.name for u in units[k + 1 : k + 3] if u.name is not None), None)
            character = None if name is None else discourse.cast.character(name)
            if character is not None and character.label == "ORG":
                return character
    return None


def _is_kind(noun: str, kind: str, name: str) -> bool:
    """Whether a body called by a noun may bear a name."""
    return noun in parts(name) or not lex.KINDS_OF_BODY.get(kind, frozenset()).isdisjoint(name.split())


def _is_lead(discourse: Discourse, span: Span) -> bool:
    return discourse.is_title or span.start < _LEAD


def _introduced(discourse: Discourse, span: Span, label: str) -> list[Character]:
    """Characters of a label that the text first names behind a span, but near."""
    low = 0 if discourse.is_title else span.end
    high = low + _INTRODUCTION
    return [
        c for c in discourse.cast.characters if c.label == label and c.mentions and low <= c.mentions[0].start < high
    ]


def _introduced_role(discourse: Discourse, head: Unit, span: Span) -> Decision:
    """«a judge»: unnamed, but in the first lines the only one whom the next lines introduce as such."""
    if not _is_lead(discourse, span):
        return nobody("indefinite")
    wanted = head_of(head.text)
    ahead = [c for c in _introduced(discourse, span, "PER") if any(wanted in r.heads for r in c.roles)]
    return certain("role-ahead", "description", ahead[0]) if len(ahead) == 1 else nobody("indefinite")


def _role(discourse: Discourse, source: Source, head: Unit, span: Span, exclude: list[Span]) -> Decision:
    """«the senator»: by the roles the article gives, the words beside the noun, and recency."""
    before = {u.low for u in source.units[: source.head]}
    core = source.units[: source.n_core]
    nouns = [u for u in source.units if u.name is None and is_person_noun(u.low)]
    wanted = {head_of(u.text) for u in core if u.name is None and is_person_noun(u.low)}
    modifiers = [u.name.text for u in source.units if u.name is not None and u.name.label != "PER"]
    sex = next((s for u in (head, *core) for s in "fm" if u.low in _SEXED[s]), "")
    near = discourse.antecedents(span.start, sex, frozenset({"PER"}), exclude)
    named = _owner(source)
    is_owned = source.units[0].low in POSSESSIVES or (named is not None and named.label == "PER")
    owner = discourse.cast.character(named) if named is not None else None
    if owner is None and is_owned:
        owner = _antecedent(discourse, source.units[0].low, span, exclude)
    recency = {id(c): min(score, 1.5) for c, score in near}
    headlined = discourse.headlined() if _is_lead(discourse, span) else frozenset()
    parties = _parties(u.low for u in source.units)
    ranked: list[tuple[Character, float]] = []
    for character in discourse.bearers(wanted):
        if sex and character.gender and character.gender != sex:
            continue
        others = _parties(w.lower() for role in character.roles for w in role.text.split())
        if parties and others and parties.isdisjoint(others):
            continue
        roles = [r for r in character.roles if wanted & r.heads and not (is_owned and _is_others(discourse, r, owner))]
        if not roles:
            continue
        fit = max(_fit(role, wanted, before, modifiers) for role in roles)
        ranked.append((character, fit + 0.3 * recency.get(id(character), 0.0) + 0.3 * (id(character) in headlined)))
    is_public = any(head_of(u.text) in _PUBLIC_ROLES for u in nouns)
    if ranked and is_public and not is_owned:
        unknown = {id(c): c for c, _ in near if not any(r.rank for r in c.roles)}
        ranked += [(c, 0.2 + 0.3 * recency[key]) for key, c in unknown.items()]
    if ranked:
        return somebody("role", "description", sorted(ranked, key=lambda x: (-x[1], x[0].name)))
    if is_owned:
        kin = _kin(discourse, owner, sex) if head.low in KIN else None
        return nobody("description-open", "unnamed", "description") if kin is None else certain("role", "description", kin)
    is_clear = len(near) == 1 or (len(near) > 1 and near[0][1] > max(_NEAR, 1.25 * near[1][1]))
    if near and (is_public or (is_clear and not _is_unnamed_before(discourse, head, span))):
        return somebody("role-recent", "description", near)
    return nobody("description-open", "unnamed", "description")


def _parties(lowered: Iterable[str]) -> frozenset[str]:
    """The parties that words name."""
    return frozenset(_PARTIES[w] for w in lowered if w in _PARTIES)


def _fit(role: Role, wanted: set[str], before: set[str], modifiers: list[str]) -> float:
    """How well a role fits the nouns wanted, the words before the noun, and the names in the source."""
    score = 0.3 + 0.2 * len(wanted & role.heads)
    score += 0.15 if ("former" in before) == role.is_former else -0.15
    score += 0.2 * sum(m in role.text for m in modifiers)
    return score + 0.1 * sum(len(w) > 3 and w in role.text.lower() for w in before)


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


def _is_others(discourse: Discourse, role: Role, owner: Character | None) -> bool:
    """Whether a role is held for somebody else than the owner in «his lawyer»."""
    if role.affiliation is None:
        return False
    of = None if role.body is None else discourse.cast.character(role.body)
    is_named = owner is not None and owner.name.split()[-1] in role.affiliation.split()
    return not is_named and (owner is None or of is not owner)


def _is_unnamed_before(discourse: Discourse, head: Unit, span: Span) -> bool:
    """Whether the text speaks of «a man» before «the man», so that he may have no name at all."""
    if head.low in _UNNAMED or head.low not in lex.ROLES:
        return True
    before = discourse.text[max(0, span.start - _INTRODUCTION) : span.start].lower()
    return re.search(rf"\b(?:an?|one|another)\s(?:[\w-]+\s){{0,3}}{re.escape(head.low)}\b", before) is not None
