-- 0006-entry-at.sql: what happened since an instant, for partners that ask for updates.
CREATE INDEX entry_at ON entry (at);
