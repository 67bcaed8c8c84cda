"""The suites as such; what they refuse is tested in tests/tasks/test_validate.py."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from schemas.expectations import (
    FILLED_LATER,
    N_CHARACTERS,
    VALIDATED,
    columns_of,
    problem_columns_of,
    suite_for,
)
from schemas.fields import Column
from schemas.tables import CHILD_TABLES, TABLES
from tasks.reasons import REASONS

ROWS = [(table, column) for table in VALIDATED for column in columns_of(table)]


def kinds(table: str, column: str) -> set[str]:
    """The kinds of expectation that look at a column."""
    return {type(e).__name__ for e in suite_for(table).expectations if getattr(e, "column", None) == column}


@pytest.mark.parametrize("table", VALIDATED)
def test_the_columns_are_the_tables_less_those_filled_later(table: str) -> None:
    names = [column.name for column in columns_of(table)]
    own = [name for name in TABLES[table].column_names if name not in FILLED_LATER]
    assert names == own + [N_CHARACTERS.name] * (TABLES[table] in CHILD_TABLES)
    (expected,) = [e.column_list for e in suite_for(table).expectations if hasattr(e, "column_list")]
    assert expected == [*names, *problem_columns_of(table)]


def test_what_is_filled_later_are_columns() -> None:
    assert {c.name for table in VALIDATED for c in TABLES[table].columns} >= FILLED_LATER


@pytest.mark.parametrize(("table", "column"), ROWS, ids=lambda v: v if isinstance(v, str) else v.name)
def test_the_definition_of_a_column_is_checked(table: str, column: Column) -> None:
    found = kinds(table, column.name)
    assert ("ExpectColumnValuesToNotBeNull" in found) is not column.nullable
    assert ("ExpectColumnValuesToBeInSet" in found) is bool(column.values)
    if pa.types.is_string(column.type) and column.name.endswith(("_id", "_sha256")):
        assert "ExpectColumnValuesToMatchRegex" in found
    if column.name.startswith("n_") or column.name.endswith("confidence"):
        assert "ExpectColumnValuesToBeBetween" in found


@pytest.mark.parametrize("table", VALIDATED)
def test_every_expectation_has_a_documented_reason_in_a_sentence(table: str) -> None:
    for position, expectation in enumerate(suite_for(table).expectations):
        meta = expectation.meta
        assert meta["position"] == position
        assert meta["reason_code"] in REASONS
        assert meta["reason"].endswith(".")
        # {column} and {type} are only filled in for the columns that say what is wrong with a row.
        if getattr(expectation, "column", None) not in problem_columns_of(table):
            assert "{" not in meta["reason"].replace("{value}", "")


@pytest.mark.parametrize("table", VALIDATED)
def test_reasons_of_their_own_come_first(table: str) -> None:
    codes = [e.meta["reason_code"] for e in suite_for(table).expectations]
    assert codes == sorted(codes, key=lambda code: code == "expectation_failed")


APART = """
import sys
from datetime import UTC, datetime
from pathlib import Path

from tasks.datadocs import write_data_docs
from tasks.report import merge_results
from tasks.process import validate

assert "great_expectations" not in sys.modules
calls = []
away = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
sys.addaudithook(lambda event, arguments: calls.append((event, arguments)) if event in away else None)
now = datetime(2026, 7, 1, tzinfo=UTC)
link = {"article_id": "0" * 32, "published_on": None, "url": None, "anchor": "a", "start": 1, "end": 2, "kind": "inline"}
result = validate("links", [link], now, text_lengths=[9]).result
assert result["n_refused"] == 0
write_data_docs({"links": merge_results([result])}, Path(sys.argv[1]), "run", now)
assert "great_expectations" in sys.modules
assert not {"altair.vegalite", "scipy.stats.distributions", "sqlalchemy"} & sys.modules.keys()
assert calls == [], calls
"""


def test_great_expectations_is_imported_late_and_calls_nobody(tmp_path: Path) -> None:
    """In a process of its own, which notes whatever reaches for the network."""
    done = subprocess.run([sys.executable, "-c", APART, str(tmp_path)], capture_output=True, text=True, timeout=100)
    assert (done.returncode, done.stderr) == (0, "")
