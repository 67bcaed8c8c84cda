"""How a table is written: its delimiter, quotation mark, escapes and header, found from its first rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import AnyStr

from tasks.readers.mapping import Mapping, is_known

DELIMITERS = (",", ";", "\t", "|", "\x01", "\x1f", "^", "~")
QUOTES = ('"', "'")
ESCAPE = "\\"
MAX_HEADER = 16 * 1024  # characters in which the header must stand
MAX_NAME = 80  # characters of a column's name
MAX_PREAMBLE = 30  # lines above the header
SAMPLE_ROWS = 20
_SEP_LINE = re.compile(r'"?sep=(.)"?[ \t]*\Z', re.I)
_COMMENTS = ("#", "//", "--", "%")
_NEWLINE = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written.

    In a quoted cell a quotation mark is doubled, or stands behind ``escape`` where there is one; so does a delimiter in
    a cell without marks. ``n_preamble`` lines stand above the header: comments, titles, Excel's `sep=;`.
    """

    delimiter: str = ","
    quotechar: str = '"'
    escape: str = ""
    n_preamble: int = 0


def split_row(text: str, dialect: Dialect) -> list[str]:
    """The cells of one row; a quotation mark doubled stands for itself, and one inside an unquoted cell is literal."""
    delimiter, quote = dialect.delimiter, dialect.quotechar
    opening = _opening(quote)
    cells: list[str] = []
    at = 0
    while True:
        start, cell = at, ""
        if match := opening.match(text, at):
            cell, at = _quoted(text, match.end(), quote, dialect.escape)
        end = _find(text, delimiter, at, dialect.escape)
        rest = text[at : end if end >= 0 else len(text)]
        if dialect.escape and start == at:
            rest = _unescaped(rest, dialect)
        # Text behind the closing mark: the marks are the cell's own, as in a table that is written without any.
        cells.append(text[start:at] + rest if rest.strip() else cell or rest)
        if end < 0:
            return cells
        at = end + len(delimiter)


def _find(text: AnyStr, delimiter: AnyStr, at: int, escape: AnyStr) -> int:
    """The place of the next delimiter, -1 where there is none; behind an odd number of escapes it is the cell's own."""
    end = text.find(delimiter, at)
    while escape and end > at:
        start = end
        while start > at and text[start - 1 : start] == escape:
            start -= 1
        if (end - start) % 2 == 0:
            break
        end = text.find(delimiter, end + 1)
    return end


def _unescaped(cell: str, dialect: Dialect) -> str:
    """A cell without quotation marks, with what had to be escaped in it."""
    for mark in (dialect.delimiter, dialect.quotechar, dialect.escape):
        cell = cell.replace(dialect.escape + mark, mark)
    return cell


def _opening(quote: str) -> re.Pattern[str]:
    return re.compile(" *" + re.escape(quote))


def _quoted(text: str, at: int, quote: str, escape: str) -> tuple[str, int]:
    """The content of a quoted cell that starts at ``at``, and the place behind its closing mark."""
    parts: list[str] = []
    mark = re.compile(f"{re.escape(quote)}|{re.escape(escape)}" if escape else re.escape(quote))
    while match := mark.search(text, at):
        parts.append(text[at : match.start()])
        at = match.end()
        if escape and match[0] == escape:
            parts.append(text[at : at + 1])
        elif text.startswith(quote, at):
            parts.append(quote)
        else:
            return "".join(parts), at
        at += 1
    return "".join((*parts, text[at:])), len(text)


class QuoteTracker:
    """Follows the quotation marks of a row over its lines (bytes, in an encoding that holds ASCII)."""

    def __init__(self, dialect: Dialect) -> None:
        self._delimiter = dialect.delimiter.encode()
        self._quote = dialect.quotechar.encode()
        self._escape = dialect.escape.encode()
        self._opening = re.compile(b" *" + re.escape(self._quote))
        mark = re.escape(self._quote) + (b"|" + re.escape(self._escape) if self._escape else b"")
        self._mark = re.compile(mark)
        self.is_open = False
        self.is_broken = False  # text stands behind a closing mark

    def add(self, line: bytes) -> None:
        """Reads one more line; then ``is_open`` says whether the row goes on in the next."""
        at = 0
        if not self.is_open:
            self.is_open, at = self._open(line, 0)
        while True:
            if self.is_open:
                match = self._mark.search(line, at)
                if not match:
                    return
                at = match.end()
                if self._escape and match[0] == self._escape:
                    at += 1
                    continue
                if line.startswith(self._quote, at):
                    at += len(self._quote)
                    continue
                self.is_open = False
                rest = line[at : at + len(self._delimiter)]
                self.is_broken |= bool(rest.strip()) and rest != self._delimiter
            end = _find(line, self._delimiter, at, self._escape)
            if end < 0:
                return
            self.is_open, at = self._open(line, end + len(self._delimiter))

    def _open(self, line: bytes, at: int) -> tuple[bool, int]:
        match = self._opening.match(line, at)
        return (True, match.end()) if match else (False, at)


