"""What is found over all rows of the lake, whatever the runs that brought them."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.tables import TABLES
from tasks.commit import recover
from tasks.identity import entities, identify
from tasks.identity.corrections import CorrectionsError
from tasks.lake import Lake, init_lake, writer_lock
from tasks.linking import LINKED_TABLES, LinkOptions
from tasks.publish import relink
from tests.tasks.staging import Run, contents, finish, ingest, line, rows, stage

NOON = datetime(2021, 3, 4, 12, tzinfo=UTC)
LATER = datetime(2021, 3, 4, 18, tzinfo=UTC)
FERRY = "The ferry to Brünn will sail again in the spring, once the harbour board has paid for the new engine."


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path)
    init_lake(lake)
    return lake


def stories(lake: Lake) -> dict[str, tuple[str | None, str]]:
    """Title of the original, and of the story, of every article."""
    titles = {row["article_id"]: row["title"] for row in rows(lake, "articles")}
    return {
        row["title"]: (row["duplicate_of"] and titles[row["duplicate_of"]], titles[row["story_id"]])
        for row in rows(lake, "articles")
    }


def test_copies_under_other_addresses_point_to_the_earliest_across_runs(lake: Lake) -> None:
    ingest(lake, [line(1, "second", FERRY, published_at=LATER), line(2, "other")], run=Run("run-1"))
    assert stories(lake) == {"Second": (None, "Second"), "Other": (None, "Other")}
    ingest(lake, [line(3, "undated", FERRY, published_on=None)], run=Run("run-2"))
    assert stories(lake)["Undated"] == ("Second", "Second")
    before = {row["title"]: row for row in rows(lake, "articles")}
    ingest(lake, [line(4, "first", FERRY, published_at=NOON)], run=Run("run-3"))
    assert stories(lake) == {
        "First": (None, "First"),
        "Second": ("First", "First"),
        "Undated": ("First", "First"),
        "Other": (None, "Other"),
    }
    after = {row["title"]: row for row in rows(lake, "articles")}
    linked = set(TABLES["articles"].linked_names)
    for title, row in before.items():
        assert {k: v for k, v in after[title].items() if k not in linked} == {
            k: v for k, v in row.items() if k not in linked
        }
    ingest(lake, [line(4, "first", "Withdrawn.", published_at=NOON)], run=Run("run-4"))
    assert stories(lake)["Second"] == (None, "Second")
    assert stories(lake)["Undated"] == ("Second", "Second")


def test_a_day_counts_from_its_midnight_among_copies(lake: Lake) -> None:
    ingest(lake, [line(1, "noon", FERRY, published_at=NOON), line(2, "day", FERRY, published_on=date(2021, 3, 5))])
    assert stories(lake)["Day"] == ("Noon", "Noon")


def test_mentions_and_speakers_point_to_one_entity_in_all_articles(lake: Lake) -> None:
    ingest(lake, [line(1, "ferry"), line(2, "bridge")])
    by_name = {row["name"]: row for row in rows(lake, "entities")}
    assert {(name, row["label"], row["n_articles"]) for name, row in by_name.items()} == {
        ("Ida Holm", "PER", 2),
        ("Nørreby", "LOC", 2),
    }
    assert {row["speaker_id"] for row in rows(lake, "quotes")} == {by_name["Ida Holm"]["entity_id"]}
    found = {(row["text"], row["entity_id"]) for row in rows(lake, "mentions")}
    assert found == {(name, row["entity_id"]) for name, row in by_name.items()}


def test_the_same_words_in_two_articles_are_one_utterance(lake: Lake) -> None:
    reprint = "Late, late: " + FERRY
    ingest(lake, [line(1, "ferry", FERRY, publisher="a.example"), line(2, "bridge", reprint, publisher="b.example")])
    (cluster,) = rows(lake, "quote_clusters")
    assert {row["quote_cluster_id"] for row in rows(lake, "quotes")} == {cluster["quote_cluster_id"]}
    assert cluster["n_quotes"] == 2
    assert cluster["speaker"] == "Ida Holm"


def test_a_month_is_rewritten_only_where_a_link_changes(lake: Lake) -> None:
    ingest(lake, [line(1, "ferry", FERRY), line(2, "bridge", published_on=date(2020, 2, 29))], run=Run("run-1"))
    paths = {path: path.stat().st_ino for table in LINKED_TABLES for path in lake.files(table)}
    ingest(lake, [line(3, "copy", FERRY, published_on=date(2021, 4, 1))], run=Run("run-2"))
    touched = {path.parent.name for path, inode in paths.items() if path.stat().st_ino != inode}
    assert "published_month=2020-02" not in touched


def test_corrections_count_from_the_next_linking_on(lake: Lake, tmp_path: Path) -> None:
    ingest(lake, [line(1, "ferry"), line(2, "bridge")])
    file = tmp_path / "entities.yaml"
    file.write_text("rename:\n  Ida Holm: Ida Marie Holm\n", "utf-8")
    with writer_lock(lake):
        relink(lake, options=LinkOptions(corrections=file))
    assert "Ida Marie Holm" in {row["name"] for row in rows(lake, "entities")}
    file.write_text("same: 3\n", "utf-8")
    before = contents(lake)
    with writer_lock(lake), pytest.raises(CorrectionsError):
        relink(lake, options=LinkOptions(corrections=file))
    assert contents(lake) == before


def test_a_folder_of_records_counts_with_what_lies_in_it(lake: Lake, tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    found = []
    for n, record in enumerate(("Q1", "Q2")):
        table = pa.table({"id": [record], "name": ["Ida Holm"], "aliases": [["Ida"]], "label": ["PER"]})
        pq.write_table(table, folder / "records.parquet")
        with writer_lock(lake):
            staging = stage(lake, Run(f"run-{n}"), [line(n, f"ferry {n}")])
            finish(lake, Run(f"run-{n}"), staging, options=LinkOptions(knowledge=folder))
        found += [row["wikidata_id"] for row in rows(lake, "entities") if row["name"] == "Ida Holm"]
    assert found == ["Q1", "Q2"]


def test_what_fails_while_rows_are_read_is_what_is_told(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str) -> None:
        raise ValueError(f"{text[:9]!r} can't be read")

    monkeypatch.setattr("tasks.copies.stories.word_codes", fail)
    with pytest.raises(ValueError, match="'All about' can't be read"):
        ingest(lake, [line(1, "ferry")])


def test_linking_again_changes_nothing(lake: Lake) -> None:
    ingest(lake, [line(1, "ferry", FERRY), line(2, "copy", FERRY)])
    before = {path: path.stat().st_ino for table in TABLES.values() for path in lake.files(table)}
    with writer_lock(lake):
        relink(lake)
    assert {path: path.stat().st_ino for table in TABLES.values() for path in lake.files(table)} == before


def test_names_are_gathered_in_blocks_that_do_not_show(whole: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path: path.stat().st_ino for table in TABLES.values() for path in whole.files(table)}
    monkeypatch.setattr(identify, "BLOCK_ARTICLES", 3)
    monkeypatch.setattr(entities, "BLOCK", 1)
    with writer_lock(whole):
        relink(whole)
    assert {path: path.stat().st_ino for table in TABLES.values() for path in whole.files(table)} == before


WORLD = [
    line(
        i,
        f"name {i}",
        FERRY if i % 3 == 0 else f"{FERRY} Nobody has said what article {i} costs." if i % 3 == 1 else f"Text {i}.",
        published_on=None if i % 4 == 0 else date(2021, 1 + i % 3, 1),
        publisher=f"{i % 4}.example",
    )
    for i in range(10)
]


def facts(lake: Lake) -> dict[str, list[dict[str, Any]]]:
    """All that the tables say but for the run that wrote a row, and when."""
    volatile = {name: {c.name for c in table.columns if c.volatile} for name, table in TABLES.items()}
    return {
        name: [{k: v for k, v in row.items() if k not in volatile[name]} for row in rows(lake, name)]
        for name in TABLES
        if name not in ("runs", "quarantine", "raw_files")
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("whole"))
    ingest(lake, WORLD)
    return lake


@settings(max_examples=3, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(10)), size=st.integers(2, 5))
def test_it_does_not_matter_how_the_articles_came(
    whole: Lake, tmp_path_factory: pytest.TempPathFactory, order: list[int], size: int
) -> None:
    grown = Lake(tmp_path_factory.mktemp("grown"))
    for number, part in enumerate([order[i : i + size] for i in range(0, 10, size)]):
        ingest(grown, [WORLD[i] for i in part], run=Run(f"run-{number}"))
    assert facts(grown) == facts(whole)
    for name in ("entities", "quote_clusters"):
        paths = [lake.partition_file(TABLES[name]) for lake in (whole, grown)]
        assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_lake_without_articles_can_be_linked(lake: Lake) -> None:
    with writer_lock(lake):
        recover(lake)
        relink(lake)
    assert rows(lake, "entities") == rows(lake, "quote_clusters") == []
