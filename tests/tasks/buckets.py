"""A bucket in a real server of the S3 protocol on loopback, and objects that fail where a test says."""

from typing import Any

from tasks.objects import Objects


class Died(BaseException):
    """The process is gone: nothing that it would have done happens any more."""


class Dying(Objects):
    """Objects of a process that dies when it has made so many requests."""

    def __init__(self, alive: Objects, n_requests: int) -> None:
        vars(self).update(vars(alive))
        self.n_left = n_requests

    def _ask(self, request: Any, **missing: Any) -> Any:
        if not self.n_left:
            raise Died
        self.n_left -= 1
        return super()._ask(request, **missing)
