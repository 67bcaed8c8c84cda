import gzip
import io
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from tasks.readers.arrowfile import BATCH_ROWS
from tests.tasks.readers.reading import fields, read, verdicts

N = 3 * BATCH_ROWS + 1


def parquet(table, **options):
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def feather_file(table, **options):
    out = io.BytesIO()
    feather.write_feather(table, out, **options)
    return out.getvalue()


def ipc_stream(table):
    out = io.BytesIO()
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table, max_chunksize=5)
    return out.getvalue()


WRITERS = [parquet, feather_file, ipc_stream]


def articles(n=N, **columns):
    return pa.table({"title": [f"T{i}" for i in range(n)], "text": [f"Body {i}." for i in range(n)], **columns})


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("name", ["dump.bin", "dump.csv"])
def test_rows_are_read_in_order_whatever_the_name_and_the_batches(tmp_path, write, name):
    assert [r["title"] for r in fields(tmp_path, name, write(articles()))] == [f"T{i}" for i in range(N)]


@pytest.mark.parametrize("write", WRITERS)
def test_a_compressed_file_is_read_from_a_copy_that_is_gone_afterwards(tmp_path, write):
    scratch = tmp_path / "scratch"
    data = gzip.compress(write(articles()))
    assert len(fields(tmp_path, "a.gz", data, scratch=scratch)) == N
    assert list(scratch.iterdir()) == []
    assert verdicts(read(tmp_path, "a.gz", data, scratch=scratch, max_copy_bytes=100)) == ["decompression_limit"]
    assert verdicts(read(tmp_path, "a.gz", data[:-20], scratch=scratch)) == ["corrupt_compression"]


@pytest.mark.parametrize("write", WRITERS)
def test_types_become_what_json_would_hold(tmp_path, write):
    zone = "America/New_York"
    table = articles(
        1,
        authors=pa.array([["Ann Lee", None]]),
        date=pa.array([datetime(2024, 5, 3, 22, 0, tzinfo=ZoneInfo(zone))], pa.timestamp("ns", zone)),
        section=pa.array(["Local"]).dictionary_encode(),
        source=pa.array([{"name": "Quill", "id": Decimal("1.5")}]),
        url=pa.array([b"https://q.example/1"]),
    )
    [record] = fields(tmp_path, "a.bin", write(table))
    assert record["authors"] == ["Ann Lee"]
    assert record["published"] == "2024-05-03T22:00:00-04:00"
    assert (record["section"], record["publisher_name"], record["url"]) == ("Local", "Quill", "https://q.example/1")


@pytest.mark.parametrize("write", WRITERS)
def test_without_a_text_the_columns_are_named_and_help_is_offered(tmp_path, write):
    [item] = read(tmp_path, "a.bin", write(pa.table({"alpha": ["1"], "beta": ["2"]})))
    assert item.reason_code == "unknown_columns"
    assert "“alpha”, “beta”" in item.reason
    assert "onrecord mapping" in item.reason


@pytest.mark.parametrize("write", WRITERS)
def test_a_mapping_names_columns_that_are_not_known(tmp_path, write):
    from tasks.readers.mapping import parse_mapping

    table = pa.table({"alpha": ["Ferry"], "beta": ["It sails."], "gamma": [1]})
    mapping = parse_mapping({"fields": {"title": "alpha", "text": "beta"}})
    [record] = fields(tmp_path, "a.bin", write(table), mapping=mapping)
    assert (record["title"], record["text"]) == ("Ferry", "It sails.")


@pytest.mark.parametrize("write", WRITERS)
def test_a_row_that_no_text_can_hold_does_not_touch_its_neighbours(tmp_path, write):
    texts = [b"One.", b"\xff\xfe\xfd", b"Three."]
    buffers = pa.array(texts, pa.binary()).buffers()
    table = articles(3).set_column(1, "text", pa.Array.from_buffers(pa.string(), 3, buffers))
    items = read(tmp_path, "a.bin", write(table))
    assert verdicts(items) in (["T0", "undecodable_text", "T2"], ["corrupt_file"])
    if write is parquet:
        assert len(items) == 3


@pytest.mark.parametrize("write", WRITERS)
def test_a_row_beyond_the_limit_is_refused_alone(tmp_path, write):
    table = articles(3).set_column(1, "text", pa.array(["One.", "x" * 5_000, "Three."]))
    assert verdicts(read(tmp_path, "a.bin", write(table), max_record_bytes=1_000)) == ["T0", "oversize_record", "T2"]


@pytest.mark.parametrize("write", WRITERS)
def test_damage_is_one_row_and_what_stands_before_it_is_kept(tmp_path, write):
    data = write(articles())
    for broken in (data[: len(data) // 2], data[:20]):
        items = read(tmp_path, "a.bin", broken)
        assert verdicts(items)[-1] == "corrupt_file"
        assert "damaged or cut off" in items[-1].reason


def test_a_small_file_of_endless_rows_is_stopped(tmp_path: Path):
    table = pa.table({"title": pa.nulls(200_000, pa.string()), "text": pa.nulls(200_000, pa.string())})
    data = parquet(table)
    monkey = pytest.MonkeyPatch()
    monkey.setattr("tasks.readers.columns.EXPANSION_FREE", 10_000)
    with monkey.context():
        items = read(tmp_path, "a.bin", data, max_expansion_ratio=2)
    monkey.undo()
    assert len(items) < 2_000
    assert verdicts(items)[-1] == "decompression_limit"
