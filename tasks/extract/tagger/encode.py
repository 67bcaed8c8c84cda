"""Text to windows of word pieces: words, offsets, features, and cuts at paragraph or sentence ends."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.extract.tagger.features import case_of, feature_id, quote_states

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CLS, SEP = 101, 102
_SENTENCE_END = re.compile(r"[.!?…]['\"”’)\]]*$")


@dataclass(slots=True)
class Words:
    """A text's words: code point spans, word pieces, feature ids, and whether a word begins a paragraph or sentence."""

    starts: list[int]
    ends: list[int]
    pieces: list[list[int]]
    features: list[int]
    breaks: list[int]


@dataclass(slots=True)
class Window:
    """A run of words ``first`` to ``last`` (half open) as the model reads it, with [CLS] and [SEP].

    ``heads[i]`` is the position, among ``input_ids``, of the first piece of word ``first + i``.
    """

    first: int
    last: int
    input_ids: list[int]
    feature_ids: list[int]
    heads: list[int]


def split_words(tokenizer: Tokenizer, text: str) -> Words:
    """Words as BERT splits them (white space and punctuation); a word's break is 2 at a paragraph, 1 at a sentence."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    starts: list[int] = []
    ends: list[int] = []
    pieces: list[list[int]] = []
    previous = None
    for piece, (start, end), word in zip(encoding.ids, encoding.offsets, encoding.word_ids, strict=True):
        if word == previous:
            pieces[-1].append(piece)
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
            pieces.append([piece])
        previous = word
    states = quote_states(text)
    features: list[int] = []
    breaks: list[int] = []
    behind = 0
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        gap = text[behind:start]
        is_paragraph = index == 0 or "\n" in gap
        tail = text[max(0, behind - 4) : behind]
        breaks.append(2 if is_paragraph else 1 if gap.isspace() and _SENTENCE_END.search(tail) else 0)
        features.append(feature_id(case_of(text[start:end]), states[start], is_paragraph))
        behind = end
    return Words(starts, ends, pieces, features, breaks)


def cut(words: Words, longest: int) -> list[tuple[int, int]]:
    """Word ranges of at most ``longest`` pieces ([CLS] and [SEP] included), as few as a greedy walk gives.

    A range ends at the last paragraph start it can reach, else at the last sentence start, else at the last word.
    """
    room = longest - 2
    ranges: list[tuple[int, int]] = []
    first, total = 0, len(words.starts)
    while first < total:
        used, at = 0, first
        best = {0: first, 1: first, 2: first}
        while at < total and (used + len(words.pieces[at]) <= room or at == first):
            used += len(words.pieces[at])
            at += 1
            if at < total:
                best[words.breaks[at]] = at
        last = total if at == total else next(end for end in (best[2], best[1], at) if end > first)
        ranges.append((first, last))
        first = last
    return ranges


def window(words: Words, first: int, last: int, longest: int) -> Window:
    """The model's input for a word range; a single word longer than the window loses its last pieces."""
    ids, features, heads = [CLS], [0], []
    for index in range(first, last):
        heads.append(len(ids))
        ids.extend(words.pieces[index])
        features.extend([words.features[index]] * len(words.pieces[index]))
    ids, features = ids[: longest - 1], features[: longest - 1]
    return Window(first, last, [*ids, SEP], [*features, 0], heads)


def word_ranges(words: Words, spans: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """For each code point span the words it touches, half open; empty ranges are dropped."""
    ranges = [(bisect_right(words.ends, start), bisect_left(words.starts, end)) for start, end, *_ in spans]
    return [(first, last) for first, last in ranges if first < last]
