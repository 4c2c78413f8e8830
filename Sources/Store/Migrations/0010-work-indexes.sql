-- 0010-work-indexes.sql: lists of work touch what is open, not the years behind it; each write keeps only the indexes that somebody reads.
CREATE INDEX matter_done ON matter (id) WHERE state = 'done';
CREATE INDEX part_asked ON part (asked_by, state) WHERE ask_id IS NOT NULL;
--@sqlite
DROP INDEX entry_turn;
DROP INDEX matter_merged;
CREATE INDEX matter_merged ON matter (merged_into) WHERE merged_into IS NOT NULL;
