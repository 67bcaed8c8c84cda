"""Generates dumps like an archive of newspapers, as many articles as wanted.

Sentences come from a chain of words learnt from the sample articles, so they read as English without repeating whole
passages. Several papers follow a matter and quote the same few people; some stories are reprinted. The number of
matters, and with it of people and bodies, grows with the number of articles; all fall into one year.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import py3langid

from bench.identity import FIELDS, KINDS, surname
from tasks.extract.gazetteer import GIVEN_NAMES
from tasks.readers import ReadOptions, read_file
from tasks.records import RawFile, RawRecord

SAMPLE = Path(__file__).parents[1] / "data" / "raw" / "sample" / "text"
ARTICLES_A_MATTER = 25
FILE_ARTICLES = 500  # in a file of JSON Lines; every second article is a text dump of its own instead
REPRINTED = 0.08
REPEATED = 0.15  # of the quotes: words that another article of the matter has printed
ROLES = ["mayor", "harbour master", "chief executive", "spokeswoman", "finance minister", "head teacher", "surgeon"]
PAPERS = [f"paper{i}.example" for i in range(40)]
NAME = "\0"  # where a name stands in the chain


@dataclass
class Matter:
    """What several articles are about: who speaks, for whom, what they said, and the last story."""

    people: list[tuple[str, str]]
    bodies: list[str]
    said: list[tuple[str, str]]
    story: list[str]


class Archive:
    """A seeded source of articles."""

    def __init__(self, n_articles: int, seed: int = 7) -> None:
        self.random = random.Random(seed)
        self.chain = learn(SAMPLE)
        self.surnames = [surname(self.random) for _ in range(max(300, n_articles // 4))]
        self.given = sorted(GIVEN_NAMES)
        self.matters = [self.matter() for _ in range(max(4, n_articles // ARTICLES_A_MATTER))]

    def matter(self) -> Matter:
        people = [(f"{self.pick(self.given)} {self.pick(self.surnames)}", self.pick(ROLES)) for _ in range(5)]
        bodies = [f"{self.pick(self.surnames)} {self.pick(FIELDS)} {self.pick(KINDS)}" for _ in range(3)]
        return Matter(people, bodies, [], [])

    def pick(self, things: list[str]) -> str:
        return things[int(self.random.random() * len(things))]

    def sentence(self, matter: Matter) -> str:
        words, word = [], ""
        n = self.random.randint(7, 24)
        while len(words) < n:
            word = self.pick(self.chain[word])
            if word == NAME:
                person, _ = self.random.choice(matter.people)
                words.append(self.pick(matter.bodies) if self.random.random() < 0.4 else person)
            elif word:
                words.append(word)
        return words[0][0].upper() + " ".join(words)[1:]

    def quote(self, matter: Matter, introduced: set[str]) -> str:
        if matter.said and self.random.random() < REPEATED:
            said, speaker = self.random.choice(matter.said)
        else:
            said, speaker = self.sentence(matter), self.random.choice(matter.people)[0]
            matter.said = [*matter.said[-20:], (said, speaker)]
        role = dict(matter.people)[speaker]
        if speaker not in introduced:
            introduced.add(speaker)
            return f"“{said},” said {speaker}, the {role}."
        surname = speaker.split()[-1]
        return self.random.choice((f"“{said},” {surname} said.", f"{surname} said that {said[0].lower()}{said[1:]}."))

    def paragraphs(self, matter: Matter) -> list[str]:
        if matter.story and self.random.random() < REPRINTED:
            return matter.story[: self.random.randint(max(1, len(matter.story) - 2), len(matter.story))]
        introduced: set[str] = set()
        story = []
        for _ in range(self.random.randint(5, 12)):
            sentences = [f"{self.sentence(matter)}." for _ in range(self.random.randint(1, 3))]
            if self.random.random() < 0.5:
                sentences.append(self.quote(matter, introduced))
            story.append(" ".join(sentences))
        matter.story = story
        return story

    def article(self, n: int) -> dict[str, str]:
        matter = self.random.choice(self.matters)
        day = date(2025, 1, 1) + timedelta(days=self.random.randrange(365))
        paper = self.pick(PAPERS)
        return {
            "title": self.sentence(matter),
            "published": f"{day}",
            "url": f"https://{paper}/{day:%Y/%m/%d}/{n}",
            "text": "\n\n".join(self.paragraphs(matter)),
        }


def learn(corpus: Path) -> dict[str, list[str]]:
    """What words follow a word, as often as they do; "" stands for both ends of a sentence."""
    follows = defaultdict(list)
    for path in sorted(corpus.rglob("*.txt")):
        for record in read_file(RawFile(path, path.name), ReadOptions()):
            if not isinstance(record, RawRecord):
                continue
            text = record.fields.get("text") or ""
            text = "\n".join(text) if isinstance(text, list) else text
            if py3langid.classify(text)[0] != "en":
                continue
            for sentence in re.split(r"[.!?:;()“”\"\n]+", text):
                words = re.findall(r"[\w’'-]+", sentence)
                words = [words[0].lower(), *(NAME if w[0].isupper() else w for w in words[1:])] if words else []
                for one, other in zip(["", *words], [*words, ""], strict=True):
                    follows[one].append(other)
    return dict(follows)


def write_dumps(folder: Path, n_articles: int, seed: int = 7) -> Iterator[int]:
    """Writes the dumps, half of them a file an article, half JSON Lines; yields the number written so far."""
    archive = Archive(n_articles, seed)
    (folder / "text").mkdir(parents=True)
    lines: list[str] = []
    for n in range(n_articles):
        article = archive.article(n)
        if n % 2:
            dump = "\n\n{title}\n\n{published}\n\n\n\n{text}\n\nOriginal url:\n\n<{url}>".format_map(article)
            (folder / "text" / f"{n:07d}.txt").write_text(dump, "utf-8")
        else:
            lines.append(json.dumps(article) + "\n")
        if len(lines) == FILE_ARTICLES or (lines and n >= n_articles - 2):
            (folder / f"{n:07d}.jsonl").write_text("".join(lines), "utf-8")
            lines = []
        if n % 1_000 == 999:
            yield n + 1
