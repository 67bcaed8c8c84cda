"""The rulebook: the command line and the documentation say the same, and every rule has its sentence."""

import re
from pathlib import Path

import pytest

from schemas import fields
from tasks.extract.confidence import MEASURED
from tasks.extract.decisions import PRECISION, RULES
from tasks.extract.rulebook import HOW, NESTED, RESOLUTIONS, TAGGER, meaning

DOCS = (Path(__file__).parents[3] / "docs" / "extraction.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, list[str]]:
    """The cells behind the first of each row of the table under a heading, by the rule in the first."""
    section = DOCS.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(r"^\| `/?([a-z-]+)` \|(.+)\|$", section, re.MULTILINE)
    return {rule: [cell.strip() for cell in rest.split("|")] for rule, rest in found}


def test_how_is_documented_in_the_same_words() -> None:
    assert {rule: cells[0] for rule, cells in rows("Rules").items()} == HOW
    assert set(MEASURED) <= set(HOW)


def test_who_is_documented_in_the_same_words_and_figures() -> None:
    documented = rows("Who speaks")
    assert {rule: cells[0] for rule, cells in documented.items()} == RULES
    assert {rule: float(cells[1]) for rule, cells in documented.items()} == PRECISION


def test_every_resolution_has_a_sentence() -> None:
    assert set(RESOLUTIONS) == set(fields.RESOLUTIONS)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("quote-said-name/full-name", [("quote-said-name", HOW["quote-said-name"]), ("full-name", RULES["full-name"])]),
        ("tagger/role", [("tagger", TAGGER), ("role", RULES["role"])]),
        ("tagger+implicit/no-source", [("tagger", TAGGER), ("implicit", HOW["implicit"]), ("no-source", RULES["no-source"])]),
        ("nested-name-said-that", [("nested", NESTED), ("name-said-that", HOW["name-said-that"])]),
        ("rule-of-somebody-else/who-knows", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_rule_is_explained_part_by_part(rule: str, expected: list[tuple[str, str]]) -> None:
    assert meaning(rule) == expected
