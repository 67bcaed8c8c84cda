"""Finds names of people, organisations and places by their form: runs of capitalised words, titles and keywords.

One pass over the words collects runs of capitalised words; a second over the runs splits them at titles and labels the
parts; a third labels what was left open by what the rest of the article shows (a surname seen beside a given name).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from tasks.extract import gazetteer as gaz
from tasks.extract import lexicon as lex
from tasks.extract.labels import PRECISION, Name, parts, settle
from tasks.extract.roles import is_agent, is_role
from tasks.extract.runs import WORD, cut_at_known, headline_runs, is_headline, paragraphs, runs

__all__ = ["RULES", "Name", "find_names", "reconcile"]

# Rules whose labels are little more than guesses.
_WEAK = frozenset({"person-form", "unknown", "behind-article", "place-before", "acronym", "speaks"})

RULES: dict[str, str] = {
    "title": "Behind a title («Senator Ann Lee»).",
    "given-name": "Begins with a known given name.",
    "person-form": "Two or three capitalised words, an initial or a particle among them, or nothing against a person.",
    "part-of-name": "Ends with a word of a person's name that stands elsewhere in the article.",
    "speaks": "Beside a verb of saying, without an article.",
    "gazetteer": "Listed as a place or an organisation.",
    "demonym": "Listed as a people, a language, a party's or a religion's adherents.",
    "keyword": "Holds a word that makes it an organisation or a place («Ministry», «River»).",
    "event": "Ends with a word that makes it an event, a work or a law («Festival», «Act»).",
    "acronym": "All capitals.",
    "repeated": "The same words have a label elsewhere in the article.",
    "place-before": "Behind «in», «near», «from» and the like.",
    "behind-article": "Behind «the».",
    "unknown": "Capitalised, and nothing says what it is.",
}


def find_names(text: str, context: str = "", known: Sequence[Name] | None = None) -> list[Name]:
    """The names in text, sorted and disjoint.

    ``context`` is more text of the same article, never searched: for a headline, in which every word is capitalised,
    pass the article's text, so that common words and known names are told apart; ``known`` are its names, if found.
    """
    lower = {m.group() for part in (text, context) for m in WORD.finditer(part) if m.group()[0].islower()}
    if known is None:
        known = find_names(context) if context else ()
    names: list[Name] = []
    headlines: list[tuple[int, int]] = []
    for start, end in paragraphs(text):
        if is_headline(text[start:end], is_title=bool(context)):
            headlines.append((start, end))
        else:
            for run in runs(text, start, end, lower):
                names.extend(parts(text, run))
    names = settle(text, names, lower, known)
    if headlines:
        known = [*known, *names]
        words = frozenset(w for n in known for w in n.text.split())
        whole = frozenset(n.text.casefold() for n in known if n.label != "MISC").union(
            n.text.split()[-1].casefold() for n in known if n.label == "PER"
        )
        for start, end in headlines:
            for run in headline_runs(text, start, end, lower, words):
                for piece in cut_at_known(run, whole):
                    names.extend(parts(text, piece))
        settled = settle(text, names, lower, known)
        names = [n for n in settled if n.rule not in ("person-form", "unknown") or not _is_within(n, headlines)]
    return sorted(_without_epithets(names, lower, known), key=lambda n: n.start)


def _without_epithets(names: Sequence[Name], lower: set[str], known: Sequence[Name]) -> list[Name]:
    """The names, those of people without words that are none of theirs («Moderator Ann Lee», «Wherever Ann Lee»)."""
    people = {n.text for n in (*names, *known) if n.label == "PER"}
    surnames = {n.split()[-1] for n in people if n.split()[0] in gaz.GIVEN_NAMES}
    found = []
    for name in names:
        if name.rule == "unknown" and is_agent(name.text.split()[0]) and _opens_name(name.text.partition(" ")[2]):
            name = replace(name, label="PER", rule="given-name", confidence=PRECISION["given-name"])  # «Farmer Ann Lee»
        while name.label == "PER" and (cut := _epithet(name.text, lower, people, surnames)):
            name = replace(name, start=name.start + cut, text=name.text[cut:])
        found.append(name)
    return found


def _epithet(name: str, lower: set[str], people: set[str], surnames: set[str]) -> int:
    """Length of the first word of a person's name, with what follows it, where it is none of the name's; else 0."""
    first, _, rest = name.partition(" ")
    if not rest or first in gaz.GIVEN_NAMES or len(first.rstrip(".")) < 2:
        return 0
    folded = first.lower()
    opens_name = _opens_name(rest)
    is_known = rest in people and opens_name
    is_word = folded in lex.COMMON or folded in lower or is_role(first) or first in lex.GENERIC
    is_other = is_word or first in gaz.DEMONYMS or first in gaz.PLACES
    if is_known or (opens_name and (is_other or is_agent(first))) or (is_other and rest in surnames):
        return len(first) + 1
    return 0


def _opens_name(words: str) -> bool:
    """Whether words begin with a given name and go on."""
    given, _, rest = words.partition(" ")
    return given in gaz.GIVEN_NAMES and bool(rest)


def _is_within(name: Name, spans: Sequence[tuple[int, int]]) -> bool:
    at = bisect_right(spans, (name.start, name.start)) - 1
    return any(start <= name.start < end for start, end in spans[max(0, at) : at + 2])


def reconcile(names: Sequence[Name], tagged: Sequence[Name]) -> list[Name]:
    """The rules' names, sorted, with what a tagger, whose names are sorted too, knows better.

    A person that only the tagger saw is added; a name that goes on behind the person's is cut («Ann Lee Beats»); a
    label that was little more than a guess gives way to the tagger's.
    """
    ends = [t.end for t in tagged]
    found: list[Name] = []
    for name in names:
        at = bisect_right(ends, name.start)
        twin = next((t for t in tagged[at : at + 2] if t.start < name.end), None)
        found.append(name if twin is None else _corrected(name, twin))
    starts = [name.start for name in found]
    ends = [name.end for name in found]
    added = [t for t in tagged if _is_person(t) and bisect_right(ends, t.start) == bisect_left(starts, t.end)]
    return sorted([*found, *added], key=lambda name: name.start)


def _is_person(tagged: Name) -> bool:
    """Whether a tagger's person may be one: no pronoun, noun for people («Aides») or abbreviation."""
    folded = tagged.text.lower()
    is_noun = folded in lex.COMMON or any(folded.removesuffix(end) in lex.ROLES for end in ("", "s", "es"))
    return tagged.label == "PER" and not is_noun and len(folded) > 1 and "-" not in folded[1:2]


def _corrected(name: Name, tagged: Name) -> Name:
    if (tagged.start, tagged.end) == (name.start, name.end) and name.rule in _WEAK:
        return replace(name, label=tagged.label)
    goes_on = name.start == tagged.start and tagged.end < name.end and name.label == tagged.label == "PER"
    is_whole = " " in tagged.text and len(tagged.text.rpartition(" ")[2]) > 2  # not «Ann K.» of «Ann K. Lee»
    return replace(name, end=tagged.end, text=tagged.text) if goes_on and is_whole and name.rule != "title" else name
