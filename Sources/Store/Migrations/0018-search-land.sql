-- 0018-search-land.sql: a search carries its land; what lists and counts ask of each row stands in their index.

-- Found subjects whose marks are behind the land; empty but for a moment after land moved.
CREATE TABLE search_stale (subject_id ID NOT NULL PRIMARY KEY);

CREATE INDEX matter_border ON matter (border_id) WHERE border_id IS NOT NULL;

-- With all that a scope asks of a row.
DROP INDEX matter_open;
CREATE INDEX matter_open ON matter (cell, id, path_now, due_at, supervised, border_id, privacy, category) WHERE state = 'open';
DROP INDEX matter_done;
CREATE INDEX matter_done ON matter (id, path_now, border_id, privacy, category) WHERE state = 'done';
DROP INDEX matter_opened;
CREATE INDEX matter_opened ON matter (opened_at, id, path_now, border_id, privacy, category);

-- Whose part, whose report: asked of each row that lies on other land.
DROP INDEX part_matter;
CREATE INDEX part_matter ON part (matter_id, post_id);
DROP INDEX report_matter;
CREATE INDEX report_matter ON report (matter_id, person_id);
