"""Letters that somebody forwards within a message of their own: whose letter it is, and where it starts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

_MAX_OWN_WORDS = 40  # in front of a letter, beyond which the message is no mere forwarding
_MAX_HEADER = 2_000  # characters
_MAX_LINES = 8  # paragraphs that the header of a letter may be spread over
_MAX_MARK = 80  # characters of «---------- Forwarded message ---------»
_FEW_WORDS = 8  # below a header, which are the rest of a list of addressees

_LABELS = {
    "from": "from von de da van från fra od от",
    "date": "date sent datum gesendet envoyé enviado fecha data inviato verzonden skickat sendt wysłano дата",
    "subject": "subject betreff objet asunto assunto oggetto onderwerp ämne emne temat тема",
    "to": "to an à para a aan till til do кому cc kopie copie reply-to antwort",
}
_NAMES = {word: name for name, words in _LABELS.items() for word in words.split()}
_LABEL = re.compile(rf"(?:(?<=\s)|^)\*{{0,2}}({'|'.join(_NAMES)})\*? ?:\*{{0,2}}(?=\s|$)", re.I)
_MAILTO = re.compile(r"\[mailto:([^\[\]\s]{1,300})\]", re.I)
_QUOTED = re.compile(r"^> ?", re.M)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: the values of its header (from, date, subject, perhaps to), and its paragraphs."""

    header: dict[str, str]
    paragraphs: list[str]


def forwarded(paragraphs: list[str]) -> Letter | None:
    """The letter that a message forwards, by its header above it; None where the message has a text of its own.

    Paragraphs are plain. Of letters that forward one another the innermost counts, three deep.
    """
    found: Letter | None = None
    for _ in range(3):
        inner = _next(found.paragraphs if found else paragraphs)
        if inner is None:
            break
        found = inner
    return found


def _next(paragraphs: list[str]) -> Letter | None:
    n_words = 0
    for start, paragraph in enumerate(paragraphs):
        header: dict[str, str] = {}
        for at in range(start, min(start + _MAX_LINES, len(paragraphs))):
            more, rest = _header(_QUOTED.sub("", paragraphs[at]))
            if not more:
                break
            header |= more
            if header.keys() >= {"from", "date", "subject"}:
                found = [rest] * bool(rest) + paragraphs[at + 1 :]
                return Letter(header, [_QUOTED.sub("", p) for p in found] if paragraph.startswith(">") else found)
        n_words += len(paragraph.split())
        if n_words > _MAX_OWN_WORDS:
            break
    return None


def _header(text: str) -> tuple[dict[str, str], str]:
    """The values behind the labels that open a text, and what stands in the lines below them."""
    labels = list(_LABEL.finditer(text[:_MAX_HEADER]))
    if "\n" in text:
        labels = [label for label in labels if text[: label.start()][-1:] in ("", "\n")]
    if not labels or len(text[: labels[0].start()].strip()) > _MAX_MARK:
        return {}, ""
    found: dict[str, str] = {}
    for label, following in zip_longest(labels, labels[1:]):
        value = text[label.end() : following.start()] if following else text[label.end() :].split("\n")[0]
        value = _MAILTO.sub(r"<\1>", " ".join(value.split()).strip("* "))
        found.setdefault(_NAMES[label[1].casefold()], value)
    rest = text[labels[-1].end() :].partition("\n")[2].strip()
    return found, rest if len(rest.split()) > _FEW_WORDS else ""
