"""Finds quotes of the same words in different articles, trimmed and reworded ones included.

docs/copies.md states the rules and the measurements behind the figures.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from array import array
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tasks.copies.candidates import Numbers, Packed, candidate_pairs, sketch
from tasks.copies.clusters import QUOTES, cluster_tables
from tasks.copies.groups import grow
from tasks.copies.speakers import Agreement, Speaker
from tasks.copies.wording import Wording, same_words
from tasks.copies.words import Words, identity, word_codes

MOST_WORDS = 400  # of a quote that are looked at
VERBATIM = 5  # words in quotation marks; a partly verbatim quote with fewer is compared as a whole
SHINGLE = 3  # words
REACH = 3  # quotes before it that a quote is paired with, in every bucket
PAIR_SHARE = 0.15  # of the smaller sketch, to be worth comparing
# Least words that have to agree, by what is known of the two speakers.
SPOKEN = {Agreement.SAME: 5, Agreement.UNKNOWN: 9, Agreement.OTHER: 20}
REPORTED = {Agreement.SAME: 9, Agreement.UNKNOWN: 12, Agreement.OTHER: 20}
CLOSELY = 0.8  # of the words of the shorter, where it is indirect or the speakers differ
PASSAGE = 120  # words; parts of a longer statement join it only if they are LEAST_PART of it
LEAST_PART = 0.25

Booleans = npt.NDArray[np.bool_]

TOO_SHORT = 0  # in place of a key

_COMPARED = ["kind", "content", "verbatim", "speaker", "speaker_id", "is_negated"]
_WHO = ["speaker", "speaker_id", "is_negated"]


def find_utterances(batches: Iterable[pa.RecordBatch], stories: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Clusters the quotes that are the same utterance, printed by two articles or more.

    Takes quote_id, article_id, published_on, publisher, kind, content, verbatim, speaker, speaker_id and is_negated;
    other columns are not looked at. ``stories`` is what find_stories returned for the articles. Returns the mapping
    quote_id to quote_cluster_id, sorted, of the quotes in a cluster, and the clusters, sorted by key. The result is a
    function of the sets of rows. Memory: about 200 bytes a quote, and the rows that are in clusters; words and rows
    lie in temporary files.
    """
    keys, spoken = array("Q"), array("B")
    with tempfile.NamedTemporaryFile() as file:
        with (
            Words() as cores,
            Words() as fulls,
            pa.OSFile(file.name, "wb") as sink,
            pa.ipc.new_file(sink, QUOTES) as writer,
        ):
            for batch in batches:
                quotes = pa.table([batch[name] for name in QUOTES.names], names=QUOTES.names).cast(QUOTES)
                writer.write_table(quotes)
                for row in quotes.select(_COMPARED).to_pylist():
                    key, is_spoken = _add(row, cores, fulls)
                    keys.append(key)
                    spoken.append(is_spoken)
        quotes = pa.ipc.open_file(pa.memory_map(file.name)).read_all()
    rows, groups = _grouped(quotes, np.array(keys, np.uint64), np.array(spoken, np.bool_), cores, fulls)
    return cluster_tables(quotes, fulls, rows, groups, stories)


def _add(row: dict[str, Any], cores: Words, fulls: Words) -> tuple[int, bool]:
    """Adds the words of a quote; returns a key that equal quotes share, or TOO_SHORT, and whether they were spoken.

    Words in quotation marks are spoken words; of a quote that has VERBATIM of them, they alone are compared.
    """
    core = full = word_codes(row["content"] or "")[:MOST_WORDS]
    is_spoken = row["kind"] == "direct"
    if row["kind"] == "mixed":
        verbatim = word_codes(" ".join(row["verbatim"] or ()))[:MOST_WORDS]
        is_spoken = len(verbatim) >= VERBATIM
        core = verbatim if is_spoken else full
    cores.add(core)
    fulls.add(full)
    speaker = Speaker.of(row["speaker"], row["speaker_id"])
    agreement = Agreement.SAME if speaker.is_known else Agreement.UNKNOWN
    if len(core) < (SPOKEN if is_spoken else REPORTED)[agreement]:
        return TOO_SHORT, is_spoken
    said = repr((speaker.id, sorted(speaker.words), is_spoken, row["is_negated"], len(core)))
    text = identity(core).tobytes() + identity(full).tobytes() + said.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little") or 1, is_spoken


