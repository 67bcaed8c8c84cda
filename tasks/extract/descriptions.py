"""Finds whom a description means: «the senator», «a spokesman for the city, Ann Lee», «the agency», «Lee's report»."""

from __future__ import annotations

from itertools import pairwise

from tasks.extract import lexicon as lex
from tasks.extract.antecedents import Discourse
from tasks.extract.base import Span
from tasks.extract.bearers import describe_bearer
from tasks.extract.bodies import describe_body, proper_body
from tasks.extract.decisions import Decision, certain, named, nobody
from tasks.extract.names import Name
from tasks.extract.roles import head_of
from tasks.extract.sources import BREAKS, POSSESSIVES, Source, Unit, is_document, is_person_noun, owner_of
from tasks.extract.wordlists import words

_NAMES_OF_PAPERS = words("times post herald")
_DETERMINERS = words("the a an") | POSSESSIVES
_FOLLOWERS = words(
    """
    supporters aides advisers lawyers attorneys allies critics opponents fans followers friends parents associates
    rivals backers loyalists staffers foes donors surrogates people men women
    """
)


def describe(discourse: Discourse, source: Source, head: Unit, span: Span, exclude: list[Span]) -> Decision:
    """Who speaks where the head of the source is a common noun: a person, a body, a group, or a thing."""
    low = head.low
    name = None if source.is_plural else _apposed(source)
    character = None if name is None else discourse.cast.character(name)
    if name is not None and character is not None and character.label == "PER":
        return named("name-in-apposition", character, name.text)
    is_body = low in lex.BODIES or low == "police"
    is_people = source.is_plural and (low in _FOLLOWERS or is_person_noun(low.removesuffix("s")))
    is_bearer = is_body or is_person_noun(low) or is_people
    owner = owner_of(source)
    if owner is not None and not is_bearer:
        return _author(discourse, owner)
    if is_document(low):
        return _author(discourse, writer_of(source))
    if head.text[0].isupper() and source.head and (low in _NAMES_OF_PAPERS or not is_person_noun(low)):
        proper = proper_body(discourse, source)
        if proper is not None:
            return proper
    if "." in head.text or discourse.text[max(0, head.start - 1)] == ".":
        return nobody("thing")  # a web address
    if is_body:
        return describe_body(discourse, source, head, span, exclude)
    if source.is_plural:
        return nobody("group", "group")
    if not is_person_noun(low):
        return nobody("thing")
    if source.is_indefinite:
        return _introduced_role(discourse, head, span)
    return describe_bearer(discourse, source, head, span, exclude)


def _apposed(source: Source) -> Name | None:
    """The name in «its head, Ann Lee», «its head, the trade unionist Ann Lee» and «an aide to the city, Ann Lee»."""
    units = source.units
    commas = [k for k in range(source.n_core, len(units)) if units[k].low == ","]
    for k, end in pairwise([*commas, len(units)]):
        region = units[k + 1 : end]
        region = region[
            : next((i for i, u in enumerate(region) if i and u.name is None and u.low == "of"), len(region))
        ]
        stop = next((i for i, u in enumerate(region) if u.name is None and u.text == "("), len(region))
        while stop and region[stop - 1].name is None and not region[stop - 1].text[0].isalnum():
            stop -= 1
        name = region[stop - 1].name if stop else None
        if name is None:
            return None
        if name.label == "PER":
            return name if all(map(_may_be_title, region[:stop])) or _is_description(region[: stop - 1]) else None
    return None


def _is_description(units: list[Unit]) -> bool:
    """«the retired trade unionist»."""
    is_phrase = len(units) > 1 and units[0].low in _DETERMINERS and is_person_noun(units[-1].low)
    return is_phrase and all(u.text[0].isalnum() and u.low not in BREAKS for u in units)


def _may_be_title(unit: Unit) -> bool:
    return unit.name is not None or unit.text[0].isupper() or unit.low in (".", "the") or is_person_noun(unit.low)


def writer_of(source: Source) -> Name | None:
    """«a report by the Courier», «a study by law professor Ann Lee», «Paris, by Ann Lee»: a person before a body."""
    units = source.units
    for k in range(source.head + 1, len(units) - 1):
        if units[k].name is None and units[k].low in ("by", "from"):
            behind = units[k + 1 : k + 9]
            owning = {one.name for one, after in pairwise(behind) if after.low in ("'s", "'")}  # «by a body of Paris's»
            named = [u.name for u in behind[:7] if u.name is not None and u.name not in owning]
            return next((n for n in named if n.label == "PER"), named[0] if named else None)
    return None


def _introduced_role(discourse: Discourse, head: Unit, span: Span) -> Decision:
    """«a judge»: unnamed, but in the first lines the only one whom the next lines introduce as such."""
    if not discourse.is_lead(span.start):
        return nobody("indefinite")
    wanted = head_of(head.text)
    ahead = [c for c in discourse.introduced(span.end, "PER") if any(wanted in r.heads for r in c.roles)]
    return certain("role-ahead", "description", ahead[0]) if len(ahead) == 1 else nobody("indefinite")


def _author(discourse: Discourse, name: Name | None) -> Decision:
    return nobody("thing") if name is None else named("author-of-document", discourse.cast.character(name), name.text)
