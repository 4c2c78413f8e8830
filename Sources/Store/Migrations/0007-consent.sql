-- 0007-consent.sql: what counts only after a second person's yes; and what a provisional limit is counted from, so that it can be counted again.

CREATE TABLE consent (
    id ID NOT NULL PRIMARY KEY,
    what TEXT NOT NULL,                    -- the mechanism it is for: extend…
    subject_id ID NOT NULL,
    detail JSON NOT NULL,                  -- what is asked for, exactly: it is this that is agreed to
    asked_by ID REFERENCES person (id), asked_post ID REFERENCES post (id), asked_at INSTANT NOT NULL,
    until_at INSTANT NOT NULL,             -- no answer by then is a no
    answer TEXT CHECK (answer IN ('yes', 'no')), answered_by ID REFERENCES person (id), answered_at INSTANT,
    CHECK (answered_by IS NULL OR asked_by IS NULL OR answered_by <> asked_by)
);
CREATE INDEX consent_subject ON consent (subject_id, what);

ALTER TABLE clock ADD COLUMN counted_from INSTANT;
ALTER TABLE clock ADD COLUMN counted_ms BIGINT;   -- work time to run from counted_from; NULL in natural time
CREATE INDEX clock_provisional ON clock (matter_id) WHERE provisional = true AND stopped_at IS NULL;
