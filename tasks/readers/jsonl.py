"""Reads JSON: Lines of objects, documents that are an array or an object, and objects that follow one another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tasks.readers import ninjs
from tasks.readers.compress import Stream
from tasks.readers.decode import LineDecoder
from tasks.readers.envelopes import find_articles
from tasks.readers.jsonsplit import Element, split_elements
from tasks.readers.lines import newline_of, read_lines
from tasks.readers.mapping import Mapping, Misfit, load_mapping
from tasks.readers.options import ReadOptions
from tasks.readers.pages import read_fields
from tasks.readers.sniff import HEAD
from tasks.readers.source import Bytes, Source
from tasks.readers.values import clean
from tasks.records import Mark, RawRecord, Rejection

_DECODER = json.JSONDecoder()
# What may stand between values: white space and commas, marks of byte order and of records, what fills a file up.
_SPACE = re.compile("[ \t\r\n,\0\x1e\x85\u2028\u2029\ufeff]*")


def read_jsonl(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """Records of a JSON Lines file; a bad line is one rejection, and blank lines do not count.

    Starts behind ``source.tally.mark``, where there is one, and moves it on.
    """
    mapping, limit = load_mapping(options.mapping), options.max_record_bytes
    mark = source.tally.mark or Mark(0)
    newline = b"\r" if mark.is_cr else newline_of(stream.peek(HEAD)) if not mark.n_lines else b"\n"
    decoder = LineDecoder(mark.is_legacy)
    offset = mark.offset
    for line in read_lines(stream, newline, limit, mark.n_lines):
        where = f"Line {line.number}"
        element = Element(line.data.strip(b" \t\r\n"), line.oversize)
        if element.data or element.oversize:
            yield from _items(element, where, f"line:{line.number}", decoder, source, mapping, limit)
        if source.tally.mark and line.is_whole:
            offset += line.size
            n_records = source.tally.ordinals.upcoming - 1
            source.tally.mark = Mark(offset, line.number, n_records, newline == b"\r", decoder.is_legacy)


def read_json(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """Records of a JSON document; the elements of an array are read one at a time, whatever the file's size."""
    mapping, limit = load_mapping(options.mapping), options.max_record_bytes
    decoder = LineDecoder()
    for number, element in enumerate(split_elements(stream, limit), start=1):
        member = None if element.is_document else f"record:{number}"
        where = "The file" if element.is_document else f"Record {number}"
        yield from _items(element, where, member, decoder, source, mapping, limit)


def _items(
    element: Element,
    where: str,
    member: str | None,
    decoder: LineDecoder,
    source: Source,
    mapping: Mapping | None,
    limit: int,
) -> Iterator[RawRecord | Rejection]:
    """The records that one line or element holds, or the one rejection of it."""
    if element.oversize:
        reason = f"{where} has {element.oversize.size:,} bytes; the limit for one record is {limit:,}."
        yield source.reject("oversize_record", reason, element.oversize, member)
        return
    raw = Bytes.of(element.data)
    text = decoder.decode(element.data)
    if text is None:
        reason = f"{where} is neither UTF-8 nor Windows-1252 text."
        yield source.reject("undecodable_text", reason, raw, member)
        return
    try:
        values = _values(text)
    except (ValueError, RecursionError) as error:
        reason = "it is cut off at the end of the file" if element.is_cut else _problem(error)
        yield source.reject("malformed_json", f"{where} is not valid JSON: {reason}.", raw, member)
        return
    records = [record for value in values for record in find_articles(value, mapping)]
    for number, record in enumerate(records, start=1):
        place = member if len(records) == 1 else f"{member}.{number}" if member else f"record:{number}"
        if not isinstance(record, dict):
            reason = f"{where} holds {_kind(record)} where an object with named fields should stand."
            yield source.reject("wrong_type", reason, raw, place)
            continue
        is_news_item = ninjs.is_item(record)
        if is_news_item and (problem := ninjs.refusal(record)):
            yield source.reject(problem.reason_code, f"{where} {problem.reason}.", raw, place)
            continue
        fields = read_fields(record, mapping, source)
        if isinstance(fields, dict) and is_news_item and not fields.get("text") and (text := ninjs.summary(record)):
            fields |= {"text": clean(text), "markup": "plain", "is_summary_only": True}
        if isinstance(fields, Misfit):
            yield source.reject(fields.reason_code, fields.reason, raw, place, fields.column, fields.value)
        else:
            yield source.record(fields, raw, place)


def _values(text: str) -> list[Any]:
    """The value in the text, or several objects one behind the other; ValueError where anything else stands there."""
    values = []
    at = _space(text, 0)
    while at < len(text):
        value, at = _DECODER.raw_decode(text, at)
        values.append(value)
        at = _space(text, at)
        if at < len(text) and not isinstance(value, dict):
            raise json.JSONDecodeError("Extra data", text, at)
    if not values and "\0" in text:
        raise json.JSONDecodeError("Nothing but zero bytes", text, 0)
    return values


def _space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _problem(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.rstrip(':').removesuffix(' at').lower()} at character {error.pos + 1:,}"
    return "it holds a number that is too long"


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    kinds = ((bool, "true or false"), (str, "a string"), (int | float, "a number"), (list, "a list"))
    return next(words for kind, words in kinds if isinstance(value, kind))
