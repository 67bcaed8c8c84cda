"""Cleans text: Unicode NFC, no control or invisible characters, plain spaces, repaired mojibake, whole paragraphs."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from typing import Any

import ftfy

PARAGRAPH_BREAK = "\n\n"
MAX_MARKS = (
    30  # combining marks in a row, as in Unicode's stream-safe format: more are hostile, and slow to put in order
)
WRAPPED_WIDTH = 100  # characters; text whose lines are all shorter may have been wrapped

_EXCEL_RETURN = "_x000D_"  # how a carriage return stands in Excel's files, and in what some programs make of them
_TERMINAL = re.compile(r"\x1b\[[0-9;?]{0,20}[@-~]|\x1b[@-_]?")
# C1 controls are what Windows-1252 text looks like when it is read as Latin-1.
_C1 = {0x80 + i: c for i, c in enumerate(bytes(range(0x80, 0xA0)).decode("cp1252", "replace")) if c != "\ufffd"}
_INVISIBLE = (
    [c for c in range(0x20) if chr(c) not in "\t\n\x0b\x0c\r"]
    + list(range(0x7F, 0xA0))
    + [0xAD, 0x34F, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0xFEFF, 0xFFFE, 0xFFFF]
    + [*range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFFF9, 0xFFFD), *range(0xE0000, 0xE0080)]
)
_REPLACED = str.maketrans(
    dict.fromkeys(map(chr, _INVISIBLE), "")
    | {chr(code): character for code, character in _C1.items()}
    | {"\u2028": "\n", "\u2029": PARAGRAPH_BREAK, "\r": "\n", "\x0b": " ", "\x0c": " "}
)
_REPLACED_SET = frozenset(map(chr, _REPLACED))
CONTROLS = frozenset(chr(c) for c in (*range(0x20), 0x7F) if chr(c) not in "\t\n\x0b\x0c\r")
C1 = frozenset(map(chr, _C1))
BIDI = frozenset(map(chr, (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_MARKS = frozenset(c for c in map(chr, range(0x300, 0x1E94B)) if unicodedata.combining(c))
_MARK_RUN = re.compile("([{0}]{{{1}}})[{0}]+".format("".join(sorted(_MARKS)), MAX_MARKS))
# Joiners shape letters in Indic and Arabic scripts and join emoji; elsewhere they are invisible noise.
_JOINERS = re.compile(r"(?<![\u0600-\u1fff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]")
# UTF-8 read as another encoding: a lead byte's character, then a continuation byte's.
_MOJIBAKE = re.compile(r"[\u00c2-\u00f4][\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]|[вРС][Ђ°‚„€™]|‚Ä|Γ[ÇÖ]|ÔÇ")
_ENTITY = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_TAG = re.compile(
    r"</(?:a|abbr|article|aside|b|blockquote|center|cite|code|div|em|figcaption|figure|font|footer|h[1-6]|header|i|li|mark|ol"
    r"|p|pre|s|script|section|small|span|strong|style|sub|sup|table|td|th|tr|tt|u|ul)\s{0,9}>"
    r"|<(?:br|p|hr|img)(?:\s[^<>]{0,500})?/?>",
    re.I,
)
# Tags that part paragraphs, and tags over several lines, which must not be parted.
_BLOCK = re.compile(
    r"</?(?:article|blockquote|br|center|dd|div|dl|dt|h[1-6]|header|footer|hr|li|ol|p|pre|section|table|td|tr|ul)\b|<[^<>\n]{0,500}\n",
    re.I,
)
# Line breaks that were written as in a program, and the characters that are written so with them.
_ESCAPED_BREAK = re.compile(r"[.!?…”\"’»)\]]\s{0,2}(?:\\r)?\\n")
_ESCAPED = re.compile(r"\\(?:r\\n|[nrt\"'\\/])")
_IDEOGRAPHIC_SPACE = "\u3000"
_BLANK_LINE = re.compile(r"\n[ \t\u00a0\u3000]*(?=\n)")
_SENTENCE_END = tuple('.!?…”"’»“:;)]。！？」')
_CJK = re.compile(r"[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def clean_characters(text: str) -> str:
    """NFC without control, escape, invisible and bidirectional characters or lone surrogates; line ends are ``\\n``."""
    if _EXCEL_RETURN in text:
        text = text.replace(_EXCEL_RETURN, "\r")
    found = set(text)
    if any("\ud800" <= c <= "\udfff" for c in found):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    if "\x1b" in found:
        text = _TERMINAL.sub("", text)
    if "\r" in found:
        text = text.replace("\r\n", "\n")
    if not _REPLACED_SET.isdisjoint(found):
        text = text.translate(_REPLACED)
    if "\u200c" in found or "\u200d" in found:
        text = _JOINERS.sub("", text)
    if not _MARKS.isdisjoint(found):
        text = _MARK_RUN.sub(r"\1", text)
    return unicodedata.normalize("NFC", text)


def repair_mojibake(text: str) -> str:
    """Undoes wrong decoding («â€™» for «’») where it clearly happened; leaves everything else as it is."""
    return ftfy.fix_encoding(text) if _MOJIBAKE.search(text) else text


def resolve_escapes(text: str) -> str:
    """Puts line breaks in place of `\\n` in a text that has no other, where one stands behind the end of a sentence."""
    if "\n" in text or not _ESCAPED_BREAK.search(text):
        return text
    return _ESCAPED.sub(
        lambda match: "\n" if match[0][-1] in "nr" else " " if match[0][1] == "t" else match[0][1], text
    )


def resolve_entities(text: str) -> str:
    """Resolves HTML entities, also where they were escaped twice (`&amp;amp;`)."""
    for _ in range(3):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return text


def holds_html(text: str) -> bool:
    """Whether text that is said to be plain plainly holds HTML tags."""
    return _TAG.search(text) is not None


def holds_blocks(text: str) -> bool:
    """Whether a text in HTML has tags that part its paragraphs, so that line breaks don't."""
    return _BLOCK.search(text) is not None


