-- 0008-answers.sql: what a category's form asked of a client, by element, and what else it sent along.
ALTER TABLE report ADD COLUMN answers JSON NOT NULL DEFAULT '{}';
