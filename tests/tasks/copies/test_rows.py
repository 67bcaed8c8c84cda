"""Rows that outlive the batch that they were part of."""

from datetime import UTC, datetime

import pyarrow as pa

from tasks.copies.rows import owned

MEGABYTE = 1_000_000


def test_owned_rows_do_not_keep_the_other_columns_of_their_batch() -> None:
    before = pa.total_allocated_bytes()
    handed_over = pa.record_batch({"id": ["a", "b"], "text": ["x" * MEGABYTE, "y" * MEGABYTE]}).__arrow_c_array__()
    batch = pa.RecordBatch._import_from_c_capsule(*handed_over)  # as DuckDB hands over what it has found
    part = pa.table([batch["id"]], names=["id"])
    del batch, handed_over
    assert pa.total_allocated_bytes() - before > 2 * MEGABYTE
    kept = owned(part)
    del part
    assert pa.total_allocated_bytes() - before < MEGABYTE
    assert kept.to_pylist() == [{"id": "a"}, {"id": "b"}]


def test_owned_rows_keep_their_types() -> None:
    at = pa.array([datetime(2021, 3, 4, tzinfo=UTC), None], pa.timestamp("us", "UTC"))
    rows = pa.table({"at": at, "id": pa.array(["a", None], pa.large_string())})
    assert owned(rows).equals(rows)
    assert owned(rows.slice(0, 0)).schema == rows.schema
