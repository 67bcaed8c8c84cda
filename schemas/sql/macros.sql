-- The usual questions as table macros. Each comment ends in an example that runs as it stands.

CREATE OR REPLACE MACRO folded(words) AS lower(strip_accents(words));
COMMENT ON MACRO folded IS 'Text without accents and in small letters, for comparisons. Example: SELECT folded(''Zoë'')';

CREATE OR REPLACE MACRO has_words(name, wanted) AS (
    folded(name) IS NOT NULL AND regexp_matches(wanted, '[\pL\pN]') AND list_has_all(
        string_split_regex(folded(name), '[^\pL\pN]+'),
        list_filter(string_split_regex(folded(wanted), '[^\pL\pN]+'), lambda word: word <> '')
    )
);
COMMENT ON MACRO has_words IS
    'True where all words of the second name are in the first, whatever their case and accents. Example: SELECT has_words(''Ida Holm'', ''holm'')';

CREATE OR REPLACE MACRO plain(words) AS trim(regexp_replace(folded(words), '[^\pL\pN]+', ' ', 'g'));
COMMENT ON MACRO plain IS
    'The words alone: folded, and one space in place of whatever stands between them. Example: SELECT plain(''“Not now,” he said.'')';

CREATE OR REPLACE MACRO entities_named(who) AS TABLE
    SELECT * FROM entities
    WHERE entity_id = who OR list_contains(alias_ids, who) OR list_bool_or([has_words(alias, who) FOR alias IN aliases])
    ORDER BY n_quotes DESC, n_mentions DESC, entity_id;
COMMENT ON MACRO TABLE entities_named IS
    'People, organisations and places by any form of their name, a part of one, or an id; most quoted first. Example: SELECT name, label, aliases FROM entities_named(''holm'')';

CREATE OR REPLACE MACRO quotes_by(who) AS TABLE
    SELECT * FROM quotes
    WHERE speaker_id IN (SELECT entity_id FROM entities_named(who)) OR (speaker_id IS NULL AND has_words(speaker, who))
    ORDER BY published_on DESC NULLS LAST, article_id, is_in_title, content_spans;
COMMENT ON MACRO TABLE quotes_by IS
    'Quotes of a speaker, newest first, by any form of the name or a part of one. Example: FROM quotes_by(''holm'')';

CREATE OR REPLACE MACRO mentions_of(who) AS TABLE
    SELECT * FROM mentions WHERE entity_id IN (SELECT entity_id FROM entities_named(who))
    ORDER BY published_on DESC NULLS LAST, article_id, is_in_title, start;
COMMENT ON MACRO TABLE mentions_of IS
    'Mentions of a name, by any form of it, newest first. Example: SELECT text, article_id FROM mentions_of(''holm'')';

CREATE OR REPLACE MACRO said_about(who) AS TABLE
    SELECT * FROM quotes
    WHERE quote_id IN (SELECT in_quote_id FROM mentions_of(who) WHERE in_quote_id IS NOT NULL)
    ORDER BY published_on DESC NULLS LAST, article_id, is_in_title, content_spans;
COMMENT ON MACRO TABLE said_about IS
    'Quotes that mention a name, by any form of it, newest first. Example: SELECT speaker, content FROM said_about(''holm'')';

CREATE OR REPLACE MACRO who_said(words) AS TABLE
    SELECT q.quote_cluster_id, q.quote_id, q.published_on, q.publisher, q.speaker, q.kind, q.content, q.confidence,
           c.n_quotes, c.n_publishers, q.article_id
    FROM quotes q LEFT JOIN quote_clusters c USING (quote_cluster_id)
    WHERE plain(words) <> '' AND contains(' ' || plain(q.content) || ' ', ' ' || plain(words) || ' ')
    ORDER BY q.published_on NULLS LAST, q.article_id, q.is_in_title, q.content_spans;
COMMENT ON MACRO TABLE who_said IS
    'Quotes that hold these words in this order, the first to print them first, with the number of publishers that have the same utterance. Example: SELECT published_on, publisher, speaker, content FROM who_said(''new bridge'')';

CREATE OR REPLACE MACRO speakers(since := NULL, until := NULL) AS TABLE
    SELECT coalesce(e.name, q.speaker) AS speaker, q.speaker_type, q.role, q.n_quotes, q.n_articles, q.n_publishers,
           q.first_on, q.last_on, q.speaker_id
    FROM (SELECT speaker_id, min(speaker) AS speaker, mode(speaker_type ORDER BY speaker_type) AS speaker_type,
                 mode(speaker_role ORDER BY speaker_role) AS role, count(*) AS n_quotes,
                 count(DISTINCT article_id) AS n_articles, count(DISTINCT publisher) AS n_publishers,
                 min(published_on) AS first_on, max(published_on) AS last_on
          FROM quotes ANTI JOIN (SELECT article_id FROM articles WHERE duplicate_of IS NOT NULL) USING (article_id)
          WHERE speaker IS NOT NULL AND (since IS NULL OR published_on >= since::DATE)
            AND (until IS NULL OR published_on <= until::DATE)
          GROUP BY speaker_id, CASE WHEN speaker_id IS NULL THEN speaker END) q
    LEFT JOIN entities e ON e.entity_id = q.speaker_id
    ORDER BY n_quotes DESC, speaker, speaker_type;
COMMENT ON MACRO TABLE speakers IS
    'Speakers with the number of their quotes, most quoted first, between two days if given; copies of an article count once. Example: FROM speakers(since := ''2026-01-01'') LIMIT 10';

CREATE OR REPLACE MACRO timeline(who, grain := 'month') AS TABLE
    SELECT date_trunc(grain, published_on)::DATE AS starts_on, count(*) AS n_quotes,
           count(DISTINCT article_id) AS n_articles
    FROM quotes_by(who)
    GROUP BY ALL
    ORDER BY starts_on NULLS LAST;
COMMENT ON MACRO TABLE timeline IS
    'How often a speaker is quoted per day, week, month, quarter or year. Example: FROM timeline(''holm'', grain := ''year'')';

CREATE OR REPLACE MACRO search(words) AS TABLE
    SELECT article_id, published_on, publisher, title,
           substr(text, greatest(1, position(folded(words) IN folded(text)) - 80), 200) AS passage
    FROM articles
    WHERE contains(folded(title), folded(words)) OR contains(folded(text), folded(words))
    ORDER BY published_on DESC NULLS LAST, article_id;
COMMENT ON MACRO TABLE search IS
    'Articles whose title or text holds these words in this order, newest first. Example: FROM search(''new bridge'')';

CREATE OR REPLACE MACRO article(prefix) AS TABLE
    SELECT * FROM articles WHERE starts_with(article_id, lower(prefix)) ORDER BY article_id;
COMMENT ON MACRO TABLE article IS
    'The article whose key begins so. Example: SELECT title, text FROM article(''1f0c6a4b'')';
