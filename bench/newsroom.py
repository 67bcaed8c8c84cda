"""Invented newspapers: writes the articles of a month, with their quotes, mentions and links as rows of the tables."""

from __future__ import annotations

import hashlib
import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from bench.world import Entity, World

CUES = [("say", "said"), ("say", "said"), ("tell", "told reporters"), ("add", "added"), ("warn", "warned")]
PAPERS = """
courier gazette herald tribune observer harbour-post evening-star northern-echo dispatch chronicle morning-mail
island-times valley-news sentinel examiner argus beacon bulletin standard journal advertiser register globe mercury
monitor record voice citizen
"""
PUBLISHERS = [f"{name}.example" for name in PAPERS.split()]
SHARE_NAMING, SHARE_REPEATED, SHARE_LINKED = 0.2, 0.06, 0.3
EXTRACTOR = "generated/1"
Row = dict[str, Any]
Span = dict[str, int]


class Newsroom:
    """Writes the articles of one month; everything drawn by chance comes from ``draws``."""

    def __init__(self, world: World, draws: np.random.Generator, n_articles: int, run: Row) -> None:
        self.draws, self.run = draws, run
        most = n_articles * 100 + 1000  # more than are used
        self.chances = iter(draws.random(most).tolist())
        self.names = {label: world.draw(label, most // 4, draws) for label in world.entities}
        self.sentences = (world.sentences[k] for k in draws.integers(0, len(world.sentences), most).tolist())
        self.clauses = (world.clauses[k] for k in draws.integers(0, len(world.clauses), most).tolist())
        self.numbers = itertools.count(1)
        self.said: list[tuple[Row, Entity | None]] = []  # direct quotes, which another article may print as well

    def new_id(self) -> str:
        """A key that no other row has."""
        return self.draws.bytes(16).hex()

    def pick(self, things: list[Any]) -> Any:
        """One of the things, by chance."""
        return things[int(next(self.chances) * len(things))]

    def article(self, day: date | None, n_quotes: int) -> dict[str, list[Row]]:
        """An article as rows by table."""
        draft = Draft(self, day, n_quotes)
        self.said += draft.said
        return draft.rows

    def copy(self, rows: dict[str, list[Row]]) -> dict[str, list[Row]]:
        """The same article in another paper a few hours later; both are one story, and their quotes the same words."""
        (first,) = rows["articles"]
        article_id = self.new_id()
        publisher = self.pick([p for p in PUBLISHERS if p != first["publisher"]])
        at = first["published_at"] and first["published_at"] + timedelta(hours=3)
        quote_ids: dict[str | None, str | None] = {None: None}
        for quote in rows["quotes"]:
            quote_ids[quote["quote_id"]] = self.new_id()
            quote["quote_cluster_id"] = quote["quote_cluster_id"] or self.new_id()
        own = {"article_id": article_id}
        article = first | own | addresses(publisher, article_id) | {"published_at": at}
        return {
            "articles": [article | {"duplicate_of": first["article_id"]}],
            "quotes": [
                q | own | {"quote_id": quote_ids[q["quote_id"]], "publisher": publisher} for q in rows["quotes"]
            ],
            "mentions": [
                m | own | {"mention_id": self.new_id(), "in_quote_id": quote_ids[m["in_quote_id"]]}
                for m in rows["mentions"]
            ],
            "links": [link | own for link in rows["links"]],
        }


def addresses(publisher: str, article_id: str) -> Row:
    """Where an article appeared."""
    url = f"https://www.{publisher}/{article_id[:12]}"
    return {"publisher": publisher, "url": url, "canonical_url": url}


class Draft:
    """One article in the making: paragraphs of sentences, quotes and names, whose places are kept."""

    def __init__(self, room: Newsroom, day: date | None, n_quotes: int) -> None:
        self.room, self.day = room, day
        self.text, self.paragraph = "", 0
        self.named: dict[str, Entity] = {}
        self.said: list[tuple[Row, Entity | None]] = []
        self.rows: dict[str, list[Row]] = {"articles": [], "quotes": [], "mentions": [], "links": []}
        self.article_id = room.new_id()
        self.publisher = PUBLISHERS[int(len(PUBLISHERS) * next(room.chances) ** 2)]
        self.common = {"article_id": self.article_id, "published_on": day, "language": "en", "extractor": EXTRACTOR}
        self.common["run_id"] = room.run["run_id"]
        for self.paragraph in range(max(7, n_quotes)):
            self.add(f"{next(room.sentences)} {next(room.sentences)} ")
            if self.paragraph < n_quotes:
                self.quote()
            if self.paragraph < 3:
                self.passage()
            self.text = f"{self.text.rstrip()}\n\n"
        self.text = self.text.rstrip()
        self.finish()

    def add(self, words: str) -> Span:
        """Adds words to the text; returns their place."""
        start = len(self.text)
        self.text += words
        return {"start": start, "end": len(self.text)}

    def name(self, entity: Entity, quote_id: str | None = None) -> Span:
        """Adds a name, in full where it is new, and the row of its mention."""
        span = self.add(entity.short if entity.name in self.named else entity.name)
        self.named[entity.name] = entity
        self.rows["mentions"].append(
            {
                "mention_id": self.room.new_id(),
                "text": self.text[span["start"] :],
                "name": entity.name,
                "label": entity.label,
                "entity_id": entity.entity_id,
                "mention_type": "name",
                "is_in_title": False,
                "paragraph": self.paragraph,
                "in_quote_id": quote_id,
                "confidence": 0.9,
                "rule": "name",
                **span,
                **self.common,
            }
        )
        return span

    def passage(self) -> None:
        """Adds a sentence with two names."""
        names = self.room.names
        self.add("The news about ")
        self.name(next(names["PER" if self.paragraph % 2 else "ORG"]))
        self.add(" has reached ")
        self.name(next(names["LOC"]))
        self.add(f": {next(self.room.clauses)}. ")

    def quote(self) -> None:
        """Adds a sentence with a quote, and its rows."""
        room, quote_id = self.room, self.room.new_id()
        context, chance = self.text[-200:].strip(), next(room.chances)
        kind = "direct" if chance < 0.6 else "indirect" if chance < 0.9 else "mixed"
        lemma, cue = room.pick(CUES)
        repeats = kind == "direct" and room.said and next(room.chances) < SHARE_REPEATED
        earlier, speaker = room.pick(room.said) if repeats else (None, self.speaker())
        role = speaker.role_on(self.day) if speaker else None
        if kind == "direct":
            content, verbatim = self.direct(quote_id, earlier)
            source = self.source(speaker, role)
            self.add(" ")
            cue_span = self.add(cue)
        else:
            source = self.source(speaker, role)
            self.add(" ")
            cue_span = self.add(cue)
            content, verbatim = self.reported(quote_id, kind)
        self.add(". ")
        words = self.text[source["start"] : source["end"]]
        row = {
            "quote_id": quote_id,
            "publisher": self.publisher,
            "kind": kind,
            "content": self.text[content["start"] : content["end"]],
            "content_spans": [content],
            "verbatim": verbatim,
            "cue": cue,
            "cue_lemma": lemma,
            "cue_spans": [cue_span],
            "source": words,
            "source_spans": [source],
            "speaker": speaker and speaker.name,
            "speaker_type": speaker and ("person" if speaker.label == "PER" else "organisation"),
            "speaker_id": speaker and speaker.entity_id,
            "speaker_role": role,
            "resolution": "unnamed" if not speaker else "full_name" if speaker.name in words else "partial_name",
            "speaker_candidates": [{"name": speaker.name, "score": 0.9}] if speaker else [],
            "is_negated": False,
            "is_in_title": False,
            "quote_cluster_id": earlier and earlier["quote_cluster_id"],
            "n_paragraphs": 1,
            "context_before": context,
            "context_after": "",
            "confidence": 0.55 + 0.44 * next(room.chances),
            "rule": "quote-said-name" if kind == "direct" else "name-said-that",
            **self.common,
        }
        self.rows["quotes"].append(row)
        if kind == "direct":
            self.said.append((row, speaker))

    def speaker(self) -> Entity | None:
        """Somebody who is named already, or anybody, or nobody known."""
        chance = next(self.room.chances)
        known = [entity for entity in self.named.values() if entity.label == "PER"]
        if known and chance < 0.3:
            return known[0]
        return next(self.room.names["PER" if chance < 0.83 else "ORG"]) if chance < 0.92 else None

    def source(self, speaker: Entity | None, role: str | None) -> Span:
        """Adds who speaks, with the role at the first time."""
        if not speaker:
            return self.add("a spokesman")
        start = len(self.text)
        if role and speaker.name not in self.named:
            self.add(f"{role} ")
        return {"start": start, "end": self.name(speaker)["end"]}

    def direct(self, quote_id: str, earlier: Row | None) -> tuple[Span, list[str]]:
        """Adds words in quotation marks, new ones or those of an earlier quote; returns their place, and the words."""
        start = len(self.text)
        if earlier:
            earlier["quote_cluster_id"] = earlier["quote_cluster_id"] or self.room.new_id()
            self.add(earlier["content"])
        else:
            self.add("“")
            self.clause(quote_id)
            self.add(f" {next(self.room.clauses)},”")
        end = len(self.text)
        self.add(" ")
        return {"start": start, "end": end}, [self.text[start + 1 : end - 1]]

    def reported(self, quote_id: str, kind: str) -> tuple[Span, list[str]]:
        """Adds reported words, the last of them in quotation marks where the quote is mixed."""
        start = self.add(" that ")["end"]
        self.clause(quote_id)
        words = next(self.room.clauses)
        end = self.add(f" “{words}”" if kind == "mixed" else f" {words}")["end"]
        return {"start": start, "end": end}, [words] if kind == "mixed" else []

    def clause(self, quote_id: str) -> None:
        """Adds some words, and perhaps a name."""
        room = self.room
        self.add(next(room.clauses))
        if next(room.chances) < SHARE_NAMING:
            self.add(" ")
            self.name(next(room.names[room.pick(["PER", "ORG", "LOC"])]), quote_id)

    def finish(self) -> None:
        """Adds the row of the article, and perhaps that of a link."""
        room, day, text = self.room, self.day, self.text
        hour = 6 + int(12 * next(room.chances))
        subject = next(iter(self.named))
        self.rows["articles"].append(
            {
                "title": f"{subject}: {next(room.clauses)}",
                "authors": [next(room.names["PER"]).name],
                "agencies": [],
                "section": room.pick(["Politics", "Local", "Business", "Culture", "Sport"]),
                "published_at": day and datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC),
                "published_precision": "minute" if day else "unknown",
                "published_source": day and "field",
                "language_confidence": 0.99,
                "text": text,
                "is_summary_only": False,
                "n_words": len(text.split()),
                "n_paragraphs": self.paragraph + 1,
                "repairs": [],
                "content_sha256": hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest(),
                "story_id": self.article_id,
                "revision": 1,
                "n_revisions": 1,
                "source_uri": f"{room.run['run_id']}.jsonl",
                "source_member": f"record:{next(room.numbers)}",
                "source_format": "json_lines",
                "source_sha256": room.run["files"][0]["sha256"],
                "ingested_at": room.run["started_at"],
                **addresses(self.publisher, self.article_id),
                **self.common,
            }
        )
        if next(room.chances) < SHARE_LINKED:
            start = text.index(" ") + 1
            end = text.index(" ", start)
            link = {
                "url": f"https://www.{room.pick(PUBLISHERS)}/",
                "anchor": text[start:end],
                "start": start,
                "end": end,
            }
            self.rows["links"].append(link | {"kind": "inline"} | self.common)
