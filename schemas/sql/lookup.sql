-- The lookups: what the macros and the explorer filter, count and sort by. They are made of one commit and lie in the
-- catalog as tables; where the catalog is of another commit, they are views that say the same, only slower. Articles are
-- read from their own files, of which a lookup knows the month and the day, so that few row groups are touched.
--
-- n is a row's place in the order of its table. lookup.articles_in_files and lookup.quotes_in_files are those tables with
-- the number of each row in its file (tasks/views.py). tasks/lookups.py puts TABLE or VIEW for LOOKUP.

CREATE SCHEMA IF NOT EXISTS lookup;

-- Rows without a date come last.
CREATE OR REPLACE MACRO lookup.place(month, row_number) AS
    (CASE month WHEN 'unknown' THEN 999999 ELSE replace(month, '-', '')::BIGINT END << 32) | row_number;
COMMENT ON MACRO lookup.place IS
    'The place of a row among all rows of its table, by its month and its number in the file of the month. Example: SELECT lookup.place(''2026-05'', 7)';

CREATE OR REPLACE MACRO lookup.key(id) AS replace(id::VARCHAR, '-', '');
COMMENT ON MACRO lookup.key IS
    'An id as the tables write it, of one as the lookups have it. Example: SELECT lookup.key(uuid())';

CREATE LOOKUP lookup.article AS
    SELECT lookup.place(published_month, file_row_number) AS n, article_id::UUID AS article, published_on AS day,
           published_month AS month, publisher, title, story_id::UUID AS story,
           duplicate_of IS NOT NULL AS is_copy
    FROM lookup.articles_in_files ORDER BY n;

-- Whole rows, for they are asked for by their speaker, and then few: those of one lie together. The state tells a row from
-- what it was in another commit, but for places.
CREATE LOOKUP lookup.quotes AS
    SELECT q.* EXCLUDE (file_row_number) REPLACE (
               quote_id::UUID AS quote_id, article_id::UUID AS article_id, speaker_id::UUID AS speaker_id,
               quote_cluster_id::UUID AS quote_cluster_id),
           lookup.place(q.published_month, q.file_row_number) AS n, a.n AS article, a.is_copy,
           hash(a.is_copy, *COLUMNS(q.* EXCLUDE (file_row_number))) AS state
    FROM lookup.quotes_in_files q JOIN lookup.article a ON a.article = q.article_id::UUID ORDER BY speaker_id, n;

CREATE LOOKUP lookup.about AS
    SELECT DISTINCT m.entity_id::UUID AS entity, q.n
    FROM mentions m JOIN lookup.quotes q ON q.quote_id = m.in_quote_id::UUID
    WHERE m.entity_id IS NOT NULL ORDER BY entity, n;

-- Copies of a story say nothing new of who is named beside whom.
CREATE LOOKUP lookup.named AS
    SELECT m.entity_id::UUID AS entity, a.n AS article, a.day, count(*)::INTEGER AS times
    FROM mentions m JOIN lookup.article a ON a.article = m.article_id::UUID
    WHERE m.entity_id IS NOT NULL AND NOT a.is_copy GROUP BY ALL ORDER BY entity, article;

CREATE LOOKUP lookup.entity AS
    SELECT entity_id::UUID AS entity, name, label, n_quotes, n_articles, n_mentions, hash(e) AS state FROM entities e
    ORDER BY entity;

-- An id is a word, too; a speaker that is no entity is known by its name alone. Sorted while lists are taken apart, the rows
-- of many names would not be spilled, and need more memory than there is.
CREATE LOOKUP lookup.names AS
    WITH words AS MATERIALIZED (
        SELECT unnest(list_distinct(string_split(plain(alias), ' '))) AS word, alias, entity_id::UUID AS entity,
               NULL AS speaker
        FROM (SELECT unnest(aliases) AS alias, entity_id FROM entities)
        UNION ALL
        SELECT unnest([entity_id] || alias_ids), NULL, entity_id::UUID, NULL FROM entities
        UNION ALL
        SELECT unnest(list_distinct(string_split(plain(speaker), ' '))), speaker, NULL, speaker
        FROM (SELECT DISTINCT speaker FROM lookup.quotes WHERE speaker_id IS NULL AND speaker IS NOT NULL))
    SELECT word, alias, entity, speaker FROM words WHERE word <> '' ORDER BY ALL;

-- The names that the explorer has for some of the columns.
CREATE VIEW lookup.quote AS
    SELECT n, quote_id AS quote, article_id AS article, published_on AS day, published_month AS month, publisher,
           kind, speaker_id AS entity, speaker, speaker_role, confidence, quote_cluster_id AS cluster, is_copy
    FROM lookup.quotes;
