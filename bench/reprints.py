"""Generates articles with their reprints, and quotes with their variants, and says which belong together.

The texts are hard on purpose: words follow Zipf's law, sentences are full of stock phrases that others use too,
articles of one topic share whole background paragraphs, match reports and the like fill templates with names and
numbers, digests hold the first paragraphs of other articles, and utterances have twins that differ in a number or a
«not».
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np

from tasks.normalise.text import content_digest

CONSONANTS, VOWELS = "b br c d f g gr k l m n p r s st t tr v w", "a e i o u ai ea"
SYLLABLES = [c + v for c in CONSONANTS.split() for v in VOWELS.split()]
FREQUENT = (
    "the of to and a in that is was for it on with as he be at by his are from they this have an had which you their"
    " said were would there been will more has who one about what when out up its we so no can into if all than"
)
START = datetime(2026, 1, 1, tzinfo=UTC)
NEGATORS = ("no", "ne", "sin", "sen", "nie", "bez")  # no names
REPORTED = {"is": "was", "are": "were", "will": "would", "has": "had", "have": "had", "can": "could", "we": "they"}
PUBLISHERS = [f"paper{i}.example" for i in range(60)]


@dataclass(frozen=True)
class Utterance:
    """Words that somebody said. ``key`` names them; a twin differs from another in one word, so it can't be cut."""

    key: str
    speaker: str
    words: tuple[str, ...]
    is_twin: bool = False


@dataclass
class Topic:
    """What the articles about one matter share."""

    people: list[str]
    words: list[str]
    background: list[str] = field(default_factory=list)
    utterances: list[Utterance] = field(default_factory=list)


@dataclass(frozen=True)
class Story:
    """An article as first written, and what was said in it."""

    paragraphs: tuple[str, ...]
    utterances: tuple[Utterance, ...]
    published_at: datetime


