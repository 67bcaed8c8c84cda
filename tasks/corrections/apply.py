"""Applies decisions to the rows of a lake, in SQL; docs/corrections.md states the rules.

The rows that decisions change are kept, as the extractor made them, in the table corrections. Whenever a lake is linked
it is first taken back to what the extractors said, and all decisions are judged anew. So what a lake says depends on
its articles and on the decisions in force, and a decision that is reverted leaves no trace.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from schemas.fields import EXTRACTED
from schemas.tables import CORRECTIONS, MENTIONS, QUOTES, UNKNOWN_MONTH, Table
from tasks.corrections.decisions import AboutNames, AboutQuote, Decision
from tasks.corrections.judge import FOLLOWING, follow, judge_article, judge_reverts, reverted
from tasks.corrections.table import to_row
from tasks.lake import Lake, scan, sql_string
from tasks.partitions import month_sql

ARTICLES_AT_ONCE = 1000
# The column by which a row says in which quote it stands.
WITHIN = {QUOTES.name: "parent_quote_id", MENTIONS.name: "in_quote_id"}
CORRECTED_TABLES = (QUOTES, MENTIONS)

_COLUMNS = [name for name in QUOTES.column_names if name in {f.name for f in EXTRACTED}]
_DECIDED = pa.schema(
    [
        QUOTES.schema.field("quote_id"),
        QUOTES.schema.field("published_on"),
        pa.field("is_removed", pa.bool_()),
        *(QUOTES.schema.field(name).with_nullable(True) for name in FOLLOWING),
    ]
)
_HEIRS = pa.schema([("quote_id", pa.string()), ("published_on", pa.date32()), ("heir", pa.string())])


class Correction:
    """The decisions on a lake, applied within one connection: what is undone, judged anew, and done again.

    Makes temporary tables: held, held_removed and held_within for what the lake's decisions have changed, decided and
    heirs for what they are to change now, decided_articles with the article_id of all that either may touch. Where
    there is neither, rows are passed on as they are.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, lake: Lake, decisions: Sequence[Decision]) -> None:
        self._connection = connection
        self._decisions = decisions
        corrections = scan(CORRECTIONS, lake.files(CORRECTIONS))
        connection.execute(f"""
            CREATE TEMP TABLE held AS FROM empty_quotes
                UNION ALL BY NAME SELECT as_extracted.* FROM {corrections} WHERE as_extracted IS NOT NULL;
            CREATE TEMP TABLE held_removed AS
                SELECT quote_id, as_extracted.published_on AS published_on FROM {corrections}
                WHERE as_extracted IS NOT NULL AND decision = 'not_a_quote';
            CREATE TEMP TABLE held_within AS
                SELECT quote_id, unnest(mention_ids) AS id FROM {corrections}
                UNION ALL SELECT quote_id, unnest(nested_quote_ids) FROM {corrections};
        """)
        self._is_held = bool(connection.execute("SELECT count(*) FROM held").fetchall()[0][0])
        self._is_decided = False

    @property
    def about_names(self) -> list[AboutNames]:
        """The decisions on names that are in force."""
        gone = reverted(self._decisions)
        return [d for d in self._decisions if isinstance(d, AboutNames) and d.id not in gone]

    def as_extracted_sql(self, table: Table, rows: str, months: Collection[str | None] | None = None) -> str:
        """SQL for the rows of a table as the extractor made them; ``rows`` are the lake's own of those months."""
        if table not in CORRECTED_TABLES or not self._is_held:
            return rows
        (key,), within = table.key, WITHIN[table.name]
        found = f"""SELECT r.* REPLACE (coalesce(w.quote_id, r.{within}) AS {within})
                    FROM {rows} r LEFT JOIN held_within w ON w.id = r.{key}"""
        if table is not QUOTES:
            return f"({found})"
        asked = "true"
        if months is not None:
            names = ", ".join(sql_string(month or UNKNOWN_MONTH) for month in months) or "NULL"
            asked = f"coalesce({month_sql(QUOTES)}, {sql_string(UNKNOWN_MONTH)}) IN ({names})"
        return f"""({found} WHERE r.quote_id NOT IN (SELECT quote_id FROM held)
                    UNION ALL BY NAME FROM held WHERE {asked})"""

    def judge(self, rows: Mapping[str, str]) -> list[dict[str, Any]]:
        """Judges the decisions on quotes and the reverts; returns their rows of the table corrections.

        ``rows`` are those of articles, quotes and mentions as extracted, as SQL by the table's name.
        """
        gone = reverted(self._decisions)
        by_article: dict[str, list[AboutQuote]] = {}
        for decision in self._decisions:
            if isinstance(decision, AboutQuote) and decision.id not in gone:
                by_article.setdefault(decision.quote.article_id, []).append(decision)
        changes = _Changes([to_row(verdict) for verdict in judge_reverts(self._decisions)])
        for article_id, article, quotes in _articles(self._connection, rows, sorted(by_article)):
            changes.judge(by_article[article_id], article, quotes)
        self._connection.register("_decided", pa.Table.from_pylist(changes.decided, schema=_DECIDED))
        self._connection.register("_heirs", pa.Table.from_pylist(changes.heirs, schema=_HEIRS))
        self._connection.register("_articles", pa.table({"article_id": pa.array(sorted(by_article), pa.string())}))
        self._connection.execute("""
            CREATE TEMP TABLE decided AS FROM _decided;
            CREATE TEMP TABLE heirs AS FROM _heirs;
            CREATE TEMP TABLE decided_articles AS FROM _articles UNION SELECT article_id FROM held
        """)
        self._is_decided = bool(changes.decided)
        within: dict[str, list[str]] = {}
        if changes.heirs:
            mentions = f"{rows[MENTIONS.name]} m JOIN heirs h ON h.quote_id = in_quote_id"
            query = f"SELECT in_quote_id, mention_id FROM {mentions} ORDER BY ALL"
            for quote_id, mention_id in self._connection.sql(query).fetchall():
                within.setdefault(quote_id, []).append(mention_id)
        for row in changes.removed:
            row["mention_ids"] = within.get(row["quote_id"], [])
        return changes.rows

    def corrected_sql(self, table: Table, rows: str) -> str:
        """SQL for rows as extracted with the decisions applied."""
        if table not in CORRECTED_TABLES or not self._is_decided:
            return rows
        within = f"CASE WHEN h.quote_id IS NULL THEN r.{WITHIN[table.name]} ELSE h.heir END AS {WITHIN[table.name]}"
        heirs = f"LEFT JOIN heirs h ON h.quote_id = r.{WITHIN[table.name]}"
        if table is not QUOTES:
            return f"(SELECT r.* REPLACE ({within}) FROM {rows} r {heirs})"
        columns = ", ".join(f"CASE WHEN d.quote_id IS NULL THEN r.{c} ELSE d.{c} END AS {c}" for c in FOLLOWING)
        return f"""(SELECT r.* REPLACE ({columns}, {within}) FROM {rows} r
                    LEFT JOIN decided d ON d.quote_id = r.quote_id {heirs} WHERE d.is_removed IS NOT TRUE)"""

    def months_sql(self, table: Table, rows: str) -> str | None:
        """SQL for the months in which a decision changes what the lake's ``rows`` say, or no longer does."""
        if table not in CORRECTED_TABLES or not (self._is_held or self._is_decided):
            return None
        month = month_sql(table)
        removed = f"""SELECT {month} FROM held_removed ANTI JOIN (FROM decided WHERE is_removed) USING (quote_id)
                      UNION SELECT {month} FROM decided ANTI JOIN held_removed USING (quote_id) WHERE is_removed"""
        if table is not QUOTES:
            return removed
        differ = " OR ".join(f"r.{name} IS DISTINCT FROM d.{name}" for name in FOLLOWING)
        return f"""{removed} UNION SELECT {month} FROM held ANTI JOIN decided USING (quote_id)
                   UNION SELECT {month_sql(table, "r")} FROM {rows} r JOIN decided d ON d.quote_id = r.quote_id
                         WHERE {differ}"""


