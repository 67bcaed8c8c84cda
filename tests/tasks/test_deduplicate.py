import shutil
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.deduplicate import deduplicate
from tasks.lake import Lake, init_lake
from tests.tasks.staging import Run, article, ingest, line, rows, stage

NOON = datetime(2021, 3, 4, 12, tzinfo=UTC)
LATER = datetime(2021, 3, 4, 18, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path)
    init_lake(lake)
    return lake


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("ferry") / "lake")
    assert run(lake, 1, line(1, "ferry")) == {"written": 1}
    return lake


@pytest.fixture
def ferry_lake(made: Lake, tmp_path: Path) -> Lake:
    """A lake that holds one article, from the first line of a file."""
    return Lake(shutil.copytree(made.root, tmp_path / "ferry"))


def run(lake: Lake, number: int, *articles: dict[str, Any]) -> dict[str, int]:
    """Ingests articles and returns the counts that are not zero."""
    decisions = ingest(lake, list(articles), run=Run(f"run-{number}"))
    names = ("written", "unchanged", "superseded", "duplicates")
    counts = {name: getattr(decisions, f"n_{name}") for name in names}
    assert sum(counts.values()) == decisions.n_records == len(articles)
    return {name: n for name, n in counts.items() if n}


def refused(lake: Lake) -> list[tuple[str, str]]:
    return [(row["source_member"], row["reason"]) for row in rows(lake, "quarantine")]


def versions(lake: Lake) -> list[tuple[str, int, int, str]]:
    """Text, revision, n_revisions and run of every article."""
    return [(r["text"], r["revision"], r["n_revisions"], r["run_id"]) for r in rows(lake, "articles")]


def test_nothing_staged(lake: Lake) -> None:
    decisions = deduplicate(lake, lake.staging_dir("run-1"), Run())
    assert decisions.n_records == 0
    assert run(lake, 1) == {}


def test_the_same_record_twice_is_written_once(lake: Lake) -> None:
    assert run(lake, 1, line(2, "ferry"), line(1, "ferry")) == {"written": 1, "duplicates": 1}
    assert rows(lake, "articles")[0]["source_member"] == "line:1"
    reason = "The same article with the same text has been read from courier.jsonl (line:1)."
    assert refused(lake) == [("line:2", reason)]
    (row,) = rows(lake, "quarantine")
    assert (row["stage"], row["reason_code"], row["column"]) == ("deduplicate", "duplicate_record", "article_id")
    assert row["value"] == rows(lake, "articles")[0]["article_id"]
    assert row["raw"] is row["raw_sha256"] is None


def test_of_two_copies_the_newer_one_is_kept(lake: Lake) -> None:
    copies = line(1, "ferry", modified_at=NOON), line(2, "ferry", modified_at=LATER), line(3, "ferry")
    assert run(lake, 1, *copies) == {"written": 1, "duplicates": 2}
    assert rows(lake, "articles")[0]["modified_at"] == LATER


def test_reading_again_changes_nothing(lake: Lake) -> None:
    articles = [
        line(1, "ferry"),
        line(2, "bridge", published_on=None),
        line(3, "ferry", "Other words."),
        line(4, "ferry"),
    ]
    run(lake, 1, *articles)
    before = rows(lake, "articles")
    assert run(lake, 2, *reversed(articles)) == {"unchanged": 2, "superseded": 1, "duplicates": 1}
    assert rows(lake, "articles") == before
    assert [row["n_attempts"] for row in rows(lake, "quarantine")] == [2]


def test_a_dump_that_grows_leaves_its_old_articles_alone(ferry_lake: Lake) -> None:
    digest = {"source_sha256": "f" * 64}
    assert run(ferry_lake, 2, line(1, "bridge", **digest), line(2, "ferry", **digest)) == {"written": 1, "unchanged": 1}


