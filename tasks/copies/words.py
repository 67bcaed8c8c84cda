"""Texts as sequences of word codes, kept in a file, so that memory does not grow with the texts.

A code holds 29 bits of a hash of the folded word and three flags. Two texts are compared by their codes alone, whatever
their case, punctuation, brackets and quotation marks.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int64]

SPARSE = 4  # times as many words may be read as are asked for

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


class WordFile:
    """The codes of many texts, one behind the other, in a file that may hold some already. Within `with`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        self._file = self._path.open("a+b")
        self.end = self._file.seek(0, os.SEEK_END) // _CODE
        self._is_flushed = True
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, codes: Codes) -> int:
        """Appends the codes of a text; returns where they start."""
        start, self.end = self.end, self.end + len(codes)
        self._file.write(codes.tobytes())
        self._is_flushed = False
        return start

    def read(self, start: int, end: int) -> Codes:
        """The codes from one place to another."""
        if not self._is_flushed:
            self._file.flush()
            self._is_flushed = True
        # Not mapped into memory, where what was read would stay.
        return np.frombuffer(os.pread(self._file.fileno(), _CODE * (end - start), _CODE * start), np.uint32)


class Words:
    """The texts of a file, by number: ``words[i]`` are the codes of the i-th, an array of uint32.

    ``starts`` and ``lengths`` say where each starts, and how many words it has.
    """

    def __init__(self, file: WordFile, starts: Numbers, lengths: Numbers) -> None:
        self._file, self.starts, self.lengths = file, starts, lengths

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, i: int) -> Codes:
        start = int(self.starts[i])
        return self._file.read(start, start + int(self.lengths[i]))

    def some(self, texts: Numbers) -> list[Codes]:
        """The codes of several texts: read in one go where they lie about together, as they do in their order."""
        starts, lengths = self.starts[texts], self.lengths[texts]
        ends = starts + lengths
        first, last = (int(starts.min()), int(ends.max())) if len(texts) else (0, 0)
        if last - first > SPARSE * int(lengths.sum()):
            return [self[i] for i in texts.tolist()]
        codes = self._file.read(first, last)
        return [codes[a:b] for a, b in zip((starts - first).tolist(), (ends - first).tolist(), strict=True)]


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
