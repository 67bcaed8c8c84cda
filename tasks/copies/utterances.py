"""Finds quotes of the same words in different articles, trimmed and reworded ones included.

docs/copies.md states the rules and the measurements behind the figures.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tasks.copies.buckets import HALF, LOW, Packed
from tasks.copies.candidates import Flags, candidate_pairs, distinct, packed, sketch
from tasks.copies.clusters import cluster_tables
from tasks.copies.groups import Joins, regroup
from tasks.copies.kept import Kept, before_and_changed, in_rows, look_after, read_kept, word_file, write_kept
from tasks.copies.overlap import ALL, SOME, compare
from tasks.copies.rows import in_one_piece, owned
from tasks.copies.speakers import Agreement, Speaker
from tasks.copies.wording import Wording, aligned, same_words
from tasks.copies.words import Numbers, WordFile, Words, identity, word_codes
from tasks.linked import Memory, nothing_remembered

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

_TAKEN_OVER = ["published_on", "article_id", "quote_id", "speaker", "speaker_id"]
_REPEATED = pa.dictionary(pa.int32(), pa.large_string())
_COMPARED = pa.schema(
    [
        pa.field("published_on", pa.date32()),
        pa.field("article_id", _REPEATED),
        pa.field("quote_id", pa.large_string()),
        pa.field("speaker", _REPEATED),
        pa.field("speaker_id", _REPEATED),
        pa.field("key", pa.uint64()),
        pa.field("salt", pa.uint32()),
        pa.field("is_named", pa.bool_()),
        pa.field("is_spoken", pa.bool_()),
        pa.field("negated", pa.uint8()),
        *(pa.field(name, pa.int64()) for name in ("core_start", "core_length", "start", "length")),
    ]
)
_GROUPED = pa.schema([*_COMPARED, pa.field("group", pa.int64()), pa.field("is_text", pa.bool_())])
_KEPT = "quotes"


def find_utterances(
    batches: Iterable[pa.RecordBatch],
    stories: pa.Table,
    quotes_by_id: Callable[[pa.Array], pa.Table],
    memory: Memory | None = None,
    changed: pa.Array | None = None,
) -> tuple[pa.Table, pa.Table]:
    """Clusters the quotes that are the same utterance, printed by two articles or more.

    Takes quote_id, article_id, published_on, kind, content, verbatim, speaker, speaker_id and is_negated; other columns
    are not looked at. ``stories`` is what find_stories returned for the articles, and ``quotes_by_id`` returns the rows
    of some quotes, in any order, with the columns of QUOTES. Returns the mapping quote_id to quote_cluster_id, sorted,
    of the quotes in a cluster, and the clusters, sorted by key. The result is a function of the sets of rows. Memory:
    about 300 bytes a quote, and the rows that are in clusters; words and sketches lie in files.

    Where the ``memory`` has what was found before, the rows are those of quotes that have come or changed since, of
    which the quotes of ``changed`` articles are all, and ``changed`` has the ids of articles that went as well.
    """
    if memory is None:
        with nothing_remembered() as memory:
            return find_utterances(batches, stories, quotes_by_id, memory)
    with WordFile(word_file(memory, _KEPT)) as file:
        rows = [_COMPARED.empty_table(), *(_taken_in(batch, file) for batch in batches)]
        gone = {} if changed is None else {"article_id": changed, "quote_id": _ids(rows)}
        before, kept = read_kept(memory, _KEPT, _GROUPED, gone)
        rows.insert(0, before.select(_COMPARED.names))
        del before, gone
        quotes = Quotes(in_one_piece(rows), file, kept)
        look_after(memory, file, quotes.n_words)
        quotes.group()
        columns = map(pa.array, (quotes.groups, quotes.are_texts))
        write_kept(memory, _KEPT, pa.table([*quotes.rows.columns, *columns], schema=_GROUPED), quotes.pairs)
        return cluster_tables(quotes, kept, stories, quotes_by_id, memory)


def _taken_in(batch: pa.RecordBatch, file: WordFile) -> pa.Table:
    """What is compared of some quotes; their words go into the file."""
    rows = owned(pa.table([batch[name] for name in _TAKEN_OVER], names=_TAKEN_OVER))
    compared = ("kind", "content", "verbatim", "speaker", "speaker_id", "is_negated")
    values = [_compared(file, *row) for row in zip(*(batch[name].to_pylist() for name in compared), strict=True)]
    fields = list(_COMPARED)[len(rows.columns) :]
    made = [*zip(*values, strict=True)] or [()] * len(fields)
    columns = [pa.array(column, field.type) for column, field in zip(made, fields, strict=True)]
    return pa.table([*rows.columns, *columns], names=_COMPARED.names).cast(_COMPARED)


def _compared(
    file: WordFile,
    kind: str,
    content: str | None,
    verbatim: list[str] | None,
    speaker: str | None,
    speaker_id: str | None,
    is_negated: bool | None,
) -> tuple[int | bool, ...]:
    """The columns of _COMPARED behind those of the quote itself.

    Words in quotation marks are spoken words; of a quote that has VERBATIM of them, they alone are compared. Equal
    quotes have equal keys; TOO_SHORT is the key of those that are not compared.
    """
    core = full = word_codes(content or "")[:MOST_WORDS]
    is_spoken = kind == "direct"
    if kind == "mixed":
        quoted = word_codes(" ".join(verbatim or ()))[:MOST_WORDS]
        is_spoken = len(quoted) >= VERBATIM
        core = quoted if is_spoken else full
    start = file.add(full)
    core_start = start if core is full else file.add(core)
    person = _person(speaker, speaker_id)
    agreement = Agreement.SAME if person.is_known else Agreement.UNKNOWN
    key = TOO_SHORT
    if len(core) >= (SPOKEN if is_spoken else REPORTED)[agreement]:
        said = repr((person.id, sorted(person.words), is_spoken, is_negated, len(core)))
        text = identity(core).tobytes() + identity(full).tobytes() + said.encode("utf-8", "surrogatepass")
        key = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little") or 1
    salt = zlib.crc32(person.surname.encode("utf-8", "replace"))
    negated = 2 if is_negated is None else int(is_negated)
    return key, salt, bool(person.words), is_spoken, negated, core_start, len(core), start, len(full)


def _ids(tables: list[pa.Table]) -> pa.Array:
    """The quote_id of all rows of tables."""
    return pa.concat_tables(tables)["quote_id"].combine_chunks()


def _by_time(rows: pa.Table) -> Numbers:
    """The row numbers of the quotes, the earliest first."""
    order = pa.table([rows["published_on"], _ranks(rows["article_id"]), rows["quote_id"]], names=["on", "rank", "id"])
    return np.asarray(pc.sort_indices(order, [(name, "ascending", "at_end") for name in order.column_names]), np.int64)


def _ranks(column: pa.ChunkedArray) -> Numbers:
    """Of each value, of which the column has a dictionary, the rank among all."""
    values = column.combine_chunks()
    ranks = np.asarray(pc.rank(values.dictionary), np.int64)
    return np.asarray(ranks[values.indices.to_numpy()])


@lru_cache(20_000)
def _person(speaker: str | None, speaker_id: str | None) -> Speaker:
    return Speaker.of(speaker, speaker_id)


class Quotes:
    """What is compared of the quotes, by row number.

    After ``group``, ``groups`` has of every quote that is long enough the centre of its group, -1 of the others, and
    ``by_time`` their rows, the earliest first; ``are_texts`` says which stand for all that are the same, ``pairs`` are
    those of them worth comparing.
    """

    def __init__(self, rows: pa.Table, file: WordFile, kept: Kept) -> None:
        self.rows, self._kept = rows, kept
        self._cores = Words(file, self._column("core_start"), self._column("core_length"))
        self.fulls = Words(file, self._column("start"), self._column("length"))
        self.groups = np.full(len(rows), -1)
        self.are_texts = np.zeros(len(rows), np.bool_)
        self.pairs = np.empty(0, np.uint64)
        self.by_time = _by_time(rows)

    @property
    def n_words(self) -> int:
        """Of all quotes, in the file of words."""
        apart = self._cores.starts != self.fulls.starts
        return int(self.fulls.lengths.sum() + self._cores.lengths[apart].sum())

    def group(self) -> None:
        """Finds the groups; what has not changed keeps its group."""
        self.by_time = self.by_time[self._column("key")[self.by_time] != TOO_SHORT]
        earliest, node = self._different()
        self._compare(self._longest_first(earliest))
        self.groups[self.by_time] = self.groups[self.by_time[earliest]][node]

    def _different(self) -> tuple[Numbers, npt.NDArray[np.uint32]]:
        """The place of the earliest quote of each key in ``by_time``, and of each quote that of its key among them."""
        _, earliest, node = np.unique(self._column("key")[self.by_time], return_index=True, return_inverse=True)
        return earliest, node.astype(np.uint32)

    def _longest_first(self, earliest: Numbers) -> Numbers:
        """The quotes in the order in which they are to be centres: spoken ones, the longest, the earliest."""
        firsts = self.by_time[earliest]
        spoken, lengths = self._column("is_spoken")[firsts], self._cores.lengths[firsts]
        return firsts[np.lexsort((earliest, -lengths, ~spoken))]

    def _column(self, name: str) -> npt.NDArray[Any]:
        return np.asarray(self.rows[name].chunk(0))  # without a copy, where it is of numbers

    def _compare(self, texts: Numbers) -> None:
        """Groups some different quotes, the longest first."""
        pairs = self._pairs(texts)
        self.pairs = in_rows(pairs, texts)
        self.are_texts[texts] = True
        before, have_changed = before_and_changed(self._kept, self.pairs, texts, len(self.rows))
        centres = regroup(pairs, before, np.flatnonzero(have_changed), *self._rules(texts, pairs, have_changed))
        self.groups[texts] = texts[centres]

    def _rules(self, texts: Numbers, pairs: Packed, have_changed: Flags) -> tuple[Callable[[], Joins], Joins]:
        """The rule by which texts join the group of a centre, and where it could be true, for tasks.copies.groups.

        Pairs of texts that ``have_changed`` are compared at once, all others when they are asked for.
        """
        cores, fulls = self._cores, self.fulls
        negated, spoken = self._column("negated")[texts], self._column("is_spoken")[texts]
        names, ids, lengths = self.rows["speaker"], self.rows["speaker_id"], cores.lengths[texts]
        one, other = (pairs >> HALF).astype(np.int64), (pairs & LOW).astype(np.int64)
        asked = have_changed[one] & have_changed[other]
        pairs, one, other = pairs[asked], one[asked], other[asked]
        is_part = lengths[other] <= lengths[one]
        parts, wholes = np.where(is_part, other, one), np.where(is_part, one, other)
        overlaps = compare(cores, fulls, texts[parts], texts[wholes])

        @lru_cache(5_000)
        def wording(text: int) -> Wording:
            return Wording.of(cores[texts[text]], fulls[texts[text]])

        @lru_cache(50_000)
        def person(text: int) -> Speaker:
            return _person(names[texts[text]].as_py(), ids[texts[text]].as_py())

        def shared(centre: int, text: int, part: int, whole: int) -> float:
            """The share of the words of the part that the whole has."""
            pair = centre << 32 | text
            k = int(pairs.searchsorted(np.uint64(pair)))
            if k == len(pairs) or pairs[k] != pair:  # the text was reached by way of another
                return same_words(wording(part), wording(whole))
            if overlaps[k] == SOME:
                return aligned(wording(part), wording(whole))
            return float(overlaps[k] == ALL)

        def suits(centre: int, text: int, agreement: Agreement) -> bool:
            part, whole = (text, centre) if lengths[text] <= lengths[centre] else (centre, text)
            if negated[text] != negated[centre] or lengths[whole] > max(PASSAGE, lengths[part] / LEAST_PART):
                return False
            share = shared(centre, text, part, whole)
            if share * lengths[part] < (SPOKEN if spoken[text] else REPORTED)[agreement]:
                return False
            return share >= CLOSELY or bool(agreement is not Agreement.OTHER and spoken[text] and spoken[centre])

        def could_join(centre: int, member: int, text: int) -> bool:
            return suits(centre, text, Agreement.SAME)

        def joining() -> Joins:
            speakers: dict[int, Speaker] = {}  # of centres that have taken over that of another

            def joins(centre: int, member: int, text: int) -> bool:
                said_by = person(text)
                agreement = speakers.get(centre, person(centre)).agrees(said_by)
                does_join = suits(centre, text, agreement)
                if does_join and agreement is Agreement.UNKNOWN and said_by.is_known:
                    speakers[centre] = said_by  # so that the group does not take in two speakers
                return does_join

            return joins

        return joining, could_join

    def _pairs(self, texts: Numbers) -> Packed:
        """Pairs of quotes worth comparing: of the same surname, or long enough to be known without a name."""
        named = np.flatnonzero(self._column("is_named")[texts])
        long = np.flatnonzero(self._cores.lengths[texts] >= SPOKEN[Agreement.UNKNOWN])
        found = []
        for some, salts in ((named, self._column("salt")[texts[named]]), (long, None)):
            sketches = sketch(self.fulls, texts[some], SHINGLE, window=1, salts=salts)
            pairs = candidate_pairs(sketches, len(some), PAIR_SHARE, REACH)
            found.append(packed(some[(pairs >> HALF).astype(np.int64)], some[(pairs & LOW).astype(np.int64)]))
        return distinct(np.concatenate(found))
