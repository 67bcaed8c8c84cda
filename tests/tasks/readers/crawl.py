"""Web archives for tests: records with pages, and the ways in which they are written to a file."""

import gzip
import zlib
from collections.abc import Iterable

RESPONSE = "application/http; msgtype=response"
SENTENCES = (
    "The lighthouse on Skerry Point will keep its keeper for another year, the harbour board decided on Tuesday night.",
    "“A lamp does not answer the telephone,” said Ada Norquay, who chairs the board and who had asked for the vote.",
    "The board had planned to leave the light to a machine from April on, and fishermen from both islands had objected.",
    "The keeper, Peder Haugland, said that he had heard of the decision on the radio, like everybody else on the island.",
    "Both island ferries stayed in port on Monday because of fog, and the mail went by the pilot boat after dark.",
)


def url(name: str) -> str:
    """The address of a page."""
    return f"https://skerrycourier.example/2026/02/{name.lower()}"


def text(name: str) -> bytes:
    """A page of plain text."""
    return f"{name} in the fog\nMarch 2, 2026\n\n{' '.join(SENTENCES)}\n".encode()


def page(name: str) -> bytes:
    """A page as HTML."""
    body = "".join(f"<p>{sentence}</p>\n" for sentence in SENTENCES)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{name} in the fog</title>'
        f'<meta property="og:title" content="{name} in the fog">'
        '<meta property="article:published_time" content="2026-03-02T09:30:00+00:00"></head>'
        f"<body><article><h1>{name} in the fog</h1>\n{body}</article></body></html>\n"
    ).encode()


def record(
    kind: str, block: bytes, address: str = "", media: str = "", length: int | None = None, **fields: str
) -> bytes:
    """A WARC record; ``length`` is what its header says of the block's."""
    lines = ["WARC/1.1", f"WARC-Type: {kind}", "WARC-Date: 2026-03-09T12:00:00Z", "WARC-Record-ID: <urn:uuid:1>"]
    lines += [f"WARC-Target-URI: {address}"] * bool(address) + [f"Content-Type: {media}"] * bool(media)
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    lines.append(f"Content-Length: {len(block) if length is None else length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def http(body: bytes, media: str = "text/plain; charset=utf-8", status: str = "200 OK", **fields: str) -> bytes:
    """An HTTP response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def response(name: str, body: bytes | None = None, **fields: str) -> bytes:
    """A record of a response with a page of plain text."""
    return record("response", http(text(name) if body is None else body, **fields), url(name), RESPONSE)


def chunked(body: bytes, size: int = 100) -> bytes:
    """A body as HTTP sends it in chunks."""
    parts = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def members(records: Iterable[bytes]) -> bytes:
    """Records compressed one by one, as crawlers do."""
    return b"".join(gzip.compress(data, mtime=0) for data in records)


def deflate(data: bytes) -> bytes:
    """DEFLATE data without zlib's header, as many servers send it."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()
