"""Damages files in the ways that dumps are damaged and that attackers damage them: from a seed, so that it can be repeated."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

SPECIAL = (
    b"\0", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc3", b"\x1b[2J", b"\r", b"\n", b"\r\n", b"\t",
    b'"', b"'", b"\\", b'\\"', b'""', b",", b";", b"|", b"{", b"}", b"[", b"]", b"[" * 2_000, b'{"a":' * 500,
    b"\\ud800", b"NaN", b"1e999", b"-1", b"9" * 400, b"null", b"title", b"text", b"By ", b"https://", b"=cmd|'/C calc'!A0",
    b"<", b">", b"&amp;", b"&#0;", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<!--", b"]]>", b"<![CDATA[", b"</", b"<script>",
    b"../../etc/passwd", b"/dev/zero", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"\xff\xff\xff\x7f", b"\x7f" * 9,
)  # fmt: skip


def _flip(data: bytearray, random: Random, _: bytes) -> None:
    for _n in range(random.choice((1, 1, 2, 8))):
        data[random.randrange(len(data))] = random.randrange(256)


def _insert(data: bytearray, random: Random, _: bytes) -> None:
    at = random.randrange(len(data) + 1)
    data[at:at] = random.choice(SPECIAL)


def _overwrite(data: bytearray, random: Random, _: bytes) -> None:
    at = random.randrange(len(data))
    token = random.choice(SPECIAL)
    data[at : at + len(token)] = token


def _cut(data: bytearray, random: Random, _: bytes) -> None:
    del data[random.randrange(len(data)) :]


def _remove(data: bytearray, random: Random, _: bytes) -> None:
    start = random.randrange(len(data))
    del data[start : start + random.choice((1, 2, 16, 200))]


def _repeat(data: bytearray, random: Random, _: bytes) -> None:
    start = random.randrange(len(data))
    piece = data[start : start + random.choice((1, 4, 40))]
    data[start:start] = piece * random.choice((2, 20, 400))


def _splice(data: bytearray, random: Random, other: bytes) -> None:
    start, at = random.randrange(len(other)), random.randrange(len(data))
    data[at:at] = other[start : start + random.choice((8, 64, 600))]


_WAYS: tuple[Callable[[bytearray, Random, bytes], None], ...] = (
    _flip, _flip, _insert, _overwrite, _cut, _remove, _repeat, _splice,
)  # fmt: skip


def mutate(data: bytes, seed: int, other: bytes = b" ") -> bytes:
    """``data`` damaged in one to four ways; ``other`` is another file, of which pieces may be spliced in."""
    random = Random(seed)
    damaged = bytearray(data or b" ")
    for _ in range(random.choice((1, 1, 2, 4))):
        if not damaged:
            break
        random.choice(_WAYS)(damaged, random, other or b" ")
    return bytes(damaged)
