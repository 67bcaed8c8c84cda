import pytest

from tasks.identity.corrections import Corrections, CorrectionsError, parse_corrections, read_corrections
from tasks.identity.forms import form_id
from tasks.identity.resolve import resolve
from tests.tasks.identity.pairs import appearance, entities_by_name, table


def test_corrections_win_over_rules():
    names = ["Ida Holm", "Ida M. Holm", "Jan Kern", "Robert Penhale"]
    rows = [appearance(f"a{n}", "PER", name) for n, name in enumerate(names)]
    by_rule = entities_by_name(resolve(table(rows)))
    assert by_rule["PER", "Ida Holm"] == by_rule["PER", "Ida M. Holm"] != by_rule["PER", "Jan Kern"]
    content = {
        "different": [["Ida Holm", "Ida M. Holm"]],
        "same": [["Jan Kern", "Robert Penhale", "Nobody Here"]],
        "rename": {"jan kern": "Jan Kern-Penhale"},
    }
    identity = resolve(table(rows), parse_corrections(content))
    ids = entities_by_name(identity)
    assert ids["PER", "Ida Holm"] != ids["PER", "Ida M. Holm"]
    assert ids["PER", "Jan Kern"] == ids["PER", "Robert Penhale"]
    (renamed,) = [e for e in identity.entities.to_pylist() if e["entity_id"] == ids["PER", "Jan Kern"]]
    assert renamed["name"] == "Jan Kern-Penhale"
    assert renamed["aliases"] == ["Jan Kern-Penhale", "Jan Kern", "Robert Penhale"]


def test_one_name_of_two_people_is_split_by_conditions():
    rows = [
        appearance("a", "PER", "Ida Holm", publisher="gazette.example", n_quotes=1, roles=["mayor"]),
        appearance("b", "PER", "Ida Holm", publisher="tribune.example"),
        appearance("c", "PER", "Dr. Ida Holm", publisher="gazette.example"),
        appearance("d", "PER", "Ida Holm", publisher="tribune.example", affiliations=["Harbour Board"]),
    ]
    mayor = {"name": "Ida Holm", "publisher": "gazette.example", "role": "mayor"}
    pilot = {"name": "Ida Holm", "affiliation": "Harbour Board"}
    identity = resolve(table(rows), parse_corrections({"different": [["Ida Holm", mayor, pilot]], "same": []}))
    of = {r["article_id"]: r["entity_id"] for r in identity.exceptions.to_pylist()}
    assert of == {
        "a": form_id("PER", "ida holm", "publisher=gazette.example\x1frole=mayor"),
        "d": form_id("PER", "ida holm", "affiliation=Harbour Board"),
    }
    counts = {e["entity_id"]: (e["n_articles"], e["n_quotes"]) for e in identity.entities.to_pylist()}
    assert counts == {of["a"]: (1, 1), of["d"]: (1, 0), identity.names["entity_id"][0].as_py(): (2, 0)}


def test_a_correction_may_speak_of_one_label():
    rows = [appearance("a", label, name) for label in ("ORG", "LOC") for name in ("Holm", "Kern")]
    one = [{"name": "Holm", "label": "ORG"}, {"name": "Kern", "label": "ORG"}]
    ids = entities_by_name(resolve(table(rows), parse_corrections({"same": [one]})))
    assert ids["ORG", "Holm"] == ids["ORG", "Kern"]
    assert len(set(ids.values())) == 3


def test_nothing_said_is_nothing_corrected(tmp_path):
    (tmp_path / "entities.yaml").write_text("# none yet\n")
    assert read_corrections(tmp_path / "entities.yaml") == Corrections()
    assert parse_corrections({"same": None, "rename": None}) == Corrections()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "expected the keys same, different and rename"),
        ({"sames": []}, "unknown key 'sames'; expected same, different or rename"),
        ({"same": "Holm"}, "same: expected a list of lists of names"),
        ({"same": [["Ida Holm"]]}, "same: entry 1: expected a list of two or more names, found ['Ida Holm']"),
        ({"same": [["Holm", 7]]}, "same: entry 1: expected a name, or a mapping with a name, found 7"),
        ({"same": [["Holm", {"label": "PER"}]]}, "same: entry 1: a mapping needs a name"),
        (
            {"same": [["Holm", {"name": "Kern", "label": "DOG"}]]},
            "same: entry 1: label 'DOG' is none of PER, ORG, LOC, MISC",
        ),
        (
            {"different": [["Holm", {"name": "Holm", "where": "x"}]]},
            "different: entry 1: unknown key 'where'; expected name, label, publisher, article_id, role, affiliation",
        ),
        (
            {"different": [["Holm", {"name": "Holm", "publisher": 7}]]},
            "different: entry 1: publisher: expected text in quotation marks, found 7",
        ),
        ({"rename": {"Holm": None}}, "rename: Holm: expected the name to show, found None"),
        ({"rename": ["Holm"]}, "rename: expected a mapping of a name to the name to show"),
        (
            {"same": [["A B", "C D"], ["C D", "E F"]], "different": [["E F", "A B"]]},
            "different: entry 1: E F and A B are to be the same, too",
        ),
        ({"different": [["Guaidó", "GUAIDO"]]}, "different: entry 1: Guaidó and GUAIDO are one form: give conditions"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(content, message):
    with pytest.raises(CorrectionsError) as raised:
        parse_corrections(content)
    assert str(raised.value) == message


def test_a_contradiction_under_one_label_is_found(tmp_path):
    rows = [appearance("a", "PER", name) for name in ("Ida Holm", "Jan Kern")]
    org = {"name": "Ida Holm", "label": "PER"}
    content = {"same": [["Ida Holm", "Jan Kern"]], "different": [[org, "Jan Kern"]]}
    with pytest.raises(CorrectionsError, match="same: Ida Holm and Jan Kern are to be different, too"):
        resolve(table(rows), parse_corrections(content))


@pytest.mark.parametrize("text", ["same: [", "a: \x00", "- !!python/object:os.system {}"])
def test_a_file_that_is_no_yaml(tmp_path, text):
    path = tmp_path / "entities.yaml"
    path.write_text(text)
    with pytest.raises(CorrectionsError) as raised:
        read_corrections(path)
    assert str(raised.value).startswith(f"{path}: not valid YAML")
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CorrectionsError, match="No such file"):
        read_corrections(tmp_path / "entities.yaml")
