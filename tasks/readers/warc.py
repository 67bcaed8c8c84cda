"""Reads web archives (WARC, ARC, and WET's plain text): the pages in them are articles, all else is counted.

A record is a page where it is a response, a resource or a conversion with HTML or plain text. Its place is the offset
at which it starts in the file; its address comes from its header. The day of the crawl is no day of publication and is
not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tasks.readers.compress import Stream
from tasks.readers.decode import decode
from tasks.readers.html import page_fields
from tasks.readers.htmlkinds import NoArticle
from tasks.readers.httpmessage import BadBody, is_whole_page, read_body, read_response
from tasks.readers.options import ReadOptions
from tasks.readers.source import Bytes, Source
from tasks.readers.textdump import parse_dump
from tasks.readers.warcrecords import Loss, Record, read_records
from tasks.records import RawRecord, Rejection
from tasks.timelimit import TimeLimit

_KINDS = ("response", "resource", "conversion")
_PASSED_OVER = {
    "warcinfo": "descriptions of an archive",
    "request": "requests",
    "metadata": "metadata records",
    "revisit": "revisits",
    "continuation": "continuations",
}
_HTML = ("text/html", "application/xhtml+xml")
_UNKNOWN = ("", "application/octet-stream", "application/unknown", "unknown/unknown", "no-type")
_STARTS_AS_HTML = re.compile(rb"\s{0,999}(?:<!doctype html|<html|<head|<body)\b", re.I)
# Plain text that servers keep for programs.
_FOR_PROGRAMS = re.compile(r"/(?:robots|ads|app-ads|humans|security|llms)\.txt(?:$|\?)", re.I)


def read_warc(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The pages of a web archive in order; a rejection for each that is no article, and for each loss, by offset."""
    limit = options.max_record_bytes
    for item in read_records(stream, limit):
        if isinstance(item, Loss):
            yield source.reject("corrupt_archive", item.reason, Bytes.of(item.raw), item.place)
        else:
            yield from _read_record(item, source, limit)


def _read_record(record: Record, source: Source, limit: int) -> Iterator[RawRecord | Rejection]:
    """The one record or rejection that comes of it; nothing where it is no page, which is counted."""
    kind = _PASSED_OVER.get(record.kind, "records of unknown kind") if record.kind not in _KINDS else ""
    media, body = record.media, record.block
    response = None
    if not kind and record.url.lower().startswith("http"):
        response = read_response(record.oversize.head if record.oversize else record.block)
    if response:
        kind = _no_page(response.status)
        media, body = response.headers.get("content-type", ""), response.body
    form = _form(media, record.url, record.oversize.head if record.oversize else body)
    if kind or not form:
        source.pass_over(kind or "pictures, scripts and other files")
        return
    if record.oversize:
        reason = f"The record has {record.oversize.size:,} bytes; the limit for one record is {limit:,}."
        yield source.reject("oversize_record", reason, record.oversize, record.place)
        return
    raw = Bytes.of(record.block)
    try:
        if response:
            body = read_body(response, limit)
        if "warc-truncated" in record.headers and not is_whole_page(body):
            raise BadBody("The crawler cut the page off.")
        with source.time_limit():
            fields = _fields(body, form, media, record)
    except BadBody as problem:
        yield source.reject("corrupt_archive", str(problem), raw, record.place)
    except TimeLimit as limit_passed:
        yield source.reject(limit_passed.reason_code, str(limit_passed), raw, record.place)
    else:
        if isinstance(fields, dict):
            yield source.record(fields, raw, record.place)
        else:
            yield source.reject(fields.reason_code, fields.reason, raw, record.place)


def _no_page(status: int) -> str:
    """What a response is, where its status says that it is no page."""
    if 300 <= status < 400:
        return "redirects"
    return "" if status in (200, 201, 203) else "responses without a page"


def _form(media: str, url: str, body: bytes) -> str:
    """What a body is by its media type and, where that says nothing, by its bytes: html, text, or "" for neither."""
    media = media.partition(";")[0].strip().lower()
    starts_as_html = _STARTS_AS_HTML.match(body) is not None
    if media in _HTML or (starts_as_html and media in (*_UNKNOWN, "text/plain")):
        return "html"
    return "text" if media == "text/plain" and not _FOR_PROGRAMS.search(url) else ""


def _fields(body: bytes, form: str, media: str, record: Record) -> dict[str, Any] | NoArticle:
    url = record.url if record.url.lower().startswith("http") else None
    if form == "html":
        fields = page_fields(body, content_type=media, url=url)
    else:
        text = decode(body)
        if text is None:
            return NoArticle("undecodable_text", "The bytes are neither UTF-8, UTF-16 or UTF-32 nor Windows-1252 text.")
        fields = parse_dump(text)
        languages = record.headers.get("warc-identified-content-language", "").split(",")
        if languages[0]:
            fields["language"] = languages[0]
    if isinstance(fields, dict) and url:
        fields.setdefault("url", url)
    return fields