def test_the_same_record_read_by_newer_code_replaces_the_row(ferry_lake: Lake) -> None:
    run(ferry_lake, 2, line(1, "ferry", "A new text."))
    assert run(ferry_lake, 3, line(1, "ferry", "A new text.", extractor="rules/2.0")) == {"written": 1}
    assert versions(ferry_lake) == [("A new text.", 2, 2, "run-3")]
    assert {row["extractor"] for row in rows(ferry_lake, "quotes")} == {"rules/2.0"}


def test_any_column_that_differs_counts(lake: Lake) -> None:
    changes = [{}, {"authors": []}, {"language_confidence": 0.5}, {"published_at": NOON}, {"text": "ALL ABOUT name 4."}]
    names = [f"name {n}" for n in range(len(changes))]
    run(lake, 1, *(line(n, name) for n, name in enumerate(names)))
    changed = [line(n, name) | change for (n, name), change in zip(enumerate(names), changes, strict=True)]
    assert run(lake, 2, *changed) == {"written": 4, "unchanged": 1}
    assert {row["title"] for row in rows(lake, "articles") if row["run_id"] == "run-1"} == {"Name 0"}


def test_a_copy_from_another_source_is_a_duplicate_of_what_the_lake_holds(ferry_lake: Lake) -> None:
    before = rows(ferry_lake, "articles")
    copy = line(7, "ferry", source_uri="gazette.jsonl", modified_at=LATER)
    assert run(ferry_lake, 2, copy) == {"duplicates": 1}
    assert rows(ferry_lake, "articles") == before
    reason = "The same article with the same text has been read from courier.jsonl (line:1)."
    assert refused(ferry_lake) == [("line:7", reason)]


def test_the_source_that_the_lake_knows_stays_the_first(ferry_lake: Lake) -> None:
    earlier = line(1, "ferry", source_uri="agora.jsonl", modified_at=LATER)
    assert run(ferry_lake, 2, earlier, line(1, "ferry")) == {"unchanged": 1, "duplicates": 1}


def test_so_does_its_place_in_the_file(lake: Lake) -> None:
    run(lake, 1, line(2, "ferry"))
    assert run(lake, 2, line(1, "ferry"), line(2, "ferry")) == {"unchanged": 1, "duplicates": 1}
    assert [member for member, _ in refused(lake)] == ["line:1"]


def test_the_newest_text_is_kept(lake: Lake) -> None:
    cases = {
        "never dated": (None, None, "staged"),
        "newer": (NOON, LATER, "staged"),
        "older": (LATER, NOON, "known"),
        "dated before": (NOON, None, "known"),
        "dated now": (None, NOON, "staged"),
    }
    lines = list(enumerate(cases.items(), start=1))
    run(lake, 1, *(line(n, name, f"Known, {name}.", modified_at=known) for n, (name, (known, _, _)) in lines))
    staged = [line(n, name, f"Staged, {name}.", modified_at=staged) for n, (name, (_, staged, _)) in lines]
    assert run(lake, 2, *staged) == {"written": 3, "superseded": 2}
    kept = {name: f"{which.title()}, {name}." for name, (_, _, which) in cases.items()}
    versions = {"known": (1, 2, "run-1"), "staged": (2, 2, "run-2")}
    found = {r["title"]: (r["text"], r["revision"], r["n_revisions"], r["run_id"]) for r in rows(lake, "articles")}
    assert found == {name.title(): (kept[name], *versions[which]) for name, (_, _, which) in cases.items()}
    quotes = {row["content"]: row["run_id"] for row in rows(lake, "quotes")}
    assert quotes == {kept[name]: versions[which][2] for name, (_, _, which) in cases.items()}


def test_a_summary_never_takes_the_place_of_a_whole_text(lake: Lake) -> None:
    whole = line(1, "ferry", "The whole text.", modified_at=NOON, is_summary_only=False)
    summary = line(2, "ferry", "The summary.", modified_at=LATER, is_summary_only=True)
    assert run(lake, 1, summary) == {"written": 1}
    assert run(lake, 2, whole) == {"written": 1}
    assert run(lake, 3, summary) == {"superseded": 1}
    assert versions(lake) == [("The whole text.", 2, 2, "run-2")]


