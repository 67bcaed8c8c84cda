"""The formats that are read: one line each for people, and the function that knows it, imported when it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from tasks.readers.compress import Stream
from tasks.readers.options import ReadOptions
from tasks.readers.source import Source
from tasks.records import RawRecord, Rejection


class Reader(Protocol):
    """Turns the bytes of one file, or of one member of an archive, into records and rejections, in order."""

    def __call__(self, stream: Stream, source: Source, options: ReadOptions) -> Iterator[RawRecord | Rejection]:
        """Never raises for what the stream holds, and holds no more of it in memory than one record."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name in articles.source_format, what it is, how its files are called, and who reads it.

    ``reader`` is `module:function` under tasks.readers. ``extra`` is the extra of this package that the reader needs,
    if any. ``is_text`` readers get UTF-8 without a byte order mark, whatever the file's encoding; others get the bytes
    as they are.
    """

    name: str
    what: str
    suffixes: tuple[str, ...]
    reader: str
    extra: str | None = None
    is_text: bool = False

    def load(self) -> Reader:
        """The reader; ModuleNotFoundError where a package of the extra is missing."""
        module, _, function = self.reader.partition(":")
        reader: Reader = getattr(import_module(f"tasks.readers.{module}"), function)
        return reader


_FORMATS = (
    Format("text_dump", "plain text, one article a file", (".txt", ".text", ".md"), "textdump:read_textdump"),
    Format(
        "jsonl",
        "JSON Lines, an article a line",
        (".jsonl", ".ndjson", ".jsonlines"),
        "jsonl:read_jsonl",
        is_text=True,
    ),
    Format(
        "json",
        "JSON: an array, an object, or a response that wraps a list of articles",
        (".json",),
        "jsonl:read_json",
        is_text=True,
    ),
    Format(
        "csv",
        "CSV, TSV and their like, an article a row",
        (".csv", ".tsv", ".tab", ".psv"),
        "csvfile:read_csv",
        is_text=True,
    ),
    Format("nitf", "NITF, an article a document", (".nitf",), "nitf:read_nitf", is_text=True),
    Format("newsml", "NewsML 1, with one or more news items", (), "newsml:read_newsml", is_text=True),
    Format("newsml_g2", "NewsML-G2, a message or an item", (), "newsmlg2:read_newsml_g2", is_text=True),
    Format("rss", "RSS 0.9 to 2.0, also as RDF", (".rss", ".rdf"), "feed:read_rss", is_text=True),
    Format("atom", "Atom 0.3 and 1.0", (".atom",), "feed:read_atom", is_text=True),
    Format("wordpress", "the export of WordPress (WXR)", (), "wordpress:read_wordpress", is_text=True),
    Format(
        "reuters_sgml", "Reuters SGML, many articles a file", (".sgm",), "reuterssgml:read_reuters_sgml", is_text=True
    ),
    Format("iptc7901", "IPTC 7901 and other messages of a wire", (), "wire:read_iptc7901", is_text=True),
    Format("anpa", "ANPA 1312 messages of a wire", (), "wire:read_anpa", is_text=True),
    Format("parquet", "Parquet, an article a row", (".parquet", ".pq"), "arrowfile:read_parquet"),
    Format(
        "arrow",
        "Arrow IPC (Feather), file or stream, an article a row",
        (".arrow", ".arrows", ".feather", ".ipc"),
        "arrowfile:read_arrow",
    ),
    Format("sqlite", "SQLite, an article a row", (".sqlite", ".sqlite3", ".db"), "sqlitefile:read_sqlite"),
    Format("html", "a web page", (".html", ".htm", ".xhtml"), "html:read_html", extra="html"),
    Format(
        "mail",
        "e-mail: a newsletter, or an mbox of them",
        (".eml", ".mbox", ".mbx"),
        "mail:read_mail",
        extra="html",
    ),
    Format(
        "warc",
        "web archive (WARC, ARC or WET), an article a page",
        (".warc", ".arc", ".wet"),
        "warc:read_warc",
        extra="warc",
    ),
    Format("zip", "ZIP archive of files in any of these formats", (".zip",), "archivezip:read_zip"),
    Format("tar", "tar archive of the same", (".tar", ".tgz", ".tbz2", ".txz", ".tzst"), "archivetar:read_tar"),
)
FORMATS: dict[str, Format] = {format_.name: format_ for format_ in _FORMATS}
