-- 0016-journal-by-person.sql: what somebody did, for the auditor.
CREATE INDEX entry_person ON entry (actor_id, at) WHERE actor_sort = 'person';
