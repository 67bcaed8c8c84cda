-- The usual questions as table macros. Each comment ends in an example that runs as it stands.
-- In the lookups (lookup.sql) a macro finds what it needs; lookup.articles_words and lookup.quotes_words are the indexes of
-- words (tasks/index.py).

CREATE OR REPLACE MACRO lookup.called(who) AS TABLE
    SELECT DISTINCT entity, speaker FROM lookup.names
    WHERE word = list_last(list_sort(list_transform(
              string_split(plain(who), ' '), lambda part: {length: length(part), part: part}))).part
      AND (alias IS NULL OR has_words(alias, who));
COMMENT ON MACRO TABLE lookup.called IS
    'The entities of a name, and the speakers of that name that are none: the aliases that have its longest word, and of these the ones that have all. Example: FROM lookup.called(''wexler'')';

CREATE OR REPLACE MACRO lookup.said(who) AS TABLE
    SELECT * FROM lookup.quotes WHERE speaker_id IN (SELECT entity FROM lookup.called(who) WHERE entity IS NOT NULL)
    UNION ALL
    SELECT * FROM lookup.quotes
    WHERE speaker_id IS NULL AND speaker IN (SELECT speaker FROM lookup.called(who) WHERE speaker IS NOT NULL);
COMMENT ON MACRO TABLE lookup.said IS
    'The quotes of a speaker, as the lookups have them. Example: SELECT n, content FROM lookup.said(''wexler'')';

-- A place less its word's number in what is asked is where the whole begins. Every word must be found at it, beginning with
-- the one that is rarest, whose places are the fewest to remember.
CREATE OR REPLACE MACRO lookup.places(words_of, wanted) AS TABLE
    WITH asked AS (
        SELECT unnest(parts) AS word, generate_subscripts(parts, 1) AS number, len(parts) AS n_words
        FROM (SELECT string_split(plain(wanted), ' ') AS parts)
    ),
    found AS MATERIALIZED (
        SELECT lookup.place(published_month, 0) AS month, number, n_words, len(places) AS n_places,
               list_transform(places, lambda place: place - number) AS starts
        FROM query_table(words_of) JOIN asked USING (word)
    ),
    rarest AS (SELECT number FROM found GROUP BY number ORDER BY sum(n_places), number LIMIT 1),
    starts AS MATERIALIZED (SELECT month, n_words, unnest(starts) AS start FROM found WHERE number = (FROM rarest)),
    others AS (SELECT month, n_words, unnest(starts) AS start FROM found WHERE number <> (FROM rarest))
    SELECT DISTINCT month | (start >> 24) AS n
    FROM (SELECT month, start FROM starts WHERE n_words = 1
          UNION ALL
          SELECT month, start FROM others SEMI JOIN starts USING (month, start)
          GROUP BY month, start, n_words HAVING count(*) = n_words - 1);
COMMENT ON MACRO TABLE lookup.places IS
    'The rows that hold these words in this order, from an index of words. Example: FROM lookup.places(''lookup.quotes_words'', ''not for sale'')';

CREATE OR REPLACE MACRO lookup.begun(wanted) AS TABLE
    WITH asked AS (
        SELECT unnest(string_split(plain(wanted), ' ')[:-2]) AS word,
               generate_subscripts(string_split(plain(wanted), ' ')[:-2], 1) AS number
    ),
    found AS MATERIALIZED (
        SELECT published_month, number, places FROM lookup.quotes_words JOIN asked USING (word)
        UNION ALL
        SELECT published_month, len(string_split(plain(wanted), ' ')), places FROM lookup.quotes_words
        WHERE word BETWEEN string_split(plain(wanted), ' ')[-1] AND string_split(plain(wanted), ' ')[-1] || chr(1114111)
    ),
    starts AS (SELECT published_month, unnest(places) - number AS start FROM found)
    SELECT DISTINCT lookup.place(published_month, start >> 24) AS n
    FROM (SELECT * FROM starts GROUP BY ALL HAVING count(*) = len(string_split(plain(wanted), ' ')));
COMMENT ON MACRO TABLE lookup.begun IS
    'The quotes that hold these words in this order, of the last one its beginning. Example: FROM lookup.begun(''for sal'')';

-- The day, whose bounds the files know, keeps DuckDB from reading where no hit is; rows without one are in a file of theirs,
-- which is named for DuckDB to open no other, and looked for in the hits for it to leave that alone, too, where none is there.
CREATE OR REPLACE MACRO lookup.whole_articles(hits) AS TABLE
    SELECT * FROM articles
    WHERE published_month IN (SELECT month FROM query_table(hits)) AND published_on IN (SELECT day FROM query_table(hits))
      AND article_id IN (SELECT id FROM query_table(hits))
    UNION ALL
    SELECT * FROM articles
    WHERE published_month = 'unknown' AND published_month IN (SELECT month FROM query_table(hits) WHERE month = 'unknown')
      AND article_id IN (SELECT id FROM query_table(hits) WHERE month = 'unknown');
