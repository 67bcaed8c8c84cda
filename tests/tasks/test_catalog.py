import os
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from schemas.tables import TABLES
from tasks import catalog
from tasks.catalog import ReadOnly, build_catalog, connect_readonly
from tasks.corrections.decisions import decide
from tasks.corrections.file import append, corrections_file
from tasks.lake import Lake, LakeError, commit_lock, init_lake, reader_lock
from tasks.publish import publish_run
from tests.tasks.staging import Run, article, ingest, refusal, rows
from tests.tasks.test_commit import Dead, FailingOps

HOSTILE = [
    "FROM read_csv('/etc/passwd')",
    "FROM read_text('/etc/passwd')",
    "FROM read_blob('/proc/self/environ')",
    "FROM '/etc/passwd'",
    "FROM sniff_csv('/etc/passwd')",
    "FROM glob('/etc/*')",
    "FROM read_text('{lake}/../secret.txt')",
    "FROM read_text('{lake}/articles/../../secret.txt')",
    "FROM read_text('secret.txt')",
    "FROM query('FROM read_text(''/etc/passwd'')')",
    "FROM parquet_metadata('{lake}/../secret.parquet')",
    "FROM read_csv('http://127.0.0.1:9/x')",
    "FROM read_csv('s3://bucket/x.csv')",
    "FROM '{lake}/articles/leak.parquet'",
    "FROM read_text('{lake}/articles/leak.txt')",
    "FROM read_text('{lake}/.onrecord/lock')",
    "FROM glob('{lake}/**')",
    "FROM read_parquet('{lake}/**/*.parquet')",
    "FROM read_parquet('{lake}/articles/published_month=2021-03/*.parquet')",
    "FROM parquet_schema('{lake}/../secret.parquet')",
    "FROM read_json('/proc/self/status')",
    "FROM duckdb_logs_parsed('x')",
    "FROM sqlite_scan('/etc/passwd', 'x')",
    "FROM query_table(['/etc/passwd'])",
    "COPY (SELECT 1) TO '{lake}/articles/published_month=2021-03/part-0.parquet' (USE_TMP_FILE false)",
    "SELECT * FROM (COPY (SELECT 1) TO '{lake}/out.csv')",
    "ATTACH '{lake}/onrecord.duckdb' AS other",
    "ATTACH ':memory:' AS other",
    "CREATE SECRET (TYPE s3)",
    "IMPORT DATABASE '{lake}'",
    "SET temp_directory = '{lake}'",
    "SET memory_limit = '100GB'",
    "SET allowed_paths = ['/etc/passwd']",
    "SET VARIABLE a = 1",
    "USE lookup",
    "BEGIN",
    "PREPARE p AS SELECT 1",
    "CALL pragma_version()",
    "SELECT getenv('HOME')",
    "FROM lake",
    "COPY (SELECT 1) TO '{lake}/../out.csv'",
    "COPY (SELECT 1) TO '{lake}/out.csv'",
    "COPY (SELECT 1) TO '{lake}/articles/published_month=2021-03/part-0.parquet'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{lake}/out.csv'",
    "SELECT 1; COPY (SELECT 1) TO '{lake}/out.csv'",
    "COPY articles FROM '/etc/passwd'",
    "EXPORT DATABASE '{lake}/out.csv'",
    "ATTACH '{lake}/out.csv'",
    "ATTACH '{lake}/../out.csv'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{lake}/evil.so'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET allowed_directories",
    "PRAGMA temp_directory = '/etc'",
    "PRAGMA enable_profiling = 'json'",
    "CALL enable_logging()",
    "CREATE TABLE loot AS SELECT 1",
    "DROP VIEW articles",
    "DELETE FROM articles",
    "CHECKPOINT",
    "not even SQL",
    "SELECT 'unfinished",
    "",
    ";",
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    folder = tmp_path_factory.mktemp("catalog")
    lake = Lake(folder / "it's a [lake]*")
    wire = {"text": "The ferry to Brünn is late."}
    append(corrections_file(lake), decide("revert", "Bo Kern", "A slip.", reverts="0" * 32))
    ingest(
        lake,
        [
            article(
                "ferry",
                source_member="1",
                published_at=datetime(2021, 3, 4, 9, tzinfo=UTC),
                publisher="courier",
                **wire,
            ),
            article("copy", source_member="2", published_on=date(2021, 4, 1), publisher="gazette", **wire),
            article("bridge", source_member="3", published_on=None),
        ],
        [refusal("4")],
    )
    (folder / "secret.txt").write_text("secret")
    duckdb.execute(f"COPY (SELECT 1) TO '{folder}/secret.parquet'")
    (lake.root / "articles" / "leak.txt").symlink_to(folder / "secret.txt")
    return lake


@pytest.fixture(scope="module")
def asked(lake: Lake) -> Iterator[ReadOnly]:
    with connect_readonly(lake) as connection:
        yield connection


def ask(lake: Lake, query: str, *values: object) -> list[tuple[Any, ...]]:
    with connect_readonly(lake) as connection:
        return connection.execute(query, list(values)).fetchall()


def test_the_catalog_answers_in_plain_duckdb(lake: Lake) -> None:
    path = build_catalog(lake)
    with duckdb.connect(path, read_only=True) as connection:
        for table in TABLES:
            (n,) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0]
            assert n > 0 or table == "forgotten"
        assert connection.execute("SELECT n_quotes FROM speakers()").fetchall() == [(2,)]


