"""Invented articles for whole runs: copies, revisions, refusals and missing dates among them, over a year and more."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from tests.flows.dumps import record, write_jsonl

PEOPLE = ("Ada Moss", "Tom Birch", "Nora Quill", "Emil Sand", "Ruth Fenn", "Leo Marsh")
ROLES = ("harbour master", "mayor", "engineer", "spokeswoman")
THINGS = ("the ferry", "the old bridge", "the night bus", "the market hall", "the lock gate")


def articles(n: int, seed: int) -> list[dict[str, Any]]:
    """``n`` records; about one in ten is a copy, a revision, undated or unusable."""
    rng = random.Random(seed)
    records = []
    for i in range(n):
        person, thing = rng.choice(PEOPLE), rng.choice(THINGS)
        text = (
            f"Work on {thing} will take {rng.randrange(2, 60)} weeks, the council was told on Monday.\n\n"
            f"“We shall mend {thing} before winter number {i},” said {person}, the {rng.choice(ROLES)}.\n\n"
            f"{person.split()[1]} added that {rng.randrange(100)} people had asked about {thing}."
        )
        published = f"202{3 + i % 2}-{1 + rng.randrange(12):02d}-{1 + rng.randrange(28):02d}"
        fields: dict[str, Any] = {
            "title": f"{thing.capitalize()} {i} to be mended",
            "text": text,
            "published": published,
        }
        if i and i % 23 == 0:
            fields |= {name: records[-1][name] for name in ("title", "text", "published")}
        if i % 31 == 7:
            fields["published"] = None
        if i % 41 == 3:
            fields["text"] = ""
        records.append(record(i, **fields))
    return records


def write_corpus(folder: Path, n: int, n_files: int = 10, seed: int = 1) -> Path:
    """Writes the records into files under ``folder``, and into an earlier/ subfolder half of them as they were before."""
    records = articles(n, seed)
    for number in range(n_files):
        write_jsonl(folder / "all" / f"{number:02d}.jsonl", records[number::n_files])
    earlier = [r | {"text": r["text"].replace("weeks", "days")} if i % 5 == 0 else r for i, r in enumerate(records)]
    write_jsonl(folder / "earlier" / "old.jsonl", earlier[: n // 2])
    return folder
