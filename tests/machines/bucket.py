"""A server of the S3 protocol in a process of its own, and the lake in a bucket of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tasks.objects import Objects

ADDRESS = "s3://onrecord/lake"


@contextmanager
def bucket_server(folder: Path) -> Iterator[Objects]:
    """Starts the server, points the environment to it, and makes the bucket."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "ONRECORD_CACHE": str(folder / "cache"),
    }
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with (folder / "bucket.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        objects = Objects(ADDRESS)
        objects._files.call_s3("create_bucket", Bucket="onrecord")
        yield objects
    finally:
        process.kill()
        process.wait()
