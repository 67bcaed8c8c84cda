"""What the flows' tasks have in common: tried again after errors that may pass by themselves, and only then."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import State, Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import TaskRun
from prefect.tasks import exponential_backoff

P = ParamSpec("P")
R = TypeVar("R")
TRANSIENT_ERRORS = {errno.EAGAIN, errno.EBUSY, errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.ENETUNREACH}


def is_transient(task_: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """True for failures that may pass by themselves; all others are not worth another try."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError) and error.errno in TRANSIENT_ERRORS


def stage(name: str, task_run_name: str | None = None) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A Prefect task that is tried again after transient errors."""
    return task(
        name=name,
        task_run_name=task_run_name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=3,
        retry_delay_seconds=exponential_backoff(backoff_factor=2),
        retry_jitter_factor=0.5,
        retry_condition_fn=is_transient,
    )
