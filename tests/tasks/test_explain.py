"""Explaining a quote: the passage, the rules in words, and what the confidence is made of."""

from typing import Any

import pytest

from tasks.ask import NotFound, run_sql
from tasks.explain import explain
from tests.conftest import Ran


def quotes(ran: Ran, condition: str) -> list[dict[str, Any]]:
    query = f"SELECT * FROM quotes WHERE {condition} ORDER BY quote_id"
    found: list[dict[str, Any]] = run_sql(ran.lake, query).to_pylist()
    assert found
    return found


def test_the_passage_holds_the_parts_where_they_are_printed(ran: Ran) -> None:
    articles = {
        a["article_id"]: a for a in run_sql(ran.lake, "SELECT article_id, title, text FROM articles").to_pylist()
    }
    for quote in [*quotes(ran, "is_in_title")[:2], *quotes(ran, "NOT is_in_title")[:4]]:
        passage = explain(ran.lake, quote["quote_id"])["passage"]
        article = articles[quote["article_id"]]
        assert passage["text"] == article[passage["in"]][passage["start"] : passage["end"]]
        for part in ("content", "source", "cue"):
            marked = [passage["text"][m["start"] : m["end"]] for m in passage["marks"] if m["part"] == part]
            assert " … ".join(marked) == (quote[part] or "")


def test_the_passage_is_no_longer_than_its_sentences(ran: Ran) -> None:
    (quote, *_) = quotes(ran, "NOT is_in_title AND context_before LIKE '%. ' AND length(content) < 100")
    assert len(explain(ran.lake, quote["quote_id"])["passage"]["text"]) < 400


def test_confidence_is_the_product_of_its_parts(ran: Ran) -> None:
    for quote in quotes(ran, "contains(rule, '/')")[:4]:
        attribution, speaker = explain(ran.lake, quote["quote_id"])["confidence_parts"]
        assert attribution["share"] * speaker["share"] == pytest.approx(quote["confidence"], abs=0.002)
        assert 0 < attribution["share"] <= 1


def test_a_pronoun_is_explained_by_the_sentence_that_names_the_speaker(ran: Ran) -> None:
    (quote, *_) = quotes(ran, "rule LIKE '%/pronoun-person' AND NOT is_in_title")
    found = explain(ran.lake, quote["quote_id"][:16])
    assert found["resolution_means"] == "The source is a pronoun."
    assert "likeliest person" in found["rule_means"][-1]["meaning"]
    assert found["named_before"]["name"] in found["named_before"]["sentence"]
    assert found["named_before"]["start"] < found["passage"]["start"]
    assert found["speaker_candidates"][0]["name"] == quote["speaker"]


@pytest.mark.parametrize("prefix", ["zzz", ""])
def test_an_unknown_or_ambiguous_id_is_refused(ran: Ran, prefix: str) -> None:
    with pytest.raises(NotFound, match="quote_id begins with"):
        explain(ran.lake, prefix)
