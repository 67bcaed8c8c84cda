"""Settles the names of a text after all its windows were read: edges, one label a form, and mentions passed over.

The network sees a window at a time and labels each mention by itself. What the article as a whole says of a name is
worth more: how it was labelled elsewhere, what its abbreviation stands for, whose surname it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.extract import gazetteer
from tasks.extract.base import Span

_JOINTS = " \t\n,;:/-–—"
_ABBREVIATION = re.compile(r"\s?\(([A-Z][A-Za-z&\-]{1,9})\)")
_WORD = re.compile(r"[\w\u0300-\u036f]+")
_SURE = 0.8  # that a mention is what its form is taken for
_LONGEST = 6  # words of a name that is looked for elsewhere
_KNOWN = {
    **dict.fromkeys(gazetteer.PLACES, "LOC"),
    **dict.fromkeys(gazetteer.ORGANISATIONS, "ORG"),
    **dict.fromkeys(gazetteer.DEMONYMS, "MISC"),
    **dict.fromkeys(gazetteer.COUNTRIES, "LOC"),
}


@dataclass(frozen=True, slots=True)
class TaggedName:
    """A name that the tagger saw: its span, PER, ORG, LOC or MISC, and the mean probability of its labels."""

    span: Span
    label: str
    confidence: float


def settle(text: str, names: Sequence[TaggedName]) -> list[TaggedName]:
    """The names of a text, in its order, with neat edges and the labels that serve the whole; linear in its length.

    A form gets the label that the word lists give it; else, behind a longer name and in brackets, the label of that
    name; else the one with the largest sum of fourth powers of confidence, the earlier one in a tie. The last word of
    people's names is a person where the tagger was not sure. Mentions of a form that was surely a name are added.
    """
    trimmed = [name for name in (_trim(text, name) for name in names) if name.span.start < name.span.end]
    forms = [text[slice(*name.span)] for name in trimmed]
    voted = _vote(forms, trimmed)
    abbreviated = {
        found[1]: voted[form.casefold()]
        for form, name in zip(forms, trimmed, strict=True)
        if (found := _ABBREVIATION.match(text, name.span.end))
    }
    owners: dict[str, set[str]] = {}
    for form in forms:
        if len(parts := form.split()) > 1:
            owners.setdefault(parts[-1], set()).add(voted[form.casefold()])

    def label(form: str, name: TaggedName) -> str:
        if form in _KNOWN:
            return _KNOWN[form]
        if name.confidence < _SURE and owners.get(form) == {"PER"}:
            return "PER"
        return abbreviated.get(form) or voted[form.casefold()]

    settled = [replace(name, label=label(form, name)) for form, name in zip(forms, trimmed, strict=True)]
    return sorted([*settled, *_passed_over(text, settled)], key=lambda name: name.span)


def _trim(text: str, name: TaggedName) -> TaggedName:
    """A name without the punctuation and the unpaired brackets at its edges."""
    start, end = name.span
    while start < end:
        first, last = text[start], text[end - 1]
        if last in _JOINTS or last in "([" or _is_unpaired(text[start:end], last):
            end -= 1
        elif first in _JOINTS or first in ")]." or _is_unpaired(text[start:end], first):
            start += 1
        else:
            break
    return replace(name, span=Span(start, end))


def _is_unpaired(form: str, mark: str) -> bool:
    return any(mark in pair and form.count(pair[0]) != form.count(pair[1]) for pair in ("()", "[]"))


def _vote(forms: Sequence[str], names: Sequence[TaggedName]) -> dict[str, str]:
    """The label of each form, case apart."""
    votes: dict[str, dict[str, float]] = {}
    for form, name in zip(forms, names, strict=True):
        ballot = votes.setdefault(form.casefold(), {})
        ballot[name.label] = ballot.get(name.label, 0.0) + name.confidence**4
    return {form: max(ballot, key=lambda label: ballot[label]) for form, ballot in votes.items()}


def _passed_over(text: str, names: Sequence[TaggedName]) -> Iterator[TaggedName]:
    """Mentions, outside all names, of forms that are capitalised, have four letters and were surely a name once."""
    known: dict[str, TaggedName] = {}
    for name in names:
        form = text[slice(*name.span)]
        if name.confidence >= _SURE and len(form) > 3 and form[0].isupper():
            known.setdefault(form, name)
    words = [match.span() for match in _WORD.finditer(text)]
    behind = upcoming = 0
    for at, (start, _) in enumerate(words):
        while upcoming < len(names) and names[upcoming].span.end <= start:
            upcoming += 1
        if start < behind or not text[start].isupper():
            continue
        limit = names[upcoming].span.start if upcoming < len(names) else len(text)
        for _, end in reversed(words[at : at + _LONGEST]):
            if end <= limit and (found := known.get(text[start:end])) is not None:
                yield replace(found, span=Span(start, end))
                behind = end
                break
