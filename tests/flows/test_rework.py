import shutil
from pathlib import Path
from typing import Any

from tasks.lake import Lake
from tests.conftest import Ran
from tests.flows.test_cli import onrecord  # noqa: F401


def test_records_are_replayed_and_articles_extracted_anew(ran: Ran, onrecord: Any, tmp_path: Path) -> None:  # noqa: F811
    lake = Lake(tmp_path / "lake")
    shutil.copytree(ran.lake.root, lake.root)
    options = ("--lake", lake.root, "--workers", 1, "--extractor", "rules")
    refused = onrecord("quarantine", "list", "--lake", lake.root, "--json").json
    replayed = onrecord("quarantine", "replay", *options, "--reason", "missing_title", "--json").json
    assert (replayed["n_tried"], replayed["counts"]["n_quarantined"], replayed["left"]) == (1, 1, [])
    assert len(onrecord("quarantine", "list", "--lake", lake.root, "--json").json) == len(refused)
    said = onrecord("quarantine", "replay", *options, "--reason", "duplicate_record")
    assert (said.code, "the same article is in the lake" in said.out) == (0, True)
    dry = onrecord("reprocess", *options, "--diff", "--dry-run", "--json").json
    assert dry["run_id"] is None
    assert dry["counts"]["n_records"] == ran.summary["counts"]["n_written"]
    assert dry["n_changes"]["removed"] > 0  # what the tagger finds and the rules alone do not
    assert onrecord("reprocess", *options[:-1], "nothing:there").code == 2
