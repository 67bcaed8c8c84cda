"""Finds the copies of whole articles: reprints, trimmed versions, versions with a paragraph more, exact copies.

docs/copies.md states the rules and the measurements behind the figures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tasks.copies.alike import SHINGLE, Text, are_alike
from tasks.copies.buckets import Packed
from tasks.copies.candidates import Candidates, Flags, distinct, rare, sketch
from tasks.copies.groups import regroup
from tasks.copies.kept import Kept, before_and_changed, in_rows, look_after, padded, read_kept, word_file, write_kept
from tasks.copies.rows import in_one_piece, owned
from tasks.copies.words import Numbers, WordFile, Words, identity, word_codes
from tasks.linked import Memory, nothing_remembered

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
_ARTICLES = pa.schema(
    [
        pa.field("article_id", pa.string()),
        pa.field("published_at", pa.timestamp("us", "UTC")),
        pa.field("published_on", pa.date32()),
        pa.field("same_content", pa.binary(_MARK.itemsize)),
        pa.field("same_words", pa.binary(_MARK.itemsize)),
        pa.field("start", pa.int64()),
        pa.field("length", pa.int64()),
    ]
)
_GROUPED = pa.schema(
    [
        *_ARTICLES,
        pa.field("group", pa.int64()),
        pa.field("is_text", pa.bool_()),
        pa.field("is_filled", pa.bool_()),
    ]
)
_TIMES = ["article_id", "published_at", "published_on"]
_KEPT = "stories"


def find_stories(
    batches: Iterable[pa.RecordBatch], memory: Memory | None = None, changed: pa.Array | None = None
) -> pa.Table:
    """Groups articles that are copies of one text.

    Takes article_id, published_at, published_on, content_sha256 and text; other columns are not looked at. Returns a
    row for every article that has a copy, sorted by article_id: ``story_id`` is the article_id of the earliest copy by
    published_at (else the midnight of published_on, undated ones last; then by id), and so is ``duplicate_of``, but for
    the earliest itself, where it is NULL. The result is a function of the set of rows. Memory: about 0.5 kB an article;
    words and sketches lie in files.

    Where the ``memory`` has what was found before, the rows are those of articles that have come or ``changed`` (the
    ids of these, and of all that went) since.
    """
    if memory is None:
        with nothing_remembered() as memory:
            return find_stories(batches, memory)
    gone = {} if changed is None else {"article_id": changed}
    before, kept = read_kept(memory, _KEPT, _GROUPED, gone)
    with WordFile(word_file(memory, _KEPT)) as file:
        new = [_taken_in(batch, file) for batch in batches]
        articles = in_one_piece([before.select(_ARTICLES.names), *new])
        words = Words(file, articles["start"].to_numpy(), articles["length"].to_numpy())
        look_after(memory, file, int(words.lengths.sum()))
        ranked = _by_time(articles)
        marks = np.column_stack([_marks(articles[name]) for name in ("same_content", "same_words")])[ranked]
        grouping = _Grouping(words, ranked, kept, before["is_filled"].to_numpy())
        originals = grouping.originals(marks)
        columns = (grouping.groups, grouping.groups >= 0, grouping.are_filled)
        rows = pa.table([*articles.columns, *map(pa.array, columns)], schema=_GROUPED)
        write_kept(memory, _KEPT, rows, grouping.pairs)
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


def _taken_in(batch: pa.RecordBatch, file: WordFile) -> pa.Table:
    """The rows of some articles; their words go into the file."""
    rows = owned(pa.table([batch[name] for name in _TIMES], names=_TIMES))
    found: dict[str, list[Any]] = {name: [] for name in _ARTICLES.names if name not in _TIMES}
    for content, text in zip(*(batch[name].to_pylist() for name in ("content_sha256", "text")), strict=True):
        codes = word_codes(text)
        words = hashlib.blake2b(identity(codes).tobytes(), digest_size=_MARK.itemsize)
        row = bytes.fromhex(content)[: _MARK.itemsize], words.digest(), file.add(codes), len(codes)
        for values, value in zip(found.values(), row, strict=True):
            values.append(value)
    return pa.table([*rows.columns, *found.values()], schema=_ARTICLES)


def _marks(column: pa.ChunkedArray) -> npt.NDArray[np.void]:
    values = column.combine_chunks()
    return np.frombuffer(values.buffers()[1], _MARK)[values.offset :][: len(values)]


def _by_time(articles: pa.Table) -> Numbers:
    """The row numbers of the articles, the earliest first."""
    midnight = articles["published_on"].cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
    at = pc.coalesce(articles["published_at"], midnight)
    keys = pa.table({"at": at, "article_id": articles["article_id"]})
    order = pc.sort_indices(keys, [("at", "ascending", "at_end"), ("article_id", "ascending", "at_end")])
    return np.asarray(order, np.int64)


class _Grouping:
    """Articles in groups, by row number, ``ranked`` the earliest first.

    After ``originals``, ``groups`` has of every text that was compared the first of its group, -1 of all others;
    ``are_filled`` whether it fills a template; ``pairs`` are those worth comparing.
    """

    def __init__(self, words: Words, ranked: Numbers, kept: Kept, were_filled: Flags) -> None:
        self._words, self._ranked, self._kept, self._were_filled = words, ranked, kept, were_filled
        self.groups = np.full(len(ranked), -1)
        self.are_filled = np.zeros(len(ranked), np.bool_)
        self.pairs = np.empty(0, np.uint64)

    def originals(self, marks: npt.NDArray[np.void]) -> Numbers:
        """For every article by rank, the rank of the earliest copy, which may be itself.

        ``marks`` are two of each article by rank: equal content has the first in common, equal words the second.
        """
        ranked = self._ranked
        same_content = _earliest(marks[:, 0])
        lengths = self._words.lengths[ranked]
        alone = np.flatnonzero((same_content == np.arange(len(ranked))) & (lengths > 0))
        same_words = np.arange(len(ranked))
        same_words[alone] = alone[_earliest(marks[alone, 1])]
        original = same_words[same_content]
        compared = np.flatnonzero((original == np.arange(len(ranked))) & (lengths >= SHORT))
        self._compare(ranked[compared])
        rank = np.empty_like(ranked)
        rank[ranked] = np.arange(len(ranked))
        merged = np.arange(len(ranked))
        merged[compared] = rank[self.groups[ranked[compared]]]
        return merged[original]

    def _compare(self, texts: Numbers) -> None:
        """Groups some texts, given by rank, with their near copies; what has not changed keeps its group."""
        words, kept, n_rows = self._words, self._kept, len(self.groups)
        pairs, self.are_filled[texts] = _pairs(words, texts)
        self.pairs = in_rows(pairs, texts)
        before, have_changed = before_and_changed(kept, self.pairs, texts, n_rows)
        have_changed |= (self.are_filled != padded(self._were_filled, n_rows, False))[texts]

        @lru_cache(4_000)
        def read(text: int) -> Text:
            return Text(words[texts[text]])

        def alike(one: int, other: int, least: float) -> bool:
            return are_alike(read(one), read(other), least, bool(self.are_filled[texts[[one, other]]].any()))

        def joins(original: int, member: int, text: int) -> bool:
            return alike(member, text, COPIED) and (member == original or alike(original, text, COPIED_FROM_ORIGINAL))

        centres = regroup(pairs, before, np.flatnonzero(have_changed), lambda: joins, joins)
        self.groups[texts] = texts[centres]


def _earliest(marks: npt.NDArray[np.void]) -> Numbers:
    """For every mark, the place of the first that is equal."""
    _, first, which = np.unique(marks, return_index=True, return_inverse=True)
    return np.asarray(first[which], np.int64)


def _pairs(words: Words, texts: Numbers) -> tuple[Packed, Flags]:
    """The pairs of texts worth comparing, and which of the texts fill a template."""
    windows = np.where(words.lengths[texts] < LONG, SHINGLE, WINDOW)
    with Candidates(len(texts), PAIR_SHARE) as candidates, Candidates(len(texts), PAIR_SHARE) as uncommon:
        for kept in sketch(words, texts, SHINGLE, windows):
            candidates.add(kept)
            uncommon.add(rare(kept, RARE))
        are_filled = uncommon.sizes < (1 - IN_TEMPLATE) * candidates.sizes
        return distinct(np.concatenate([candidates.pairs(), uncommon.pairs()])), are_filled
