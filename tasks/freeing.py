"""Lets what a process is done with go back to the system, where glibc would keep it for what it may ask next."""

from __future__ import annotations

import ctypes
import platform
from functools import cache

THRESHOLD = 128 * 1024  # bytes; glibc's own at first, which it raises to 32 MB as it goes where nobody sets it
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h


@cache
def free_at_once() -> None:
    """Keeps this process's thresholds where they are; does nothing where the C library is another one."""
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        for which in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD):
            libc.mallopt(which, THRESHOLD)
