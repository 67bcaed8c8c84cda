from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate

from flows.automations import TAG, automations
from flows.deployments import ROOT, Changes, DeployError, deploy, describe, plan


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "dumps"
    folder.mkdir()
    return folder


def test_what_is_deployed_is_what_the_file_says(raw: Path, tmp_path: Path) -> None:
    said = {entry["name"]: entry for entry in yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]}
    planned = {d.name: d for d in plan(Changes(raw=raw, lake=tmp_path / "lake"))}
    assert planned.keys() == said.keys() == {"daily", "weekly"}
    for name, entry in said.items():
        payload = planned[name].payload
        assert payload["parameters"]["settings"] == entry["parameters"]["settings"]
        assert payload["parameters"]["lake"] == str(tmp_path / "lake")
        assert [str(s.schedule.cron) for s in payload["schedules"]] == [s["cron"] for s in entry["schedules"]]
        assert payload["concurrency_limit"] == 1
        assert int(payload["job_variables"]["env"]["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"]) <= 30
        assert TAG in payload["tags"]
    assert planned["daily"].payload["parameters"]["raw"] == str(raw)
    assert planned["daily"].full_name == "news-etl/daily"


def test_paths_of_the_file_are_those_of_its_folder_and_given_ones_of_this_one(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (daily,) = [d for d in plan(Changes(raw=Path("dumps"), cron="0 * * * *")) if d.name == "daily"]
    assert daily.payload["parameters"]["raw"] == str(raw)
    assert daily.payload["parameters"]["lake"] == str(ROOT / "data/processed")
    assert daily.cron == ["0 * * * *"]


def project(tmp_path: Path, **parameters: Any) -> Path:
    """A folder whose prefect.yaml differs in the parameters of the daily run."""
    said = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))
    said["deployments"] = [entry for entry in said["deployments"] if entry["name"] == "daily"]
    said["deployments"][0]["parameters"] |= {"raw": ".", "lake": "lake", **parameters}
    said["deployments"][0]["entrypoint"] = str(ROOT / "flows/news_etl.py:news_etl")
    (tmp_path / "prefect.yaml").write_text(yaml.safe_dump(said), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"raw": "nowhere"}, "nowhere does not exist"),
        ({"lake": "prefect.yaml"}, "no folder that can be written"),
        ({"settings": {"max_quarantine": 0.2}}, "the setting max_quarantine of the deployment is wrong"),
        ({"settings": {"max_quarantined": 20}}, "the setting max_quarantined"),
        ({"settings": {"mapping": "none.yaml"}}, "none.yaml"),
        ({"settings": {"extractor": "nothing:there"}}, "nothing"),
        ({"fully": True}, "fully"),
        ({"since": "yesterday"}, "since"),
    ],
)
def test_a_wrong_parameter_is_one_clear_sentence(tmp_path: Path, parameters: dict[str, Any], words: str) -> None:
    with pytest.raises(DeployError) as caught:
        plan(root=project(tmp_path, **parameters))
    assert words in " ".join(str(caught.value).split())


def test_a_wrong_schedule_or_folder_is_said(raw: Path, tmp_path: Path) -> None:
    with pytest.raises(DeployError, match="'daily' is no cron"):
        plan(Changes(raw=raw, cron="daily"))
    with pytest.raises(DeployError, match="can't be read"):
        plan(root=tmp_path / "none")


def test_deploying_again_updates_and_never_doubles(prefect_server: None, raw: Path, tmp_path: Path) -> None:
    changes = Changes(raw=raw, lake=tmp_path / "lake", pool="night-shift")
    first = deploy(plan(changes), max_hours=6)
    again = deploy(plan(Changes(raw=raw, lake=tmp_path / "lake", pool="night-shift", cron="30 2 * * *")), max_hours=3)
    assert {entry["outcome"] for entry in first["made"]} == {"created"}
    assert {entry["outcome"] for entry in again["made"]} == {"updated", "kept"}
    names = [(entry["kind"], entry["name"]) for entry in again["made"]]
    assert names == [(e["kind"], e["name"]) for e in describe(plan(changes), 3)]
    with get_client(sync_client=True) as client:
        daily = client.read_deployment_by_name("news-etl/daily")
        assert [str(s.schedule.cron) for s in daily.schedules] == ["30 2 * * *"]
        assert daily.work_pool_name == "night-shift"
        ours = [a for a in client.read_automations() if a.name.startswith("onrecord")]
        assert [a.trigger.within.total_seconds() for a in ours if "too long" in a.name] == [3 * 3600]
        assert len(ours) == len(automations())
        (silent,) = [a.trigger for a in ours if "heartbeat" in a.name]
        # A run that dies before its first heartbeat has told the server of its start alone.
        assert silent.after == {"prefect.flow-run.Running", "prefect.flow-run.heartbeat"}
        assert "prefect.flow-run.Running" not in silent.expect
        client.create_work_pool(WorkPoolCreate(name="elsewhere", type="docker", base_job_template={}))
        with pytest.raises(DeployError, match="of the type docker"):
            deploy(plan(Changes(raw=raw, pool="elsewhere")), max_hours=3)
