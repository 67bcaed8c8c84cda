from __future__ import annotations

from collections import defaultdict
from typing import Any

from training.evaluate import as_markdown, kind_of, score_names, score_quotes, table

TEXT = 'Pell said that rain came. "Go home," Rhee told them. Most called it "a mess" later.'


def span(part: str) -> list[int]:
    return [TEXT.index(part), TEXT.index(part) + len(part)]


def quote(source: str, cue: str, content: str) -> dict[str, Any]:
    return {"source": [span(source)] if source else [], "cue": [span(cue)], "content": [span(content)]}


GOLD = [
    quote("Pell", "said", "that rain came"),
    quote("Rhee", "told", '"Go home,"'),
    quote("Most", "called", 'it "a mess"'),
]


def figures(found: list[dict[str, Any]]) -> dict[str, float]:
    counts: dict[str, Any] = defaultdict(list)
    score_quotes(TEXT, GOLD, found, counts)
    return {row["measure"]: round(row["f1"], 3) for row in table(counts, rounds=20)}


def test_kinds() -> None:
    assert [kind_of(TEXT, one["content"]) for one in GOLD] == ["indirect", "direct", "mixed"]


def test_gold_against_itself_is_perfect() -> None:
    assert set(figures(GOLD).values()) == {1.0}


def test_each_slip_costs_its_measure_only() -> None:
    shorter = figures([quote("Pell", "said", "rain came"), *GOLD[1:]])
    assert (shorter["content.exact"], shorter["content.overlap"], shorter["content.attribution"]) == (0.667, 1.0, 1.0)
    unsourced = figures([GOLD[0], quote("", "told", '"Go home,"'), GOLD[2]])
    assert (unsourced["direct.overlap"], unsourced["direct.attribution"], unsourced["content.exact"]) == (1.0, 0.0, 1.0)
    assert figures([])["content.token"] == 0.0


def test_names_need_words_and_label() -> None:
    counts: dict[str, Any] = defaultdict(list)
    gold = [[*span("Pell"), "PER"], [*span("Rhee"), "PER"]]
    score_names(TEXT, gold, [[*span("Pell"), "PER", 0.9], [*span("Rhee"), "ORG", 0.9]], counts, "c")
    rows = {row["measure"]: row for row in table(counts, rounds=20)}
    assert (rows["c.PER"]["p"], rows["c.PER"]["r"]) == (1.0, 0.5)
    assert "| c.PER | 1.000 | 0.500 |" in as_markdown(list(rows.values()))
