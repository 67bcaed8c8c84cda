"""Cuts a JSON document into its elements while it streams by: an array's elements, or values that follow one another.

Only brackets and quotation marks are looked at; whether an element is valid JSON is for its reader to find out, so that
a bad one costs nothing but itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.readers.compress import Stream
from tasks.readers.source import Bytes, Measure

_BLANK = b" \t\r\n,\0\x1e"
# What a script or a server puts in front of JSON: comments, `var articles =`, `callback(`, `)]}',`; `);` may follow it.
WRAPPER = re.compile(
    rb"(?:\s{0,99}+(?://[^\n]{0,999}+\n|/\*(?:[^*]|\*(?!/)){0,999}+\*/|\)\]\}',?"
    rb"|(?:(?:var|let|const) )?[A-Za-z_$][\w.$]{0,99}+\s{0,9}+[=(])){1,9}+"
    rb"\s{0,99}+(?=\[\s{0,99}+\{|\{\s{0,99}+\")"
)
_OUTSIDE = re.compile(rb'["{}\[\],]')
_INSIDE = re.compile(rb'["\\]')


@dataclass(slots=True)
class Element:
    """The bytes of one value.

    ``oversize`` stands in for them where there are too many; ``is_document``: the file is this one value; ``is_cut``:
    the file ends inside it.
    """

    data: bytes
    oversize: Bytes | None = None
    is_document: bool = False
    is_cut: bool = False


class _Collector:
    """Gathers the bytes of an element up to the limit, and only measures it beyond."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._measure: Measure | None = None

    def add(self, data: bytes) -> None:
        self._size += len(data)
        if self._measure:
            self._measure.add(data)
            return
        self._parts.append(data)
        if self._size > self._limit:
            self._measure = Measure(b"".join(self._parts))
            self._parts = []

    def take(self) -> Element | None:
        """The element gathered, None where there is none; and a fresh start."""
        data, measure = b"".join(self._parts).strip(b" \t\r\n"), self._measure
        self._parts, self._size, self._measure = [], 0, None
        if measure:
            return Element(b"", measure.result())
        return Element(data) if data else None


def split_elements(stream: Stream, limit: int) -> Iterator[Element]:
    """The elements of a document; the last one is left out where the stream was cut off inside it."""
    splitter = _Splitter(limit)
    held: Element | None = None  # the first element, until it is known whether it is all
    n = 0
    while chunk := stream.read():
        for element in splitter.feed(chunk):
            n += 1
            if n == 1 and not splitter.is_array:
                held = element
                continue
            if held:
                yield held
                held = None
            yield element
    last = None if stream.problem and stream.problem.cut else splitter.finish()
    if held:
        held.is_document = last is None
        yield held
    if last:
        last.is_document = n == 0 and not splitter.is_array
        yield last


class _Splitter:
    def __init__(self, limit: int) -> None:
        self._collector = _Collector(limit)
        self._depth = 0  # of brackets open inside the element
        self._in_element = False
        self._in_string = False
        self._is_escaped = False  # the last chunk ended behind a backslash
        self._started = False
        self._in_array = False
        self._blank = _BLANK  # bytes that mean nothing between elements
        self.is_array = False

    def feed(self, chunk: bytes) -> Iterator[Element]:
        at = 0
        if not self._started and (wrapper := WRAPPER.match(chunk)):
            at, self._blank = wrapper.end(), _BLANK + b");"
        while at < len(chunk):
            if not self._in_element:
                at = self._skip(chunk, at)
                if at >= len(chunk):
                    return
            end = self._step(chunk, at)
            if end < 0:  # the element goes on in the next chunk
                self._collector.add(chunk[at:])
                return
            self._collector.add(chunk[at:end])
            at = end
            self._in_element = False
            if element := self._collector.take():
                yield element

    def finish(self) -> Element | None:
        """What the file ends inside of."""
        element = self._collector.take()
        if element:
            element.is_cut = self._depth > 0 or self._in_string
        elif self._in_array:
            element = Element(b"[", is_cut=True)
        return element

    def _skip(self, chunk: bytes, at: int) -> int:
        """Passes over what stands between elements, the array's own brackets among it."""
        while at < len(chunk):
            byte = chunk[at : at + 1]
            if byte == b"[" and not self._in_array and (self.is_array or not self._started):
                self._in_array = self.is_array = True
            elif byte == b"]" and self._in_array:
                self._in_array = False
            elif byte not in self._blank:
                break
            if byte not in b" \t\r\n\0\x1e":
                self._started = True
            at += 1
        if at < len(chunk):
            self._started = self._in_element = True
            self._depth, self._in_string, self._is_escaped = 0, False, False
        return at

    def _step(self, chunk: bytes, at: int) -> int:
        """The place behind the element's end; -1 where the chunk ends first."""
        if self._is_escaped:
            at, self._is_escaped = at + 1, False
        while True:
            if self._in_string:
                match = _INSIDE.search(chunk, at)
                if not match:
                    return -1
                at = match.end()
                if match[0] == b"\\":
                    if at >= len(chunk):
                        self._is_escaped = True
                        return -1
                    at += 1
                else:
                    self._in_string = False
                continue
            match = _OUTSIDE.search(chunk, at)
            if not match:
                return -1
            byte, at = match[0], match.end()
            if byte == b'"':
                self._in_string = True
            elif byte in b"{[":
                self._depth += 1
            elif byte in b"}]" and self._depth > 0:
                self._depth -= 1
                if self._depth == 0:
                    return at
            elif self._depth == 0 and (byte == b"," or (byte == b"]" and self._in_array)):
                return at - 1  # what ends a bare word or number; stray brackets go with it
