import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tasks.identity.corrections import parse_corrections
from tasks.identity.knowledge import KnowledgeBase, KnowledgeError
from tasks.identity.resolve import resolve
from tests.tasks.identity.pairs import appearance, entities_by_name, table

RECORDS = [
    ("Q1", "Ida Holm", ["Ida Osterley", "Holm"], "human"),
    ("Q2", "Jan Kern", ["Kern the Younger"], "PER"),
    ("Q3", "Jan Kern", [], "PER"),
    ("Q4", "Penrith", ["Penrith-on-Sea"], "place"),
    ("Q5", "Ida Holm", [], "film"),
    (None, "Nobody", [], "PER"),
]
ROWS = [
    appearance(f"a{n}", label, name)
    for n, (label, name) in enumerate(
        [
            ("PER", "Mayor Ida Holm"),
            ("PER", "Ida Osterley"),
            ("PER", "Holm"),
            ("PER", "Jan Kern"),
            ("LOC", "Penrith on Sea"),
            ("ORG", "Penrith"),
        ]
    )
]


@pytest.fixture(params=["csv", "parquet"])
def base(request, tmp_path):
    path = tmp_path / f"knowledge.{request.param}"
    if request.param == "csv":
        lines = [f"{i or ''},{name},{'|'.join(aliases)},{label}" for i, name, aliases, label in RECORDS]
        path.write_text("\n".join(["id,name,aliases,label", *lines]))
    else:
        columns = ["id", "name", "aliases", "label"]
        pq.write_table(pa.Table.from_pylist([dict(zip(columns, r, strict=True)) for r in RECORDS]), path)
    return KnowledgeBase(path)


def test_names_are_linked_where_they_mean_one_record(base):
    identity = resolve(table(ROWS), knowledge=base)
    linked = {name: e["wikidata_id"] for e in identity.entities.to_pylist() for name in e["aliases"]}
    assert linked == {
        "Mayor Ida Holm": "Q1",
        "Ida Osterley": "Q1",
        "Holm": None,
        "Jan Kern": None,
        "Penrith on Sea": "Q4",
        "Penrith": None,
    }
    assert [e["wikidata_id"] for e in identity.entities.to_pylist()].count("Q1") == 1


def test_records_keep_names_apart_that_rules_would_merge(base, tmp_path):
    path = tmp_path / "more.csv"
    path.write_text("id,name,aliases,label\nQ8,Ida Holm,,PER\nQ9,Ida M. Holm,,PER\n")
    rows = [appearance("a", "PER", "Ida Holm"), appearance("b", "PER", "Ida M. Holm")]
    assert resolve(table(rows), knowledge=KnowledgeBase(path)).entities.num_rows == 2


def test_corrections_win_over_records(base):
    corrections = parse_corrections({"different": [["Mayor Ida Holm", "Ida Osterley"]]})
    ids = entities_by_name(resolve(table(ROWS), corrections, base))
    assert ids["PER", "Mayor Ida Holm"] != ids["PER", "Ida Osterley"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "id,name,label\nQ1,Ida Holm,PER\n", "no column aliases"),
        ("a.csv", 'id,name,aliases,label\nQ1,"Ida', "CSV"),
        ("a.parquet", "no parquet", "a.parquet"),
        ("a.csv", None, "a.csv"),
    ],
)
def test_a_file_of_no_use(tmp_path, name, text, message):
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(KnowledgeError, match=message) as raised:
        resolve(table(ROWS), knowledge=KnowledgeBase(tmp_path / name))
    assert "\n" not in str(raised.value)
