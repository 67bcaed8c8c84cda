"""Labels runs of capitalised words as people, organisations and places: by their words, then by the whole article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.extract import gazetteer as gaz
from tasks.extract import lexicon as lex
from tasks.extract.runs import Word, is_capital
from tasks.extract.verbs import FORMS
from tasks.extract.wordlists import words

_ARTICLE = re.compile(r"(?:^|\W)(?:the|The|THE)\s$")
_PLACE_BEFORE = re.compile(r"\b(?:in|In|near|from|From|across|outside|around|via|throughout|visit(?:ed|ing)?)\s$")
_SAID_BEFORE = re.compile(r"[,\"”’']\s(?:said|says|added|asked|wrote|told|explained|recalled)\s$")
_ASIAN_GIVEN_NAME = re.compile(r"[A-Z][a-z]+-[a-z]+")
_PEOPLE = re.compile(r"(?:ers|ors|ists|ians|ants|ents|ees|ides|llies|sses|men|women)$")
_SURE = 0.6  # labels of at least this precision are taken over for the same words elsewhere
# The share of each rule's names whose span and label are right, in 250 articles of an annotated corpus of newswire.
PRECISION = {
    "title": 0.92, "given-name": 0.94, "person-form": 0.54, "part-of-name": 0.94, "speaks": 0.83, "gazetteer": 0.90,
    "demonym": 0.92, "keyword": 0.76, "event": 0.79, "acronym": 0.68, "repeated": 0.90, "place-before": 0.61,
    "behind-article": 0.30, "unknown": 0.25,
}  # fmt: skip
_BEHIND_NAMES = words("QC KC SC OBE CBE MBE PhD")  # «Ann Lee QC»
_NO_OPENERS = frozenset(("Ban", "Per", "Said", "Will"))
_OPENERS = lex.TITLE_MODIFIERS | lex.LOC_PREFIXES | lex.TOPICS | lex.ORG_WORDS | lex.PHRASE_OPENERS


@dataclass(frozen=True, slots=True)
class Name:
    """A name: half-open code point offsets, the words as printed, PER, ORG, LOC or MISC, and the rule that labelled it.

    ``confidence`` runs from 0 to 1; under 0.5 the label is a guess.
    """

    start: int
    end: int
    text: str
    label: str
    confidence: float
    rule: str


def parts(text: str, run: list[Word]) -> Iterator[Name]:
    """The names in a run: split at titles, sentence-initial words and demonyms, and labelled where their form tells."""
    while len(run) > 1 and run[0].opens and _is_common(run[0].text) and not _is_phrase(text, run):
        if len(run) == 2 and _ASIAN_GIVEN_NAME.fullmatch(run[1].text):
            break  # «Ban Ki-moon»
        run = _from_capital(run[1:])
    while run and run[0].text in ("The", "A", "An", "I"):
        run = _from_capital(run[1:])
    while len(run) > 2 and run[-1].text in _BEHIND_NAMES:
        run = run[:-1]
    if not run or (len(run) == 1 and _is_plain(run[0])):
        return
    title = _last_title(run)
    if title < 0:
        yield from _label(text, run)
        return
    if len(run) == 1 and run[0].text in lex.SURNAME_TITLES:
        yield _name(text, run, "", "surname-title")
        return
    tail = run[title + 1 :]
    if tail and tail[0].text in ("of", "for"):
        yield from _behind_of(text, run, title)
        return
    while tail and not is_capital(tail[0].text) and tail[0].text not in lex.PERSON_LINKS:
        tail = tail[1:]
    yield from _before_title(text, run[:title])
    if tail and not (tail[0].opens and tail[0].text not in gaz.GIVEN_NAMES):  # opens: a headline's words prove nothing
        yield _name(text, tail, "PER", "title")


def _is_common(word: str) -> bool:
    """Whether a word that opens a sentence is likelier common than a given name: «Will», «Praising», not «Bill»."""
    folded = word.lower()
    is_participle = folded.endswith("ing") and folded in FORMS
    return (folded in lex.COMMON or is_participle) and (word not in gaz.GIVEN_NAMES or word in _NO_OPENERS)


def _from_capital(run: list[Word]) -> list[Word]:
    return next((run[i:] for i, w in enumerate(run) if is_capital(w.text)), [])


def _last_title(run: list[Word]) -> int:
    """Index of the title that splits a run; -1 where none does («Citizens for Tax Justice», «Stephen King»)."""
    for i in range(len(run) - 1, -1, -1):
        word = run[i].text
        if word not in lex.TITLES or (
            word in lex.SURNAME_TITLES and i and i + 1 == len(run) and run[i - 1].text in lex.TITLES
        ):
            continue
        tail = run[i + 1 :]
        if any(w.text in lex.ORG_WORDS for w in tail) and not (tail and tail[0].text in gaz.GIVEN_NAMES):
            return -1
        if (
            not tail
            and i
            and (
                run[i - 1].text in gaz.GIVEN_NAMES
                or len(run[i - 1].text) == 1
                or any(w.text in ("for", "of") for w in run[:i])
            )
        ):
            return -1
        return i
    return -1


def _is_plain(word: Word) -> bool:
    """Whether a lone capitalised word is a common one: at a sentence's beginning, a pronoun, or a general noun."""
    folded = word.text.lower().replace("’", "'")
    return (folded in lex.COMMON and (word.opens or "'" in folded)) or (
        word.text in lex.GENERIC and word.text not in gaz.ORGANISATIONS
    )


