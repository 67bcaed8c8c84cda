"""Reads the items of an XML file one by one: what the readers of all XML formats share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from tasks.readers.compress import Stream
from tasks.readers.items import Item, Problem
from tasks.readers.options import ReadOptions
from tasks.readers.source import Bytes, Source
from tasks.readers.xmlparse import ItemParser, declared_entities
from tasks.readers.xmlsplit import Document
from tasks.records import RawRecord, Rejection

Outcome = dict[str, Any] | Problem  # the fields of a record, or why it is none
# From an item and what stands in front of the first one to its outcomes: one, or more where items hold items.
Make = Callable[[etree._Element, etree._Element], list[Outcome]]


def read_items(
    stream: Stream, source: Source, options: ReadOptions, names: tuple[str, ...], make: Make, nests: bool = False
) -> Iterator[RawRecord | Rejection]:
    """The records and rejections of a file whose items are the elements called ``names``."""
    document = Document(stream, names, options.max_record_bytes, nests)
    parser: ItemParser | None = None
    head = etree.Element("x")
    n_declared = 0  # bytes of document types that have been looked at
    for number, item in enumerate(document.items(), start=1):
        if parser is None:
            parser = ItemParser(bytes(document.prolog), bytes(document.head))
            head = parser.parse_head(bytes(document.head))
        if len(document.doctypes) > n_declared:
            parser.entities |= declared_entities(bytes(document.doctypes[n_declared:]))
            n_declared = len(document.doctypes)
        if item.is_cut and stream.problem and stream.problem.cut:
            return
        is_alone = number == 1 and not document.head.strip()
        member = None if is_alone else f"record:{number}"
        where = "The file" if is_alone else f"Record {number}"
        outcomes = _outcomes(item, parser, head, make, options)
        for part, outcome in enumerate(outcomes, start=1):
            place = member if len(outcomes) == 1 else f"{member or 'record:1'}.{part}"
            if isinstance(outcome, Problem):
                yield source.reject(outcome.reason_code, f"{where} {outcome.reason}.", item.raw, place)
            else:
                yield source.record(outcome, item.raw, place)
    if document.is_cut and not (stream.problem and stream.problem.cut):
        reason = "The file is cut off: its last end tag is missing, and perhaps more."
        yield source.reject("malformed_xml", reason, Bytes.of(bytes(document.head)))


def _outcomes(item: Item, parser: ItemParser, head: etree._Element, make: Make, options: ReadOptions) -> list[Outcome]:
    if item.is_oversize:
        limit = options.max_record_bytes
        return [Problem("oversize_record", f"has {item.raw.size:,} bytes; the limit for one record is {limit:,}")]
    if item.is_cut:
        return [Problem("malformed_xml", "is not well-formed XML: its end tag is missing")]
    element = parser.parse(item.data)
    return [element] if isinstance(element, Problem) else make(element, head)
