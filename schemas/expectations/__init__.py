"""What the rows of each table must satisfy: one Great Expectations suite a table.

The structural part of a suite is derived from schemas.fields, the domain part stands in the table's own module. Great
Expectations takes seconds to import, so nothing imports it before suite_for is called.
"""

from __future__ import annotations

import importlib
import logging
import os
import warnings
from collections.abc import Sequence
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import TYPE_CHECKING

import pyarrow as pa

from schemas.absent import asked_first, hidden
from schemas.fields import Column
from schemas.tables import CHILD_TABLES, TABLES

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

VALIDATED = ("articles", "quotes", "mentions", "links")  # row by row, before the rows are staged
MADE = ("entities", "quote_clusters")  # made of all rows of the lake, and looked at as a whole

# Columns that only later stages fill: where the rows are deduplicated, linked, and written.
FILLED_LATER = frozenset(
    {"decision_id", "extractor", "ingested_at", "n_revisions", "revision", "run_id", "source_sha256"}
) | {name for table in VALIDATED for name in TABLES[table].linked_names}
N_CHARACTERS = Column(
    "n_characters",
    pa.int32(),
    "Number of characters of the text, or title, that the row's offsets count in; only there for validation.",
    412,
    nullable=False,
)
# Statistics, charts and cloud storage are 80 of the 150 MB that Great Expectations takes, and a third of its time to
# start, and databases are 20 MB more. Some it can't start without, so that they are loaded once they are used.
IDLE = frozenset({"altair", "scipy.stats"})
OPTIONAL = ("boto3", "botocore", "sqlalchemy")
LATEST_DAY = "latest_day"  # parameter of the articles' suite: the last day on which an article can have appeared
# Columns that tasks.validate adds: each says what is wrong with a row, and its expectation is that it is NULL.
WRONG_TYPE = "wrong_type"
INVALID_CHARACTERS = "invalid_characters"
SPAN_PROBLEM = "span_problem"
ATTRIBUTION_PROBLEM = "attribution_problem"
LIST_PROBLEM = "list_problem"


def columns_of(table_name: str) -> tuple[Column, ...]:
    """The columns that rows of the table have when they are validated, in order.

    These are the table's columns less the ones filled later and, for rows that point into a text, N_CHARACTERS; of
    tables that are MADE, those that hold no lists.
    """
    table = TABLES[table_name]
    if table_name in MADE:
        return tuple(c for c in table.columns if not pa.types.is_nested(c.type))
    columns = tuple(c for c in table.columns if c.name not in FILLED_LATER)
    return (*columns, N_CHARACTERS) if table in CHILD_TABLES else columns


def problem_columns_of(table_name: str) -> tuple[str, ...]:
    """The columns that validation adds behind those, in order."""
    if table_name in MADE:
        return (LIST_PROBLEM,)
    problems = (WRONG_TYPE, INVALID_CHARACTERS)
    return (*problems, SPAN_PROBLEM, ATTRIBUTION_PROBLEM) if table_name == "quotes" else problems


@cache
def suite_for(table_name: str) -> ExpectationSuite:
    """The suite of one of the tables VALIDATED or MADE; the first call imports Great Expectations, which takes seconds.

    Each expectation's ``meta`` holds ``reason_code`` (see tasks.reasons), ``reason`` (a sentence with {value} in it)
    and ``position`` (its place in the suite: Great Expectations returns results in another order).
    """
    import_quietly()
    suite: ExpectationSuite = importlib.import_module(f"schemas.expectations.{table_name}").suite()
    return suite


@cache
def import_quietly() -> None:
    """Imports Great Expectations without its telemetry, its log lines, and its hold on the process's warnings."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when it is imported
    with warnings.catch_warnings(), asked_first(_LazyFinder()), hidden(*OPTIONAL):
        warnings.simplefilter("ignore")  # it uses what Python and its own dependencies have deprecated
        importlib.import_module("great_expectations")
    logging.captureWarnings(False)  # five of its modules divert every warning of the process to the log
    # It logs what it also hands back as exception_info, and some of its loggers have levels of their own.
    for name in ("great_expectations", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "great_expectations":
            logging.getLogger(name).setLevel(logging.CRITICAL)


class _LazyFinder(MetaPathFinder):
    """Has what Great Expectations imports for what is not used here wait until it is used."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in IDLE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec
