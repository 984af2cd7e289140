-- Every family of built-in types, with the values at their edges. "Written" is how a value is put in; what comes out is the server's.
CREATE TABLE numbers (id int, i2 smallint, i4 integer, i8 bigint, n numeric, n5 numeric(5, 2), f4 real, f8 double precision, m money, o oid, b boolean);
INSERT INTO numbers VALUES
    (1, -32768, -2147483648, -9223372036854775808, 'NaN', 'NaN', '-Infinity', '-Infinity', '-92233720368547758.08', 4294967295, true),
    (2, 32767, 2147483647, 9223372036854775807, ('1' || repeat('0', 5000) || '.' || repeat('7', 3000))::numeric, 999.99, 'Infinity', 'Infinity', '92233720368547758.07', 0, false),
    (3, 0, 0, 0, 0.00000000000000000000000000000000000000000001, -0.01, 'NaN', 'NaN', 0, 1, NULL),
    (4, 1, 1, 1, 1.000, 1, '-0', '-0', 1, 1, NULL),
    (5, 2, 2, 2, -1.10, 1.1, 1.17549435e-38, 2.2250738585072014e-308, 2, 2, NULL),
    (6, 3, 3, 3, 1e131071, 1.1, 3.40282347e+38, 1.7976931348623157e308, 3, 3, NULL),
    (7, 4, 4, 4, 0.1, 0.1, 1e-45, 5e-324, 4, 4, NULL),
    (8, 5, 5, 5, 1.0 / 3, 0.33, 0.1, 0.1, 5, 5, NULL),
    (9, NULL, NULL, NULL, NULL, NULL, 16777217, 0.30000000000000004, NULL, NULL, NULL);
\if :v14
INSERT INTO numbers (id, n) VALUES (10, 'Infinity'), (11, '-Infinity');
\endif
CREATE TABLE times (id int, d date, t time, tz timetz, ts timestamp, tsz timestamptz, i interval, ts0 timestamp(0), iym interval year to month);
INSERT INTO times VALUES
    (1, '4713-11-24 BC', '00:00', '00:00+15:59', '4713-11-24 00:00:00 BC', '4713-11-24 00:00:00+00 BC', '178000000 years', '2000-01-01', '1 year 2 mons'),
    (2, '0001-12-31 BC', '24:00', '24:00-15:59', '0044-03-15 12:30:00.000001 BC', '0044-03-15 12:30:00.000001+00 BC', '-178000000 years', '1999-12-31 23:59:59', '-1 mon'),
    (3, '5874897-12-31', '23:59:59.999999', '12:00:00.5+05:45', '294276-12-31 23:59:59.999999', '294276-12-31 23:59:59.999999+00', '1 mon -1 day +00:00:00.000001', NULL, NULL),
    (4, 'infinity', NULL, NULL, 'infinity', 'infinity', '0', 'infinity', '0'),
    (5, '-infinity', NULL, NULL, '-infinity', '-infinity', '-2147483648 days', '-infinity', NULL),
    (6, '2024-02-29', '04:05:06.789', '04:05:06.789-08', '2024-02-29 04:05:06.789', '2024-03-31 01:30:00+00', '-1 day +02:03:04', NULL, NULL),
    (7, '0001-01-01', NULL, NULL, '0001-01-01', '1900-01-01 00:00+00', 'P1Y2M3DT4H5M6.000007S', NULL, NULL);
