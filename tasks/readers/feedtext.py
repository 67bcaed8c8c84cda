"""The texts of feeds: whether one is a whole article or only its summary, and what feeds append to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from tasks.normalise.text import count_words, resolve_entities

# A description is the whole article only where it is as long as one and has paragraphs like one.
WHOLE_WORDS = 250
WHOLE_PARAGRAPHS = 3
_END = 160  # characters at the end in which a sign of truncation stands
_MARK = re.compile(r"\[\s?(?:…|\.{3})\s?\]\W{0,9}$")
_ELLIPSIS = re.compile(r"(?:…|\.{3})\W{0,9}$")
_INVITATION = re.compile(
    r"(?:^|[.!?…\])”\"»]\s{0,3})(?:\(more\)|read (?:the )?(?:more|full|whole|rest)\b|continue reading\b|keep reading\b"
    r"|view (?:full|entire)\b|(?:click here )?to (?:read|continue) (?:the|this) (?:full|rest|whole|entire)\b"
    r"|click here to (?:read|continue)\b|weiterlesen\b|mehr lesen\b|lesen sie (?:mehr|weiter)\b|mehr dazu\b"
    r"|lire (?:la suite|plus|l['’]article)\b|seguir leyendo\b|leer más\b|sigue leyendo\b|continuar leyendo\b"
    r"|ver más\b|leia mais\b|continue lendo\b|continua a leggere\b|leggi (?:tutto|di più)\b|lees (?:meer|verder)\b"
    r"|läs mer\b|les mer\b|czytaj (?:dalej|więcej)\b|devamını oku\b|читать (?:далее|дальше|полностью)|подробнее\b"
    r"|続きを読む|全文を読む|阅读全文)"
    r"[^\n.!?]{0,90}\W{0,9}$",
    re.I,
)
_BLOCK = re.compile(
    r"</?(?:p|div|li|ul|ol|h[1-6]|blockquote|section|article|table|tr|td|hr)\b[^<>]{0,2000}>"
    r"|<br\s{0,9}/?>\s{0,99}<br\s{0,9}/?>",
    re.I,
)
_TAG = re.compile(r"<[^<>]{0,5000}>")
_BLANK_LINE = re.compile(r"\n\s{0,999}\n")
_FOOTER_START = "The post "
_FOOTER = re.compile(r"The post .{1,500} (?:appeared first|first appeared) on (?:(?!\. ).){1,300}")
# Of Medium: <p><a …>Title</a> was originally published in <a …>The Courier</a> on Medium, where people are …</p>
_MEDIUM = re.compile(
    r"<p>\s{0,9}(?:<a\b[^<>]{0,2000}>)?[^<>]{1,500}(?:</a>)? was originally published in [^<>]{0,99}"
    r"(?:<a\b[^<>]{0,2000}>[^<>]{0,200}</a>)?[^<>]{0,200}\bon Medium, where people are [^<>]{0,200}</p>\s{0,9}\Z"
)


@dataclass(frozen=True)
class FeedText:
    """A text as the feed has it, HTML or plain, without the line that a publishing system adds at its end."""

    text: str
    markup: str

    @classmethod
    def of(cls, text: str, markup: str) -> FeedText:
        """The text, its footer taken off."""
        at = text.rfind(_FOOTER_START, -2_000)
        if match := _MEDIUM.search(text, max(0, len(text) - 6_000)):
            text = text[: match.start()]
        elif at >= 0 and len(rest := cls(text[at:], markup).paragraphs) == 1 and _FOOTER.fullmatch(rest[0]):
            text = text[:at]
        return cls(text, markup)

    @cached_property
    def paragraphs(self) -> list[str]:
        """Its paragraphs as plain text, as far as tags tell them: enough to judge it by."""
        parts = _BLOCK.split(self.text) if self.markup == "html" else _BLANK_LINE.split(self.text)
        lines = (" ".join(resolve_entities(_TAG.sub("", part)).split()) for part in parts)
        return [line for line in lines if line]

    @cached_property
    def plain(self) -> str:
        """All of it in one line."""
        return " ".join(self.paragraphs)

    @cached_property
    def is_long(self) -> bool:
        """Whether it has the length and the paragraphs of an article."""
        return len(self.paragraphs) >= WHOLE_PARAGRAPHS and count_words(self.plain) >= WHOLE_WORDS

    @property
    def is_truncated(self) -> bool:
        """Whether it ends as a text does that goes on elsewhere; a long one may end in three dots of its own."""
        end = self.plain[-_END:]
        last = self.paragraphs[-1][-_END:] if self.paragraphs else ""
        return bool(_MARK.search(end) or _INVITATION.search(last) or (_ELLIPSIS.search(end) and not self.is_long))

    def is_whole(self, is_declared: bool) -> bool:
        """Whether it is the whole article.

        A text in the element made for whole texts (``is_declared``) is, unless it ends in a sign of truncation; any
        other one only where it has the length and the paragraphs of an article besides.
        """
        return (is_declared or self.is_long) and not self.is_truncated