class Press:
    """A seeded source of stories, articles and quotes."""

    def __init__(
        self, n_articles: int, seed: int = 7, most_changes: int = 3, share_filled: float = 0.12, n_names: int = 5_000
    ) -> None:
        self.random = random.Random(seed)
        self.most_changes = most_changes
        self.share_filled = share_filled
        invented = {"".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4))) for _ in range(30_000)}
        self.vocabulary = FREQUENT.split() + sorted(invented)
        self.drawn = self.endless()
        self.names = [f"{self.name()} {self.name()}" for _ in range(n_names)]
        self.stock = [self.words(self.random.randint(3, 9)) for _ in range(4_000)]
        self.remarks = [tuple(self.words(self.random.randint(2, 8))) for _ in range(200)]
        self.templates = [self.template() for _ in range(12)]
        self.topics = [self.topic() for _ in range(max(4, n_articles // 60))]
        self.leads = [self.paragraph(self.random.choice(self.topics)) for _ in range(50)]

    def words(self, n: int) -> list[str]:
        return list(islice(self.drawn, n))

    def endless(self) -> Iterator[str]:
        """Words as often as Zipf's law has them."""
        weights = 1 / (np.arange(len(self.vocabulary)) + 2.7) ** 1.05
        cumulated = np.cumsum(weights / weights.sum())
        generator = np.random.default_rng(self.random.randrange(2**32))
        while True:
            for place in np.searchsorted(cumulated, generator.random(100_000)).clip(max=len(cumulated) - 1).tolist():
                yield self.vocabulary[place]

    def name(self) -> str:
        name = "".join(self.random.choices(SYLLABLES, k=self.random.randint(1, 3)))
        return self.name() if name in NEGATORS else name.title()

    def number(self) -> str:
        return str(self.random.randint(2, self.random.choice((99, 9_999))))

    def clause(self, topic: Topic, n: int) -> list[str]:
        found: list[str] = []
        while len(found) < n:
            draw = self.random.random()
            if draw < 0.1:
                found += self.random.choice(self.stock[: self.random.choice((40, 400, 4_000))])
            elif draw < 0.25:
                found.append(self.random.choice(topic.words))
            elif draw < 0.31:
                found += self.random.choice(topic.people).split()
            elif draw < 0.34:
                found.append(self.number())
            else:
                found += self.words(2)
        return found

    def sentence(self, topic: Topic) -> str:
        return capitalised(self.clause(topic, self.random.randint(8, 26)))

    def paragraph(self, topic: Topic) -> str:
        return " ".join(self.sentence(topic) for _ in range(self.random.randint(2, 5)))

    def template(self) -> list[str]:
        """Sentences in which N stands for a name and # for a number: one word in six, or one in fifteen."""
        one_in = self.random.randint(6, 15)
        return [
            " ".join(
                self.random.choice("N#") if self.random.randrange(one_in) == 0 else word
                for word in self.words(self.random.randint(8, 20))
            )
            for _ in range(self.random.randint(4, 14))
        ]

    def topic(self) -> Topic:
        topic = Topic(self.random.sample(self.names, 6), [w for w in self.words(300) if len(w) > 3][:80])
        topic.background = [self.paragraph(topic) for _ in range(4)]
        for _ in range(8):
            topic.utterances.append(self.utterance(topic))
        count, other = self.random.sample(range(2, 9_999), 2)
        for inserted in (("", "not"), (str(count), str(other))):
            said = topic.utterances.pop(0)
            half = len(said.words) // 2
            for word in inserted:
                words = tuple(w for w in (*said.words[:half], word, *said.words[half:]) if w)
                topic.utterances.append(replace(self.utterance(topic), words=words, speaker=said.speaker, is_twin=True))
        return topic

    def utterance(self, topic: Topic) -> Utterance:
        words = tuple(self.clause(topic, self.random.randint(12, 34)))
        return Utterance(f"{self.random.getrandbits(60):x}", self.random.choice(topic.people), words)

    def remark(self, topic: Topic) -> Utterance:
        """A short thing that many people say; of fewer than five words it is nobody's own."""
        words, speaker = self.random.choice(self.remarks), self.random.choice(topic.people)
        key = f"{speaker}: {' '.join(words)}" if len(words) > 4 else f"{self.random.getrandbits(60):x}"
        return Utterance(key, speaker, words)

    def story(self) -> Story:
        topic = self.random.choice(self.topics)
        at = START + timedelta(minutes=self.random.randrange(500_000))
        draw = self.random.random()
        if draw < self.share_filled:
            filled = [self.filled(sentence) for sentence in self.random.choice(self.templates)]
            return Story((" ".join(filled[:3]), " ".join(filled[3:])), (), at)
        if draw < 0.15:
            return Story((*self.random.sample(self.leads, 5), self.paragraph(topic)), (), at)
        if draw < 0.20:
            return Story((" ".join(self.sentence(topic) for _ in range(3)),), (), at)
        said = (
            [self.utterance(topic) for _ in range(2)] + self.random.sample(topic.utterances, 2) + [self.remark(topic)]
        )
        own = [self.paragraph(topic) for _ in range(self.random.randint(4, 9))]
        quoting = [f"“{capitalised(u.words)[:-1]},” {u.speaker} said." for u in said]
        background = self.random.sample(topic.background, self.random.randint(1, 2))
        self.leads[self.random.randrange(len(self.leads))] = own[0]
        rest = own[1:] + quoting
        self.random.shuffle(rest)
        return Story((own[0], *rest, *background), tuple(said), at)

    def filled(self, sentence: str) -> str:
        words = [{"N": self.random.choice(self.names), "#": self.number()}.get(w, w) for w in sentence.split()]
        return capitalised(words)

    def copy(self, story: Story) -> Story:
        """The story as another desk prints it: changed in one to ``most_changes`` ways."""
        paragraphs = list(story.paragraphs)
        for change in self.random.sample(CHANGES, self.random.randint(1, self.most_changes)):
            paragraphs = change(self, paragraphs)
        later = timedelta(minutes=self.random.randint(1, 4_000))
        return replace(story, paragraphs=tuple(paragraphs), published_at=story.published_at + later)

    def trimmed(self, paragraphs: list[str]) -> list[str]:
        """Cut from the end, to between a half and nine tenths."""
        sentences = [(i, s) for i, p in enumerate(paragraphs) for s in p.split(". ")]
        kept = sentences[: max(3, round(len(sentences) * self.random.uniform(0.5, 0.9)))]
        joined = [". ".join(s for j, s in kept if j == i) for i in range(kept[-1][0] + 1)]
        return [p if p.endswith((".", "”")) else p + "." for p in joined]

    def with_agency(self, paragraphs: list[str]) -> list[str]:
        place, *_, writer = self.random.sample(self.names, 3)
        return [f"{place.upper()} (Agency) - {paragraphs[0]}", *paragraphs[1:], f"(Reporting by {writer})"]

    def with_addition(self, paragraphs: list[str]) -> list[str]:
        place = self.random.randint(1, len(paragraphs))
        return [*paragraphs[:place], self.paragraph(self.random.choice(self.topics)), *paragraphs[place:]]

    def with_typos(self, paragraphs: list[str]) -> list[str]:
        share = self.random.uniform(0.005, 0.03)
        return [
            " ".join(self.misspelt(w) if self.random.random() < share else w for w in p.split()) for p in paragraphs
        ]

    def misspelt(self, word: str) -> str:
        place = self.random.randrange(len(word))
        return word[:place] + self.random.choice("aeioun") + word[place + 1 :]

    def updated(self, paragraphs: list[str]) -> list[str]:
        """A new first sentence, and one number in twenty is another."""
        head = self.sentence(self.random.choice(self.topics)) + " " + paragraphs[0]
        return [self.recounted(p) for p in (head, *paragraphs[1:])]

    def recounted(self, paragraph: str) -> str:
        return " ".join(self.number() if w.isdigit() and self.random.random() < 0.05 else w for w in paragraph.split())

    def typeset(self, paragraphs: list[str]) -> list[str]:
        return [p.replace("“", '"').replace("”", '"') for p in paragraphs]

    def quote(self, said: Utterance, way: str | None = None) -> dict[str, Any]:
        """Columns of a quote row: the utterance as one article prints it."""
        words = list(said.words)
        ways = ["direct", "tense"] if said.is_twin or len(words) < 12 else list(WAYS)
        way = way or self.random.choice(ways)
        n = len(words)
        place = self.random.randrange(n)
        if way == "trim":
            kept = self.random.randint(max(8, n // 2), n)
            start = self.random.randint(0, n - kept)
            words = words[start : start + kept]
        elif way == "ellipsis":
            left_out = self.random.randint(2, n // 4)
            start = self.random.randint(3, n - left_out - 3)
            words[start : start + left_out] = ["…"]
        elif way == "bracket":
            words[place] = f"[{self.random.choice(self.names)}]"
        elif way in ("tense", "indirect"):
            words = [REPORTED.get(w, w) for w in words]
            changed = self.random.sample(range(n), n // 8)
            words = [w + "ed" if i in changed and w.islower() and len(w) > 4 else w for i, w in enumerate(words)]
        content = capitalised(words)[:-1]
        if way == "mixed":
            start = self.random.randint(0, n // 3)
            verbatim = [" ".join(words[start:])]
            return quoted("mixed", f"that {' '.join(self.words(4))} “{verbatim[0]}”", verbatim, said.speaker)
        if way == "indirect":
            return quoted("indirect", f"that {content}", [], said.speaker)
        return quoted("direct", self.random.choice(("“{}”", '"{}"', "''{}''")).format(content), [content], said.speaker)


CHANGES = (
    Press.trimmed,
    Press.with_agency,
    Press.with_addition,
    Press.with_typos,
    Press.updated,
    Press.typeset,
)
WAYS = ("direct", "trim", "ellipsis", "bracket", "tense", "mixed", "indirect")


def capitalised(words: list[str] | tuple[str, ...]) -> str:
    text = " ".join(words)
    return text[0].upper() + text[1:] + "."


def quoted(kind: str, content: str, verbatim: list[str], speaker: str) -> dict[str, Any]:
    return {"kind": kind, "content": content, "verbatim": verbatim, "speaker": speaker}


def generate(
    n_articles: int, seed: int = 7, most_changes: int = 3, share_filled: float = 0.12, n_names: int = 5_000
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Articles with their quotes. ``truth`` names the story of an article and the utterance of a quote.

    About ``share_filled`` of the stories fill a template; ``n_names`` is the number of names that all draw from.
    """
    press = Press(n_articles, seed, most_changes, share_filled, n_names)
    n = 0
    while n < n_articles:
        story = press.story()
        n_copies = press.random.choice((0, 0, 0, 0, 0, 1, 1, 2, 3, press.random.randint(4, 15)))
        for version in [story, *(press.copy(story) for _ in range(n_copies))][: n_articles - n]:
            yield article(press, n, f"story {story.published_at} {story.paragraphs[0][:40]}", version)
            n += 1


def article(press: Press, n: int, truth: str, version: Story) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    at = version.published_at
    publisher = press.random.choice(PUBLISHERS)
    row = {
        "article_id": f"{press.random.getrandbits(128):032x}",
        "published_at": at if n % 5 else None,
        "published_on": at.date(),
        "publisher": publisher,
        "title": " ".join(press.words(6)).title(),
        "text": (text := "\n\n".join(version.paragraphs)),
        "content_sha256": content_digest(text),
        "language": "en",
        "truth": truth,
    }
    common = {"article_id": row["article_id"], "published_on": at.date(), "publisher": publisher, "language": "en"}
    common |= {"speaker_id": None, "confidence": 0.9, "is_negated": False}
    quotes = []
    for said in version.utterances:
        quote = press.quote(said) | common
        quote |= {"quote_id": f"{press.random.getrandbits(128):032x}", "truth": said.key}
        if press.random.random() < 0.05:
            quote["speaker"] = None
        quotes.append(quote)
    return row, quotes
