-- An extension with configuration tables, which pg_dump dumps in part: "WHERE" decides which rows are the user's.
--
-- No extension that comes with PostgreSQL has any, and installing one of our own would need the server's own folders. So contrib's citext is
-- made one: its members and pg_extension say afterwards what they would say had its script called pg_extension_config_dump. A restore's
-- CREATE EXTENSION cannot know of the tables, so the target gets this file first: they hold there what an extension's script fills in itself.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION citext WITH SCHEMA public;
CREATE EXTENSION hstore WITH SCHEMA public;
CREATE TABLE public.config_whole (id serial PRIMARY KEY, setting text NOT NULL);
CREATE TABLE public.config_part (id int PRIMARY KEY, setting text NOT NULL, is_shipped boolean NOT NULL DEFAULT false);
CREATE TABLE public.config_not_dumped (id int PRIMARY KEY);
INSERT INTO public.config_part SELECT n, 'shipped ' || n, true FROM generate_series(1, 50) n;
INSERT INTO public.config_part VALUES (200, E'a\\b''c'); -- Shipped too, and known by its text.
INSERT INTO public.config_not_dumped VALUES (1);
ALTER EXTENSION citext ADD TABLE public.config_whole;
ALTER EXTENSION citext ADD SEQUENCE public.config_whole_id_seq;
ALTER EXTENSION citext ADD TABLE public.config_part;
ALTER EXTENSION citext ADD TABLE public.config_not_dumped;
UPDATE pg_extension SET
    extconfig = ARRAY['public.config_whole'::regclass, 'public.config_part'::regclass, 'public.config_whole_id_seq'::regclass]::oid[],
    extcondition = ARRAY['', $$WHERE id = 201 OR NOT is_shipped AND setting <> E'a\\b''c'$$, '']
WHERE extname = 'citext';
