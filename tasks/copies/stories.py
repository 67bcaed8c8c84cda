"""Finds the copies of whole articles: reprints, trimmed versions, versions with a paragraph more, exact copies.

docs/copies.md states the rules and the measurements behind the figures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tasks.copies.alike import SHINGLE, Text, are_alike
from tasks.copies.buckets import Packed
from tasks.copies.candidates import Candidates, Flags, Numbers, distinct, rare, sketch
from tasks.copies.groups import grow
from tasks.copies.rows import owned
from tasks.copies.words import Words, identity, word_codes

SHORT = 35  # words; shorter texts are copies only where they are the same words in the same order
WINDOW = 16  # shingles, of which one is kept
LONG = 300  # words; of shorter texts one of SHINGLE shingles is kept, so that every name and number stands in one
PAIR_SHARE = 0.1  # of the smaller sketch, or of what is rare in it, to be worth comparing
RARE = 20  # articles at most that keep a shingle
IN_TEMPLATE = 0.5  # of a sketch is not rare
COPIED = 0.62  # of the shingles of the text with fewer
COPIED_FROM_ORIGINAL = 0.4  # of the same, for a text that is reached by way of another copy

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

    Takes article_id, published_at, published_on, content_sha256 and text; other columns are not looked at. Returns a
    row for every article that has a copy, sorted by article_id: ``story_id`` is the article_id of the earliest copy by
    published_at (else the midnight of published_on, undated ones last; then by id), and so is ``duplicate_of``, but for
    the earliest itself, where it is NULL. The result is a function of the set of rows. Memory: about 0.5 kB an article;
    words and sketches lie in temporary files.
    """
    marks = bytearray()
    rows = []
    with Words() as words:
        for batch in batches:
            rows.append(owned(pa.table([batch[name] for name in _TIMES.names], schema=_TIMES)))
            for content, text in zip(*(batch[name].to_pylist() for name in ("content_sha256", "text")), strict=True):
                codes = word_codes(text)
                words.add(codes)
                marks += bytes.fromhex(content)[: _MARK.itemsize]
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
    pairs, are_filled = _pairs(words, texts)

    @lru_cache(4_000)
    def read(text: int) -> Text:
        return Text(words[texts[text]])

    def alike(one: int, other: int, least: float) -> bool:
        return are_alike(read(one), read(other), least, bool(are_filled[one] or are_filled[other]))

    def joins(original: int, member: int, text: int) -> bool:
        return alike(member, text, COPIED) and (member == original or alike(original, text, COPIED_FROM_ORIGINAL))

    return {text: group[0] for group in grow(pairs, joins) for text in group[1:]}


def _pairs(words: Words, texts: Numbers) -> tuple[Packed, Flags]:
    """The pairs of texts worth comparing, and which of the texts fill a template."""
    windows = np.where(words.lengths[texts] < LONG, SHINGLE, WINDOW)
    with Candidates(len(texts), PAIR_SHARE) as candidates, Candidates(len(texts), PAIR_SHARE) as uncommon:
        for kept in sketch(words, texts, SHINGLE, windows):
            candidates.add(kept)
            uncommon.add(rare(kept, RARE))
        are_filled = uncommon.sizes < (1 - IN_TEMPLATE) * candidates.sizes
        return distinct(np.concatenate([candidates.pairs(), uncommon.pairs()])), are_filled