def fold_spaces(text: str) -> str:
    """White space of any kind folded to single spaces."""
    return " ".join(text.split())


def clean_line(value: Any) -> str | None:
    """A field of one line (title, section, name) cleaned: no tags, entities or line breaks; None if nothing is left."""
    if not isinstance(value, str):
        return None
    text = resolve_entities(repair_mojibake(value))
    if "<" in text:
        text = _INLINE_TAG.sub("", text)
    return fold_spaces(clean_characters(text)) or None


_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|em|font|i|mark|p|q|s|small|span|strong|sub|sup|u|h[1-6])(?:\s[^<>]{0,500})?/?>", re.I
)


def split_paragraphs(text: str) -> list[str]:
    """Paragraphs of plain text: parted by blank lines, and by line breaks unless the lines were wrapped to a width.

    Lines count as wrapped where none of a block is longer than WRAPPED_WIDTH; then a line break ends a paragraph only
    behind a sentence's end that stands well short of the block's width, or in front of the indent of a full character
    that Chinese and Japanese texts open their paragraphs with.
    """
    paragraphs: list[str] = []
    for block in _BLANK_LINE.sub("\n", text).split(PARAGRAPH_BREAK):
        lines = [(fold_spaces(line), line.startswith(_IDEOGRAPHIC_SPACE)) for line in block.split("\n")]
        width = max(len(line) for line, _ in lines)
        current: list[str] = []
        for line, is_indented in lines:
            if not line:
                continue
            if is_indented and current:
                paragraphs.append(" ".join(current))
                current = []
            current.append(line)
            if width > WRAPPED_WIDTH or (line.endswith(_SENTENCE_END) and len(line) < 0.75 * width):
                paragraphs.append(" ".join(current))
                current = []
        if current:
            paragraphs.append(" ".join(current))
    return paragraphs


def count_words(text: str) -> int:
    """Words: runs without white space that hold a letter or digit; in Chinese and Japanese, every character is one."""
    n_cjk = 0
    if not text.isascii():
        text, n_cjk = _CJK.subn(" ", text)
    return n_cjk + sum(1 for word in text.split() if word.isalnum() or any(map(str.isalnum, word)))


def content_digest(text: str) -> str:
    """SHA-256, in hex, of the text in NFKC with case and white space folded: equal for copies with the same words."""
    folded = fold_spaces(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()))
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()
