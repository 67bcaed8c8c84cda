"""Articles as web pages, web archives, news XML, feeds, mail and archives, and the bare libraries that read these."""

from __future__ import annotations

import gzip
import io
import json
import mailbox
import zipfile
from collections.abc import Callable, Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html import escape
from pathlib import Path
from typing import Any

from lxml import etree
from trafilatura import bare_extraction

try:
    from warcio.archiveiterator import ArchiveIterator
except ImportError:  # no dependency of the project: pip install warcio
    ArchiveIterator = None

Article = dict[str, str]
Format = tuple[str, Callable[[list[Article], Path], Any], str, Callable[[Path], Iterator[Any]]]
"""The file's name, who writes it, the library's name, and its rows."""


def paragraphs(article: Article) -> str:
    return "".join(f"<p>{escape(p)}</p>" for p in article["text"].split("\n\n"))


def page(article: Article) -> bytes:
    """A web page with the furniture that most have."""
    facts = {"@type": "NewsArticle", "headline": article["title"], "datePublished": article["date"]}
    facts |= {"author": [{"@type": "Person", "name": article["author"]}], "url": article["url"]}
    links = "".join(f'<li><a href="/{i}">Section {i}</a></li>' for i in range(40))
    head = f"""<title>{escape(article["title"])} | Bench</title>
        <script type="application/ld+json">{json.dumps(facts)}</script>"""
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8">{head}</head><body><nav><ul>{links}</ul></nav>
        <article><h1>{escape(article["title"])}</h1><p class="byline">By {article["author"]}</p>{paragraphs(article)}
        </article><aside><ul>{links}</ul></aside><footer><ul>{links}</ul></footer></body></html>""".encode()


def write_pages(made: list[Article], folder: Path) -> None:
    folder.mkdir()
    for i, article in enumerate(made):
        (folder / f"{i:06}.html").write_bytes(page(article))


def write_warc(made: list[Article], path: Path) -> None:
    """A record and a compressed member a page."""
    with path.open("wb") as target:
        for article in made:
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page(article)
            head = "WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2026-05-03T00:00:00Z\r\n"
            head += f"WARC-Target-URI: {article['url']}\r\n"
            head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
            target.write(gzip.compress(head.encode() + block + b"\r\n\r\n"))


def write_nitf(made: list[Article], folder: Path) -> None:
    folder.mkdir()
    for i, article in enumerate(made):
        (folder / f"{i:06}.xml").write_text(
            f"<nitf><head><title>{article['title']}</title></head><body><body.head>"
            f"<hedline><hl1>{article['title']}</hl1></hedline><byline>{article['author']}</byline>"
            f"<dateline><story.date norm='{article['date'].replace('-', '')}'/></dateline>"
            f"</body.head><body.content>{paragraphs(article)}</body.content></body></nitf>",
            "utf-8",
        )


def write_rss(made: list[Article], path: Path) -> None:
    items = "".join(
        f"<item><title>{article['title']}</title><link>{article['url']}</link><pubDate>{article['date']}</pubDate>"
        f"<content:encoded>{escape(paragraphs(article))}</content:encoded></item>"
        for article in made
    )
    path.write_text(
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Bench</title>{items}</channel></rss>",
        "utf-8",
    )


def write_mail(made: list[Article], path: Path) -> None:
    box = mailbox.mbox(path)
    for article in made:
        message = EmailMessage()
        message["Subject"], message["From"] = article["title"], f"{article['author']} <ann.lee@bench.example>"
        message["Date"] = f"{article['date'][8:]} May 2026 10:00:00 +0000"
        message.set_content(article["text"])
        box.add(message)
    box.close()


def write_zip(made: list[Article], path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jsonl", "".join(json.dumps(article) + "\n" for article in made))


def bare_pages(folder: Path) -> Iterator[Any]:
    for path in sorted(folder.iterdir()):
        yield bare_extraction(path.read_bytes(), with_metadata=True)


def bare_warc(path: Path) -> Iterator[Any]:
    """Every page by trafilatura; without warcio from bytes that are only decompressed and cut at their heads."""
    with path.open("rb") as source:
        if ArchiveIterator is not None:
            for record in ArchiveIterator(source):
                yield bare_extraction(record.content_stream().read(), with_metadata=True)
        else:
            for record in gzip.decompress(source.read()).split(b"WARC/1.1\r\n")[1:]:
                yield bare_extraction(record.split(b"\r\n\r\n", 2)[2], with_metadata=True)


def bare_nitf(folder: Path) -> Iterator[Any]:
    for path in sorted(folder.iterdir()):
        yield ["".join(p.itertext()) for p in etree.parse(path).iter("p")]


def bare_rss(path: Path) -> Iterator[Any]:
    for _, item in etree.iterparse(path, tag="item"):
        yield {child.tag: child.text for child in item}
        item.clear()


def bare_mail(path: Path) -> Iterator[Any]:
    parser = BytesParser(policy=policy.default)
    box = mailbox.mbox(path)
    for key in box.keys():  # noqa: SIM118 - iterating the box itself parses with the older policy
        message = parser.parsebytes(box.get_bytes(key))
        body = message.get_body(("plain",))
        yield message["Subject"], message["From"], message["Date"], body.get_content() if body else ""
    box.close()


def bare_zip(path: Path) -> Iterator[Any]:
    with zipfile.ZipFile(path) as archive, archive.open("a.jsonl") as member:
        yield from map(json.loads, io.BufferedReader(member))


DOCUMENTS: dict[str, Format] = {
    "html": ("pages", write_pages, "trafilatura", bare_pages),
    "warc": ("a.warc.gz", write_warc, f"{'warcio' if ArchiveIterator else 'gzip'} + trafilatura", bare_warc),
    "nitf": ("nitf", write_nitf, "lxml", bare_nitf),
    "rss": ("a.rss", write_rss, "lxml", bare_rss),
    "mail": ("a.mbox", write_mail, "email", bare_mail),
    "zip": ("a.zip", write_zip, "zipfile + json", bare_zip),
}
