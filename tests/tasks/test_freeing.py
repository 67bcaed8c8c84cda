"""What is freed goes back to the system, in a process whose C library would keep it."""

import os
import platform
import subprocess
import sys

import pytest

from tasks.freeing import ARROW

PROGRAM = """
import ctypes
from pathlib import Path
from tasks.freeing import free_at_once

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

def left(n_bytes):
    libc.free(libc.malloc(24 << 20))  # raises the thresholds, where they are not set
    before = resident()
    blocks = [libc.malloc(n_bytes) for _ in range(40)]
    for block in blocks:
        ctypes.memset(block, 1, n_bytes)
    last = blocks.pop()  # holds on to all below it, in a heap
    for block in blocks:
        libc.free(block)
    return resident() - before

free_at_once()
print(left(1 << 20))
"""


def test_so_does_what_arrow_is_done_with() -> None:
    program = "import flows.cli, pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    unset = {name: value for name, value in os.environ.items() if name not in ARROW}
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=unset)
    assert done.stdout.strip() == "system"


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of glibc")
@pytest.mark.parametrize(
    ("program", "is_kept"), [(PROGRAM, False), (PROGRAM.replace("\nfree_at_once()\n", "\n"), True)]
)
def test_what_is_freed_goes_back_to_the_system(program: str, is_kept: bool) -> None:
    unset = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=unset)
    assert (int(done.stdout) > 20 << 20) is is_kept
