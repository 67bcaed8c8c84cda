"""One message: its headers as an article's fields, and the part of it that is its text.

The standard library parses the message; what it would do without bounds (nesting, numbers of parts) is counted first.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from email import message_from_bytes
from email.errors import CloseBoundaryNotFoundDefect, HeaderParseError
from email.header import decode_header
from email.message import Message
from typing import Any

from tasks.normalise.dates import is_date_line
from tasks.normalise.markup import html_paragraphs
from tasks.readers.html import page_fields
from tasks.readers.htmlcharset import decode_page
from tasks.readers.mailforward import forwarded
from tasks.readers.mailtext import is_stub, plain_paragraphs, without_furniture

_MAX_NESTED = 100  # parts that hold parts
_MAX_PARTS = 5_000
_MAX_LINES = 500_000
_MAX_HEADER = 4_000  # characters of a field that are looked at
_MAX_CARRIED = 500

_NESTING = re.compile(rb"content-type\s{0,9}:\s{0,9}(?:multipart|message)/", re.I)
_LONG_FIELD = re.compile(rb"(?:^|\r)content-(?:type|disposition)[ \t]{0,9}:(?:[^\r\n]|\r?\n[ \t]){4000}", re.I | re.M)
_REPLY = re.compile(r"(?:(?:re|fwd?|aw|wg|tr|rv|antw|vs|sv)(?:\[\d{1,3}\])?\s{0,3}:\s{0,5}){1,9}", re.I)
_LIST_TAG = re.compile(r"\[[^\[\]]{1,40}\]\s{0,5}")
_RAW_WORD = re.compile(r"=\?([^?\s]{1,40})\?q\?([^?]{1,1000})\?=", re.I)
_WESTERN = ("iso-8859-1", "iso8859-1", "latin1", "us-ascii", "ascii")  # what they name is Windows-1252
_NO_ASCII = re.compile("iso-?2022|utf-?7|hz")  # in which bytes of ASCII stand for other letters
_NO_CHARSET = re.compile("escape|idna|punycode|undefined")  # encodings of Python that no mail is in
_ADDRESS = re.compile(r"<(https?://[^<>\s]{1,2000})>|(https?://\S{1,2000})")
_SENDER = re.compile(
    r"([^<>]{0,200})<([^<>\s]{1,300})>|([^\s()<>]{1,300}@[^\s()<>]{1,300})\s{0,9}(?:\(([^()]{1,200})\))?"
)
# «Jane Doe from The Courier», «Jane Doe | The Courier»
_FROM_OUTLET = re.compile(r"(.{3,60}?)\s{0,3}(?:\b(?:from|at|via|of)\b|[|@/–—]|,|\s-\s)\s{0,3}(.{2,80})", re.I)
_ROLE = re.compile(
    r"news|letter|info|hello|reply|editor|press|brief|mail|contact|update|digest|alert|daily|weekly|team|support|service"
    r"|redaktion|redaccion|redazione|bulletin|subscri|member|office|admin|list|post|media|today|morning|evening",
    re.I,
)
# Domains where people and outlets alike have their mail: they name no publisher.
_MAILBOXES = re.compile(
    r"(?:^|\.)(?:gmail|googlemail|outlook|hotmail|live|yahoo|ymail|aol|icloud|me|mac|gmx|web|proton|protonmail|mail|t-online"
    r"|orange|libero|substack|beehiiv|ghost|mailchimpapp|mcsv|sendgrid|buttondown|campaign-archive)\.[a-z.]{2,6}$",
    re.I,
)


class BadMail(Exception):
    """Why a message is refused: a reason_code of tasks.reasons, and a sentence for people."""

    def __init__(self, reason: str, reason_code: str = "malformed_mail") -> None:
        super().__init__(reason)
        self.reason_code = reason_code


def parse(data: bytes) -> Message:
    """The message with its parts; raises BadMail where it is nested too deep, or has too many parts or lines."""
    if sum(1 for _ in _NESTING.finditer(data)) > _MAX_NESTED:
        raise BadMail(f"The message holds more than {_MAX_NESTED:,} messages and groups of parts.")
    if data.count(b"\n--") + data.count(b"\r--") > _MAX_PARTS:
        raise BadMail(f"The message has more than {_MAX_PARTS:,} parts.")
    if _LONG_FIELD.search(data):
        raise BadMail("A field of the message's header has more parameters than any message needs.")
    if data.count(b"\n") + data.count(b"\r") > _MAX_LINES:
        raise BadMail(f"The message has more than {_MAX_LINES:,} lines.")
    try:
        return message_from_bytes(data.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n"))
    except (RecursionError, ValueError, LookupError, TypeError) as error:
        raise BadMail("The message cannot be parsed.") from error


def carried(message: Message) -> list[Message]:
    """The messages that are articles: those carried by a message without a text of its own, else itself."""
    plain, page = _bodies(message)
    inner = [] if plain is not None or page is not None else _inner(message)
    if not inner:
        return [message]
    return [article for one in inner[:_MAX_CARRIED] for article in carried(one)][:_MAX_CARRIED]


def read_fields(message: Message) -> tuple[dict[str, Any], int]:
    """The fields of a RawRecord, and the number of attachments passed over; raises BadMail."""
    if message.get_content_type() == "multipart/report" or header(message, "Auto-Submitted").startswith("auto-replied"):
        raise BadMail("The message is a report or an answer of a mail system, and no letter.", "not_an_article")
    subject = header(message, "Subject")
    title = _REPLY.sub("", subject, count=1) if _REPLY.match(subject) else subject
    if message.get("List-Id") or message.get("List-Post"):
        title = _LIST_TAG.sub("", title, count=1) if _LIST_TAG.match(title) else title
        title = _REPLY.sub("", title, count=1) if _REPLY.match(title) else title
    paragraphs, markup = _text(message)
    sender, published = _sender(header(message, "From")), header(message, "Date")
    if letter := forwarded(paragraphs):
        paragraphs, title = letter.paragraphs, title or letter.header["subject"]
        sender = _sender(letter.header["from"]) or sender
        published = letter.header["date"] if is_date_line(letter.header["date"]) else published
    fields: dict[str, Any] = {"title": title, **sender}
    if published:
        fields |= {"published": published, "published_origin": "field"}
    if found := _ADDRESS.search(header(message, "Archived-At")):
        fields["url"] = found[1] or found[2]
    fields["language"] = header(message, "Content-Language").split(",")[0]
    if len(paragraphs) > 1 and paragraphs[0].strip().casefold() == title.casefold():
        paragraphs = paragraphs[1:]
    if paragraphs:
        fields |= {"text": ("\n" if markup == "html" else "\n\n").join(paragraphs), "markup": markup}
    n_attachments = sum(1 for part in _leaves(message) if not _is_text(part))
    return {name: value for name, value in fields.items() if value}, n_attachments


def header(message: Message, name: str) -> str:
    """A header field as text, encoded words decoded; "" where there is none."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")[:_MAX_HEADER]
    text = " ".join((_decode(raw.encode("utf-8", "surrogateescape"), None) or "").split())
    try:
        words = decode_header(_RAW_WORD.sub(_escape, text))
    except (HeaderParseError, ValueError):
        return text
    return "".join(word if isinstance(word, str) else _decoded(word, charset) for word, charset in words).strip()


