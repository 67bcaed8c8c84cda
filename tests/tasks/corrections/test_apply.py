"""Decisions in a lake: they hold over runs, and leave no trace when they are reverted."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from schemas.tables import CORRECTIONS, TABLES
from tasks.corrections.decisions import Anchor, Decision, Name, decide
from tasks.corrections.file import append, corrections_file
from tasks.corrections.judge import Verdict
from tasks.corrections.make import anchor
from tasks.corrections.table import to_row, to_table
from tasks.identity.corrections import CorrectionsError
from tasks.lake import Lake, writer_lock
from tasks.linking import NO_OPTIONS, LinkOptions
from tasks.publish import relink
from tests.tasks.corrections.test_file import QUOTE
from tests.tasks.staging import Run, contents, ingest, line, rows

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
SAID = "The ferry to Brünn will sail again in the spring, once the harbour board has paid for the new engine."
NESTED = "sail again in the spring"
FERRY = line(1, "ferry", f"Nobody knew. {SAID}", said=SAID, nested=NESTED)
BRIDGE = line(2, "bridge", SAID, published_on=date(2020, 2, 29), speaker="Ann Lee")
TRAM = line(3, "tram", "The tram stays where it is.", published_on=None)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("template") / "lake")
    ingest(lake, [FERRY, BRIDGE, TRAM])
    return lake


@pytest.fixture
def filled(template: Lake, tmp_path: Path) -> Lake:
    return Lake(shutil.copytree(template.root, tmp_path / "lake"))


def quotes(lake: Lake, title: str) -> dict[str, dict[str, Any]]:
    """The quotes of an article by their words."""
    (article,) = (row for row in rows(lake, "articles") if row["title"] == title)
    return {row["content"]: row for row in rows(lake, "quotes") if row["article_id"] == article["article_id"]}


def about(lake: Lake, title: str, said: str = SAID) -> Anchor:
    return anchor(quotes(lake, title)[said])


def decided(lake: Lake, *decisions: Decision, options: LinkOptions = NO_OPTIONS) -> dict[str, dict[str, Any]]:
    """Adds decisions and applies them; returns the rows of the table corrections by id."""
    for decision in decisions:
        append(corrections_file(lake), decision)
    with writer_lock(lake):
        relink(lake, options=options)
    return followed(lake)


def followed(lake: Lake) -> dict[str, dict[str, Any]]:
    return {row["decision_id"]: row for row in rows(lake, "corrections")}


def but_for_decisions(lake: Lake) -> dict[str, bytes]:
    """All files of the lake's tables but those of runs, of what they read, and of decisions."""
    left_out = ("corrections/", "runs/", "raw_files/")
    return {name: data for name, data in contents(lake).items() if not name.startswith(left_out)}


def wrong_speaker(quote: Anchor, speaker: str | None, minute: int = 0, **fields: Any) -> Decision:
    when = NOON + timedelta(minutes=minute)
    return decide("wrong_speaker", "Ida Holm", "Read it.", when, quote=quote, speaker=speaker, **fields)


def not_a_quote(quote: Anchor, minute: int = 0) -> Decision:
    return decide("not_a_quote", "Ida Holm", "A slogan.", NOON + timedelta(minutes=minute), quote=quote)


def revert(decision: Decision, minute: int = 30) -> Decision:
    return decide("revert", "Bo Kern", "It was right.", NOON + timedelta(minutes=minute), reverts=decision.id)


def test_a_run_puts_a_speaker_right_and_another_back(filled: Lake) -> None:
    before = but_for_decisions(filled)
    was = quotes(filled, "Ferry")[SAID]
    decision = wrong_speaker(about(filled, "Ferry"), "Ann Lee", speaker_type="person")
    append(corrections_file(filled), decision)
    assert ingest(filled, [], run=Run("run-2")).n_records == 0
    row = followed(filled)[decision.id]
    assert (row["status"], row["fit"], row["overlap"]) == ("applied", "exact", 1.0)
    now = quotes(filled, "Ferry")[SAID]
    assert now["speaker_id"] == quotes(filled, "Bridge")[SAID]["speaker_id"] != was["speaker_id"]
    changed = {"speaker": "Ann Lee", "speaker_role": None, "resolution": None, "confidence": 1.0}
    changed |= {"rule": f"corrected/{decision.id}", "decision_id": decision.id}
    linked = {"speaker_id", "quote_cluster_id"}
    assert {k: v for k, v in now.items() if k not in linked} == {
        k: v for k, v in was.items() if k not in linked
    } | changed
    assert row["as_extracted"]["speaker"] == "Ida Holm"
    tables = [table for name, table in TABLES.items() if name not in ("runs", "raw_files")]
    inodes = {path: path.stat().st_ino for table in tables for path in filled.files(table)}
    ingest(filled, [], run=Run("run-3"))
    assert {path: path.stat().st_ino for path in inodes} == inodes
    assert decided(filled, revert(decision))[decision.id]["status"] == "reverted"
    assert but_for_decisions(filled) == before


def test_what_is_no_quote_is_taken_out_and_kept(filled: Lake) -> None:
    before = but_for_decisions(filled)
    outer, inner = about(filled, "Ferry"), about(filled, "Ferry", NESTED)
    (mention,) = (m for m in rows(filled, "mentions") if m["in_quote_id"] == inner.quote_id)

    def stands_in() -> str | None:
        return next(m["in_quote_id"] for m in rows(filled, "mentions") if m["mention_id"] == mention["mention_id"])

    one, other = not_a_quote(inner), not_a_quote(outer, 1)
    row = decided(filled, one)[one.id]
    assert NESTED not in quotes(filled, "Ferry")
    assert stands_in() == outer.quote_id
    assert (row["as_extracted"]["content"], row["mention_ids"]) == (NESTED, [mention["mention_id"]])
    row = decided(filled, other)[other.id]
    assert quotes(filled, "Ferry") == {} and stands_in() is None
    assert row["nested_quote_ids"] == [inner.quote_id]
    decided(filled, revert(one), revert(other))
    assert but_for_decisions(filled) == before


def test_decisions_hold_over_new_extractions_and_revisions(filled: Lake) -> None:
    wrong, none = wrong_speaker(about(filled, "Ferry"), "Ann Lee"), not_a_quote(about(filled, "Ferry", NESTED), 1)
    for decision in (wrong, none):
        append(corrections_file(filled), decision)
    shorter = SAID.removesuffix(" for the new engine.")
    found = []
    for number, article in enumerate([FERRY | {"said": shorter, "extractor": "rules/2.0"}, line(1, "ferry", "Sold.")]):
        ingest(filled, [article], run=Run(f"run-{number + 2}"))
        row, other = followed(filled)[wrong.id], followed(filled)[none.id]
        speakers = [quote["speaker"] for quote in quotes(filled, "Ferry").values()]
        found.append((row["status"], row["fit"], round(row["overlap"] or 0, 2), speakers, other["status"]))
    assert found == [("applied", "overlap", 0.8, ["Ann Lee"], "applied"), ("stale", None, 0, ["Ida Holm"], "stale")]
    assert all(row["as_extracted"] is None for row in followed(filled).values())


def test_it_does_not_matter_when_articles_and_decisions_came(tmp_path: Path, filled: Lake) -> None:
    decisions = [
        wrong_speaker(about(filled, "Bridge"), "Ida Holm"),
        not_a_quote(about(filled, "Ferry", NESTED), 1),
        not_a_quote(about(filled, "Tram", TRAM["text"]), 2),
    ]
    decided(filled, *decisions)
    grown = Lake(tmp_path / "grown")
    append(corrections_file(grown), decisions[2])
    append(corrections_file(grown), decisions[0])
    ingest(grown, [TRAM, FERRY])
    append(corrections_file(grown), decisions[1])
    ingest(grown, [BRIDGE])
    assert but_for_decisions(grown) == but_for_decisions(filled)
    assert rows(grown, "corrections") == rows(filled, "corrections")


def test_names_are_joined_as_decided_unless_the_file_of_names_says_otherwise(filled: Lake, tmp_path: Path) -> None:
    def names(minute: int, *some: str) -> Decision:
        them = tuple(Name(name=name, label="PER") for name in some)
        return decide("same_person", "Bo Kern", "Same desk.", NOON + timedelta(minutes=minute), names=them)

    def people() -> set[frozenset[str]]:
        return {frozenset(row["aliases"]) for row in rows(filled, "entities") if row["label"] == "PER"}

    apart = people()
    same, nobody = names(0, "Ida Holm", "Ann Lee"), names(1, "Ann Lee", "Zoë Moss")
    found = decided(filled, same, nobody)
    assert [found[d.id]["status"] for d in (same, nobody)] == ["applied", "stale"]
    assert people() == {frozenset({"Ida Holm", "Ann Lee"}), frozenset({"Bo Kern"})}
    file = tmp_path / "entities.yaml"
    file.write_text("different:\n  - [Ida Holm, Ann Lee]\n", "utf-8")
    assert decided(filled, options=LinkOptions(corrections=file))[same.id]["status"] == "overruled"
    assert people() == apart


def test_a_missing_file_undoes_nothing(filled: Lake, tmp_path: Path) -> None:
    with writer_lock(filled), pytest.raises(CorrectionsError, match="there is no file"):
        relink(filled, options=LinkOptions(decisions=tmp_path / "none.jsonl"))
    pq.write_table(to_table([to_row(Verdict(revert(not_a_quote(QUOTE)), "stale"))]), filled.files(CORRECTIONS)[0])
    with writer_lock(filled), pytest.raises(CorrectionsError, match="follows 1 decisions"):
        relink(filled)
