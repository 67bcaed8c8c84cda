"""From what a lake shows to the parts of a decision: the quote that is meant, the speaker who is named, the names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.fields import LABELS
from tasks.ask import NotFound, quote_row, to_rows
from tasks.catalog import connect_readonly
from tasks.corrections.decisions import Anchor, Name
from tasks.identity.forms import fold, form_id
from tasks.lake import Lake

TYPES = {"PER": "person", "ORG": "organisation", "LOC": "place", "MISC": "group"}
# With the name by which an article speaks of each, if it does.
_ENTITIES = """
    SELECT entity_id, name, label, aliases, alias_ids, (
        SELECT m.name FROM mentions m WHERE m.article_id = $article_id AND m.entity_id = e.entity_id
        GROUP BY m.name ORDER BY count(*) DESC, m.name LIMIT 1
    ) AS printed
    FROM entities_named($who) e ORDER BY n_quotes DESC, entity_id
"""


class Ambiguous(Exception):
    """A name that means several; the message is one line that lists their ids."""


def anchor(quote: Mapping[str, Any]) -> Anchor:
    """What a decision keeps of a row of quotes."""
    return Anchor(
        quote_id=quote["quote_id"],
        article_id=quote["article_id"],
        is_in_title=quote["is_in_title"],
        spans=tuple((span["start"], span["end"]) for span in quote["content_spans"]),
        content=quote["content"],
        source=quote["source"],
        cue=quote["cue"],
        speaker=quote["speaker"],
        extractor=quote["extractor"],
    )


def about_quote(lake: Lake, prefix: str) -> Anchor:
    """What a decision keeps of the quote whose id begins with ``prefix``; raises NotFound."""
    return anchor(quote_row(lake, prefix))


def as_it_is(lake: Lake, prefix: str) -> dict[str, Any]:
    """The fields of a decision that confirms the quote whose id begins with ``prefix``; raises NotFound."""
    quote = quote_row(lake, prefix)
    is_named = quote["speaker"] is not None and quote["speaker_type"] in TYPES.values()
    return {
        "quote": anchor(quote),
        "speaker": quote["speaker"],
        "speaker_type": quote["speaker_type"] if is_named else None,
        "speaker_id": quote["speaker_id"] if is_named else None,
    }


def speaker_named(lake: Lake, who: str, article_id: str, speaker_type: str | None = None) -> dict[str, Any]:
    """The fields of a decision that name a speaker: ``who`` is an entity_id, or a name in any of its forms.

    Of an entity, the name that the article prints is taken. A name that the lake does not have is taken as it is, for
    a person unless ``speaker_type`` is given, and ``speaker_id`` is None. Raises Ambiguous where several have the name
    and the article does not tell which.
    """
    entities = find_entities(lake, who, article_id)
    if len(entities) > 1:
        here = [entity for entity in entities if entity["printed"]]
        if len(here) != 1:
            raise Ambiguous(f"{who!r} may be {_listed(here or entities)}; give the id")
        entities = here
    if not entities:
        return {"speaker": who.strip(), "speaker_type": speaker_type or "person", "speaker_id": None}
    (entity,) = entities
    return {
        "speaker": entity["printed"] or _form(entity, who),
        "speaker_type": speaker_type or TYPES[entity["label"]],
        "speaker_id": entity["entity_id"],
    }


def names_of(lake: Lake, whom: Sequence[str]) -> tuple[Name, ...]:
    """The names that a decision keeps of entities, each given by its id or a name; raises NotFound and Ambiguous."""
    found = []
    for who in whom:
        entities = find_entities(lake, who)
        if not entities:
            raise NotFound(f"no entity is called {who!r}")
        if len(entities) > 1:
            raise Ambiguous(f"{who!r} may be {_listed(entities)}; give the id")
        found.append(Name(name=_form(entities[0], who), label=entities[0]["label"]))
    return tuple(found)


def find_entities(lake: Lake, who: str, article_id: str | None = None) -> list[dict[str, Any]]:
    """The entities with that id, present or former, or with a name of that form; most quoted first.

    ``printed`` is the name by which the article speaks of each, if there is one.
    """
    values = {"who": who.strip(), "article_id": article_id}
    with connect_readonly(lake) as connection:
        rows = to_rows(connection.execute(_ENTITIES, values).to_arrow_table())
    by_id = [row for row in rows if who == row["entity_id"] or who in row["alias_ids"]]
    return by_id or [row for row in rows if fold(who) in {fold(alias) for alias in (row["name"], *row["aliases"])}]


def _form(entity: Mapping[str, Any], who: str) -> str:
    """A name of the entity that leads to it in any article: the one asked for, else the first of its aliases.

    Raises Ambiguous where every name of it means another as well, whom only conditions tell apart.
    """
    ids = {entity["entity_id"], *entity["alias_ids"]}
    own: list[str] = [alias for alias in entity["aliases"] if form_id(entity["label"], fold(alias)) in ids]
    if not own:
        raise Ambiguous(
            f"{entity['name']} is another's name, too; name the article in entities.yaml to tell them apart"
        )
    return next((alias for alias in own if fold(alias) == fold(who)), own[0])


def _listed(entities: Sequence[Mapping[str, Any]]) -> str:
    shown = sorted(entities, key=lambda e: LABELS.index(e["label"]))[:5]
    return " or ".join(f"{e['name']} ({e['label']}, {e['entity_id']})" for e in shown)
