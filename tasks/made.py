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
from tasks.validate import EXAMPLES, ValidationError, merge_results, validate, validate_frame

KEY = "[0-9a-f]{32}"
SLICE = 50_000  # rows checked at a time, where no two have a key in common
# The ids of a row of the table m, of which no other row may have any.
_IDS = {"entities": "[m.entity_id] || m.alias_ids", "quote_clusters": "[m.quote_cluster_id]"}
_LOOKED_AT = """
    CREATE TEMP TABLE doubled AS
        SELECT id FROM (SELECT unnest({ids}) AS id FROM made m) GROUP BY id HAVING count(*) > 1;
    CREATE TEMP VIEW looked_at AS
        SELECT * FROM made m
        WHERE (hash(m), {key}) NOT IN (SELECT (hash(m), {key}) FROM published m)
           OR list_has_any({ids}, (SELECT coalesce(list(id), []) FROM doubled))
"""
# What is wrong with the lists of a row, as tasks.checkable.read_problem reads it; NULL where nothing is.
_PROBLEMS = {
    "entities": f"""
        CASE
            WHEN NOT list_contains(aliases, name) THEN 'aliases: without ' || name
            WHEN list_unique(aliases) < len(aliases) THEN 'aliases: ' || array_to_string(aliases, ' | ')
            WHEN list_unique(alias_ids) < len(alias_ids)
                OR list_has_any(alias_ids, (SELECT coalesce(list(id), []) FROM doubled))
                OR NOT list_bool_and([regexp_full_match(id, '{KEY}') FOR id IN alias_ids])
                THEN 'alias_ids: ' || array_to_string(alias_ids, ' | ')
            WHEN NOT list_bool_and([coalesce(r.n BETWEEN 1 AND n_articles, false) FOR r IN roles])
                OR list_bool_or([r.first_on > r.last_on FOR r IN roles])
                THEN 'roles: ' || array_to_string([r.role FOR r IN roles], ' | ')
        END
    """,
    "quote_clusters": """
        CASE
            WHEN list_sum([w.n FOR w IN wordings]) IS DISTINCT FROM n_quotes
                OR NOT list_contains([w.text FOR w IN wordings], canonical_content)
                THEN 'wordings: ' || array_to_string([w.n FOR w IN wordings], ' + ') || ' of ' || n_quotes
        END
    """,
}


def check_made(name: str, made: pa.Table, published: pa.Table | None = None) -> dict[str, Any]:
    """The summary of the checks of the table entities or quote_clusters, as tasks.validate has them.

    Rows that are among those ``published``, which passed the same checks then, are looked at only for ids that another
    row has, too; ``n_published`` of the summary is their number. Raises ValidationError where a row breaks an
    expectation.
    """
    started, now, (key, *_) = time.perf_counter(), datetime.now(UTC), columns_of(name)
    with duckdb.connect() as connection:
        connection.register("made", made)
        connection.register(
            "published", (made.slice(0, 0) if published is None else published).select(made.schema.names)
        )
        connection.execute(_LOOKED_AT.format(ids=_IDS[name], key=key.name))
        columns = ", ".join(column.name for column in columns_of(name))
        rows = connection.sql(f"SELECT {columns}, {_PROBLEMS[name]} AS {LIST_PROBLEM} FROM looked_at")
        is_unique = not connection.table("doubled").shape[0]
        slices = rows.to_arrow_reader(SLICE) if is_unique else [rows.to_arrow_table()]
        checked = [validate_frame(name, some.to_pandas(), now, started) for some in slices if len(some)]
    failures = [failure for validation in checked for failure in validation.failures]
    if failures:
        wrong = " ".join(failure.reason for failure in failures[:EXAMPLES])
        raise ValidationError(f"{name} has {len(failures)} wrong rows, so nothing was published. {wrong}")
    results = [validation.result for validation in checked] or [validate(name, [], now).result]
    result = merge_results(results)
    return result | {"n_published": len(made) - result["n_rows"]}
