"""Describes clusters of quotes: the fullest wording, who speaks, when it was first seen, who printed it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa

from schemas.tables import QUOTE_CLUSTERS
from tasks.copies.candidates import Numbers
from tasks.copies.words import Words, identity
from tasks.extract.rows import key

SLICE = 20_000  # rows of quotes that are Python objects at a time, about
KINDS = ("indirect", "mixed", "direct")  # the last has the most of the speaker's own words

QUOTES = pa.schema(
    [
        pa.field("quote_id", pa.large_string()),
        pa.field("article_id", pa.large_string()),
        pa.field("published_on", pa.date32()),
        pa.field("publisher", pa.large_string()),
        pa.field("kind", pa.large_string()),
        pa.field("content", pa.large_string()),
        pa.field("verbatim", pa.large_list(pa.large_string())),
        pa.field("speaker", pa.large_string()),
        pa.field("speaker_id", pa.large_string()),
        pa.field("is_negated", pa.bool_()),
    ]
)
_COMPARED_ONLY = ["verbatim", "is_negated"]
MAPPING = pa.schema(
    [
        pa.field("quote_id", pa.string(), nullable=False),
        pa.field("quote_cluster_id", pa.string(), nullable=False),
    ]
)


def cluster_tables(
    quotes: pa.ipc.RecordBatchFileReader, words: Words, rows: Numbers, groups: Numbers, stories: pa.Table
) -> tuple[pa.Table, pa.Table]:
    """The mapping of quotes to clusters and the clusters, of the groups that two articles or more belong to.

    ``rows`` are row numbers of ``quotes`` (and of ``words``), the earliest first; ``groups`` has the group of each.
    """
    story = dict(zip(stories["article_id"].to_pylist(), stories["story_id"].to_pylist(), strict=True))
    order = np.argsort(groups, kind="stable")
    sizes = np.bincount(groups)
    order = order[sizes[groups[order]] > 1]
    rows, groups = rows[order], groups[order]
    members = _taken(quotes, rows)
    mapping, clusters = [MAPPING.empty_table()], [QUOTE_CLUSTERS.schema.empty_table()]
    for start, end in _slices(groups):
        listed = members.slice(start, end - start).to_pylist()
        for quote, row in zip(listed, rows[start:end], strict=True):
            quote["words"] = identity(words[row]).tobytes()
            quote["story"] = story.get(quote["article_id"], quote["article_id"])
        by_group = groupby(zip(groups[start:end], listed, strict=True), itemgetter(0))
        found = [[quote for _, quote in pairs] for _, pairs in by_group]
        found = [cluster for cluster in found if len({quote["article_id"] for quote in cluster}) > 1]
        described = [_cluster(cluster) for cluster in found]
        clusters.append(pa.Table.from_pylist(described, QUOTE_CLUSTERS.schema))
        ids = [
            {"quote_id": quote["quote_id"], "quote_cluster_id": row["quote_cluster_id"]}
            for row, cluster in zip(described, found, strict=True)
            for quote in cluster
        ]
        mapping.append(pa.Table.from_pylist(ids, MAPPING))
    return pa.concat_tables(mapping).sort_by("quote_id"), pa.concat_tables(clusters).sort_by("quote_cluster_id")


def _taken(quotes: pa.ipc.RecordBatchFileReader, rows: Numbers) -> pa.Table:
    """The rows of those numbers in their order, without the columns that describe no cluster."""
    order = np.argsort(rows)
    ordered = rows[order]
    found, start = [QUOTES.empty_table().drop_columns(_COMPARED_ONLY)], 0
    for k in range(quotes.num_record_batches):
        batch = quotes.get_batch(k)
        first, last = np.searchsorted(ordered, (start, start + batch.num_rows))
        if first < last:
            wanted = pa.array(ordered[first:last] - start)
            found.append(pa.Table.from_batches([batch]).drop_columns(_COMPARED_ONLY).take(wanted))
        start += batch.num_rows
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return pa.concat_tables(found).take(pa.array(place))


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
