"""Finds which organisation a description means: «the Lee campaign», «his campaign», «the agency», «the Times»."""

from __future__ import annotations

from tasks.extract import lexicon as lex
from tasks.extract.antecedents import Discourse
from tasks.extract.base import Span
from tasks.extract.cast import Character, parts
from tasks.extract.decisions import Decision, body, certain, named, nobody, somebody
from tasks.extract.sources import POSSESSIVES, Source, Unit, is_plural
from tasks.extract.wordlists import DETERMINERS, words

_NEAR = 0.6  # score of an antecedent that stands in this sentence or the one before
_ARTICLES = words("the a an")
_HEADED = words("campaign team")
_PUBLIC_BODIES = words(
    """
    Ministry Department Court Committee Senate Congress Parliament Police Party Commission Administration Government
    Assembly
    """
)
_GENERAL = words("new old big small large same other federal state national local private public whole giant main")
_PRIVATE_KINDS = words("company bank group network union")
_KINDS_OF_PLACE = words("state city country nation county town province kingdom republic")


def proper_body(discourse: Discourse, source: Source) -> Decision | None:
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


def describe_body(discourse: Discourse, source: Source, head: Unit, span: Span, exclude: list[Span]) -> Decision:
    """«the Lee campaign», «a panel of the Court of Appeals», «the agency»."""
    before = [u for u in source.units[: source.head] if u.name is not None]
    people = [u for u in before if u.name is not None and u.name.label == "PER"]
    if people and any(u.low == "and" for u in source.units[: source.head]):
        return _of_person(discourse, people[0])  # «Lee and her campaign»
    is_lead = discourse.is_lead(span.start)
    first_name = before[0].name if before else None
    is_phrase = first_name is not None and first_name.rule != "demonym" and (people or not is_lead)
    if is_phrase and not source.is_indefinite:
        first = people[-1] if people else before[0]
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
    if source.is_indefinite or (is_lead and (before or is_bare)):
        ahead = discourse.introduced(span.end, "ORG") if is_lead else []
        fitting = [c for c in ahead if _is_kind(head.low, kind, c.name)]
        known = [c for c in fitting if any(u.text in c.name.split() for u in before)]
        only = known or (fitting if len(fitting) == 1 or is_bare else [])
        return certain("body-description", "description", only[0]) if only else nobody("indefinite")
    if head.low in discourse.bodies and source.units[0].low not in POSSESSIVES:
        return body("body-description", "description", discourse.bodies[head.low])
    if source.units[0].low in ("his", "her", "neither", "both"):
        return nobody("description-open", "organisation", "description")
    label = "LOC" if head.low in _KINDS_OF_PLACE else "ORG"
    near = discourse.antecedents(span.start, "", frozenset({label}), exclude)
    asked = {u.low for u in source.units[: source.head] if u.name is None} - DETERMINERS - _GENERAL
    ranked = [(c, s) for c, s in near if _is_kind(head.low, kind, c.name) and _is_of_branch(head.low, asked, c.name)]
    if not ranked and not asked and (kind in _PRIVATE_KINDS or label == "LOC"):
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


def _is_of_branch(noun: str, asked: set[str], name: str) -> bool:
    """Whether a name holds the noun itself, or a word before it: «the fire service» is no Weather Office."""
    return not asked or noun in parts(name) or not asked.isdisjoint(parts(name))


def _of_person(discourse: Discourse, unit: Unit) -> Decision:
    return named("part-of-name", None if unit.name is None else discourse.cast.character(unit.name), unit.text)
