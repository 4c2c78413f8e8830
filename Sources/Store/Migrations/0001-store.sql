-- 0001-store.sql: the journal and what follows it, timers, numbers, search, files.
-- Column words (ID, INSTANT, DAY, PATH, JSON, BYTES, FLAG, SEQ, TURN) are spelled by the dialect; `--@sqlite` and `--@postgres`
-- before a statement keep it to one database.

CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);

-- Append-only: who did what to what, when. Ids, verbs, posts and digests; never words or personal values.
CREATE TABLE entry (
    seq SEQ,
    turn TURN,
    id ID NOT NULL UNIQUE,
    at INSTANT NOT NULL,
    actor_sort TEXT NOT NULL CHECK (actor_sort IN ('person', 'pass', 'client', 'system')),
    actor_id ID,
    actor_name TEXT,
    post_id ID,
    subject TEXT NOT NULL,
    subject_id ID NOT NULL,
    verb TEXT NOT NULL,
    path PATH NOT NULL,
    detail JSON NOT NULL
);
CREATE INDEX entry_subject ON entry (subject_id, seq);
CREATE INDEX entry_turn ON entry (turn, seq);

CREATE TABLE follower (name TEXT NOT NULL PRIMARY KEY, era BIGINT NOT NULL, turn BIGINT NOT NULL, seq BIGINT NOT NULL, at INSTANT NOT NULL);
CREATE TABLE lease (name TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, until INSTANT NOT NULL);

CREATE TABLE timer (id ID NOT NULL PRIMARY KEY, due_at INSTANT NOT NULL, sort TEXT NOT NULL, subject_id ID NOT NULL, detail JSON NOT NULL);
CREATE INDEX timer_due ON timer (due_at);
CREATE INDEX timer_subject ON timer (subject_id);

CREATE TABLE number_block (name TEXT NOT NULL PRIMARY KEY, next BIGINT NOT NULL);

CREATE TABLE search_doc (doc SEQ, subject_id ID NOT NULL UNIQUE);
--@sqlite
CREATE VIRTUAL TABLE search_text USING fts5(body, tokenize = 'unicode61');
--@postgres
CREATE TABLE search_text (doc BIGINT NOT NULL PRIMARY KEY, body tsvector NOT NULL);
--@postgres
CREATE INDEX search_text_body ON search_text USING gin (body);

-- A stored file, named by the SHA-256 of its bytes; `small` is the digest of its little picture.
CREATE TABLE file (digest TEXT NOT NULL PRIMARY KEY, small TEXT, type TEXT NOT NULL, bytes BIGINT NOT NULL, width BIGINT, height BIGINT, at INSTANT NOT NULL);

-- The sealed chain: hash = SHA-256(previous hash, the entry's canonical text).
CREATE TABLE seal (seq BIGINT NOT NULL PRIMARY KEY, hash BYTES NOT NULL, entry_id ID NOT NULL);

-- What is still to be sent outside, with its tries.
CREATE TABLE outbox (
    id ID NOT NULL PRIMARY KEY, channel TEXT NOT NULL, address TEXT NOT NULL, subject_id ID NOT NULL, language TEXT NOT NULL,
    key TEXT NOT NULL, parameters JSON NOT NULL, at INSTANT NOT NULL, next_at INSTANT NOT NULL, tries BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')), error TEXT
);
CREATE INDEX outbox_next ON outbox (state, next_at);
