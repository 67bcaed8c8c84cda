"""Who is who in a lake, by what its articles say and by what was known of its names before.

Kept for the next time are the names by article and the quotes with one speaker (tasks.identity.layers), and what is
known of the names (tasks.identity.known).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from tasks.identity.appearances import appearances_sql, sole_speakers_sql, speaker_ids_sql
from tasks.identity.corrections import Corrections
from tasks.identity.entities import Identity
from tasks.identity.evidence import opened
from tasks.identity.knowledge import KnowledgeBase
from tasks.identity.known import read_known
from tasks.identity.layers import Layers
from tasks.identity.resolve import resolve_anew, resolve_changes
from tasks.linked import Memory

BLOCK_ARTICLES = 20_000  # whose names are gathered at a time
_ALL = "next_articles"
_LOOKED_UP = ("names", "exceptions")
_QUOTED = "article_id, speaker, speaker_type, speaker_role, speaker_affiliation"


def identify(
    connection: duckdb.DuckDBPyConnection,
    corrections: Corrections,
    knowledge: KnowledgeBase | None,
    memory: Memory,
    memory_limit: str,
) -> None:
    """Finds who is who in next_articles, next_mentions and next_quotes, the lake's tables.

    The ``memory`` is of the same corrections and knowledge base; only the articles in the table ``changed`` may be
    other ones since. It has the Identity then, for ``look_up``, and the connection has the table speaker_ids. Raises
    CorrectionsError and KnowledgeError.
    """
    before, after = memory.before, memory.after
    appearances, speakers = Layers(after, "appearances"), Layers(after, "speakers")
    if before is None:
        _gather(connection, _ALL, appearances, speakers)
    else:
        _gather_changes(connection, before, appearances, speakers)
    with opened(appearances.sql(), memory_limit) as second:
        if before is None:
            resolve_anew(second, corrections, knowledge, after)
        else:
            second.register("touched", connection.table("touched").to_arrow_table())
            resolve_changes(second, corrections, knowledge, read_known(before), after)
    look_up(connection, memory)
    connection.execute(f"CREATE TEMP TABLE speaker_ids AS {speaker_ids_sql(speakers.sql())}")
    for name in _LOOKED_UP:
        connection.unregister(name)


def look_up(connection: duckdb.DuckDBPyConnection, memory: Memory) -> Identity:
    """Maps what was identified into memory. Leaves the tables names and exceptions, as in the Identity."""
    identity = Identity.of(read_known(memory.after))
    for name in _LOOKED_UP:
        connection.register(name, getattr(identity, name))
    return identity


def _gather(connection: duckdb.DuckDBPyConnection, ids: str, appearances: Layers, speakers: Layers) -> list[str]:
    """Lays names and speakers of the articles with some ids upon the layers, a block of articles at a time.

    Returns the rows of names that it has laid, as SQL.
    """
    ((n_articles,),) = connection.execute(f"SELECT count(*) FROM {ids}").fetchall()
    n_blocks = 1 + n_articles // BLOCK_ARTICLES
    laid = []
    for block in range(n_blocks):
        some = "" if ids == _ALL else f"SEMI JOIN {ids} USING (article_id)"
        some += f" WHERE hash(article_id) % {n_blocks} = {block}"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE quoted AS SELECT {_QUOTED} FROM next_quotes {some}")
        found = appearances_sql(f"(FROM next_articles {some})", f"(FROM next_mentions {some})", "quoted")
        laid.append(appearances.add(connection, f"({found})"))
        speakers.add(connection, f"({sole_speakers_sql(laid[-1], 'quoted')})")
    connection.execute("DROP TABLE quoted")
    return laid


def _gather_changes(connection: duckdb.DuckDBPyConnection, before: Path, appearances: Layers, speakers: Layers) -> None:
    """The same upon what was kept; makes the table ``touched``, of label and name of what does not appear as it did."""
    names_before = Layers(before, "appearances")
    connection.execute(f"CREATE TEMP TABLE were AS FROM {names_before.sql()} SEMI JOIN changed USING (article_id)")
    n_layers = [appearances.take_over(names_before), speakers.take_over(Layers(before, "speakers"))]
    are = f"({' UNION ALL '.join(_gather(connection, 'changed', appearances, speakers))})"
    connection.execute(
        f"""
        CREATE TEMP TABLE touched AS SELECT DISTINCT label, name
        FROM ((FROM were EXCEPT FROM {are}) UNION ALL (FROM {are} EXCEPT FROM were))
        """
    )
    for layers, first in zip((appearances, speakers), n_layers, strict=True):
        layers.settle(connection, first, "(SELECT DISTINCT article_id FROM were)")
