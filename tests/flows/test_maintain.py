import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows.maintain import maintain
from flows.settings import Settings
from schemas.tables import ARTICLES
from tasks.lake import Lake, LakeBusy, writer_lock
from tasks.tidy import last_maintained
from tests.tasks.staging import article, contents, ingest

ONE = Settings(workers=1)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    ingest(lake, [article("ferry"), article("harbour")])
    return lake


def test_maintenance_leaves_rows_and_bytes_and_says_when_it_was(prefect_server: None, lake: Lake) -> None:
    before = contents(lake)
    path = lake.partition_file(ARTICLES, "2021-03")
    pq.write_table(pq.read_table(path, partitioning=None), path, compression="snappy")
    old = lake.report_dir("20200101T000000.000000Z-0a1b2c3d")
    old.mkdir(parents=True)
    assert last_maintained(lake) is None
    done = maintain(lake.root, keep_reports=0, settings=ONE)
    assert done["verdict"] == "sound"
    assert [entry["file"] for entry in done["compacted"]] == ["articles/published_month=2021-03/part-0.parquet"]
    assert done["reports_removed"] == [old.name]
    assert not old.exists()
    assert contents(lake) == before
    assert lake.catalog.is_file()
    found = last_maintained(lake)
    assert found == json.loads(json.dumps(done))
    with writer_lock(lake), pytest.raises(LakeBusy):
        maintain(lake.root, settings=ONE)
