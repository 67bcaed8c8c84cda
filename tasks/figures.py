"""Measures a run by its staged rows: what it is made of, by file, format and month, and the figures that runs share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from schemas.tables import ARTICLES, QUARANTINE, QUOTES, Table
from tasks.deduplicate import CHILD_KEY, UNDECIDED, Decisions, staged_rows
from tasks.drift import LANGUAGE, Figure
from tasks.lake import Lake, connect, sql_paths
from tasks.process import ROW_REASONS, RunContext

# Columns whose share of missing values tells of a feed that changed.
WATCHED: tuple[tuple[Table, str, tuple[str, ...]], ...] = (
    (ARTICLES, "staged", ("published_on", "authors", "publisher", "canonical_url", "language")),
    (QUOTES, "quoted", ("speaker", "cue")),
)
LEAST_LANGUAGE = 0.005  # share of the articles from which on a language is a figure of its own
MOST_FILES = 50  # files that are listed one by one


def measure(
    lake: Lake, run: RunContext, decisions: Decisions, row: Mapping[str, Any], refused_share: float
) -> tuple[list[Figure], dict[str, list[dict[str, Any]]]]:
    """The figures of a run, and its records by source file, by format and by month.

    ``row`` is the run's row of the runs table so far. Records by file add up to the records read; formats and months
    are those of articles accepted, for what is refused may have neither.
    """
    with connect(lake) as connection:
        staging = run.staging
        connection.execute(f"""
            CREATE VIEW staged AS FROM {staged_rows(staging, ARTICLES, UNDECIDED)};
            CREATE VIEW quoted AS FROM {staged_rows(staging, QUOTES)};
            CREATE VIEW written AS FROM read_parquet({sql_paths([decisions.written])});
            CREATE VIEW refused AS
                SELECT source_uri FROM {staged_rows(staging, QUARANTINE)} WHERE reason_code NOT IN {_CHILD_REASONS}
                UNION ALL SELECT source_uri FROM read_parquet({sql_paths([decisions.duplicates])});
        """)
        figures = _figures(connection, row, refused_share)
        parts = {
            "by_file": _by_file(connection, row["files"]),
            "by_format": _rows(connection, _BY_FORMAT),
            "by_month": _rows(connection, _BY_MONTH),
        }
    return figures, parts


_CHILD_REASONS = str(tuple(sorted(ROW_REASONS.values())))
_BY_FORMAT = """
    SELECT source_format AS format, count(*) AS n_articles, count(w._row) AS n_written
    FROM staged s LEFT JOIN written w USING (_chunk, _row) GROUP BY ALL ORDER BY n_articles DESC, format
"""
_BY_MONTH = f"""
    SELECT strftime(s.published_on, '%Y-%m') AS month, count(*) AS n_written, sum(coalesce(q.n, 0))::BIGINT AS n_quotes
    FROM staged s SEMI JOIN written w USING (_chunk, _row)
    LEFT JOIN (SELECT _chunk, {CHILD_KEY} AS _row, count(*) AS n FROM quoted GROUP BY ALL) q USING (_chunk, _row)
    GROUP BY ALL ORDER BY month NULLS LAST
"""


def _figures(connection: duckdb.DuckDBPyConnection, row: Mapping[str, Any], refused_share: float) -> list[Figure]:
    figures = [Figure("records", float(row["n_records"] - row["n_unchanged"]), 0, is_share=False)]
    if row["n_records"]:
        figures.append(Figure("records refused", refused_share, row["n_records"], is_share=True))
    n = {}
    for table, view, columns in WATCHED:
        missing = ", ".join(f"avg({_is_missing(table, name)})" for name in columns)
        n[view], *shares = connection.execute(f"SELECT count(*), {missing} FROM {view}").fetchall()[0]
        if n[view]:
            names = [f"{table.name} without {name}" for name in columns]
            figures += [Figure(name, share, n[view], is_share=True) for name, share in zip(names, shares, strict=True)]
    if n["staged"]:
        figures.append(Figure("quotes an article", n["quoted"] / n["staged"], n["staged"], is_share=False))
        languages = connection.execute(
            "SELECT language, count(*) AS n FROM staged WHERE language IS NOT NULL GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        shares = [(language, count / n["staged"]) for language, count in languages]
        figures += [
            Figure(f"{LANGUAGE}{language}", share, n["staged"], is_share=True)
            for language, share in shares
            if share >= LEAST_LANGUAGE
        ]
    return figures


def _is_missing(table: Table, name: str) -> str:
    is_list = table.schema.field(name).type.num_fields > 0
    return f"(len({name}) = 0)::INTEGER" if is_list else f"({name} IS NULL)::INTEGER"


def _by_file(connection: duckdb.DuckDBPyConnection, files: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Records by file: the files with most records, and all others as one."""
    staged = connection.execute(
        "SELECT source_uri, count(*), count(w._row) FROM staged s LEFT JOIN written w USING (_chunk, _row) GROUP BY 1"
    ).fetchall()
    refused = dict(connection.execute("SELECT source_uri, count(*) FROM refused GROUP BY 1").fetchall())
    written = {uri: n_written for uri, _, n_written in staged}
    entries = []
    for file in files:
        n, uri = file["n_records"], file["uri"]
        if file["status"] in ("read", "continued", "rejected"):
            here = {"n_written": written.get(uri, 0), "n_quarantined": refused.get(uri, 0)}
            entries.append({"file": uri, "n_records": n, **here, "n_kept": n - sum(here.values())})
    entries.sort(key=lambda entry: (-entry["n_records"], entry["file"]))
    rest = entries[MOST_FILES:]
    if rest:
        counts = {name: sum(entry[name] for entry in rest) for name in rest[0] if name != "file"}
        entries[MOST_FILES:] = [{"file": f"{len(rest):,} more files", **counts}]
    return entries


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = connection.sql(query).to_arrow_table().to_pylist()
    return rows
