"""Finds the copies of whole articles: reprints, trimmed versions, versions with a paragraph more, exact copies.

docs/copies.md states the rules and the measurements behind the figures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tasks.copies.candidates import Hashes, Numbers, candidate_pairs, shingles, sketch
from tasks.copies.groups import grow
from tasks.copies.words import CAPITAL, NUMBER, Codes, Words, identity, word_codes
from tasks.normalise.text import content_digest

SHINGLE = 5  # words
WINDOW = 16  # shingles, of which one is kept
SHORT = 35  # words; shorter texts are copies only where they are the same words in the same order
PAIR_SHARE = 0.1  # of the smaller sketch, to be worth comparing
COPIED = 0.62  # of the shingles of the text with fewer
COPIED_FROM_ORIGINAL = 0.4  # of the same, for a text that is reached by way of another copy
LEAST_PART = 0.25  # a copy's length beside its original's, in shingles
BRIEF = 100  # shingles
NEARLY_ALL = 0.85  # of the shingles
FEW = 3  # names and numbers; fewer prove nothing
FEW_NUMBERS = 5
PARTICULARS_KEPT = 0.6  # of the names and numbers, beside the share of the shingles
NUMBERS_KEPT = 0.5

STORIES = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("story_id", pa.string(), nullable=False),
        pa.field("duplicate_of", pa.string()),
    ]
)
_MARK = np.dtype("V16")
_TIMES = pa.schema(
    [
        pa.field("article_id", pa.string()),
        pa.field("published_at", pa.timestamp("us", "UTC")),
        pa.field("published_on", pa.date32()),
    ]
)


def find_stories(batches: Iterable[pa.RecordBatch]) -> pa.Table:
    """Groups articles that are copies of one text.

    Takes article_id, published_at, published_on and text; other columns are not looked at. Returns a row for every
    article that has a copy, sorted by article_id: ``story_id`` is the article_id of the earliest copy by published_at
    (else the midnight of published_on, undated ones last; then by id), and so is ``duplicate_of``, but for the earliest
    itself, where it is NULL. The result is a function of the set of rows. Memory: about 0.5 kB an article; words and
    sketches lie in temporary files.
    """
    marks = bytearray()
    rows = []
    with Words() as words:
        for batch in batches:
            rows.append(pa.table([batch[name] for name in _TIMES.names], schema=_TIMES))
            for text in batch["text"].to_pylist():
                codes = word_codes(text or "")
                words.add(codes)
                marks += bytes.fromhex(content_digest(text or ""))[: _MARK.itemsize]
                marks += hashlib.blake2b(identity(codes).tobytes(), digest_size=_MARK.itemsize).digest()
    articles = pa.concat_tables([_TIMES.empty_table(), *rows])
    ranked = _by_time(articles)
    originals = _originals(words, np.frombuffer(marks, _MARK).reshape(-1, 2)[ranked], ranked)
    is_copy = originals != np.arange(len(originals))
    with_copies = np.zeros(len(originals), np.bool_)
    with_copies[originals[is_copy]] = True
    ranks = np.flatnonzero(with_copies[originals])
    ids, first = articles["article_id"], pa.array(ranked[originals[ranks]])
    found = {
        "article_id": ids.take(pa.array(ranked[ranks])),
        "story_id": ids.take(first),
        "duplicate_of": ids.take(pc.if_else(pa.array(is_copy[ranks]), first, None)),
    }
    return pa.table(found, schema=STORIES).sort_by("article_id").combine_chunks()


def _by_time(articles: pa.Table) -> Numbers:
    """The row numbers of the articles, the earliest first."""
    midnight = articles["published_on"].cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
    at = pc.coalesce(articles["published_at"], midnight)
    keys = pa.table({"at": at, "article_id": articles["article_id"]})
    order = pc.sort_indices(keys, [("at", "ascending", "at_end"), ("article_id", "ascending", "at_end")])
    return np.asarray(order, np.int64)


def _originals(words: Words, marks: npt.NDArray[np.void], ranked: Numbers) -> Numbers:
    """For every article by rank, the rank of the earliest copy, which may be itself.

    ``marks`` are two of each article by rank: equal content has the first in common, equal words the second.
    """
    same_content = _earliest(marks[:, 0])
    lengths = words.lengths[ranked]
    alone = np.flatnonzero((same_content == np.arange(len(ranked))) & (lengths > 0))
    same_words = np.arange(len(ranked))
    same_words[alone] = alone[_earliest(marks[alone, 1])]
    original = same_words[same_content]
    centres = np.flatnonzero((original == np.arange(len(ranked))) & (lengths >= SHORT))
    near = _near_copies(words, ranked[centres])
    merged = np.arange(len(ranked))
    merged[centres[list(near.keys())]] = centres[list(near.values())]
    return merged[original]


def _earliest(marks: npt.NDArray[np.void]) -> Numbers:
    """For every mark, the place of the first that is equal."""
    _, first, which = np.unique(marks, return_index=True, return_inverse=True)
    return np.asarray(first[which], np.int64)


def _near_copies(words: Words, texts: Numbers) -> dict[int, int]:
    """Numbers of texts, given by rank, and of the original that each is a copy of."""

    @lru_cache(4_000)
    def shingled(text: int) -> Hashes:
        return np.unique(shingles(words[texts[text]], SHINGLE))

    @lru_cache(4_000)
    def particulars(text: int) -> Particulars:
        return Particulars.of(words[texts[text]])

    def copied(one: int, other: int) -> float:
        """The share of the shingles of the text with fewer that the other has; 0 where the other is far longer."""
        fewer, more = sorted((shingled(one), shingled(other)), key=len)
        return 0.0 if len(fewer) < LEAST_PART * len(more) else share(fewer, more)

    def alike(one: int, other: int, least: float) -> bool:
        shared = copied(one, other)
        is_brief = min(len(shingled(one)), len(shingled(other))) < BRIEF
        return shared >= least and keeps_particulars(particulars(one), particulars(other), shared, is_brief)

    def joins(original: int, member: int, text: int) -> bool:
        return alike(member, text, COPIED) and (member == original or alike(original, text, COPIED_FROM_ORIGINAL))

    pairs = candidate_pairs(sketch(words, texts, SHINGLE, WINDOW), len(texts), PAIR_SHARE)
    return {text: group[0] for group in grow(pairs, joins) for text in group[1:]}


def share(some: Codes, all_: Codes) -> float:
    """The share of ``some`` that is in ``all_``; both hold every code once."""
    return len(np.intersect1d(some, all_, assume_unique=True)) / len(some)


class Particulars(NamedTuple):
    """The different words of a text, its names with its numbers, and its numbers alone.

    A name is a word capitalised within a sentence that the text never has in small letters.
    """

    words: Codes
    both: Codes
    numbers: Codes

    @classmethod
    def of(cls, codes: Codes) -> Particulars:
        """From codes as they are kept in Words."""
        numbers = np.unique(identity(codes[(codes & NUMBER) != 0]))
        names = identity(codes[(codes & (CAPITAL | NUMBER)) == CAPITAL])
        small = codes[(codes & (CAPITAL | NUMBER)) == 0]
        return cls(np.unique(identity(codes)), np.union1d(np.setdiff1d(names, small), numbers), numbers)


def keeps_particulars(one: Particulars, other: Particulars, shared: float, is_brief: bool = False) -> bool:
    """Whether names and numbers are kept about as well as runs of words: not so for two uses of a template.

    ``shared`` is the share of the shingles that the two texts have in common. A brief text that has hardly a name or
    number says the same as another only where nearly all of it is there, and every name and number.
    """
    fewer, more = sorted((one, other), key=lambda text: len(text.both))
    if len(fewer.both) < FEW:
        return not is_brief or (shared >= NEARLY_ALL and bool(np.isin(fewer.both, more.words).all()))
    if share(fewer.both, more.words) < PARTICULARS_KEPT * shared:
        return False
    fewer, more = sorted((one, other), key=lambda text: len(text.numbers))
    return len(fewer.numbers) < FEW_NUMBERS or share(fewer.numbers, more.words) >= NUMBERS_KEPT * shared
