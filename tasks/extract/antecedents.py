"""Finds whom a pronoun means, by gender, recency, place in the sentence, and who spoke last."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from tasks.extract.base import Span
from tasks.extract.cast import Cast, Character
from tasks.extract.names import Name

_SENTENCE = re.compile(r"[.!?…]['\"”’)\]]*\s+(?=['\"“‘(\[]?[^\W\d_a-z])|\n+")
_NO_END = re.compile(r"(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|St|Jr|Sr|Prof|Rev|vs|No|[A-Z])$")
_OPENING = 40  # characters from the beginning of a sentence to its subject
_WINDOW = 20  # mentions looked back over
_BEARERS = 50  # of a role that are compared
_MUCH_NAMED = 8  # mentions from which on an article is about somebody
_LEAD = 500  # characters in which a story says «a judge» before it names her
_NEAR = 1500  # characters in which it then names her
_LOOK_BACK = 2500  # characters
_ASIDE = 60  # characters from a parenthesis to a name in it
_ACTS = 0.3  # points for whoever does something in the sentence before
_SHORTEST = 4  # characters behind a subject that are no verb yet
_OWN_NAME = 0.6  # of the points of somebody whom the quotation names: few name themselves
_GOES_ON = 3  # sentences in which somebody unnamed may go on speaking

MALE = frozenset({"he", "him", "his", "himself"})
FEMALE = frozenset({"she", "her", "hers", "herself"})


def sentence_starts(text: str) -> list[int]:
    """Offsets at which the sentences of a text begin, the first at 0."""
    ends = _SENTENCE.finditer(text)
    return [
        0,
        *(m.end() for m in ends if m.group()[0] != "." or not _NO_END.search(text, max(0, m.start() - 6), m.start())),
    ]


class Discourse:
    """Where the sentences and quotations of a text stand, and who is mentioned and speaks where."""

    def __init__(self, text: str, cast: Cast, quotations: Sequence[Span]) -> None:
        self.text, self.cast = text, cast
        self.is_title = text == cast.title and text != cast.text
        self.names = cast.title_names if self.is_title else cast.names
        self.starts = [n.start for n in self.names]
        self.bodies: dict[str, str] = {}  # «campaign» -> «Lee campaign»: the last body so called
        self.sentences = sentence_starts(text)
        self.quotations = sorted(quotations)
        self.quote_starts = [q.start for q in self.quotations]
        self.spoken: list[tuple[int, tuple[Character, ...]]] = []  # (offset, speakers), in the order of the text
        self.unnamed: dict[int, tuple[str, Sequence[Span]]] = {}  # offset -> sex, spans of the attribution

    def sentence(self, offset: int) -> int:
        """Number of the sentence that an offset stands in."""
        return bisect_right(self.sentences, offset) - 1

    def is_quoted(self, offset: int) -> bool:
        """Whether an offset stands in a quotation."""
        k = bisect_right(self.quote_starts, offset) - 1
        return any(q.end > offset for q in self.quotations[max(0, k - 1) : k + 1])

    def remember(self, offset: int, speakers: tuple[Character, ...]) -> None:
        """Notes who speaks at an offset; no speakers where it is not known."""
        k = bisect_right(self.spoken, offset, key=lambda s: s[0])
        self.spoken.insert(k, (offset, speakers))

    def remember_unnamed(self, source: Span, sex: str, content: Sequence[Span]) -> None:
        """Notes that somebody unnamed speaks (`m`, `f`, or nothing where the sex is not known)."""
        self.unnamed[source.start] = sex, (source, *content)

    def goes_on_unnamed(self, offset: int) -> bool:
        """Whether somebody unnamed was the last to speak before an offset, and that shortly."""
        last = self.last_spoken(offset)
        if last is None or last[0] not in self.unnamed:
            return False
        return self.sentence(offset) - self.sentence(last[0]) <= _GOES_ON

    def is_unnamed(self, offset: int, sex: str) -> bool:
        """Whether a pronoun of a sex means somebody unnamed: whoever spoke last, where nobody else is named since."""
        last = self.last_spoken(offset)
        if last is None or not self.goes_on_unnamed(offset):
            return False
        own, spans = self.unnamed[last[0]]
        if own and own != sex:
            return False
        k = bisect_right(self.sentences, last[0])  # the next sentence: names beside the unnamed one are objects
        later = self.sentences[k] if k < len(self.sentences) else offset
        for name in self.names[bisect_left(self.starts, later) : bisect_left(self.starts, offset)]:
            character = self.cast.character(name)
            is_rival = character is not None and character.label == "PER" and character.gender in ("", sex)
            if is_rival and not self.is_quoted(name.start) and not any(s.start <= name.start < s.end for s in spans):
                return False
        return True

    def last_spoken(self, offset: int) -> tuple[int, tuple[Character, ...]] | None:
        """Offset and speakers of the last attribution before an offset."""
        k = bisect_left(self.spoken, offset, key=lambda s: s[0])
        return self.spoken[k - 1] if k else None

    def bearers(self, heads: set[str]) -> list[Character]:
        """The people who bear one of these roles; at most a few hundred, in order."""
        found = dict.fromkeys(c for head in sorted(heads) for c in self.cast.by_role.get(head, ())[:_BEARERS])
        return list(found)

    def headlined(self) -> frozenset[int]:
        """The `id`s of the characters that the title names."""
        found = (self.cast.character(n) for n in self.cast.title_names)
        return frozenset(id(c) for c in found if c is not None)

    def is_lead(self, offset: int) -> bool:
        """Whether an offset stands in the title or the first lines, which describe before they name."""
        return self.is_title or offset < _LEAD

    def introduced(self, offset: int, label: str) -> list[Character]:
        """Characters of a label that the text first names behind an offset, but near."""
        low = 0 if self.is_title else offset
        return [
            c
            for c in self.cast.characters
            if c.label == label and c.mentions and low <= c.mentions[0].start < low + _NEAR
        ]

    def before(self, offset: int) -> list[Name]:
        """The names in the text before an offset, the nearest first; at most a window's worth."""
        k = bisect_left(self.starts, offset)
        return [n for n in reversed(self.names[max(0, k - _WINDOW) : k]) if n.start > offset - _LOOK_BACK]

    def antecedents(
        self, offset: int, gender: str, labels: frozenset[str], exclude: Sequence[Span]
    ) -> list[tuple[Character, float]]:
        """Characters that a pronoun at an offset may mean, with scores, best first."""
        here = self.sentence(offset)
        scores: dict[int, float] = {}
        found: dict[int, Character] = {}
        last = self.last_spoken(offset)
        people_behind = 0
        for name in self.before(offset):
            character = self.cast.character(name)
            if character is None or character.label not in labels:
                continue
            if gender and character.gender and character.gender != gender:
                continue
            if any(s.start <= name.start and name.end <= s.end for s in exclude):
                continue
            distance = here - self.sentence(name.start)
            score = 1.0 / (1 + 0.5 * distance)
            if self._is_subject(name):
                score += 0.5 / (1 + 0.3 * distance)
                score += _ACTS * (distance == 1 and self._acts(name, last))
            if self.is_quoted(name.start) or self._is_aside(name):
                score *= 0.25
            if self.text[name.end : name.end + 2] in ("'s", "’s"):
                score *= 0.7
            if gender and not character.gender:
                score *= 0.5
            score *= 1 - 0.045 * people_behind
            score += 0.2 * min(len(character.mentions), _MUCH_NAMED) / _MUCH_NAMED
            people_behind += 1
            key = id(character)
            if score > scores.get(key, 0.0):
                scores[key], found[key] = score, character
        if last is not None:
            distance = here - self.sentence(last[0])
            for character in last[1]:
                key = id(character)
                fits = character.label in labels and not (gender and character.gender and character.gender != gender)
                if fits and distance <= 8:
                    bonus = 0.9 if character.gender or not gender else 0.45
                    scores[key] = scores.get(key, 0.0) + bonus / (1 + 0.25 * distance)
                    found[key] = character
        return sorted(((found[k], s) for k, s in scores.items()), key=lambda x: (-x[1], x[0].name))

    def not_named(
        self, offset: int, ranked: Sequence[tuple[Character, float]], content: Sequence[Span]
    ) -> list[tuple[Character, float]]:
        """The ranked for a source at an offset without those whom the content names: in «he said that Lee was ill», he
        is not Lee. Who is named before the source or in a quotation is only less likely («Lee's house burnt, he said»).
        """
        unlikely: set[int] = set()
        impossible: set[int] = set()
        for span in content:
            for name in self.names[bisect_left(self.starts, span.start) : bisect_left(self.starts, span.end)]:
                if name.end <= span.end:
                    # «Though he called it bad, Lee stayed»: the content ends before him.
                    is_new_clause = self.text[max(0, name.start - 2) : name.start] == ", "
                    is_open = name.start < offset or is_new_clause or self.is_quoted(name.start)
                    (unlikely if is_open else impossible).add(id(self.cast.character(name)))
        kept = [(c, s * _OWN_NAME if id(c) in unlikely else s) for c, s in ranked if id(c) not in impossible]
        return sorted(kept, key=lambda x: (-x[1], x[0].name))

    def is_apart(self, offset: int, character: Character) -> bool:
        """Whether a source can't be whom the words right before it name («praising Lee, the mayor said»)."""
        k = bisect_left(self.starts, offset) - 1
        is_beside = k >= 0 and self.text[self.names[k].end : offset].strip() == ","
        return is_beside and self.cast.character(self.names[k]) is character

    def _acts(self, name: Name, last: tuple[int, tuple[Character, ...]] | None) -> bool:
        """Whether a name's sentence tells what somebody did, not said, right before («Lee shrugged. “No,” he …»)."""
        k = self.sentence(name.start)
        start, end = self.sentences[k], self.sentences[k + 1]
        is_told = (last is None or last[0] < start) and end - name.end > _SHORTEST
        return is_told and "\n" not in self.text[max(start, end - 2) : end]

    def _is_aside(self, name: Name) -> bool:
        """Whether a name stands in parentheses («Ann Lee (Lab, Hill)»)."""
        low = max(0, name.start - _ASIDE)
        return self.text.rfind("(", low, name.start) > self.text.rfind(")", low, name.start)

    def _is_subject(self, name: Name) -> bool:
        """Whether a name is the first of its sentence and near its beginning, or stands behind a comma."""
        start = self.sentences[self.sentence(name.start)]
        k = bisect_left(self.starts, name.start)
        is_first = k == 0 or self.starts[k - 1] < start
        near = name.start - start < _OPENING
        return (is_first and near) or self.text[max(0, name.start - 2) : name.start] == ", "
