"""Runs the flow in this process: Prefect's own temporary server unless one is configured, telemetry off, quiet."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import Any

import pyarrow as pa

from flows import progress
from flows.server import temporary_server
from schemas.absent import hidden

EXIT_FAILED, EXIT_USAGE, EXIT_QUARANTINED, EXIT_BUSY = 1, 2, 3, 4

QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # A fresh home needs its database made first, which takes longer than Prefect's own 20 s on a slow machine.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_CLI_PROMPT": "false",
    # Of a run that is stopped while its workers work, Python's clean-up would tell what it cleans up.
    "PYTHONWARNINGS": "ignore::UserWarning:multiprocessing.resource_tracker",
}

SILENT = dict.fromkeys(
    ("PREFECT_LOGGING_LEVEL", "PREFECT_SERVER_LOGGING_LEVEL", "PREFECT_LOGGING_ROOT_LEVEL"), "CRITICAL"
)


LOCAL = "http://127.0.0.1:4200/api"  # where `prefect server start` listens


@dataclass(slots=True)
class Outcome:
    """How a run ended for the command line: a summary, or one line and an exit code."""

    summary: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    exit_code: int = 0


class Interrupted(BaseException):
    """Somebody stopped the run; ``exit_code`` is what shells expect of a program ended by that signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


_stopped: list[int] = []  # by the signals that `interruptible` has heard


@contextmanager
def terminable() -> Iterator[None]:
    """In a flow, raises Prefect's TerminationSignal on SIGTERM also where DuckDB makes a RuntimeError of it.

    Without it such a run would count as failed, not as crashed.
    """
    from prefect.exceptions import TerminationSignal

    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted" and not _stopped:
            raise TerminationSignal(signal.SIGTERM) from error
        raise


@contextmanager
def interruptible() -> Iterator[None]:
    """Raises Interrupted in the block on SIGINT or SIGTERM, also where a library makes another error of it.

    DuckDB does so with whatever a signal's handler raises.
    """

    def interrupt(number: int, _: object) -> None:
        _stopped.append(number)
        raise Interrupted(number)

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except Exception as error:
        if _stopped:
            raise Interrupted(_stopped[0]) from error
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _stopped.clear()


def run_flow(name: str, listener: progress.Listener, verbose: bool, **parameters: Any) -> Outcome:
    """Runs the flow of flows/NAME.py and tells ``listener`` how far it is; expected errors become an Outcome.

    Raises Interrupted where the process gets SIGINT or SIGTERM.
    """
    for variable, value in (QUIET if verbose else QUIET | SILENT).items():
        os.environ.setdefault(variable, value)
    listener(progress.Step("Starting Prefect"))
    try:
        # Prefect's own handlers end the process at once, and its temporary server would stay behind.
        with interruptible(), progress.listening(listener), temporary_server(partial(load_flow, name)):
            return Outcome(load_flow(name)(**parameters))
    except Exception as error:
        outcome = Outcome(error=str(error), exit_code=exit_code(error))
        let_go(error)
        return outcome


def let_go(error: BaseException | None) -> None:
    """Frees what the frames of an error hold: Prefect keeps it to the end, where DuckDB would list what is left."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def load_flow(name: str) -> Callable[..., Any]:
    """The flow of a module; pandas stays out, 23 MB that nothing needs while workers work.

    Arrow imports pandas for the first list that it makes an array of, if it is to be had then. Who asks Arrow for a
    data frame later still gets one.
    """
    with hidden("pandas"):
        pa.array([])
    flow: Callable[..., Any] = getattr(import_module(f"flows.{name}"), name)
    return flow


def exit_code(error: Exception) -> int:
    """The exit code for an error of a run; the error itself where nobody expected it."""
    from tasks.cluster import ClusterError
    from tasks.discover import RawPathError
    from tasks.drift import Drifted
    from tasks.extract.load import ExtractorError
    from tasks.forget import ForgetError
    from tasks.identity.corrections import CorrectionsError
    from tasks.identity.knowledge import KnowledgeError
    from tasks.integrity import LakeDamaged
    from tasks.lake import LakeBusy, LakeError, LakeFailed
    from tasks.readers.mapping import MappingError
    from tasks.report import TooManyQuarantined

    if isinstance(error, TooManyQuarantined | Drifted):
        return EXIT_QUARANTINED
    if isinstance(error, LakeDamaged):
        return EXIT_FAILED
    if isinstance(error, LakeBusy):
        return EXIT_BUSY
    if isinstance(error, LakeFailed):
        return EXIT_FAILED
    expected = (
        RawPathError
        | LakeError
        | ExtractorError
        | MappingError
        | CorrectionsError
        | KnowledgeError
        | ForgetError
        | ClusterError
    )
    if isinstance(error, expected):
        return EXIT_USAGE
    raise error
