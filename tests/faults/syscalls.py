"""Watches what a process and its children do to a folder, call by call, and lets any call fail or be the last.

Linux hands every call that changes files to this process first (seccomp's user notification, Linux 5.9 or newer, no
privileges needed), whichever library makes it: Python, Arrow, DuckDB and worker processes alike. So nothing has to be
replaced in the code under test.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import select
import signal
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

# Number of each call on x86_64 and aarch64, which has only the younger of them.
CALLS = {
    "write": (1, 64),
    "pwrite64": (18, 68),
    "writev": (20, 66),
    "pwritev": (296, 70),
    "sendfile": (40, 71),
    "copy_file_range": (326, 285),
    "ftruncate": (77, 46),
    "fallocate": (285, 47),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "open": (2, None),
    "creat": (85, None),
    "openat": (257, 56),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "link": (86, None),
    "linkat": (265, 37),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rmdir": (84, None),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
}
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column in CALLS, AUDIT_ARCH_…
SECCOMP = {"x86_64": 317, "aarch64": 277}
# Which argument is the file's descriptor, or its path; of two paths the second is the target.
BY_DESCRIPTOR = {"sendfile": 0, "copy_file_range": 2} | dict.fromkeys(
    ("write", "pwrite64", "writev", "pwritev", "ftruncate", "fallocate", "fsync", "fdatasync"), 0
)
BY_PATH = {"open": (0,), "creat": (0,), "rename": (0, 1), "link": (0, 1), "unlink": (0,), "rmdir": (0,), "mkdir": (0,)}
AT_FOLDER = {
    "openat": (1,),
    "renameat": (1, 3),
    "renameat2": (1, 3),
    "linkat": (1, 3),
    "unlinkat": (1,),
    "mkdirat": (1,),
}
OPEN_FLAGS = {"open": 1, "openat": 2}  # the argument that holds O_CREAT and O_TRUNC
KINDS = {  # of calls, whatever variant of them was called
    "pwrite64": "write",
    "writev": "write",
    "pwritev": "write",
    "sendfile": "write",
    "copy_file_range": "write",
    "ftruncate": "truncate",
    "fallocate": "write",
    "fdatasync": "fsync",
    "openat": "open",
    "creat": "open",
    "renameat": "rename",
    "renameat2": "rename",
    "linkat": "link",
    "unlinkat": "unlink",
    "mkdirat": "mkdir",
}
TAKES_SPACE = {"write", "open", "mkdir", "link", "truncate"}  # fails on a full disk

_NEW_LISTENER, _SET_FILTER, _NO_NEW_PRIVILEGES = 8, 1, 38
_ALLOW, _NOTIFY, _CONTINUE = 0x7FFF0000, 0x7FC00000, 1
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_AT_FDCWD, _AT_REMOVEDIR = -100, 0x200


@dataclass(frozen=True, slots=True)
class Call:
    """A call that changes files: its kind (`write`, `rename`, …), the file, and the target of a rename or link."""

    kind: str
    path: Path
    target: Path | None = None
    pid: int = 0


Judge = Callable[[Call], int]
"""Asked before a call is made: 0 lets it happen, an errno makes it fail, KILL ends the process group before it."""
KILL = -1


def can_watch() -> bool:
    """Whether this system lets a process watch its children's calls."""
    if platform.system() != "Linux" or platform.machine() not in MACHINES:
        return False
    ours, theirs = socket.socketpair()
    with ours, theirs:
        child = os.fork()
        if not child:
            try:
                be_watched(theirs)
            except OSError:
                os._exit(1)
            os._exit(0)
        return os.waitpid(child, 0)[1] == 0


def be_watched(watcher: socket.socket) -> None:
    """Hands the calls of this process and of all that it will start over to the `watching` at the socket's other end.

    Survives exec, and can't be undone. Raises OSError where the system doesn't allow it.
    """
    column, architecture = MACHINES[platform.machine()]
    program = _filter(column, architecture)
    code = ctypes.create_string_buffer(program)
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    number = SECCOMP[platform.machine()]
    listener = libc.syscall(number, _SET_FILTER, _NEW_LISTENER, ctypes.create_string_buffer(header))
    if listener < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    socket.send_fds(watcher, [b"x"], [listener])
    os.close(listener)


