"""What is found with what was kept is what is found without, whatever came, changed and went in between."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tasks.copies import stories, utterances
from tasks.copies.stories import find_stories
from tasks.copies.utterances import find_utterances
from tasks.linked import WORN, Memory
from tasks.normalise.text import content_digest
from tests.tasks.copies.test_stories import SCHEMA as ARTICLES
from tests.tasks.copies.test_utterances import SCHEMA as COMPARED
from tests.tasks.copies.test_utterances import by_id

NAMES = ["Hannah Osei", "Osei", "Mr Osei", "Isaura Montclar", "Montclar", "the harbour board"]
PLACES = ["Penhale", "Nørreby", "Brünn", "Ostrava"]
SENTENCES = [
    f"{verb} {object_} in {place} {when}"
    for verb, object_ in (
        ("They will mend the old swing bridge over the river", "and paint all of its railings green"),
        ("Nobody has asked the engineers who built it", "whether the piers can carry 38 tonnes"),
        ("The county pays a third of what it costs", "and the town has to find 12 million crowns"),
        ("We are done with patching what is broken", "and we shall not wait for another winter"),
    )
    for place in PLACES[:2]
    for when in ("before the end of March", "after the next election")
]
ROUNDS = 8


class World:
    """Articles of a few sentences each, with a quote or two, which come, change and go."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.articles: dict[str, dict[str, Any]] = {}
        self.ids: dict[tuple[str, str], str | None] = {}  # of speakers, by article and name
        self._n = 0

    def turn(self) -> list[str]:
        """Changes the world; returns the ids of the articles that came, changed or went."""
        draw = self.draw
        changed = draw.sample(sorted(self.articles), min(len(self.articles), draw.randrange(4)))
        for article_id in changed:
            if draw.random() < 0.5:
                del self.articles[article_id]
            else:
                self.articles[article_id] = self._article(article_id)
        for _ in range(draw.choice([0, 1, 1, 2, 5, 12])):
            self._n += 1
            changed.append(f"{self._n:03}")
            self.articles[changed[-1]] = self._article(changed[-1])
        if draw.random() < 0.4 and self.articles:  # a name means somebody else from now on
            name, other = draw.choice(NAMES), draw.choice([None, "1" * 32, "2" * 32])
            self.ids.update({(article_id, name): other for article_id in draw.choices(sorted(self.articles), k=2)})
        return changed

    def _article(self, article_id: str) -> dict[str, Any]:
        draw = self.draw
        text = ". ".join(draw.sample(SENTENCES, draw.choice([1, 3, 4, 5])))
        if draw.random() < 0.5 and self.articles:
            text = draw.choice(sorted(a["text"] for a in self.articles.values()))
            if draw.random() < 0.6:
                text = text.replace(*draw.sample([*PLACES, "March", "38", "12", "the", "The"], 2))
        day = datetime(2021, 3, 4, 12, tzinfo=UTC) + timedelta(hours=draw.randrange(96))
        quotes = [self._quote(article_id, n, day.date(), text) for n in range(draw.randrange(3))]
        return {
            "article_id": article_id,
            "published_at": draw.choice([day, None]),
            "published_on": draw.choice([day.date(), day.date(), None]),
            "content_sha256": content_digest(text),
            "text": text,
            "quotes": quotes,
        }

    def _quote(self, article_id: str, n: int, day: date, text: str) -> dict[str, Any]:
        draw, content = self.draw, self.draw.choice(text.split(". "))
        words = content.split()
        start = draw.choice([0, 0, 0, 2])
        content = " ".join(words[start : draw.choice([None, None, start + 9])])
        return {
            "quote_id": f"{article_id}-{n}",
            "article_id": article_id,
            "published_on": draw.choice([day, None]),
            "publisher": draw.choice(["a.example", "b.example", None]),
            "kind": draw.choice(["direct", "direct", "mixed", "indirect"]),
            "content": content,
            "verbatim": [" ".join(content.split()[:6])],
            "speaker": draw.choice([*NAMES, None]),
            "is_negated": draw.choice([False, False, None]),
        }

    def article_rows(self) -> pa.Table:
        return pa.Table.from_pylist([*self.articles.values()], ARTICLES)

    def quote_rows(self) -> pa.Table:
        quotes = [quote for article in self.articles.values() for quote in article["quotes"]]
        ids = [self.ids.get((q["article_id"], q["speaker"])) for q in quotes]
        return pa.Table.from_pylist([q | {"speaker_id": id_} for q, id_ in zip(quotes, ids, strict=True)], COMPARED)


