"""What the appearances tell of names beyond their spelling, gathered in SQL so that Python holds distinct names."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import duckdb
import pyarrow as pa

from tasks.identity.rows import fetched

Appearances: TypeAlias = pa.Table | str
"""A table with the columns of tasks.identity.appearances.APPEARANCES, or SQL for one."""


@contextmanager
def opened(appearances: Appearances, memory_limit: str = "512MB") -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that knows all appearances as ``everywhere``, and spills what does not fit into ``memory_limit``."""
    config: dict[str, Any] = {
        "memory_limit": memory_limit,
        "threads": 1,
        "preserve_insertion_order": False,
        "python_enable_replacements": False,
    }
    with (
        tempfile.TemporaryDirectory() as spill,
        duckdb.connect(config=config | {"temp_directory": spill}) as connection,
    ):
        if isinstance(appearances, str):
            connection.execute(f"CREATE VIEW everywhere AS FROM {appearances}")
        else:
            connection.register("everywhere", appearances)
        connection.execute("CREATE TABLE parts (article_id VARCHAR, label VARCHAR, name VARCHAR, part VARCHAR)")
        yield connection


def gather(connection: duckdb.DuckDBPyConnection, names: str | None) -> None:
    """Makes the appearances of some names, a table of label and name, the table ``appearances``; of all, without it."""
    if names is None:
        connection.execute("CREATE VIEW appearances AS FROM everywhere")
    else:
        connection.execute(f"CREATE TABLE appearances AS FROM everywhere SEMI JOIN {names} USING (label, name)")


def gather_more(connection: duckdb.DuckDBPyConnection, names: str) -> None:
    """Adds the appearances of more names, SQL for a table of label and name, to those of the table ``affected``."""
    connection.execute(
        f"""
        CREATE TABLE more AS SELECT DISTINCT label, name FROM {names} ANTI JOIN affected USING (label, name);
        INSERT INTO appearances FROM everywhere SEMI JOIN more USING (label, name);
        """
    )


def count(connection: duckdb.DuckDBPyConnection) -> None:
    """Counts the articles of the names in ``affected``, and of their printed forms, for ``distinct_names`` and
    ``printed_forms``.
    """
    connection.execute(
        """
        CREATE TABLE counted AS
            SELECT block, label, name, coalesce(x.part, '') AS part, count(*) AS n_articles,
                   coalesce(min(published_on)::VARCHAR, '') AS first_on
            FROM appearances JOIN affected USING (label, name) LEFT JOIN parts x USING (article_id, label, name)
            GROUP BY ALL ORDER BY block;
        CREATE TABLE other_forms AS
            SELECT block, label, name, form, count(*) AS n
            FROM (SELECT article_id, label, name, unnest(list_distinct(forms)) AS form FROM appearances)
            ANTI JOIN parts USING (article_id, label, name) JOIN affected USING (label, name)
            WHERE form <> name AND trim(form) <> '' GROUP BY ALL ORDER BY block;
        """
    )


def distinct_names(connection: duckdb.DuckDBPyConnection, block: int) -> Iterator[tuple[Any, ...]]:
    """Label, name, part, n_articles and first_on (YYYY-MM-DD or '') of each name of a block, in that order."""
    return fetched(connection, f"SELECT * EXCLUDE block FROM counted WHERE block = {block} ORDER BY label, name, part")


def all_names(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """Label and name of each name."""
    return fetched(connection, "SELECT DISTINCT label, name FROM appearances ORDER BY ALL")


def split_off(
    connection: duckdb.DuckDBPyConnection, label: str, name: str, part: str, conditions: Iterable[tuple[str, str]]
) -> None:
    """Notes the articles where a name, under conditions, means another; an article that was noted before stays so."""
    columns = {"role": "roles", "affiliation": "affiliations"}
    tests, values = ["label = ?", "name = ?"], [label, name]
    for column, value in conditions:
        tests.append(f"list_contains({columns[column]}, ?)" if column in columns else f"{column} = ?")
        values.append(value)
    connection.execute(
        f"""
        INSERT INTO parts SELECT article_id, label, name, ? FROM appearances
        ANTI JOIN parts USING (article_id, label, name) WHERE {" AND ".join(tests)}
        """,
        [part, *values],
    )


def printed_forms(connection: duckdb.DuckDBPyConnection, block: int) -> Iterator[tuple[str, str, str, int]]:
    """Label, name, another form of it, and the number of articles that print that for that name, of a block."""
    query = f"SELECT label, name, form, n FROM other_forms WHERE block = {block} ORDER BY label, name, form"
    yield from fetched(connection, query)


def together(connection: duckdb.DuckDBPyConnection, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The pairs of people's names of which an article has both."""
    short, long = zip(*pairs, strict=True)
    connection.register("pairs", pa.table({"short": short, "long": long}))
    found = fetched(
        connection,
        """
        WITH people AS (FROM appearances WHERE label = 'PER')
        SELECT DISTINCT short, long FROM pairs JOIN people s ON s.name = short
        JOIN people l ON l.name = long AND l.article_id = s.article_id
        """,
    )
    return {(short, long) for short, long in found}
