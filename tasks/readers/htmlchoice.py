"""Which blocks of a page are its article: those that trafilatura's text holds, and what stands among them alike."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise, takewhile

from lxml import etree

from tasks.normalise.wordlists import words
from tasks.readers.htmlblocks import Block, tokens_of

SHINGLE = 3  # words
MIN_SHARE = 0.6  # of a block's shingles that must be in trafilatura's text
MAX_GAP = 2  # blocks between two of the text that may be text themselves
MIN_ALIKE = 2  # blocks of the text from which their place on the page and their classes are those of the text
MAX_AROUND = 8  # elements around one in which a class is looked for
MIN_REPEATED = 8  # words from which a repetition is no coincidence

_OF_TEXT = words("p li h2 h3 h4")

Place = tuple[str | None, ...]


def choose(blocks: list[Block], text: str) -> list[Block]:
    """The blocks that are whole lines of this text or whose shingles are in it, and those that belong to them."""
    lines = {tuple(tokens_of(line)) for line in text.split("\n")}
    lines.discard(())
    found = tokens_of(text)
    shingles = {tuple(found[i : i + SHINGLE]) for i in range(len(found) - SHINGLE + 1)}
    chosen = [tuple(b.tokens) in lines or _share(b.tokens, shingles) >= MIN_SHARE for b in blocks]
    _fill_gaps(blocks, chosen)
    return [block for block, is_chosen in zip(blocks, chosen, strict=True) if is_chosen]


def _share(tokens: list[str], shingles: set[tuple[str, ...]]) -> float:
    """The share of the words' shingles that are among these; 0 for less than two shingles."""
    n = len(tokens) - SHINGLE + 1
    return sum(tuple(tokens[i : i + SHINGLE]) in shingles for i in range(n)) / n if n > 1 else 0.0


def _fill_gaps(blocks: list[Block], chosen: list[bool]) -> None:
    """Chooses what was passed over between the chosen blocks, and next to the first and the last of them.

    Between two that are close that is what stands beside them and is of their kind; everywhere, what has the same
    elements and classes around it as several that were chosen.
    """
    known: dict[etree._Element, Place] = {}
    places = [_place(block.parent, known) for block in blocks]
    count = Counter(place for place, is_chosen in zip(places, chosen, strict=True) if is_chosen)
    is_alike = [count[place] >= MIN_ALIKE and _may_be_text(block) for block, place in zip(blocks, places, strict=True)]
    at_chosen = [at for at, is_chosen in enumerate(chosen) if is_chosen]
    for last, at in pairwise(at_chosen):
        for between in range(last + 1, at):
            chosen[between] = is_alike[between] or (at - last <= MAX_GAP + 1 and _is_gap(blocks, last, between, at))
    if at_chosen:
        for around in (range(at_chosen[-1] + 1, len(blocks)), range(at_chosen[0] - 1, -1, -1)):
            for at in takewhile(is_alike.__getitem__, around):
                chosen[at] = True


def _is_gap(blocks: list[Block], last: int, between: int, following: int) -> bool:
    """Whether a block belongs to the two of the text between which it is."""
    gap, group = blocks[between], blocks[following].group
    is_beside = gap.group is group and (gap.kind == "h2" or group is blocks[last].group)
    return is_beside and gap.parent.tag in _OF_TEXT and gap.n_linked * 2 <= len(gap.text)


def _may_be_text(block: Block) -> bool:
    is_long = block.parent.tag in _OF_TEXT or len(block.tokens) >= MIN_REPEATED
    return is_long and block.n_linked * 2 <= len(block.text)


def _place(element: etree._Element, known: dict[etree._Element, Place]) -> Place:
    """The tags and classes of an element and those around it, up to the first that has a class."""
    if element not in known:
        place: list[str | None] = [str(element.tag), element.get("class")]
        for ancestor in islice(element.iterancestors(), MAX_AROUND):
            place += [str(ancestor.tag), ancestor.get("class")]
            if ancestor.get("class"):
                break
        known[element] = tuple(place)
    return known[element]


def without_repetitions(blocks: list[Block]) -> list[Block]:
    """The blocks without those that only repeat others: a paragraph printed twice, a pull quote."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    for block in blocks:
        key = tuple(block.tokens)
        if len(key) < MIN_REPEATED or key not in seen:
            kept.append(block)
            seen.add(key)
    count: Counter[tuple[str, ...]] = Counter()
    for block in kept:
        if block.parent.tag != "h1":  # a heading may say the same
            count.update(_shingles(block))
    repeated = set()
    for at in sorted(range(len(kept)), key=lambda at: len(kept[at].tokens)):
        own = _shingles(kept[at])
        n_elsewhere = sum(count[shingle] > 1 for shingle in own)
        is_quote = kept[at].kind in ("blockquote", "h2") or kept[at].parent.tag not in ("p", "li")
        if len(kept[at].tokens) >= MIN_REPEATED and n_elsewhere >= (0.9 if is_quote else 1) * len(own):
            repeated.add(at)
            count.subtract(own)
    return [block for at, block in enumerate(kept) if at not in repeated]


def _shingles(block: Block) -> set[tuple[str, ...]]:
    return {tuple(block.tokens[i : i + SHINGLE]) for i in range(len(block.tokens) - SHINGLE + 1)}
