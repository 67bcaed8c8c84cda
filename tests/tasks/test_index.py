import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.tables import ARTICLES, QUOTES
from tasks import index
from tasks.catalog import ReadOnly, build_catalog, connect_readonly
from tasks.index import index_files, index_root, index_sql
from tasks.lake import Lake
from tests.tasks.staging import Run, article, ingest

TEXTS = {
    "ferry": ("2021-03", "The new bridge – Brünn’s new bridge! – isn't for sale."),
    "toll": ("2021-03", "“Not for sale,” she said. Not, for the new mayor, a bridge."),
    "tower": ("2021-04", "New York. Bridge the gap: new. Bridge new, bridge new."),
    "metro": ("2021-04", "新しい橋は売り物ではない。"),
    "silence": ("", "…"),
    "stray": ("", "A bridge; nobody knows since when."),
}
PHRASES = [
    "new bridge", "NEW, BRIDGE", "new bridge new", "Brunn", "not for sale", "isn't", "new new", "橋", "売物", "ferry the",
    "nobody knows", "nothing", "", "%'",
]  # fmt: skip


def filled(lake: Lake) -> Lake:
    ingest(
        lake,
        [
            article(name, text, source_member=name, published_on=date.fromisoformat(f"{month}-05") if month else None)
            for name, (month, text) in TEXTS.items()
        ],
    )
    return lake


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return filled(Lake(tmp_path_factory.mktemp("index") / "it's a [lake]*"))


def answers(connection: ReadOnly | duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What the macros find."""
    return {
        f"{macro} {phrase}": connection.execute(f"SELECT {key} FROM {macro}(?) ORDER BY 1", [phrase]).fetchall()
        for phrase in PHRASES
        for macro, key in (("search", "article_id"), ("who_said", "quote_id"))
    }


@pytest.fixture(scope="module")
def found(lake: Lake) -> dict[str, Any]:
    with connect_readonly(lake) as connection:
        return answers(connection)


def test_an_index_finds_what_a_look_at_every_row_finds(lake: Lake, found: dict[str, Any]) -> None:
    with connect_readonly(lake) as connection:
        for phrase in PHRASES:
            query = "SELECT article_id FROM articles WHERE has_phrase(title, $1) OR has_phrase(text, $1) ORDER BY 1"
            assert connection.execute(query, [phrase]).fetchall() == found[f"search {phrase}"], phrase
            query = "SELECT quote_id FROM quotes WHERE has_phrase(content, $1) ORDER BY 1"
            assert connection.execute(query, [phrase]).fetchall() == found[f"who_said {phrase}"], phrase
        ((first,),) = connection.execute("SELECT published_on FROM first_said('not for sale')").fetchall()
        assert first == date(2021, 3, 5)
        assert connection.execute("FROM first_said('nothing')").fetchall() == []
    assert [len(found[f"search {phrase}"]) for phrase in ("new bridge", "not for sale", "橋", "売物")] == [2, 1, 1, 0]
    assert found["search ferry the"] == []  # a phrase does not run from the title into the text


def test_it_says_the_same_built_or_made_on_the_spot(
    lake: Lake, found: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "SLICE_BYTES", 1)
    monkeypatch.setattr(index, "GROUP_PLACES", 1)
    twin = Lake(tmp_path / "twin")
    shutil.copytree(lake.root, twin.root)
    with duckdb.connect(build_catalog(twin), read_only=True) as connection:
        assert answers(connection) == found
    assert index_files(index_root(twin))


def rows(lake: Lake, table: Any) -> list[Any]:
    with duckdb.connect() as connection:
        connection.execute(index.folding_sql())
        return sorted(connection.execute(index_sql(lake, table, index_root(lake))).fetchall(), key=repr)


def test_only_what_changed_is_indexed_again(lake: Lake, tmp_path: Path) -> None:
    twin = Lake(tmp_path / "twin")
    shutil.copytree(lake.root, twin.root)
    build_catalog(twin)
    before = {path: path.stat().st_mtime_ns for path in index_files(index_root(twin))}
    assert len(before) == 3 + 3
    ingest(twin, [article("harbour", "A harbour bridge.", published_on=date(2021, 4, 9))], run=Run("run-2"))
    stale = rows(twin, ARTICLES)  # between a commit and the next catalog, what is not indexed yet is read
    assert any(word == "harbour" for _, word, _ in stale)
    build_catalog(twin)
    assert rows(twin, ARTICLES) == stale
    after = {path: path.stat().st_mtime_ns for path in index_files(index_root(twin))}
    kept = {path for path in before if "2021-03" in str(path) or "unknown" in str(path)}
    assert {path: after[path] for path in kept} == {path: before[path] for path in kept}
    assert len(after) == len(before)
    assert not (twin.internal / "index" / "draft").exists()


def test_names_and_ids_lead_to_an_entity(lake: Lake) -> None:
    with connect_readonly(lake) as connection:
        words = {word for (word,) in connection.execute("SELECT word FROM lookup.names").fetchall()}
        assert {"ida", "holm"} <= words
        ((key,),) = connection.execute("SELECT entity_id FROM entities_named('ida holm')").fetchall()
        assert connection.execute("SELECT name FROM entities_named(?)", [key.upper()]).fetchall() == [("Ida Holm",)]


@pytest.fixture
def many(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "many")
    ingest(lake, [article(f"n{i}", "One bridge.", source_member=str(i)) for i in range(30)])
    return lake


def test_the_newest_come_first_and_no_more_than_asked(many: Lake) -> None:
    with connect_readonly(many) as connection:
        assert len(connection.execute("FROM search('bridge')").fetchall()) == 20
        assert len(connection.execute("FROM search('bridge', most := 25)").fetchall()) == 25
        assert len(connection.execute("FROM who_said('bridge', most := 7)").fetchall()) == 7


def test_articles_without_a_date_come_last(lake: Lake) -> None:
    with connect_readonly(lake) as connection:
        query = "SELECT published_on IS NOT NULL FROM search('bridge', most := ?)"
        assert connection.execute(query, [3]).fetchall() == [(True,)] * 3
        assert connection.execute(query, [4]).fetchall() == [(True,)] * 3 + [(False,)]


def test_quotes_are_indexed_by_what_was_said(lake: Lake) -> None:
    assert {"sale", "bridge"} <= {word for _, word, _ in rows(lake, QUOTES)}
