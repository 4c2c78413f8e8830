-- 0004-ledger.sql: what is here. One mechanism of registers; the fields of each are in catalog/registers.

CREATE TABLE record (
    id ID NOT NULL PRIMARY KEY, register TEXT NOT NULL, name TEXT NOT NULL, fields JSON NOT NULL,
    lon DOUBLE PRECISION, lat DOUBLE PRECISION, cell BIGINT, shape BYTES,      -- WKB, WGS-84
    path_now PATH NOT NULL, confirmed_at INSTANT, from_day DAY NOT NULL, to_day DAY NOT NULL
);
CREATE INDEX record_cell ON record (cell);
CREATE INDEX record_path ON record (register, path_now);

CREATE TABLE fact_change (
    id ID NOT NULL PRIMARY KEY, record_id ID NOT NULL REFERENCES record (id), element TEXT NOT NULL,
    old JSON, new JSON, at INSTANT NOT NULL, actor_id ID, source TEXT NOT NULL
);
CREATE INDEX fact_change_record ON fact_change (record_id);

CREATE TABLE link (
    id ID NOT NULL PRIMARY KEY, from_id ID NOT NULL REFERENCES record (id), role TEXT NOT NULL,
    to_id ID NOT NULL REFERENCES record (id), from_day DAY NOT NULL, to_day DAY NOT NULL
);
CREATE INDEX link_from ON link (from_id, role);
CREATE INDEX link_to ON link (to_id, role);
