-- Questions that people ask of a lake. Each is asked of the sample articles by a test, and shown in docs/sql.md and by
-- `.examples` in the shell. A question is a comment of one line; its query ends in a semicolon.

-- Who was quoted most in March 2026?
SELECT speaker, role, n_quotes, n_articles
FROM speakers(since := '2026-03-01', until := '2026-03-31')
LIMIT 10;

-- Who was quoted most in articles on the Skerry Line in May 2026, the same words in several papers counted once?
SELECT speaker, count(DISTINCT coalesce(quote_cluster_id, quote_id)) AS n_quotes
FROM search('skerry line', most := 1000) a
JOIN quotes q USING (article_id)
WHERE speaker IS NOT NULL AND a.published_on BETWEEN '2026-05-01' AND '2026-05-31'
GROUP BY speaker
ORDER BY n_quotes DESC, speaker;

-- Who speaks in quotes whose words name the Skerry Line, month by month, each article that prints one counted?
SELECT strftime(published_on, '%Y-%m') AS month, speaker, count(*) AS n_quotes
FROM said_about('Skerry Line')
WHERE speaker IS NOT NULL
GROUP BY ALL
ORDER BY month, n_quotes DESC, speaker;

-- Where did these words appear first?
SELECT published_on, publisher, speaker, content, title
FROM first_said('not for sale');

-- Where did they appear, if not all of the words, or not their order, are certain?
SELECT published_on, publisher, speaker, content
FROM quotes
WHERE has_words(content, 'waited eleven noise')
ORDER BY published_on;

-- Who else printed them, and in which form?
SELECT published_on, publisher, speaker, content
FROM who_said('not for sale');

-- What has somebody said in their own words, newest first?
SELECT published_on, publisher, content
FROM quotes_by('Penhale')
WHERE kind = 'direct'
LIMIT 20;

-- What did others say about somebody?
SELECT published_on, speaker, content
FROM said_about('Montclar')
WHERE speaker_id NOT IN (SELECT entity_id FROM entities_named('Montclar'));

-- What was somebody's office on that day, and which quote says so?
FROM role_of('Osterley', '2026-05-01');

-- Whom do newspapers name together with somebody?
SELECT name, label, n_articles
FROM co_mentions('Odell')
LIMIT 10;

-- How often is somebody quoted from week to week?
FROM timeline('Wexler', grain := 'week');

-- Which publishers quote whom most?
SELECT publisher, speaker, count(*) AS n_quotes
FROM quotes
WHERE speaker IS NOT NULL
GROUP BY publisher, speaker
QUALIFY row_number() OVER (PARTITION BY publisher ORDER BY n_quotes DESC, speaker) <= 3
ORDER BY publisher, n_quotes DESC, speaker;

-- Which articles are about the bridge?
SELECT published_on, publisher, title, passage
FROM search('Linnet Bridge', most := 50);

-- Who is denied to have said something, or denies it?
SELECT published_on, speaker, content
FROM quotes
WHERE is_negated
ORDER BY published_on;

-- How much does each publisher rely on sources that it does not name?
SELECT publisher, count(*) AS n_quotes, round(avg((speaker IS NULL)::INTEGER), 2) AS share_unnamed
FROM quotes
GROUP BY publisher
ORDER BY share_unnamed DESC, publisher;

-- Which attributions should be read before they are printed?
SELECT confidence, speaker, source, content, quote_id
FROM quotes
WHERE speaker IS NOT NULL
ORDER BY confidence, quote_id
LIMIT 20;

-- Where does a quote come from: file, rule and run?
SELECT content, source, cue, rule, title, source_uri, source_member, run_started_at
FROM provenance('9fcce9e3');

-- Which articles are copies of one story, and who had it first?
SELECT first.publisher AS first_by, copy.publisher AS copied_by, copy.published_on, copy.title
FROM articles copy
JOIN articles first ON first.article_id = copy.duplicate_of
ORDER BY copy.published_on, copy.article_id;

-- What was refused, and why?
SELECT reason_code, count(*) AS n_records, min(source_uri) AS for_example
FROM quarantine
GROUP BY reason_code
ORDER BY n_records DESC, reason_code;
