-- 0009-matter-open.sql: the open matters by where they are, for maps.
CREATE INDEX matter_open ON matter (cell) WHERE state = 'open';
