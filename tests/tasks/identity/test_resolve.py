import os
import subprocess
import sys
import textwrap
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.identity import entities
from tasks.identity.forms import fold, form_id
from tasks.identity.people import conflict, parse_person
from tasks.identity.resolve import resolve
from tests.tasks.identity.pairs import appearance, entities_by_name, table

DAY = [date(2020, 1, day) for day in range(1, 29)]


def found(rows, **more):
    """The sets of names that the rows come to, each sorted."""
    sets = {}
    for (_, name), entity in entities_by_name(resolve(table(rows), **more)).items():
        sets.setdefault(entity, set()).add(name)
    return sorted(sorted(names) for names in sets.values())


def people(*names, **more):
    return [appearance(f"{name}{n}", "PER", name, **more) for n, name in enumerate(names)]


def test_no_appearances():
    identity = resolve(table([]))
    assert (identity.names.num_rows, identity.exceptions.num_rows, identity.entities.num_rows) == (0, 0, 0)


def test_entities_are_described_in_blocks_that_do_not_show(monkeypatch):
    names = [f"{given} {surname}" for given in ("Ida", "Bo", "Ann") for surname in ("Holm", "Kern", "Vahl", "Osei")]
    rows = [*people(*names, roles=["mayor"]), *people("Holm", "I. Kern", forms=["B. Vahl"])]
    whole = resolve(table(rows)).entities
    assert whole.num_rows == 13
    assert whole["entity_id"].to_pylist() == sorted(whole["entity_id"].to_pylist())
    for size in (1, 5):
        monkeypatch.setattr(entities, "BLOCK", size)
        assert resolve(table(rows)).entities.equals(whole)


def test_an_entity_has_all_that_its_names_have():
    rows = [
        appearance(
            "a", "PER", "Ida Holm", published_on=DAY[4], n_mentions=3, n_quotes=2, roles=["mayor"], forms=["Holm"]
        ),
        appearance("b", "PER", "Mayor Ida Holm", published_on=DAY[2], roles=["mayor", "physician"]),
        appearance("c", "PER", "Ida M. Holm", n_quotes=1),
        appearance("c", "PER", "Ida Holm", published_on=DAY[9]),
    ]
    (entity,) = resolve(table(rows)).entities.to_pylist()
    mayor = {"role": "mayor", "n": 2, "first_on": DAY[2], "last_on": DAY[4]}
    physician = {"role": "physician", "n": 1, "first_on": DAY[2], "last_on": DAY[2]}
    assert entity == {
        "entity_id": form_id("PER", "mayor ida holm"),
        "name": "Ida Holm",
        "label": "PER",
        "aliases": ["Ida Holm", "Holm", "Ida M. Holm", "Mayor Ida Holm"],
        "alias_ids": sorted(form_id("PER", form) for form in ("ida holm", "ida m holm", "holm")),
        "roles": [mayor, physician],
        "n_articles": 3,
        "n_mentions": 6,
        "n_quotes": 3,
        "first_seen_on": DAY[2],
        "last_seen_on": DAY[9],
        "wikidata_id": None,
    }


def test_a_role_is_the_same_in_whatever_apostrophe_case_and_article_it_is_printed() -> None:
    printed = ["The Line’s chair", "the Line's chair", "The Line’s chair", "treasurer"]
    rows = [
        appearance(f"a{i}", "PER", "Ida Holm", published_on=DAY[i], roles=[role]) for i, role in enumerate(printed, 1)
    ]
    (entity,) = resolve(table(rows)).entities.to_pylist()
    assert [(role["role"], role["n"]) for role in entity["roles"]] == [("The Line’s chair", 3), ("treasurer", 1)]


def test_an_older_article_changes_the_id_and_the_old_id_stays_an_alias():
    rows = people("Ida Holm", published_on=DAY[5])
    (before,) = resolve(table(rows)).entities.to_pylist()
    (after,) = resolve(table(rows + people("Ida M. Holm", published_on=DAY[1]))).entities.to_pylist()
    assert after["entity_id"] == form_id("PER", "ida m holm") != before["entity_id"]
    assert before["entity_id"] in after["alias_ids"]


