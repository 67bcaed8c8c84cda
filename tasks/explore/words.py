"""The same words in several articles: who printed them first, how the wordings differ, and which are copies."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Any

from tasks.explore.reader import Reading
from tasks.explore.search import quotes

WORD = re.compile(r"\s*\S+")
LONGEST = 400  # words of a wording that are compared
PRINTINGS = 60
WORDINGS = 12
CLUSTERS_A_PAGE = 30


def find_words(reading: Reading, key: str) -> dict[str, Any] | None:
    """The utterance whose id is, or begins with, ``key``.

    It has its row, ``wordings`` with what differs marked, and ``stories`` in order of time. A story has ``first`` and
    ``copies``, which are printings: a quote and its place. At most PRINTINGS are read.
    """
    query = "FROM quote_clusters WHERE quote_cluster_id BETWEEN $key AND rpad($key, 32, 'f') LIMIT 2"
    cluster = reading.only(query, {"key": key})
    if cluster is None:
        return None
    places = reading.rows(
        f"""SELECT q.n, lookup.key(q.entity) AS speaker_id, lookup.key(a.story) AS story_id
            FROM lookup.quote q JOIN lookup.article a USING (article) WHERE cluster = ?::UUID
            ORDER BY q.day NULLS LAST, a.is_copy, q.n LIMIT {PRINTINGS}""",
        [cluster["quote_cluster_id"]],
    )
    stories: dict[str, list[dict[str, Any]]] = {}
    for place, row in zip(places, quotes(reading, places), strict=True):
        stories.setdefault(place["story_id"], []).append(row)
    canonical = cluster["canonical_content"]
    return {
        "cluster": cluster,
        "wordings": [
            wording | {"parts": compare(canonical, wording["text"])} for wording in cluster["wordings"][:WORDINGS]
        ],
        "stories": [{"first": printed[0], "copies": printed[1:]} for printed in stories.values()],
    }


def list_words(reading: Reading, page: int) -> list[dict[str, Any]]:
    """Utterances, those of most publishers first; one more than a page."""
    return reading.rows(
        f"""SELECT quote_cluster_id, canonical_content, speaker, speaker_id, first_seen_on, n_quotes, n_publishers,
                   len(wordings) AS n_wordings FROM quote_clusters
            ORDER BY n_publishers DESC, n_quotes DESC, first_seen_on DESC NULLS LAST, quote_cluster_id
            LIMIT {CLUSTERS_A_PAGE + 1} OFFSET {CLUSTERS_A_PAGE * (page - 1)}"""
    )


def compare(canonical: str, wording: str) -> list[tuple[str, str]]:
    """The words of a wording as stretches: `same`, `added` (not in the canonical one), `left` (only there).

    Words are compared without case and punctuation; the whitespace before a word belongs to it.
    """
    ours, theirs = WORD.findall(canonical)[:LONGEST], WORD.findall(wording)[:LONGEST]
    matcher = SequenceMatcher(None, [_bare(w) for w in ours], [_bare(w) for w in theirs], autojunk=False)
    parts: list[tuple[str, str]] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            parts.append(("same", _joined(theirs[k:m], parts)))
            continue
        if i < j:
            parts.append(("left", _joined(ours[i:j], parts)))
        if k < m:
            parts.append(("added", _joined(theirs[k:m], parts)))
    return parts


def _joined(words: list[str], before: list[tuple[str, str]]) -> str:
    """Words with the spaces that belong to them, and at least one behind what stands before."""
    text = "".join(words)
    return text if not before or text[0].isspace() else f" {text}"


def _bare(word: str) -> str:
    return re.sub(r"[\W_]+", "", word).casefold() or word.strip()
