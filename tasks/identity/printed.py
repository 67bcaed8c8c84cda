"""Rules that need evidence: a short form goes with a name where articles print it for that name and hardly another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from tasks.identity.bodies import initials_of, letters_of
from tasks.identity.clusters import Clusters, Node, Positions
from tasks.identity.forms import fold
from tasks.identity.people import Person, conflict, gender_of, is_end_of, is_form_of, parse_person

# Of the articles that print a short form for somebody's name, the share that must mean one and the same person …
SHARE = 0.9
# … in at least so many articles, more for a given name by itself, …
ARTICLES = 3
GIVEN_ARTICLES = 5
# … and in no less than one for every so many articles that leave it open whom they mean.
OPEN = 10
# A full name («Martin Luther King») needs that share of all articles where it occurs to go with a longer one («… Jr.»).
FULL_SHARE = 0.5

Support = dict[tuple[str, str], Counter[int]]
Together = Callable[[Iterable[tuple[str, str, str]], Iterable[tuple[str, str, str]]], Iterator[dict[str, Any]]]


def merge_people_by_print(
    rows: Iterable[Mapping[str, Any]],
    position: Positions,
    nodes: Sequence[Node],
    clusters: Clusters,
    together: Together,
) -> None:
    """Merges surnames, parts of names and names without their suffix with the names for which they are printed.

    ``rows`` are those of ``printed_forms``; ``position`` gives a node's by label and form.
    """
    lone: Support = defaultdict(Counter)
    others: dict[int, Counter[int]] = defaultdict(Counter)
    standing = {(p.surname, p.gender) for node in nodes if (p := node.person) is not None and p.is_lone}
    surnames = {surname for surname, _ in standing}
    for row in rows:
        k = position.get((row["label"], fold(row["name"])))
        if row["label"] != "PER" or k is None or (name := nodes[k].person) is None or name.is_lone:
            continue
        form = parse_person(row["form"])
        if form.is_lone and form.surname in surnames and len(form.surname) > 1 and is_form_of(form, name):
            lone[form.surname, form.gender][k] += row["n"]
        other = position.get(("PER", fold(row["form"])))
        if other is not None and not form.is_lone and other != k and is_form_of(form, name):
            others[other][k] += row["n"]
    _merge_full_names(others, nodes, clusters, together)
    for k, node in enumerate(nodes):
        if node.person is not None and node.person.is_lone:
            _merge_lone(k, node.person, lone, nodes, clusters)


def _merge_lone(k: int, person: Person, lone: Support, nodes: Sequence[Node], clusters: Clusters) -> None:
    support: Counter[int] = Counter()
    for gender in {"", person.gender} if person.gender else ("", "m", "f"):
        for name, n in lone.get((person.surname, gender), {}).items():
            bearer = nodes[name].person
            if bearer is not None and {gender_of(bearer), person.gender} != {"m", "f"}:
                support[clusters.root(name)] += n
    top, n, total = _most(support)
    if not n:
        return
    is_surname = any(
        (bearer := nodes[m].person) is not None and bearer.surname == person.surname and not bearer.is_lone
        for m in clusters.members(top)
    )
    if n >= (ARTICLES if is_surname else GIVEN_ARTICLES) and n >= SHARE * total and OPEN * n >= nodes[k].n_articles:
        clusters.merge(top, k)


def _merge_full_names(
    others: Mapping[int, Counter[int]], nodes: Sequence[Node], clusters: Clusters, together: Together
) -> None:
    chosen: list[tuple[int, int]] = []
    for form in sorted(others):
        top, n, total = _most(_by_set(others[form], clusters))
        if clusters.root(form) == top:
            continue
        name = min((k for k in others[form] if clusters.root(k) == top), key=lambda k: (-others[form][k], k))
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
    short = [("PER", nodes[a].id, name) for a, b in pairs for name in nodes[a].names]
    long = [("PER", nodes[a].id, name) for a, b in pairs for name in nodes[b].names]
    found = {(row["short"], row["long"]) for row in together(short, long)}
    return {(a, b) for a, b in pairs if any((s, n) in found for s in nodes[a].names for n in nodes[b].names)}


def merge_acronyms(
    rows: Iterable[Mapping[str, Any]],
    position: Positions,
    nodes: Sequence[Node],
    clusters: Clusters,
    together: Together,
) -> None:
    """Merges an acronym with the name whose initials it has, where articles give both and no second name competes."""
    short: dict[tuple[str, str], list[int]] = defaultdict(list)
    for k, node in enumerate(nodes):
        if node.person is None and not node.part and (letters := letters_of(node.name)):
            short[node.label, letters].append(k)
    support: Support = defaultdict(Counter)
    for row in rows:
        letters, name = letters_of(row["form"]), position.get((row["label"], fold(row["name"])))
        if letters and name is not None and (row["label"], letters) in short and _stands_for(letters, row["name"]):
            support[row["label"], letters][name] += row["n"]
    long = [
        (node.label, letters, name)
        for node in nodes
        if node.person is None and not node.part
        for name in node.names
        for letters in initials_of(name)
        if (node.label, letters) in short
    ]
    acronyms = [(label, letters, n) for (label, letters), ks in short.items() for k in ks for n in nodes[k].names]
    for row in together(acronyms, long):
        whole = position[row["label"], fold(row["long"])]
        support[row["label"], letters_of(row["short"]) or fold(row["short"])][whole] += row["n"]
    for key, acronyms_alike in short.items():
        top, n, total = _most(_by_set(support.get(key, {}), clusters))
        if n >= (ARTICLES if len(key[1]) == 2 else 1) and n >= SHARE * total:
            for acronym in acronyms_alike:
                clusters.merge(top, acronym)


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
