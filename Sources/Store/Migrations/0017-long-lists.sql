-- 0017-long-lists.sql: what is asked of years, not of what is open.
DROP INDEX part_asked;
CREATE INDEX part_asked ON part (asked_by, state, ended_at) WHERE asked_by IS NOT NULL;
CREATE INDEX matter_closed ON matter (closed_at) WHERE closed_at IS NOT NULL;
