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
from tasks.identity.identify import identify, look_up
from tasks.identity.knowledge import KnowledgeBase
from tasks.linked import Memory

SURNAMES = [
    ["Holm"],
    ["Lee"],
    ["Tchaikovsky", "Chaykovsky"],
    ["Van Dyke", "Vandyke", "Dyke"],
    ["Mc Holm", "McHolm"],
    ["Holm", "Lee"],
]
GIVEN = [
    ["Ida", "I.", "Ingrid"],
    ["Ida", "Ida M.", "Ida Maria", "Ida Mary"],
    ["Bob", "Robert", "Rob"],
    ["Ann", "Mary Ann"],
]
TITLES = [[""], [""], ["", "Mr. ", "Mrs. "]]
SUFFIXES = [[""], [""], ["", " Jr.", " II"]]
BODIES = [
    ["World Harbour Office", "The World Harbour Office", "World Harbour Office Inc.", "WHO", "W.H.O.", "Who", "The WHO"],
    ["World Harbour Office", "World Housing Office", "WHO"],
    ["Harbour Board", "Hull Bank", "HB", "H.B."],
    ["U.S.", "United States", "US", "United Shipyards"],
    ["Justice Department", "Department of Justice", "DoJ", "DOJ"],
]  # fmt: skip
SYLLABLES = [f"{one}{other}" for one in "bdfgklmnprst" for other in "aeiou"]
PUBLISHERS = ["gazette.example", "tribune.example"]
ROLES = ["mayor", "pilot", "the mayor"]
Row = dict[str, Any]
Article = tuple[date | None, str, list[Row]]


def family(random: Random, syllable: str) -> list[Row]:
    """A few names, most of which can be another's, and how each is printed elsewhere in an article.

    The syllable makes its surnames, and now and then its given names, others than those of other families.
    """
    names: list[Row] = []
    surnames = [(syllable + surname.lower()).title() for surname in random.choice(SURNAMES)]
    given = random.choice(GIVEN)
    if random.random() < 0.4:
        given = [(syllable + name.lower()).title() for name in given]
    titles, suffixes = random.choice(TITLES), random.choice(SUFFIXES)
    for _ in range(random.randint(1, 4)):
        one, surname = random.choice(given), random.choice(surnames)
        name = f"{random.choice(titles)}{one} {surname}{random.choice(suffixes)}"
        short = [surname, surname, one, f"Mr. {surname}", f"Mrs. {surname}", f"{one} {surname}", f"{one[0]}. {surname}"]
        names.append(
            {
                "label": "PER",
                "name": name,
                "forms": random.sample(short, random.choice([0, 1, 2, 2, 3])) if titles[1:] else short[:3],
            }
        )
    alone = [surnames[0], f"Mr. {surnames[0]}", f"Mrs. {surnames[0]}", given[0], f"Pope {given[0]}"]
    names += [
        {"label": "PER", "name": name, "forms": random.choice([[], [], [surnames[0]]])}
        for name in sorted({surnames[0], *random.sample(alone, random.randint(0, 3))})
    ]
    bodies, label = random.choice(BODIES), random.choice(["ORG", "ORG", "LOC"])
    for name in random.sample(bodies, random.choice([0, 0, len(bodies) - 1, len(bodies)])):
        names.append({"label": label, "name": name, "forms": random.choice([[], [], bodies[-1:], bodies[-2:]])})
    return names


@dataclass
class World:
    """Articles by id, which come, change and go; most tell one of a few stories, so that names meet again."""

    random: Random
    n_families: int
    articles: dict[str, Article] = field(default_factory=dict)
    corrections: Corrections = field(default_factory=Corrections)
    knowledge: Path | None = None

    def __post_init__(self) -> None:
        random = self.random
        self.families = [family(random, syllable) for syllable in random.sample(SYLLABLES, self.n_families)]
        self.cast = [name for names in self.families for name in names]
        self.stories = [
            random.sample(names, min(len(names), random.randint(1, 5))) for names in self.families for _ in range(3)
        ]

    def article(self, stories: list[list[Row]]) -> Article:
        """Another article on one of some stories."""
        random = self.random
        told = [*random.choice(stories), *([random.choice(self.cast)] if random.random() < 0.3 else [])]
        if random.random() < 0.05:
            told += family(random, "")[:2]
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
        most = 1 + self.n_families // 2
        forgotten = {random.choice(self.cast)["name"] for _ in range(random.randrange(most + 1))}
        gone = [a for a in there if any(row["name"] in forgotten for row in self.articles[a][2])]
        gone = random.sample(gone, min(len(gone), random.choice([1, 2, 9]))) + random.sample(there, len(there) and 1)
        changed = random.sample(there, min(len(there), random.randint(0, most)))
        new = [f"a{random.randrange(10**9)}" for _ in range(random.randint(1, 5 * most))]
        stories = random.sample(self.stories, random.randint(2, len(self.stories)))
        for article_id in [*changed, *new]:
            self.articles[article_id] = self.article(stories)
        for article_id in {*gone}:
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
            "same": [[chosen(), chosen()] for _ in range(self.random.choice([0, 1, 1 + self.n_families // 4]))],
            "different": [[chosen(), chosen()] for _ in range(self.random.choice([0, 1, 1 + self.n_families // 4]))],
            "rename": {self.random.choice(self.cast)["name"]: "Ada Osterley"} if self.random.random() < 0.5 else {},
        }
        try:
            self.corrections = parse_corrections(said)
        except CorrectionsError:
            self.corrections = Corrections()

    def record(self, file: Path) -> None:
        """Writes a knowledge base of some names."""
        names = [self.random.choice(self.cast)["name"] for _ in range(4 + self.n_families)]
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


def invented(seed: int, folder: Path, n_families: int) -> World:
    """A world without articles; with corrections or a knowledge base, now and then."""
    random = Random(seed)
    world = World(random, n_families)
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
        memory = Memory(before, after)
        identify(connection, world.corrections, knowledge, memory, "100MB")
        identity = look_up(connection, memory)
        speakers = connection.sql("FROM speaker_ids ORDER BY ALL").to_arrow_table()
    names = identity.names.sort_by([("label", "ascending"), ("name", "ascending")])
    return [names, identity.exceptions, speakers, identity.entities]
