"""Finds whom a description means: «the senator», «a spokesman for the city, Ann Lee», «the agency», «Lee's report»."""

from __future__ import annotations

from itertools import pairwise

from tasks.extract import lexicon as lex
from tasks.extract.antecedents import Discourse
from tasks.extract.base import Span
from tasks.extract.cast import Character, parts
from tasks.extract.decisions import Decision, body, certain, nobody, somebody
from tasks.extract.names import Name
from tasks.extract.roles import head_of
from tasks.extract.sources import POSSESSIVES, Source, Unit, is_document, is_person_noun, is_plural
from tasks.extract.wordlists import words

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
    singer coach player striker captain mayor
    """
)
_PUBLIC_BODIES = words(
    """
    Ministry Department Court Committee Senate Congress Parliament Police Party Commission Administration Government
    Assembly
    """
)
_PRIVATE_KINDS = words("company bank group network union")


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


def _author(discourse: Discourse, name: Name | None) -> Decision:
    character = None if name is None else discourse.cast.character(name)
    if character is None or name is None:
        return nobody("thing")
    if character.label != "PER":
        return certain("author-of-document", "organisation", character)
    is_full = parts(name.text) == parts(character.name)
    return certain("author-of-document", "full_name" if is_full else "partial_name", character)


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
    is_lead = _is_lead(discourse, span)
    first_name = named[0].name if named else None
    if first_name is not None and not source.is_indefinite and first_name.rule != "demonym" and not is_lead:
        first = next((u for u in reversed(named) if u.name is not None and u.name.label == "PER"), named[0])
        printed = discourse.text[first.start : head.end].replace("’s ", " ").replace("'s ", " ")
        discourse.bodies[head.low] = printed
        return body("body-phrase", "organisation", printed)
    whole = _whole(discourse, source)
    if whole is not None:
        return certain("body-name", "organisation", whole)
    kind = lex.SAME_KIND.get(head.low, head.low)
    if source.is_indefinite or (named and is_lead):
        ahead = _introduced(discourse, span, "ORG") if is_lead else []
        fitting = [c for c in ahead if _is_kind(head.low, kind, c.name)]
        return certain("body-description", "description", fitting[0]) if len(fitting) == 1 else nobody("indefinite")
    if head.low in discourse.bodies and source.units[0].low not in POSSESSIVES:
        return body("body-description", "description", discourse.bodies[head.low])
    near = discourse.antecedents(span.start, "", frozenset({"ORG"}), exclude)
    ranked = [(c, s) for c, s in near if _is_kind(head.low, kind, c.name)]
    if not ranked and kind in _PRIVATE_KINDS:
        ranked = [(c, s) for c, s in near if s > _NEAR and not _PUBLIC_BODIES.intersection(c.name.split())]
    if ranked:
        return somebody("body-description", "description", ranked)
    return nobody("description-open", "organisation", "description")


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
    """«the senator»: by the roles the article gives, the words before the noun, and recency."""
    before = {u.low for u in source.units[: source.head]}
    core = source.units[: source.n_core]
    wanted = {head_of(u.text) for u in core if u.name is None and is_person_noun(u.low)}
    modifiers = [u.name.text for u in core if u.name is not None]
    sex = "f" if head.low in lex.FEMALE_ROLES else "m" if head.low in lex.MALE_ROLES else ""
    near = discourse.antecedents(span.start, sex, frozenset({"PER"}), exclude)
    recency = {id(c): min(score, 1.5) for c, score in near}
    ranked: list[tuple[Character, float]] = []
    for character in discourse.bearers(wanted):
        if sex and character.gender and character.gender != sex:
            continue
        fit = 0.0
        for role in character.roles:
            overlap = len(wanted & role.heads)
            if overlap:
                score = 0.3 + 0.2 * overlap + (0.15 if ("former" in before) == role.is_former else -0.15)
                score += 0.2 * sum(m in role.text for m in modifiers)
                score += 0.1 * sum(len(w) > 3 and w in role.text.lower() for w in before)
                fit = max(fit, score)
        ranked.append((character, fit + 0.3 * recency.get(id(character), 0.0)))
    if ranked:
        return somebody("role", "description", sorted(ranked, key=lambda x: (-x[1], x[0].name)))
    if near and head_of(head.text) in _PUBLIC_ROLES and source.units[0].low not in POSSESSIVES:
        return somebody("role-recent", "description", near)
    return nobody("description-open", "unnamed", "description")