COMMENT ON MACRO TABLE lookup.whole_articles IS
    'The rows of articles with the month, day and id of those in a table. Example: WITH hits AS (SELECT month, day, lookup.key(article) AS id FROM lookup.article) SELECT title FROM lookup.whole_articles(''hits'')';

CREATE OR REPLACE MACRO entities_named(who) AS TABLE
    SELECT * FROM entities WHERE entity_id IN (SELECT lookup.key(entity) FROM lookup.called(who))
    ORDER BY n_quotes DESC, n_mentions DESC, entity_id;
COMMENT ON MACRO TABLE entities_named IS
    'People, organisations and places by any form of their name, a part of one, or an id; most quoted first. Example: SELECT name, label, aliases FROM entities_named(''wexler'')';

CREATE OR REPLACE MACRO quotes_by(who) AS TABLE
    SELECT * EXCLUDE (n, article, is_copy, state) REPLACE (
               lookup.key(quote_id) AS quote_id, lookup.key(article_id) AS article_id,
               lookup.key(speaker_id) AS speaker_id, lookup.key(quote_cluster_id) AS quote_cluster_id)
    FROM lookup.said(who)
    ORDER BY published_on DESC NULLS LAST, n;
COMMENT ON MACRO TABLE quotes_by IS
    'Quotes of a speaker, newest first, by any form of the name or a part of one; a part that several have finds the quotes of all, whom entities_named tells apart. Example: SELECT published_on, publisher, content FROM quotes_by(''penhale'')';

CREATE OR REPLACE MACRO mentions_of(who) AS TABLE
    SELECT * FROM mentions WHERE entity_id IN (SELECT lookup.key(entity) FROM lookup.called(who))
    ORDER BY published_on DESC NULLS LAST, article_id, is_in_title, start;
COMMENT ON MACRO TABLE mentions_of IS
    'Mentions of a name, by any form of it, newest first. Example: SELECT text, article_id FROM mentions_of(''penhale'')';

CREATE OR REPLACE MACRO said_about(who) AS TABLE
    SELECT * EXCLUDE (n, article, is_copy, state) REPLACE (
               lookup.key(quote_id) AS quote_id, lookup.key(article_id) AS article_id,
               lookup.key(speaker_id) AS speaker_id, lookup.key(quote_cluster_id) AS quote_cluster_id)
    FROM lookup.quotes
    WHERE n IN (SELECT n FROM lookup.about WHERE entity IN (SELECT entity FROM lookup.called(who)))
    ORDER BY published_on DESC NULLS LAST, n;
COMMENT ON MACRO TABLE said_about IS
    'Quotes that mention a name, by any form of it, newest first. Example: SELECT published_on, speaker, content FROM said_about(''montclar'')';

CREATE OR REPLACE MACRO co_mentions(who) AS TABLE
    WITH ids AS MATERIALIZED (SELECT entity FROM lookup.called(who) WHERE entity IS NOT NULL),
    counted AS (
        SELECT entity, count(DISTINCT article) AS n_articles, sum(times)::BIGINT AS n_mentions, min(day) AS first_on,
               max(day) AS last_on
        FROM lookup.named
        WHERE article IN (SELECT article FROM lookup.named WHERE entity IN (FROM ids)) AND entity NOT IN (FROM ids)
        GROUP BY ALL
    )
    SELECT e.name, e.label, c.* EXCLUDE (entity), lookup.key(entity) AS entity_id
    FROM counted c JOIN lookup.entity e USING (entity)
    ORDER BY c.n_articles DESC, c.n_mentions DESC, entity;
COMMENT ON MACRO TABLE co_mentions IS
    'With whom and what a name is mentioned in the same articles, most often first; copies of an article count once. Example: SELECT name, n_articles FROM co_mentions(''odell'') LIMIT 10';

CREATE OR REPLACE MACRO role_of(who, day := NULL) AS TABLE
    WITH said AS (
        SELECT entity, max_by({role: q.speaker_role, day: q.day, quote: q.quote}, (q.day, q.quote)) AS said
        FROM lookup.quote q
        WHERE entity IN (SELECT entity FROM lookup.called(who)) AND q.speaker_role IS NOT NULL
          AND (day IS NULL OR q.day <= day::DATE)
        GROUP BY ALL
    )
    SELECT e.name, said.role, said.day AS printed_on, lookup.key(said.quote) AS quote_id, lookup.key(entity) AS entity_id
    FROM said JOIN lookup.entity e USING (entity)
    ORDER BY e.n_quotes DESC, entity;
