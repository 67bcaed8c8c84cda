"""What each slip costs in the figures."""

from typing import Any

import pytest

from tasks.evaluate.gold import GoldQuote, find_spans
from tasks.evaluate.score import Scores, verdict

TEXT = "“We’ll stay,” said Ida Holm, the mayor. Bo Kern said the tram was late. An aide called it “a small disaster”."
ARTICLE = {"article_id": "a" * 32, "title": "Mayor stays", "text": TEXT}
GOLD = [
    {"content": "We'll stay", "speaker": "Ida Holm", "source": "Ida Holm, the mayor"},
    {"content": "the tram was late", "speaker": "Bo Kern", "source": "Bo Kern"},
    {"content": "it “a small disaster”", "speaker": None, "source": "An aide"},
]


def row(words: str, kind: str, speaker: str | None, source: str | None, confidence: float = 0.9) -> dict[str, Any]:
    start = TEXT.index(words)
    spans = [{"start": start, "end": start + len(words)}]
    return {"quote_id": words[:8], "content": words, "content_spans": spans, "is_in_title": False, "kind": kind} | {
        "speaker": speaker,
        "aliases": ["Ida Holm", "Mayor Holm"] if speaker and "Holm" in speaker else [],
        "source": source,
        "resolution": "full_name",
        "rule": "quote-said-name",
        "confidence": confidence,
    }


RIGHT = [
    row("“We’ll stay,”", "direct", "Ida Holm", "Ida Holm"),
    row("the tram was late", "indirect", "Bo Kern", "Bo Kern"),
    row("it “a small disaster”", "mixed", None, "An aide"),
]


def scores(
    rows: list[dict[str, Any]], gold: list[dict[str, Any]] = GOLD, none: tuple[str, ...] = (), **options: Any
) -> Scores:
    counted = Scores(has_speakers=True, has_sources=True)
    sides = []
    for quotes in (gold, [{"content": words} for words in none]):
        found = [GoldQuote.model_validate(quote) for quote in quotes]
        sides.append([(quote, find_spans(quote, TEXT) or ()) for quote in found])
    counted.add(ARTICLE, *sides, rows, **options)
    return counted


def figures(rows: list[dict[str, Any]], **options: Any) -> dict[str, tuple[float, float]]:
    return {m["measure"]: (round(m["p"], 2), round(m["r"], 2)) for m in scores(rows, **options).report(3)["quotes"]}


def test_what_is_right_is_perfect() -> None:
    found = scores(RIGHT).report(3)
    assert {(m["p"], m["r"], m["f1"], m["low"], m["high"]) for m in found["quotes"]} == {(1.0,) * 5}
    assert [(g["group"], g["n"], g["right"]) for g in found["speakers"]] == [
        ("all", 3, 1.0),
        ("direct", 1, 1.0),
        ("mixed", 1, 1.0),
        ("indirect", 1, 1.0),
        ("found by full_name", 3, 1.0),
    ]
    assert (found["n_missed"], found["n_false"], found["n_wrong_speaker"]) == (0, 0, 0)


def test_each_slip_costs_its_own_measures() -> None:
    nothing = figures([])
    assert set(nothing.values()) == {(0.0, 0.0)}
    shorter = figures([*RIGHT[:2], row("a small disaster", "mixed", None, "An aide")])
    assert (shorter["content, exact"], shorter["content"], shorter["mixed content, exact"]) == (
        (0.67, 0.67),
        (1.0, 1.0),
        (0.0, 0.0),
    )
    elsewhere = figures([RIGHT[0] | {"source": "He", "speaker": "Bo Kern", "aliases": []}, *RIGHT[1:]])
    assert elsewhere["content"] == (1.0, 1.0)
    assert elsewhere["content and speaker"] == elsewhere["content and source"] == (0.67, 0.67)
    more = figures([*RIGHT, row("said Ida Holm", "indirect", None, None)])
    assert (more["content"], more["indirect content"], more["direct content"]) == ((0.75, 1.0), (0.5, 1.0), (1.0, 1.0))


def test_examples_say_what_went_wrong_the_surest_first() -> None:
    rows = [RIGHT[0] | {"speaker": "Kern", "aliases": []}, RIGHT[2] | {"speaker": "Bo Kern", "confidence": 0.95}]
    found = scores([*rows, row("said Ida Holm", "indirect", None, None)]).report(1)
    assert [e["content"] for e in found["missed"]] == ["the tram was late"]
    assert [e["content"] for e in found["false"]] == ["said Ida Holm"]
    assert found["n_wrong_speaker"] == 2
    assert [(e["speaker"], e["gold_speaker"]) for e in found["wrong_speaker"]] == [("Bo Kern", None)]


def test_where_not_all_quotes_are_known_others_are_not_judged() -> None:
    rows = [*RIGHT, row("said Ida Holm", "indirect", None, None)]
    some: dict[str, Any] = {"gold": GOLD[:1], "is_complete": False}
    assert figures(rows, **some)["content"] == (1.0, 1.0)
    assert figures(rows, none=("the tram was late",), **some)["content"] == (0.5, 1.0)
    assert figures(rows, gold=GOLD[:1])["content"] == (0.25, 1.0)


@pytest.mark.parametrize(
    ("gold", "speaker", "aliases", "judged"),
    [
        ("Ida Holm", "Ida Holm", [], "right"),
        ("Mayor Ida M. Holm", "Ida Holm", [], "right"),
        ("Ida Osterley", "Ida Holm", ["Ida Holm", "Ida Osterley"], "right"),
        ("the Harbour Board", "Harbour Board", [], "right"),
        ("Ida Holm", "Holm", [], "partial"),
        ("Ida Holm", "Jo Holm", [], "wrong"),
        ("Ida Holm", None, [], "wrong"),
        (None, "Ida Holm", [], "wrong"),
        (None, None, [], "right"),
    ],
)
def test_a_name_may_be_printed_in_other_ways(
    gold: str | None, speaker: str | None, aliases: list[str], judged: str
) -> None:
    found = {"speaker": speaker, "aliases": aliases}
    assert verdict({"has_speaker": True, "speaker": gold}, found) == judged
    assert verdict({"has_speaker": False, "speaker": None}, found) is None
