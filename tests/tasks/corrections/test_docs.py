"""What docs/corrections.md and docs/accuracy.md show is what the software reads and writes."""

import json
import re
from pathlib import Path

from schemas.fields import DECISIONS
from tasks.corrections.decisions import from_line, to_line
from tasks.corrections.fits import NEAR
from tasks.evaluate.gold import GoldArticle
from tasks.evaluate.measures import ROUNDS

DOCS = Path(__file__).parents[3] / "docs"
CORRECTIONS = (DOCS / "corrections.md").read_text("utf-8")
ACCURACY = (DOCS / "accuracy.md").read_text("utf-8")


def examples(page: str) -> list[str]:
    return [line for block in re.findall(r"```json\n(.+?)```", page, re.DOTALL) for line in block.splitlines()]


def test_the_lines_shown_are_decisions() -> None:
    assert len(examples(CORRECTIONS)) == 3
    for line in examples(CORRECTIONS):
        assert json.loads(to_line(from_line(line))) == json.loads(line)
    assert all(f"`{decision}`" in CORRECTIONS for decision in DECISIONS)
    assert f"at least {str(NEAR)[1:]} of the words" in CORRECTIONS


def test_the_gold_shown_is_gold() -> None:
    (line,) = examples(ACCURACY)
    assert len(GoldArticle.model_validate_json(line).quotes) == 2
    assert f"{ROUNDS:,} samples" in ACCURACY


def test_the_figures_are_those_of_the_pages_that_explain_them() -> None:
    (section,) = re.findall(r"^## The project's own figures$(.+?)^##", ACCURACY, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| .+ \| \.\d.*$", section, re.MULTILINE)
    assert len(rows) == 8
    engine = (DOCS / "engine.md").read_text("utf-8")
    assert [row for row in rows if row not in engine] == []
