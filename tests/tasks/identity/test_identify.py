"""What is found with what was known of a lake is what is found from all of its articles."""

from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.identity.corrections import Corrections, CorrectionsError, parse_corrections
from tasks.identity.entities import Identity
from tasks.identity.evidence import opened
from tasks.identity.knowledge import KnowledgeBase
from tasks.identity.known import read_known
from tasks.identity.resolve import resolve, resolve_anew, resolve_changes
from tests.tasks.identity.pairs import appearance, entities_by_name, table
from tests.tasks.identity.worlds import invented, who

NOTHING = Corrections()


def grown(seed, n_families, folder, n_steps):
    """Lets a world grow, from what was known and anew each time; how often names became one, or parted."""
    world, before, last, seen = invented(seed, folder, n_families), None, {}, Counter()
    for step in range(n_steps):
        changed = world.step()
        after = folder / f"{step}"
        try:
            anew = who(world, None, None, folder / f"{step}-anew")
        except CorrectionsError as error:
            with pytest.raises(CorrectionsError, match=str(error)):
                who(world, changed, before, after)
            break
        assert who(world, changed, before, after) == anew
        entities = {(row["label"], row["name"]): row["entity_id"] for row in anew[0].to_pylist()}
        both = entities.keys() & last.keys()
        seen["became one"] += joined({name: entities[name] for name in both}, last)
        seen["parted"] += joined({name: last[name] for name in both}, entities)
        seen["parts"] += anew[1].num_rows
        before, last = after, entities
    return seen


def joined(one, other):
    """The number of entities of ``one`` whose names are of several in ``other``."""
    found = {}
    for name, entity in one.items():
        found.setdefault(entity, set()).add(other[name])
    return sum(len(entities) > 1 for entities in found.values())


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), n_families=st.integers(1, 40))
def test_it_is_as_if_all_articles_had_come_at_once(seed, n_families, tmp_path_factory):
    grown(seed, n_families, tmp_path_factory.mktemp("world"), 4)


def test_so_it_is_where_names_become_one_and_part_again(tmp_path):
    seen = grown(0, 40, tmp_path, 6)
    assert seen["became one"] >= 10
    assert seen["parted"] >= 4
    assert seen["parts"] >= 10


def lake(n):
    """Two names each in n articles: a person with a surname that nobody shares, and one of a few bodies."""
    rows = []
    for k in range(n):
        surname = "".join(chr(ord("a") + int(digit)) for digit in f"{k:04}").title() + "wick"
        rows.append(appearance(f"a{k}", "PER", f"Ida {surname}", forms=[surname, "Ida"]))
        rows.append(appearance(f"a{k}", "ORG", f"Body of {surname[:3]}", forms=["HB"]))
    return rows


def changed(rows, more, corrections=NOTHING, knowledge=None):
    """The identity of a lake's rows, the identity with more of them, and how many names were looked at for these."""
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        with opened(table(rows)) as connection:
            resolve_anew(connection, corrections, knowledge, Path(first))
        known = read_known(Path(first))
        with opened(table([*rows, *more])) as connection:
            connection.register("touched", table(more).select(["label", "name"]))
            resolve_changes(connection, corrections, knowledge, known, Path(second))
            looked_at = [connection.table(name).shape[0] for name in ("affected", "described")]
        before, after = Identity.of(known), Identity.of(read_known(Path(second)))
    assert after.entities == resolve(table([*rows, *more]), corrections, knowledge).entities
    return before, after, looked_at


def bearers(identity, word):
    """The other names of the entity that a word goes with."""
    of = entities_by_name(identity)
    return [name for (label, name), entity in of.items() if entity == of["PER", word] and name != word]


def test_little_of_a_lake_is_looked_at_for_an_article():
    rows = lake(500)
    more = [
        appearance("b", "PER", "I. Abbbwick"),
        appearance("b", "ORG", "Body of Abc"),
        appearance("b", "LOC", "Brünn"),
    ]
    before, _, (n_affected, n_described) = changed(rows, more)
    assert before.names.num_rows > 500
    assert n_affected == 4
    assert n_described == 3


def test_a_word_comes_to_a_name_and_leaves_it_without_being_resolved():
    rows = [appearance(f"c{k}", "PER", "Ida Holm", forms=["Ida"]) for k in range(4)]
    rows += [appearance("d", "PER", "Ida"), appearance("d", "PER", "Bo Kern", forms=["Bo", "Kern"])]
    more = [appearance("e", "PER", "Ida Holm", forms=["Ida"])]
    before, after, (n_affected, _) = changed(rows, more)
    assert [bearers(before, "Ida"), bearers(after, "Ida")] == [[], ["Ida Holm"]]
    assert n_affected == 1
    more = [appearance("f", "PER", "Ida Kern", forms=["Ida"])]
    before, after, (n_affected, _) = changed([*rows, appearance("e", "PER", "Ida Holm", forms=["Ida"])], more)
    assert [bearers(before, "Ida"), bearers(after, "Ida")] == [["Ida Holm"], []]
    assert n_affected == 2


IDA, KERN = appearance("a", "PER", "Ida Holm"), appearance("b", "PER", "Bo Kern", published_on=date(2020, 1, 1))
WHO, OFFICE = appearance("a", "ORG", "WHO"), appearance("a", "ORG", "World Harbour Office")


@pytest.mark.parametrize(
    ("rows", "more"),
    [
        pytest.param([IDA, KERN], IDA | {"article_id": "c"}, id="a correction"),
        pytest.param(
            [appearance("a", "PER", "Vera Ash"), appearance("b", "PER", "Vera Birch")],
            appearance("c", "PER", "Vera Birch"),
            id="a record of the knowledge base",
        ),
        pytest.param([appearance("a", "PER", "Ida Ii")], appearance("b", "PER", "Ida II"), id="a form"),
        pytest.param([OFFICE], WHO, id="an acronym that comes to a name"),
        pytest.param([WHO], OFFICE, id="a name that comes to an acronym"),
        pytest.param(
            [appearance("a", "PER", "Ida Mc Holm")], appearance("b", "PER", "Ida McHolm"), id="words without gaps"
        ),
    ],
)
def test_what_joins_names_is_followed(rows, more, tmp_path):
    file = tmp_path / "knowledge.csv"
    file.write_text("id,name,aliases,label\nQ1,Vera Ash,Vera Birch,PER\n")
    corrections = parse_corrections({"same": [["Ida Holm", "Bo Kern"]]})
    _, after, _ = changed(rows, [more], corrections, KnowledgeBase(file))
    assert after.entities.num_rows == 1
