"""Cuts a paragraph into tokens and sentences, a quotation being one token, so that patterns see round it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.extract.base import Span
from tasks.extract.quotations import Quotation
from tasks.extract.verbs import FORMS
from tasks.extract.wordlists import words

_TOKEN = re.compile(r"(?:[^\W\d_]-)?(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’&\-][^\W_]+)*|(?:['’]s?(?!\w))|\.\.+|--+|[^\w\s]")
_ABBREVIATIONS = words(
    """
    mr mrs ms dr prof sen rep gov gen lt col sgt capt cmdr adm maj rev hon st jr sr inc corp co ltd vs no dept jan
    feb mar apr jun jul aug sept sep oct nov dec ariz calif colo conn del fla ga ill ind kan ky la mass md mich minn
    miss mo mont neb nev okla ore pa tenn tex va vt wash wis wyo ala ark d r i-vt d-mass a.m p.m etc e.g i.e
    """
)
_STARTERS = words(
    """
    the a an he she it they we i you his her their its this that these those but and in on at for when while as if
    """
)
_LONGEST = 150  # tokens; what goes on longer is no sentence, and is cut so that the patterns' work is bounded
_END = frozenset([".", "!", "?"])


@dataclass(slots=True)
class Token:
    """A word, a punctuation mark, or a whole quotation (``quote`` is its index in the scan)."""

    start: int
    end: int
    text: str
    low: str
    quote: int | None = None

    @property
    def is_word(self) -> bool:
        """Whether it is a word or a number, not punctuation or a quotation."""
        return self.quote is None and self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        """Whether it is a word that begins with a capital."""
        return self.quote is None and self.text[0].isupper()


def paragraphs(text: str, quotations: Sequence[Quotation]) -> Iterator[Span]:
    """Spans of the paragraphs; those that one quotation runs over count as one."""
    joints = iter(q for q in quotations if q.parent is None and len(q.inner) > 1)
    joint = next(joints, None)
    start = 0
    while start <= len(text):
        end = text.find("\n\n", start)
        while True:
            end = len(text) if end == -1 else end
            while joint is not None and joint.end <= end:
                joint = next(joints, None)
            if joint is None or joint.start >= end:
                break
            end = text.find("\n\n", joint.end)
        if end > start:
            yield Span(start, end)
        start = end + 2


def tokenise(text: str, span: Span, quotations: Sequence[tuple[int, Quotation]]) -> list[Token]:
    """The tokens of a stretch of text; ``quotations`` are those to be taken whole, in order, with their indices."""
    tokens: list[Token] = []
    position = span.start
    for index, quotation in quotations:
        tokens.extend(_plain(text, position, quotation.start))
        printed = text[quotation.start : quotation.end]
        tokens.append(Token(quotation.start, quotation.end, printed, '"', index))
        position = quotation.end
    tokens.extend(_plain(text, position, span.end))
    return tokens


def sentences(tokens: Sequence[Token], quotations: Sequence[Quotation], text: str) -> list[list[Token]]:
    """Cuts tokens into sentences. A quotation that ends a sentence ends the outer one where a capital follows."""
    found: list[list[Token]] = []
    current: list[Token] = []
    for k, token in enumerate(tokens):
        current.append(token)
        if k + 1 == len(tokens) or len(current) >= _LONGEST or _ends(tokens, k, quotations, text):
            found.append(current)
            current = []
    return found


def _plain(text: str, start: int, end: int) -> list[Token]:
    return [
        Token(m.start(), m.end(), m.group(), m.group().lower().replace("’", "'"))
        for m in _TOKEN.finditer(text, start, end)
    ]


def _ends(tokens: Sequence[Token], k: int, quotations: Sequence[Quotation], text: str) -> bool:
    """Whether a sentence ends with token k; there is one behind it."""
    token, following = tokens[k], tokens[k + 1]
    if text.find("\n", token.end, following.start) != -1:
        return True
    fresh = following.quote is not None or following.is_capital or following.text[0] in "0123456789([-–—•*"
    if not fresh:
        return False
    if token.quote is not None:
        inner = quotations[token.quote].inner[-1]
        last = text[inner.start : inner.end].rstrip(" '’\"”")[-1:]
        return last in _END and following.start > token.end and not _is_tag(tokens, k + 1)
    if token.low in _END or token.low in ("...", "…"):
        if token.end == following.start and following.quote is None:
            return False
        before = tokens[k - 1] if k else None
        joined = token.low == "." and before is not None and before.quote is None and before.end == token.start
        return not (joined and before is not None and _abbreviates(before))
    # "U.S." ends a sentence only before a word that is capital for no other reason.
    return token.text.endswith(".") and len(token.text) > 3 and following.is_capital and following.low in _STARTERS


def _abbreviates(word: Token) -> bool:
    return word.low in _ABBREVIATIONS or (len(word.text) == 1 and word.text.isupper())


def _is_tag(tokens: Sequence[Token], k: int) -> bool:
    """Whether the words behind a quotation are only a name and a speech verb («“Why?” Ann Lee asked.»)."""
    for j in range(k, min(k + 8, len(tokens))):
        token = tokens[j]
        form = FORMS.get(token.low)
        if j > k and form is not None and form.kind in ("say", "tell", "ask", "voice") and form.forms & {"past", "s"}:
            behind = tokens[j + 1].low if j + 1 < len(tokens) else ""
            if behind == ":" or (behind == "," and tokens[k - 1].text.rstrip("\"'”’» ")[-1:] == "."):
                return False  # «“It is safe.” He added, “It is new.”»
            return j + 1 >= len(tokens) or not tokens[j + 1].is_word or tokens[j + 1].low in _TAG_TAIL
        if token.quote is not None or not (token.is_word or token.low in (".", "'s")):
            return False
    return False


_TAG_TAIL = words("in on at to of during when while as with after before later")
