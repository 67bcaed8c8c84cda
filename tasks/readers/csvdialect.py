"""How a table is written: its delimiter, quotation mark and header, found from its first rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.readers.mapping import Mapping, is_known

DELIMITERS = (",", ";", "\t", "|")
MAX_HEADER = 16 * 1024  # characters in which the header must stand
MAX_NAME = 80  # characters of a column's name
_SEP_LINE = re.compile(r'"?sep=(.)"?[ \t]*\r?\n', re.I)


@dataclass(frozen=True, slots=True)
class Dialect:
    """Delimiter and quotation mark of a table, and whether its first line is Excel's `sep=;`."""

    delimiter: str = ","
    quotechar: str = '"'
    has_sep_line: bool = False


def split_row(text: str, dialect: Dialect) -> list[str]:
    """The cells of one row; a quotation mark doubled stands for itself, and one inside an unquoted cell is literal."""
    delimiter, quote = dialect.delimiter, dialect.quotechar
    opening = _opening(quote)
    cells: list[str] = []
    at = 0
    while True:
        cell = ""
        if match := opening.match(text, at):
            cell, at = _quoted(text, match.end(), quote)
        end = text.find(delimiter, at)
        cells.append(cell + text[at : end if end >= 0 else len(text)])
        if end < 0:
            return cells
        at = end + len(delimiter)


def _opening(quote: str) -> re.Pattern[str]:
    return re.compile(" *" + re.escape(quote))


def _quoted(text: str, at: int, quote: str) -> tuple[str, int]:
    """The content of a quoted cell that starts at ``at``, and the place behind its closing mark."""
    parts: list[str] = []
    while True:
        end = text.find(quote, at)
        if end < 0:
            return "".join((*parts, text[at:])), len(text)
        parts.append(text[at:end])
        at = end + 1
        if not text.startswith(quote, at):
            return "".join(parts), at
        parts.append(quote)
        at += 1


class QuoteTracker:
    """Follows the quotation marks of a row over its lines (bytes, in an encoding that holds ASCII)."""

    def __init__(self, dialect: Dialect) -> None:
        self._delimiter = dialect.delimiter.encode()
        self._quote = dialect.quotechar.encode()
        self._opening = re.compile(b" *" + re.escape(self._quote))
        self.is_open = False
        self.is_broken = False  # text stands behind a closing mark

    def add(self, line: bytes) -> None:
        """Reads one more line; then ``is_open`` says whether the row goes on in the next."""
        at = 0
        if not self.is_open:
            self.is_open, at = self._open(line, 0)
        while True:
            if self.is_open:
                end = line.find(self._quote, at)
                if end < 0:
                    return
                at = end + len(self._quote)
                if line.startswith(self._quote, at):
                    at += len(self._quote)
                    continue
                self.is_open = False
                rest = line[at : at + len(self._delimiter)]
                self.is_broken |= bool(rest.strip()) and rest != self._delimiter
            end = line.find(self._delimiter, at)
            if end < 0:
                return
            self.is_open, at = self._open(line, end + len(self._delimiter))

    def _open(self, line: bytes, at: int) -> tuple[bool, int]:
        match = self._opening.match(line, at)
        return (True, match.end()) if match else (False, at)


def find_dialect(head: str, mapping: Mapping | None = None) -> Dialect:
    """The dialect under which the first row names most known columns, then has most cells; a mapping's word counts."""
    sep = _SEP_LINE.match(head)
    line = _first_line(head[sep.end() :] if sep else head)
    quote = mapping.quotechar if mapping else None
    if quote is None:
        quote = "'" if line.startswith("'") else '"'
    own = mapping.delimiter if mapping else None
    candidates = (own,) if own else (sep[1],) if sep else DELIMITERS
    dialects = [Dialect(delimiter, quote, sep is not None) for delimiter in candidates]
    return max(dialects, key=lambda d: _rank(split_row(line, d), mapping))


def _rank(names: list[str], mapping: Mapping | None) -> tuple[int, int]:
    return sum(is_known(name.strip(), target, mapping) for name in names for target in ("title", "text")), len(names)


def has_known_header(text: str) -> bool:
    """Whether the first line names a title and a text among at least two columns, as only a table's header does."""
    dialect = find_dialect(text)
    names = [name.strip() for name in split_row(_first_line(text), dialect)]
    if len(names) < 2 or any(len(name) > MAX_NAME for name in names):
        return False
    return any(is_known(n, "title") for n in names) and any(is_known(n, "text") for n in names)


def _first_line(text: str) -> str:
    """The first line that holds something, within the bounds of a header."""
    start = text[: 2 * MAX_HEADER].lstrip("\r\n")[:MAX_HEADER]
    return re.split(r"[\r\n]", start, maxsplit=1)[0]
