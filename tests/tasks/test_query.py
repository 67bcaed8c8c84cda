import _thread
import signal
import threading
from collections.abc import Iterator

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.catalog import build_catalog
from tasks.lake import Lake, init_lake
from tasks.query import Limits, QueryError, run_query, statements

NO_LIMITS = Limits()
ENDLESS = "WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r) SELECT max(a) FROM r"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("query") / "lake")
    init_lake(lake)
    build_catalog(lake)
    return lake


def read(lake: Lake, query: str, limits: Limits = NO_LIMITS) -> pa.Table:
    return run_query(lake, query, lambda rows: rows.read_all(), limits)


@pytest.mark.parametrize(
    "query", [ENDLESS, "FROM range(1_000_000_000_000) a, range(1_000_000) b WHERE a.range < b.range - 1e7"]
)
def test_a_query_without_end_is_stopped(lake: Lake, query: str) -> None:
    with pytest.raises(QueryError, match=r"stopped after 0\.3 seconds"):
        read(lake, query, Limits(seconds=0.3))


def test_memory_and_disk_are_limited(lake: Lake) -> None:
    with pytest.raises(QueryError, match="Out of Memory"):
        read(lake, "SELECT len(list(md5(i::VARCHAR))) FROM range(1_000_000) t(i)", Limits(memory="30MB"))
    query = (
        "SELECT name, value FROM duckdb_settings() WHERE name IN ('max_temp_directory_size', 'threads') ORDER BY name"
    )
    assert [row["value"] for row in read(lake, query, Limits(disk="1MB", threads=1)).to_pylist()] == ["976.5 KiB", "1"]


def test_columns_of_one_name_are_told_apart(lake: Lake) -> None:
    assert read(lake, "SELECT 1 AS a, 2 AS a, 3 AS a_1").to_pylist() == [{"a": 1, "a_1": 2, "a_1_1": 3}]


@pytest.mark.parametrize(
    "query", ["", "SELEC 1", "SELECT no_such FROM quotes", "SELECT 1; SELECT 2", "SET threads = 1"]
)
def test_what_is_wrong_is_said(lake: Lake, query: str) -> None:
    with pytest.raises(QueryError):
        read(lake, query)


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("FROM quote", "did you mean quotes?"),
        ("FROM speakers", "did you mean speakers()?"),
        ("FROM Quoted_By('holm')", "did you mean quotes_by()?"),
        ("SELECT * FROM zzz", "the tables are articles, quotes,"),
    ],
)
def test_a_name_that_is_not_there_is_put_right(lake: Lake, query: str, meant: str) -> None:
    with pytest.raises(QueryError) as refused:
        read(lake, query)
    assert meant in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_use_may_stop_early_and_its_errors_come_through(lake: Lake) -> None:
    assert run_query(lake, "FROM range(10_000_000_000)", lambda rows: rows.read_next_batch().num_rows) > 0
    with pytest.raises(ZeroDivisionError):
        run_query(lake, "SELECT 1", lambda rows: 1 / 0)


@pytest.mark.parametrize(
    ("text", "found", "rest"),
    [
        ("SELECT 1", [], "SELECT 1"),
        ("SELECT 1; SELECT 2 ;\n", ["SELECT 1", "SELECT 2"], ""),
        ("SELECT ';'; x", ["SELECT ';'"], "x"),
        ("SELECT 'it''s; ok';", ["SELECT 'it''s; ok'"], ""),
        ('SELECT "a;b";', ['SELECT "a;b"'], ""),
        ("SELECT 1 -- no; not\n;", ["SELECT 1 -- no; not"], ""),
        ("SELECT /* a;\nb */ 1;", ["SELECT /* a;\nb */ 1"], ""),
        ("SELECT $$a;b$$;", ["SELECT $$a;b$$"], ""),
        ("SELECT 'open;", [], "SELECT 'open;"),
        ("/* open;", [], "/* open;"),
        (";;;", [], ""),
    ],
)
def test_statements_end_in_a_semicolon(text: str, found: list[str], rest: str) -> None:
    assert statements(text) == (found, rest)


@given(st.text("ab';\"-/*$\n ", max_size=40))
def test_what_is_left_is_taken_up_again(text: str) -> None:
    found, rest = statements(text)
    assert statements(rest)[0] == []
    assert all(statement and statement in text for statement in found)


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """Python's own handler, in whose place a library that was used before may have left another."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hears_ctrl_c")
@pytest.mark.timeout(30)
def test_ctrl_c_stops_a_query(lake: Lake) -> None:
    timer = threading.Timer(0.3, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        read(lake, ENDLESS)