def _grouped(quotes: pa.Table, keys: Packed, spoken: Booleans, cores: Words, fulls: Words) -> tuple[Numbers, Numbers]:
    """Rows that are long enough, the earliest first, and for each the number of its group."""
    order = [(name, "ascending", "at_end") for name in ("published_on", "article_id", "quote_id")]
    rows = np.asarray(pc.sort_indices(quotes.select([name for name, *_ in order]), order), np.int64)
    rows = rows[keys[rows] != TOO_SHORT]
    _, earliest, node = np.unique(keys[rows], return_index=True, return_inverse=True)
    firsts = rows[earliest]
    by_length = np.lexsort((earliest, -cores.lengths[firsts], ~spoken[firsts]))  # the longest spoken are centres
    place = np.empty_like(by_length)
    place[by_length] = np.arange(len(by_length))
    texts = firsts[by_length]
    centres = _centres(quotes.select(_WHO).take(pa.array(texts)), spoken[texts], texts, cores, fulls)
    return rows, centres[place[node]]


def _centres(quotes: pa.Table, spoken: Booleans, texts: Numbers, cores: Words, fulls: Words) -> Numbers:
    """For each of some different quotes, the longest first, the place of the centre of its group."""
    speakers = [Speaker.of(*row.values()) for row in quotes.select(["speaker", "speaker_id"]).to_pylist()]
    negated = quotes["is_negated"].to_pylist()

    @lru_cache(20_000)
    def wording(text: int) -> Wording:
        return Wording.of(cores[texts[text]], fulls[texts[text]])

    def joins(centre: int, member: int, text: int) -> bool:
        part, whole = sorted((wording(text), wording(centre)), key=lambda w: len(w.core))
        agreement = speakers[centre].agrees(speakers[text])
        if negated[text] != negated[centre] or len(whole.core) > max(PASSAGE, len(part.core) / LEAST_PART):
            return False
        share = same_words(part, whole)
        if share * len(part.core) < (SPOKEN if spoken[text] else REPORTED)[agreement]:
            return False
        if share < CLOSELY and not (agreement is not Agreement.OTHER and spoken[text] and spoken[centre]):
            return False
        if agreement is Agreement.UNKNOWN and speakers[text].is_known:
            speakers[centre] = speakers[text]  # so that the group does not take in two speakers
        return True

    centres = np.arange(len(texts))
    for centre, *others in grow(*_pairs(speakers, texts, cores, fulls), joins):
        centres[others] = centre
    return centres


def _pairs(speakers: list[Speaker], texts: Numbers, cores: Words, fulls: Words) -> tuple[Numbers, Numbers]:
    """Pairs of quotes worth comparing: of the same surname, or long enough to be known without a name."""
    named = np.flatnonzero([bool(speaker.words) for speaker in speakers])
    surnames = np.array([zlib.crc32(speakers[i].surname.encode("utf-8", "replace")) for i in named], np.uint32)
    long = np.flatnonzero(cores.lengths[texts] >= SPOKEN[Agreement.UNKNOWN])
    found = []
    for some, salts in ((named, surnames), (long, None)):
        sketches = sketch(fulls, texts[some], SHINGLE, window=1, salts=salts)
        a, b = candidate_pairs(sketches, len(some), PAIR_SHARE, REACH)
        found.append((some[a] << 32) | some[b])
    pairs = np.unique(np.concatenate(found))
    return pairs >> 32, pairs & 0xFFFFFFFF
