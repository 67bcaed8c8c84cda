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

CREATE OR REPLACE MACRO quotes_by(who) AS TABLE
    SELECT * FROM quotes WHERE has_words(speaker, who)
    ORDER BY published_on DESC NULLS LAST, article_id, is_in_title, content_spans;
COMMENT ON MACRO TABLE quotes_by IS
    'Quotes of a speaker, newest first, by full name or any part of it. Example: FROM quotes_by(''holm'')';

CREATE OR REPLACE MACRO said_about(who) AS TABLE
    SELECT * FROM quotes
    WHERE quote_id IN (
        SELECT in_quote_id FROM mentions WHERE in_quote_id IS NOT NULL AND (has_words(name, who) OR has_words(text, who))
    )
    ORDER BY published_on DESC NULLS LAST, article_id, is_in_title, content_spans;
COMMENT ON MACRO TABLE said_about IS
    'Quotes that mention a name, newest first. Example: SELECT speaker, content FROM said_about(''holm'')';

CREATE OR REPLACE MACRO speakers() AS TABLE
    SELECT speaker, speaker_type, mode(speaker_role ORDER BY speaker_role) AS role, count(*) AS n_quotes, count(DISTINCT article_id) AS n_articles,
           count(DISTINCT publisher) AS n_publishers, min(published_on) AS first_on, max(published_on) AS last_on
    FROM quotes ANTI JOIN (SELECT article_id FROM articles WHERE duplicate_of IS NOT NULL) USING (article_id)
    WHERE speaker IS NOT NULL
    GROUP BY speaker, speaker_type
    ORDER BY n_quotes DESC, speaker, speaker_type;
COMMENT ON MACRO TABLE speakers IS
    'Speakers with the number of their quotes, most quoted first; copies of an article count once. Example: FROM speakers() LIMIT 10';

CREATE OR REPLACE MACRO timeline(who, grain := 'month') AS TABLE
    SELECT date_trunc(grain, published_on)::DATE AS starts_on, count(*) AS n_quotes,
           count(DISTINCT article_id) AS n_articles
    FROM quotes WHERE has_words(speaker, who)
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
