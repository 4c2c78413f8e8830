-- 0015-second-factor.sql: a code from an app besides the password, for those who see personal data.

-- `secret` is sealed under the server's own key; `step` is the last time step whose code was taken, so that none is taken twice.
CREATE TABLE second_factor (
    person_id ID NOT NULL PRIMARY KEY REFERENCES person (id), secret BYTES NOT NULL, made_at INSTANT NOT NULL, step BIGINT NOT NULL,
    failed BIGINT NOT NULL, locked_until INSTANT
);

-- For a lost phone; each opens once.
CREATE TABLE recovery_code (
    person_id ID NOT NULL REFERENCES person (id), place BIGINT NOT NULL, record TEXT NOT NULL, used_at INSTANT,
    PRIMARY KEY (person_id, place)
);

-- A browser that is asked for the password alone.
CREATE TABLE trusted_device (
    digest BYTES NOT NULL PRIMARY KEY, id ID NOT NULL UNIQUE, person_id ID NOT NULL REFERENCES person (id),
    made_at INSTANT NOT NULL, until INSTANT NOT NULL
);
CREATE INDEX trusted_device_person ON trusted_device (person_id);

-- Between the password and the code; with a secret (sealed) an app is being set up.
CREATE TABLE sign_in_step (
    digest BYTES NOT NULL PRIMARY KEY, person_id ID NOT NULL REFERENCES person (id), secret BYTES, until INSTANT NOT NULL
);
CREATE INDEX sign_in_step_person ON sign_in_step (person_id);

-- Whether a code was given besides the password. Sessions from before were not asked for one.
--@sqlite
ALTER TABLE session ADD COLUMN strong FLAG NOT NULL DEFAULT 0;
--@postgres
ALTER TABLE session ADD COLUMN strong FLAG NOT NULL DEFAULT false;
