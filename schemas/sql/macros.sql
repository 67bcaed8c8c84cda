-- The usual questions as table macros. Each comment ends in an example that runs as it stands.
-- lookup.entities_words, lookup.articles_words and lookup.quotes_words are the indexes (tasks/index.py); lookup.articles
-- and lookup.quotes are the tables with the number of each row in its file, to which the indexes point.

CREATE OR REPLACE MACRO lookup.ids(who) AS TABLE
    SELECT DISTINCT entity_id FROM lookup.entities_words
    WHERE word = list_last(list_sort(list_transform(
              string_split(plain(who), ' '), lambda part: {length: length(part), part: part}))).part
      AND (alias IS NULL OR has_words(alias, who));
COMMENT ON MACRO TABLE lookup.ids IS
    'The entity_ids of a name: the aliases that have its longest word, and of these the ones that have all. Example: FROM lookup.ids(''wexler'')';

CREATE OR REPLACE MACRO lookup.places(words_of, wanted) AS TABLE
    WITH asked AS (
        SELECT unnest(string_split(plain(wanted), ' ')) AS word,
               generate_subscripts(string_split(plain(wanted), ' '), 1) AS number
    ),
    found AS MATERIALIZED (SELECT published_month, number, places FROM query_table(words_of) JOIN asked USING (word)),
    rarest AS (SELECT number FROM found GROUP BY ALL ORDER BY sum(len(places)), number LIMIT 1),
    starts AS MATERIALIZED (
        SELECT published_month, unnest(places) - number AS start FROM found WHERE number = (FROM rarest)
    ),
    others AS (SELECT published_month, unnest(places) - number AS start FROM found WHERE number <> (FROM rarest))
    SELECT DISTINCT published_month, start >> 24 AS file_row_number
    FROM (SELECT * FROM starts UNION ALL SELECT * FROM others SEMI JOIN starts USING (published_month, start))
    GROUP BY published_month, start
    HAVING count(*) = (SELECT count(*) FROM asked);
COMMENT ON MACRO TABLE lookup.places IS
    'The rows that hold these words in this order, by month and number in its file, from an index of words. Example: FROM lookup.places(''lookup.quotes_words'', ''not for sale'')';

-- Below, a row number keeps DuckDB from comparing the words of every row before it looks for those that the index names;
-- and the day, whose bounds the files know, keeps it from reading where they are not.

CREATE OR REPLACE MACRO entities_named(who) AS TABLE
    SELECT * FROM entities WHERE entity_id IN (SELECT entity_id FROM lookup.ids(who))
    ORDER BY n_quotes DESC, n_mentions DESC, entity_id;
COMMENT ON MACRO TABLE entities_named IS
    'People, organisations and places by any form of their name, a part of one, or an id; most quoted first. Example: SELECT name, label, aliases FROM entities_named(''wexler'')';

CREATE OR REPLACE MACRO quotes_by(who) AS TABLE
    SELECT * FROM quotes WHERE speaker_id IN (SELECT entity_id FROM lookup.ids(who))
    UNION ALL
    SELECT * FROM quotes WHERE speaker_id IS NULL AND speaker IS NOT NULL AND has_words(speaker, who)
    ORDER BY published_on DESC NULLS LAST, article_id, is_in_title, content_spans;
COMMENT ON MACRO TABLE quotes_by IS
    'Quotes of a speaker, newest first, by any form of the name or a part of one. Example: SELECT published_on, publisher, content FROM quotes_by(''penhale'')';

CREATE OR REPLACE MACRO mentions_of(who) AS TABLE
    SELECT * FROM mentions WHERE entity_id IN (SELECT entity_id FROM lookup.ids(who))
    ORDER BY published_on DESC NULLS LAST, article_id, is_in_title, start;
COMMENT ON MACRO TABLE mentions_of IS
    'Mentions of a name, by any form of it, newest first. Example: SELECT text, article_id FROM mentions_of(''penhale'')';

CREATE OR REPLACE MACRO said_about(who) AS TABLE
    SELECT * FROM quotes
    WHERE quote_id IN (
        SELECT in_quote_id FROM mentions
        WHERE entity_id IN (SELECT entity_id FROM lookup.ids(who)) AND in_quote_id IS NOT NULL
    )
    ORDER BY published_on DESC NULLS LAST, article_id, is_in_title, content_spans;
COMMENT ON MACRO TABLE said_about IS
    'Quotes that mention a name, by any form of it, newest first. Example: SELECT published_on, speaker, content FROM said_about(''montclar'')';

CREATE OR REPLACE MACRO co_mentions(who) AS TABLE
    WITH ids AS (FROM lookup.ids(who)),
    here AS (
        SELECT DISTINCT article_id FROM mentions WHERE entity_id IN (FROM ids)
        AND article_id NOT IN (SELECT article_id FROM articles WHERE duplicate_of IS NOT NULL)
    ),
    counted AS (
        SELECT entity_id, count(DISTINCT article_id) AS n_articles, count(*) AS n_mentions,
               min(published_on) AS first_on, max(published_on) AS last_on
        FROM mentions WHERE article_id IN (FROM here) AND entity_id NOT IN (FROM ids) GROUP BY ALL
    )
    SELECT e.name, e.label, c.* EXCLUDE (entity_id), c.entity_id
    FROM counted c JOIN entities e ON e.entity_id = c.entity_id
    ORDER BY c.n_articles DESC, c.n_mentions DESC, c.entity_id;
