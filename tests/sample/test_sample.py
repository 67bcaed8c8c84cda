"""The sample, measured against what a person finds in it."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tasks.ask import find_quarantined
from tests.conftest import Ran

EXPECTED = [
    json.loads(line)
    for line in Path(__file__).with_name("expected_quotes.jsonl").read_text(encoding="utf-8").splitlines()
]
WORD = re.compile(r"\w+")


def words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.lower()))


def shared(one: str, other: str) -> float:
    """The share of the words of both that they have in common, 0 to 1."""
    a, b = words(one), words(other)
    return sum((a & b).values()) / max(1, sum((a | b).values()))


@pytest.fixture(scope="module")
def matches(ran: Ran) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Each expected quote with the extracted one that shares most words with it, at least half; else None."""
    from tasks.ask import run_sql

    query = (
        "SELECT a.source_uri, q.content, q.speaker FROM quotes q JOIN articles a USING (article_id) ORDER BY quote_id"
    )
    quotes: dict[str, list[dict[str, Any]]] = {}
    for row in run_sql(ran.lake, query).to_pylist():
        quotes.setdefault(row["source_uri"], []).append(row)
    found = []
    for expected in EXPECTED:
        rows = quotes.get(expected["file"].partition("#")[0], [])
        best = max(rows, key=lambda row: shared(row["content"], expected["content"]), default=None)
        is_near = best is not None and shared(best["content"], expected["content"]) >= 0.5
        found.append((expected, best if is_near else None))
    return found


Matches = list[tuple[dict[str, Any], dict[str, Any] | None]]


def test_the_page_lists_exactly_the_bad_records(ran: Ran, sample: Path) -> None:
    page = (sample / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([^`]+)`(?: (line:\d+))? \| `(\w+)` \|$", page, re.MULTILINE)
    refused = find_quarantined(ran.lake, limit=1000)
    assert sorted(listed) == sorted((r["source_uri"], r["source_member"] or "", r["reason_code"]) for r in refused)


def test_most_quotes_are_found(matches: Matches) -> None:
    direct = [row is not None for expected, row in matches if expected["kind"] == "direct"]
    assert sum(direct) / len(direct) > 0.93
    assert sum(row is not None for _, row in matches) / len(matches) > 0.85


def test_most_found_quotes_have_the_right_speaker(matches: Matches) -> None:
    right = [row["speaker"] == expected["speaker"] for expected, row in matches if row is not None]
    assert sum(right) / len(right) > 0.86


def test_who_is_not_named_stays_unnamed(matches: Matches) -> None:
    named = [(row["content"], row["speaker"]) for e, row in matches if row and e["speaker"] is None and row["speaker"]]
    assert named == []


def test_few_quotes_go_to_a_wrong_person(matches: Matches) -> None:
    """The worst error: known cases, so that a new one is seen."""
    wrong = {
        (expected["speaker"], row["speaker"])
        for expected, row in matches
        if row and row["speaker"] not in (None, expected["speaker"])
    }
    assert wrong <= {
        ("Orla Penhale", "Tilda Roe"),
        ("Chase Delaney", "Meridian"),
        ("Isaura Montclar", "Dalia Reyes-Thorne"),
    }
