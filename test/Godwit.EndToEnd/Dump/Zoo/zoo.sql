-- The zoo: one database with every kind of object that pg_dump knows, and values that break naive readers. Loads on PostgreSQL 13 and newer.
--   psql -X -f zoo-extension.sql -f zoo.sql DATABASE                  as superuser, into an empty UTF-8 database
--   psql -X -v owner=ROLE -f zoo-extension.sql -f zoo.sql DATABASE    the same, but ROLE makes all: what takes a superuser stands between \if :super and \endif
-- Deterministic: no now(), no random(), large objects under numbers of their own. What an older server lacks stands between \if and \endif.
-- The extension stands apart because a target needs it too, see there.
\set ON_ERROR_STOP on
\set QUIET on
\encoding UTF8
SET client_min_messages = error;
SET TimeZone = 'UTC';
SET standard_conforming_strings = on;
SELECT current_setting('server_version_num')::int >= 140000 AS v14, current_setting('server_version_num')::int >= 150000 AS v15,
       current_setting('server_version_num')::int >= 160000 AS v16, current_setting('server_version_num')::int >= 170000 AS v17 \gset
SELECT pg_catalog.count(*) > 0 AS has_xml FROM pg_catalog.pg_config WHERE name = 'CONFIGURE' AND setting LIKE '%--with-libxml%' \gset
\if :{?owner}
\set super off
\else
\set super on
-- pg_dump writes the usual one where it is told to quote all names, and Godwit leaves that out.
COMMENT ON SCHEMA public IS 'The zoo''s own';
\endif

-- Roles belong to the cluster, which other zoos share.
SELECT format('CREATE ROLE %I NOLOGIN', role) FROM unnest(ARRAY['zoo_keeper', 'zoo_visitor', 'Zoo "guest"']) role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
\if :super
\else
CREATE EXTENSION postgres_fdw;
GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO :"owner";
GRANT zoo_keeper, zoo_visitor, "Zoo ""guest""" TO :"owner";
ALTER TABLE public.config_whole OWNER TO :"owner";
ALTER TABLE public.config_part OWNER TO :"owner";
SET SESSION AUTHORIZATION :"owner";
\endif

CREATE SCHEMA zoo AUTHORIZATION zoo_keeper;
CREATE SCHEMA "Odd ""schema""
of two lines";
COMMENT ON SCHEMA zoo IS 'Animals behind bars; see the sign';
GRANT USAGE ON SCHEMA zoo TO zoo_visitor, "Zoo ""guest""";
SET search_path = zoo, public;

\ir zoo-types.sql
\ir zoo-values.sql
\ir zoo-tables.sql
\ir zoo-programs.sql
\ir zoo-relations.sql
\ir zoo-large.sql

-- A reader that forgets to set what pg_dump sets prints other bytes, or is thrown out.
SELECT format('ALTER DATABASE %I SET %s', current_database(), setting) FROM unnest(ARRAY[
    $$DateStyle = 'German, DMY'$$, $$IntervalStyle = sql_standard$$, 'extra_float_digits = -10', 'bytea_output = escape', $$TimeZone = 'Asia/Kathmandu'$$,
    $$statement_timeout = '1s'$$, $$lock_timeout = '20ms'$$, 'search_path = zoo, public', 'row_security = on', 'synchronize_seqscans = on',
    'default_transaction_read_only = on', 'array_nulls = off', $$backslash_quote = 'on'$$, 'escape_string_warning = off', 'quote_all_identifiers = on']) setting \gexec
