"""Cuts an XML or SGML file into its items by their tags, so that a file of any size is read one item at a time.

Only tags, comments, CDATA sections, processing instructions and document types are told apart here; whether an item is
well-formed is a matter of its own, so a broken one costs nothing but itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.readers.compress import Stream
from tasks.readers.items import Collector, Item

MAX_HEAD = 1024 * 1024  # bytes in front of the first item that are kept
MAX_TAG = 64 * 1024  # bytes of one start tag, and of what may follow the last item
_CLOSERS = {b"<![CDATA[": b"]]>", b"<!--": b"-->", b"<?": b"?>"}
_NAME = rb"[A-Za-z_][A-Za-z0-9_.-]{0,99}"
_LONGEST = 220  # bytes of the longest token without a closer: a tag's name and prefix
_TAG_REST = re.compile(rb"[^<>\"']*(?:(?:\"[^\"<]*\"|'[^'<]*')[^<>\"']*)*>")
_DECLARATION = re.compile(rb"\"[^\"]*\"|'[^']*'|\[|>")
_SUBSET = re.compile(rb"\"[^\"]*\"|'[^']*'|<!--|\]")
_SPACE = re.compile(rb"[\s\xef\xbb\xbf]*")
_ROOT = re.compile(rb"<(?:%b:)?(%b)" % (_NAME, _NAME))
_TEXT, _PROLOG, _DOCTYPE, _START, _EMPTY, _END = range(6)


class Document:
    """The items of a file: its elements called one of ``names``, with the namespace prefix of the first of them.

    What stands in front of the first item is complete when that is there: declarations and comments in ``prolog``,
    everything else in ``head``; document types, also later ones, in ``doctypes``; at most MAX_HEAD bytes each.
    Elements called so inside an item are part of it where ``nests``; else they show that its end tag is missing.
    ``is_cut``, once all items have been read, says whether the root's end tag is missing.
    """

    def __init__(self, stream: Stream, names: tuple[str, ...], limit: int, nests: bool = False) -> None:
        wanted = b"|".join(name.encode() for name in names)
        self._token = re.compile(
            rb"<!\[CDATA\[|<!--|<\?|<!DOCTYPE|(?P<slash></?)(?P<name>(?:%b:)?(?:%b))(?=[\s/>])" % (_NAME, wanted)
        )
        self._stream = stream
        self._limit = limit
        self._nests = nests
        self._tail = bytearray()
        self.prolog = bytearray()
        self.head = bytearray()
        self.doctypes = bytearray()
        self.is_cut = False

    def items(self) -> Iterator[Item]:
        """The items in order; never raises, and holds no more than one of them."""
        item: Collector | None = None
        prefix: bytes | None = None
        opened, depth = b"", 0
        for kind, name, data in self._tokens():
            if kind >= _START and prefix not in (None, name.rpartition(b":")[0]):
                kind = _TEXT  # another vocabulary's element of the same name
            if item is None and kind not in (_START, _EMPTY):
                self._outside(kind, data, is_first=prefix is None)
                continue
            if item is not None and kind in (_START, _EMPTY) and not self._nests:
                yield item.item(is_cut=True)
                item = None
            if item is None:
                item, opened, depth = Collector(self._limit), name, 0
                prefix = name.rpartition(b":")[0]
            item.add(data)
            depth += (name == opened) * ((kind == _START) - (kind == _END))
            if depth == 0 and kind in (_EMPTY, _END) and name == opened:
                yield item.item()
                item = None
                self._tail.clear()
        if item is not None:
            yield item.item(is_cut=True)
        else:
            self.is_cut = self._lacks_end(is_empty=prefix is None)

    def _outside(self, kind: int, data: bytes, is_first: bool) -> None:
        if kind == _DOCTYPE:
            self.doctypes += data[: MAX_HEAD - len(self.doctypes)]
        elif is_first:
            kept = self.prolog if kind == _PROLOG else self.head
            kept += data[: MAX_HEAD - len(kept)]
        elif kind != _PROLOG:
            self._tail += data
            if len(self._tail) > 2 * MAX_TAG:
                del self._tail[:-MAX_TAG]

    def _lacks_end(self, is_empty: bool) -> bool:
        """Whether the root element, if it is none of the items itself, has no end tag."""
        head = bytes(self.head)
        root = _ROOT.search(head)
        if root is None:
            return False
        rest = head if is_empty else bytes(self._tail)
        end = re.compile(rb"</(?:%b:)?%b\s{0,99}>" % (_NAME, re.escape(root[1])))
        return not end.search(rest) and not (is_empty and _is_empty_tag(head, root.end()))

    def _tokens(self) -> Iterator[tuple[int, bytes, bytes]]:
        """All bytes of the file in pieces: kind, the item's name if it is a tag of one, bytes."""
        buffer, at, ended, closer = b"", 0, False, b""
        is_endless = False  # a document type had no end: no other is looked for, or a file of them would take forever
        while True:
            kind, name, end = _TEXT, b"", -1
            if closer:
                kind = _TEXT if closer == b"]]>" else _PROLOG
                found = buffer.find(closer, at)
                end = found + len(closer) if found >= 0 else -1
                safe = max(at, len(buffer) - len(closer) + 1)
            elif match := self._token.search(buffer, at):
                if match.start() > at:
                    yield _TEXT, b"", buffer[at : match.start()]
                    at = match.start()
                if match[0] in _CLOSERS:
                    closer = _CLOSERS[match[0]]
                    yield _TEXT if closer == b"]]>" else _PROLOG, b"", match[0]
                    at = match.end()
                    continue
                if match["name"] is None:
                    start = match.end()
                    kind, end = _DOCTYPE, start if is_endless else _doctype_end(buffer, start, ended)
                    is_endless = end == start
                else:
                    kind, name, end = _tag(buffer, match, ended)
                safe = at
            else:
                safe = max(at, len(buffer) - _LONGEST)
            if end >= 0:
                yield kind, name, buffer[at:end]
                at, closer = end, b""
                continue
            if ended:
                if at < len(buffer):
                    yield kind, b"", buffer[at:]
                return
            if safe > at:
                yield kind, b"", buffer[at:safe]
            chunk = self._stream.read()
            ended = not chunk
            buffer, at = buffer[safe:] + chunk, 0


