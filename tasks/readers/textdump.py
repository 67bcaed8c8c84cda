"""Reads text dumps, one article a file: title, date, byline and credit in a line each, paragraphs, the address.

Everything but the first line is known by what it is, not by where it stands, and lines that are none of these are text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tasks.normalise.markup import markdown_paragraph
from tasks.readers.compress import Stream
from tasks.readers.decode import decode
from tasks.readers.items import read_whole
from tasks.readers.options import ReadOptions
from tasks.readers.source import Source
from tasks.readers.textheader import Dump, is_credit_line, take_header
from tasks.records import RawRecord, Rejection

MAX_RELATED = 1_000  # links
SAMPLE = 20_000  # characters whose words are measured, where there are more than MIN_WORDS
MIN_WORDS, MAX_WORD = 5, 25  # in characters, the average word of any language that is written in ASCII is far shorter
# Folders by whose names corpora sort their articles; any other folder says nothing about what is in it.
SECTIONS = frozenset((
    "arts", "ausland", "books", "business", "crime", "cultura", "culture", "deportes", "economia", "economy",
    "economía", "education", "entertainment", "environment", "fashion", "film", "finance", "food", "health",
    "inland", "kultur", "lifestyle", "local", "money", "music", "national", "opinion", "panorama", "politics",
    "politik", "politique", "política", "science", "society", "société", "sport", "sports", "tech", "technology",
    "theatre", "travel", "weather", "wirtschaft", "wissenschaft", "world", "économie",
))  # fmt: skip
MAX_URL_LINES = 6  # lines over which an address may be broken

_NEWLINE = re.compile(r"\r\n?|\n|\u2028|\u2029")
_OTHER_NEWLINES = dict.fromkeys(map(ord, "\v\f\x85"), "\n")  # where no usual one ends any line
_EDGES = " \t\v\f\u00a0\u200b\ufeff"
_RULE = re.compile(r"(?:[-_*=~–—•·] ?){3,200}")  # a line that only parts what stands above from what stands below
_MARK = r"[*_]{0,2}\s{0,3}[:：][*_]{0,2}\s{0,3}"  # a colon, perhaps in Markdown's bold or italics
_URL_LABEL = re.compile(
    r"[\W_]{0,4}(?:original(?: article)?(?: url| link| source)?|source url|article url|canonical url|permalink)"
    + _MARK,
    re.I,
)
_BARE_URL_LABEL = re.compile(r"original (?:url|link)", re.I)
_SHORT_URL_LABEL = re.compile(r"(?:url|link|source)\s{0,3}:\s{0,3}(?=<?(?:https?://|www\.))", re.I)
_LINKED_URL = re.compile(r"\[[^\[\]]{0,200}\]\((https?://[^\s()]{1,2048})\)")
_RELATED_LABEL = re.compile(
    r"[\W_]{0,4}(?:related(?: (?:articles?|stor(?:y|ies)|news|links?|content|coverage|posts?|reading))?"
    r"|read (?:also|more|next)|also read|see also|more on this(?: story)?|more|lesen sie auch|mehr zum thema"
    r"|(?:à )?lire aussi|lea también|leggi anche|читайте также)" + _MARK,
    re.I,
)
_BULLET = re.compile(r"\s{0,8}(?:[-*•–—►▶»>]|\d{1,2}[.)])\s{1,4}")


def read_textdump(stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
    """The one record of a text dump; nothing where the stream is cut off, which its reader reports."""
    whole = read_whole(stream, options.max_record_bytes)
    if whole.is_cut:
        return
    if whole.is_oversize:
        reason = f"The file has {whole.raw.size:,} bytes; the limit for one article is {options.max_record_bytes:,}."
        yield source.reject("oversize_record", reason, whole.raw)
        return
    text = decode(whole.data)
    if text is None:
        reason = "The bytes are neither UTF-8, UTF-16 or UTF-32 nor Windows-1252 text."
        yield source.reject("undecodable_text", reason, whole.raw)
        return
    if length := _length_of_words(text):
        reason = f"The file holds no running text: its words have {length} characters on average."
        yield source.reject("no_article", reason, whole.raw)
        return
    fields = parse_dump(text)
    folder = source.name.rpartition("/")[0].rpartition("/")[2]
    if folder.casefold() in SECTIONS:
        fields["section"] = folder
    yield source.record(fields, whole.raw)


def _length_of_words(text: str) -> int:
    """The average length of the words where it is that of no language, but of encoded data or a list; else 0."""
    words = text[:SAMPLE].split()
    length = sum(map(len, words)) // max(1, len(words))
    return length if text.isascii() and len(words) > MIN_WORDS and length > MAX_WORD else 0


def parse_dump(text: str) -> dict[str, Any]:
    """The fields of a text dump. A part that is missing is left out: the title, too, where a date stands first."""
    if "\n" not in text and "\r" not in text:
        text = text.translate(_OTHER_NEWLINES)
    lines = [line.strip(_EDGES) for line in _NEWLINE.split(text)]
    lines = ["" if _RULE.fullmatch(line) else line for line in lines]
    dump = Dump()
    _take_url(lines, dump)
    _take_related(lines, dump)
    start = take_header(lines, dump)
    body = _take_credits(lines[start:], dump)
    fields = dump.fields
    if any(body):
        fields["text"] = "\n".join(body).strip("\n")
        fields["markup"] = "markdown"
    if dump.bylines:
        fields["byline"] = "; ".join(dump.bylines)
    if dump.credits:
        fields["credit"] = "; ".join(dict.fromkeys(dump.credits))
    if dump.related:
        fields["related"] = dump.related
    if "published" in fields:
        fields["published_origin"] = "byline"
    return fields


def _take_url(lines: list[str], dump: Dump) -> None:
    """Takes out every «Original url:» with the address in the same line or the next ones."""
    for at in range(len(lines)):
        line = lines[at]
        match = _URL_LABEL.match(line) or _SHORT_URL_LABEL.match(line) or _BARE_URL_LABEL.fullmatch(line)
        if not match and (linked := _LINKED_URL.fullmatch(line)) and _URL_LABEL.match(line[1:].split("]")[0] + ":"):
            lines[at] = ""
            dump.fields["url"] = linked[1]
            continue
        if not match:
            continue
        rest, n = _address(lines, at, line[match.end() :])
        if rest is None:
            continue
        lines[at : at + n] = [""] * n
        if rest:
            dump.fields["url"] = rest


def _address(lines: list[str], at: int, rest: str) -> tuple[str | None, int]:
    """The address behind a label, and how many lines both take up; None where something else stands there."""
    first = at
    if not rest:
        first = next((i for i in range(at + 1, min(at + 4, len(lines))) if lines[i]), at)
        rest = lines[first] if first > at else ""
    if not rest:
        return "", 1
    if linked := _LINKED_URL.fullmatch(rest):
        return linked[1], first - at + 1
    if rest.startswith("<"):
        for last in range(first, min(first + MAX_URL_LINES, len(lines))):
            joined = "".join([rest, *lines[first + 1 : last + 1]])
            if ">" in joined:
                return joined[1 : joined.index(">")].strip(), last - at + 1
        return rest[1:].strip(), first - at + 1
    if re.match(r"https?:|www\.|/|#", rest, re.I) and " " not in rest:
        return rest, first - at + 1
    return ("", 1) if first > at else (None, 0)


def _take_related(lines: list[str], dump: Dump) -> None:
    """Takes out the pointers to other articles: a label with links behind it, or in the lines below it."""
    in_list = False
    for at, line in enumerate(lines):
        if not line:
            continue
        match = _RELATED_LABEL.match(line)
        rest = line[match.end() :] if match else line
        links = _links(_BULLET.sub("", rest, count=1)) if match or in_list else None
        if links is None and match and rest and re.match("related article", line, re.I) and len(rest) < 200:
            links = [{"anchor": rest, "url": ""}]
        if links is not None:
            dump.related += links[: MAX_RELATED - len(dump.related)]
            lines[at] = ""
        elif match and not rest and _links_follow(lines, at + 1):
            lines[at] = ""
            in_list = True
            continue
        in_list = in_list and links is not None


def _links_follow(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 4] if line), "")
    return _links(_BULLET.sub("", following, count=1)) is not None


def _links(text: str) -> list[dict[str, str]] | None:
    """The Markdown links of a line that holds nothing else; None where it holds more, or none."""
    if "](" not in text:
        return None
    paragraph = markdown_paragraph(text)
    if paragraph is None or not paragraph.links:
        return None
    rest = paragraph.text
    for link in reversed(paragraph.links):
        rest = rest[: link.start] + rest[link.end :]
    if rest.strip(" ,;|/•·-–—.*_"):
        return None
    return [{"anchor": paragraph.text[link.start : link.end], "url": link.url} for link in paragraph.links]


def _take_credits(lines: list[str], dump: Dump) -> list[str]:
    """Takes out the picture credits that stand between paragraphs."""
    kept = []
    for at, line in enumerate(lines):
        alone = not (lines[at - 1] if at else "") and not (lines[at + 1] if at + 1 < len(lines) else "")
        if line and alone and is_credit_line(line):
            dump.credits.append(line)
            kept.append("")
        else:
            kept.append(line)
    return kept
