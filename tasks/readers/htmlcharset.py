"""From the bytes of a web page to its text: byte order mark, UTF-8, what is declared, and detection, in this order.

Declarations lie and are left out, so none is believed that the bytes contradict: an encoding is taken only where all
bytes are valid in it and what comes out reads as a language.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache

from charset_normalizer import from_bytes

from tasks.normalise.language import read_language
from tasks.readers.decode import detect, is_binary

HEAD = 4096  # bytes in which a declaration is looked for
SAMPLE = 200_000  # bytes that plausibility and detection look at
MAX_DAMAGED = 0.02  # of the characters outside ASCII that may be damaged in a page that is otherwise UTF-8
MAX_WORDS = 3_000  # words that plausibility looks at
MAX_STRANGE = 0.15  # of the words outside ASCII that may be no words of any language

# What browsers read under these names (WHATWG Encoding Standard), where Python reads less.
_LABELS = {
    label: encoding
    for encoding, labels in {
        "cp1252": "iso-8859-1 iso8859-1 latin1 latin-1 us-ascii ascii windows-1252",
        "cp1254": "iso-8859-9 latin5",
        "cp874": "iso-8859-11 tis-620 windows-874",
        "cp932": "shift_jis shift-jis sjis x-sjis windows-31j ms_kanji",
        "euc_jp": "x-euc-jp",
        "cp949": "euc-kr ks_c_5601-1987 ksc5601",
        "gb18030": "gb2312 gbk x-gbk",
        "big5hkscs": "big5",
        "utf-8": "utf8 unicode-1-1-utf-8",
    }.items()
    for label in labels.split()
}
# The encodings that pages in a language were written in before UTF-8.
_OF_LANGUAGE = {
    language: tuple(encodings.split())
    for languages, encodings in {
        "pl cs sk sl hr hu ro sq bs": "cp1250 iso8859_2",
        "ru uk be bg mk sr kk ky": "cp1251 koi8_r koi8_u iso8859_5 cp866",
        "lt lv et": "cp1257 iso8859_13 iso8859_4",
        "el": "cp1253 iso8859_7",
        "tr az": "cp1254",
        "he": "cp1255 iso8859_8",
        "ar": "cp1256 iso8859_6",
        "fa": "cp1256",
        "vi": "cp1258",
        "th": "cp874",
        "ja": "cp932 euc_jp iso2022_jp",
        "ko": "cp949",
        "zh": "gb18030 big5hkscs",
    }.items()
    for language in languages.split()
}
_DETECTED = (
    "cp932",
    "euc_jp",
    "cp949",
    "gb18030",
    "big5hkscs",
    "cp1251",
    "koi8_r",
    "cp1253",
    "cp1252",
    "cp1250",
    "cp1257",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp874",
)

_META = re.compile(rb"<meta[^<>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w:.-]{2,40})", re.I)
_XML = re.compile(rb"<\?xml[^<>?]{0,100}?encoding\s{0,9}=\s{0,9}[\"']([\w:.-]{2,40})", re.I)
_HTTP = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w:.-]{2,40})", re.I)
_LANG = re.compile(rb"<html[^<>]{0,2000}?\slang\s{0,9}=\s{0,9}[\"']?([a-z]{2})\b", re.I)
# Letters outside ASCII of languages whose encodings agree in most but not all of them.
_LETTERS = {
    "pl": "ąćęłńóśźż", "cs": "áčďéěíňóřšťúůýž", "sk": "áäčďéíĺľňóôŕšťúýž", "sl": "čšžćđ", "hr": "čćđšž", "bs": "čćđšž",
    "hu": "áéíóöőúüű", "ro": "ăâîşţșț", "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "et": "äöüõšž", "tr": "çğıöşüâîûİ",
}  # fmt: skip
_WIDE = ("utf-8", "utf_8", "utf-16", "utf_16", "utf-7", "utf_7", "utf-32", "utf_32")  # known by now not to fit
_SCRIPT = re.compile(rb"<(script|style)\b")
_TAG = re.compile(rb"<[^<>]{0,5000}>")
_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]*+[^\x00-\x7f\s][^\s\x00-\x40\[-`{-\x7f]*")
_LATIN = re.compile(r"[A-Za-z\xaa\xba\xc0-\xd6\xd8-\xf6\xf8-\u024f\u1e00-\u1eff]")
_OTHER_ALPHABET = re.compile(r"[\u0370-\u1cff\uac00-\ud7af]")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_CASE_INSIDE = re.compile(
    r"[a-z\xdf-\xf6\xf8-\xff\u03b1-\u03c9\u0430-\u045f][A-Z\xc0-\xd6\xd8-\xde\u0391-\u03a9\u0400-\u042f]"
)
_NO_TEXT = re.compile(r"[\x80-\x9f\ue000-\uf8ff\ufffd\uff61-\uff9f\u2500-\u259f]")
_SYMBOL_INSIDE = re.compile(
    r"[^\W\d_][\xa1-\xa9\xab-\xac\xae-\xb6\xb8\xb9\xbb-\xbf\xd7\xf7\u02c6-\u02dd\u2020\u2021\u2030\u2039\u203a\u20ac\u2122][^\W\d_]"
)
# First bytes of the characters in common use: level 1 of JIS X 0208, GB 2312 and Big5.
_COMMON = (("cp932", 0x88, 0x98), ("gb2312", 0xB0, 0xD8), ("big5", 0xA4, 0xC7))


def decode_page(data: bytes, content_type: str | None = None) -> str | None:
    """The text of a page; None where its bytes read as no language in any encoding, or are no text at all.

    ``content_type`` is the HTTP header of that name. Single damaged characters in UTF-8 become U+FFFD.
    """
    encoding, bom = detect(data[: 4 * HEAD])
    if bom or encoding != "utf-8":
        return data[bom:].decode(encoding, "replace")
    if is_binary(data[: 16 * HEAD]):
        return None
    declared = _declared(data[:HEAD], content_type)
    if data.isascii():
        return _strict(data, "iso2022_jp") if b"\x1b$" in data else data.decode("ascii")
    if (text := _strict(data, "utf-8")) is not None:
        return text
    text = data.decode("utf-8", "replace")
    n_damaged = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    n_sound = len(text) - len(text.encode("ascii", "ignore")) - n_damaged
    if n_damaged <= (1 if n_sound > 8 else 0) + MAX_DAMAGED * n_sound:
        return text
    best, found = 1.0, ""
    sample = _TAG.sub(b" ", _without_scripts(data)[:SAMPLE])
    language = match[1].decode().lower() if (match := _LANG.search(data[:HEAD])) else _language_of(sample)
    for candidate in dict.fromkeys(_candidates(sample, declared, language)):
        if candidate in _WIDE or _strict(data, candidate) is None:
            continue
        strangeness = _strangeness(sample.decode(candidate, "ignore"), _LETTERS.get(language, ""))
        if strangeness < best - 0.02:
            best, found = strangeness, candidate
        if best < 0.01:
            break
    return data.decode(found) if found and best <= MAX_STRANGE else None


def _declared(head: bytes, content_type: str | None) -> list[str]:
    """The encodings that the HTTP header, the meta element and the XML declaration name, where Python knows them."""
    names = [match[1] for match in [_HTTP.search((content_type or "")[:500])] if match]
    names += [match[1].decode("ascii", "replace") for match in (_META.search(head), _XML.search(head)) if match]
    found = []
    for name in (name.lower() for name in names):
        name = _LABELS.get(name, name)
        try:
            if codecs.lookup(name)._is_text_encoding:
                found.append(codecs.lookup(name).name)
        except LookupError:
            continue
    return found


def _candidates(sample: bytes, declared: list[str], language: str) -> Iterator[str]:
    """Encodings in the order in which they are to be tried."""
    of_language = _OF_LANGUAGE.get(language, ("cp1252",) if language else ())
    if declared[:1] == ["cp1252"]:  # what programs declare when nobody told them
        yield from of_language
    yield from declared
    yield from of_language
    guess = from_bytes(sample[:20_000]).best()
    if guess is not None:
        yield _LABELS.get(guess.encoding.replace("_", "-"), guess.encoding)
    yield from _DETECTED


def _without_scripts(data: bytes) -> bytes:
    """The page without what stands in script and style elements, which is hardly ever in its language."""
    lower, pieces, at = data.lower(), [], 0
    while match := _SCRIPT.search(lower, at):
        pieces.append(data[at : match.start()])
        at = lower.find(b"</" + match[1], match.end())
        if at < 0:
            return b" ".join(pieces)
    return b" ".join([*pieces, data[at:]])


def _language_of(sample: bytes) -> str:
    """The language of a text of which only the ASCII letters are known for sure."""
    return read_language(sample.decode("ascii", "ignore"))[0] or ""


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _strangeness(text: str, letters: str) -> float:
    """The share of the words with other than ASCII letters that are no words of a language; 1 where nothing is left."""
    words = [match[0] for match, _ in zip(_WORD.finditer(text), range(MAX_WORDS), strict=False)]
    return sum(_is_strange(word, letters) for word in words) / len(words) if words else 1.0


def _is_strange(word: str, letters: str) -> bool:
    if _NO_TEXT.search(word) or _CASE_INSIDE.search(word) or _SYMBOL_INSIDE.search(word):
        return True
    if letters and any(c not in letters and c.lower() not in letters for c in word if c > "\x7f" and c.isalpha()):
        return True
    n_latin = len(_LATIN.findall(word))
    if ideographs := _IDEOGRAPH.findall(word):
        return sum(map(_is_rare, ideographs)) * 4 > len(ideographs)
    if n_latin and _OTHER_ALPHABET.search(word):
        return True
    return n_latin >= 4 and sum(c.isascii() for c in word if c.isalpha()) * 3 < n_latin


@lru_cache(maxsize=16_384)
def _is_rare(ideograph: str) -> bool:
    for encoding, first, last in _COMMON:
        try:
            if first <= ideograph.encode(encoding)[0] < last:
                return False
        except UnicodeEncodeError:
            continue
    return True
