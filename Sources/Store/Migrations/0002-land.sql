-- 0002-land.sql: grids, their dated paths and shapes. Days are half-open: from_day <= day < to_day;
-- 0001-01-01 is "without a beginning", 9999-12-31 "without an end".

CREATE TABLE grid (
    id ID NOT NULL PRIMARY KEY,
    code TEXT,                         -- text as imported; NULL for the root only
    name TEXT NOT NULL,
    level TEXT NOT NULL,               -- catalog level id; 'root' for the root
    nature TEXT,                       -- of a dedicated grid: school, hospital, mall, office_tower, market
    attributes JSON NOT NULL,          -- official codes and other imported facts
    from_day DAY NOT NULL,
    to_day DAY NOT NULL,
    UNIQUE (level, code)
);

-- Where a grid stands in the tree: segments of four characters, so a subtree is a prefix.
CREATE TABLE grid_path (
    grid_id ID NOT NULL REFERENCES grid (id), parent_id ID REFERENCES grid (id), path PATH NOT NULL,
    from_day DAY NOT NULL, to_day DAY NOT NULL, CHECK (to_day > from_day), PRIMARY KEY (grid_id, from_day)
);
CREATE INDEX grid_path_path ON grid_path (path);

-- MultiPolygon as WKB in WGS-84, lon lat; area in square metres.
CREATE TABLE grid_shape (
    grid_id ID NOT NULL REFERENCES grid (id), shape BYTES NOT NULL, area DOUBLE PRECISION NOT NULL,
    from_day DAY NOT NULL, to_day DAY NOT NULL, CHECK (to_day > from_day), PRIMARY KEY (grid_id, from_day)
);

-- What followed what (grids, units, posts): old cards, links and open work go along.
CREATE TABLE succession (old_id ID NOT NULL, new_id ID NOT NULL, at INSTANT NOT NULL, PRIMARY KEY (old_id, new_id));