def root_tag(head: bytes) -> tuple[str, str]:
    """Name and attributes of the root element at the start of a file; empty where no element stands there."""
    at = _end_of_space(head, 0)
    while opener := next((o for o in (*_CLOSERS, b"<!DOCTYPE") if head.startswith(o, at)), b""):
        if opener in _CLOSERS:
            closed = head.find(_CLOSERS[opener], at + len(opener))
            at = closed + len(_CLOSERS[opener]) if closed >= 0 else len(head)
        else:
            start = at + len(opener)
            at = _doctype_end(head, start, ended=True)
            if at == start:  # it has no end
                return "", ""
        at = _end_of_space(head, at)
    match = _ROOT.match(head, at)
    if match is None:
        return "", ""
    rest = _TAG_REST.match(head, match.end(), match.end() + MAX_TAG)
    return match[1].decode(), rest[0].decode("utf-8", "replace") if rest else ""


def _end_of_space(head: bytes, at: int) -> int:
    match = _SPACE.match(head, at)
    return match.end() if match else at


def _tag(buffer: bytes, match: re.Match[bytes], ended: bool) -> tuple[int, bytes, int]:
    """Kind, name and end of a tag that starts here; end -1 where more must be read to tell."""
    name = match["name"]
    rest = _TAG_REST.match(buffer, match.end(), match.end() + MAX_TAG)
    if rest is None:
        limit = match.end() + MAX_TAG
        if not ended and len(buffer) < limit and buffer.find(b"<", match.end()) < 0:
            return _TEXT, b"", -1
        end = match.end()  # it is broken, which the parser will say
    else:
        end = rest.end()
    if match["slash"] == b"</":
        return _END, name, end
    return _EMPTY if buffer[end - 2 : end] == b"/>" else _START, name, end


def _doctype_end(buffer: bytes, start: int, ended: bool) -> int:
    """The end of a document type with its internal subset; -1 where more must be read, ``start`` where it has none."""
    at, limit, in_subset = start, start + MAX_HEAD, False
    while match := (_SUBSET if in_subset else _DECLARATION).search(buffer, at, limit):
        at = match.end()
        if match[0] == b">":
            return at
        if match[0] in (b"[", b"]"):
            in_subset = not in_subset
        elif match[0] == b"<!--":
            closed = buffer.find(b"-->", at, limit)
            if closed < 0:
                break
            at = closed + 3
    return start if ended or len(buffer) >= limit else -1


def _is_empty_tag(head: bytes, at: int) -> bool:
    rest = _TAG_REST.match(head, at, at + MAX_TAG)
    return rest is not None and head[rest.end() - 2 : rest.end()] == b"/>"