COMMENT ON MACRO TABLE co_mentions IS
    'With whom and what a name is mentioned in the same articles, most often first; copies of an article count once. Example: SELECT name, n_articles FROM co_mentions(''odell'') LIMIT 10';

CREATE OR REPLACE MACRO role_of(who, day := NULL) AS TABLE
    WITH said AS (
        SELECT speaker_id, max_by({role: speaker_role, day: published_on, quote: quote_id}, (published_on, quote_id)) AS said
        FROM quotes
        WHERE speaker_id IN (SELECT entity_id FROM lookup.ids(who)) AND speaker_role IS NOT NULL
          AND (day IS NULL OR published_on <= day::DATE)
        GROUP BY ALL
    )
    SELECT e.name, said.role, said.day AS printed_on, said.quote AS quote_id, e.entity_id
    FROM said JOIN entities e ON e.entity_id = speaker_id
    ORDER BY e.n_quotes DESC, e.entity_id;
COMMENT ON MACRO TABLE role_of IS
    'What a speaker was on a day, as last printed on or before it, with the quote that says so; without a day, what was printed last. Example: FROM role_of(''osterley'', ''2026-05-01'')';

CREATE OR REPLACE MACRO who_said(words, most := 1000) AS TABLE
    WITH hits AS MATERIALIZED (
        FROM lookup.places('lookup.quotes_words', words) ORDER BY published_month, file_row_number LIMIT most
    ),
    found AS (
        SELECT quote_cluster_id, quote_id, published_on, publisher, speaker, kind, content, confidence, article_id,
               is_in_title, content_spans, row_number() OVER () AS number
        FROM lookup.quotes SEMI JOIN hits USING (published_month, file_row_number)
    )
    SELECT q.quote_cluster_id, q.quote_id, q.published_on, q.publisher, q.speaker, q.kind, q.content, q.confidence,
           c.n_quotes, c.n_publishers, q.article_id
    FROM found q
    LEFT JOIN quote_clusters c USING (quote_cluster_id)
    WHERE has_phrase(q.content, words)
    ORDER BY q.published_on NULLS LAST, q.article_id, q.is_in_title, q.content_spans;
COMMENT ON MACRO TABLE who_said IS
    'Quotes that hold these words in this order, the first to print them first (a thousand, or as many as you say), with the number of publishers that have the same utterance. Example: SELECT published_on, publisher, speaker, content FROM who_said(''not for sale'')';

CREATE OR REPLACE MACRO first_said(words) AS TABLE
    WITH hit AS MATERIALIZED (
        FROM lookup.places('lookup.quotes_words', words) ORDER BY published_month, file_row_number LIMIT 1
    ),
    first AS MATERIALIZED (
        SELECT published_on, publisher, speaker, speaker_role, content, quote_cluster_id, quote_id, article_id,
               row_number() OVER () AS number
        FROM lookup.quotes SEMI JOIN hit USING (published_month, file_row_number)
    )
    SELECT f.published_on, f.publisher, f.speaker, f.speaker_role, f.content, a.title, a.url, c.n_quotes, c.n_publishers,
           f.quote_id, f.article_id
    FROM first f
    JOIN (SELECT article_id, title, url FROM articles
          WHERE published_month IN (SELECT published_month FROM hit) AND article_id IN (SELECT article_id FROM first)) a
        ON a.article_id = f.article_id
    LEFT JOIN quote_clusters c ON c.quote_cluster_id = f.quote_cluster_id
    WHERE has_phrase(f.content, words);
COMMENT ON MACRO TABLE first_said IS
    'The first quote with these words in this order: who said them, and the article that printed them first. Example: FROM first_said(''not for sale'')';

CREATE OR REPLACE MACRO corroborated(min_publishers := 2) AS TABLE
    SELECT first_seen_on, speaker, canonical_content AS content, n_publishers, n_quotes, quote_cluster_id
    FROM quote_clusters WHERE n_publishers >= min_publishers
    ORDER BY n_publishers DESC, n_quotes DESC, quote_cluster_id;
COMMENT ON MACRO TABLE corroborated IS
    'Utterances that several publishers print independently of each other, copies of one story counted once; most publishers first. Example: FROM corroborated(2) LIMIT 10';

