"""The text of newsletters without what mailing systems put around it: links to browsers, subscriptions, disclaimers."""

from __future__ import annotations

import re

_STUB_WORDS = 40
_SHORT = 300  # characters; a longer paragraph is no furniture, whatever it mentions
_EDGE = 3  # paragraphs at the start
_FOOTER_SIZE = 800  # characters

_BLANK = re.compile(r"\n[ \t\u00a0]*(?:\n[ \t\u00a0]*)+")
_RULE = re.compile(r"[\W_]{0,300}")
_LINK = re.compile(
    r"[ \t]{0,3}(?:<https?://[^<>\s]{1,2000}>|\(\s{0,3}https?://[^()\s]{1,2000}\s{0,3}\)|\[https?://[^\[\]\s]{1,2000}\])"
)
# «** Heading», «** words of a link (https://…)»
_MARKED = re.compile(r"^\*\* (?=\S)|(?<=\s)\*\* (?=[^*\n]{1,300} \(https?://)")
_LINK_LINE = re.compile(r"(?:[\w ]{0,40}:)?[\s<(\[*]{0,9}https?://\S{1,2000}[\s>)\]*]{0,9}")
_PICTURE = re.compile(r"\[(?:image|cid|bild|img)\b[^\[\]]{0,300}\]", re.I)
_FURNITURE = re.compile(
    r"\bview\b.{0,30}\b(?:online|browser|web)\b|\btrouble (?:viewing|reading) this\b|\bweb-?\s?version\b"
    r"|\bread (?:it |this )?(?:online|in (?:your |the )?(?:app|browser))\b|\badd us to your address book\b"
    r"|\bforward (?:this (?:e-?mail|newsletter)|(?:it |this )?to a friend)\b|\bwas this (?:e-?mail )?forwarded\b"
    r"|\bforwarded this (?:e-?mail|newsletter)\b"
    r"|\b(?:im|in deinem|in ihrem) browser\b|\bonline-version\b|\bdans votre navigateur\b|\bversion en ligne\b"
    r"|\bnicht (?:richtig|korrekt) (?:angezeigt|dargestellt)\b|\bvisualisez pas correctement\b"
    r"|\bcontains? (?:information|content) that is confidential\b|\bconfidential\b.{0,80}\b(?:recipient|addressee)\b"
    r"|\b(?:intended|meant) (?:solely |only )?for the (?:addressee|recipient|use of)\b"
    r"|\A(?:sent from (?:my |outlook|yahoo)|get outlook for|von meinem|envoyé de mon|enviado desde mi|inviato dal?)"
    r".{0,9}\b(?:iphone|ipad|ios|android|galaxy|samsung|mobile|mobil|phone|smartphone|handy|móvil|celular|mail)\b",
    re.I | re.S,
)
_FOOTER = re.compile(
    r"\bunsubscribe\b|\bour mailing address\b"
    r"|\byou(?:['’]| a)re (?:receiving|getting) this\b|\byou(?:['’]ve| have)? received this\b"
    r"|\b(?:manage|update|change) your (?:e-?mail )?(?:preferences|subscriptions?|settings|profile)\b"
    r"|\bsie (?:erhalten|bekommen) diese[nsr]? (?:newsletter|e-?mail)\b"
    r"|\bvous recevez cet(?:te)? (?:e-?mail|lettre|newsletter)\b"
    r"|\brecibes? este (?:correo|boletín)\b|\bricevi questa (?:e-?mail|newsletter)\b"
    r"|\babmelden\b|\babbestellen\b|\bsich austragen\b|\bdésabonner\b|\bdésinscri\w{1,6}|\bdarse de baja\b"
    r"|\bcancelar (?:la |su )?suscripción\b|\bdisiscri\w{1,6}|\bannulla l.iscrizione\b|\buitschrijven\b",
    re.I,
)
# «On Fri, May 3, 2024 at 10:15 AM The Courier <news@courier.example> wrote:»
_WROTE = re.compile(
    r"[\d@].{0,200}\b(?:wrote|writes|schrieb(?: .{1,60})?|a écrit|escribió|escreveu|ha scritto|schreef|skrev"
    r"|написал\w{0,2}) ?:\s{0,9}\Z",
    re.I,
)
_LIST_RULE = re.compile(r"_{20,80}\s{0,9}")
_LIST = re.compile(r"\bmailing ?list\b|/listinfo\b|\blistserv\b", re.I)
_COPYRIGHT = re.compile(r"(?:copyright\s|©|\(c\)\s).{0,200}", re.I | re.S)
_TAGS = re.compile(r"<[^<>]{0,3000}>")


