-- 0010-fewer-indexes.sql: each write keeps only the indexes that somebody reads.
--@sqlite
DROP INDEX entry_turn;
DROP INDEX matter_merged;
CREATE INDEX matter_merged ON matter (merged_into) WHERE merged_into IS NOT NULL;