def _escape(word: re.Match[str]) -> str:
    """An encoded word whose characters beyond ASCII, which should not stand in it, are encoded like the others."""
    charset, text = word.groups()
    with suppress(LookupError):
        text = "".join(c if c.isascii() else "".join(f"={b:02X}" for b in c.encode(charset, "replace")) for c in text)
    return f"=?{charset}?q?{text}?="


def _decoded(data: bytes, charset: str | None) -> str:
    if charset is None:  # what stands between encoded words
        return data.decode("raw-unicode-escape", "replace").encode("utf-8", "ignore").decode()
    return _decode(data, charset) or ""


def _decode(data: bytes, charset: str | None) -> str | None:
    """The text in its declared charset, unless it is UTF-8 all the same or the charset cannot be right."""
    charset = (charset or "ascii").lower()
    charset = "cp1252" if charset in _WESTERN else "utf-8" if _NO_CHARSET.search(charset) else charset
    for name in (charset, "utf-8") if _NO_ASCII.match(charset) or b"\0" in data else ("utf-8", charset):
        with suppress(ValueError, LookupError):  # UnicodeError, or a name that holds NUL
            text = data.decode(name)
            text.encode()  # UTF-7 may hold half a character
            return text
    return decode_page(data, None)


def _sender(text: str) -> dict[str, Any]:
    """Who it is from: an author where the name is a person's, the publisher by the other name or the domain."""
    match = _SENDER.match(text)
    if not match:
        return {}
    name, address = (match[1] or match[4] or "").strip(" \"'"), match[2] or match[3]
    local, _, domain = address.rpartition("@")
    fields: dict[str, Any] = {}
    if domain and "." in domain and not _MAILBOXES.search(domain):
        fields["publisher_domain"] = domain.lower()
    if not name or "@" in name:
        return fields
    if (match := _FROM_OUTLET.fullmatch(name)) and _is_person(match[1]):
        return fields | {"authors": [match[1].strip()], "publisher_name": match[2].strip()}
    words = [word for word in re.findall(r"\w{3,}", name.casefold()) if word not in ("the", "und", "and")]
    is_own_box = any(word in local.casefold() for word in words) and not _ROLE.search(local)
    is_outlet = any(word in domain.casefold() for word in words)
    if _is_person(name) and is_own_box and not is_outlet:
        return fields | {"authors": [name]}
    return fields | {"publisher_name": name}


