"""A catalog that follows its lake says what one says that is made of the whole lake."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.tables import ARTICLES, MENTIONS, QUOTES
from tasks import lookups
from tasks.catalog import build_catalog, drop_catalog
from tasks.forget import Order, find_removals, forget
from tasks.lake import Lake
from tasks.lookups import State, months_changed
from tests.tasks.staging import STARTED, Run, article, ingest
from tests.tasks.test_catalog import MACROS

LOOKUPS = ("article", "quotes", "about", "named", "entity", "names", "speakers")
VIEWS = "SELECT schema_name, view_name, sql, comment FROM duckdb_views() WHERE NOT internal ORDER BY ALL"
SECRET = b"Thistledown"
SPEAKERS = (
    "Ida Holm", "Holm", "Bo Kern", "Ada Moss", "Moss", "Lea Moss", "Jon Kern", "Kim Dahl", "Ria Dahl", "Dahl",
    "Ida Holm; Bo Kern", "Moss; Holm", "Ada Moss; Kim Dahl", None,
)  # fmt: skip


def written(name: str, version: int, chance: random.Random) -> dict[str, Any]:
    """A version of an article, of any month; some have another's words, some a speaker who is nobody."""
    month = chance.choice([*range(1, 9), None])
    words = (
        f"The ferry {chance.randrange(4)} is late." if chance.random() < 0.3 else f"Buoy {name} drifts, v{version}x."
    )
    return article(
        name,
        words,
        source_member=name,
        published_on=date(2021, month, chance.randrange(1, 28)) if month else None,
        modified_at=datetime(2022, 1, 1, tzinfo=UTC) + timedelta(days=version),
        publisher=chance.choice(["courier", "gazette"]),
        speaker=chance.choice(SPEAKERS),
    )


def grown(lake: Lake, n: int, chance: random.Random, versions: Counter[str], run: int) -> None:
    """A run with ``n`` articles, some of them new, the others in other words or of another day."""
    names = {f"a{chance.randrange(60)}" for _ in range(n)}
    versions.update(names)
    ingest(
        lake,
        [written(name, versions[name], chance) for name in sorted(names)],
        run=Run(f"run-{run}", STARTED + timedelta(hours=run)),
    )


def contents(path: Path, *queries: str) -> dict[str, list[Any]]:
    """The rows of all lookups in any order, and the answers to queries in theirs."""
    with duckdb.connect(path, read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        found = {name: sorted(map(repr, connection.execute(f"FROM lookup.{name}").fetchall())) for name in LOOKUPS}
        return found | {query: connection.execute(query).fetchall() for query in queries}


def n_exchanged(lake: Lake) -> int:
    """How many rows of the lookups have been exchanged; 0 in a catalog made of the whole lake."""
    with duckdb.connect(lake.catalog, read_only=True) as connection:
        return int(connection.execute("SELECT n_exchanged FROM lookup.commit").fetchall()[0][0])


def check(lake: Lake, spare: Path, *queries: str) -> int:
    """Renews the catalog and compares it with one that is made anew; returns the rows exchanged so far."""
    build_catalog(lake, anew=False)
    shutil.copyfile(lake.catalog, spare)
    n, found = n_exchanged(lake), contents(lake.catalog, *queries)
    for name, expected in contents(build_catalog(lake), *queries).items():
        assert found[name] == expected, name
    assert n_exchanged(lake) == 0
    shutil.copyfile(spare, lake.catalog)  # so that the next step goes on from this one
    return n


def test_it_says_the_same_after_any_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "MOST_EXCHANGED", 1e9)
    monkeypatch.setattr(lookups, "MOST_READ", 1.0)
    lake, chance, versions = Lake(tmp_path / "it's a [lake]*"), random.Random(1), Counter[str]()
    grown(lake, 30, chance, versions, run=0)
    build_catalog(lake)
    grown(lake, 1, chance, versions, run=1)
    n = check(lake, tmp_path / "spare")
    grown(lake, 8, chance, versions, run=2)
    assert check(lake, tmp_path / "spare", *(f"FROM {macro}" for macro in MACROS), VIEWS) > n > 0
    query = "SELECT count(speaker) > 0, count(entity) > 0 FROM lookup.names"
    assert contents(lake.catalog, query)[query] == [(True, True)]


def four_months(folder: Path) -> Lake:
    """A lake with an article a month from January to April, and its catalog."""
    lake = Lake(folder)
    ingest(lake, [article(f"a{m}", source_member=f"{m}", published_on=date(2021, m, 4)) for m in range(1, 5)])
    build_catalog(lake)
    return lake


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Such a lake, whose catalog the tests may change."""
    return four_months(tmp_path_factory.mktemp("lookups"))


def test_what_is_forgotten_leaves_no_trace(tmp_path: Path) -> None:
    lake = four_months(tmp_path / "lake")
    later = STARTED + timedelta(days=1)
    version = article("a1", "Thistledown stays.", source_member="1", published_on=date(2021, 1, 4), modified_at=later)
    ingest(lake, [version], run=Run("run-2", later))
    build_catalog(lake, anew=False)
    assert n_exchanged(lake) > 0
    assert SECRET in lake.catalog.read_bytes()
    kept = shutil.copyfile(lake.catalog, tmp_path / "kept")
    forget(lake, find_removals(lake, [Order("article", version["article_id"])]), STARTED, "mholm", None)
    assert SECRET not in lake.catalog.read_bytes()
    shutil.copyfile(kept, lake.catalog)  # as if another program had built it meanwhile
    build_catalog(lake, anew=False)
    assert SECRET not in lake.catalog.read_bytes()


def test_it_is_made_of_the_whole_lake_where_that_is_better(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def changed() -> frozenset[str | None] | None:
        return months_changed(lake.catalog, lake, State.of(lake))

    build_catalog(lake)
    assert changed() == frozenset()
    os.utime(lake.partition_file(QUOTES, "2021-01"), (1, 1))
    os.utime(lake.partition_file(ARTICLES, "2021-02"), (1, 1))
    assert changed() == {"2021-01", "2021-02"}
    os.utime(lake.partition_file(MENTIONS, "2021-03"), (1, 1))
    assert changed() is None  # most would be read
    monkeypatch.setattr(lookups, "MOST_READ", 1.0)
    assert changed() == {"2021-01", "2021-02", "2021-03"}
    with duckdb.connect(lake.catalog) as connection:
        connection.execute("UPDATE lookup.commit SET n_exchanged = 1000")
    assert changed() is None
    lake.catalog.write_bytes(b"no catalog")
    assert changed() is None
    drop_catalog(lake)
    assert changed() is None


def test_a_catalog_that_is_damaged_is_made_of_the_whole_lake(lake: Lake) -> None:
    whole = contents(build_catalog(lake))
    with lake.catalog.open("r+b") as file:
        file.seek(3 * 4096 + (1 << 18) + 8)  # behind the headers, in the second block, behind its checksum
        file.write(bytes(100_000))
    os.utime(lake.partition_file(QUOTES, "2021-01"), (2, 2))
    assert months_changed(lake.catalog, lake, State.of(lake)) is not None
    build_catalog(lake, anew=False)
    assert contents(lake.catalog) == whole
