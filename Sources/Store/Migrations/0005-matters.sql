-- 0005-matters.sql: what must be dealt with.

CREATE TABLE matter (
    id ID NOT NULL PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,           -- 2026-1119-0377: day opened, running number of that day
    kind TEXT NOT NULL,
    category TEXT,                         -- catalog category id; NULL until someone or the suggestion decides
    class TEXT,                            -- at_once, by_date, long_term (catalog class id)
    urgency TEXT NOT NULL,
    privacy TEXT NOT NULL CHECK (privacy IN ('open', 'inside', 'confidential')),
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'closed', 'merged', 'void')),
    outcome TEXT,                          -- solved, not_solved, not_ours, withdrawn, turned_into
    confirmed TEXT CHECK (confirmed IN ('yes', 'no')),   -- what the reporters said at the end; only 'yes' counts as solved
    spot FLAG NOT NULL,                    -- closed by being fixed on the spot
    passed FLAG NOT NULL,                  -- ever handed to another post
    supervised FLAG NOT NULL,
    asked FLAG NOT NULL DEFAULT false,     -- the reporter has been asked something and has not answered
    reopened BIGINT NOT NULL,              -- how many times
    merged_into ID REFERENCES matter (id),
    lon DOUBLE PRECISION, lat DOUBLE PRECISION, cell BIGINT,
    place TEXT NOT NULL,                   -- the place in words, found, not asked; may be empty
    grid_id ID REFERENCES grid (id),       -- deepest grid of the place; NULL outside every grid
    border_id ID REFERENCES grid (id),     -- the grid on the other side when the place is on a border
    record_id ID REFERENCES record (id),
    path_now PATH NOT NULL, path_then PATH NOT NULL,
    channel TEXT NOT NULL,                 -- portal, field, desk, open311, import, demo
    words TEXT NOT NULL,                   -- of the first report
    reporters BIGINT NOT NULL,
    opened_at INSTANT NOT NULL, done_at INSTANT, closed_at INSTANT,
    due_at INSTANT,                        -- earliest running limit; follows the clocks
    imported JSON                          -- source and number elsewhere
);
CREATE INDEX matter_path ON matter (path_now, opened_at);
CREATE INDEX matter_cell ON matter (cell);
CREATE INDEX matter_opened ON matter (opened_at);
CREATE INDEX matter_merged ON matter (merged_into);

CREATE TABLE report (
    id ID NOT NULL PRIMARY KEY, matter_id ID NOT NULL REFERENCES matter (id), first_matter_id ID NOT NULL REFERENCES matter (id),
    source TEXT NOT NULL, source_number TEXT, words TEXT NOT NULL, person_id ID REFERENCES person (id), client_id ID,
    contact JSON,                          -- name, phone, email if they were given
    language TEXT NOT NULL, lon DOUBLE PRECISION, lat DOUBLE PRECISION, query_code TEXT NOT NULL,
    photo_state TEXT NOT NULL CHECK (photo_state IN ('none', 'awaited', 'here', 'refused')),
    rating BIGINT, confirmed TEXT CHECK (confirmed IN ('yes', 'no')), confirmed_at INSTANT, at INSTANT NOT NULL,
    UNIQUE (source, source_number)
);
CREATE INDEX report_matter ON report (matter_id);
CREATE INDEX report_first ON report (first_matter_id);

-- One post's share of a matter.
CREATE TABLE part (
    id ID NOT NULL PRIMARY KEY, matter_id ID NOT NULL REFERENCES matter (id), post_id ID NOT NULL REFERENCES post (id),
    ask_id ID, asked_by ID REFERENCES post (id),       -- the ask (whistle…) it came from and the post that asked
    given TEXT NOT NULL,                               -- the verb that made it
    lead FLAG NOT NULL, needed FLAG NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('offered', 'doing', 'done', 'returned', 'recalled')),
    offered_at INSTANT NOT NULL, taken_at INSTANT, ended_at INSTANT, take_by INSTANT, due_at INSTANT,
    words TEXT, rating BIGINT, rating_back BIGINT
);
CREATE INDEX part_matter ON part (matter_id);
CREATE INDEX part_post ON part (post_id, state);

-- Named limits; several to a matter.
CREATE TABLE clock (
    id ID NOT NULL PRIMARY KEY, matter_id ID NOT NULL REFERENCES matter (id), part_id ID REFERENCES part (id), name TEXT NOT NULL,
    limit_text TEXT NOT NULL, time TEXT NOT NULL CHECK (time IN ('work', 'natural')), started_at INSTANT NOT NULL, due_at INSTANT NOT NULL,
    provisional FLAG NOT NULL, left_ms BIGINT, stopped_at INSTANT, late FLAG NOT NULL
);
CREATE INDEX clock_matter ON clock (matter_id);
CREATE INDEX clock_due ON clock (due_at) WHERE stopped_at IS NULL;

CREATE TABLE milestone (
    id ID NOT NULL PRIMARY KEY, matter_id ID NOT NULL REFERENCES matter (id), name TEXT NOT NULL, due_day DAY NOT NULL,
    reached_at INSTANT, position BIGINT NOT NULL
);
CREATE INDEX milestone_matter ON milestone (matter_id);

CREATE TABLE photo (
    id ID NOT NULL PRIMARY KEY, matter_id ID NOT NULL REFERENCES matter (id), report_id ID REFERENCES report (id), part_id ID REFERENCES part (id),
    role TEXT NOT NULL CHECK (role IN ('before', 'after', 'answer')), digest TEXT REFERENCES file (digest),
    state TEXT NOT NULL CHECK (state IN ('awaited', 'here', 'refused')), at INSTANT NOT NULL
);
CREATE INDEX photo_matter ON photo (matter_id);

-- The words of a journal entry, kept apart so that they can be erased while the sealed chain holds.
CREATE TABLE remark (entry_id ID NOT NULL PRIMARY KEY, matter_id ID NOT NULL REFERENCES matter (id), words TEXT NOT NULL, public FLAG NOT NULL);
CREATE INDEX remark_matter ON remark (matter_id);

CREATE TABLE matter_link (from_id ID NOT NULL REFERENCES matter (id), sort TEXT NOT NULL, to_id ID NOT NULL, PRIMARY KEY (from_id, sort, to_id));

-- What a reporter, a post or a person was told, to be read where they look (portal link, desk, phone).
CREATE TABLE inbox (
    id ID NOT NULL PRIMARY KEY, owner TEXT NOT NULL CHECK (owner IN ('report', 'post', 'person')), owner_id ID NOT NULL,
    matter_id ID NOT NULL REFERENCES matter (id), key TEXT NOT NULL, parameters JSON NOT NULL, at INSTANT NOT NULL, read_at INSTANT
);
CREATE INDEX inbox_owner ON inbox (owner_id, at);
