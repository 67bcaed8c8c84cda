"""What articles print for a name: a form that stands for it, and a full name that goes with a longer one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, product

from tasks.identity.bodies import initials_of, letters_of
from tasks.identity.clusters import Clusters, Node, Positions
from tasks.identity.forms import fold
from tasks.identity.people import Person, conflict, is_end_of, is_form_of, parse_person

# Of the articles that print a short form for somebody's name, the share that must mean one and the same person …
SHARE = 0.9
# … in at least so many articles …
ARTICLES = 3
# … and in no less than one for every so many articles that leave it open whom they mean.
OPEN = 10
# A full name («Martin Luther King») needs that share of all articles where it occurs to go with a longer one («… Jr.»).
FULL_SHARE = 0.5

Together = Callable[[Iterable[tuple[str, str]]], set[tuple[str, str]]]
FullNames = dict[int, Counter[int]]
"""For the position of a name, those of the names for which it is printed, with the number of articles."""


def read_printed(
    rows: Iterable[tuple[str, str, str, int]], position: Positions, nodes: Sequence[Node], full_names: FullNames
) -> Iterator[tuple[str | int | None, ...]]:
    """The rows PRINTED, of those of ``printed_forms``; fills ``full_names``."""
    for label, name, form, n in rows:
        k = position[label, fold(name)]
        person = nodes[k].person
        word, gender = _word(form, name, person)
        alias = fold(form) if is_alias(form, nodes[k]) else None
        if alias is not None or word is not None:
            yield label, name, form, n, alias, word, gender
        if person is not None and not person.is_lone:
            other = position.get((label, fold(form)))
            if other is not None and other != k and _is_full_name(form, nodes[other].person, person):
                full_names.setdefault(other, Counter())[k] += n


def _word(form: str, name: str, person: Person | None) -> tuple[str | None, str]:
    """The word or acronym that a form is, if it speaks for the name, and the gender that its title tells."""
    if person is None:
        letters = letters_of(form)
        return (letters if letters and _stands_for(letters, name) else None), ""
    word = parse_person(form)
    if person.is_lone or not word.is_lone or len(word.surname) == 1 or not is_form_of(word, person):
        return None, ""
    return word.surname, word.gender


def _is_full_name(form: str, person: Person | None, longer: Person) -> bool:
    """Whether a form that is a name of its own, with these parts, has the surname of a longer one and fits it."""
    parts = parse_person(form)
    is_of_surname = person is not None and person.surname == longer.surname
    return is_of_surname and not parts.is_lone and is_form_of(parts, longer)


def merge_full_names(full_names: FullNames, nodes: Sequence[Node], clusters: Clusters, together: Together) -> None:
    """Merges parts of names and names without their suffix with the names for which they are printed."""
    chosen: list[tuple[int, int]] = []
    for form in sorted(full_names):
        top, n, total = _most(_by_set(full_names[form], clusters))
        if clusters.root(form) == top:
            continue
        name = min((k for k in full_names[form] if clusters.root(k) == top), key=lambda k: (-full_names[form][k], k))
        short, long = nodes[form].person, nodes[name].person
        assert short is not None
        assert long is not None
        is_part = short.is_weak or is_end_of(short, long)
        of = total if is_part else total + nodes[form].n_articles
        if n >= ARTICLES and n >= (SHARE if is_part else FULL_SHARE) * of and OPEN * n >= nodes[form].n_articles:
            chosen.append((form, name))
    apart = separate(chosen, nodes, together)
    for form, name in chosen:
        if (form, name) not in apart:
            clusters.merge(name, form)


def separate(pairs: Sequence[tuple[int, int]], nodes: Sequence[Node], together: Together) -> set[tuple[int, int]]:
    """The pairs of which an article has both, as names of two people."""
    names = {(a, b): [*product(nodes[a].names, nodes[b].names)] for a, b in pairs}
    found = together(chain.from_iterable(names.values())) if names else set()
    return {pair for pair, printed in names.items() if not found.isdisjoint(printed)}


def _stands_for(letters: str, name: str) -> bool:
    """Whether the letters are a name's initials, all but one at the end at most: CDC, of …Control and Prevention."""
    return any(letters == i or (len(letters) > 2 and i[:-1] == letters) for i in initials_of(name))


def _by_set(support: Mapping[int, int], clusters: Clusters) -> Counter[int]:
    """Articles by set, of articles by name."""
    found: Counter[int] = Counter()
    for k, n in support.items():
        found[clusters.root(k)] += n
    return found


def _most(support: Counter[int]) -> tuple[int, int, int]:
    """The set with the most articles, those articles, and all articles."""
    if not support:
        return -1, 0, 0
    top = min(support, key=lambda k: (-support[k], k))
    return top, support[top], support.total()


def is_alias(form: str, node: Node) -> bool:
    """Whether a printed form may serve to ask for the entity of that name."""
    if node.person is not None:
        person = parse_person(form)
        return len(person.words[0]) > 1 and is_form_of(person, node.person) and not conflict(person, node.person)
    letters = letters_of(form)
    return bool(letters) and _stands_for(letters, node.name)
