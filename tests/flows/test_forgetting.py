import shutil
from pathlib import Path
from typing import Any

from tasks.lake import Lake
from tests.conftest import Ran
from tests.flows.test_cli import onrecord  # noqa: F401
from tests.tasks.staging import rows


def test_forgetting_shows_asks_and_keeps_a_log(ran: Ran, onrecord: Any, tmp_path: Path) -> None:  # noqa: F811
    lake = Lake(tmp_path / "lake")
    shutil.copytree(ran.lake.root, lake.root)
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
