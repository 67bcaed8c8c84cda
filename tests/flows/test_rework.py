from typing import Any

import pytest

from tasks.lake import Lake
from tests.flows.test_cli import onrecord  # noqa: F401
from tests.tasks.runs import lines, run, story
from tests.tasks.staging import rows
from tests.tasks.test_ledger import put
from tests.tasks.test_reprocess import OLDER


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    folder = tmp_path_factory.mktemp("rework")
    put(folder / "raw" / "a.jsonl", lines([story(1), story(2), story(3, title=""), story(1)]))
    run(Lake(folder / "lake"), folder / "raw", extractor=OLDER)
    return Lake(folder / "lake")


def test_records_are_tried_again_by_command(lake: Lake, onrecord: Any) -> None:  # noqa: F811
    options = ("--lake", lake.root, "--workers", 1, "--extractor", "rules")
    tried = onrecord("quarantine", "replay", *options, "--json").json
    assert (tried["n_tried"], tried["counts"]["n_quarantined"], tried["left"]) == (1, 1, [])
    assert len(onrecord("quarantine", "list", "--lake", lake.root, "--json").json) == 2
    said = onrecord("quarantine", "replay", *options, "--reason", "duplicate_record")
    assert (said.code, "the same article is in the lake" in said.out) == (0, True)


def test_articles_are_extracted_anew_by_command(lake: Lake, onrecord: Any) -> None:  # noqa: F811
    options = ("--lake", lake.root, "--workers", 1, "--extractor")
    dry = onrecord("reprocess", *options, "rules", "--diff", "--dry-run", "--json").json
    assert (dry["run_id"], dry["counts"]["n_records"]) == (None, 2)
    assert dry["n_changes"] == {"added": 1, "removed": 0, "changed": 1}
    done = onrecord("reprocess", *options, "rules", "--diff")
    assert "- Ida Holm [direct]" in done.out
    assert "+ Ada Moss [direct]" in done.out
    assert {row["extractor"].partition("/")[0] for row in rows(lake, "articles")} == {"rules"}
    assert onrecord("reprocess", *options, "nothing:there").code == 2


def test_articles_are_forgotten_by_command(lake: Lake, onrecord: Any) -> None:  # noqa: F811
    article_id = rows(lake, "articles")[0]["article_id"]
    asked = ("forget", "--article", article_id[:10], "--lake", lake.root)
    dry = onrecord(*asked, "--dry-run", "--json")
    assert (dry.code, dry.json[0]["article_ids"]) == (0, [article_id])
    assert onrecord(*asked, "--json").code == 2  # nobody can be asked
    assert rows(lake, "forgotten") == []
    gone = onrecord(*asked, "--yes", "--reason", "it was wrong")
    assert (gone.code, article_id in gone.out) == (0, True)
    assert onrecord("article", article_id, "--lake", lake.root).code == 2
    assert [log["reason"] for log in rows(lake, "forgotten")] == ["it was wrong"]
    assert onrecord(*asked, "--undo", "--json").json == {"lifted": 1}
    assert onrecord("forget", "--lake", lake.root).code == 2
