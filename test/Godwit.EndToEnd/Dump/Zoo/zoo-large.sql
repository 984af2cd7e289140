-- Large objects and large values. The large ones are made quickly, half of them of bytes no compressor makes smaller.
SELECT lo_create(900001) \g /dev/null
SELECT lo_from_bytea(900002, 'small') \g /dev/null
SELECT lo_from_bytea(900003, (SELECT string_agg(sha512(int4send(n)), '' ORDER BY n) FROM generate_series(1, 80000) n)) \g /dev/null
SELECT lo_from_bytea(900004, decode(repeat('c0ffee', 1000000), 'hex')) \g /dev/null
-- One with a hole: pages that were never written read as zeros.
SELECT lo_put(lo_create(900005), 3000000, 'after the hole') \g /dev/null
SELECT lo_from_bytea(4294967295, '\x00ff5c2e0a') \g /dev/null
SELECT lo_from_bytea((910000 + n)::oid, convert_to('one of many ' || n, 'UTF8')) FROM generate_series(1, 1500) n \g /dev/null
COMMENT ON LARGE OBJECT 900001 IS 'Empty';
COMMENT ON LARGE OBJECT 900003 IS E'Five megabytes of ''noise''\nand a second line';
ALTER LARGE OBJECT 900002 OWNER TO zoo_keeper;
GRANT SELECT ON LARGE OBJECT 900002 TO zoo_visitor;
GRANT SELECT, UPDATE ON LARGE OBJECT 900004 TO zoo_keeper WITH GRANT OPTION;

-- A hundred megabytes in one value, stored compressed; and twenty as they are, forty in COPY's hexadecimal digits, of which the first do not
-- compress. Not more of those, because zlib takes more than a second for ten megabytes of them.
CREATE TABLE giant (id int PRIMARY KEY, t text, b bytea);
ALTER TABLE giant ALTER b SET STORAGE EXTERNAL;
INSERT INTO giant VALUES (1, 'before', NULL), (2, repeat(E'The godwit flies 11,000 km.\t\\\n', 3500000), NULL),
    (3, NULL, (SELECT string_agg(sha512(int4send(n)), '' ORDER BY n) FROM generate_series(1, 80000) n) || decode(repeat('00ff0a5c2e', 3000000), 'hex')),
    (4, 'after', '\x00');
-- Few pages of its own, all its weight in the toast.
CREATE TABLE toasted (id int PRIMARY KEY, filler text, t text, e text);
ALTER TABLE toasted ALTER e SET STORAGE EXTERNAL;
INSERT INTO toasted SELECT n, repeat('not toasted ', 20), repeat('toast ' || n || ' ', 2000), repeat(md5(n::text), 4000) FROM generate_series(1, 400) n;