def _is_phrase(text: str, run: list[Word]) -> bool:
    """Whether a sentence-initial common word opens a known name or one that a keyword closes («National Guard»)."""
    printed = text[run[0].start : run[-1].end]
    if printed in gaz.ORGANISATIONS or printed in gaz.PLACES or " ".join(w.text for w in run[:2]) in gaz.PLACES:
        return True
    second = run[1].text
    closes = run[-1].text in lex.ORG_WORDS or second in lex.ORG_WORDS or second == "of"
    return closes and run[0].text in _OPENERS


def _behind_of(text: str, run: list[Word], title: int) -> Iterator[Name]:
    """«Secretary of State John Kerry»: the person begins with a given name; the rest is a body or a place."""
    rest = run[title + 2 :]
    person: list[Word] = []
    for i, word in enumerate(rest):
        if i and word.text in gaz.GIVEN_NAMES and i + 1 < len(rest):
            rest, person = rest[:i], rest[i:]
            break
    else:
        if len(rest) > 1 and rest[0].text in ("State", "Staff", "Defense"):  # «Secretary of State Lee»
            rest, person = rest[:1], rest[1:]
    printed = text[rest[0].start : rest[-1].end] if rest else ""
    if printed in gaz.PLACES:
        yield _name(text, rest, "LOC", "gazetteer")
    elif printed in gaz.ORGANISATIONS or any(w.text in lex.ORG_WORDS for w in rest):
        yield _name(text, _from_capital(rest), "ORG", "keyword")
    if person:
        yield _name(text, person, "PER", "title")


def _before_title(text: str, run: list[Word]) -> Iterator[Name]:
    while run and (run[-1].text in lex.TITLE_MODIFIERS or run[-1].text in lex.TITLES or run[-1].text[0].islower()):
        if run[-1].text in ("Campaign", "Opposition") and len(run) > 1:
            break
        run = run[:-1]
    if run and not (len(run) == 1 and _is_plain(run[0])):
        yield from _label(text, run)


def _name(text: str, words: list[Word], label: str, rule: str) -> Name:
    start, end = words[0].start, words[-1].end
    last = words[-1].text
    abbreviated = last in ("Jr", "Sr") or (len(last) == 1 and text[start : end + 1].count(".") > 1)
    if text[end : end + 1] == "." and abbreviated:
        end += 1
    return Name(start, end, text[start:end], label, PRECISION.get(rule, 0.0), rule)


def _label(text: str, run: list[Word]) -> Iterator[Name]:
    """Labels a run by its words; the label stays empty where they do not tell."""
    while run and run[-1].text[0].islower() and not is_capital(run[-1].text):
        run = run[:-1]
    if not run:
        return
    printed = " ".join(w.text for w in run)
    first, last = run[0].text, run[-1].text
    several = len(run) > 1
    if printed in gaz.COUNTRIES or (printed in gaz.PLACES and printed not in gaz.ORGANISATIONS):
        yield _name(text, run, "LOC", "gazetteer")
    elif printed in gaz.ORGANISATIONS:
        yield _name(text, run, "ORG", "gazetteer")
    elif printed in gaz.DEMONYMS or (len(run) == 2 and first in lex.LOC_PREFIXES and last in gaz.DEMONYMS):
        yield _name(text, run, "MISC", "demonym")
    elif several and last in lex.EVENT_WORDS:
        yield _name(text, run, "MISC", "event")
    elif several and any(w.text in lex.ORG_WORDS for w in run) and not _is_person(run):
        yield _name(text, run, "ORG", "keyword")
    elif several and (last in lex.LOC_WORDS or (first in lex.LOC_PREFIXES and first not in gaz.GIVEN_NAMES)):
        yield _name(text, run, "LOC", "keyword")
    elif several and first in gaz.DEMONYMS and (first not in gaz.GIVEN_NAMES or last in gaz.DEMONYMS | lex.TITLES):
        yield _name(text, run[:1], "MISC", "demonym")
        yield from _label(text, run[1:])
    elif len(run) > 2 and first in gaz.PLACES and run[1].text in gaz.GIVEN_NAMES:
        yield _name(text, run[:1], "LOC", "gazetteer")
        yield from _label(text, run[1:])
    elif 1 < len(run) < 7 and first in gaz.GIVEN_NAMES:
        yield _name(text, run, "PER", "given-name")
    elif _has_person_form(run):
        yield _name(text, run, "PER", "person-form")
    elif not several and _is_acronym(first):
        if first not in lex.NO_BODIES:
            yield _name(text, run, "ORG", "acronym")
    else:
        yield _name(text, run, "", "sentence-initial" if run[0].opens else "capitalised")