def test_a_form_that_may_mean_another_tomorrow_is_no_id():
    rows = people("I. Holm", published_on=DAY[0]) + people("Ida Holm", published_on=DAY[5])
    (entity,) = resolve(table(rows)).entities.to_pylist()
    assert entity["entity_id"] == form_id("PER", "ida holm")
    assert entity["alias_ids"] == [form_id("PER", "i holm")]


def test_a_surname_goes_with_the_one_for_whom_articles_print_it():
    expanded = [appearance(f"a{n}", "PER", "Ida Holm", forms=["Holm", "Ms. Holm"]) for n in range(9)]
    assert found([*expanded, *people("Holm")]) == [["Holm", "Ida Holm"]]
    rival = [appearance("b", "PER", "Jan Holm", forms=["Holm"])]
    assert found([*expanded, *rival, *people("Holm")]) == [["Holm", "Ida Holm"], ["Jan Holm"]]
    rivals = [appearance(f"b{n}", "PER", "Jan Holm", forms=["Holm"]) for n in range(3)]
    assert found([*expanded, *rivals, *people("Holm")]) == [["Holm"], ["Ida Holm"], ["Jan Holm"]]


def test_a_title_tells_which_of_a_couple_is_meant():
    rows = [appearance(f"a{n}", "PER", "Robert Holm", forms=["Holm"]) for n in range(9)]
    rows += [appearance(f"b{n}", "PER", "Ida Holm", forms=["Mrs. Holm"]) for n in range(3)]
    assert found([*rows, *people("Mrs. Holm")]) == [["Ida Holm", "Mrs. Holm"], ["Robert Holm"]]


def test_an_initial_that_two_people_share_stays_alone():
    assert found(people("I. Holm", "Ida Holm")) == [["I. Holm", "Ida Holm"]]
    assert found(people("I. Holm", "Ida Holm", "Ingrid Holm")) == [["I. Holm"], ["Ida Holm"], ["Ingrid Holm"]]


def test_a_name_that_fits_two_who_differ_stays_alone():
    assert found(people("John Holm", "John A. Holm")) == [["John A. Holm", "John Holm"]]
    assert found(people("John Holm", "John A. Holm", "John B. Holm")) == [
        ["John A. Holm"],
        ["John B. Holm"],
        ["John Holm"],
    ]


def test_a_nickname_means_nothing_among_many_of_that_surname():
    assert ["Bill Holm", "William Holm"] in found(people("Bill Holm", "William Holm", "Ida Holm"))
    crowd = people(*(f"{chr(65 + a)}{chr(97 + b)}rk Holm" for a in range(10) for b in range(6)))
    assert ["Bill Holm"] in found([*people("Bill Holm", "William Holm"), *crowd])


def test_a_name_without_its_suffix_is_the_father_if_an_article_has_both():
    sons = [appearance(f"a{n}", "PER", "Jan Holm Jr.") for n in range(6)]
    assert found([*sons, *people("Jan Holm")]) == [["Jan Holm", "Jan Holm Jr."]]
    assert found([*sons, appearance("a0", "PER", "Jan Holm")]) == [["Jan Holm"], ["Jan Holm Jr."]]
    assert found([*sons[:4], *people("Jan Holm")]) == [["Jan Holm"], ["Jan Holm Jr."]]


def test_an_acronym_that_two_names_claim_stays_alone():
    trust = [appearance("a", "ORG", name) for name in ("Penrith Harbour Trust", "PHT")]
    assert found(trust) == [["PHT", "Penrith Harbour Trust"]]
    team = [appearance("b", "ORG", name) for name in ("Polar Hockey Team", "PHT")]
    assert found([*trust, *team]) == [["PHT"], ["Penrith Harbour Trust"], ["Polar Hockey Team"]]


def test_a_father_does_not_come_in_through_a_chain_of_names():
    rows = people("Jan Holm Sr.", "Jan Holm Jr.", "Jan Holm", "J. Holm", "Jan K. Holm Jr.", "Dr. Jan Holm")
    for group in found(rows):
        persons = [parse_person(name) for name in group]
        assert not any(conflict(a, b) for a in persons for b in persons)