def test_the_catalog_is_replaced_under_an_open_reader_and_follows_the_lake(lake: Lake, tmp_path: Path) -> None:
    moved = Lake(tmp_path / "moved")
    shutil.copytree(lake.root, moved.root)
    path = build_catalog(moved)
    with duckdb.connect(path, read_only=True) as reader:
        inode = os.stat(path).st_ino
        build_catalog(moved)
        assert os.stat(path).st_ino != inode
        assert reader.execute("SELECT count(*) FROM articles").fetchall() == [(3,)]
    with duckdb.connect(path, read_only=True) as reader:
        query = "SELECT sql FROM duckdb_views() WHERE view_name = 'articles' AND schema_name = 'main'"
        ((sql,),) = reader.execute(query).fetchall()
        assert str(moved.root) in sql
    assert sorted(p.name for p in moved.root.glob("onrecord*")) == ["onrecord.duckdb"]


def test_a_lake_without_a_newer_column_has_it_as_null(lake: Lake, tmp_path: Path) -> None:
    old = Lake(tmp_path / "old")
    shutil.copytree(lake.root, old.root)
    for path in old.table_dir(TABLES["articles"]).rglob("*.parquet"):
        pq.write_table(pq.ParquetFile(path).read().drop_columns("is_summary_only"), path)
    query = "SELECT count(*), count(is_summary_only), typeof(any_value(is_summary_only)) FROM articles"
    assert ask(old, query) == [(3, 0, "BOOLEAN")]
    with duckdb.connect(build_catalog(old), read_only=True) as connection:
        assert connection.execute(query).fetchall() == [(3, 0, "BOOLEAN")]


def test_every_view_column_and_macro_has_a_comment(lake: Lake, asked: ReadOnly) -> None:
    found = dict(ask(lake, "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'"))
    assert found == {table.name: table.description for table in TABLES.values()}
    for table in TABLES.values():
        columns = dict(
            ask(
                lake,
                "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ? AND schema_name = 'main'",
                table.name,
            )
        )
        assert all(columns.values())
        assert columns.keys() - {table.partition_key} == {c.name for c in table.columns}
        assert all(columns[c.name] == c.description for c in table.columns)
    macros = ask(lake, "SELECT function_name, comment FROM duckdb_functions() WHERE NOT internal")
    assert {name for name, _ in macros} >= {"quotes_by", "said_about", "speakers", "timeline", "search", "article"}
    for name, comment in macros:
        example = comment.partition("Example: ")[2]
        assert f"{name}(" in example
        asked.execute(example).fetchall()


@pytest.mark.parametrize(
    ("who", "n"),
    [
        ("Ida Holm", 3),
        ("holm", 3),
        ("ÎDA", 3),
        ("holm, ida", 3),
        ("Hol", 0),
        ("Ida Berg", 0),
        ("", 0),
        (".*", 0),
        ("'", 0),
    ],
)
def test_quotes_by_any_part_of_a_name(asked: ReadOnly, who: str, n: int) -> None:
    assert len(asked.execute("FROM quotes_by(?)", [who]).fetchall()) == n


def test_the_usual_questions(lake: Lake) -> None:
    assert len(ask(lake, "FROM said_about('NØRREBY')")) == 3
    assert ask(lake, "FROM said_about('holm')") == []
    assert ask(lake, "SELECT speaker, speaker_type, n_quotes, n_articles, first_on FROM speakers()") == [
        ("Ida Holm", "person", 2, 2, date(2021, 3, 4))
    ]
    assert ask(lake, "FROM timeline('holm')") == [(date(2021, 3, 1), 1, 1), (date(2021, 4, 1), 1, 1), (None, 1, 1)]
    assert ask(lake, "FROM timeline('holm', grain := 'year')") == [(date(2021, 1, 1), 2, 2), (None, 1, 1)]
    assert ask(lake, "SELECT title, passage FROM search('to brunn')") == [
        ("Copy", "The ferry to Brünn is late."),
        ("Ferry", "The ferry to Brünn is late."),
    ]
    ((key,),) = ask(lake, "SELECT article_id FROM articles WHERE title = 'Bridge'")
    assert ask(lake, "SELECT title FROM article(?)", key[:8].upper()) == [("Bridge",)]


