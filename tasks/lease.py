"""Keeps writers of a remote lake apart, on any number of machines: a lock that expires unless its holder renews it.

The lock is an object. Whoever creates it holds it; whoever finds it older than LEASE_SECONDS, by the clock of the
store, takes it over by replacing just that version of it. So no two machines have to agree on the time.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from uuid import uuid4

from tasks.lake import LakeBusy, LakeError
from tasks.objects import Conflict, Objects

KEY = ".onrecord/lock"
LEASE_SECONDS = 60.0
RENEW_SECONDS = 15.0
MARGIN_SECONDS = 10.0  # before the end of the lease in which nothing is begun any more
POLL_SECONDS = 1.0


class LeaseLost(LakeError):
    """The lock was not renewed in time, so another run may be writing."""


class Lease:
    """The lock while it is held."""

    def __init__(self, objects: Objects, body: bytes, tag: str, since: float) -> None:
        self._objects, self._body, self._tag = objects, body, tag
        self._renewed_at = since
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Raises LeaseLost where it is not certain that nobody else writes."""
        if self._is_over.is_set() or _now() - self._renewed_at > LEASE_SECONDS - MARGIN_SECONDS:
            raise LeaseLost(
                f"the lock on {self._objects.address} could not be renewed in time, so nothing more was written;"
                " run again"
            )

    def end(self) -> None:
        """Gives the lock back."""
        self._is_over.set()
        self._thread.join()
        with suppress(Conflict, LakeError):
            self._objects.delete(KEY, if_tag=self._tag)

    def _renew(self) -> None:
        while not self._is_over.wait(RENEW_SECONDS):
            with suppress(LakeError):  # until the lease runs out
                self._renew_once()

    def _renew_once(self) -> None:
        since = _now()
        try:
            self._tag = self._objects.write(KEY, self._body, if_tag=self._tag)
            self._renewed_at = since
        except Conflict:
            found = self._objects.find(KEY)
            if found is None or self._objects.read(KEY) != self._body:
                self._is_over.set()  # somebody has taken it over
            else:
                self._tag = found.etag  # our own request, sent twice


@contextmanager
def leased(objects: Objects, wait_seconds: float = 0.0) -> Iterator[Lease]:
    """Holds the lake against other writers. Raises LakeBusy after ``wait_seconds``."""
    holder = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "token": uuid4().hex,
    }
    body = json.dumps(holder).encode()
    deadline = time.monotonic() + wait_seconds
    while True:
        since = _now()
        if tag := _take(objects, body):
            break
        if time.monotonic() >= deadline:
            raise LakeBusy(f"{_holder(objects)} is writing to {objects.address}")
        time.sleep(POLL_SECONDS)
    _require_conditions(objects, body)
    lease = Lease(objects, body, tag, since)
    try:
        yield lease
    finally:
        lease.end()


def _take(objects: Objects, body: bytes) -> str | None:
    """The tag of the lock, if it could be taken."""
    try:
        return objects.write(KEY, body, only_new=True)
    except Conflict:
        pass
    found = objects.find(KEY)
    if found is None:
        return None
    if objects.read(KEY) == body:
        return found.etag  # our own request, sent twice
    if found.age <= LEASE_SECONDS:
        return None
    with suppress(Conflict):
        return objects.write(KEY, body, if_tag=found.etag)
    return None


def _require_conditions(objects: Objects, body: bytes) -> None:
    """Raises LakeError where the store writes whatever the condition: then no lock would hold."""
    try:
        objects.write(KEY, body, only_new=True)
    except Conflict:
        return
    raise LakeError(f"{objects.address} lies in a store without conditional writes (If-None-Match), which a lake needs")


def _holder(objects: Objects) -> str:
    try:
        holder = json.loads(objects.read(KEY) or b"")
        return f"another run (pid {holder['pid']} on {holder['host']}, since {holder['started_at']})"
    except (ValueError, TypeError, KeyError):
        return "another run"


def _now() -> float:
    """Seconds that also pass while the machine sleeps, where the system counts them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
