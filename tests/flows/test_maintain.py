from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from schemas.tables import ARTICLES
from tasks.lake import Lake
from tasks.tidy import last_maintained
from tests.flows.test_cli import onrecord
from tests.tasks.staging import article, contents, ingest

__all__ = ["onrecord"]  # the fixture


def test_maintenance_leaves_rows_and_bytes_and_says_when_it_was(
    prefect_server: None, onrecord: Any, tmp_path: Path
) -> None:
    lake = Lake(tmp_path / "lake")
    ingest(lake, [article("ferry"), article("harbour")])
    before = contents(lake)
    path = lake.partition_file(ARTICLES, "2021-03")
    pq.write_table(pq.read_table(path, partitioning=None), path, compression="snappy")
    old = lake.report_dir("20200101T000000.000000Z-0a1b2c3d")
    old.mkdir(parents=True)
    assert last_maintained(lake) is None
    done = onrecord("maintain", "--lake", lake.root, "--keep-reports", 0)
    assert done.code == 0
    for words in ("The lake is sound", "Files rewritten: 1", "compressed with snappy", "Old reports removed: 1"):
        assert words in done.out
    assert not old.exists()
    assert contents(lake) == before
    assert lake.catalog.is_file()
    found = last_maintained(lake)
    assert found
    assert (found["verdict"], found["reports_removed"]) == ("sound", [old.name])
    assert [entry["file"] for entry in found["compacted"]] == ["articles/published_month=2021-03/part-0.parquet"]
    assert onrecord("status", "--lake", lake.root, "--json").json["maintained"] == found
    assert "and found sound" in onrecord("status", "--lake", lake.root).out
