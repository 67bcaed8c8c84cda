"""One decision of a person: a line of the corrections file (docs/corrections.md)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from schemas.fields import DECISIONS
from tasks.extract.rows import key
from tasks.identity.forms import fold

VERSION = 1

Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Offset: TypeAlias = Annotated[int, Field(ge=0)]
SpeakerType: TypeAlias = Literal["person", "organisation", "place", "group"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Anchor(_Part):
    """The quote that is meant: its key, its place, its words, and what the lake said of it when it was decided on."""

    quote_id: Id
    article_id: Id
    is_in_title: bool = False
    spans: Annotated[tuple[tuple[Offset, Offset], ...], Field(min_length=1)]
    content: Text
    source: str | None = None
    cue: str | None = None
    speaker: str | None = None
    extractor: str | None = None


class Name(_Part):
    """A name under a label, in all articles or in one."""

    name: Text
    label: Literal["PER", "ORG", "LOC", "MISC"]
    article_id: Id | None = None


class _Decision(_Part):
    version: Literal[1] = 1
    id: Id
    decision: str
    who: Text
    when: AwareDatetime
    why: str = ""

    @property
    def place(self) -> tuple[datetime, str]:
        """What decisions are ordered by, whatever the order of the lines: the later one counts."""
        return self.when, self.id


class NotAQuote(_Decision):
    """The words are no quote."""

    decision: Literal["not_a_quote"] = "not_a_quote"
    quote: Anchor


class _Speaker(_Decision):
    quote: Anchor
    speaker: Text | None
    speaker_type: SpeakerType | None = None
    speaker_id: Id | None = None

    @model_validator(mode="after")
    def _named(self) -> _Speaker:
        if self.speaker is None and (self.speaker_type or self.speaker_id):
            raise ValueError("a speaker who stays unnamed has neither type nor id")
        return self


class WrongSpeaker(_Speaker):
    """Somebody else speaks: ``speaker``, or nobody who is named, where it is None."""

    decision: Literal["wrong_speaker"] = "wrong_speaker"


class Confirm(_Speaker):
    """The quote is one, and ``speaker`` says it (or nobody who is named)."""

    decision: Literal["confirm"] = "confirm"


class _Names(_Decision):
    names: Annotated[tuple[Name, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _comparable(self) -> _Names:
        if len({name.label for name in self.names}) > 1:
            raise ValueError("the names are of several labels, of which none are ever the same")
        if len({(fold(name.name), name.article_id) for name in self.names}) < len(self.names):
            raise ValueError("a name stands there twice; give an article_id to tell two people of one name apart")
        return self


class SamePerson(_Names):
    """The names mean one and the same, whatever they are: person, organisation or place."""

    decision: Literal["same_person"] = "same_person"


class DifferentPerson(_Names):
    """Each of the names means another."""

    decision: Literal["different_person"] = "different_person"


class Revert(_Decision):
    """An earlier decision counts no longer."""

    decision: Literal["revert"] = "revert"
    reverts: Id


AboutQuote: TypeAlias = NotAQuote | WrongSpeaker | Confirm
AboutNames: TypeAlias = SamePerson | DifferentPerson
Decision: TypeAlias = AboutQuote | AboutNames | Revert

_ADAPTER: TypeAdapter[Decision] = TypeAdapter(Annotated[Decision, Field(discriminator="decision")])


class Refused(ValueError):
    """No decision can be made of this; the message is one line."""


def decide(decision: str, who: str, why: str = "", when: datetime | None = None, **what: Any) -> Decision:
    """A new decision, made now unless ``when`` is given; its id is a digest of all that it says.

    ``what`` has the fields of its kind. Raises Refused where it can't be one.
    """
    moment = (when or datetime.now(UTC)).astimezone(UTC)
    fields = {"decision": decision, "who": who, "when": moment, "why": why.strip(), **what}
    try:
        draft = _ADAPTER.validate_python({**fields, "id": "0" * 32})
    except ValidationError as error:
        raise Refused(_first(error)) from None
    said = draft.model_dump(mode="json", exclude={"id"})
    return draft.model_copy(update={"id": key(json.dumps(said, sort_keys=True))})


def to_line(decision: Decision) -> str:
    """The decision as one line of JSON, without its end; what is not known is left out."""
    fields = decision.model_dump(mode="json", exclude_defaults=True) | {
        "version": VERSION,
        "decision": decision.decision,
    }
    if isinstance(decision, _Speaker):
        fields["speaker"] = decision.speaker  # None says that the speaker stays unnamed
    first = ("version", "id", "decision", "who", "when", "why")
    ordered = {name: fields.pop(name) for name in first if name in fields} | fields
    return json.dumps(ordered, ensure_ascii=False, separators=(", ", ": "))


def from_line(line: str | bytes) -> Decision:
    """The decision in a line; raises ValueError, whose message is a clause that says what is wrong with it."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("is no whole JSON object") from None
    if not isinstance(fields, dict):
        raise ValueError("is no JSON object")
    version = fields.get("version")
    if isinstance(version, int) and version > VERSION:
        raise ValueError(f"is of version {version}, newer than this software reads")
    if fields.get("decision") not in DECISIONS:
        raise ValueError(f"has the decision {fields.get('decision')!r}, none of {', '.join(DECISIONS)}")
    try:
        return _ADAPTER.validate_json(line)
    except ValidationError as error:
        raise ValueError(_first(error)) from None


def _first(error: ValidationError) -> str:
    """The first thing that is wrong, in words."""
    found = error.errors()[0]
    place = ".".join(str(part) for part in found["loc"][1:])  # behind the kind of decision
    message = found["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    return f"{place}: {message}" if place else message
