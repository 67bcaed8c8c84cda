"""Says who speaks: resolves the source of an attribution to a character of the article."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.extract import gazetteer as gaz
from tasks.extract import lexicon as lex
from tasks.extract.antecedents import FEMALE, MALE, Discourse
from tasks.extract.base import Span
from tasks.extract.bearers import describe_member
from tasks.extract.cast import Cast, Character, parts
from tasks.extract.decisions import PRECISION, RULES, Decision, body, certain, named, nobody, somebody
from tasks.extract.descriptions import describe, writer_of
from tasks.extract.names import Name
from tasks.extract.roles import Role
from tasks.extract.sources import POSSESSIVES, Source, Unit, is_person_noun, is_plural, parse_source
from tasks.extract.wordlists import words

__all__ = ["RULES", "Speaker", "SpeakerResolver"]

_PRONOUNS = words(
    """
    he she it they we i you who which him her them me us his hers their theirs my our its whose himself herself
    """
)
_MEMBERS = words("Republican Democrat Conservative Socialist Independent")
_PERSONS = words("he she i")
_OWNING = POSSESSIVES | {"'s", "'"}
_RELATIVE_REACH = 160  # characters from a name to the «who» that it is the antecedent of
_BESIDE = 20  # characters between content and the source of the same clause
_CLEAR = 2  # times as many points as the next make somebody surely whom a pronoun means
_LIKELY = 1.0  # score of a body that is the subject of this sentence or the last, or spoke last
_ROLE_REACH = 40  # characters before a source in which a role may begin


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, how that was decided, and who else was considered."""

    speaker: str | None
    speaker_type: str
    role: str | None
    affiliation: str | None
    resolution: str
    candidates: tuple[tuple[str, float], ...]
    rule: str
    confidence: float


