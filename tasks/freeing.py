"""Lets what a process is done with go back to the system, where glibc and Arrow would keep it for later."""

from __future__ import annotations

import ctypes
import platform
from functools import cache

THRESHOLD = 128 * 1024  # bytes; glibc's own at first, which it raises to 32 MB as it goes where nobody sets it
# For the environment, before Arrow is loaded: it then asks the C library for memory, and has no pool of its own.
ARROW = {"ARROW_DEFAULT_MEMORY_POOL": "system"}
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h


@cache
def free_at_once() -> None:
    """Keeps this process's thresholds where they are; does nothing where the C library is another one."""
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        for which in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD):
            libc.mallopt(which, THRESHOLD)
