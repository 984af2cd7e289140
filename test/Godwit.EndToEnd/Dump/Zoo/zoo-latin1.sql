-- A database of another encoding: psql -f zoo-latin1.sql DATABASE, into one of LATIN1. The text below is UTF-8; the server stores LATIN1.
\set ON_ERROR_STOP on
\set QUIET on
\encoding UTF8
CREATE TABLE "Straße" (id int PRIMARY KEY, "Größe" text);
INSERT INTO "Straße" SELECT n, 'äöü ÿ £ §' || chr(160 + n % 96) || E'\t\\' FROM generate_series(1, 300) n;
CREATE FUNCTION "é"() RETURNS text LANGUAGE sql AS $$SELECT 'àéîõü'$$;
COMMENT ON TABLE "Straße" IS 'Größe in Fuß';
