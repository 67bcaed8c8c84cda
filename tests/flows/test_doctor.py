from pathlib import Path

import pytest

from flows.doctor import examine


def by_name(lake: Path) -> dict[str, dict[str, str]]:
    return {check["check"]: check for check in examine(lake)}


def test_a_lake_that_is_not_there_yet_is_only_odd(tmp_path: Path) -> None:
    assert by_name(tmp_path / "none")["Lake"]["status"] == "odd"


def test_a_wrong_setting_is_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_EXTRACTOR", "no.such:thing")
    found = by_name(tmp_path)["Settings"]
    assert found["status"] == "bad"
    assert "no.such" in found["finding"]


def test_a_damaged_lake_is_bad(tmp_path: Path) -> None:
    from tasks.lake import Lake, init_lake

    lake = Lake(tmp_path / "lake")
    init_lake(lake)
    next(lake.root.glob("articles/*/*.parquet")).write_bytes(b"no parquet")
    assert by_name(lake.root)["Lake"]["status"] == "bad"
