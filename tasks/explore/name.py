"""A person, an organisation or a place: what articles say it is, what it says, who writes of it and beside whom."""

from __future__ import annotations

from typing import Any

from tasks.explore.filters import SORTS, Condition, Filters, condition
from tasks.explore.reader import Reading
from tasks.explore.search import PLACE, quotes

SHOWN = 12  # rows of each list
QUOTES_SHOWN = 6
NAMES_A_PAGE = 60
LABELS = {"PER": "people", "ORG": "organisations", "LOC": "places", "MISC": "other names"}


def find_name(reading: Reading, key: str) -> dict[str, Any] | None:
    """The entity with the id, or for which the id stands, that is ``key`` or begins with it."""
    return reading.only(
        """FROM entities WHERE entity_id IN (
               SELECT lookup.key(entity) FROM lookup.names
               WHERE word BETWEEN $key AND rpad($key, 32, 'f') AND alias IS NULL) LIMIT 2""",
        {"key": key},
    )


def describe(reading: Reading, entity: dict[str, Any]) -> dict[str, Any]:
    """All that a page says of an entity: counts a month, publishers, company, articles, quotes of and about it."""
    key = entity["entity_id"]
    by, about = Filters(speaker=key), Filters(about=key)
    return {
        "months": months(reading, key),
        "roles": dated_roles(entity),
        "publishers": reading.rows(
            f"""SELECT publisher, count(*) AS n FROM lookup.quote WHERE entity = ?::UUID AND NOT is_copy
                AND publisher IS NOT NULL GROUP BY ALL ORDER BY n DESC, publisher LIMIT {SHOWN}""",
            [key],
        ),
        "company": company(reading, key),
        "articles": reading.rows(
            f"""SELECT lookup.key(a.article) AS article_id, a.title, a.day AS published_on, a.publisher, times
                FROM lookup.named m JOIN lookup.article a ON a.n = m.article WHERE entity = ?::UUID
                ORDER BY a.day DESC NULLS LAST, a.article LIMIT {SHOWN}""",
            [key],
        ),
        "said": _newest(reading, condition(by)),
        "said_about": _newest(reading, condition(about)),
        "n_said": _number(reading, condition(by)),
        "n_said_about": _number(reading, condition(about)),
    }


def months(reading: Reading, entity_id: str) -> list[dict[str, Any]]:
    """Quotes a month, without those in copies of a story; months without quotes are left out."""
    return reading.rows(
        """SELECT date_trunc('month', day)::DATE AS month, count(*) AS n_quotes, count(DISTINCT article) AS n_articles
           FROM lookup.quote WHERE entity = TRY_CAST(? AS UUID) AND day IS NOT NULL AND NOT is_copy
           GROUP BY ALL ORDER BY month""",
        [entity_id],
    )


def dated_roles(entity: dict[str, Any]) -> list[dict[str, Any]]:
    """The roles of an entity whose days are known, in the order of their first; the most frequent SHOWN of them."""
    dated = [role for role in entity["roles"] if role["first_on"] and role["last_on"]][:SHOWN]
    return sorted(dated, key=lambda role: (role["first_on"], role["last_on"], role["role"]))


def company(reading: Reading, entity_id: str) -> list[dict[str, Any]]:
    """Who and what is named in the same articles, in most of them first; copies of a story count once."""
    return reading.rows(
        f"""SELECT lookup.key(e.entity) AS entity_id, e.name, e.label, m.n FROM (
                SELECT n.entity, count(*) AS n FROM lookup.named n
                WHERE n.entity <> $id::UUID AND n.article IN (
                    SELECT article FROM lookup.named WHERE entity = $id::UUID)
                GROUP BY ALL ORDER BY n DESC, n.entity LIMIT {SHOWN}
            ) m JOIN lookup.entity e USING (entity) ORDER BY m.n DESC, e.name, e.entity""",
        {"id": entity_id},
    )


def list_names(reading: Reading, label: str, words: str, page: int) -> list[dict[str, Any]]:
    """Names of a label (or of any, where it is empty) with all the words, most quoted first; one more than a page."""
    where = Condition()
    if label:
        where.add("label = ?", label)
    if words:
        parts = words.split()
        begun = " AND ".join(["contains(' ' || plain(alias), ' ' || plain(?))"] * len(parts))
        has_word = "starts_with(word, list_last(string_split(plain(?), ' ')))"  # so that few names are compared
        where.add(f"entity IN (SELECT entity FROM lookup.names WHERE {has_word} AND {begun})", parts[0], *parts)
    return reading.rows(
        f"""SELECT lookup.key(entity) AS entity_id, name, label, n_quotes, n_articles, n_mentions FROM lookup.entity
            WHERE {where} ORDER BY n_quotes DESC, n_mentions DESC, name, entity
            LIMIT {NAMES_A_PAGE + 1} OFFSET {NAMES_A_PAGE * (page - 1)}""",
        where.values,
    )


def _newest(reading: Reading, where: Condition) -> list[dict[str, Any]]:
    places = reading.rows(
        f"""SELECT {PLACE} FROM lookup.quote WHERE {where}
            ORDER BY {SORTS["newest"]} LIMIT {QUOTES_SHOWN}""",
        where.values,
    )
    return quotes(reading, places)


def _number(reading: Reading, where: Condition) -> int:
    (row,) = reading.rows(f"SELECT count(*) AS n FROM lookup.quote WHERE {where}", where.values)
    return int(row["n"])
