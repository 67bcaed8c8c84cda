"""Decisions on names, as the step that finds who is who takes them: with the weight of `entities.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from schemas.fields import LABELS
from tasks.corrections.decisions import AboutNames, SamePerson
from tasks.corrections.judge import Verdict
from tasks.identity.corrections import Chosen, Corrections
from tasks.identity.forms import fold

Form = tuple[str, str, str]  # label, form, part


class _Agreed:
    """What has been said of names so far, without contradiction."""

    def __init__(self) -> None:
        self._parent: dict[Form, Form] = {}
        self._apart: dict[Form, set[Form]] = {}

    def _root(self, form: Form) -> Form:
        while self._parent.setdefault(form, form) != form:
            form = self._parent[form]
        return form

    def join(self, forms: Sequence[Form]) -> bool:
        """Takes the forms for one, unless some are to be different; returns whether it has."""
        roots = list(dict.fromkeys(map(self._root, forms)))
        if any(other in self._apart.get(root, ()) for root in roots for other in roots):
            return False
        first, *others = roots
        for root in others:
            self._parent[root] = first
            for other in self._apart.pop(root, set()):
                self._apart[other] = self._apart[other] - {root} | {first}
                self._apart.setdefault(first, set()).add(other)
        return True

    def part(self, forms: Sequence[Form]) -> bool:
        """Takes each form for another, unless some are to be the same; returns whether it has."""
        roots = list(map(self._root, forms))
        if len(set(roots)) < len(roots):
            return False
        for root in roots:
            self._apart.setdefault(root, set()).update(set(roots) - {root})
        return True


def merged(settled: Corrections, decisions: Sequence[AboutNames]) -> tuple[Corrections, list[Verdict]]:
    """The corrections of `entities.yaml` with those decisions added that do not contradict them, and the verdicts.

    The file wins over decisions, and a later decision, which stands behind in ``decisions``, over earlier ones.
    """
    agreed = _Agreed()
    for group in settled.same:
        for forms in _by_label(group):
            agreed.join(forms)
    for group in settled.different:
        for forms in _by_label(group):
            agreed.part(forms)
    same, different, verdicts = list(settled.same), list(settled.different), list[Verdict]()
    for decision in reversed(decisions):
        group = tuple(_chosen(decision))
        forms = [_form(chosen, chosen.label or "") for chosen in group]
        is_same = isinstance(decision, SamePerson)
        if (agreed.join if is_same else agreed.part)(forms):
            (same if is_same else different).append(group)
            verdicts.append(Verdict(decision, "applied"))
        else:
            verdicts.append(Verdict(decision, "overruled", "The file of names, or a later decision, says otherwise."))
    return Corrections(tuple(same), tuple(different), settled.rename), verdicts


def known(verdict: Verdict, names: pa.Table) -> Verdict:
    """The verdict on a decision on names, which is stale where ``names``, as in an Identity, lacks one of them."""
    if verdict.status != "applied":
        return verdict
    assert isinstance(verdict.decision, AboutNames)
    for name in verdict.decision.names:
        if name.label not in names.filter(pc.equal(names["form"], fold(name.name)))["label"].to_pylist():
            return Verdict(verdict.decision, "stale", f"No article has the name {name.name} ({name.label}).")
    return verdict


def _chosen(decision: AboutNames) -> Iterable[Chosen]:
    for name in decision.names:
        conditions = (("article_id", name.article_id),) if name.article_id else ()
        yield Chosen(name.name, name.label, conditions)


def _by_label(group: Sequence[Chosen]) -> list[list[Form]]:
    """The forms of a group of names under each label that they may have; without a label, a name has every one."""
    forms = {label: [_form(c, label) for c in group if c.label in (None, label)] for label in LABELS}
    return [found for found in forms.values() if found]


def _form(chosen: Chosen, label: str) -> Form:
    return label, fold(chosen.name), chosen.part