def find_dialect(head: str, mapping: Mapping | None = None) -> Dialect:
    """The dialect under which the header names most known columns and the rows fit it best; a mapping's word counts."""
    lines = _NEWLINE.split(head)
    own = mapping or Mapping()
    sep = _SEP_LINE.match(lines[0])
    delimiters = (own.delimiter,) if own.delimiter else (sep[1],) if sep else DELIMITERS
    quotes = (own.quotechar,) if own.quotechar else QUOTES
    if own.escapechar:
        escapes: tuple[str, ...] = (own.escapechar,)
    else:
        escapes = ("", ESCAPE) if any(ESCAPE + mark in head for mark in (*quotes, *delimiters)) else ("",)
    n_preamble = 1 if sep else _n_preamble(lines, delimiters, mapping)
    rows = lines[n_preamble:-1] or lines[n_preamble:]
    best, best_rank = Dialect(delimiters[0], quotes[0], escapes[0], n_preamble), (-1, -1.0, 0, -1)
    for delimiter in delimiters:
        for quote in quotes:
            for escape in escapes:
                dialect = replace(best, delimiter=delimiter, quotechar=quote, escape=escape)
                if (rank := _rank(rows, dialect, mapping)) > best_rank:
                    best, best_rank = dialect, rank
    return best


def _n_preamble(lines: list[str], delimiters: tuple[str, ...], mapping: Mapping | None) -> int:
    """The number of lines above the header: comments and blank lines; others, too, where a known header follows."""
    first = 0
    while first < len(lines) and (not lines[first].strip() or lines[first].startswith(_COMMENTS)):
        first += 1
    if mapping and mapping.header is False:
        return first
    for number, line in enumerate(lines[first : first + MAX_PREAMBLE], first):
        for delimiter in delimiters:
            if _names_article(line, delimiter, mapping):
                above = (split_row(above, Dialect(delimiter)) for above in lines[first:number])
                is_single = all(sum(bool(cell.strip()) for cell in cells) < 2 for cells in above)
                return number if is_single else first
    return first


def _names_article(line: str, delimiter: str, mapping: Mapping | None = None) -> bool:
    """Whether a line names a title and a text among at least two columns, as only a table's header does."""
    if delimiter not in line or line.find(delimiter) > MAX_NAME:
        return False
    names = [name.strip(" \"'") for name in line[:MAX_HEADER].split(delimiter)]
    if any(len(name) > MAX_NAME for name in names):
        return False
    return all(any(is_known(name, target, mapping) for name in names) for target in ("title", "text"))


def _rank(lines: list[str], dialect: Dialect, mapping: Mapping | None) -> tuple[int, float, int, int]:
    """Known names in the header, share of rows that are whole and as wide as most, fewest marks left, and the width."""
    widths, known, n_left = [], 0, 0
    n_columns = 0
    for number, cells in enumerate(islice(_rows(lines, dialect), SAMPLE_ROWS)):
        if number == 0:
            targets = ("title", "text")
            known = sum(is_known(name.strip(), target, mapping) for name in cells for target in targets)
            n_columns = len(cells)
        while len(cells) > n_columns and not cells[-1].strip():  # as they are let pass in a row
            cells.pop()
        widths.append(len(cells))
        n_left += sum(cell.startswith(QUOTES) + cell.endswith(QUOTES) for cell in cells)
    width = max(widths, key=widths.count, default=0)
    return known, (widths.count(width) / len(widths) if width > 1 else 0.0), -n_left, width


def _rows(lines: list[str], dialect: Dialect) -> Iterator[list[str]]:
    """The rows of a sample; no cells for one that is broken. The last is left out where it may go on."""
    parts: list[str] = []
    tracker = QuoteTracker(dialect)
    for line in lines:
        if not parts and not line.strip():
            continue
        parts.append(line)
        tracker.add(line.encode())
        if not tracker.is_open:
            yield [] if tracker.is_broken else split_row("\n".join(parts), dialect)
            parts, tracker = [], QuoteTracker(dialect)


def has_known_header(text: str) -> bool:
    """Whether the text starts with a header that names a title and a text."""
    lines = _NEWLINE.split(text[: 2 * MAX_HEADER])
    at = 1 if _SEP_LINE.match(lines[0]) else _n_preamble(lines, DELIMITERS, None)
    return any(_names_article(line, delimiter) for line in lines[at : at + 1] for delimiter in DELIMITERS)