COMMENT ON MACRO TABLE role_of IS
    'What a speaker was on a day, as last printed on or before it, with the quote that says so; without a day, what was printed last. Example: FROM role_of(''osterley'', ''2026-05-01'')';

CREATE OR REPLACE MACRO who_said(words, most := 1000) AS TABLE
    WITH hits AS (FROM lookup.places('lookup.quotes_words', words) ORDER BY n LIMIT most)
    SELECT lookup.key(q.quote_cluster_id) AS quote_cluster_id, lookup.key(q.quote_id) AS quote_id, q.published_on,
           q.publisher, q.speaker, q.kind, q.content, q.confidence, c.n_quotes, c.n_publishers,
           lookup.key(q.article_id) AS article_id
    FROM lookup.quotes q
    LEFT JOIN quote_clusters c ON c.quote_cluster_id = lookup.key(q.quote_cluster_id)
    WHERE n IN (FROM hits)
    ORDER BY q.published_on NULLS LAST, n;
COMMENT ON MACRO TABLE who_said IS
    'Quotes that hold these words in this order, the first to print them first (a thousand, or as many as you say), with the number of publishers that have the same utterance. Example: SELECT published_on, publisher, speaker, content FROM who_said(''not for sale'')';

CREATE OR REPLACE MACRO first_said(words) AS TABLE
    WITH first AS MATERIALIZED (
        FROM lookup.quotes WHERE n = (SELECT min(n) FROM lookup.places('lookup.quotes_words', words))
    ),
    hits AS MATERIALIZED (
        SELECT month, day, lookup.key(article) AS id FROM lookup.article WHERE n IN (SELECT article FROM first)
    )
    SELECT f.published_on, f.publisher, f.speaker, f.speaker_role, f.content, a.title, a.url, c.n_quotes, c.n_publishers,
           lookup.key(f.quote_id) AS quote_id, a.article_id
    FROM first f
    JOIN lookup.whole_articles('hits') a ON a.article_id = lookup.key(f.article_id)
    LEFT JOIN quote_clusters c ON c.quote_cluster_id = lookup.key(f.quote_cluster_id);
COMMENT ON MACRO TABLE first_said IS
    'The first quote with these words in this order: who said them, and the article that printed them first. Example: FROM first_said(''not for sale'')';

CREATE OR REPLACE MACRO corroborated(min_publishers := 2) AS TABLE
    SELECT first_seen_on, speaker, canonical_content AS content, n_publishers, n_quotes, quote_cluster_id
    FROM quote_clusters WHERE n_publishers >= min_publishers
    ORDER BY n_publishers DESC, n_quotes DESC, quote_cluster_id;
COMMENT ON MACRO TABLE corroborated IS
    'Utterances that several publishers print independently of each other, copies of one story counted once; most publishers first. Example: FROM corroborated(2) LIMIT 10';

CREATE OR REPLACE MACRO lookup.speakers_between(since, until) AS TABLE
    WITH said AS NOT MATERIALIZED (
        SELECT speaker_id AS entity, CASE WHEN speaker_id IS NULL THEN speaker END AS alone, speaker, speaker_type,
               speaker_role, publisher, article, published_on AS day
        FROM lookup.quotes
        WHERE speaker IS NOT NULL AND NOT is_copy AND (since IS NULL OR published_on >= since::DATE)
          AND (until IS NULL OR published_on <= until::DATE)
    ),
    counted AS (
        SELECT entity, alone, min(speaker) AS speaker, count(*) AS n_quotes, count(DISTINCT article) AS n_articles,
               count(DISTINCT publisher) AS n_publishers, min(day) AS first_on, max(day) AS last_on
        FROM said GROUP BY entity, alone
    ),
    called AS (
        SELECT entity, alone, max_by(speaker_type, (n, speaker_type)) AS speaker_type,
               max_by(speaker_role, (n, speaker_role)) FILTER (speaker_role IS NOT NULL) AS role
        FROM (SELECT entity, alone, speaker_type, speaker_role, count(*) AS n FROM said GROUP BY ALL)
        GROUP BY entity, alone
    )
    SELECT coalesce(e.name, n.speaker) AS speaker, c.speaker_type, c.role, n.n_quotes, n.n_articles, n.n_publishers,
           n.first_on, n.last_on, lookup.key(n.entity) AS speaker_id
    FROM counted n
    JOIN called c ON c.entity IS NOT DISTINCT FROM n.entity AND c.alone IS NOT DISTINCT FROM n.alone
    LEFT JOIN lookup.entity e ON e.entity = n.entity;
