-- 0011-wall.sql: screens on walls: an address that shows the battle map of one grid and can do nothing, until somebody ends it.
-- Its key is a pass of the subject 'wall'; `post_id` is the post by whose right it shows.
CREATE TABLE wall (
    id ID NOT NULL PRIMARY KEY, name TEXT NOT NULL, grid_id ID NOT NULL REFERENCES grid (id), post_id ID NOT NULL REFERENCES post (id),
    made_at INSTANT NOT NULL, ended_at INSTANT
);
CREATE INDEX wall_grid ON wall (grid_id);
