-- 0019-person-and-photo.sql: from a person to the reports, from a file to its photos.

-- What somebody reported, for lists that begin with the few matters that he reaches.
CREATE INDEX report_person ON report (person_id, matter_id) WHERE person_id IS NOT NULL;

-- Whoever fetches a picture is asked whether he may see its matter.
CREATE INDEX photo_digest ON photo (digest) WHERE digest IS NOT NULL;
CREATE INDEX file_small ON file (small) WHERE small IS NOT NULL;
