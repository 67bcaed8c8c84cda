"""Bytes to text: byte order marks, UTF-16 and UTF-32 without one, UTF-8, and Windows-1252 where it is plausible.

No text is ever made up: bytes that fit none of these are refused, not replaced.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 4096
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\v\f\r\x1b") + b"\x7f"
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTER = re.compile(rb"[A-Za-z]")
# Undefined in Windows-1252, or hardly ever seen in running text.
_NOT_1252 = re.compile(rb"[\x81\x83\x88\x8d\x8f\x90\x98\x9d\xa4\xa6\xac\xad\xaf\xb8\xd7\xf7\xff]")
_CAPITAL_INSIDE = re.compile(rb"[a-z][\x8a\x8c\x8e\xc0-\xde]|[\xc0-\xde][A-Z][a-z]")
# Halves of characters, each encoded as if it were one: CESU-8, as Java and some databases write it.
_HALVES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_JIS = re.compile(rb"\x1b\$[@B]")  # from here on two bytes are a character, up to the next escape


def detect(head: bytes) -> tuple[str, int]:
    """Encoding that the first bytes of a file show, and the length of its byte order mark.

    "utf-8" also stands for "no sign of another": `decode` and `LineDecoder` then look at the bytes themselves.
    """
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding, len(bom)
    return _wide(head[:_SAMPLE]) or "utf-8", 0


def _wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 by where the zero bytes stand."""
    sample = sample[: len(sample) // 4 * 4] or sample[: len(sample) // 2 * 2]
    zeros = [sample[i::4].count(0) for i in range(4)]
    quarter = max(1, len(sample) // 4)
    if len(sample) >= 8:
        if zeros[3] == quarter and zeros[2] > quarter * 0.9 and zeros[0] < quarter * 0.1:
            return "utf-32-le"
        if zeros[0] == quarter and zeros[1] > quarter * 0.9 and zeros[3] < quarter * 0.1:
            return "utf-32-be"
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    for encoding, many, few in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if many > len(sample) * 0.05 and few * 20 <= many and _is_prose(sample, encoding):
            return encoding
    return None


def _is_prose(sample: bytes, encoding: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeError:
        return False
    return sum(c.isprintable() or c.isspace() for c in text) > len(text) * 0.9


def is_binary(head: bytes) -> bool:
    """True where the first bytes of a file (8-bit or UTF-8) are no text: too many control characters."""
    head = head.strip(b"\0")  # what fills up a file to a size that was set aside for it
    n_controls = len(head) - len(head.translate(None, _CONTROLS))
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return n_controls > len(head) * 0.01
    return n_controls > len(head) * 0.1


def is_plausible_1252(data: bytes) -> bool:
    """True where bytes that are not UTF-8 read as Western European text in Windows-1252.

    The test is against other alphabets (too many high bytes), other Western encodings (capitals inside words), and
    damaged or mixed UTF-8 (characters that are valid UTF-8 beside bytes that are not).
    """
    if _NOT_1252.search(data):
        return False
    n_high = len(_HIGH.findall(data))
    if n_high > 2 + len(_LETTER.findall(data)) // 5:
        return False
    if len(_CAPITAL_INSIDE.findall(data)) > n_high // 10:
        return False
    text = data.decode("utf-8", "surrogateescape")
    n_foreign = sum("\udc80" <= c <= "\udcff" for c in text)
    n_valid = sum(c > "\x7f" for c in text) - n_foreign
    return n_valid * 10 <= n_foreign


def decode(data: bytes) -> str | None:
    """The text of a whole file, without its byte order mark; None where no encoding can be established."""
    encoding, bom = detect(data)
    if encoding == "utf-8" and _JIS.search(data):
        encoding = "iso2022_jp"
    try:
        return _joined(data[bom:]).decode(encoding)
    except UnicodeDecodeError:
        if bom == 0 and encoding == "utf-8" and is_plausible_1252(data):
            return data.decode("cp1252")
        return None


def _joined(data: bytes) -> bytes:
    """The bytes with the halves of a character put together, where they are UTF-8 otherwise."""

    def whole(match: re.Match[bytes]) -> bytes:
        halves = match[0].decode("utf-8", "surrogatepass")
        return halves.encode("utf-16", "surrogatepass").decode("utf-16").encode()

    return _HALVES.sub(whole, data)


class LineDecoder:
    """Decodes the lines of one file: the first line with other than ASCII decides whether Windows-1252 may occur."""

    def __init__(self, is_legacy: bool | None = None) -> None:
        self.is_legacy = is_legacy  # None until that line has come

    def decode(self, line: bytes) -> str | None:
        """The text, or None where it is neither UTF-8 nor what earlier lines allow."""
        try:
            text = _joined(line).decode("utf-8")
        except UnicodeDecodeError:
            if self.is_legacy is None:
                self.is_legacy = is_plausible_1252(line)
            return line.decode("cp1252") if self.is_legacy and is_plausible_1252(line) else None
        if self.is_legacy is None and not line.isascii():
            self.is_legacy = False
        return text
