"""Objects in a bucket of S3, or of anything that speaks its protocol: the few operations that a remote lake is made of.

Every operation is one request as far as callers can tell; conditional ones are decided by the store, not by us.
Credentials and region come from where AWS tools look for them (environment, profile, role), and are never shown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any

from tasks.lake import LakeError

_ADDRESS = re.compile(r"s3:/+([^/]+)/*(.*)")  # pathlib folds the two slashes into one
_TIMEOUTS = {"connect_timeout": 10, "read_timeout": 60, "retries": {"max_attempts": 5, "mode": "standard"}}


class Conflict(Exception):
    """A conditional operation was refused: the object is not, or no longer, as the caller believes."""


@dataclass(frozen=True, slots=True)
class Found:
    """An object as it is now: its tag, its size in bytes, when it was written, and how many seconds ago that was by
    the store's own clock (0 where it was listed).
    """

    etag: str
    n_bytes: int
    modified_at: datetime
    age: float = 0.0


def remote_address(place: Path | str) -> str | None:
    """The address `s3://bucket/prefix` where ``place`` is one, also when it went through pathlib; else None."""
    match = _ADDRESS.fullmatch(str(place))
    return f"s3://{match[1]}/{match[2]}".rstrip("/") if match else None


class Objects:
    """The objects under an address, by keys relative to it. Raises LakeError where the store refuses or is away."""

    def __init__(self, address: str, endpoint_url: str | None = None) -> None:
        try:
            from s3fs import S3FileSystem
        except ImportError:
            raise LakeError(f"{address} needs a package more; run: pip install 'onrecord[s3]'") from None
        if endpoint_url and "@" in endpoint_url:
            raise LakeError("the endpoint_url holds a user or password; give credentials as AWS tools take them")
        self.address = address
        self._bucket, _, self._prefix = address.removeprefix("s3://").partition("/")
        self._files = S3FileSystem(
            endpoint_url=endpoint_url, use_listings_cache=False, skip_instance_cache=True, config_kwargs=_TIMEOUTS
        )

    def read(self, key: str) -> bytes | None:
        """The bytes of an object; None where there is none."""
        data: bytes | None = self._ask(lambda: self._files.cat_file(self._path(key)), missing=None)
        return data

    def find(self, key: str) -> Found | None:
        """What an object is like; None where there is none."""
        head = self._ask(lambda: self._call("head_object", key), missing=None)
        if head is None:
            return None
        now = parsedate_to_datetime(head["ResponseMetadata"]["HTTPHeaders"]["date"])
        modified_at = head["LastModified"]
        return Found(head["ETag"], head["ContentLength"], modified_at, (now - modified_at).total_seconds())

    def list(self, folder: str = "") -> dict[str, Found]:
        """All objects whose keys begin with ``folder``, by key."""
        prefix = self._key(folder)
        found: dict[str, Found] = {}
        more: dict[str, str] = {}
        while True:
            request = partial(self._files.call_s3, "list_objects_v2", Bucket=self._bucket, Prefix=prefix, **more)
            page = self._ask(request)
            for item in page.get("Contents", ()):
                key = item["Key"].removeprefix(self._prefix).removeprefix("/")
                found[key] = Found(item["ETag"], item["Size"], item["LastModified"])
            if not page.get("IsTruncated"):
                return found
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def write(self, key: str, data: bytes, only_new: bool = False, if_tag: str | None = None) -> str:
        """Writes an object and returns its tag.

        Raises Conflict where it exists and was to be new, or does not have the tag that it was to have.
        """
        conditions = {"IfNoneMatch": "*"} if only_new else {"IfMatch": if_tag} if if_tag else {}
        answer = self._ask(lambda: self._call("put_object", key, Body=data, **conditions))
        return str(answer["ETag"])

    def upload(self, path: Path, key: str) -> None:
        """Writes an object from a file, in parts where it is large."""
        self._ask(lambda: self._files.put_file(str(path), self._path(key)))

    def download(self, key: str, path: Path) -> bool:
        """Writes an object to a file; False where there is no such object."""
        return bool(self._ask(lambda: self._files.get_file(self._path(key), str(path)) is None, missing=False))

    def copy(self, source: str, target: str) -> None:
        """Copies an object within the store. Raises Conflict where there is no source."""
        if self._ask(lambda: self._files.copy(self._path(source), self._path(target)) is None, missing=False) is False:
            raise Conflict(source)

    def delete(self, key: str, if_tag: str | None = None) -> None:
        """Removes an object, if there is one. Raises Conflict where it does not have the tag that it was to have."""
        conditions = {"IfMatch": if_tag} if if_tag else {}
        self._ask(lambda: self._call("delete_object", key, **conditions), missing=None)

    def _key(self, key: str) -> str:
        return f"{self._prefix}/{key}" if self._prefix else key

    def _path(self, key: str) -> str:
        return f"{self._bucket}/{self._key(key)}"

    def _call(self, operation: str, key: str, **parameters: Any) -> Any:
        return self._files.call_s3(operation, Bucket=self._bucket, Key=self._key(key), **parameters)

    def _ask(self, request: Callable[[], Any], **missing: Any) -> Any:
        """The answer to a request; ``missing`` in place of FileNotFoundError."""
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        try:
            return request()
        except (OSError, BotoCoreError) as error:
            cause = error.__cause__
            code = cause.response.get("Error", {}).get("Code", "") if isinstance(cause, ClientError) else ""
            if code in ("PreconditionFailed", "ConditionalRequestConflict", "412", "409"):
                raise Conflict(code) from error
            if isinstance(error, FileNotFoundError) and code != "NoSuchBucket" and missing:
                return missing["missing"]
            if isinstance(error, NoCredentialsError):
                reason = "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
            elif isinstance(error, PermissionError):
                reason = "the store refuses access to these credentials"
            elif code == "NoSuchBucket":
                reason = "there is no such bucket"
            else:
                reason = str(error) or os.strerror(getattr(error, "errno", 0) or 0)
            raise LakeError(f"{self.address} can't be used: {reason}") from error