def _has_person_form(run: list[Word]) -> bool:
    """Whether an initial, a particle or a hyphenated given name makes a run a person («Zed K. Ovo», «Ban Ki-moon»)."""
    if len(run) == 2 and _ASIAN_GIVEN_NAME.fullmatch(run[1].text):
        return run[0].text not in gaz.PLACES
    if not 1 < len(run) < 7 or len(run[0].text) == 1:
        return False
    return any(w.text in lex.PERSON_LINKS or len(w.text) == 1 for w in run[1:])


def _is_person(run: list[Word]) -> bool:
    """Whether a run with a keyword is a person all the same («Ann Church»): a given name and one or two words."""
    return len(run) == 2 and run[0].text in gaz.GIVEN_NAMES and run[1].text in lex.SURNAME_WORDS


def _is_acronym(word: str) -> bool:
    letters = word.replace(".", "")
    return len(letters) > 1 and letters.isupper() and len(word) <= 8


def settle(text: str, names: Sequence[Name], lower: set[str], known: Sequence[Name] = ()) -> list[Name]:
    """Labels the names that their form left open, by the rest of the article and by the words beside them."""
    people: set[str] = set()
    labels: dict[str, str] = {}
    n_inside: Counter[str] = Counter()
    votes: Counter[tuple[str, str]] = Counter()
    for n in (*names, *known):
        if n.label == "PER":
            people.update(w for w in n.text.split() if len(w) > 1 and w[0].isupper())
        if n.label and n.confidence >= _SURE:
            labels.setdefault(n.text, n.label)
    for n in names:
        if not n.label:
            votes[n.text, _neighbours(text, n)] += 1
        if n.rule != "sentence-initial":
            n_inside[n.text] += 1
    settled = []
    for n in names:
        if n.label:
            settled.append(n)
            continue
        if n.rule == "surname-title" and n.text not in people:
            continue  # «King», and nobody is called so
        label, rule = _guess(n, people, labels, votes, lower, n_inside[n.text])
        if (
            rule in ("unknown", "person-form")
            and not n_inside[n.text]
            and (" " not in n.text or n.text.lower() in lower)
        ):
            continue  # a word that only ever opens a sentence
        settled.append(replace(n, label=label, confidence=PRECISION[rule], rule=rule))
    return settled


def _neighbours(text: str, n: Name) -> str:
    """What the words beside a name say of it: speaks, place, the (behind an article), or nothing."""
    before = text[max(0, n.start - 12) : n.start]
    if _ARTICLE.search(before):
        return "the"
    after = text[n.end : n.end + 16]
    following = after.split(None, 1)[0].strip(",.") if after[:1] == " " and after.strip() else ""
    if following in lex.SAYING or _SAID_BEFORE.search(before):
        return "speaks"
    return "place" if _PLACE_BEFORE.search(before) else ""


def _guess(
    n: Name, people: set[str], labels: dict[str, str], votes: Counter[tuple[str, str]], lower: set[str], n_inside: int
) -> tuple[str, str]:
    """Label and rule for a name whose form says nothing."""
    words = n.text.split()
    if n.text in labels:
        return labels[n.text], "repeated"
    if words[-1] in people and len(words) <= 3:
        return "PER", "part-of-name"
    common = any(w.lower() in lower or w.lower() in lex.COMMON or w in lex.GENERIC for w in words)
    placed = any(w in gaz.PLACES or w in gaz.DEMONYMS for w in words)
    speaks, place, the = (votes[n.text, kind] for kind in ("speaks", "place", "the"))
    if not n_inside and len(words) == 1 and _PEOPLE.search(n.text):
        return "MISC", "unknown"  # «Demonstrators said …»
    if speaks and speaks >= place and speaks >= the and not (common and words[-1].endswith("s")):
        return ("ORG", "speaks") if placed and len(words) > 1 else ("PER", "speaks")
    if place and place >= the:
        return "LOC", "place-before"
    if the:
        return ("ORG" if placed else "MISC"), "behind-article"
    if len(words) == 1 and words[0] in gaz.GIVEN_NAMES:
        return "PER", "given-name"
    if 1 < len(words) <= 3 and all(w[0].isupper() and not (len(w) > 1 and w.isupper()) for w in words):
        if placed:
            return "ORG", "unknown"
        return ("MISC", "unknown") if common else ("PER", "person-form")
    return "MISC", "unknown"
