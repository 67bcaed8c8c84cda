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
        WITH named AS (
            SELECT article_id, label, coalesce(name, text) AS name, count(*) AS n_mentions,
                   list_sort(list(DISTINCT text) FILTER (text <> coalesce(name, text))) AS forms
            FROM {mentions} WHERE mention_type = 'name' GROUP BY ALL
        ),
        speakers AS ({speakers_sql("named", quotes)}),
        quoted AS (
            SELECT s.article_id, s.label, s.name, count(*) AS n_quotes,
                   list_sort(list(DISTINCT speaker_role) FILTER (speaker_role IS NOT NULL)) AS roles,
                   list_sort(list(DISTINCT speaker_affiliation) FILTER (speaker_affiliation IS NOT NULL))
                       AS affiliations
            FROM {quotes} q JOIN speakers s ON {same_speaker_sql("q", "s")} GROUP BY ALL
        )
        SELECT article_id, label, name, a.published_on, a.publisher,
               coalesce(n_mentions, 0)::BIGINT AS n_mentions, coalesce(n_quotes, 0)::BIGINT AS n_quotes,
               coalesce(roles, []::VARCHAR[]) AS roles, coalesce(affiliations, []::VARCHAR[]) AS affiliations,
               coalesce(forms, []::VARCHAR[]) AS forms
        FROM named FULL JOIN quoted USING (article_id, label, name) JOIN {articles} a USING (article_id)
        WHERE trim(name) <> ''
    """


def speakers_sql(named: str, quotes: str) -> str:
    """The query for article_id, speaker, speaker_type, and the name and label of every speaker of the quotes.

    ``named`` has article_id, label, name and n_mentions of the names that are mentioned. Several who speak as one («Ann
    Lee; Bo Kern») have a row each. A speaker has the label of the mentions of that name in the article; the one that
    goes with speaker_type, if several.
    """
    return f"""
        SELECT q.article_id, q.speaker, q.speaker_type, q.name,
               coalesce(arg_max(m.label, (m.label = q.label, m.n_mentions, m.label)), any_value(q.label)) AS label
        FROM (
            SELECT DISTINCT article_id, speaker, speaker_type, {_LABEL_OF_TYPE} AS label,
                   unnest(string_split(speaker, '; ')) AS name
            FROM {quotes}
        ) q
        LEFT JOIN {named} m ON m.article_id = q.article_id AND m.name = q.name
        GROUP BY q.article_id, q.speaker, q.speaker_type, q.name
    """


def same_speaker_sql(quotes: str, speakers: str) -> str:
    """The condition under which a quote has one of the speakers of ``speakers_sql`` or ``speaker_ids_sql``."""
    return f"""{speakers}.article_id = {quotes}.article_id AND {speakers}.speaker = {quotes}.speaker
               AND {speakers}.speaker_type IS NOT DISTINCT FROM {quotes}.speaker_type"""


def sole_speakers_sql(appearances: str, quotes: str) -> str:
    """The query for article_id, speaker, speaker_type, label and name of all quotes with one speaker."""
    named = f"(FROM {appearances} WHERE n_mentions > 0)"
    return f"""
        SELECT article_id, speaker, speaker_type, any_value(label) AS label, any_value(name) AS name
        FROM ({speakers_sql(named, quotes)}) WHERE trim(name) <> ''
        GROUP BY article_id, speaker, speaker_type HAVING count(*) = 1
    """


def speaker_ids_sql(speakers: str) -> str:
    """The query for article_id, speaker, speaker_type and speaker_id, of the rows of ``sole_speakers_sql``.

    It reads names and exceptions, the tables of an Identity.
    """
    return f"""
        SELECT article_id, speaker, speaker_type, coalesce(x.entity_id, n.entity_id) AS speaker_id
        FROM {speakers} JOIN names n USING (label, name) LEFT JOIN exceptions x USING (article_id, label, name)
    """


def entities_joined_sql(mentions: str) -> str:
    """What to join to mentions for ENTITY_OF_MENTION: names n and exceptions x, the tables of an Identity."""
    return f"""
        LEFT JOIN names n ON {mentions}.mention_type = 'name' AND n.label = {mentions}.label
            AND n.name = coalesce({mentions}.name, {mentions}.text)
        LEFT JOIN exceptions x ON x.article_id = {mentions}.article_id AND x.label = n.label AND x.name = n.name
    """


ENTITY_OF_MENTION = "coalesce(x.entity_id, n.entity_id)"
