-- A database without an encoding: psql -f zoo-ascii.sql DATABASE, into one of SQL_ASCII. It holds bytes that are text in no encoding, and
-- whoever converts them on the way loses them.
\set ON_ERROR_STOP on
\set QUIET on
\encoding SQL_ASCII
CREATE TABLE raw (id int PRIMARY KEY, t text, "naïve" text);
INSERT INTO raw VALUES (1, E'\xff\xfe\x80', 'ü'), (2, E'\xe4\xf6\xfc', E'\xc3'), (3, E'half a euro \xe2\x82', E'\\.\t\r\n');
INSERT INTO raw SELECT n, 'plain ' || n, NULL FROM generate_series(10, 500) n;
COMMENT ON TABLE raw IS E'\xa4';
