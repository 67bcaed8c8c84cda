"""SQL between the lake's tables and this package: names by article on the way in, ids by row on the way out."""

from __future__ import annotations

import pyarrow as pa

APPEARANCES = pa.schema(
    [
        ("article_id", pa.string()),
        ("label", pa.string()),
        ("name", pa.string()),
        ("published_on", pa.date32()),
        ("publisher", pa.string()),
        ("n_mentions", pa.int64()),
        ("n_quotes", pa.int64()),
        ("roles", pa.list_(pa.string())),
        ("affiliations", pa.list_(pa.string())),
        ("forms", pa.list_(pa.string())),
    ]
)
"""One row a name, label and article: the fullest form of the name in that article, how often it is mentioned and quoted
there, the roles and affiliations of its quotes, and the other ways in which it is printed there."""

_LABEL_OF_TYPE = "CASE speaker_type WHEN 'person' THEN 'PER' WHEN 'place' THEN 'LOC' ELSE 'ORG' END"


def appearances_sql(articles: str, mentions: str, quotes: str) -> str:
    """The query for APPEARANCES, in no order; each argument is a table's name or a scan such as `read_parquet(…)`."""
    return f"""
        WITH speakers AS ({speakers_sql(mentions, quotes)}),
        named AS (
            SELECT article_id, label, coalesce(name, text) AS name, count(*) AS n_mentions,
                   list_sort(list(DISTINCT text) FILTER (text <> coalesce(name, text))) AS forms
            FROM {mentions} WHERE mention_type = 'name' GROUP BY ALL
        ),
        quoted AS (
            SELECT s.article_id, s.label, s.name, count(*) AS n_quotes,
                   list_sort(list(DISTINCT speaker_role) FILTER (speaker_role IS NOT NULL)) AS roles,
                   list_sort(list(DISTINCT speaker_affiliation) FILTER (speaker_affiliation IS NOT NULL))
                       AS affiliations
            FROM speakers s JOIN {quotes} q USING (quote_id) GROUP BY ALL
        )
        SELECT article_id, label, name, a.published_on, a.publisher,
               coalesce(n_mentions, 0)::BIGINT AS n_mentions, coalesce(n_quotes, 0)::BIGINT AS n_quotes,
               coalesce(roles, []::VARCHAR[]) AS roles, coalesce(affiliations, []::VARCHAR[]) AS affiliations,
               coalesce(forms, []::VARCHAR[]) AS forms
        FROM named FULL JOIN quoted USING (article_id, label, name) JOIN {articles} a USING (article_id)
        WHERE trim(name) <> ''
    """


def speakers_sql(mentions: str, quotes: str) -> str:
    """The query for quote_id, article_id, label and name of every speaker of a quote.

    Several who speak as one («Ann Lee; Bo Kern») have a row each. A speaker has the label of the mentions of that name
    in the article; the one that goes with speaker_type, if several.
    """
    return f"""
        SELECT q.quote_id, q.article_id, q.name,
               coalesce(arg_max(m.label, (m.label = q.label, m.n, m.label)), any_value(q.label)) AS label
        FROM (
            SELECT DISTINCT quote_id, article_id, {_LABEL_OF_TYPE} AS label, unnest(string_split(speaker, '; ')) AS name
            FROM {quotes}
        ) q
        LEFT JOIN (
            SELECT article_id, label, coalesce(name, text) AS name, count(*) AS n
            FROM {mentions} WHERE mention_type = 'name' GROUP BY ALL
        ) m ON m.article_id = q.article_id AND m.name = q.name
        GROUP BY q.quote_id, q.article_id, q.name
    """


def mention_ids_sql(mentions: str, names: str, exceptions: str) -> str:
    """The query for mention_id and entity_id; ``names`` and ``exceptions`` are the tables of an Identity."""
    return f"""
        SELECT mention_id, coalesce(x.entity_id, n.entity_id) AS entity_id
        FROM {mentions} m
        JOIN {names} n ON n.label = m.label AND n.name = coalesce(m.name, m.text)
        LEFT JOIN {exceptions} x ON x.article_id = m.article_id AND x.label = n.label AND x.name = n.name
        WHERE mention_type = 'name'
    """


def speaker_ids_sql(mentions: str, quotes: str, names: str, exceptions: str) -> str:
    """The query for quote_id and speaker_id of every quote with one speaker."""
    return f"""
        SELECT quote_id, any_value(coalesce(x.entity_id, n.entity_id)) AS speaker_id
        FROM ({speakers_sql(mentions, quotes)}) s
        JOIN {names} n USING (label, name)
        LEFT JOIN {exceptions} x USING (article_id, label, name)
        GROUP BY quote_id HAVING count(*) = 1
    """