MACROS = [
    "quotes_by('holm')", "quotes_by('ida')", "said_about('nørreby')", "mentions_of('nørreby')", "entities_named('holm')",
    "co_mentions('holm')", "role_of('holm')", "role_of('holm', '2021-03-31')", "timeline('holm', grain := 'year')",
    "speakers()", "speakers(since := '2021-04-01')", "speakers(until := '2021-03-31')", "who_said('the ferry')",
    "first_said('the ferry')", "search('ferry')", "search('bridge')", "article('')", "provenance('')", "corroborated(1)",
    "lookup.begun('ferr') ORDER BY n", "lookup.begun('ferry to b') ORDER BY n",
]  # fmt: skip


def answers(connection: ReadOnly | duckdb.DuckDBPyConnection) -> dict[str, Any]:
    found = {}
    for call in MACROS:
        result = connection.execute(f"FROM {call}")
        found[call] = [column[0] for column in result.description], result.fetchall()
    return found


def test_between_a_commit_and_its_catalog_macros_are_right_in_onrecord_and_of_the_commit_before_elsewhere(
    lake: Lake, tmp_path: Path
) -> None:
    twin = Lake(tmp_path / "it's a [twin]*")
    shutil.copytree(lake.root, twin.root)
    with duckdb.connect(build_catalog(twin), read_only=True) as plain:
        before = answers(plain)
        ingest(twin, [article("ferry-two", "The ferry to Ålborg sinks.", source_member="9")], run=Run("run-2"))
        assert plain.execute("SELECT count(*) FROM articles").fetchall() == [(4,)]
        assert plain.execute("SELECT count(*) FROM quotes_by('holm')").fetchall() == [(3,)]
    with connect_readonly(twin) as connection:
        assert connection.execute("SELECT current_database()").fetchall() == [("memory",)]
        stale = answers(connection)
    assert len(stale["quotes_by('holm')"][1]) == len(before["quotes_by('holm')"][1]) + 1
    with duckdb.connect(build_catalog(twin), read_only=True) as plain:
        assert answers(plain) == stale
    with connect_readonly(twin) as connection:
        assert connection.execute("SELECT current_database()").fetchall() == [("lake",)]
        assert answers(connection) == stale


def test_a_catalog_that_shows_the_lake_as_it_is_stays(lake: Lake, tmp_path: Path) -> None:
    twin = Lake(tmp_path / "twin")
    shutil.copytree(lake.root, twin.root)
    first = os.stat(build_catalog(twin)).st_ino
    publish_run(twin, rows(twin, "runs")[0] | {"run_id": "run-idle"})
    assert os.stat(build_catalog(twin, anew=False)).st_ino == first
    with duckdb.connect(twin.catalog, read_only=True) as plain:
        assert plain.execute("SELECT count(*) FROM runs").fetchall() == [(2,)]
    with connect_readonly(twin) as connection:
        assert connection.execute("SELECT current_database()").fetchall() == [("lake",)]
    shutil.rmtree(twin.internal / "index")
    assert len(ask(twin, "FROM search('ferry')")) > 0
    second = os.stat(build_catalog(twin, anew=False)).st_ino
    assert second != first
    ingest(twin, [article("ferry-two", "The ferry to Ålborg sinks.", source_member="9")], run=Run("run-2"))
    assert os.stat(build_catalog(twin, anew=False)).st_ino != second


