"""HTTP responses as crawlers store them: header and body, chunks joined, compression undone within a limit.

Crawlers often undo either and leave the header that announces it: data that is not what its header says, but could be
without, is taken as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import brotli

from tasks.readers.layers import CHUNK, DAMAGE, GZIP, ZSTD, Decoder, Inflate, Stop, decompress
from tasks.readers.warcrecords import read_fields

_HEADER_LIMIT = 256 * 1024  # bytes
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]{1,9}(\d{3})\b")
_CHUNK_SIZE = re.compile(rb"[ \t]{0,9}([\da-fA-F]{1,8})[ \t]{0,9}(?:;[^\n]{0,100})?\r?\n")
_END_OF_PAGE = re.compile(rb"</html\s{0,20}>", re.I)


@dataclass(frozen=True, slots=True)
class Response:
    """A response: its status, its header fields by lower-case name, and its body as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


class BadBody(Exception):
    """The body of a response cannot be had whole; the message is a sentence."""


def read_response(block: bytes) -> Response | None:
    """The response that a record holds; None where it holds none."""
    status = _STATUS.match(block)
    if not status:
        return None
    end = _HEADER_END.search(block, 0, _HEADER_LIMIT)
    if not end:
        return Response(int(status[1]), {}, b"")
    _, _, fields = block[: end.start()].partition(b"\n")
    return Response(int(status[1]), read_fields(fields), block[end.end() :])


def read_body(response: Response, limit: int) -> bytes:
    """The body, chunks joined and decompressed; raises BadBody, also where it has more than ``limit`` bytes.

    A body that ends early counts as whole where it is a page that has reached its end.
    """
    body, is_cut = response.body, False
    if "chunked" in response.headers.get("transfer-encoding", "").lower():
        body, is_cut = join_chunks(body)
    codings = [c.strip().lower() for c in response.headers.get("content-encoding", "").split(",")[:4]]
    for coding in reversed(codings):
        body, is_cut_too = _decode(body, coding, limit)
        is_cut = is_cut or is_cut_too
    if is_cut and not is_whole_page(body):
        raise BadBody("The page is cut off: its last part is missing.")
    return body


def is_whole_page(body: bytes) -> bool:
    """Whether a page has reached its end, by its last tag."""
    return _END_OF_PAGE.search(body[-4096:]) is not None


def join_chunks(data: bytes) -> tuple[bytes, bool]:
    """The chunks joined, and whether the last is missing; the data as it is where it starts with no chunk."""
    parts: list[bytes] = []
    at = 0
    while match := _CHUNK_SIZE.match(data, at):
        size = int(match[1], 16)
        if not size:
            return b"".join(parts), False
        at = match.end() + size
        if not parts and at > len(data):
            break
        parts.append(data[match.end() : at])
        if at >= len(data):
            return b"".join(parts), True
        at += 2 if data[at : at + 2] == b"\r\n" else data[at : at + 1] == b"\n"
    if not parts:
        return data, False
    if at >= len(data):
        return b"".join(parts), True
    raise BadBody(f"The page's chunks are damaged {at:,} bytes into it.")


def _decode(body: bytes, coding: str, limit: int) -> tuple[bytes, bool]:
    """The body without one content coding, and whether it is cut off."""
    decoders: dict[str, Callable[[bytes], Iterator[bytes]]] = {
        "gzip": _gunzip,
        "x-gzip": _gunzip,
        "deflate": _inflate,
        "br": _unbrotli,
        "zstd": lambda data: decompress(iter((data,)), ZSTD),
    }
    magics = {"gzip": GZIP.magics, "x-gzip": GZIP.magics, "zstd": ZSTD.magics}
    if coding not in decoders or not body.startswith(magics.get(coding, b"")):
        return body, False
    parts: list[bytes] = []
    size = 0
    try:
        for part in decoders[coding](body):
            size += len(part)
            if size > limit:
                raise BadBody(f"The page expands to more than {limit:,} bytes.")
            parts.append(part)
    except Stop as stop:
        return b"".join(parts), stop.cut
    except (*DAMAGE, brotli.error):
        if not parts and _is_text(body):
            return body, False
        return b"".join(parts), True
    return b"".join(parts), False


def _is_text(body: bytes) -> bool:
    return b"<" in body[:1024] and b"\0" not in body[:1024]


def _gunzip(body: bytes) -> Iterator[bytes]:
    return decompress(iter((body,)), GZIP)


def _inflate(body: bytes) -> Iterator[bytes]:
    """`deflate` should have zlib's header, but many servers leave it out."""
    is_zlib = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0
    decoder: Decoder = Inflate(15 if is_zlib else -15)
    yield decoder.decompress(body, CHUNK)
    while not decoder.eof:
        if decoder.needs_input:
            raise EOFError
        yield decoder.decompress(b"", CHUNK)


def _unbrotli(body: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    yield decoder.process(body, output_buffer_limit=CHUNK)
    while not decoder.is_finished():
        if decoder.can_accept_more_data():
            raise EOFError
        yield decoder.process(b"", output_buffer_limit=CHUNK)
