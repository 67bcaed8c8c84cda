"""Small invented lakes, dense with names that can be each other, to see who is who in them as articles come and go."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa

from tasks.identity.corrections import Corrections, CorrectionsError, parse_corrections
from tasks.identity.identify import identify
from tasks.identity.knowledge import KnowledgeBase

SURNAMES = [["Holm"], ["Lee"], ["Tchaikovsky", "Chaykovsky"], ["Van Dyke", "Vandyke", "Dyke"], ["Holm", "Lee"]]
GIVEN = [
    ["Ida", "I.", "Ingrid"],
    ["Ida", "Ida M.", "Ida Maria", "Ida Mary"],
    ["Bob", "Robert", "Rob"],
    ["Ann", "Mary Ann"],
]
SUFFIXES = [[""], ["", "", " Jr."], ["", " Jr.", " II"]]
BODIES = [
    [
        "World Harbour Office",
        "The World Harbour Office",
        "World Harbour Office Inc.",
        "WHO",
        "W.H.O.",
        "Who",
        "The WHO",
    ],
    ["World Harbour Office", "World Housing Office", "WHO"],
    ["Harbour Board", "Hull Bank", "HB", "H.B."],
    ["U.S.", "United States", "US", "United Shipyards"],
    ["Justice Department", "Department of Justice", "DoJ", "DOJ"],
]
PUBLISHERS = ["gazette.example", "tribune.example"]
ROLES = ["mayor", "pilot", "the mayor"]
Row = dict[str, Any]
Article = tuple[date | None, str, list[Row]]


def names_of(random: Random) -> list[Row]:
    """A few names, most of which can be another's, and how each is printed elsewhere in an article."""
    names: list[Row] = []
    surnames, given = random.choice(SURNAMES), random.choice(GIVEN)
    for _ in range(random.randint(2, 7)):
        one, surname = random.choice(given), random.choice(surnames)
        name = f"{random.choice(['', '', '', 'Mr. ', 'Mrs. '])}{one} {surname}{random.choice(random.choice(SUFFIXES))}"
        short = [surname, surname, one, f"Mr. {surname}", f"Mrs. {surname}", f"{one} {surname}", f"{one[0]}. {surname}"]
        names.append({"label": "PER", "name": name, "forms": random.sample(short, random.choice([0, 1, 2, 2, 3]))})
    alone = [surnames[0], f"Mr. {surnames[0]}", f"Mrs. {surnames[0]}", given[0], f"Pope {given[0]}"]
    names += [
        {"label": "PER", "name": name, "forms": random.choice([[], [], [surnames[0]]])}
        for name in random.sample(alone, random.randint(1, 3))
    ]
    bodies, label = random.choice(BODIES), random.choice(["ORG", "ORG", "LOC"])
    for name in random.sample(bodies, random.randint(0, len(bodies))):
        names.append({"label": label, "name": name, "forms": random.choice([[], [], bodies[-1:], bodies[-2:]])})
    return names


