"""Checks the tables that are made of all rows of the lake, as a whole, before they are published.

A row that breaks an expectation there is a defect of this software and never of the data: nobody could mend a record so
that it passed. So nothing is quarantined; the run fails, says which row is wrong, and the lake stays as it was.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa

from schemas.expectations import LIST_PROBLEM, columns_of
from tasks.validate import EXAMPLES, ValidationError, validate, validate_frame

KEY = "[0-9a-f]{32}"
# SQL for what is wrong with the lists of a row, as tasks.checkable.read_problem reads it; NULL where nothing is.
_PROBLEMS = {
    "entities": f"""
        WITH other AS (SELECT id, count(*) AS n FROM (SELECT unnest(alias_ids) AS id FROM made) GROUP BY id),
             taken AS (SELECT id FROM other WHERE n > 1 OR id IN (SELECT entity_id FROM made)),
             wrong AS (SELECT list(id) AS ids FROM taken)
        SELECT CASE
            WHEN NOT list_contains(aliases, name) THEN 'aliases: without ' || name
            WHEN list_unique(aliases) < len(aliases) THEN 'aliases: ' || array_to_string(aliases, ' | ')
            WHEN list_unique(alias_ids) < len(alias_ids) OR list_has_any(alias_ids, coalesce(ids, []))
                OR NOT list_bool_and([regexp_full_match(id, '{KEY}') FOR id IN alias_ids])
                THEN 'alias_ids: ' || array_to_string(alias_ids, ' | ')
            WHEN NOT list_bool_and([coalesce(r.n BETWEEN 1 AND n_articles, false) FOR r IN roles])
                OR list_bool_or([r.first_on > r.last_on FOR r IN roles])
                THEN 'roles: ' || array_to_string([r.role FOR r IN roles], ' | ')
        END FROM made, wrong
    """,
    "quote_clusters": """
        SELECT CASE
            WHEN list_sum([w.n FOR w IN wordings]) IS DISTINCT FROM n_quotes
                OR NOT list_contains([w.text FOR w IN wordings], canonical_content)
                THEN 'wordings: ' || array_to_string([w.n FOR w IN wordings], ' + ') || ' of ' || n_quotes
        END FROM made
    """,
}


def check_made(name: str, made: pa.Table) -> dict[str, Any]:
    """The summary of the checks of the table entities or quote_clusters, as tasks.validate has them.

    Raises ValidationError where a row breaks an expectation.
    """
    started = time.perf_counter()
    if not len(made):
        return validate(name, [], datetime.now(UTC)).result
    with duckdb.connect() as connection:
        connection.register("made", made)
        problems = connection.sql(_PROBLEMS[name]).to_arrow_table().column(0)
    scalars = made.select([column.name for column in columns_of(name)])
    frame = scalars.append_column(LIST_PROBLEM, problems).to_pandas()
    validation = validate_frame(name, frame, datetime.now(UTC), started)
    if validation.failures:
        wrong = " ".join(failure.reason for failure in validation.failures[:EXAMPLES])
        raise ValidationError(f"{name} has {len(validation.failures)} wrong rows, so nothing was published. {wrong}")
    return validation.result
