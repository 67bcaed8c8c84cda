"""Articles of the lake, extracted anew."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from schemas.tables import TABLES
from tasks.commit import writing
from tasks.extract.base import Extraction, Span
from tasks.extract.load import load_extractor
from tasks.lake import Lake
from tasks.process import RunContext
from tasks.reprocess import Reprocessed, reprocess
from tests.tasks.runs import STARTED, lines, run, story
from tests.tasks.staging import rows
from tests.tasks.test_ledger import put, tables


class Older:
    """The rules as they might have been: they lose a quote, mistake a speaker, and cut a content short."""

    name, version = "older", "1"

    def extract(self, title: str, text: str, language: str | None) -> Extraction:
        found = load_extractor("rules").extract(title, text, language)
        quotes = list(found.quotes)
        if title == "Buoy 1":
            quotes = quotes[1:]
        elif title == "Buoy 2":
            quotes[0] = replace(quotes[0], speaker="Ida Holm")
        elif title == "Buoy 3":
            first = quotes[0].content[0]
            quotes[0] = replace(quotes[0], content=(Span(first.start, first.end - 3), *quotes[0].content[1:]))
        return replace(found, quotes=quotes)


OLDER = f"{__name__}:Older"
LINKED = {"markup": "html", "text": '<p>“It floats,” said <a href="/moss">Ada Moss</a>, the harbour master.</p>'}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reprocess") / "raw"
    put(folder / "a.jsonl", lines([*(story(n) for n in range(1, 5)), story(5, LINKED["text"]), story(6, title="")]))
    return folder


@pytest.fixture(scope="module")
def old_lake(raw: Path) -> Lake:
    lake = Lake(raw.parent / "lake")
    run(lake, raw, 1, extractor=OLDER)
    return lake


@pytest.fixture
def lake(old_lake: Lake, tmp_path: Path) -> Lake:
    shutil.copytree(old_lake.root, tmp_path / "lake")
    return Lake(tmp_path / "lake")


def anew(lake: Lake, number: int = 2, **options: Any) -> Reprocessed:
    this = RunContext(f"run-{number}", STARTED, lake.staging_dir(f"run-{number}"), "rules")
    with writing(lake):
        return reprocess(lake, this, parameters=[("reprocess", "older")], **options)


def test_it_gives_what_a_full_run_gives(lake: Lake, raw: Path, tmp_path: Path) -> None:
    full = Lake(tmp_path / "full")
    shutil.copytree(lake.root, full.root)
    run(full, raw, 2, full=True, extractor="rules")
    row = anew(lake).row
    assert (row["n_records"], row["n_written"], row["extractor"].partition("/")[0]) == (5, 5, "rules")
    refused = {"quarantine": [{**row, "n_attempts": 1} for row in tables(full)["quarantine"]]}
    assert tables(lake) == tables(full) | refused
    for name in ("entities", "quote_clusters"):
        assert rows(lake, name) == rows(full, name)
    assert len(rows(lake, "links")) == 1
    assert [r["status"] for r in rows(lake, "runs")] == ["completed"] * 2
    assert anew(lake, 3).row["n_records"] == 0
    again = anew(lake, 4, every=True).row
    assert (again["n_records"], again["n_written"]) == (5, 5)
    assert tables(lake) == tables(full) | refused


def test_the_difference_is_shown_quote_by_quote(lake: Lake) -> None:
    before = {name: rows(lake, name) for name in TABLES}
    titles = {row["article_id"]: row["title"] for row in rows(lake, "articles")}
    done = anew(lake, diff=True, dry_run=True)
    assert {name: rows(lake, name) for name in TABLES} == before
    assert done.row["n_records"] == 5
    found = {titles[change["article_id"]]: change for change in done.changes}
    assert {title: (change["change"], change["fields"]) for title, change in found.items()} == {
        "Buoy 1": ("added", []),
        "Buoy 2": ("changed", ["speaker"]),
        "Buoy 3": ("changed", ["content"]),
    }
    assert (found["Buoy 2"]["before"]["speaker"], found["Buoy 2"]["after"]["speaker"]) == ("Ida Holm", "Ada Moss")
    assert found["Buoy 1"]["before"] is None