\if :v17
INSERT INTO times (id, i) VALUES (8, 'infinity'), (9, '-infinity');
\endif
CREATE TABLE texts (id int, t text, v varchar(12), c char(8), n name, q "char", u uuid);
INSERT INTO texts VALUES
    (1, '', '', '', '', '', '00000000-0000-0000-0000-000000000000'),
    (2, '\.', '\.', '\.', '\.', '\', 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
    (3, E'\\.\n\\.\n', E'\n\\.\n', E'\n', E'a\tb', E'\t', NULL),
    (4, E'tab\there, CR\r, LF\n, CRLF\r\n, backslash \\, double \\\\, \\n literal, quote '', "double", bell \x07, vertical \x0b, form \x0c, back \x08, delete \x7f', NULL, 'a   ', NULL, NULL, NULL),
    (5, '\N', '\N', '\N', '\N', NULL, NULL),
    (6, 'NULL', 'NULL', 'null', 'null', NULL, NULL),
    (7, 'Ελληνικά, русский, العربية, עברית, हिन्दी, ไทย, 日本語, 한국어, 中文, ქართული, አማርኛ', 'żółć', 'ß', 'имя', NULL, NULL),
    (8, E'e\u0301 is not \u00e9; zero width \u200b\u200d; right to left \u202e; BOM \ufeff; 🦆🦩👩‍👩‍👧‍👦 𝔾𝕠𝕕𝕨𝕚𝕥 \U0010FFFF', NULL, NULL, NULL, NULL, NULL),
    (9, E'CREATE TABLE x();\nCOPY public.t (a) FROM stdin;\n1\t2\n\\.\n\\restrict abc\n-- comment\n\\connect postgres\nBEGIN;\n', NULL, NULL, NULL, NULL, NULL),
    (10, repeat(E'\\', 1001) || repeat(E'\t', 999) || repeat('''', 77), NULL, NULL, NULL, NULL, NULL),
    (11, (SELECT string_agg(chr(n), '' ORDER BY n) FROM generate_series(1, 55295) n), NULL, NULL, NULL, NULL, NULL),
    (12, E' leading and trailing \n', ' x ', ' x ', ' x ', ' ', NULL);
\if :v16
INSERT INTO texts (id, q) VALUES (13, '\377');
\endif
CREATE TABLE bytes (id int, b bytea, bits bit(9), vb bit varying);
INSERT INTO bytes VALUES
    (1, '', B'000000000', ''), (2, (SELECT string_agg(set_byte('\x00', 0, n), '' ORDER BY n) FROM generate_series(0, 255) n), B'101010101', B'1'), (3, '\x5c2e0a5c2e', NULL, repeat('10', 500)::varbit),
    (4, decode(repeat('00', 70000), 'hex'), NULL, NULL);
CREATE TABLE shapes (id int, p point, l line, s lseg, b box, po path, pc path, pg polygon, c circle);
INSERT INTO shapes VALUES (1, '(1.5,-0)', '{1,-1,0}', '[(0,0),(1,1)]', '((2,2),(0,0))', '[(0,0),(1,1)]', '((0,0),(1,1),(1,0))', '((0,0),(1,1),(1,0))', '<(0.1,0.2),3>'),
    (2, '(NaN,Infinity)', NULL, NULL, NULL, NULL, NULL, NULL, '<(1e-300,1e300),0>');
CREATE TABLE networks (id int, c cidr, i inet, m macaddr, m8 macaddr8);
INSERT INTO networks VALUES (1, '10.0.0.0/8', '10.1.2.3/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05'), (2, '::/0', '::ffff:1.2.3.4/128', 'ff:ff:ff:ff:ff:ff', NULL), (3, '2001:db8::/32', 'fe80::1', NULL, NULL);
CREATE TABLE documents (id int, j json, jb jsonb, jp jsonpath, tv tsvector, tq tsquery);
INSERT INTO documents VALUES
    (1, E'{"b" : 1,  "a":[1, 2.50, {"x": null}], "b": "dup", "t": "\\t\\u0041\\\\", "multi":\n "line"}', E'{"b" : 1, "a":[1, 2.50, 1e5, {"x": null}], "b": "dup", "t": "\\t\\u00e9\\\\ 🦆"}', 'strict $.a[*] ? (@ > 2 && @.b like_regex "^a\\d")', 'a:1A,2B fat''s:3 "x\y":4', '''a'' & !b <-> ''c d'':*AB'),
    (2, 'null', 'null', '$', '', ''), (3, '"\u0000 is fine here"', '{}', NULL, NULL, NULL), (4, ' [ ] ', '[]', NULL, NULL, NULL);
CREATE TABLE ranges (id int, i int4range, b int8range, n numrange, t tsrange, z tstzrange, d daterange);
INSERT INTO ranges VALUES (1, '[1,10]', '(,5)', '[1.10,2.20)', '[2000-01-01,infinity)', '["0044-01-01 00:00+00 BC",)', '[2000-01-01,2000-01-31]'), (2, 'empty', 'empty', '(,)', '(,)', '(,)', 'empty'), (3, NULL, NULL, '[-0.0,0.000]', NULL, NULL, '(-infinity,infinity)');
CREATE TABLE arrays (id int, i int[], t text[], b bytea[], f double precision[], d date[], bx box[], j jsonb[], iv int2vector, ov oidvector);
INSERT INTO arrays VALUES
    (1, '{{1,2},{3,NULL}}', '{a,"",NULL,"NULL","b c","{}","\"","\\","x,y"}', ARRAY['\x00ff', '\x']::bytea[], '{NaN,-Infinity,0.1}', '{4713-11-24 BC,infinity}', '{(1,1),(0,0);(2,2),(1,1)}', ARRAY['{"a": "b\"c"}', 'null']::jsonb[], '1 2 3', '4 5 6'),
    (2, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '', ''), (3, '[-2:0]={7,8,9}', '[2:2][3:4]={{x,y}}', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE of_the_system (id int, rc regclass, rt regtype, rp regproc, rpr regprocedure, ro regoper, rr regoperator, rn regnamespace, rd regdictionary, rcf regconfig, x xid, x8 xid8, ci cid, ti tid, lsn pg_lsn, s pg_snapshot, ts txid_snapshot, a aclitem, cu refcursor);
INSERT INTO of_the_system VALUES
    (1, 'pg_catalog.pg_class', 'double precision', 'pg_catalog.now', 'pg_catalog.abs(integer)', 'pg_catalog.||/', 'pg_catalog.+(integer,integer)', 'pg_catalog', 'pg_catalog.simple', 'pg_catalog.english', '4294967295', '18446744073709551615', '7', '(4294967295,65535)', 'FFFFFFFF/FFFFFFFF', '10:20:10,14,15', '10:20:10,14,15', NULL, 'a "cursor"'),
    (2, 0, 0, 0, 0, 0, 0, 0, 0, 0, '0', '0', '0', '(0,0)', '0/0', '1:1:', '1:1:', NULL, NULL);

-- xml exists everywhere, but not every server was built to read it.
CREATE TABLE markup (id int, x xml);
\if :has_xml
INSERT INTO markup VALUES (1, '<a b="c">d &amp; e</a>'), (2, 'content <x/> only'), (3, '<?xml version="1.0"?><!-- no --><r/>');
\endif
