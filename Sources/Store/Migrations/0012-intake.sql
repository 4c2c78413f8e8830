-- 0012-intake.sql: a call as far as it is written down, before it is a report; and by which number a report is found again.

CREATE TABLE intake (
    id ID NOT NULL PRIMARY KEY,            -- of the report that it becomes
    post_id ID NOT NULL REFERENCES post (id),   -- the desk where it lies
    person_id ID REFERENCES person (id),   -- who has it in hand; NULL while it waits at the desk it was moved to
    moved_by ID REFERENCES person (id),    -- who sent it there
    fields JSON NOT NULL,                  -- the form as it stands
    started_at INSTANT NOT NULL, changed_at INSTANT NOT NULL
);
CREATE INDEX intake_post ON intake (post_id);
CREATE INDEX intake_person ON intake (person_id);

ALTER TABLE report ADD COLUMN caller TEXT; -- the digits of the number to call back
CREATE INDEX report_caller ON report (caller) WHERE caller IS NOT NULL;
