-- 0003-posts.sql: who may, who must.

CREATE TABLE unit (
    id ID NOT NULL PRIMARY KEY, code TEXT UNIQUE, name TEXT NOT NULL, class TEXT NOT NULL, parent_id ID REFERENCES unit (id),
    inside FLAG NOT NULL, grid_id ID REFERENCES grid (id), from_day DAY NOT NULL, to_day DAY NOT NULL
);

-- A seat at a grid, a unit or a place; work belongs to it, never to a person.
CREATE TABLE post (
    id ID NOT NULL PRIMARY KEY, role TEXT NOT NULL, name TEXT NOT NULL,
    grid_id ID REFERENCES grid (id), unit_id ID REFERENCES unit (id), place_id ID,
    seats TEXT NOT NULL CHECK (seats IN ('one', 'many')), path_now PATH NOT NULL, from_day DAY NOT NULL, to_day DAY NOT NULL,
    CHECK (grid_id IS NOT NULL OR unit_id IS NOT NULL OR place_id IS NOT NULL)
);
CREATE INDEX post_grid ON post (grid_id, role);
CREATE INDEX post_unit ON post (unit_id, role);
CREATE INDEX post_path ON post (path_now);

CREATE TABLE person (id ID NOT NULL PRIMARY KEY, name TEXT NOT NULL, phone TEXT, language TEXT NOT NULL, at INSTANT NOT NULL);

CREATE TABLE holding (
    id ID NOT NULL PRIMARY KEY, post_id ID NOT NULL REFERENCES post (id), person_id ID NOT NULL REFERENCES person (id),
    from_at INSTANT NOT NULL, to_at INSTANT, sort TEXT NOT NULL CHECK (sort IN ('regular', 'acting', 'duty', 'posting')),
    CHECK (to_at IS NULL OR to_at > from_at)
);
CREATE INDEX holding_post ON holding (post_id);
CREATE INDEX holding_person ON holding (person_id);

-- Unit or post x subject (category, register or round tag; '*' is all) x land: routing table, duty list and view in one.
CREATE TABLE remit (
    id ID NOT NULL PRIMARY KEY, unit_id ID REFERENCES unit (id), post_id ID REFERENCES post (id), subject TEXT NOT NULL,
    path PATH NOT NULL, from_day DAY NOT NULL, to_day DAY NOT NULL, CHECK ((unit_id IS NULL) <> (post_id IS NULL))
);
CREATE INDEX remit_subject ON remit (subject);

CREATE TABLE account (
    person_id ID NOT NULL PRIMARY KEY REFERENCES person (id), name TEXT NOT NULL UNIQUE, password TEXT NOT NULL,
    failed BIGINT NOT NULL, locked_until INSTANT, disabled FLAG NOT NULL, settings JSON NOT NULL
);

CREATE TABLE session (
    digest BYTES NOT NULL PRIMARY KEY, person_id ID NOT NULL REFERENCES person (id), csrf TEXT NOT NULL,
    made_at INSTANT NOT NULL, seen_at INSTANT NOT NULL, until INSTANT NOT NULL
);
CREATE INDEX session_person ON session (person_id);

-- A capability link: one subject, listed verbs, an end.
CREATE TABLE pass (
    digest BYTES NOT NULL PRIMARY KEY, id ID NOT NULL UNIQUE, subject TEXT NOT NULL, subject_id ID NOT NULL,
    verbs JSON NOT NULL, made_at INSTANT NOT NULL, until INSTANT, revoked_at INSTANT
);
CREATE INDEX pass_subject ON pass (subject_id);

CREATE TABLE client (
    id ID NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest BYTES NOT NULL UNIQUE, rate BIGINT NOT NULL,
    verbs JSON NOT NULL, made_at INSTANT NOT NULL, revoked_at INSTANT
);