@contextmanager
def watching(listener: int, root: Path, judge: Judge) -> Iterator[None]:
    """Has ``judge`` asked about every call below ``root`` of the process that `be_watched`, in a thread of this one."""
    thread = threading.Thread(target=_watch, args=(listener, root, judge), daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()
        os.close(listener)


def receive_listener(watched: socket.socket) -> int:
    """The descriptor that `be_watched` sent; EOFError where the process ended before."""
    _, descriptors, _, _ = socket.recv_fds(watched, 1, 1)
    if not descriptors:
        raise EOFError
    return descriptors[0]


def _filter(column: int, architecture: int) -> bytes:
    """The BPF program that picks the calls out: those in CALLS, and of those that open only those that may create."""
    load, equal, bits, give = 0x20, 0x15, 0x45, 0x06

    def step(code: int, value: int, then: int = 0, other: int = 0) -> bytes:
        return struct.pack("HBBI", code, then, other, value)

    program = [step(load, 4), step(equal, architecture, 1, 0), step(give, _ALLOW), step(load, 0)]
    for name, numbers in CALLS.items():
        number = numbers[column]
        if number is None:
            continue
        if name in OPEN_FLAGS:
            flags = 16 + 8 * OPEN_FLAGS[name]
            program += [
                step(equal, number, 0, 4),
                step(load, flags),
                step(bits, os.O_CREAT | os.O_TRUNC, 0, 1),
                step(give, _NOTIFY),
                step(give, _ALLOW),
            ]
        else:
            program += [step(equal, number, 0, 1), step(give, _NOTIFY)]
    return b"".join([*program, step(give, _ALLOW)])


def _watch(listener: int, root: Path, judge: Judge) -> None:
    """Answers until no watched process is left."""
    names = {numbers[MACHINES[platform.machine()][0]]: name for name, numbers in CALLS.items()}
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    while True:
        if any(event & select.POLLHUP for _, event in poll.poll()):
            return
        notice = bytearray(80)
        try:
            fcntl.ioctl(listener, _RECEIVE, notice)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.EINTR):  # it died meanwhile
                continue
            raise
        identifier, pid, _, number, _, _, *arguments = struct.unpack("QIIiIQ6Q", notice)
        call = _call(names[number], pid, arguments, root)
        answer = judge(call) if call else 0
        if answer == KILL:
            with suppress(ProcessLookupError):
                os.killpg(os.getpgid(pid), signal.SIGKILL)
            continue
        response = struct.pack("QqiI", identifier, 0, -answer, 0 if answer else _CONTINUE)
        with suppress(OSError):  # it died meanwhile
            fcntl.ioctl(listener, _SEND, bytearray(response))


def _call(name: str, pid: int, arguments: list[int], root: Path) -> Call | None:
    """The call, if it is about something below the root."""
    try:
        if name in BY_DESCRIPTOR:
            paths = [Path(os.readlink(f"/proc/{pid}/fd/{_signed(arguments[BY_DESCRIPTOR[name]])}"))]
        elif name in BY_PATH:
            paths = [_path(pid, _AT_FDCWD, arguments[n]) for n in BY_PATH[name]]
        else:
            paths = [_path(pid, _signed(arguments[n - 1]), arguments[n]) for n in AT_FOLDER[name]]
    except OSError:
        return None
    if not any(path.is_relative_to(root) for path in paths):
        return None
    kind = KINDS.get(name, name)
    if name == "unlinkat" and arguments[2] & _AT_REMOVEDIR:
        kind = "rmdir"
    return Call(kind, *paths, *([] if len(paths) == 2 else [None]), pid)


def _signed(number: int) -> int:
    return ctypes.c_int(number & 0xFFFFFFFF).value


def _path(pid: int, folder: int, address: int) -> Path:
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        memory.seek(address)
        text = b""
        while b"\0" not in text:
            # Not across the end of a page, behind which there may be nothing.
            text += memory.read(4096 - (address + len(text)) % 4096)
    path = Path(os.fsdecode(text.partition(b"\0")[0]))
    if path.is_absolute():
        return Path(os.path.normpath(path))
    base = os.readlink(f"/proc/{pid}/cwd" if folder == _AT_FDCWD else f"/proc/{pid}/fd/{folder}")
    return Path(os.path.normpath(Path(base) / path))
