"""Parts a table into rows while it streams by, and finds back to the rows behind a quotation mark gone wrong."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tasks.normalise.dates import is_date_line
from tasks.readers.compress import Stream
from tasks.readers.csvdialect import Dialect, QuoteTracker, split_row
from tasks.readers.lines import Line, newline_of, read_lines
from tasks.readers.mapping import Mapping, is_known
from tasks.readers.sniff import HEAD
from tasks.readers.source import Bytes, Measure

MAX_START = 64 * 1024  # bytes of a line in which the start of a row is looked for
MAX_DATE = 40  # characters of a date in a cell


@dataclass(slots=True)
class Row:
    """A row's bytes and the line it starts in.

    ``data`` is None where there is no row to split: it is larger than the limit (``is_lost`` False), or the bytes up
    to the next row that could be found cannot be told apart into rows (``is_lost`` True).
    """

    line: int
    data: bytes | None
    raw: Bytes
    is_lost: bool = False


class Rows:
    """The rows of a table from its header on, blank lines left out; none is held in memory beyond the limit.

    A row is broken where a closing quotation mark is followed by text in a later line, or where one never closes. Then
    the next row is the next line with an address or a date in the column of addresses or dates; what lies between is
    one lost stretch.
    """

    def __init__(self, stream: Stream, dialect: Dialect, limit: int) -> None:
        self._stream = stream
        self._dialect = dialect
        self._limit = limit
        self._lines = read_lines(stream, newline_of(stream.peek(HEAD)), limit)
        self._again: deque[Line] = deque()  # lines of a broken row, to be read once more
        self._url_columns: list[int] = []
        self._date_columns: list[int] = []
        self._n_columns = 0

    def set_header(self, names: list[str], mapping: Mapping | None) -> None:
        """Says which columns show the start of a row."""
        self._n_columns = len(names)
        self._url_columns = [i for i, name in enumerate(names) if is_known(name, "url", mapping)]
        self._date_columns = [i for i, name in enumerate(names) if is_known(name, "published", mapping)]

    def __iter__(self) -> Iterator[Row]:
        for _ in range(self._dialect.n_preamble):
            self._next()
        while (line := self._next()) is not None:
            if line.oversize:
                yield Row(line.number, None, line.oversize)
            elif line.data.strip():
                yield from self._row(line)

    def _next(self) -> Line | None:
        return self._again.popleft() if self._again else next(self._lines, None)

    def _row(self, first: Line) -> Iterator[Row]:
        """The row that starts in a line, or the stretch that is lost with it."""
        tracker = QuoteTracker(self._dialect)
        tracker.add(first.data)
        lines = [first]
        size = len(first.data)
        while tracker.is_open and size <= self._limit:
            line = self._next()
            if line is None:
                break
            if line.oversize:
                yield self._lost(lines, line.oversize)
                return
            lines.append(line)
            tracker.add(line.data)
            size += len(line.data)
        if tracker.is_open and self._stream.problem and self._stream.problem.cut:
            return  # the row ends where the data does; the loss is reported as the data's
        if not tracker.is_open and not (tracker.is_broken and len(lines) > 1):
            data = b"".join(line.data for line in lines)
            yield Row(first.number, data if size <= self._limit else None, Bytes.of(data))
        elif size > self._limit and not tracker.is_broken:
            yield self._oversize(lines, tracker)
        else:
            yield self._resume(lines)

    def _oversize(self, lines: list[Line], tracker: QuoteTracker) -> Row:
        """Reads a row that has outgrown the limit to its end without keeping it."""
        measure = _measured(lines)
        while tracker.is_open and (line := self._next()) is not None:
            if line.oversize:
                break
            tracker.add(line.data)
            measure.add(line.data)
        return Row(lines[0].number, None, measure.result(), is_lost=tracker.is_open)

    def _resume(self, lines: list[Line]) -> Row:
        """Passes over lines up to one that starts a row."""
        self._again.extendleft(reversed(lines[1:]))
        measure = _measured(lines[:1])
        while (line := self._next()) is not None:
            if line.oversize is None and self._starts_row(line.data):
                self._again.appendleft(line)
                break
            measure.add(line.oversize.head if line.oversize else line.data)
        return Row(lines[0].number, None, measure.result(), is_lost=True)

    def _lost(self, lines: list[Line], oversize: Bytes) -> Row:
        measure = _measured(lines)
        measure.add(oversize.head)
        return Row(lines[0].number, None, measure.result(), is_lost=True)

    def _starts_row(self, data: bytes) -> bool:
        if len(data) > MAX_START:
            return False
        cells = split_row(data.decode("utf-8", "replace"), self._dialect)
        if not 1 < len(cells) <= self._n_columns:
            return False
        urls = (cells[i] for i in self._url_columns if i < len(cells))
        dates = (cells[i].strip() for i in self._date_columns if i < len(cells))
        return any(u.lower().startswith(("http://", "https://")) for u in urls) or any(
            len(d) <= MAX_DATE and is_date_line(d) for d in dates
        )


def _measured(lines: Iterable[Line]) -> Measure:
    measure = Measure()
    for line in lines:
        measure.add(line.data)
    return measure
