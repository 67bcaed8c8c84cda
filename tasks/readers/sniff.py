"""What kind of file this is: by its first bytes, and only where these leave it open, by its name."""

from __future__ import annotations

import json
import re
import tarfile
from dataclasses import dataclass

from tasks.readers import csvdialect
from tasks.readers.decode import detect, is_binary
from tasks.readers.formats import FORMATS
from tasks.readers.jsonsplit import WRAPPER
from tasks.readers.layers import layer_of
from tasks.readers.mapping import Mapping
from tasks.readers.sniffxml import xml_format

HEAD = 64 * 1024

_BINARY = (
    (b"%PDF-", "a PDF document"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x89PNG\r\n\x1a\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
    (b"OggS", "a sound file"),
    (b"ID3", "a sound file"),
)
_FORMATS = (
    (b"PAR1", "parquet"),
    (b"ARROW1\0\0", "arrow"),
    (b"\xff\xff\xff\xff", "arrow"),  # a stream: the mark in front of its first message
    (b"SQLite format 3\0", "sqlite"),
    (b"WARC/", "warc"),
    (b"filedesc://", "warc"),  # ARC
    (b"\x5d\x2a\x4d\x18", "warc"),  # WARC in Zstandard frames with a dictionary
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_WAL = "the write-ahead log of a SQLite database (`PRAGMA wal_checkpoint` brings its rows into the database)"
_UNSUPPORTED = (
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"{\\rtf", "an RTF document"),
    (b"FEA1", "a Feather file of version 1"),
    (b"\x37\x7f\x06\x82", _WAL),
    (b"\x37\x7f\x06\x83", _WAL),
    (b"\x18\xe2\x2d\0", "an index that SQLite keeps while a database is open"),
    (b"Obj\x01", "an Avro file"),
    (b"ORC", "an ORC file"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"\x93NUMPY", "an array of NumPy"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04\x95", "a Python pickle"),
    (b"\x80\x05\x95", "a Python pickle"),
    (b"RDX", "data of R"),
    (b"\x1f\x9d", "compressed with compress"),
    (b"\x04\x22\x4d\x18", "compressed with LZ4"),
    (b"LZIP", "compressed with lzip"),
    (b"\x5d\0\0", "compressed with LZMA"),
)
_MARKUP = re.compile(
    r"<(!doctype|!--|\?xml|(html|head|body|rss|feed|rdf:rdf|nitf|newsml|newsitem|newsmessage|urlset)\b)", re.I
)
HTML_START = re.compile(
    r"(?:<\?xml[^<>]{0,200}>\s{0,20}|<!--.{0,500}?-->\s{0,20}){0,5}"
    r"<(?:!doctype\s{1,9}html|html|head|body|title|meta)\b",
    re.I | re.S,
)
_TAG = re.compile(r"<[a-z!?/]", re.I)
# The line in front of each message of an mbox: an address and a time. A sentence that starts with «From» has none.
MBOX_LINE = r"From .{0,300}?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .{0,30}?\d{1,2}:\d\d.{0,40}"
_MBOX = re.compile(MBOX_LINE + r"\r?\n>?[!-9;-~]{1,100}: ?")
_MAIL_FIELD = re.compile(r"([!-9;-~]{1,100}):(?:[ \t]|$)", re.M)
_MAIL_FIELDS = {"from", "to", "subject", "date", "reply-to", "cc", "sender", "content-type"}
_TRANSPORT_FIELDS = {
    "delivered-to",
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "dkim-signature",
    "list-id",
}
_WIRE = re.compile("\x16?\x01(?P<header>[^\x02\x03\x04]{1,1000})\x02", re.S)
_IPTC_HEADER = re.compile(r"\s{0,9}[A-Za-z]{2,5} ?\d{2,5}\s{1,9}\d\s")
_ZCZC = re.compile(r"(?:\s{0,99}[\r\n])?ZCZC[^\r\n]{0,80}[\r\n]")
_SQL = re.compile(
    r"(?:\s|--[^\n]{0,999}+\n|/\*(?:[^*]|\*(?!/)){0,999}+\*/;?){0,99}+"
    r"(?:insert into|create (?:table|database)|drop table|lock tables|use `|begin transaction;|pragma foreign_keys"
    r"|set \w{1,40} ?=)",
    re.I | re.S,
)
_MARKUP_NAMES = (".xml", ".rss", ".atom")
_COMPRESSED = (".gz", ".gzip", ".zst", ".zstd", ".bz2", ".xz")


@dataclass(frozen=True, slots=True)
class Kind:
    """The format of a file and its encoding as `decode.detect` gives it, or the reason why it cannot be read."""

    format: str = ""
    encoding: str = "utf-8"
    bom: int = 0
    reason_code: str = ""
    reason: str = ""


def sniff(head: bytes, name: str, mapping: Mapping | None) -> Kind:
    """The kind of a file from its first HEAD bytes (all of it, where it is shorter) and its name."""
    named = _format_of(name)
    if not head or not head.strip(b" \t\r\n\f\v\0"):
        return (
            _empty(named)
            if not head.strip(b" \t\r\n\f\v")
            else _refused("binary_file", "The file holds only zero bytes.")
        )
    if layer_of(head):
        return _refused("unsupported_format", "The file is compressed more than twice.")
    if _is_tar(head):
        return Kind("tar")
    for magic, format_ in _FORMATS:
        if head.startswith(magic):
            return Kind(format_)
    for magic, what in _BINARY:
        if head.startswith(magic) and (len(magic) > 3 or is_binary(head)):
            return _refused("binary_file", f"The file is {what}, not text.")
    for magic, what in _UNSUPPORTED:
        if head.startswith(magic) and (len(magic) > 4 or is_binary(head)):
            return _refused("unsupported_format", f"The file is {what}, which no reader knows.")
    encoding, bom = detect(head)
    text = head[bom:].decode(encoding, "replace")
    if not text.strip():
        return _empty(named)
    if encoding == "utf-8" and not is_binary(head) and (wire := _wire_format(text)):
        return Kind(wire, encoding, bom)
    if WRAPPER.match(head[bom:]) and encoding == "utf-8":
        return Kind("json", encoding, bom)
    json_format = _json_format(text.lstrip(" \t\r\n\0\x1e\ufeff"), named, len(head) < HEAD)
    if not json_format and encoding == "utf-8" and is_binary(head):
        return _refused("binary_file", "The file is not text.")
    if mapping and mapping.format:
        return Kind(mapping.format, encoding, bom)
    if json_format:
        return Kind(json_format, encoding, bom)
    if xml := xml_format(text):
        return Kind(xml, encoding, bom)
    if HTML_START.match(text.lstrip("\ufeff \t\r\n\f\v")[:8192]) or (named == "html" and _TAG.search(text)):
        return Kind("html", encoding, bom)
    start = text.lstrip()[:200]
    if _MARKUP.match(start) or (named == "markup" and _TAG.match(start)):
        return _refused("unsupported_format", "The file is XML, which no reader knows.")
    if _SQL.match(text):
        return _refused("unsupported_format", "The file is a dump in SQL, which no reader knows; SQLite may load it.")
    if _is_mail(text.lstrip(), named):
        return Kind("mail")
    if named in ("jsonl", "json", "csv"):
        return Kind(named, encoding, bom)
    if csvdialect.has_known_header(text):
        return Kind("csv", encoding, bom)
    if named == "markup":
        return _refused("unsupported_format", "The file is named as XML but holds none.")
    return Kind("text_dump", encoding, bom)


def _wire_format(text: str) -> str:
    """iptc7901, anpa or "": both open a header and a text by control characters, and the headers differ."""
    if _ZCZC.match(text):
        return "iptc7901"
    match = _WIRE.search(text[:4096])
    if match is None:
        return ""
    is_anpa = (match[0][0] == "\x16" or "\x1f" in match["header"]) and not _IPTC_HEADER.match(match["header"])
    return "anpa" if is_anpa else "iptc7901"


def _is_mail(text: str, named: str) -> bool:
    """Whether a text starts with the header of a message: fields that every message has, and one of its transport."""
    if not _MAIL_FIELD.match(text):
        return _MBOX.match(text) is not None
    header = text[:8192].replace("\r\n", "\n").partition("\n\n")[0]
    names = {match[1].lower() for match in _MAIL_FIELD.finditer(header)}
    if named == "mail":
        return bool(names & (_MAIL_FIELDS | _TRANSPORT_FIELDS))
    return bool(names & _TRANSPORT_FIELDS) and len(names & (_MAIL_FIELDS | _TRANSPORT_FIELDS)) > 2


def _is_tar(head: bytes) -> bool:
    """Whether a file starts with the header of a member: its checksum says so, with or without `ustar` in it."""
    if len(head) < tarfile.BLOCKSIZE or not head[0]:
        return False
    try:
        return tarfile.TarInfo.frombuf(head[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape").size >= 0
    except (tarfile.HeaderError, ValueError, ArithmeticError):
        return False


def _format_of(name: str) -> str:
    name = name.lower()
    for suffix in _COMPRESSED * 2:
        name = name.removesuffix(suffix)
    if name.endswith(_MARKUP_NAMES):
        return "markup"
    return next((format_.name for format_ in FORMATS.values() if name.endswith(format_.suffixes)), "")


def is_web_archive(name: str) -> bool:
    """Whether a file is named as a web archive."""
    return _format_of(name) == "warc"


def _empty(named: str) -> Kind:
    """A table or a JSON Lines file of no records is in order; an article or a JSON document is not."""
    if named in ("jsonl", "csv"):
        return Kind(named)
    return _refused("empty_file", "The file holds nothing, or only white space.")


def _refused(reason_code: str, reason: str) -> Kind:
    return Kind(reason_code=reason_code, reason=reason)


def _json_format(text: str, named: str, is_whole: bool) -> str:
    """jsonl, json or "": JSON Lines where a line by itself is an object, a document where values run over lines."""
    if text[:1] == "[":
        inside = text[1:].lstrip()[:1]
        if inside in ("{", "]") or named == "json":
            return "json"
        return "jsonl" if _is_json_line(text) else ""
    if text[:1] != "{" or text[1:].lstrip()[:1] not in ('"', "}"):
        return ""
    if named == "jsonl" and "\n" not in text.strip():
        return "jsonl"
    lines = text.split("\n")
    if not is_whole:
        if len(lines) == 1:
            return named if named in ("json", "jsonl") else "jsonl"
        lines.pop()
    before = ""
    for line in (line.strip() for line in lines):
        if line.startswith("{") and not before.endswith((",", "[", "{", ":")) and _is_json_line(line):
            return "jsonl"
        before = line or before
    return "jsonl" if named == "jsonl" and not _is_indented(lines) else "json"


def _is_json_line(line: str) -> bool:
    try:
        return isinstance(json.JSONDecoder().raw_decode(line.strip())[0], dict | list)
    except (ValueError, RecursionError):
        return False


def _is_indented(lines: list[str]) -> bool:
    return lines[0].strip() == "{" and any(line.startswith((" ", "\t")) for line in lines)