def found(world: World, memory: Memory | None, changed: list[str], before: pa.Table) -> tuple[pa.Table, ...]:
    """Stories, clusters and mapping; with a memory, of the rows that are not as ``before`` alone."""
    articles, quotes = world.article_rows(), world.quote_rows()
    ids = None if memory is None or memory.before is None else pa.array(changed, pa.string())
    some_articles, some_quotes = articles, quotes
    if ids is not None:
        some_articles = articles.filter(pc.is_in(articles["article_id"], ids))
        speakers = {row["quote_id"]: row["speaker_id"] for row in before.to_pylist()}
        is_new = [
            row["article_id"] in changed or speakers.get(row["quote_id"]) != row["speaker_id"]
            for row in quotes.to_pylist()
        ]
        some_quotes = quotes.filter(pa.array(is_new, pa.bool_()))
    copies = find_stories(some_articles.to_batches(), memory, ids)
    return copies, *find_utterances(some_quotes.to_batches(), copies, by_id(quotes), memory, ids)


def history(seed: int, folder: Path) -> Iterator[tuple[tuple[pa.Table, ...], tuple[pa.Table, ...]]]:
    """What is found with a memory and without, after each change of a world."""
    world, before, quotes = World(seed), None, COMPARED.empty_table()
    for turn in range(ROUNDS):
        changed, after = world.turn(), folder / str(turn)
        after.mkdir()
        yield found(world, Memory(before, after), changed, quotes), found(world, None, changed, quotes)
        before, quotes = after, world.quote_rows()


def test_a_memory_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "RARE", 3)
    monkeypatch.setattr(stories, "SHORT", 12)
    monkeypatch.setattr(utterances, "REACH", 1)
    n_linked = [0, 0, 0]
    for seed in range(10):
        (tmp_path / str(seed)).mkdir()
        for remembered, anew in history(seed, tmp_path / str(seed)):
            for one, other in zip(remembered, anew, strict=True):
                assert one.equals(other), seed
            n_linked = [n + len(table) for n, table in zip(n_linked, anew, strict=True)]
    assert min(n_linked) > 100


def in_two_steps(first: dict[str, str], then: dict[str, str], folder: Path) -> list[pa.Table]:
    """The stories of texts that come, in the order of their names, at first and then."""
    memory = None
    found = []
    for name, texts in (("first", first), ("then", then)):
        (folder / name).mkdir()
        memory = Memory(memory and memory.after, folder / name)
        rows = [
            {"article_id": id_, "text": text, "content_sha256": content_digest(text)} for id_, text in texts.items()
        ]
        came = pa.Table.from_pylist(rows, ARTICLES).to_batches()
        found.append(find_stories(came, memory, pa.array(texts, pa.string()) if memory.before else None))
    return found


def test_what_is_left_of_a_group_is_grouped_anew(tmp_path: Path) -> None:
    text = ". ".join(SENTENCES)
    copies = {"0": text, "1": text.replace("March", "May"), "2": text.replace("paint", "scrub")}
    whole, rest = in_two_steps(copies, {"0": "Withdrawn."}, tmp_path)
    assert whole["story_id"].to_pylist() == ["0", "0", "0"]
    assert rest["story_id"].to_pylist() == ["1", "1"]


def test_a_file_of_words_that_nobody_needs_any_more_wears_out(tmp_path: Path) -> None:
    """The next linking is anew then, and makes another file."""
    memory, are_worn = None, []
    for n in range(4):
        (tmp_path / str(n)).mkdir()
        memory = Memory(memory and memory.after, tmp_path / str(n))
        text = f"{SENTENCES[0]} {n}"
        rows = [{"article_id": "1", "text": text, "content_sha256": content_digest(text)}]
        came = pa.Table.from_pylist(rows, ARTICLES).to_batches()
        find_stories(came, memory, pa.array(["1"]) if memory.before else None)
        are_worn.append((memory.after / WORN).exists())
    assert are_worn == [False, False, True, True]
