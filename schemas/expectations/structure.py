"""The structural part of a suite, derived from the table's columns; and the assembly of a suite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import great_expectations.expectations as gxe
import pyarrow as pa
from great_expectations import ExpectationSuite
from great_expectations.expectations.expectation import Expectation

from schemas.expectations import INVALID_CHARACTERS, LIST_PROBLEM, WRONG_TYPE, columns_of, problem_columns_of

# No `$`, which also matches before a line break at the end.
KEY = r"\A[0-9a-f]{32}\Z"
SHA256 = r"\A[0-9a-f]{64}\Z"
NOT_BLANK = r"\S"
OTHER = "expectation_failed"  # the reason_code of an expectation that has none of its own


def because(reason: str, reason_code: str = OTHER) -> dict[str, str]:
    """The meta of an expectation: why a row that breaks it is refused; {value} stands for the row's value.

    Where a problem column is looked at, {column} stands for the column that the problem is in, {type} for its type.
    """
    return {"reason_code": reason_code, "reason": reason}


PROBLEMS = {
    WRONG_TYPE: because("{column} is {value}, which is not of the type {type}.", "wrong_type"),
    INVALID_CHARACTERS: because(
        "{column} is {value}, with half a character, which no file can store.", "invalid_characters"
    ),
    LIST_PROBLEM: because("{column} do not go with the row or with other rows: {value}."),
}


def structure(table_name: str, missing: Mapping[str, dict[str, str]]) -> Iterator[Expectation]:
    """The expectations that follow from the columns' definitions.

    ``missing`` gives the meta for NULLs in columns that have a reason of their own.
    """
    columns = columns_of(table_name)
    yield gxe.ExpectTableColumnsToMatchOrderedList(
        column_list=[*(c.name for c in columns), *problem_columns_of(table_name)],
        meta=because("The columns are not those of the table."),
    )
    for problem in problem_columns_of(table_name):
        if problem in PROBLEMS:
            yield gxe.ExpectColumnValuesToBeNull(column=problem, meta=PROBLEMS[problem])
    for column in columns:
        name = column.name
        if not column.nullable:
            yield gxe.ExpectColumnValuesToNotBeNull(column=name, meta=missing.get(name, because(f"{name} is missing.")))
        if column.values:
            yield gxe.ExpectColumnValuesToBeInSet(
                column=name,
                value_set=list(column.values),
                meta=because(f"{name} is {{value}}, which is none of {', '.join(column.values)}."),
            )
        if pa.types.is_string(column.type) and name.endswith("_id"):
            yield gxe.ExpectColumnValuesToMatchRegex(
                column=name, regex=KEY, meta=because(f"{name} is {{value}}, which is not 32 hexadecimal digits.")
            )
        if name.endswith("_sha256"):
            yield gxe.ExpectColumnValuesToMatchRegex(
                column=name, regex=SHA256, meta=because(f"{name} is {{value}}, which is not 64 hexadecimal digits.")
            )
        if name.startswith("n_"):
            yield gxe.ExpectColumnValuesToBeBetween(
                column=name, min_value=0, meta=because(f"{name} is {{value}}, and no count is less than 0.")
            )
        if name.endswith("confidence"):
            yield gxe.ExpectColumnValuesToBeBetween(
                column=name,
                min_value=0,
                max_value=1,
                meta=because(f"{name} is {{value}}, and must lie between 0 and 1."),
            )


def assemble(
    table_name: str, domain: Sequence[Expectation], missing: Mapping[str, dict[str, str]] | None = None
) -> ExpectationSuite:
    """The suite of a table: the structure, then the domain part, but expectations with a reason of their own first.

    A row that breaks several expectations is refused for the first, and those say more.
    """
    expectations = [*structure(table_name, missing or {}), *domain]
    expectations.sort(key=lambda e: (e.meta or {})["reason_code"] == OTHER)
    for position, expectation in enumerate(expectations):
        expectation.meta = {**(expectation.meta or {}), "position": position}
    return ExpectationSuite(name=table_name, expectations=expectations)