def _is_person(name: str) -> bool:
    """Whether a name has the form of a person's: two to four words, each with a capital, none for an outlet."""
    words = name.split()
    return (
        2 <= len(words) <= 4
        and words[0].casefold() not in ("the", "die", "der", "das", "le", "la", "el", "il")
        and all(word[:1].isupper() or (word.islower() and len(word) <= 3) for word in words)
        and not any(c.isdigit() for c in name)
        and not _ROLE.search(name)
    )


def _leaves(message: Message) -> list[Message]:
    """The parts in order, those of nested messages left out."""
    leaves, waiting = [], [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting += reversed(_parts(part))
        else:
            leaves.append(part)
    return leaves


def _inner(message: Message) -> list[Message]:
    inner = []
    for part in _leaves(message):
        if part.get_content_type() == "message/rfc822":
            inner += _parts(part)
    return inner


def _parts(message: Message) -> list[Message]:
    """The parts or the message in a message; its text is not asked for, since that may raise."""
    payload = message.get_payload() if message.is_multipart() else []
    return [part for part in payload if isinstance(part, Message)]


def _is_text(part: Message) -> bool:
    is_inline = part.get_content_disposition() != "attachment" and not part.get_filename()
    return is_inline and part.get_content_type() in ("text/plain", "text/html")


def _bodies(message: Message) -> tuple[Message | None, Message | None]:
    """The first plain and the first HTML part that hold anything."""
    found: dict[str, Message] = {}
    for part in _leaves(message):
        kind = part.get_content_type()
        if _is_text(part) and kind not in found and _bytes(part).strip():
            found[kind] = part
    return found.get("text/plain"), found.get("text/html")


def _bytes(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return data if isinstance(data, bytes) else b""


def _text(message: Message) -> tuple[list[str], str]:
    """The paragraphs and their markup: plain where that is all of the text, else those of the page."""
    plain, page = _bodies(message)
    chosen, paragraphs, markup = plain, [], "plain"
    if plain is not None:
        text = _decode(_bytes(plain), plain.get_content_charset())
        if text is None and page is None:
            raise BadMail("The message's text is in no encoding that could be established.", "undecodable_text")
        is_flowed = str(plain.get_param("format", "")).lower() == "flowed"
        delsp = str(plain.get_param("delsp", "")).lower() == "yes"
        paragraphs = without_furniture(plain_paragraphs(text or "", is_flowed, delsp))
    if page is not None and (plain is None or is_stub(paragraphs)):
        found, its_markup = _page_text(page)
        if found:
            chosen, paragraphs, markup = page, found, its_markup
    if chosen is not None and _is_cut(message, chosen):
        raise BadMail("The message is cut off in its text.")
    return paragraphs, markup


def _page_text(page: Message) -> tuple[list[str], str]:
    """The paragraphs of an HTML part and their markup; where it reads as no article, all that it has."""
    data, content_type = _bytes(page), str(page.get("Content-Type", ""))
    text = decode_page(data, content_type)
    paragraphs = [p.text for p in html_paragraphs(text)] if text else []
    if not forwarded(paragraphs):  # whose header no article has
        fields = page_fields(data, content_type=content_type, url=None)
        if isinstance(fields, dict) and fields.get("text"):
            return without_furniture(str(fields["text"]).split("\n")), "html"
    return without_furniture(paragraphs), "plain"


def _is_cut(message: Message, part: Message) -> bool:
    """Whether the part is the last one of a group whose end is missing."""
    for group in message.walk():
        is_open = any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in group.defects)
        if is_open and _parts(group)[-1:] == [part]:
            return True
    return False
