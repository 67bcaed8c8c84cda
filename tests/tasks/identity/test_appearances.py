from datetime import date

import duckdb
import pyarrow.parquet as pq
import pytest

from schemas.tables import ENTITIES
from tasks.catalog import build_catalog, connect_readonly
from tasks.identity.appearances import (
    APPEARANCES,
    ENTITY_OF_MENTION,
    appearances_sql,
    entities_joined_sql,
    same_speaker_sql,
    sole_speakers_sql,
    speaker_ids_sql,
)
from tasks.identity.corrections import parse_corrections
from tasks.identity.resolve import resolve
from tasks.lake import Lake, init_lake, sql_paths

DAY = date(2020, 1, 2)


@pytest.fixture
def lake():
    """A lake of two articles as tables of DuckDB."""
    articles = [("a1", DAY, "gazette.example"), ("a2", None, "tribune.example")]
    mentions = [
        ("m1", "a1", "Mayor Ida Holm", "Ida Holm", "PER", "name"),
        ("m2", "a1", "Holm", "Ida Holm", "PER", "name"),
        ("m3", "a1", "Holm", "Ida Holm", "PER", "name"),
        ("m4", "a1", "she", "Ida Holm", "PER", "pronoun"),
        ("m5", "a1", "Kremlin", None, "LOC", "name"),
        ("m6", "a2", "Holm", None, "PER", "name"),
        ("m7", "a2", "Ida Holm", "Ida Holm", "PER", "name"),
    ]
    quotes = [
        ("q1", "a1", "Ida Holm", "person", "mayor", "City Council"),
        ("q2", "a1", "Ida Holm", "person", "mayor", None),
        ("q3", "a1", "Kremlin", "organisation", None, None),
        ("q4", "a1", None, "unnamed", None, None),
        ("q5", "a1", "Ida Holm; Jan Kern", "person", None, None),
        ("q6", "a2", "Harbour Board", "organisation", "operator", None),
    ]
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE articles (article_id VARCHAR, published_on DATE, publisher VARCHAR)")
        connection.execute(
            "CREATE TABLE mentions"
            " (mention_id VARCHAR, article_id VARCHAR, text VARCHAR, name VARCHAR, label VARCHAR, mention_type VARCHAR)"
        )
        connection.execute(
            "CREATE TABLE quotes (quote_id VARCHAR, article_id VARCHAR, speaker VARCHAR, speaker_type VARCHAR,"
            " speaker_role VARCHAR, speaker_affiliation VARCHAR)"
        )
        for name, rows in (("articles", articles), ("mentions", mentions), ("quotes", quotes)):
            connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        yield connection


def appearances(lake):
    return lake.sql(appearances_sql("articles", "mentions", "quotes")).to_arrow_table().cast(APPEARANCES)


def test_appearances(lake):
    rows = sorted(tuple(r.values()) for r in appearances(lake).to_pylist())
    assert rows == [
        ("a1", "LOC", "Kremlin", DAY, "gazette.example", 1, 1, [], [], []),
        (
            "a1",
            "PER",
            "Ida Holm",
            DAY,
            "gazette.example",
            3,
            3,
            ["mayor"],
            ["City Council"],
            ["Holm", "Mayor Ida Holm"],
        ),
        ("a1", "PER", "Jan Kern", DAY, "gazette.example", 0, 1, [], [], []),
        ("a2", "ORG", "Harbour Board", None, "tribune.example", 0, 1, ["operator"], [], []),
        ("a2", "PER", "Holm", None, "tribune.example", 1, 0, [], [], []),
        ("a2", "PER", "Ida Holm", None, "tribune.example", 1, 0, [], [], []),
    ]


def test_every_mention_and_every_quote_of_one_speaker_gets_its_entity(lake):
    split = {"different": [["Ida Holm", {"name": "Ida Holm", "publisher": "tribune.example"}]]}
    identity = resolve(appearances(lake), parse_corrections(split))
    lake.register("names", identity.names)
    lake.register("exceptions", identity.exceptions)
    names = {e["entity_id"]: (e["name"], e["n_articles"]) for e in identity.entities.to_pylist()}
    found = lake.sql(f"SELECT mention_id, {ENTITY_OF_MENTION} FROM mentions m {entities_joined_sql('m')}").fetchall()
    mentions = {mention: entity for mention, entity in found if entity}
    sources = appearances_sql("articles", "mentions", "quotes")
    ids = speaker_ids_sql(f"({sole_speakers_sql(f'({sources})', 'quotes')})")
    found = lake.sql(
        f"SELECT quote_id, speaker_id FROM quotes q JOIN ({ids}) s ON {same_speaker_sql('q', 's')}"
    ).fetchall()
    quotes = dict(found)
    assert len(found) == len(quotes)
    assert mentions["m1"] == mentions["m2"] == mentions["m3"] == quotes["q1"] == quotes["q2"] != mentions["m7"]
    assert set(mentions) == {"m1", "m2", "m3", "m5", "m6", "m7"}
    assert set(quotes) == {"q1", "q2", "q3", "q6"}
    assert names[quotes["q3"]] == ("Kremlin", 1)
    assert quotes["q3"] == mentions["m5"]


def test_any_alias_and_any_id_finds_the_entity(lake, tmp_path):
    identity = resolve(appearances(lake))
    place = Lake(tmp_path / "lake")
    init_lake(place)
    pq.write_table(identity.entities, place.partition_file(ENTITIES))
    build_catalog(place)
    (holm,) = [e for e in identity.entities.to_pylist() if e["name"] == "Ida Holm"]
    with connect_readonly(place) as catalog:
        for who in ["ida holm", "MAYOR IDA HOLM", "Ida  Holm’", holm["entity_id"], *holm["alias_ids"]]:
            found = catalog.execute("SELECT name FROM entities_named($1)", [who]).fetchall()
            assert found == [("Ida Holm",)], who
        found = catalog.execute("SELECT name FROM entities_named('holm')").fetchall()
        assert found == [("Ida Holm",), ("Holm",)]
        assert not catalog.execute("FROM entities_named('nobody')").fetchall()


def test_appearances_may_be_a_file(lake, tmp_path):
    table = appearances(lake).sort_by("name")
    pq.write_table(table, tmp_path / "[a].parquet")
    assert resolve(f"read_parquet({sql_paths([tmp_path / '[a].parquet'])})").entities == resolve(table).entities