@dataclass
class World:
    """Articles by id, which come, change and go; most tell one of a few stories, so that names meet again."""

    random: Random
    articles: dict[str, Article] = field(default_factory=dict)
    corrections: Corrections = field(default_factory=Corrections)
    knowledge: Path | None = None

    def __post_init__(self) -> None:
        self.cast = [name for _ in range(self.random.randint(1, 4)) for name in names_of(self.random)]
        n = len(self.cast)
        self.stories = [self.random.sample(self.cast, min(n, self.random.randint(1, 5))) for _ in range(1 + n // 3)]

    def article(self, stories: list[list[Row]]) -> Article:
        """Another article on one of some stories."""
        random = self.random
        told = [*random.choice(stories), *([random.choice(self.cast)] if random.random() < 0.3 else [])]
        if random.random() < 0.05:
            told += names_of(random)[:2]
        rows = {}
        for row in told:
            said = {"n_quotes": random.choice([0, 0, 1, 2]), "roles": random.choice([[], ROLES[:1], ROLES[1:]])}
            rows[row["label"], row["name"]] = row | said
        day = None if random.random() < 0.1 else date(2020, 1, random.randint(1, 28))
        return day, random.choice(PUBLISHERS), list(rows.values())

    def step(self) -> list[str]:
        """Lets articles come, change and go; returns the ids of all these and of some that stay."""
        random = self.random
        there = sorted(self.articles)
        forgotten = random.choice(self.cast)["name"] if random.random() < 0.4 else None
        gone = [a for a in there if any(row["name"] == forgotten for row in self.articles[a][2])]
        gone += random.sample(
            sorted({*there}.difference(gone)), min(len(there) - len(gone), random.choice([0, 0, 1, 2]))
        )
        changed = random.sample(there, min(len(there), random.choice([0, 0, 1, 2])))
        new = [f"a{random.randrange(10**9)}" for _ in range(random.choice([1, 2, 3, 6, 9]))]
        stories = random.sample(self.stories, min(len(self.stories), random.choice([1, 2])))
        for article_id in [*changed, *new]:
            self.articles[article_id] = self.article(stories)
        for article_id in gone:
            del self.articles[article_id]
        return [*gone, *changed, *new, *random.sample(there, min(len(there), 1))]

    def correct(self) -> None:
        """Has people say something of names."""

        def chosen() -> object:
            name = self.random.choice(self.cast)["name"]
            if self.random.random() < 0.5:
                return name
            return {"name": name} | self.random.choice(
                [{"publisher": PUBLISHERS[0]}, {"role": "mayor"}, {"label": "PER"}, {"label": "ORG"}]
            )

        said = {
            "same": [[chosen(), chosen()] for _ in range(self.random.choice([0, 1, 2]))],
            "different": [[chosen(), chosen()] for _ in range(self.random.choice([0, 1, 2]))],
            "rename": {self.random.choice(self.cast)["name"]: "Ada Osterley"} if self.random.random() < 0.5 else {},
        }
        try:
            self.corrections = parse_corrections(said)
        except CorrectionsError:
            self.corrections = Corrections()

    def record(self, file: Path) -> None:
        """Writes a knowledge base of some names."""
        names = [self.random.choice(self.cast)["name"] for _ in range(4)]
        lines = [f"Q{n % 3},{name},{names[n - 1]},{'PER' if n % 4 else 'ORG'}" for n, name in enumerate(names)]
        file.write_text("\n".join(["id,name,aliases,label", *lines]))
        self.knowledge = file

    def tables(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Makes next_articles, next_mentions and next_quotes."""
        articles, mentions, quotes = [], [], []
        for article_id, (day, publisher, rows) in sorted(self.articles.items()):
            articles.append((article_id, day, publisher))
            for row in rows:
                mentions += [
                    (article_id, text, row["name"], row["label"], "name") for text in (row["name"], *row["forms"])
                ]
                kind = {"PER": "person", "LOC": "place"}.get(row["label"], "organisation")
                roles = (row["roles"] or [None])[: row["n_quotes"]]
                quotes += [(article_id, row["name"], kind, role, None) for role in roles]
            if len(rows) > 1 and rows[0]["n_quotes"]:
                quotes.append((article_id, f"{rows[0]['name']}; {rows[1]['name']}", "person", None, None))
        text = pa.string()
        for name, made, columns in (
            ("articles", articles, {"article_id": text, "published_on": pa.date32(), "publisher": text}),
            ("mentions", mentions, dict.fromkeys(("article_id", "text", "name", "label", "mention_type"), text)),
            (
                "quotes",
                quotes,
                dict.fromkeys(("article_id", "speaker", "speaker_type", "speaker_role", "speaker_affiliation"), text),
            ),
        ):
            arrays = [pa.array([row[k] for row in made], kind) for k, kind in enumerate(columns.values())]
            connection.register(f"next_{name}", pa.table(arrays, names=list(columns)))


def invented(seed: int, folder: Path) -> World:
    """A world without articles; with corrections or a knowledge base, now and then."""
    random = Random(seed)
    world = World(random)
    if random.random() < 0.4:
        world.correct()
    if random.random() < 0.25:
        world.record(folder / "knowledge.csv")
    return world


def who(world: World, changed: list[str] | None, before: Path | None, after: Path) -> list[pa.Table]:
    """Names, exceptions, speaker_ids and entities, each in a fixed order, of a world of which ``before`` was kept."""
    after.mkdir()
    with duckdb.connect(config={"threads": 1}) as connection:
        world.tables(connection)
        if changed is not None:
            connection.register("changed", pa.table({"article_id": pa.array(sorted({*changed}), pa.string())}))
        knowledge = KnowledgeBase(world.knowledge) if world.knowledge else None
        identity = identify(connection, world.corrections, knowledge, before, after, "100MB")
        speakers = connection.sql("FROM speaker_ids ORDER BY ALL").to_arrow_table()
    names = identity.names.sort_by([("label", "ascending"), ("name", "ascending")])
    return [names, identity.exceptions, speakers, identity.entities]
