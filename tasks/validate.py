"""Validates the rows of a table with Great Expectations: which rows break an expectation, and how often each is broken.

Rows are checked before they are written, a chunk of up to 200 articles at a time. A row that breaks an expectation
is a value with a reason, which the caller puts into quarantine; a table that cannot be checked is an error.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from schemas.dictionary import type_name
from schemas.expectations import LATEST_DAY, import_quietly, problem_columns_of, suite_for
from schemas.tables import TABLES
from tasks.checkable import checkable, read_problem, shown

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
    from great_expectations.core.batch_definition import BatchDefinition

EXAMPLES = 5  # values of broken expectations that a result keeps
# One batch at a time: Great Expectations looks a batch's data up by the asset's name, which all batches share.
_LOCK = Lock()


class ValidationError(Exception):
    """The table could not be checked: columns are missing or an expectation could not be evaluated. A defect."""


@dataclass(frozen=True, slots=True)
class RowFailure:
    """A row to refuse: its position among the rows, why (see tasks.reasons), and the expectation that it breaks.

    ``reason`` is a sentence with the value in it; ``value`` has at most VALUE_LIMIT characters.
    """

    row: int
    reason_code: str
    reason: str
    expectation: str
    column: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Validation:
    """The rows to refuse, one failure each, by position; a summary for merge_results; the seconds that it took."""

    failures: list[RowFailure]
    result: dict[str, Any]
    seconds: float


def validate(
    table: str,
    rows: Sequence[Mapping[str, Any]],
    now: datetime,
    text_lengths: Sequence[int] | None = None,
    records: Sequence[int] | None = None,
) -> Validation:
    """Checks rows of articles, quotes, mentions or links against the table's suite.

    ``now`` is the start of the run, with a time zone: a publication date may lie one day behind its day in UTC.
    Rows of the other tables than articles need the length in characters of the text, or title, that their offsets
    count in, and the article, numbered within the chunk, that they come from: a chunk may hold an article twice, and
    keys are unique only within one copy. Without ``records``, article_id stands for it. Columns that only later
    stages fill (schemas.expectations.FILLED_LATER) are not looked at.

    The summary is JSON: table, n_rows, n_refused, success, and for each expectation type, column, kwargs, reason_code,
    success, element_count, unexpected_count and up to five examples. It has no expectations where there are no rows.

    Raises ValidationError where a column is missing or an expectation cannot be evaluated.
    """
    if now.tzinfo is None:
        raise ValueError("now has no time zone")
    if len(rows) == 0:
        return Validation([], _result(table, 0, 0, []), 0.0)
    started = time.perf_counter()
    try:
        frame = checkable(table, rows, text_lengths, records)
    except KeyError as error:
        raise ValidationError(f"{table} lacks the column {error}") from None
    return validate_frame(table, frame, now, started)


def validate_frame(table: str, frame: pd.DataFrame, now: datetime, started: float) -> Validation:
    """As validate, for a frame with just the columns that the suite looks at, its rows numbered from 0.

    ``started`` is when the work on it began, by time.perf_counter.
    """
    with _LOCK:
        outcomes = _evaluate(table, frame, now)
    summaries: list[dict[str, Any]] = []
    refused: dict[int, RowFailure] = {}
    for outcome, positions in outcomes:
        failures = [_failure(table, outcome, frame, row) for row in positions]
        for failure in failures:
            refused.setdefault(failure.row, failure)
        summaries.append(_summary(outcome, failures[:EXAMPLES]))
    failures = [refused[row] for row in sorted(refused)]
    return Validation(failures, _result(table, len(frame), len(failures), summaries), time.perf_counter() - started)


def merge_results(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The summary of several chunks of one table from theirs; ValueError where there is none or tables differ."""
    tables = {result["table"] for result in results}
    if len(tables) != 1:
        raise ValueError(f"cannot merge the results of {len(tables)} tables")
    checked = [result["expectations"] for result in results if result["expectations"]]
    return _result(
        tables.pop(),
        sum(result["n_rows"] for result in results),
        sum(result["n_refused"] for result in results),
        [_merge(parts) for parts in zip(*checked, strict=True)],
    )


def _merge(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        **parts[0],
        "success": all(part["success"] for part in parts),
        "element_count": sum(part["element_count"] for part in parts),
        "unexpected_count": sum(part["unexpected_count"] for part in parts),
        "examples": [example for part in parts for example in part["examples"]][:EXAMPLES],
    }