def plain_paragraphs(text: str, is_flowed: bool = False, delsp: bool = False) -> list[str]:
    """The paragraphs of a plain part, its lines kept, without signature, rules, pictures and bare links.

    ``is_flowed`` and ``delsp`` are the parameters of RFC 3676.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = _without_signature(_without_quoted(lines))
    if is_flowed:
        lines = _unflow(lines, delsp)
    kept = []
    for line in lines:
        line = _LINK.sub("", _PICTURE.sub("", _MARKED.sub("", line))).rstrip()
        kept.append("" if _RULE.fullmatch(line) or _LINK_LINE.fullmatch(line) else line)
    return [paragraph for paragraph in _BLANK.split("\n".join(kept).strip("\n")) if paragraph.strip()]


def without_furniture(paragraphs: list[str]) -> list[str]:
    """The paragraphs, plain or a block of HTML each, without what a mailing system says.

    A footer is looked for in the first lines and the second half only, since articles speak of subscriptions too; from
    one that starts near the end on, nothing is kept.
    """
    texts = [_TAGS.sub("", paragraph).strip() for paragraph in paragraphs]
    total, before = sum(map(len, texts)), 0
    kept: list[str] = []
    for number, (paragraph, text) in enumerate(zip(paragraphs, texts, strict=True)):
        is_at_edge = number < _EDGE or before >= total / 2
        if is_at_edge and len(text) <= _SHORT and _FOOTER.search(text):
            if total - before <= max(_FOOTER_SIZE, total * 0.3) and number >= _EDGE:
                break
        elif text and not _is_furniture(text):
            kept.append(paragraph)
        before += len(text)
    return kept


def _is_furniture(text: str) -> bool:
    return len(text) <= _SHORT and (_FURNITURE.search(text) is not None or _COPYRIGHT.fullmatch(text) is not None)


def is_stub(paragraphs: list[str]) -> bool:
    """Whether a plain part only says that there is another one."""
    return sum(len(paragraph.split()) for paragraph in paragraphs) < _STUB_WORDS


def _without_signature(lines: list[str]) -> list[str]:
    """The lines up to the mark that parts a text from the signature or a mailing list's lines below it."""
    for at in range(len(lines) - 1, max(len(lines) - 30, 0), -1):
        is_list = _LIST_RULE.fullmatch(lines[at]) and len(lines) - at < 10 and _LIST.search("\n".join(lines[at:]))
        if lines[at] in ("-- ", "--") or is_list:
            return lines[:at]
    return lines


def _without_quoted(lines: list[str]) -> list[str]:
    """The lines of a reply above the letter that it answers, quoted below «Ann Lee wrote:»."""
    start = len(lines)
    while start and (not lines[start - 1].strip() or lines[start - 1].startswith(">")):
        start -= 1
    if start < len(lines):
        for n_lines in (1, 2):
            if _WROTE.search(" ".join(lines[max(0, start - n_lines) : start])[-_SHORT:]):
                return lines[: max(0, start - n_lines)]
    return lines


def _unflow(lines: list[str], delsp: bool) -> list[str]:
    """Joins the lines that RFC 3676 marks, by a space at their end, as going on in the next one.

    With ``delsp`` that space is none of the text's.
    """
    joined: list[str] = []
    is_open = False
    for line in lines:
        line = line.removeprefix(" ")
        if is_open and line:
            joined[-1] = (joined[-1][:-1] if delsp else joined[-1]) + line
        else:
            joined.append(line)
        is_open = line.endswith(" ")
    return joined