def test_of_several_new_texts_the_last_one_wins_and_all_are_counted(lake: Lake) -> None:
    texts = [line(n, "ferry", f"Version {n}.") for n in (1, 2, 3)]
    assert run(lake, 1, texts[1], texts[0]) == {"written": 1, "superseded": 1}
    assert versions(lake) == [("Version 2.", 2, 2, "run-1")]
    assert run(lake, 2, texts[2], texts[1]) == {"written": 1, "superseded": 1}
    assert versions(lake) == [("Version 3.", 3, 3, "run-2")]
    assert run(lake, 3, *texts) == {"unchanged": 1, "superseded": 2}
    assert versions(lake) == [("Version 3.", 3, 3, "run-2")]


def test_a_record_read_again_is_as_new_as_it_now_says(lake: Lake) -> None:
    run(lake, 1, line(1, "ferry", "Version 1.", modified_at=LATER))
    again = line(1, "ferry", "Version 1.", modified_at=None), line(2, "ferry", "Version 2.", modified_at=NOON)
    assert run(lake, 2, *again) == {"written": 1, "superseded": 1}
    assert versions(lake) == [("Version 2.", 2, 2, "run-2")]
    assert run(lake, 3, *again) == {"unchanged": 1, "superseded": 1}


@st.composite
def dumps(draw: st.DrawFn) -> list[list[dict[str, Any]]]:
    """Runs over a small world, so that articles, texts, sources and times often meet."""
    records = st.builds(
        lambda name, text, source, modified, day: article(
            name, text, source_uri=source, modified_at=modified, published_on=day
        ),
        st.sampled_from(["ferry", "bridge"]),
        st.sampled_from(["It is late.", "It is on time.", "It has sunk."]),
        st.sampled_from(["courier.jsonl", "gazette.jsonl"]),
        st.sampled_from([None, NOON, LATER]),
        st.sampled_from([None, date(2021, 3, 4), date(2021, 4, 5)]),
    )
    return [
        [r | {"source_member": f"line:{n}", "_ordinal": n} for n, r in enumerate(run_, start=1)]
        for run_ in draw(st.lists(st.lists(records, max_size=6), min_size=1, max_size=3))
    ]


@settings(max_examples=8, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dumps())
def test_every_record_is_accounted_for_and_the_last_run_can_be_repeated(
    tmp_path_factory: pytest.TempPathFactory, runs: list[list[dict[str, Any]]]
) -> None:
    lake = Lake(tmp_path_factory.mktemp("lake"))
    for number, records in enumerate(runs):
        run(lake, number, *records)
        check(rows(lake, "articles"))
        assert {q["article_id"] for q in rows(lake, "quotes")} == {a["article_id"] for a in rows(lake, "articles")}
    before = rows(lake, "articles")
    assert "written" not in run(lake, 99, *runs[-1])
    assert rows(lake, "articles") == before


def check(articles: Iterable[dict[str, Any]]) -> None:
    """What holds in every lake: one row an article, which points to the earliest of its story."""
    ids, originals = [], set()
    for row in articles:
        ids.append(row["article_id"])
        assert 1 <= row["revision"] <= row["n_revisions"]
        assert row["story_id"] == (row["duplicate_of"] or row["article_id"])
        originals.add(row["story_id"])
    assert len(ids) == len(set(ids))
    assert originals <= set(ids)


def test_decisions_do_not_touch_the_lake(lake: Lake) -> None:
    staging = stage(lake, Run(), [line(1, "ferry")])
    decisions = deduplicate(lake, staging, Run())
    assert decisions.n_written == decisions.n_quotes == 1
    assert decisions.n_mentions == 2
    assert pq.read_metadata(decisions.written).num_rows == 1
    assert rows(lake, "articles") == []
