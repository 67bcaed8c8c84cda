"""Rules by which spelling alone makes two names one. Names meet in blocks, so that cost grows with names, not pairs."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from hashlib import blake2b

import numpy as np

from tasks.extract.gazetteer import GIVEN_NAMES
from tasks.identity.bodies import body_keys
from tasks.identity.clusters import Clusters, Node
from tasks.identity.people import Person, agree, middles_agree
from tasks.identity.spelling import given_key, given_names, surname_key

# With more given names than this beside one surname in a lake, chance brings a Bill and a William together.
CROWDED = 50
_LONGEST = 6
_KEY = np.dtype("V16")


def keys_of(label: str, name: str, person: Person | None) -> Iterable[Hashable]:
    """The keys of a name, ``person`` its parts if it is a person's; names of one label that share one are the same."""
    if person is None:
        return body_keys(label, name)
    if person.is_lone:
        return [("lone", person.surname, person.gender, person.generation)]
    spelt = tuple(given_key(word) for word in person.given)
    return [("joined", "".join(person.words), person.generation), (person.surname, spelt, person.generation)]


def keys_of_node(node: Node) -> set[tuple[str, Hashable]]:
    """Label and key, for all ways to print a form; none for what a correction split off: no rule adds to that."""
    if node.part:
        return set()
    return {(node.label, key) for name in node.names for key in keys_of(node.label, name, node.person)}


def merge_by_spelling(nodes: Sequence[Node], clusters: Clusters) -> None:
    """Merges nodes with a common key, then people block by block: one block a surname and generation."""
    for bucket in _grouped(range(len(nodes)), lambda k: keys_of_node(nodes[k])):
        clusters.merge_all(bucket)
    people = [(k, person) for k, node in enumerate(nodes) if (person := node.person) is not None]
    for block in _grouped([k for k, p in people if p.given], lambda k: [_block(nodes[k])]):
        _merge_block(block, nodes, clusters)
    for block in _grouped([k for k, p in people if p.is_regnal], lambda k: [_person(nodes[k]).surname]):
        generations = {_person(nodes[k]).generation for k in block} - {""}
        if len(generations) == 1:
            clusters.merge_all(block)


def _merge_block(block: list[int], nodes: Sequence[Node], clusters: Clusters) -> None:
    _merge_ends(block, nodes, clusters)
    groups = _by_given_name(block, nodes)
    for group in groups.values():
        _merge_further_names(group, nodes, clusters)
    by_letter: dict[str, list[int]] = defaultdict(list)
    for first, group in groups.items():
        if len(first) > 1:
            for k in group:
                for letter in {first[0], *(word[0] for word in _person(nodes[k]).given)}:
                    by_letter[letter].append(k)
    for letter in [first for first in groups if len(first) == 1]:
        for k in groups[letter]:
            _merge_initial(k, by_letter.get(letter, ()), nodes, clusters)


def _merge_ends(block: list[int], nodes: Sequence[Node], clusters: Clusters) -> None:
    """Merges «Vargas Llosa» with the one name that ends so; not «Ann Lee» with «Mary Ann Lee»: Ann is a given name."""
    ends: dict[tuple[str, ...], list[int]] = {}
    for k in block:
        words = _person(nodes[k]).words
        if words[0].capitalize() not in GIVEN_NAMES and len(words[0]) > 1:
            ends.setdefault(_spelt(words), []).append(k)
    longer: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for k in block:
        words = _spelt(_person(nodes[k]).words)
        for start in range(1, min(len(words) - 1, _LONGEST)):
            if words[start:] in ends:
                longer[words[start:]].append(k)
    for words, found in longer.items():
        if len({clusters.root(k) for k in found}) == 1:
            for k in ends[words]:
                clusters.merge(found[0], k)


def _spelt(words: tuple[str, ...]) -> tuple[str, ...]:
    return (*map(given_key, words[:-1]), surname_key(words[-1]))


def _merge_initial(k: int, others: Iterable[int], nodes: Sequence[Node], clusters: Clusters) -> None:
    """Merges «W. Bush» with the one person of that surname who has a given name, first or further, with that letter."""
    given = _person(nodes[k]).given
    fitting: set[int] = set()
    for other in others:
        names = _person(nodes[other]).given
        if len(given) == 1 or (agree(given[0], names[0]) and middles_agree(given[1:], names[1:])):
            fitting.add(clusters.root(other))
            if len(fitting) > 1:
                return
    for root in fitting:
        clusters.merge(root, k)


def _by_given_name(block: list[int], nodes: Sequence[Node]) -> dict[str, list[int]]:
    """Positions by first given name, nicknames with the name they stand for, where it is plain which."""
    firsts = {_person(nodes[k]).given[0] for k in block}
    plain = {name for first in firsts if len(names := given_names(first)) == 1 for name in names}
    groups: dict[str, list[int]] = defaultdict(list)
    for k in block:
        first = _person(nodes[k]).given[0]
        fitting = given_names(first) & plain
        name = next(iter(fitting)) if len(fitting) == 1 and len(firsts) <= CROWDED else given_key(first)
        groups[name].append(k)
    return groups


def _merge_further_names(group: list[int], nodes: Sequence[Node], clusters: Clusters) -> None:
    """Merges a name with those that say more («Donald J.» with «Donald John»), if those go with each other."""
    by_middles: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for k in group:
        by_middles[_person(nodes[k]).given[1:]].append(k)
    for middles in sorted(by_middles, key=lambda m: (-len(m), m)):
        clusters.merge_all(by_middles[middles])
        fuller = [m for m in by_middles if m != middles and len(m) >= len(middles) and middles_agree(m, middles)]
        if _go_together(fuller):
            for m in fuller:
                clusters.merge(by_middles[m][0], by_middles[middles][0])


def _go_together(names: list[tuple[str, ...]]) -> bool:
    return all(middles_agree(a, b) for i, a in enumerate(names) for b in names[i + 1 :])


def _block(node: Node) -> Hashable:
    return _person(node).surname, _person(node).generation


def _person(node: Node) -> Person:
    assert node.person is not None
    return node.person


def _grouped(positions: Iterable[int], keys: Callable[[int], Iterable[Hashable]]) -> list[list[int]]:
    """The positions that share a key, a list a key with two or more; in an order that is no matter of the keys.

    Most keys have one position only, so what is kept of a key is a digest of what it looks like.
    """
    digests, found = bytearray(), array("I")
    for k in positions:
        for key in keys(k):
            digests += blake2b(repr(key).encode(), digest_size=_KEY.itemsize).digest()
            found.append(k)
    _, which, sizes = np.unique(np.frombuffer(digests, _KEY), return_inverse=True, return_counts=True)
    order = np.argsort(which, kind="stable")
    order = order[sizes[which[order]] > 1]
    groups = np.split(np.asarray(found)[order], np.flatnonzero(np.diff(which[order])) + 1)
    return sorted(group.tolist() for group in groups if len(group))
