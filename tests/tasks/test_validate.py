from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from schemas.expectations import VALIDATED, columns_of, suite_for
from schemas.tables import TABLES
from tasks.extract.base import Extraction, Mention, Quote, Span
from tasks.extract.rows import mention_rows, quote_rows
from tasks.normalise.article import Article, normalise
from tasks.reasons import REASONS
from tasks.records import RawRecord
from tasks.validate import ValidationError, merge_results, validate

NOW = datetime(2026, 7, 1, 4, 15, tzinfo=UTC)
TEXT = "“It is time,” Ada Moss said. “At last.”\n\nMoss left."
Edit = Callable[[dict[str, Any]], Any]


def article(**fields: Any) -> dict[str, Any]:
    fields = {"title": "Time for a ferry", "text": TEXT, "url": "https://courier.example/ferry"} | fields
    made = normalise(RawRecord("a.jsonl", 1, "line:1", "json_lines", fields))
    assert isinstance(made, Article)
    return made.row


def quote() -> dict[str, Any]:
    spans = (Span(0, 13), Span(29, 39))
    made = Quote("direct", spans, "r", 0.9, (Span(23, 27),), (Span(14, 22),), "say", ("It is time,",), "Ada Moss")
    (row,) = quote_rows(article(), Extraction([made]))
    return row


def mention() -> dict[str, Any]:
    (row,) = mention_rows(article(), Extraction(mentions=[Mention(14, 22, "PER", "r", 0.9)]))
    return row


def link() -> dict[str, Any]:
    row = article()
    place = {"article_id": row["article_id"], "published_on": row["published_on"]}
    return place | {"url": "https://a.example/", "anchor": "time", "start": 7, "end": 11, "kind": "inline"}


GOOD: dict[str, Callable[[], dict[str, Any]]] = {
    "articles": article,
    "quotes": quote,
    "mentions": mention,
    "links": link,
}


def check(table: str, rows: list[dict[str, Any]], **arguments: Any) -> list[tuple[int, str]]:
    if table != "articles":
        arguments.setdefault("text_lengths", [len(TEXT)] * len(rows))
    return [(f.row, f.reason_code) for f in validate(table, rows, NOW, **arguments).failures]


@pytest.mark.parametrize("table", VALIDATED)
def test_good_rows_pass(table: str) -> None:
    assert check(table, [GOOD[table]()]) == []


BAD_ARTICLES = [
    ("title", None, "missing_title"),
    ("title", " \t", "missing_title"),
    ("title", "A" * 501, "title_too_long"),
    ("title", 5, "wrong_type"),
    ("title", "half \ud800", "invalid_characters"),
    ("text", None, "missing_text"),
    ("text", "", "missing_text"),
    ("n_words", 0, "missing_text"),
    ("published_on", date(2026, 7, 3), "future_date"),
    ("published_on", date(1599, 12, 31), "implausible_date"),
    ("published_on", "2026-07-01", "wrong_type"),
    ("authors", ["Ida Holm", 5], "wrong_type"),
    ("canonical_url", "javascript:alert(1)", "expectation_failed"),
    ("language", "English", "expectation_failed"),
    ("language_confidence", 1.5, "expectation_failed"),
    ("article_id", "123", "expectation_failed"),
    ("published_precision", "century", "expectation_failed"),
]


def test_bad_articles_are_refused_for_the_reason_that_says_most() -> None:
    rows = [row for column, value, _ in BAD_ARTICLES for row in (article(), article() | {column: value})]
    expected = [(2 * n + 1, reason_code) for n, (_, _, reason_code) in enumerate(BAD_ARTICLES)]
    assert check("articles", [*rows, article()]) == expected


def test_tomorrow_is_not_yet_the_future_anywhere() -> None:
    assert check("articles", [article() | {"published_on": date(2026, 7, 2)}]) == []


def test_the_reason_names_the_value_and_the_expectation() -> None:
    (failure,) = validate("articles", [article() | {"published_on": date(2087, 3, 1)}], NOW).failures
    assert failure.reason == "The article is dated “2087-03-01”, which lies in the future."
    assert (failure.column, failure.value) == ("published_on", "2087-03-01")
    assert failure.expectation == "expect_column_values_to_be_between"


@pytest.mark.parametrize(
    ("edit", "reason", "column", "value"),
    [
        ({"n_words": "many"}, "n_words is “many”, which is not of the type int32.", "n_words", "many"),
        (
            {"authors": ["Ida Holm", 5]},
            "authors is “['Ida Holm', 5]”, which is not of the type list of string.",
            "authors",
            "['Ida Holm', 5]",
        ),
        (
            {"title": "half \ud800"},
            "title is “half \\ud800”, with half a character, which no file can store.",
            "title",
            "half \\ud800",
        ),
    ],
)
def test_the_reason_names_the_column_that_cannot_be_stored(
    edit: dict[str, Any], reason: str, column: str, value: str
) -> None:
    (failure,) = validate("articles", [article() | edit], NOW).failures
    assert (failure.reason, failure.column, failure.value) == (reason, column, value)


