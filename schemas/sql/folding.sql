-- How words are compared, everywhere: in texts, in indexes and in questions.

CREATE OR REPLACE MACRO folded(words) AS lower(strip_accents(words));
COMMENT ON MACRO folded IS 'Text without accents and in small letters, for comparisons. Example: SELECT folded(''Zoë'')';

CREATE OR REPLACE MACRO plain(words) AS trim(regexp_replace(
    regexp_replace(folded(words), '([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])', ' \1 ', 'g'),
    '[^\pL\pN]+', ' ', 'g'
));
COMMENT ON MACRO plain IS
    'The words alone: folded, one space in place of whatever stands between them; where a script has no spaces, every character is a word. Example: SELECT plain(''“Not now,” he said.'')';

CREATE OR REPLACE MACRO has_words(name, wanted) AS (
    plain(wanted) <> '' AND list_has_all(string_split(plain(name), ' '), string_split(plain(wanted), ' '))
);
COMMENT ON MACRO has_words IS
    'True where all words of the second text are in the first, whatever their case and accents. Example: SELECT has_words(''Ida Holm'', ''holm'')';

CREATE OR REPLACE MACRO has_phrase(words, wanted) AS (
    plain(wanted) <> '' AND contains(' ' || plain(words) || ' ', ' ' || plain(wanted) || ' ')
);
COMMENT ON MACRO has_phrase IS
    'True where the words of the second text are in the first in that order, with nothing but spaces and punctuation between them. Example: SELECT has_phrase(''“Not now,” he said.'', ''now he'')';
