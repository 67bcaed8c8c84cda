"""What the name of a person looks like in a byline, and how it is compared and cased."""

from __future__ import annotations

import re
import unicodedata

from tasks.normalise.byline_words import PARTICLES, SUFFIXES
from tasks.normalise.wordlists import words

INITIALS = re.compile(r"(?:[^\W\d_]\.[ -]?){1,4}")
NAME_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u097f.'’‘`ʼ‐-])*")
_CJK = r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af々]"
_CJK_NAME = re.compile(rf"{_CJK}{{2,5}}(?: {_CJK}{{1,5}})?")
_LOWER_PARTICLES = words("de del della la las los der den van von du da dos ibn bin")


def is_person(text: str) -> bool:
    """Two to six capitalised words, particles and initials among them; or a Chinese, Japanese or Korean name."""
    if _CJK_NAME.fullmatch(text):
        return True
    parts = text.split()
    if not 2 <= len(parts) <= 6:
        return False
    names = 0
    for word in parts:
        lower = word.casefold()
        if lower in SUFFIXES or (lower in PARTICLES and word != word.capitalize()):
            continue
        if not NAME_WORD.fullmatch(word) or len(word) > 25:
            return False
        if word[0].islower() and not ((len(word) > 2 and word[1] in "'’-") or any(c.isupper() for c in word)):
            return False
        names += 1
    return names >= 2 and any(len(w.strip(".")) > 1 for w in parts)


def is_loose_name(parts: list[str]) -> bool:
    """What may pass for a person in an author field, though not in a line: «ann lee»."""
    return len(parts) == 2 and all(NAME_WORD.fullmatch(w) and w.islower() and len(w) > 2 for w in parts)


def cased(parts: list[str]) -> str:
    """The name as printed; words all in capitals are given their usual case, initials and numerals excepted."""
    all_capitals = all(w.isupper() or not w.isalpha() for w in parts) and any(len(w) > 2 for w in parts)
    return " ".join(_cased_word(w, i == 0, all_capitals) for i, w in enumerate(parts))


def _cased_word(word: str, is_first: bool, all_capitals: bool) -> str:
    letters = word.strip(".")
    if not word.isupper() or len(letters) < 2 or letters in ("II", "III", "IV") or "." in letters:
        return word
    if not all_capitals and len(letters) < 4:
        return word
    if len(letters) == 2 and (letters.endswith("J") or not set(unicodedata.normalize("NFD", letters)) & set("AEIOUY")):
        return word
    if not is_first and word.casefold() in _LOWER_PARTICLES:
        return word.lower()
    name = re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), word)
    name = re.sub(r"(?<=[’'])(?:S|T)$", lambda m: m[0].lower(), name)
    return re.sub(r"\bMc([a-z])(?=[a-z]{2})", lambda m: "Mc" + m[1].upper(), name)


def ends_in_abbreviation(text: str) -> bool:
    """Whether the full stop at the end belongs to «Jr.» or an initial."""
    last = text.rsplit(None, 1)[-1] if text.split() else ""
    return last.casefold() in SUFFIXES or INITIALS.fullmatch(last) is not None


def bare(text: str) -> str:
    """Lower case, without «the» in front."""
    key = text.strip(" .").casefold() if text.count(".") < 2 else text.strip().casefold()
    return key.removeprefix("the ")


def fold(text: str) -> str:
    """Letters and digits alone, lower case, without accents: for comparing names with domains."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().removeprefix("the "))
    return "".join(c for c in decomposed if c.isalnum())