def test_a_bad_span_is_named() -> None:
    bad = quote() | {"cue_spans": [{"start": 9, "end": 900}]}
    (failure,) = validate("quotes", [bad], NOW, text_lengths=[len(TEXT)]).failures
    assert (failure.column, failure.value) == ("cue_spans", f"9 to 900 of {len(TEXT)} characters")


def test_an_article_with_several_faults_is_refused_once() -> None:
    faulty: list[dict[str, Any]] = [
        {"title": None, "text": None, "published_on": date(2087, 3, 1)},
        {"title": "A" * 501, "published_on": date(1066, 10, 14), "language": "English"},
        {"title": 5, "text": "\ud800", "article_id": None},
    ]
    assert [row for row, _ in check("articles", [article() | edit for edit in faulty])] == [0, 1, 2]


BAD_ROWS: dict[str, list[tuple[dict[str, Any], str]]] = {
    "quotes": [
        ({"content_spans": [{"start": 0, "end": 10_000}]}, "outside the text"),
        ({"content_spans": [{"start": 5, "end": 5}]}, "empty"),
        ({"cue_spans": [{"start": 9, "end": 12}, {"start": 1, "end": 3}]}, "out of order"),
        ({"source_spans": []}, "do not go together"),
        ({"content": "  "}, "no content"),
        ({"kind": "sung"}, "none of direct, mixed, indirect"),
        ({"confidence": -0.1}, "between 0 and 1"),
    ],
    "mentions": [
        ({"start": -1}, "before the text"),
        ({"end": 10_000}, "behind the text"),
        ({"label": "DOG"}, "none of PER"),
    ],
    "links": [
        ({"start": 11, "end": 7}, "ends before its start"),
        ({"url": " "}, "blank"),
    ],
}


@pytest.mark.parametrize("table", BAD_ROWS)
def test_bad_rows_of_articles_are_refused(table: str) -> None:
    bad = BAD_ROWS[table]
    rows, n = [GOOD[table]() | edit for edit, _ in bad], len(bad)
    failures = validate(table, rows, NOW, text_lengths=[len(TEXT)] * n, records=range(n)).failures
    assert [failure.row for failure in failures] == list(range(n))
    for failure, (_, words) in zip(failures, bad, strict=True):
        assert words in failure.reason


def test_keys_repeat_between_copies_of_an_article_but_not_within_one() -> None:
    assert check("quotes", [quote(), quote()], records=[1, 2]) == []
    assert check("quotes", [quote(), quote()], records=[1, 1]) == [(0, "duplicate_record"), (1, "duplicate_record")]


@pytest.mark.parametrize("table", VALIDATED)
def test_every_reason_is_documented_and_every_column_checked(table: str) -> None:
    expectations = suite_for(table).expectations
    assert {e.meta["reason_code"] for e in expectations} <= set(REASONS)
    required = {c.name for c in columns_of(table) if not c.nullable}
    kinds = {getattr(e, "column", None) for e in expectations if type(e).__name__ == "ExpectColumnValuesToNotBeNull"}
    assert kinds == required


def test_a_table_that_lacks_a_column_is_a_defect() -> None:
    row = article()
    del row["title"]
    with pytest.raises(ValidationError, match="title"):
        validate("articles", [row], NOW)


def test_results_of_chunks_add_up() -> None:
    bad = article() | {"title": None}
    parts = [validate("articles", rows, NOW).result for rows in ([article()], [], [bad, bad])]
    merged = merge_results(parts)
    whole = validate("articles", [article(), bad, bad], NOW).result
    assert merged == whole
    assert (merged["n_rows"], merged["n_refused"], merged["success"]) == (3, 2, False)
    with pytest.raises(ValueError, match="2 tables"):
        merge_results([parts[0], parts[0] | {"table": "links"}])


def test_a_run_has_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        validate("articles", [article()], datetime(2026, 7, 1))


def test_all_tables_of_rows_that_were_read_are_validated() -> None:
    made_of_validated_rows = {"entities", "quote_clusters"}
    written_by_runs_and_people = {"quarantine", "runs", "raw_files", "corrections", "forgotten"}
    assert set(TABLES) - set(VALIDATED) == written_by_runs_and_people | made_of_validated_rows