CREATE OR REPLACE MACRO speakers(since := NULL, until := NULL) AS TABLE
    WITH said AS (
        SELECT speaker_id, speaker, speaker_type, speaker_role, publisher, article_id, published_on
        FROM quotes ANTI JOIN (SELECT article_id FROM articles WHERE duplicate_of IS NOT NULL) USING (article_id)
        WHERE speaker IS NOT NULL AND (since IS NULL OR published_on >= since::DATE)
          AND (until IS NULL OR published_on <= until::DATE)
    ),
    counted AS (
        SELECT speaker_id, CASE WHEN speaker_id IS NULL THEN speaker END AS alone, min(speaker) AS speaker,
               count(*) AS n_quotes, count(DISTINCT article_id) AS n_articles,
               count(DISTINCT publisher) AS n_publishers, min(published_on) AS first_on, max(published_on) AS last_on
        FROM said GROUP BY speaker_id, alone
    ),
    called AS (
        SELECT speaker_id, alone, max_by(speaker_type, (n, speaker_type)) AS speaker_type,
               max_by(speaker_role, (n, speaker_role)) FILTER (speaker_role IS NOT NULL) AS role
        FROM (SELECT speaker_id, CASE WHEN speaker_id IS NULL THEN speaker END AS alone, speaker_type, speaker_role,
                     count(*) AS n
              FROM said GROUP BY ALL)
        GROUP BY speaker_id, alone
    )
    SELECT coalesce(e.name, n.speaker) AS speaker, c.speaker_type, c.role, n.n_quotes, n.n_articles, n.n_publishers,
           n.first_on, n.last_on, n.speaker_id
    FROM counted n
    JOIN called c ON c.speaker_id IS NOT DISTINCT FROM n.speaker_id AND c.alone IS NOT DISTINCT FROM n.alone
    LEFT JOIN entities e ON e.entity_id = n.speaker_id
    ORDER BY n.n_quotes DESC, speaker, speaker_type;
COMMENT ON MACRO TABLE speakers IS
    'Speakers with the number of their quotes, most quoted first, between two days if given; copies of an article count once. Example: FROM speakers(since := ''2026-01-01'') LIMIT 10';

CREATE OR REPLACE MACRO timeline(who, grain := 'month') AS TABLE
    SELECT date_trunc(grain, published_on)::DATE AS starts_on, count(*) AS n_quotes,
           count(DISTINCT article_id) AS n_articles
    FROM (SELECT published_on, article_id FROM quotes WHERE speaker_id IN (SELECT entity_id FROM lookup.ids(who))
          UNION ALL
          SELECT published_on, article_id FROM quotes
          WHERE speaker_id IS NULL AND speaker IS NOT NULL AND has_words(speaker, who))
    GROUP BY ALL
    ORDER BY starts_on NULLS LAST;
COMMENT ON MACRO TABLE timeline IS
    'How often a speaker is quoted per day, week, month, quarter or year. Example: FROM timeline(''wexler'', grain := ''year'')';

CREATE OR REPLACE MACRO search(words, most := 20) AS TABLE
    WITH hits AS MATERIALIZED (
        FROM lookup.places('lookup.articles_words', words)
        ORDER BY published_month = 'unknown', published_month DESC, file_row_number DESC LIMIT most
    ),
    days AS MATERIALIZED (
        SELECT published_month, published_on, file_row_number
        FROM lookup.articles SEMI JOIN hits USING (published_month, file_row_number)
    ),
    found AS (
        SELECT article_id, published_on, publisher, title, text, row_number() OVER () AS number
        FROM (FROM lookup.articles SEMI JOIN days USING (published_month, published_on, file_row_number)
              UNION ALL
              FROM lookup.articles SEMI JOIN (FROM days WHERE published_on IS NULL)
              USING (published_month, file_row_number))
    )
    SELECT article_id, published_on, publisher, title,
           substr(text, greatest(1, position(regexp_extract(folded(text), replace(plain(words), ' ', '[^\pL\pN]+'))
                                             IN folded(text)) - 80), 200) AS passage
    FROM found
    WHERE has_phrase(title, words) OR has_phrase(text, words)
    ORDER BY published_on DESC NULLS LAST, article_id;
COMMENT ON MACRO TABLE search IS
    'Articles whose title or text holds these words in this order, newest first: twenty, or as many as you say. Example: SELECT published_on, publisher, title, passage FROM search(''linnet bridge'', most := 100)';

CREATE OR REPLACE MACRO article(prefix) AS TABLE
    SELECT * FROM articles WHERE starts_with(article_id, lower(prefix)) ORDER BY article_id;
COMMENT ON MACRO TABLE article IS
    'The article whose key begins so. Example: SELECT title, text FROM article(''309ff1cd'')';

CREATE OR REPLACE MACRO provenance(prefix) AS TABLE
    WITH quote AS (FROM quotes WHERE starts_with(quote_id, lower(prefix)))
    SELECT q.quote_id, q.content, q.speaker, q.source, q.cue, q.rule, q.confidence, q.extractor, a.published_on,
           a.publisher, a.title, a.url, a.source_uri, a.source_member, a.source_format, a.source_sha256, q.article_id,
           q.run_id, r.started_at AS run_started_at, r.code_version
    FROM quote q
    JOIN (FROM articles
          WHERE published_month IN (SELECT published_month FROM quote) AND article_id IN (SELECT article_id FROM quote)) a
        ON a.article_id = q.article_id
    LEFT JOIN runs r ON r.run_id = q.run_id
    ORDER BY q.quote_id;
COMMENT ON MACRO TABLE provenance IS
    'Where a quote comes from: the words that prove it, the rule that found it, the article, the raw file and the run. Example: FROM provenance(''9fcce9e3'')';