def _result(table: str, n_rows: int, n_refused: int, expectations: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "table": table,
        "n_rows": n_rows,
        "n_refused": n_refused,
        "success": all(e["success"] for e in expectations),
        "expectations": expectations,
    }


@cache
def _batches(table: str) -> BatchDefinition:
    """The one data frame asset of a table; one context serves the process, so nothing piles up in it."""
    return _context().add_dataframe_asset(table).add_batch_definition_whole_dataframe(table)


@cache
def _context() -> Any:
    import_quietly()
    import great_expectations

    context = great_expectations.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context.data_sources.add_pandas("chunks")


def _evaluate(table: str, frame: pd.DataFrame, now: datetime) -> list[tuple[ExpectationValidationResult, list[int]]]:
    """Each expectation's result in the suite's order, with the positions of the rows that break it.

    Positions are only asked for where there are any: they cost as much again as the counts.
    """
    suite = suite_for(table)
    from great_expectations import ExpectationSuite

    latest_day = now.astimezone(UTC).date() + timedelta(days=1)
    batch = _batches(table).get_batch({"dataframe": frame})

    def run(suite: ExpectationSuite, result_format: str) -> dict[int, ExpectationValidationResult]:
        results: ExpectationSuiteValidationResult = batch.validate(
            suite,
            result_format={"result_format": result_format, "return_unexpected_index_query": False},
            expectation_parameters={LATEST_DAY: latest_day},
        )
        return {result.expectation_config.meta["position"]: result for result in results.results}

    counts = run(suite, "BASIC")
    for result in counts.values():
        _require_evaluated(table, result)
    broken = [suite.expectations[i] for i, result in counts.items() if not result.success]
    positions: dict[int, list[int]] = {}
    if broken:
        for i, result in run(ExpectationSuite(name=table, expectations=broken), "COMPLETE").items():
            positions[i] = result.result["unexpected_index_list"]
    return [(counts[i], positions.get(i, [])) for i in range(len(suite.expectations))]


def _require_evaluated(table: str, result: ExpectationValidationResult) -> None:
    """Raises where an expectation said nothing about the rows: it failed itself, or the columns are not the table's."""
    info = result.exception_info or {}
    problems = [info] if "raised_exception" in info else list(info.values())
    for problem in problems:
        if isinstance(problem, dict) and problem.get("raised_exception"):
            kind = result.expectation_config.type
            raise ValidationError(f"{kind} could not be evaluated on {table}: {problem.get('exception_message')}")
    if not result.success and "element_count" not in result.result:
        raise ValidationError(f"{table}: {result.expectation_config.meta['reason']}")


def _failure(table: str, outcome: ExpectationValidationResult, frame: pd.DataFrame, row: int) -> RowFailure:
    config = outcome.expectation_config
    columns = _columns(config.kwargs)
    column, value = columns[0], shown(frame.at[row, columns[0]])
    reason = config.meta["reason"]
    if column in problem_columns_of(table):
        column, value = read_problem(str(value))
        reason = reason.replace("{column}", column).replace("{type}", type_name(TABLES[table].column(column).type))
    elif len(columns) > 1:
        value = ", ".join(f"{name} {shown(frame.at[row, name])}" for name in columns)
    reason = reason.replace("{value}", f"“{value}”")
    return RowFailure(row, config.meta["reason_code"], reason, config.type, column, value)


def _columns(kwargs: Mapping[str, Any]) -> list[str]:
    return [kwargs[name] for name in ("column", "column_A", "column_B") if name in kwargs]


def _summary(outcome: ExpectationValidationResult, failures: Sequence[RowFailure]) -> dict[str, Any]:
    config = outcome.expectation_config
    kwargs = {name: value for name, value in config.kwargs.items() if name != "batch_id"}
    column = next(iter(_columns(config.kwargs)), None)
    return {
        "type": config.type,
        "column": column,
        "kwargs": json.loads(json.dumps(kwargs, default=str, sort_keys=True)),
        "reason_code": config.meta["reason_code"],
        "reason": config.meta["reason"],
        "success": bool(outcome.success),
        "element_count": outcome.result.get("element_count", 0),
        "unexpected_count": outcome.result.get("unexpected_count", 0),
        "examples": [f.value if f.column == column else f"{f.column}: {f.value}" for f in failures],
    }
