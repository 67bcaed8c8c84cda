"""What a name's spelling alone tells, and which names can have to do with each other by it.

Every rule that makes two names one before articles are asked what they print (tasks.identity.words) goes by something
that both names have: a form, a surname, a spelling, a correction that lists both, a record of the knowledge base. So
the names that any of these joins, straight or through others, can be resolved without the rest of the lake.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from hashlib import blake2b

import pyarrow as pa

from schemas.fields import LABELS
from tasks.identity.bodies import body_keys, initials_of
from tasks.identity.corrections import Corrections
from tasks.identity.forms import fold
from tasks.identity.knowledge import KnowledgeBase
from tasks.identity.merging import keys_of
from tasks.identity.people import parse_person
from tasks.identity.rows import to_batches

FACTS = pa.schema(
    [
        ("label", pa.string()),
        ("name", pa.string()),
        ("form", pa.string()),
        ("keys", pa.list_(pa.int64())),
        ("initials", pa.list_(pa.string())),
        ("records", pa.list_(pa.string())),
    ]
)
"""One row a label and name: its form, digests of what can join it with other names, the acronyms that it can have, and
the records of the knowledge base that its spellings mean."""


def facts_of(
    names: Iterable[tuple[str, str]], corrections: Corrections, knowledge: KnowledgeBase | None
) -> Iterator[pa.RecordBatch]:
    """The FACTS of some names, given by label, a batch at a time. Raises KnowledgeError."""
    groups = _groups(corrections)
    records: Mapping[tuple[str, Hashable], str] = {}
    if knowledge:
        names = list(names)
        records = _records(names, knowledge) if names else {}
    return to_batches(_rows(names, groups, records), FACTS)


def _rows(
    names: Iterable[tuple[str, str]],
    groups: Mapping[tuple[str, str], list[str]],
    records: Mapping[tuple[str, Hashable], str],
) -> Iterator[tuple[object, ...]]:
    for label, name in names:
        form = fold(name)
        known = (
            sorted({records[label, key] for key in spellings(label, name) if (label, key) in records})
            if records
            else []
        )
        met = [f"form {form}", *groups.get((label, form), ()), *(f"record {record}" for record in known)]
        met += _met_by_people(name) if label == "PER" else (f"key {key}" for key in body_keys(label, name))
        initials = sorted(initials_of(name)) if label != "PER" else []
        yield label, name, form, [_digest(label, key) for key in met], initials, known


def _met_by_people(name: str) -> Iterator[str]:
    """What all blocks of people go by, and the one key of ``keys_of`` that joins different surnames."""
    person = parse_person(name)
    yield f"surname {person.surname}"
    if not person.is_lone:
        yield f"joined {''.join(person.words)}"


def spellings(label: str, name: str) -> Iterable[Hashable]:
    """The keys of a name, taken by itself."""
    return keys_of(label, name, parse_person(name) if label == "PER" else None)


def _digest(label: str, key: str) -> int:
    """A collision would only make more names be looked at."""
    return int.from_bytes(blake2b(f"{label} {key}".encode(), digest_size=8).digest(), "little", signed=True)


def _groups(corrections: Corrections) -> dict[tuple[str, str], list[str]]:
    """What joins the names that are said to be the same, by label and form."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number, group in enumerate(corrections.same):
        for chosen in group:
            for label in LABELS if chosen.label is None else (chosen.label,):
                found[label, fold(chosen.name)].append(f"same {number}")
    return found


def _records(names: Iterable[tuple[str, str]], knowledge: KnowledgeBase) -> Mapping[tuple[str, Hashable], str]:
    return knowledge.records_of({(label, key) for label, name in names for key in spellings(label, name)}, spellings)