COMMENT ON MACRO TABLE lookup.speakers_between IS
    'What `speakers` says, in no order. Example: FROM lookup.speakers_between(''2026-01-01'', NULL)';

CREATE LOOKUP lookup.speakers AS FROM lookup.speakers_between(NULL, NULL);

CREATE OR REPLACE MACRO speakers(since := NULL, until := NULL) AS TABLE
    SELECT * FROM lookup.speakers WHERE since IS NULL AND until IS NULL
    UNION ALL
    SELECT * FROM lookup.speakers_between(since, until) WHERE since IS NOT NULL OR until IS NOT NULL
    ORDER BY n_quotes DESC, speaker, speaker_type, speaker_id;
COMMENT ON MACRO TABLE speakers IS
    'Speakers with the number of their quotes, most quoted first, between two days if given; copies of an article count once. Example: FROM speakers(since := ''2026-01-01'') LIMIT 10';

CREATE OR REPLACE MACRO timeline(who, grain := 'month') AS TABLE
    SELECT date_trunc(grain, published_on)::DATE AS starts_on, count(*) AS n_quotes,
           count(DISTINCT article) AS n_articles
    FROM lookup.said(who)
    GROUP BY ALL
    ORDER BY starts_on NULLS LAST;
COMMENT ON MACRO TABLE timeline IS
    'How often a speaker is quoted per day, week, month, quarter or year; all whom the name may mean are added up. Example: FROM timeline(''wexler'', grain := ''year'')';

CREATE OR REPLACE MACRO search(words, most := 20) AS TABLE
    WITH newest AS (
        FROM lookup.places('lookup.articles_words', words) ORDER BY n >= lookup.place('unknown', 0), n DESC LIMIT most
    ),
    hits AS MATERIALIZED (
        SELECT month, day, lookup.key(article) AS id FROM lookup.article WHERE n IN (FROM newest)
        LIMIT most  -- which are all, but DuckDB would expect more
    ),
    found AS (
        SELECT article_id, published_on, publisher, title, text, row_number() OVER () AS number
        FROM lookup.whole_articles('hits')
    )
    SELECT article_id, published_on, publisher, title,
           substr(text, greatest(1, position(regexp_extract(folded(text), replace(plain(words), ' ', '[^\pL\pN]+'))
                                             IN folded(text)) - 80), 200) AS passage
    FROM found
    WHERE contains(' ' || plain(title) || '  ' || plain(text) || ' ', ' ' || plain(words) || ' ')
    ORDER BY published_on DESC NULLS LAST, article_id;
COMMENT ON MACRO TABLE search IS
    'Articles whose title or text holds these words in this order, newest first: twenty, or as many as you say. Example: SELECT published_on, publisher, title, passage FROM search(''linnet bridge'', most := 100)';

CREATE OR REPLACE MACRO article(prefix) AS TABLE
    WITH hits AS MATERIALIZED (
        SELECT month, day, lookup.key(article) AS id FROM lookup.article
        WHERE article BETWEEN TRY_CAST(rpad(prefix, 32, '0') AS UUID) AND TRY_CAST(rpad(prefix, 32, 'f') AS UUID)
    )
    SELECT * FROM lookup.whole_articles('hits')
    WHERE starts_with(article_id, lower(prefix)) ORDER BY article_id;
COMMENT ON MACRO TABLE article IS
    'The article whose key begins so. Example: SELECT title, text FROM article(''309ff1cd'')';

CREATE OR REPLACE MACRO provenance(prefix) AS TABLE
    WITH quote AS MATERIALIZED (
        FROM lookup.quotes
        WHERE quote_id BETWEEN TRY_CAST(rpad(prefix, 32, '0') AS UUID) AND TRY_CAST(rpad(prefix, 32, 'f') AS UUID)
          AND starts_with(lookup.key(quote_id), lower(prefix))
    ),
    hits AS MATERIALIZED (
        SELECT month, day, lookup.key(article) AS id FROM lookup.article WHERE n IN (SELECT article FROM quote)
    )
    SELECT lookup.key(q.quote_id) AS quote_id, q.content, q.speaker, q.source, q.cue, q.rule, q.confidence, q.extractor,
           a.published_on, a.publisher, a.title, a.url, a.source_uri, a.source_member, a.source_format, a.source_sha256,
           a.article_id, q.run_id, r.started_at AS run_started_at, r.code_version
    FROM quote q
    JOIN lookup.whole_articles('hits') a ON a.article_id = lookup.key(q.article_id)
    LEFT JOIN runs r ON r.run_id = q.run_id
    ORDER BY q.quote_id;
COMMENT ON MACRO TABLE provenance IS
    'Where a quote comes from: the words that prove it, the rule that found it, the article, the raw file and the run. Example: FROM provenance(''9fcce9e3'')';
