"""Texts as sequences of word codes, kept in a temporary file, so that memory does not grow with the texts.

A code holds 29 bits of a hash of the folded word and three flags. Two texts are compared by their codes alone, whatever
their case, punctuation, brackets and quotation marks.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
import weakref
from array import array
from typing import Self

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]

CAPITAL, NUMBER, NEGATOR = 1, 2, 4  # capitalised within a sentence; holds a digit; denies
FLAGS = CAPITAL | NUMBER | NEGATOR
_CODE = 4  # bytes
_HASH_MASK = 0xFFFFFFFF & ~FLAGS

# Scripts written without spaces (Thai, Lao, Burmese, Khmer, kana, Han): every character is a word.
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# A word with what shows that a sentence begins with it.
_WORD = re.compile(rf"(?:[.!?\n]\W{{1,4}})?(?:[{_SPACELESS}]|[^\W{_SPACELESS}]+(?:(?<=\d)[.,]\d+)*)")

# Words that turn a statement into its opposite. Contractions fall apart at the apostrophe: «don’t» is «don», «t».
_NEGATORS = """
    not no never t cannot nor neither none nobody nothing without dont
    nicht nie niemals kein keine keinen keinem keiner ohne
    ne n pas jamais aucun aucune sans nunca jamás sin não sem non senza
    niet geen nooit zonder inte aldrig ikke aldri bez
    не ни нет никогда без ні немає لا لم لن ليس 不 没 沒 無
"""
_NUMERALS = "two three four five six seven eight nine ten eleven twelve"  # count as 2 to 12


class Words:
    """The codes of many texts. ``words[i]`` are those of the i-th text added, an array of uint32.

    Texts are added within a `with` block, and read when it has ended.
    """

    def __init__(self) -> None:
        self._ends = array("q", [0])

    def __enter__(self) -> Self:
        self._file = tempfile.TemporaryFile()
        return self

    def __exit__(self, *_: object) -> None:
        with self._file as file:
            file.flush()
            self._descriptor = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._descriptor)

    def add(self, codes: Codes) -> None:
        """Appends the codes of a text."""
        self._file.write(codes.tobytes())
        self._ends.append(self._ends[-1] + len(codes))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, i: int) -> Codes:
        start, end = self._ends[i], self._ends[i + 1]
        # Not mapped into memory, where what was read would stay.
        return np.frombuffer(os.pread(self._descriptor, _CODE * (end - start), _CODE * start), np.uint32)

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Number of words of every text."""
        ends = np.array(self._ends, np.int64)
        return ends[1:] - ends[:-1]


def word_codes(text: str) -> Codes:
    """The codes of the words of a text in order."""
    found = _WORD.findall(unicodedata.normalize("NFKC", text))
    codes = np.fromiter(map(_CODES.__getitem__, found), np.uint32)
    codes[:1] &= ~np.uint32(CAPITAL)
    return codes


def identity(codes: Codes) -> Codes:
    """The codes without the flag that depends on how a word is printed."""
    return codes & np.uint32(0xFFFFFFFF ^ CAPITAL)


_BARE = re.compile(r"^[.!?\n]\W+")
_DENIES = frozenset(_NEGATORS.split())
_DIGITS = {word: str(n) for n, word in enumerate(_NUMERALS.split(), 2)}


class _Codes(dict[str, int]):
    """Codes by word, as far as there is room: a code is a function of its word alone, so forgetting changes nothing."""

    room = 50_000

    def __missing__(self, found: str) -> int:
        if len(self) >= self.room:
            self.clear()
        word = _BARE.sub("", found)
        folded = unicodedata.normalize("NFKC", word.casefold())
        folded = _DIGITS.get(folded, folded)
        digest = hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=4).digest()
        code = int.from_bytes(digest, "little") & _HASH_MASK
        code |= CAPITAL * (word == found and word[0] != word[0].lower())
        code |= NUMBER * any(c.isdigit() for c in folded)
        code |= NEGATOR * (folded in _DENIES)
        self[found] = code
        return code


_CODES = _Codes()
