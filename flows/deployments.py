"""Sets a Prefect server up for scheduled runs: work pool, the deployments of prefect.yaml, and the automations.

prefect.yaml is the one place that says what is deployed. Everything is checked before anything is made, and doing it
again updates what is there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyOptions
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectNotFound, ParameterTypeError, SignatureMismatchError
from prefect.flows import load_flow_from_entrypoint
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.utilities.callables import parameter_schema
from pydantic import ValidationError

from flows.automations import automations
from flows.settings import Settings
from flows.start import LOCAL
from tasks.extract.load import ExtractorError, find_extractor
from tasks.identity.corrections import CorrectionsError
from tasks.identity.knowledge import KnowledgeError
from tasks.lake import Lake
from tasks.linking import check_options
from tasks.readers.mapping import MappingError, load_mapping

ROOT = Path(__file__).parents[1]


class DeployError(Exception):
    """It can't be deployed; the message is one sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What the command line asks to be otherwise than prefect.yaml says; None leaves it as it is."""

    raw: Path | None = None
    lake: Path | None = None
    cron: str | None = None  # of the daily run
    pool: str | None = None


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment, checked: what the server is told, and the names by which people know it."""

    flow: Flow[..., Any]
    name: str
    pool: str
    cron: list[str]
    payload: dict[str, Any]

    @property
    def full_name(self) -> str:
        """As `prefect deployment run` wants it."""
        return f"{self.flow.name}/{self.name}"


def plan(changes: Changes = Changes(), root: Path = ROOT) -> list[Deployment]:
    """The deployments of ``root``/prefect.yaml with the changes; raises DeployError where something is wrong."""
    path = root / "prefect.yaml"
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))["deployments"]
    except OSError as error:
        raise DeployError(f"{path} can't be read ({error.strerror}); deploy from a copy of the repository") from error
    except (yaml.YAMLError, TypeError, KeyError) as error:
        raise DeployError(f"{path} is no list of deployments: {error}") from error
    return [_plan_one(entry, changes, root) for entry in entries]


def _plan_one(entry: dict[str, Any], changes: Changes, root: Path) -> Deployment:
    flow: Flow[..., Any] = load_flow_from_entrypoint(str(root / entry["entrypoint"]))
    parameters = dict(entry["parameters"])
    for name, given in (("raw", changes.raw), ("lake", changes.lake)):
        if name in parameters:
            parameters[name] = str(given.absolute() if given else (root / parameters[name]))
    _check(flow, parameters, root)
    pool = changes.pool or entry["work_pool"]["name"]
    schedules = [dict(schedule) for schedule in entry["schedules"]]
    if changes.cron and "raw" in parameters:
        schedules[0]["cron"] = changes.cron
    limit = entry["concurrency_limit"]
    payload = {
        "name": entry["name"],
        "description": entry["description"],
        "entrypoint": entry["entrypoint"],
        "parameters": parameters,
        "parameter_openapi_schema": parameter_schema(flow).model_dump(exclude_unset=True),
        "enforce_parameter_schema": True,
        "tags": entry["tags"],
        "work_pool_name": pool,
        "job_variables": entry["work_pool"]["job_variables"],
        "concurrency_limit": limit["limit"],
        "concurrency_options": ConcurrencyOptions(collision_strategy=limit["collision_strategy"]),
        "schedules": [_schedule(schedule) for schedule in schedules],
        "pull_steps": [{"prefect.deployments.steps.set_working_directory": {"directory": str(root)}}],
    }
    return Deployment(flow, entry["name"], pool, [schedule["cron"] for schedule in schedules], payload)


def _schedule(schedule: dict[str, Any]) -> DeploymentScheduleCreate:
    try:
        cron = CronSchedule(cron=schedule["cron"], timezone=schedule["timezone"])
    except ValidationError as error:
        raise DeployError(f"{schedule['cron']!r} is no cron schedule: {error.errors()[0]['msg']}") from error
    return DeploymentScheduleCreate(schedule=cron, active=schedule["active"], slug=schedule["slug"])


def _check(flow: Flow[..., Any], parameters: dict[str, Any], root: Path) -> None:
    """Raises DeployError where a run with these parameters would fail at once."""
    try:
        settings = Settings(**parameters.get("settings", {}))
        flow.validate_parameters(parameters)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise DeployError(f"the setting {name} of the deployment is wrong: {first['msg']}") from error
    except (ParameterTypeError, SignatureMismatchError, TypeError) as error:
        raise DeployError(f"the parameters of {flow.name} are wrong: {error}") from error
    raw, lake = parameters.get("raw"), Path(parameters["lake"])
    if raw is not None and not Path(raw).exists():
        raise DeployError(f"{raw} does not exist; name the dumps with --raw")
    place = next(path for path in (lake, *lake.parents) if path.exists())
    if not place.is_dir() or not os.access(place, os.W_OK):
        raise DeployError(f"{place} is no folder that can be written to; choose another --lake")
    try:
        with chdir(root):  # as the worker does
            find_extractor(settings.extractor)
            load_mapping(settings.mapping)
            check_options(settings.link_options, Lake(lake))
    except (ExtractorError, MappingError, CorrectionsError, KnowledgeError) as error:
        raise DeployError(str(error)) from error


def deploy(deployments: list[Deployment], max_hours: float, server: str | None = None) -> dict[str, Any]:
    """Creates or updates pool, deployments and automations; says what was done.

    ``server`` is the address of the API, by default the one that Prefect's settings name. Raises DeployError where none
    answers.
    """
    with _client(server) as client:
        made: list[dict[str, Any]] = [
            {"kind": "work pool", "name": name, **_pool(client, name)} for name in sorted({d.pool for d in deployments})
        ]
        for deployment in deployments:
            outcome = _deploy_one(client, deployment)
            made.append({"kind": "deployment", "name": deployment.full_name, "cron": deployment.cron, **outcome})
        for automation in automations(max_hours):
            ours = client.read_automations_by_name(automation.name)
            if ours:
                client.update_automation(ours[0].id, automation)
                for double in ours[1:]:
                    client.delete_automation(double.id)
            else:
                client.create_automation(automation)
            made.append({"kind": "automation", "name": automation.name, "outcome": "updated" if ours else "created"})
        return {"server": str(client.api_url).rstrip("/"), "made": made}


def describe(deployments: list[Deployment], max_hours: float) -> list[dict[str, Any]]:
    """What `deploy` would make."""
    pools = [{"kind": "work pool", "name": name} for name in sorted({d.pool for d in deployments})]
    planned = [
        {"kind": "deployment", "name": d.full_name, "cron": d.cron, "parameters": d.payload["parameters"]}
        for d in deployments
    ]
    return pools + planned + [{"kind": "automation", "name": a.name} for a in automations(max_hours)]


@contextmanager
def _client(server: str | None) -> Iterator[SyncPrefectClient]:
    url = server or PREFECT_API_URL.value()
    if not url:
        raise DeployError(f"no Prefect server is named; {how_to_start(LOCAL)}")
    with temporary_settings({PREFECT_API_URL: url}), get_client(sync_client=True) as client:
        if client.api_healthcheck():
            raise DeployError(f"no Prefect server answers at {url}; {how_to_start(url)}")
        yield client


def how_to_start(url: str) -> str:
    """How to get a server, for people who have none."""
    return f"start one with `prefect server start` in a terminal of its own, and give --server {url}"


def _pool(client: SyncPrefectClient, name: str) -> dict[str, str]:
    try:
        pool = client.read_work_pool(name)
    except ObjectNotFound:
        client.create_work_pool(WorkPoolCreate(name=name, type="process"))
        return {"outcome": "created"}
    if pool.type != "process":
        raise DeployError(f"the work pool {name} is of the type {pool.type}; give another with --pool")
    return {"outcome": "kept"}


def _deploy_one(client: SyncPrefectClient, deployment: Deployment) -> dict[str, str]:
    try:
        client.read_deployment_by_name(deployment.full_name)
        outcome = "updated"
    except ObjectNotFound:
        outcome = "created"
    client.create_deployment(flow_id=client.create_flow_from_name(deployment.flow.name), **deployment.payload)
    return {"outcome": outcome}
