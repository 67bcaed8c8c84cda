"""Describes clusters of quotes: the fullest wording, who speaks, when it was first seen, who printed it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.tables import QUOTE_CLUSTERS
from tasks.copies.candidates import Flags
from tasks.copies.kept import Kept, padded
from tasks.copies.words import Numbers, Words, identity
from tasks.extract.rows import key
from tasks.linked import Memory

SLICE = 5_000  # rows of quotes that are Python objects at a time, about
KINDS = ("indirect", "mixed", "direct")  # the last has the most of the speaker's own words

QUOTES = pa.schema(
    [
        pa.field("quote_id", pa.large_string()),
        pa.field("article_id", pa.large_string()),
        pa.field("published_on", pa.date32()),
        pa.field("publisher", pa.large_string()),
        pa.field("kind", pa.large_string()),
        pa.field("content", pa.large_string()),
        pa.field("speaker", pa.large_string()),
        pa.field("speaker_id", pa.large_string()),
    ]
)
MAPPING = pa.schema(
    [
        pa.field("quote_id", pa.string(), nullable=False),
        pa.field("quote_cluster_id", pa.string(), nullable=False),
    ]
)


class Grouped(Protocol):
    """Quotes by row number: ``rows`` with quote_id and article_id, the words, the group of each (-1 of those that are
    too short), and the rows of all others, the earliest first.
    """

    rows: pa.Table
    fulls: Words
    groups: Numbers
    by_time: Numbers


_KEPT, _TOLD = "clusters.parquet", "clusters_stories.parquet"
_GROUPED = QUOTE_CLUSTERS.schema.append(pa.field("group", pa.int64()))


def cluster_tables(
    quotes: Grouped, kept: Kept, stories: pa.Table, quotes_by_id: Callable[[pa.Array], pa.Table], memory: Memory
) -> tuple[pa.Table, pa.Table]:
    """The mapping of quotes to clusters and the clusters, of the groups that two articles or more belong to.

    A group of which neither the quotes nor the stories that they stand in have changed is not described anew.
    """
    rows = quotes.by_time
    groups = quotes.groups[rows]
    rows = rows[np.bincount(groups, minlength=len(quotes.groups))[groups] > 1]
    groups = quotes.groups[rows]
    are_new = _changed_groups(quotes, kept, _moved(stories, memory))
    described = rows[are_new[groups]]
    described = described[np.argsort(quotes.groups[described], kind="stable")]
    clusters = pa.concat_tables(
        [_still_right(memory, kept, are_new), _described(quotes, described, stories, quotes_by_id)]
    ).sort_by("quote_cluster_id")
    pq.write_table(clusters, memory.after / _KEPT, compression="zstd")
    pq.write_table(stories, memory.after / _TOLD, compression="zstd")
    place = np.full(len(quotes.groups), -1)
    place[clusters["group"].to_numpy()] = np.arange(len(clusters))
    rows = rows[place[groups] >= 0]
    ids = clusters["quote_cluster_id"].take(pa.array(place[quotes.groups[rows]]))
    mapping = pa.table([quotes.rows["quote_id"].take(pa.array(rows)), ids], names=MAPPING.names).cast(MAPPING)
    return mapping.sort_by("quote_id"), clusters.drop_columns("group")


def _changed_groups(quotes: Grouped, kept: Kept, moved: pa.Array) -> Flags:
    """By group, whether a quote came or went, or one of its articles has moved to another story."""
    groups, before = quotes.groups, padded(kept.groups, len(quotes.groups), -1)
    is_other = groups != before
    is_other |= np.asarray(pc.is_in(quotes.rows["article_id"], moved))
    found = np.zeros(len(groups) + 1, np.bool_)  # with a place for -1
    for some in (groups[is_other], before[is_other], kept.groups_left):
        found[some] = True
    return found[:-1]


def _moved(stories: pa.Table, memory: Memory) -> pa.Array:
    """The ids of the articles that are in another story than they were."""
    if memory.before is None:
        return pa.array([], pa.string())
    now, before = set(_story_of(stories).items()), set(_story_of(pq.read_table(memory.before / _TOLD)).items())
    return pa.array(sorted({article_id for article_id, _ in now ^ before}), pa.string())


def _story_of(stories: pa.Table) -> dict[str, str]:
    return dict(zip(stories["article_id"].to_pylist(), stories["story_id"].to_pylist(), strict=True))


def _still_right(memory: Memory, kept: Kept, are_new: Flags) -> pa.Table:
    """The clusters of the last time whose groups are what they were."""
    if memory.before is None:
        return _GROUPED.empty_table()
    clusters = pq.read_table(memory.before / _KEPT, schema=_GROUPED, partitioning=None)
    groups = kept.numbers[clusters["group"].to_numpy()]
    stays = (groups >= 0) & ~np.append(are_new, True)[groups]
    place = clusters.schema.get_field_index("group")
    return clusters.set_column(place, _GROUPED.field(place), pa.array(groups)).filter(pa.array(stays))


def _described(
    quotes: Grouped, rows: Numbers, stories: pa.Table, quotes_by_id: Callable[[pa.Array], pa.Table]
) -> pa.Table:
    """The clusters of quotes, given group by group, the earliest first."""
    ids = quotes.rows["quote_id"].take(pa.array(rows)).combine_chunks()
    members = quotes_by_id(ids)
    members = members.take(pc.index_in(ids, members["quote_id"].combine_chunks()))
    story = _story_of(stories)
    groups, clusters = quotes.groups[rows], [_GROUPED.empty_table()]
    for start, end in _slices(groups):
        listed = members.slice(start, end - start).to_pylist()
        for quote, row in zip(listed, rows[start:end].tolist(), strict=True):
            quote["words"] = identity(quotes.fulls[row]).tobytes()
            quote["story"] = story.get(quote["article_id"], quote["article_id"])
        by_group = groupby(zip(groups[start:end].tolist(), listed, strict=True), itemgetter(0))
        found = [(group, [quote for _, quote in pairs]) for group, pairs in by_group]
        described = [
            _cluster(cluster) | {"group": group}
            for group, cluster in found
            if len({quote["article_id"] for quote in cluster}) > 1
        ]
        clusters.append(pa.Table.from_pylist(described, _GROUPED))
    return pa.concat_tables(clusters)


def _slices(groups: Numbers) -> Iterator[tuple[int, int]]:
    """Bounds of slices of about SLICE rows that hold whole groups."""
    ends = np.flatnonzero(np.diff(groups, append=-1)) + 1
    start = 0
    for end in ends.tolist():
        if end - start >= SLICE or end == len(groups):
            yield start, end
            start = end


def _cluster(quotes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The row of a cluster, from its quotes, the earliest first."""
    printed: dict[bytes, list[dict[str, Any]]] = {}
    publishers: dict[str, str | None] = {}  # by story: a copy is no second witness
    for quote in quotes:
        printed.setdefault(quote["words"], []).append(quote)
        publishers.setdefault(quote["story"], quote["publisher"])
    wordings = sorted(printed.values(), key=len, reverse=True)
    fullest = max(wordings, key=lambda same: (KINDS.index(same[0]["kind"]), len(same), len(same[0]["words"])))
    speakers = Counter((q["speaker"], q["speaker_id"]) for q in quotes if q["speaker"])
    speaker, speaker_id = speakers.most_common(1)[0][0] if speakers else (None, None)
    return {
        "quote_cluster_id": key("quote_cluster", quotes[0]["quote_id"]),
        "canonical_content": fullest[0]["content"],
        "speaker_id": speaker_id,
        "speaker": speaker,
        "first_seen_on": quotes[0]["published_on"],
        "n_quotes": len(quotes),
        "n_publishers": len(set(publishers.values())),
        "wordings": [{"text": same[0]["content"], "n": len(same)} for same in wordings],
    }
