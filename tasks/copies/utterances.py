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

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tasks.copies.buckets import HALF, LOW, Packed
from tasks.copies.candidates import Numbers, candidate_pairs, distinct, packed, sketch
from tasks.copies.clusters import QUOTES, cluster_tables
from tasks.copies.groups import grow
from tasks.copies.overlap import ALL, SOME, compare
from tasks.copies.rows import owned
from tasks.copies.speakers import Agreement, Speaker
from tasks.copies.wording import Wording, aligned, same_words
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

TOO_SHORT = 0  # in place of a key

_COMPARED = ["kind", "content", "verbatim", "speaker", "speaker_id", "is_negated"]
_ORDER = ["published_on", "article_id", "quote_id"]


def find_utterances(batches: Iterable[pa.RecordBatch], stories: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Clusters the quotes that are the same utterance, printed by two articles or more.

    Takes quote_id, article_id, published_on, publisher, kind, content, verbatim, speaker, speaker_id and is_negated;
    other columns are not looked at. ``stories`` is what find_stories returned for the articles. Returns the mapping
    quote_id to quote_cluster_id, sorted, of the quotes in a cluster, and the clusters, sorted by key. The result is a
    function of the sets of rows. Memory: about 150 bytes a quote, the distinct speakers, and the rows that are in
    clusters; words, sketches and rows lie in temporary files.
    """
    with tempfile.TemporaryFile() as file:
        with (
            Words() as cores,
            Words() as fulls,
            pa.ipc.new_file(pa.PythonFile(file, "w"), QUOTES) as writer,
        ):
            quotes = Quotes(cores, fulls)
            for batch in batches:
                rows = pa.table([batch[name] for name in QUOTES.names], names=QUOTES.names).cast(QUOTES)
                writer.write_table(rows)
                quotes.add(rows)
        rows, groups = quotes.grouped()
        file.seek(0)
        return cluster_tables(pa.ipc.open_file(pa.PythonFile(file, "r")), fulls, rows, groups, stories)


class Quotes:
    """What is compared of the quotes, by number."""

    def __init__(self, cores: Words, fulls: Words) -> None:
        self._cores, self._fulls = cores, fulls
        self._keys, self._spoken, self._negated, self._speakers = array("Q"), array("B"), array("B"), array("I")
        self._known: dict[tuple[str | None, str | None], int] = {}
        self._people: list[Speaker] = []
        self._places: list[pa.Table] = []

    def add(self, quotes: pa.Table) -> None:
        """Takes in rows of the schema QUOTES."""
        self._places.append(owned(quotes.select(_ORDER)))
        for row in quotes.select(_COMPARED).to_pylist():
            self._add(**row)

    def _add(
        self,
        kind: str,
        content: str | None,
        verbatim: list[str] | None,
        speaker: str | None,
        speaker_id: str | None,
        is_negated: bool | None,
    ) -> None:
        """Words in quotation marks are spoken words; of a quote that has VERBATIM of them, they alone are compared.

        Equal quotes have equal keys; TOO_SHORT is the key of those that are not compared.
        """
        core = full = word_codes(content or "")[:MOST_WORDS]
        is_spoken = kind == "direct"
        if kind == "mixed":
            quoted = word_codes(" ".join(verbatim or ()))[:MOST_WORDS]
            is_spoken = len(quoted) >= VERBATIM
            core = quoted if is_spoken else full
        self._cores.add(core)
        self._fulls.add(full)
        number = self._known.setdefault((speaker, speaker_id), len(self._people))
        if number == len(self._people):
            self._people.append(Speaker.of(speaker, speaker_id))
        person = self._people[number]
        agreement = Agreement.SAME if person.is_known else Agreement.UNKNOWN
        key = TOO_SHORT
        if len(core) >= (SPOKEN if is_spoken else REPORTED)[agreement]:
            said = repr((person.id, sorted(person.words), is_spoken, is_negated, len(core)))
            text = identity(core).tobytes() + identity(full).tobytes() + said.encode("utf-8", "surrogatepass")
            key = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little") or 1
        self._keys.append(key)
        self._spoken.append(is_spoken)
        self._negated.append(2 if is_negated is None else is_negated)
        self._speakers.append(number)

    def grouped(self) -> tuple[Numbers, Numbers]:
        """Numbers of quotes that are long enough, the earliest first, and for each the number of its group."""
        keys, spoken = np.asarray(self._keys), np.asarray(self._spoken).astype(np.bool_)
        rows = self._by_time()
        rows = rows[keys[rows] != TOO_SHORT]
        _, earliest, node = np.unique(keys[rows], return_index=True, return_inverse=True)
        firsts = rows[earliest]
        by_length = np.lexsort((earliest, -self._cores.lengths[firsts], ~spoken[firsts]))  # the longest spoken: centres
        place = np.empty_like(by_length)
        place[by_length] = np.arange(len(by_length))
        return rows, self._centres(firsts[by_length])[place[node]]

    def _by_time(self) -> Numbers:
        places = pa.concat_tables([QUOTES.empty_table().select(_ORDER), *self._places])
        self._places = []
        return np.asarray(pc.sort_indices(places, [(name, "ascending", "at_end") for name in _ORDER]), np.int64)

    def _centres(self, texts: Numbers) -> Numbers:
        """For each of some different quotes, the longest first, the place of the centre of its group."""
        cores, fulls = self._cores, self._fulls
        negated, spoken = np.asarray(self._negated)[texts], np.asarray(self._spoken)[texts]
        numbers, lengths = np.asarray(self._speakers)[texts], cores.lengths[texts]
        pairs = self._pairs(texts)
        one, other = (pairs >> HALF).astype(np.int64), (pairs & LOW).astype(np.int64)
        is_part = lengths[other] <= lengths[one]
        parts, wholes = np.where(is_part, other, one), np.where(is_part, one, other)
        overlaps = compare(cores, fulls, texts[parts], texts[wholes])
        speakers: dict[int, Speaker] = {}  # of centres that have taken over that of another

        @lru_cache(5_000)
        def wording(text: int) -> Wording:
            return Wording.of(cores[texts[text]], fulls[texts[text]])

        def shared(centre: int, text: int, part: int, whole: int) -> float:
            """The share of the words of the part that the whole has."""
            pair = centre << 32 | text
            k = int(pairs.searchsorted(np.uint64(pair)))
            if k == len(pairs) or pairs[k] != pair:  # the text was reached by way of another
                return same_words(wording(part), wording(whole))
            if overlaps[k] == SOME:
                return aligned(wording(part), wording(whole))
            return float(overlaps[k] == ALL)

        def joins(centre: int, member: int, text: int) -> bool:
            part, whole = (text, centre) if lengths[text] <= lengths[centre] else (centre, text)
            said_by = self._people[numbers[text]]
            agreement = speakers.get(centre, self._people[numbers[centre]]).agrees(said_by)
            if negated[text] != negated[centre] or lengths[whole] > max(PASSAGE, lengths[part] / LEAST_PART):
                return False
            share = shared(centre, text, part, whole)
            if share * lengths[part] < (SPOKEN if spoken[text] else REPORTED)[agreement]:
                return False
            if share < CLOSELY and not (agreement is not Agreement.OTHER and spoken[text] and spoken[centre]):
                return False
            if agreement is Agreement.UNKNOWN and said_by.is_known:
                speakers[centre] = said_by  # so that the group does not take in two speakers
            return True

        centres = np.arange(len(texts))
        for centre, *others in grow(pairs, joins):
            centres[others] = centre
        return centres

    def _pairs(self, texts: Numbers) -> Packed:
        """Pairs of quotes worth comparing: of the same surname, or long enough to be known without a name."""
        salts = np.array([zlib.crc32(p.surname.encode("utf-8", "replace")) for p in self._people], np.uint32)
        has_name = np.array([bool(person.words) for person in self._people], np.bool_)
        numbers = np.asarray(self._speakers)[texts]
        named = np.flatnonzero(has_name[numbers])
        long = np.flatnonzero(self._cores.lengths[texts] >= SPOKEN[Agreement.UNKNOWN])
        found = []
        for some, salt in ((named, salts[numbers[named]]), (long, None)):
            sketches = sketch(self._fulls, texts[some], SHINGLE, window=1, salts=salt)
            pairs = candidate_pairs(sketches, len(some), PAIR_SHARE, REACH)
            found.append(packed(some[(pairs >> HALF).astype(np.int64)], some[(pairs & LOW).astype(np.int64)]))
        return distinct(np.concatenate(found))