def test_a_lake_that_needs_more_memory_gets_it(lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    twin = Lake(tmp_path / "twin")
    shutil.copytree(lake.root, twin.root)
    monkeypatch.setattr(catalog, "MEMORY_LIMITS", ("1MB", "2MB"))
    with pytest.raises(duckdb.OutOfMemoryException):
        build_catalog(twin)
    monkeypatch.setattr(catalog, "MEMORY_LIMITS", ("1MB", "256MB"))
    build_catalog(twin)
    assert len(ask(twin, "FROM search('ferry')")) > 0


def test_macros_say_what_the_tables_say(lake: Lake) -> None:
    holm = "speaker_id IN (SELECT entity_id FROM entities WHERE list_contains(aliases, 'Ida Holm'))"
    order = "ORDER BY published_on DESC NULLS LAST, article_id, is_in_title, content_spans"
    alone = "article_id NOT IN (SELECT article_id FROM articles WHERE duplicate_of IS NOT NULL)"
    about = "SELECT in_quote_id FROM mentions WHERE name = 'Nørreby'"
    plainly = {
        "FROM quotes_by('ida holm')": f"FROM quotes WHERE {holm} {order}",
        "FROM said_about('nørreby')": f"FROM quotes WHERE quote_id IN ({about}) {order}",
        "FROM timeline('holm')": f"""
            SELECT date_trunc('month', published_on)::DATE, count(*), count(DISTINCT article_id)
            FROM quotes WHERE {holm} GROUP BY ALL ORDER BY 1 NULLS LAST""",
        "SELECT n_quotes, n_articles, first_on, last_on, speaker_id FROM speakers()": f"""
            SELECT count(*), count(DISTINCT article_id), min(published_on), max(published_on), speaker_id
            FROM quotes WHERE {alone} GROUP BY speaker_id""",
        "SELECT n_articles, n_mentions, first_on, last_on FROM co_mentions('holm')": f"""
            SELECT count(DISTINCT article_id), count(*), min(published_on), max(published_on)
            FROM mentions WHERE name <> 'Ida Holm' AND {alone} GROUP BY entity_id""",
        "FROM article('')": "FROM articles ORDER BY article_id",
        "SELECT quote_id, title FROM provenance('')": """
            SELECT quote_id, title FROM quotes JOIN articles USING (article_id) ORDER BY quote_id""",
    }
    build_catalog(lake)
    with duckdb.connect(lake.catalog, read_only=True) as connection:
        for call, query in plainly.items():
            found, expected = connection.execute(call).fetchall(), connection.execute(query).fetchall()
            assert found == expected != [], call


def test_the_partition_is_a_column(lake: Lake) -> None:
    query = "SELECT published_month FROM articles ORDER BY published_month"
    assert ask(lake, query) == [("2021-03",), ("2021-04",), ("unknown",)]


def test_untrusted_sql_reads_only_the_tables_and_writes_nothing(lake: Lake, asked: ReadOnly) -> None:
    def files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in lake.root.parent.rglob("*") if path.is_file()}

    before = files()
    path = str(lake.root).replace("'", "''")
    for query in HOSTILE:
        try:
            got = asked.execute(query.format(lake=path)).fetchall()
        except duckdb.Error:
            continue
        pytest.fail(f"{query} was answered: {got}")
    assert files() == before


@pytest.mark.parametrize(
    "query", ["DESCRIBE quotes", "SHOW TABLES", "SUMMARIZE runs", "VALUES (1)", "WITH a AS (SELECT 1) FROM a"]
)
def test_queries_of_all_kinds_are_answered(asked: ReadOnly, query: str) -> None:
    assert asked.execute(query).fetchall()


def test_a_query_larger_than_memory_spills(lake: Lake) -> None:
    with connect_readonly(lake, memory_limit="64MB") as connection:
        query = "SELECT max(a) FROM (SELECT md5(i::VARCHAR) AS a FROM range(1_000_000) t(i) ORDER BY a OFFSET 1)"
        assert len(connection.execute(query).fetchall()[0][0]) == 32


def test_a_reader_holds_commits_off_and_finishes_a_dead_one(lake: Lake, tmp_path: Path) -> None:
    twin, copy = Lake(tmp_path / "twin"), Lake(tmp_path / "copy")
    init_lake(copy)
    with connect_readonly(copy), pytest.raises(LakeError, match="being read"), commit_lock(copy, 0):
        pass
    shutil.copytree(copy.root, twin.root)
    counter = FailingOps(1000)
    ingest(twin, [article("ferry")], ops=counter)
    with pytest.raises(Dead):
        ingest(copy, [article("ferry")], ops=FailingOps(1000 - counter.left - 4))
    assert copy.journal.exists()
    assert ask(copy, "SELECT count(*) FROM articles") == [(1,)]
    assert not copy.journal.exists()
    with reader_lock(copy):
        pass


def test_reading_where_there_is_no_lake(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="no lake"), connect_readonly(Lake(tmp_path / "none")):
        pass


def test_a_table_that_is_younger_than_the_lake_is_empty(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    ingest(lake, [article("ferry")])
    shutil.rmtree(lake.root / "corrections")
    assert ask(lake, "SELECT count(*), count(as_extracted.speaker) FROM corrections") == [(0, 0)]
    assert ask(lake, "SELECT count(*) FROM quotes LEFT JOIN corrections USING (decision_id)") == [(1,)]
