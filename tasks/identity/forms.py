"""A name's form: what is left when case, accents and punctuation are taken away, and the id that it has for ever."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import files

# Letters that Unicode does not decompose. The umlauts' second spelling (ü as ue) is no matter of the form.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss", "ħ": "h"}
)
_SILENT = re.compile(r"['’‘`´ʼʻ.\u0300-\u036f\u200b-\u200f]")
_GAP = re.compile(r"[\W_]+")
_ASCII = str.maketrans({c: "" if c in "'`." else " " for c in map(chr, range(128)) if not c.isalnum()})


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The form of a name: «Guaidó’s» and «GUAIDOS» have the form `guaidos`, «U.S.» has `us`.

    Apostrophes and full stops vanish, all other punctuation counts as a space. Never empty, except for an empty text:
    a name of nothing but punctuation is its own form.
    """
    if text.isascii():
        return " ".join(text.lower().translate(_ASCII).split()) or text.strip()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_LETTERS)
    return _GAP.sub(" ", _SILENT.sub("", decomposed)).strip() or text.strip()


def form_id(label: str, form: str, part: str = "") -> str:
    """The id of a form: 32 hex digits, BLAKE2b-128 of the label and the form, and of the part where a form was split.

    Ids are stored in lakes, so neither this function nor ``fold`` may change without a new major version of the tables.
    """
    fields = [label, form, part] if part else [label, form]
    return blake2b("\x1f".join(fields).encode(), digest_size=16).hexdigest()


@cache
def rows_of(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of one of this package's tables of names, split at tabs."""
    text = files("tasks.identity").joinpath("data", name).read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line)