@dataclass(slots=True)
class _Changes:
    """Rows of the tables corrections (those of quotes removed also by themselves), decided and heirs."""

    rows: list[dict[str, Any]]
    removed: list[dict[str, Any]] = field(default_factory=list)
    decided: list[dict[str, Any]] = field(default_factory=list)
    heirs: list[dict[str, Any]] = field(default_factory=list)

    def judge(self, decisions: list[AboutQuote], article: dict[str, Any] | None, quotes: list[dict[str, Any]]) -> None:
        """Takes in the decisions on one article; quotes are given as extracted."""
        by_id = {quote["quote_id"]: quote for quote in quotes}
        removed = {}
        for verdict in judge_article(decisions, article, quotes):
            row = to_row(verdict)
            self.rows.append(row)
            if verdict.status != "applied":
                continue
            assert verdict.fit is not None
            assert isinstance(verdict.decision, AboutQuote)
            quote = by_id[verdict.fit.quote_id]
            row["as_extracted"] = {name: quote[name] for name in _COLUMNS}
            following = follow(verdict.decision, quote, quotes)
            place = {"quote_id": quote["quote_id"], "published_on": quote["published_on"]}
            self.decided.append(place | {"is_removed": following is None} | (following or {}))
            if following is None:
                removed[quote["quote_id"]] = quote
                self.removed.append(row)
                row["nested_quote_ids"] = sorted(
                    q["quote_id"] for q in quotes if q["parent_quote_id"] == quote["quote_id"]
                )
        for quote_id, quote in removed.items():
            heir, passed = quote["parent_quote_id"], {quote_id}
            while heir in removed and heir not in passed:
                passed.add(heir)
                heir = removed[heir]["parent_quote_id"]
            heir = None if heir in passed else heir  # quotes that stand in each other
            self.heirs.append({"quote_id": quote_id, "published_on": quote["published_on"], "heir": heir})


def _articles(
    connection: duckdb.DuckDBPyConnection, rows: Mapping[str, str], wanted: Sequence[str]
) -> Iterator[tuple[str, dict[str, Any] | None, list[dict[str, Any]]]]:
    """Each article's id, its title and text (None where there is no such article), and its quotes in their order."""
    for start in range(0, len(wanted), ARTICLES_AT_ONCE):
        some = wanted[start : start + ARTICLES_AT_ONCE]
        connection.register("_wanted", pa.table({"article_id": pa.array(some, pa.string())}))
        texts = f"SELECT article_id, title, text FROM {rows['articles']} SEMI JOIN _wanted USING (article_id)"
        articles = {row["article_id"]: row for row in connection.sql(texts).to_arrow_table().to_pylist()}
        columns = ", ".join(_COLUMNS)
        order = "ORDER BY article_id, is_in_title, content_spans, quote_id"
        found = f"SELECT {columns} FROM {rows[QUOTES.name]} SEMI JOIN _wanted USING (article_id) {order}"
        quotes: dict[str, list[dict[str, Any]]] = {}
        for row in connection.sql(found).to_arrow_table().to_pylist():
            quotes.setdefault(row["article_id"], []).append(row)
        for article_id in some:
            yield article_id, articles.get(article_id), quotes.get(article_id, [])
