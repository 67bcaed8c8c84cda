"""The automations that watch over scheduled runs, on the side of the Prefect server.

A run whose machine or worker dies can't say so. It stays Running, until somebody notices that its heartbeat stopped.
"""

from __future__ import annotations

from datetime import timedelta

from prefect.client.schemas.objects import StateType
from prefect.events import AutomationCore, EventTrigger, ResourceSpecification
from prefect.events.actions import CancelFlowRun, ChangeFlowRunState
from prefect.events.schemas.automations import Posture

from flows.settings import MAX_HOURS

TAG = "onrecord"  # of the deployments whose runs are watched
SILENT_SECONDS = 90  # three heartbeats, as prefect.yaml sets them

HEARTBEAT = "prefect.flow-run.heartbeat"
RUNNING = "prefect.flow-run.Running"  # told by the server itself, of a run that dies before its first heartbeat as well
ENDED = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")}


def automations(max_hours: float = MAX_HOURS) -> list[AutomationCore]:
    """What `onrecord deploy` sets up: silent runs are marked Crashed, runs of more than ``max_hours`` cancelled."""
    return [
        AutomationCore(
            name="onrecord: a run without heartbeat has crashed",
            description=f"Marks a run as Crashed that has sent no heartbeat for {SILENT_SECONDS} seconds.",
            trigger=_without({RUNNING, HEARTBEAT}, ENDED | {HEARTBEAT}, timedelta(seconds=SILENT_SECONDS)),
            actions=[
                ChangeFlowRunState(
                    state=StateType.CRASHED,
                    name="Crashed",
                    message="Its heartbeat stopped: the process or machine died.",
                    force=False,
                )
            ],
        ),
        AutomationCore(
            name="onrecord: a run that takes too long is cancelled",
            description=f"Cancels a run that has been running for {max_hours:g} hours.",
            trigger=_without({RUNNING}, ENDED, timedelta(hours=max_hours)),
            actions=[CancelFlowRun()],
        ),
    ]


def _without(after: set[str], expected: set[str], within: timedelta) -> EventTrigger:
    """Fires for a run when none of the expected events follows on one of the others in time."""
    return EventTrigger(
        after=after,
        expect=expected,
        match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
        match_related=ResourceSpecification(
            {"prefect.resource.id": [f"prefect.tag.{TAG}"], "prefect.resource.role": ["tag"]}
        ),
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=within,
    )
