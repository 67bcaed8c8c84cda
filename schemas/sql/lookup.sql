-- What the lookups are made with (tasks/lookup.py).

CREATE SCHEMA IF NOT EXISTS lookup;

-- Rows without a date come last.
CREATE OR REPLACE MACRO lookup.place(month, row_number) AS
    (CASE month WHEN 'unknown' THEN 999999 ELSE replace(month, '-', '')::BIGINT END << 32) | row_number;
COMMENT ON MACRO lookup.place IS
    'The place of a row among all rows of its table, by its month and its number in the file of the month. Example: SELECT lookup.place(''2026-05'', 7)';

CREATE OR REPLACE MACRO lookup.key(id) AS replace(id::VARCHAR, '-', '');
COMMENT ON MACRO lookup.key IS
    'An id as the tables write it, of one as the lookups have it. Example: SELECT lookup.key(uuid())';