class SpeakerResolver:
    """Resolves the sources of one title or text, in the order of the text: later ones lean on earlier ones."""

    def __init__(self, text: str, cast: Cast, quotations: Sequence[Span]) -> None:
        self.discourse = Discourse(text, cast, quotations)

    def resolve(
        self, source: Span | None, cue: Span | None, content: tuple[Span, ...], addressee: Span | None = None
    ) -> Speaker:
        """Who speaks the content; ``speaker`` is None where nobody is named or no name is likely enough."""
        if source is None:
            return self._speaker(nobody("no-source", "unnamed", "implicit"), content[0] if content else Span(0, 0))
        exclude = [*content] if addressee is None else [*content, addressee]
        discourse = self.discourse
        source = self._with_noun(source)
        parsed = parse_source(discourse.text, source, discourse.names, discourse.starts)
        decision = self._decide(parsed, source, exclude)
        discourse.remember(source.start, decision.characters)
        is_question = cue is not None and discourse.text.startswith("ask", cue.start)  # somebody else answers
        if decision.printed is None and not is_question and self._is_one_unnamed(parsed, source):
            discourse.remember_unnamed(source, _sex_of(parsed.units[parsed.head].low), exclude)
        return self._speaker(decision, source)

    def _is_one_unnamed(self, source: Source, span: Span) -> bool:
        """«a spokesman», «his mother», «Lee's aide»; «the spokesman», «he», where such a one spoke last."""
        head = source.head_unit
        if head is None or head.name is not None:
            return False
        if head.low in ("he", "she"):
            return self.discourse.is_unnamed(span.start, _sex_of(head.low))
        if not is_person_noun(head.low):
            return False
        first = source.units[0].low
        is_new = source.is_indefinite or any(u.low in _OWNING for u in source.units[: source.head])
        return is_new or (first == "the" and self.discourse.goes_on_unnamed(span.start))

    def _with_noun(self, source: Span) -> Span:
        """A source that is a bare article or title («Mr»), with the name right behind it."""
        discourse = self.discourse
        printed = discourse.text[source.start : source.end].strip(" .")
        if printed.lower() not in ("the", "a", "an") and printed not in lex.ABBREVIATIONS:
            return source
        k = bisect_left(discourse.starts, source.end)
        is_next = k < len(discourse.starts) and discourse.starts[k] <= source.end + 2
        return Span(source.start, discourse.names[k].end) if is_next else source

    def _speaker(self, decision: Decision, span: Span) -> Speaker:
        role, affiliation = None, None
        if len(decision.characters) == 1 and decision.characters[0].label == "PER":
            role = self._role_near(decision.characters[0], span)
            affiliation = None if role is None else self._body(decision.characters[0], role)
        return Speaker(
            decision.printed,
            decision.kind,
            None if role is None else role.text,
            affiliation,
            decision.resolution,
            decision.candidates,
            decision.rule,
            PRECISION[decision.rule],
        )

    def _role_near(self, character: Character, span: Span) -> Role | None:
        """The role that the source itself gives, else the first that says more than a title."""
        if not self.discourse.is_title:
            for role in character.roles:
                if span.start - _ROLE_REACH <= role.position < span.end and role.rank > 1 and " " in role.text:
                    return role
        return character.role

    def _body(self, character: Character, role: Role) -> str | None:
        """The fullest name of the body that a role is held in, else that a like role is; none where it no longer is."""
        alike = (r for r in character.roles if r is not role and r.heads & role.heads and not r.is_former)
        held = next((r for r in (role, *alike) if r.affiliation is not None), None)
        if held is None or role.is_former:
            return None
        return held.affiliation if held.body is None else self.discourse.cast.full_name(held.body)

    def _decide(self, source: Source, span: Span, exclude: list[Span]) -> Decision:
        head = source.head_unit
        if head is None:
            return nobody("thing")
        first = source.units[0]
        if len(source.units) > 1 and first.low in _PERSONS and source.units[1].low == "and":
            return self._pronoun(first.low, span, exclude)  # «she and her husband»
        if first.low == "this" and head.low in ("reporter", "writer", "author", "columnist"):
            return nobody("pronoun-author", "author", "pronoun")
        if (source.head == 0 or source.n_core == 1) and head.name is None and head.low in _PRONOUNS:
            return self._pronoun(head.low, span, exclude)
        is_bearer = is_plural(head.low) or is_person_noun(head.low) or head.low in lex.BODIES or self._is_person(head)
        if first.low in POSSESSIVES and not is_bearer:
            return self._pronoun(first.low, span, exclude)
        if head.name is not None:
            if head.text.split()[-1] in _MEMBERS:
                return describe_member(self.discourse, head.text, span, exclude)
            writer = writer_of(source) if [u.low for u in source.units[source.n_core :][:2]] == [",", "by"] else None
            if writer is not None and writer.label == "PER" and head.name.label != "PER":
                return named("author-of-document", self.discourse.cast.character(writer), writer.text)
            return self._named(source, head.name)
        return describe(self.discourse, source, head, span, exclude)

    def _is_person(self, unit: Unit) -> bool:
        character = None if unit.name is None else self.discourse.cast.character(unit.name)
        return character is not None and character.label == "PER"

    def _named(self, source: Source, name: Name) -> Decision:
        """The head is a name."""
        joint = self._joint(source)
        if len(joint) > 1:
            candidates = tuple((c.name, PRECISION["several-names"]) for c in joint)
            kind = "person" if any(c.label == "PER" for c in joint) else "organisation"
            return Decision("several-names", kind, "full_name", joint, "; ".join(c.name for c in joint), candidates)
        character = self.discourse.cast.character(name)
        last = name.text.split()[-1]
        if character is None and (name.rule == "demonym" or is_plural(last.lower())):
            return nobody("group", "group")
        if character is None:
            return body("body-name", "organisation", name.text)
        if character.label == "PER":
            return self._person(character, name)
        if last in gaz.DEMONYMS and last.endswith("s"):  # «House Republicans»
            return nobody("group", "group")
        return certain("place-name" if character.label == "LOC" else "body-name", "organisation", character)

    def _joint(self, source: Source) -> tuple[Character, ...]:
        """The people and organisations that «and» joins in the core of a source.

        An organisation counts where it is itself joined («Lee and the Harbour Trust»), not where it describes.
        """
        core = source.units[: source.n_core]
        joints = [k for k, u in enumerate(core) if u.low in ("and", "&") and u.name is None]
        if not joints:
            return ()
        found: dict[Character, None] = {}
        for k, unit in enumerate(core):
            character = None if unit.name is None else self.discourse.cast.character(unit.name)
            is_joined = k == source.head or k + 1 in joints
            if k + 1 < len(core) and core[k + 1].low in ("'s", "'"):
                continue  # «Lee's press secretary and adviser Tom Voss»
            if character is not None and (character.label == "PER" or (character.label == "ORG" and is_joined)):
                found[character] = None
        return tuple(found)

    def _person(self, character: Character, name: Name) -> Decision:
        words_of_name = parts(name.text)
        if words_of_name == parts(character.name):
            return (
                certain("full-name", "full_name", character)
                if len(words_of_name) > 1
                else certain("lone-name", "partial_name", character)
            )
        bearers = [c for c in self.discourse.cast.called(words_of_name[-1]) if c.label == "PER"]
        if len(bearers) < 2:
            return certain("part-of-name", "partial_name", character)
        share = PRECISION["shared-surname"]
        others = [(c, (1 - share) / (len(bearers) - 1)) for c in bearers if c is not character]
        return somebody("shared-surname", "partial_name", [(character, share), *others])

    def _pronoun(self, low: str, span: Span, exclude: list[Span]) -> Decision:
        if low in MALE or low in FEMALE:
            sex = _sex_of(low)
            ranked = self.discourse.antecedents(self._begin(span, exclude), sex, frozenset({"PER"}), exclude)
            if low in ("he", "she"):
                ranked = self.discourse.not_named(span.start, ranked, exclude)
            if not ranked or self.discourse.is_unnamed(span.start, sex):
                return nobody("pronoun-open", "person", "pronoun")
            is_clear = len(ranked) == 1 or ranked[0][1] >= _CLEAR * ranked[1][1]
            return somebody("pronoun-person" if is_clear else "pronoun-rivals", "pronoun", ranked)
        if low in ("it", "its"):
            ranked = self.discourse.antecedents(span.start, "", frozenset({"ORG", "LOC"}), exclude)
            if ranked and ranked[0][1] > _LIKELY:
                return somebody("pronoun-body", "pronoun", ranked)
            return nobody("pronoun-open", "organisation", "pronoun")
        if low in ("who", "which", "whose"):
            return self._relative(low, span)
        if low in ("i", "me", "my"):
            return self._first_person(span)
        return nobody("pronoun-group", "group", "pronoun")

    def _begin(self, source: Span, content: Sequence[Span]) -> int:
        """Where an attribution begins: with the content that stands right before a source in its paragraph, if any."""
        before = sorted(s for s in content if s.end <= source.start)
        if not before or source.start - before[-1].end > _BESIDE:
            return source.start
        begin = before[0].start
        return source.start if "\n" in self.discourse.text[begin : source.start] else begin

    def _first_person(self, span: Span) -> Decision:
        """«I»: in a quotation whoever spoke last, elsewhere the author."""
        if not self.discourse.is_quoted(span.start):
            return nobody("pronoun-author", "author", "pronoun")
        last = self.discourse.last_spoken(span.start)
        if last is None or len(last[1]) != 1:
            return nobody("pronoun-open", "person", "pronoun")
        return certain("pronoun-speaker", "pronoun", last[1][0])

    def _relative(self, low: str, span: Span) -> Decision:
        """«Ann Lee, who …», «Ann Lee, a lawyer from Hill, who …»."""
        discourse = self.discourse
        k = bisect_left(discourse.starts, span.start) - 1
        for name in reversed(discourse.names[max(0, k - 3) : k + 1]):
            if span.start - name.end > _RELATIVE_REACH:
                break
            between = discourse.text[name.end : span.start]
            character = discourse.cast.character(name)
            is_person = character is not None and character.label == "PER"
            is_next = between.strip(" ,") == "" or (between.startswith(" (") and between.rstrip(" ,").endswith(")"))
            is_apposed = is_person and between.startswith(", ") and not set(between) & set('.;:\n"“”')
            if character is not None and (is_next or is_apposed) and (low != "who" or is_person):
                return certain("pronoun-relative", "pronoun", character)
            if is_person:
                break
        return nobody("pronoun-open", "unnamed", "pronoun")


def _sex_of(noun: str) -> str:
    """What a pronoun or a noun for a person says of the sex: `m`, `f` or nothing."""
    return "f" if noun in FEMALE or noun in lex.FEMALE_ROLES else "m" if noun in MALE or noun in lex.MALE_ROLES else ""