WORDS = [
    "Ida",
    "Jan",
    "Bill",
    "William",
    "I.",
    "J.",
    "K.",
    "Holm",
    "Holmsky",
    "Holmskyy",
    "Kern",
    "Lee",
    "al-Kern",
    "Jr.",
    "Sr.",
]
BODIES = ["Kern Board", "KB", "K.B.", "Kern Bank Inc.", "the Kern Bank", "Kern", "Holm", "US", "U.S.", "United States"]
names = st.one_of(
    st.tuples(st.just("PER"), st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)),
    st.tuples(st.sampled_from(["ORG", "LOC", "MISC"]), st.sampled_from(BODIES)),
)


@st.composite
def lakes(draw):
    """Appearances with one row an article, label and name."""
    rows = {}
    for label, name in draw(st.lists(names, min_size=1, max_size=25)):
        article = draw(st.integers(0, 6))
        forms = [name.split()[-1]] if draw(st.booleans()) and " " in name else []
        day = DAY[article] if article else None
        rows[article, label, name] = appearance(
            f"a{article}", label, name, published_on=day, forms=forms, roles=["mayor"]
        )
    return list(rows.values())


def written(identity):
    """The bytes of the tables as Parquet."""
    sinks = []
    for part in (identity.names, identity.exceptions, identity.entities):
        sinks.append(pa.BufferOutputStream())
        pq.write_table(part, sinks[-1])
    return [sink.getvalue().to_pybytes() for sink in sinks]


@settings(max_examples=12, deadline=None)
@given(lakes(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_runs_order_and_batches_do_not_matter(rows, random, n):
    shuffled = random.sample(rows, len(rows))
    batches = [table(shuffled[k::n]) for k in range(n)]
    once = written(resolve(table(rows)))
    assert once == written(resolve(table(rows)))
    assert once == written(resolve(pa.concat_tables(batches)))


def test_the_hash_seed_of_the_process_does_not_matter():
    script = """
        import hashlib, itertools
        from tests.tasks.identity.pairs import appearance, table
        from tests.tasks.identity.test_resolve import BODIES, WORDS, written
        from tasks.identity.resolve import resolve
        pairs = [" ".join(p) for p in itertools.product(WORDS, WORDS)]
        rows = [appearance(f"a{n % 9}", "PER", name, forms=[name.split()[-1]]) for n, name in enumerate(pairs)]
        rows += [appearance(f"a{n % 3}", "ORG", name) for n, name in enumerate(BODIES)]
        print(hashlib.sha256(b"".join(written(resolve(table(rows))))).hexdigest())
    """
    environments = [os.environ | {"PYTHONHASHSEED": seed} for seed in ("1", "2")]
    command = [sys.executable, "-c", textwrap.dedent(script)]
    assert len({subprocess.run(command, env=e, check=True, capture_output=True).stdout for e in environments}) == 1


@settings(max_examples=12, deadline=None)
@given(lakes())
def test_what_holds_for_every_lake(rows):
    identity = resolve(table(rows))
    of = entities_by_name(identity)
    assert set(of) == {(row["label"], row["name"]) for row in rows}
    entities = {row["entity_id"]: row for row in identity.entities.to_pylist()}
    assert set(of.values()) == set(entities)
    for (label, name), entity_id in of.items():
        entity = entities[entity_id]
        assert entity["label"] == label
        assert name in entity["aliases"]
        assert form_id(label, fold(name)) in [entity_id, *entity["alias_ids"]]
    ids = [i for e in entities.values() for i in [e["entity_id"], *e["alias_ids"]]]
    assert len(ids) == len(set(ids)), "an id leads to one entity"
    assert sum(e["n_mentions"] for e in entities.values()) == len(rows)
    for entity_id in entities:
        persons = [parse_person(name) for (label, name), e in of.items() if e == entity_id and label == "PER"]
        assert not any(conflict(a, b) for a in persons for b in persons)


def test_names_that_are_none_do_no_harm():
    odd = ["", " ", "…", "\u0301", "Mr.", "'s", "x" * 5000, "J. " * 3000, "Ab " * 3000, "\x00", "😀"]
    rows = [appearance(f"a{n}", label, name) for n, name in enumerate(odd) for label in ("PER", "ORG", "LOC", "MISC")]
    assert resolve(table(rows)).names.num_rows == len(rows)
