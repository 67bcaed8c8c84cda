"""Words by themselves («Obama», «Bernie») and acronyms: the group of names that each goes with, if articles tell.

A word goes by what is printed for names all over the lake, and most words for names of many surnames, so this is no
matter of a few names that have something in common. But it is one of counting, which DuckDB does for all words in
little time. All words are decided on the same ground: the groups of names that are one without them.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from tasks.identity.bodies import letters_of
from tasks.identity.forms import fold
from tasks.identity.known import BESIDE
from tasks.identity.printed import ARTICLES, OPEN, SHARE
from tasks.identity.rows import fetched, to_table

GIVEN_ARTICLES = 5  # for a given name by itself


def count_beside(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the table ``beside``, the rows BESIDE of the lake: of acronyms that ``touched`` may concern, anew."""
    connection.execute(
        """
        CREATE TABLE counted_anew AS
            SELECT label, word FROM known_names SEMI JOIN affected USING (label, name)
            WHERE label <> 'PER' AND word IS NOT NULL
            UNION SELECT label, word FROM new_names WHERE label <> 'PER' AND word IS NOT NULL
            UNION SELECT label, unnest(initials) FROM facts SEMI JOIN touched USING (label, name);
        CREATE TABLE acronyms AS
            SELECT label, word, name FROM names SEMI JOIN counted_anew USING (label, word) WHERE label <> 'PER';
        CREATE TABLE whole AS
            FROM (SELECT label, unnest(initials) AS word, name FROM facts)
            SEMI JOIN acronyms USING (label, word)
            SEMI JOIN (FROM names WHERE part = '') USING (label, name);
        """
    )
    connection.register("counted_beside", to_table(_beside(connection), BESIDE))
    connection.execute(
        """
        CREATE TABLE beside AS
            FROM known_beside ANTI JOIN counted_anew USING (label, word) UNION ALL BY NAME FROM counted_beside
        """
    )


def _beside(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str, int]]:
    """Rows BESIDE. An acronym that is printed like a word («Who») does not count."""
    ((n_whole,),) = fetched(connection, "SELECT count(*) FROM whole")
    if not n_whole:
        return
    rows = fetched(
        connection,
        """
        WITH s AS (SELECT article_id, label, word, name FROM everywhere JOIN acronyms USING (label, name)),
             l AS (SELECT article_id, label, word, name FROM everywhere JOIN whole USING (label, name))
        SELECT label, word, s.name, l.name, count(*)
        FROM s JOIN l USING (article_id, label, word) WHERE s.name <> l.name GROUP BY ALL ORDER BY ALL
        """,
    )
    for label, word, acronym, name, n in rows:
        if (letters_of(acronym) or fold(acronym)) == word:
            yield label, word, name, n


def choose(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the table ``words``: label, form, group_id, and the group that a word or acronym goes with as target.

    It reads names, printed and beside.
    """
    connection.execute(_WORDS, [SHARE, ARTICLES, GIVEN_ARTICLES, OPEN])


_WORDS = """
    CREATE TABLE words AS
    WITH short AS (
        SELECT label, form, group_id, word, gender, sum(n_articles) AS n_articles
        FROM names WHERE word IS NOT NULL GROUP BY ALL
    ),
    told AS (
        SELECT label, name, word, gender, n FROM printed WHERE word IS NOT NULL
        UNION ALL SELECT label, name, word, '' AS gender, n FROM beside
    ),
    support AS (
        SELECT label, told.word, told.gender, names.gender AS bearer, group_id, sum(n) AS n
        FROM told JOIN names USING (label, name) WHERE part = '' GROUP BY ALL
    ),
    by_group AS (
        SELECT label, form, word, n_articles, support.group_id, sum(n) AS n
        FROM short JOIN support USING (label, word)
        WHERE short.gender = '' OR (support.gender IN ('', short.gender) AND bearer IN ('', short.gender))
        GROUP BY ALL
    ),
    most AS (
        SELECT label, form, word, n_articles, arg_max(group_id, n) AS target, max(n) AS n, sum(n) AS total
        FROM by_group GROUP BY label, form, word, n_articles
    ),
    surnames AS (SELECT DISTINCT group_id AS target, surname AS word, true AS is_surname FROM names),
    chosen AS (
        SELECT label, form, target FROM most LEFT JOIN surnames USING (target, word)
        WHERE n >= $1 * total AND CASE
            WHEN label = 'PER' THEN n >= CASE WHEN is_surname THEN $2 ELSE $3 END AND n * $4 >= n_articles
            ELSE n >= CASE WHEN length(word) = 2 THEN $2 ELSE 1 END
        END
    )
    SELECT label, form, group_id, target FROM short LEFT JOIN chosen USING (label, form)
"""
