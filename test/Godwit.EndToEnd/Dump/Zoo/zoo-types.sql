-- Types of one's own, and a table of each family.
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy', 'it''s "odd", \n', '');
ALTER TYPE mood ADD VALUE 'between' BEFORE 'happy';
CREATE TYPE "Mixed Case" AS ENUM ('A', 'b', 'Ä');
CREATE TYPE point3 AS (x double precision, y double precision, "z, the last" numeric(10, 4));
CREATE TYPE nested AS (place point3, tags text[], feeling mood);
CREATE TYPE empty_row AS ();
CREATE DOMAIN percent AS numeric(5, 2) DEFAULT 50 CONSTRAINT in_range CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN short_name AS varchar(20) COLLATE "C" NOT NULL CHECK (VALUE <> '');
CREATE DOMAIN percents AS percent[];
ALTER DOMAIN percent ADD CONSTRAINT not_thirteen CHECK (VALUE <> 13) NOT VALID;
COMMENT ON TYPE mood IS 'How an animal feels';
COMMENT ON COLUMN point3."z, the last" IS 'Height';
COMMENT ON DOMAIN percent IS 'Of a hundred';
COMMENT ON CONSTRAINT in_range ON DOMAIN percent IS 'Not more than all';
CREATE FUNCTION float8_distance(double precision, double precision) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 - $2';
CREATE TYPE float_range AS RANGE (subtype = double precision, subtype_diff = float8_distance);
CREATE TYPE short_range AS RANGE (subtype = text, collation = "C");
\if :super
CREATE TYPE shell;

-- A base type whose input and output are the server's own.
CREATE TYPE mass;
CREATE FUNCTION mass_in(cstring) RETURNS mass LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION mass_out(mass) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
CREATE TYPE mass (INPUT = mass_in, OUTPUT = mass_out, LIKE = bigint, CATEGORY = 'N', DELIMITER = ';');
CREATE CAST (mass AS bigint) WITHOUT FUNCTION AS ASSIGNMENT;
COMMENT ON CAST (mass AS bigint) IS 'In grams';
\endif
CREATE CAST (mood AS int) WITH INOUT AS ASSIGNMENT;

CREATE TABLE own_types (
    id int PRIMARY KEY, m mood, ms mood[], mc "Mixed Case", p point3, n nested, ns nested[], er empty_row, d percent, ds percents, s varchar(20) COLLATE "C",
    fr float_range, sr short_range, c citext, h hstore);
INSERT INTO own_types VALUES
    (1, 'sad', '{sad,ok,NULL,"it''s \"odd\", \\n"}', 'Ä', (1, 'NaN', 3.5), ((1, 2, NULL), '{a,NULL,"b,c","",NULL,"\""}', 'happy'),
     ARRAY[ROW(ROW('-Infinity', 0, 1), '{}', '')::nested, NULL], ROW(), 99.99, '{1,2.5,NULL}', 'x', '[1.5,Infinity)', '["a","b\"c")', 'CiText', 'a=>1, b=>NULL, "c d"=>"=>"'),
    (2, '', '{}', NULL, NULL, NULL, NULL, NULL, 0, '{}', 'y', 'empty', '(,)', '', ''),
    (3, NULL, NULL, NULL, ROW(NULL, NULL, NULL), ROW(NULL, NULL, NULL), '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
\if :super
ALTER TABLE own_types ADD w mass, ADD ws mass[];
UPDATE own_types SET w = '5', ws = '{5;6;NULL}' WHERE id = 1;
UPDATE own_types SET w = '-9223372036854775808', ws = '[3:4]={1;2}' WHERE id = 2;
\endif
CREATE TABLE of_type OF point3 (x PRIMARY KEY, y WITH OPTIONS DEFAULT 7);
INSERT INTO of_type VALUES (1, 2, 3), (4, DEFAULT, NULL);
\if :v14
CREATE TABLE multiranges (id int, i int4multirange, b int8multirange, n nummultirange, t tsmultirange, z tstzmultirange, d datemultirange, f float_multirange);
INSERT INTO multiranges VALUES
    (1, '{[1,3),[5,9)}', '{(,0),[9223372036854775806,)}', '{[1.10,1.1]}', '{[2000-01-01,2001-01-01)}', '{[2000-01-01 00:00+05,)}', '{(,2000-01-01)}', '{[1,2),[NaN,NaN]}'),
    (2, '{}', NULL, '{}', '{}', '{}', '{}', '{}');
\endif
