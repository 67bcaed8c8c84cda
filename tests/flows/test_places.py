"""Runs that read from and write to a bucket of a real server on loopback."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.news_etl import news_etl
from flows.settings import Settings
from tasks.objects import Objects
from tests.flows.dumps import record, write_jsonl
from tests.machines.lakes import contents


def test_a_lake_in_a_bucket_equals_a_folder_and_answers_the_same(
    prefect_server: None, s3_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_ENDPOINT_URL", s3_server)
    monkeypatch.setenv("ONRECORD_CACHE", str(tmp_path / "cache"))
    dump = write_jsonl(tmp_path / "raw" / "a.jsonl", [record(1), record(2, title=None)])
    objects = Objects("s3://press/raw", s3_server)
    objects._files.call_s3("create_bucket", Bucket="press")
    objects.upload(dump, "a.jsonl")

    news_etl(tmp_path / "raw", tmp_path / "lake", settings=Settings(workers=1, extractor="rules"))
    settings = Settings(workers=1, extractor="rules")
    summary = news_etl(Path("s3://press/raw"), Path("s3://press/lake"), settings=settings)
    assert (summary["counts"]["n_written"], summary["counts"]["n_quarantined"]) == (1, 1)
    (reading,) = {Path(r["lake"]) for r in asked("status")}
    assert without_raw_files(reading) == without_raw_files(tmp_path / "lake")
    assert [q["speaker"] for q in asked("quotes")] == ["Ada Moss", "Ada Moss"]
    assert {c["status"] for c in asked("doctor") if c["check"] == "Lake"} == {"good"}
    assert f"press/lake/reports/{summary['run_id']}/run.json" in objects._files.find("press/lake/reports")


def without_raw_files(lake: Path) -> dict[str, str]:
    """Digests by file, without the table that says where the raw files were."""
    return {name: digest for name, digest in contents(lake).items() if not name.startswith("raw_files/")}


def asked(command: str) -> list[dict[str, str]]:
    outcome = CliRunner().invoke(app, [command, "--lake", "s3://press/lake", "--json"])
    assert outcome.exit_code == 0, outcome.output
    found = json.loads(outcome.stdout)
    return found if isinstance(found, list) else [found]


def test_a_bucket_that_is_not_there_is_one_line(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_ENDPOINT_URL", s3_server)
    outcome = CliRunner().invoke(app, ["quotes", "--lake", "s3://nowhere/lake"])
    assert outcome.exit_code == 2
    assert outcome.stderr == "onrecord: s3://nowhere/lake can't be used: there is no such bucket\n"
