from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from schemas.expectations import MADE, problem_columns_of, suite_for
from schemas.tables import TABLES
from tasks.made import check_made
from tasks.validate import ValidationError
from tests.conftest import Ran

ID, OTHER = "0" * 31 + "1", "0" * 31 + "2"
GOOD: dict[str, dict[str, Any]] = {
    "entities": {
        "entity_id": ID,
        "name": "Ann Lee",
        "label": "PER",
        "aliases": ["Ann Lee", "Lee"],
        "alias_ids": ["a" * 32],
        "roles": [{"role": "mayor", "n": 1, "first_on": date(2026, 5, 3), "last_on": None}],
        "n_articles": 2,
        "n_mentions": 3,
        "n_quotes": 1,
        "first_seen_on": date(2026, 5, 3),
        "last_seen_on": date(2026, 5, 4),
        "wikidata_id": None,
    },
    "quote_clusters": {
        "quote_cluster_id": ID,
        "canonical_content": "“We sail.”",
        "speaker_id": None,
        "speaker": None,
        "first_seen_on": None,
        "n_quotes": 3,
        "n_publishers": 2,
        "wordings": [{"text": "We sail", "n": 2}, {"text": "“We sail.”", "n": 1}],
    },
}
ONE = {"n_quotes": 1, "n_publishers": 1, "wordings": [{"text": "“We sail.”", "n": 1}]}
WRONG = [
    ("entities", {"entity_id": "x"}, "not 32 hexadecimal digits"),
    ("entities", {"name": " ", "aliases": [" "]}, "name is blank"),
    ("entities", {"label": "CAT"}, "label is “CAT”"),
    ("entities", {"aliases": ["Lee"]}, "aliases do not go with .*without Ann Lee"),
    ("entities", {"aliases": ["Ann Lee", "Lee", "Lee"]}, r"Ann Lee \| Lee \| Lee"),
    ("entities", {"alias_ids": [ID]}, "alias_ids do not go with"),
    ("entities", {"alias_ids": ["b" * 31]}, "alias_ids do not go with"),
    ("entities", {"roles": [{"role": "mayor", "n": 3, "first_on": None, "last_on": None}]}, "roles do not .*mayor"),
    ("entities", {"n_articles": 0, "roles": []}, "named by “0” articles"),
    ("entities", {"n_quotes": -1}, "n_quotes is “-1”"),
    ("entities", {"last_seen_on": date(2026, 5, 2)}, "last seen before"),
    ("quote_clusters", {"quote_cluster_id": "0"}, "not 32 hexadecimal digits"),
    ("quote_clusters", {"n_quotes": 2, "n_publishers": 1, "wordings": []}, "wordings do not .*of 2"),
    ("quote_clusters", ONE, "has “1” quotes"),
    ("quote_clusters", {"n_publishers": 4}, "more publishers than quotes"),
    ("quote_clusters", {"n_publishers": 0}, "“0” publishers"),
    ("quote_clusters", {"n_quotes": 4}, "wordings do not .*2 \\+ 1 of 4"),
    ("quote_clusters", {"canonical_content": "We stay"}, "wordings do not"),
]


def made(name: str, *rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist([GOOD[name] | row for row in rows], TABLES[name].schema)


@pytest.mark.parametrize("name", MADE)
def test_good_rows_pass_and_are_counted(name: str) -> None:
    result = check_made(name, made(name, {}))
    assert (result["table"], result["n_rows"], result["n_refused"], result["success"]) == (name, 1, 0, True)
    assert len(result["expectations"]) == len(suite_for(name).expectations)
    assert check_made(name, made(name))["n_rows"] == 0


@pytest.mark.parametrize(("name", "wrong", "reason"), WRONG)
def test_a_wrong_row_is_a_defect_that_says_which(name: str, wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=f"{name} has 1 wrong rows.*{reason}"):
        check_made(name, made(name, wrong))


def test_rows_are_checked_a_slice_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.made.SLICE", 2048)
    rows = [{"entity_id": f"{n:032x}", "alias_ids": []} for n in range(5000)]
    result = check_made("entities", made("entities", *rows))
    assert (result["n_rows"], result["n_published"], result["success"]) == (5000, 0, True)
    assert {e["element_count"] for e in result["expectations"] if e["column"] == "entity_id"} == {5000}
    wrong = made("entities", rows[0] | {"label": "CAT"}, *rows[1:4999], rows[4999] | {"n_quotes": -1})
    with pytest.raises(ValidationError, match=r"entities has 2 wrong rows.*“CAT”.*n_quotes is “-1”"):
        check_made("entities", wrong)
    with pytest.raises(ValidationError, match=r"entities has 2 wrong rows.*two entities with the key"):
        check_made("entities", made("entities", *rows, rows[0]))


@pytest.mark.parametrize("second", [{}, {"entity_id": OTHER}, {"entity_id": "a" * 32, "alias_ids": []}])
def test_two_entities_never_share_an_id(second: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"entities has [12] wrong"):
        check_made("entities", made("entities", {}, second))


@pytest.mark.parametrize("name", MADE)
def test_rows_as_published_are_not_checked_again(name: str) -> None:
    key = TABLES[name].column_names[0]
    old, new = {key: OTHER, "alias_ids": []}, {}
    result = check_made(name, made(name, old, new), made(name, old))
    assert (result["n_rows"], result["n_published"], result["success"]) == (1, 1, True)
    result = check_made(name, made(name, old, new), made(name, old, new, {key: "2" * 32, "alias_ids": []}))
    assert (result["n_rows"], result["n_published"], result["success"]) == (0, 2, True)


@pytest.mark.parametrize(("name", "wrong", "reason"), [*WRONG[::4], WRONG[-1]])
def test_a_wrong_row_among_those_published_is_found(name: str, wrong: dict[str, Any], reason: str) -> None:
    key = TABLES[name].column_names[0]
    others = [{key: f"{n:032x}", "alias_ids": []} for n in range(100, 110)]
    with pytest.raises(ValidationError, match=f"{name} has 1 wrong rows.*{reason}"):
        check_made(name, made(name, wrong, *others), made(name, {}, *others))


@pytest.mark.parametrize("second", [{}, {"entity_id": OTHER}, {"entity_id": "a" * 32, "alias_ids": []}])
def test_an_id_of_a_row_as_published_is_never_given_again(second: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"entities has [12] wrong"):
        check_made("entities", made("entities", {}, second), made("entities", {}))
    with pytest.raises(ValidationError, match=r"entities has [12] wrong"):
        check_made("entities", made("entities", {}, second), made("entities", {}, second))


def test_problem_columns_are_the_only_ones_that_are_added() -> None:
    assert {problem_columns_of(name) for name in MADE} == {("list_problem",)}


def test_the_report_of_a_run_has_them(ran: Ran) -> None:
    folder = ran.lake.report_dir(ran.summary["run_id"])
    pages = {path.stem for path in (folder / "data_docs").glob("*.html")}
    assert pages == {"articles", "quotes", "mentions", "links", "index", *MADE}
