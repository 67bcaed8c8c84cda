"""«Joseph R. Biden Jr.» and «Joe Biden»: when a name with a suffix is the person who is mostly named without it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tasks.identity.clusters import Clusters, Node
from tasks.identity.people import Person, agree, middles_agree
from tasks.identity.printed import Together, separate

# A son is named together with his father now and then. In so many articles, never: there is no father in the news.
ALONE = 5


def merge_suffixes(nodes: Sequence[Node], clusters: Clusters, together: Together) -> None:
    """Merges a name with a suffix and the one fitting name without, if many articles have the first, none has both."""
    plain: dict[str, list[int]] = defaultdict(list)
    suffixed: dict[int, list[int]] = defaultdict(list)
    for k, node in enumerate(nodes):
        if node.person is not None and node.person.given:
            if not node.person.generation:
                plain[node.person.surname].append(k)
            elif node.person.generation != "sr":
                suffixed[clusters.root(k)].append(k)
    pairs: dict[int, list[tuple[int, int]]] = {}
    for root, members in suffixed.items():
        if sum(nodes[k].n_articles for k in members) >= ALONE:
            fitting = [
                (k, other)
                for k in members
                for other in plain[_person(nodes[k]).surname]
                if _fits(nodes[k], nodes[other])
            ]
            if len({clusters.root(other) for _, other in fitting}) == 1:
                pairs[root] = fitting
    apart = separate([pair for fitting in pairs.values() for pair in fitting], nodes, together)
    for fitting in pairs.values():
        if apart.isdisjoint(fitting):
            clusters.merge(*fitting[0])


def _fits(one: Node, other: Node) -> bool:
    a, b = _person(one).given, _person(other).given
    return agree(a[0], b[0]) and middles_agree(a[1:], b[1:])


def _person(node: Node) -> Person:
    assert node.person is not None
    return node.person
