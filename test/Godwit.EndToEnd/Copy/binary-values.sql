-- Extreme and random values of each type that a copy sends in binary, and of some that it sends as text.
-- A line "-- OID TYPE" begins a type: its number, and how a column of it is declared. "since N": its values, or the type, need that major. "as text": it does not go in binary.
-- Each line below it is a query of one column. The random ones follow setseed().
-- 16 boolean
SELECT unnest('{t,f}'::bool[])
-- 17 bytea
SELECT unnest(ARRAY['', '\x00', '\xff', '\x5c5c', '\x0a0d095c2e']::bytea[])
SELECT decode(repeat('00ff5c0a', n * n * 97), 'hex') FROM generate_series(0, 40) n
SELECT sha256(random()::text::bytea) FROM generate_series(1, 30)
-- 18 "char"
SELECT unnest(ARRAY['', 'a', ' ', '\', '''', E'\n']::"char"[])
SELECT n::"char" FROM generate_series(0, 127) n
-- 18 "char" since 15
SELECT n::"char" FROM generate_series(-128, -1) n
-- 19 name
SELECT unnest(ARRAY['', repeat('x', 63), repeat('é', 31), E'a\tb\nc\\', ' ']::name[])
-- 20 bigint
SELECT unnest('{-9223372036854775808,-1,0,1,9223372036854775807,4294967295,-4294967296}'::int8[])
SELECT hashint8extended(n, (random() * 1000000000)::int8) >> (n % 60) FROM generate_series(1, 60) n
-- 21 smallint
SELECT unnest('{-32768,-1,0,1,32767}'::int2[])
-- 23 integer
SELECT unnest('{-2147483648,-1,0,1,2147483647}'::int4[])
SELECT hashint4((random() * 2000000000)::int4) FROM generate_series(1, 30)
-- 25 text
SELECT unnest(ARRAY['', '\N', '\.', E'a\tb\nc\\d\r\b\f\v\x01\x7f', ' ', '  x  ', 'NULL', '{}', '"', E'\uFEFFx', 'é', '𝄞', E'\U0010FFFF'])
SELECT string_agg(chr(c), '') FROM generate_series(1, 3000) c
SELECT repeat(chr((random() * 94)::int + 32) || '\', (random() * 90)::int) FROM generate_series(1, 60)
SELECT repeat('long ', 200000)
-- 26 oid
SELECT unnest('{0,1,2147483648,4294967295}'::oid[])
-- 27 tid
SELECT unnest('{"(0,0)","(4294967295,65535)","(0,1)"}'::tid[])
-- 28 xid
SELECT unnest('{0,1,2147483648,4294967295}'::xid[])
-- 5069 xid8
SELECT unnest('{0,1,4294967296,18446744073709551615}'::xid8[])
-- 3220 pg_lsn
SELECT unnest('{0/0,0/1,FFFFFFFF/FFFFFFFF,16/B374D848}'::pg_lsn[])
-- 114 json
SELECT unnest(ARRAY['{}', '[]', 'null', '""', '  {"a" : 1, "a" : 2 }  ', '1e400', '-0', '0.10000', '"\u0000"', '"\ud834\udd1e"', '"\\ \" \n"', '[1, [2, {"ü": "é"}]]']::json[])
SELECT (repeat('[', 1000) || repeat(']', 1000))::json
SELECT to_json(md5(random()::text)) FROM generate_series(1, 20)
-- 3802 jsonb
SELECT unnest(ARRAY['{}', '[]', 'null', '""', '{"a": 1, "a": 2, "": 3}', '1e400', '-0', '-0.0', '0.10000', '1e-300', '"\ud834\udd1e"', '"\\ \" \n"', '[1, [2, {"ü": "é", "b": [true, false, null]}]]']::jsonb[])
SELECT (repeat('[', 1000) || repeat(']', 1000))::jsonb
SELECT repeat('9', 5000)::jsonb
SELECT ('1.' || repeat('0', 3000) || '1')::jsonb
SELECT jsonb_object_agg(md5(n::text), ARRAY[n, n * 2]) FROM generate_series(1, 2000) n
SELECT jsonb_build_object(md5(random()::text), random(), 'n', n, 'list', ARRAY[NULL, n]) FROM generate_series(1, 40) n
-- 600 point
SELECT unnest(ARRAY['(0,-0)', '(NaN,NaN)', '(Infinity,-Infinity)', '(NaN,1)', '(5e-324,1.7976931348623157e308)', '(0.1,0.2)']::point[])
SELECT point(random() * 1e300, -random() * 1e-300) FROM generate_series(1, 30)
-- 601 lseg
SELECT unnest(ARRAY['[(0,0),(0,0)]', '[(NaN,NaN),(NaN,1)]', '[(Infinity,-Infinity),(-0,0)]', '[(1,2),(-3,-4)]']::lseg[])
-- 602 path
SELECT unnest(ARRAY['[(0,0)]', '((0,0))', '[(1,1),(NaN,-Infinity)]', '((1,1),(2,2),(-0,5e-324))']::path[])
SELECT ('[' || string_agg('(' || random() || ',' || random() || ')', ',') || ']')::path FROM generate_series(1, 3000)
-- 603 box
SELECT unnest(ARRAY['(0,0),(0,0)', '(1,2),(3,4)', '(3,2),(1,4)', '(NaN,NaN),(0,0)', '(0,1),(NaN,-1)', '(-Infinity,Infinity),(Infinity,-Infinity)', '(-0,0),(0,-0)']::box[])
SELECT box(point(random(), -random()), point(-random(), random())) * point(random(), random()) FROM generate_series(1, 30)
-- 604 polygon
SELECT unnest(ARRAY['((0,0))', '((0,0),(1,1),(-0,1))', '((NaN,1),(2,NaN),(3,3))', '((Infinity,-Infinity),(1,1))']::polygon[])
SELECT polygon(12, circle(point(random(), random()), random())) FROM generate_series(1, 20)
SELECT ('(' || string_agg('(' || random() || ',' || random() || ')', ',') || ')')::polygon FROM generate_series(1, 3000)
-- 628 line
SELECT unnest(ARRAY['{1,-1,0}', '{NaN,NaN,NaN}', '{0,1e-5,Infinity}', '{-0,2,-0}', '[(0,0),(1,5e-324)]', '[(1,1),(1,2)]', '{1e308,-1e308,NaN}']::line[])
SELECT line(point(random(), random()), point(-random() * 1e9, random() * 1e-9)) FROM generate_series(1, 20)
-- 718 circle
SELECT unnest(ARRAY['<(0,0),0>', '<(NaN,NaN),NaN>', '<(Infinity,-Infinity),Infinity>', '<(1,-0),5e-324>', '<(1,1),NaN>']::circle[])
-- 700 real
SELECT unnest('{0,-0,1e-45,-1e-45,1.1754942e-38,3.4028235e38,0.1,16777217,NaN,Infinity,-Infinity}'::float4[])
SELECT (random() - 0.5)::float4 * power(10::float8, (random() * 70)::int - 35)::float4 FROM generate_series(1, 60)
-- 701 double precision
SELECT unnest('{0,-0,5e-324,2.225073858507201e-308,1.7976931348623157e308,0.1,9007199254740993,NaN,Infinity,-Infinity}'::float8[])
SELECT 'NaN'::float8 * -1
SELECT 'Infinity'::float8 - 'Infinity'::float8
SELECT (random() - 0.5) * power(10::float8, (random() * 600)::int - 300) FROM generate_series(1, 60)
-- 1700 numeric
SELECT unnest('{0,0.0000,-0.5,0.00001,10000,100000000,99999999,1.10,-12345.6789,0.00010000,12340000.000,NaN}'::numeric[])
SELECT repeat('9', 131072)::numeric
SELECT ('-' || repeat('9', 131072) || '.' || repeat('9', 16383))::numeric
SELECT ('0.' || repeat('0', 16382) || '1')::numeric
SELECT ('0.' || repeat('0', 16383))::numeric
SELECT 1e131071::numeric
SELECT 1e-16383::numeric
SELECT (random()::numeric * hashint8extended(n, n)) * power(10::numeric, (random() * 60)::int - 30) FROM generate_series(1, 60) n
-- 1700 numeric(1000,300)
SELECT (repeat('9', 700) || '.' || repeat('1', 300))::numeric(1000,300)
-- 1700 numeric since 14
SELECT unnest('{Infinity,-Infinity}'::numeric[])
-- 1700 numeric(3,-5) since 15
SELECT unnest('{12345678,-99900000}'::numeric(3,-5)[])
-- 1700 numeric(3,8) since 15
SELECT unnest('{0.00000123,-0.00000999}'::numeric(3,8)[])
-- 650 cidr
SELECT unnest('{0.0.0.0/0,255.255.255.255/32,10.0.0.0/8,::/0,ffff::/16,::1/128,2001:db8::/32}'::cidr[])
-- 869 inet
SELECT unnest('{0.0.0.0,0.0.0.0/0,255.255.255.255,10.1.2.3/8,::,::/0,::ffff:1.2.3.4,fe80::1/64,2001:db8:ffff::1/3}'::inet[])
SELECT inet '0.0.0.0' + (random() * 4294967295)::int8 FROM generate_series(1, 20)
-- 829 macaddr
SELECT unnest('{00:00:00:00:00:00,ff:ff:ff:ff:ff:ff,08:00:2b:01:02:03}'::macaddr[])
-- 774 macaddr8
SELECT unnest('{00:00:00:00:00:00:00:00,ff:ff:ff:ff:ff:ff:ff:ff,08:00:2b:01:02:03:04:05}'::macaddr8[])
SELECT macaddr '08:00:2b:01:02:03'::macaddr8
-- 1042 char(5)
SELECT unnest(ARRAY['', 'a', 'a    ', '  a', 'ééééé', E'\\\n']::char(5)[])
-- 1042 char(300)
SELECT repeat('é', n)::char(300) FROM generate_series(0, 300, 60) n
-- 1042 bpchar
SELECT unnest(ARRAY['', 'a  ', '   ']::bpchar[])
-- 1043 varchar
SELECT unnest(ARRAY['', 'a    ', '  a', E'\\\n\t']::varchar[])
-- 1043 varchar(3)
SELECT unnest(ARRAY['', 'a  ', 'éé𝄞']::varchar(3)[])
-- 1560 bit(1)
SELECT unnest('{0,1}'::bit(1)[])
-- 1560 bit(9)
SELECT unnest('{000000000,111111111,100000001}'::bit(9)[])
-- 1560 bit(30000)
SELECT repeat('10011', 6000)::bit(30000)
-- 1562 varbit
SELECT unnest(ARRAY['', '0', '1', '10000000', '100000001']::varbit[])
-- 1082 date
SELECT unnest(ARRAY['infinity', '-infinity', '4713-11-24 BC', '5874897-12-31', '2000-01-01', '0001-01-01', '0001-12-31 BC', '1582-10-04', '9999-12-31', '10000-01-01']::date[])
SELECT date '0001-01-01' + (random() * 5000000)::int FROM generate_series(1, 40)
-- 1083 time
SELECT unnest('{00:00:00,24:00:00,23:59:59.999999,00:00:00.000001}'::time[])
-- 1083 time(0)
SELECT unnest('{00:00:00,24:00:00,23:59:59}'::time(0)[])
-- 1114 timestamp
SELECT unnest(ARRAY['infinity', '-infinity', '4713-11-24 00:00:00 BC', '294276-12-31 23:59:59.999999', '2000-01-01', '1999-12-31 23:59:59.999999', '0001-01-01', '0001-12-31 23:59:59 BC']::timestamp[])
SELECT timestamp '0001-01-01' + random() * 1e6 * interval '1 day 1.000001 s' FROM generate_series(1, 40)
-- 1114 timestamp(3)
SELECT unnest(ARRAY['infinity', '2026-01-01 00:00:00.001']::timestamp(3)[])
-- 1184 timestamptz
SELECT unnest(ARRAY['infinity', '-infinity', '4713-11-24 00:00:00+00 BC', '294276-12-31 23:59:59.999999+00', '2000-01-01 00:00+00', '1890-01-01 12:00:00+00', '0001-12-31 23:59:59+15:59:59 BC']::timestamptz[])
SELECT timestamptz '0001-01-01 00:00+00' + random() * 1e6 * interval '1 day 1.000001 s' FROM generate_series(1, 40)
-- 1186 interval
SELECT unnest(ARRAY['0', '1 month', '30 days', '-1 day 23:59:59.999999', '1 mon -1 day 00:00:00.000001', '-178000000 years', '178000000 years -2147483648 days', '2147483647 days', '-2147483647 mons -2147483648 days']::interval[])
SELECT make_interval(months => (random() * 1e9)::int, days => -(random() * 1e9)::int, secs => random() * 1e6) FROM generate_series(1, 40)
-- 1186 interval year to month
SELECT unnest(ARRAY['1 year', '-3 years -2 mons']::interval year to month[])
-- 1186 interval second(0)
SELECT unnest(ARRAY['1 year 3 s', '-1 s']::interval second(0)[])
-- 1186 interval since 15
SELECT unnest('{2562047788:00:54.775806,-2562047788:00:54.775807}'::interval[])
-- 1186 interval since 17
SELECT unnest('{infinity,-infinity}'::interval[])
-- 1266 timetz
SELECT unnest('{00:00:00+00,24:00:00-15:59:59,24:00:00+15:59:59,12:34:56.789012+00:19:32,23:59:59.999999-03:30,00:00:00+15:59}'::timetz[])
-- 2950 uuid
SELECT unnest('{00000000-0000-0000-0000-000000000000,ffffffff-ffff-ffff-ffff-ffffffffffff}'::uuid[])
SELECT md5(random()::text)::uuid FROM generate_series(1, 20)
-- 3614 tsvector
SELECT unnest(ARRAY['', 'a', 'a:1', 'a:1A,2B,3C,4,16383A', 'b:1 a:2 ab:3', '''it''''s'':1 ''\\\\'':2 ''a b'':3', 'é:1A z']::tsvector[])
SELECT (repeat('x', 2046) || ':1A')::tsvector
SELECT (repeat('é', 1023) || ':16383')::tsvector
SELECT ('a:' || (SELECT string_agg(n::text, ',') FROM generate_series(1, 300) n))::tsvector
SELECT string_agg(md5(n::text) || ':' || n % 16383 + 1, ' ')::tsvector FROM generate_series(1, 3000) n
SELECT to_tsvector('english', string_agg(md5(random()::text), ' ')) FROM generate_series(1, 300)
-- 3615 tsquery as text
SELECT unnest(ARRAY['', 'a', '!a', '!!a', 'a:*', 'a:ABCD*', 'a <-> b', 'a <0> b', 'a <16384> b', '(a | b) & !(c <2> d)', '''it''''s'' & ''\\\\''', '(a <-> b) <-> (c:* | d:*)', 'é:A']::tsquery[])
SELECT repeat('x', 2046)::tsquery
SELECT (repeat('x', 2046) || ':*ABCD & b')::tsquery
SELECT string_agg('w' || n, ' & ')::tsquery FROM generate_series(1, 60) n
SELECT phraseto_tsquery('simple', string_agg(md5(random()::text), ' ')) FROM generate_series(1, 20)
-- 3904 int4range
SELECT unnest(ARRAY['empty', '(,)', '[1,)', '(,1)', '[1,2)', '[-2147483648,2147483647)', '[5,5]']::int4range[])
-- 3906 numrange
SELECT unnest(ARRAY['empty', '(,)', '[1.10,)', '(,NaN]', '[1.0,1.00]', '(-1e300,1e-300)', '[NaN,NaN]']::numrange[])
-- 3908 tsrange
SELECT unnest(ARRAY['empty', '(,)', '[infinity,infinity]', '[-infinity,infinity)', '(4713-11-24 00:00:00 BC,294276-12-31 23:59:59.999999]']::tsrange[])
-- 3910 tstzrange
SELECT unnest(ARRAY['empty', '(,)', '[infinity,infinity]', '[-infinity,infinity)', '(4713-11-24 00:00:00+00 BC,294276-12-31 23:59:59.999999+00]']::tstzrange[])
-- 3912 daterange
SELECT unnest(ARRAY['empty', '(,)', '[infinity,infinity]', '(-infinity,infinity)', '[-infinity,infinity]', '[4713-11-24 BC,5874897-12-31)', '[2000-01-01,2000-01-02)']::daterange[])
-- 3926 int8range
SELECT unnest(ARRAY['empty', '(,)', '[-9223372036854775808,9223372036854775807)', '[1,)']::int8range[])
-- 4451 int4multirange since 14
SELECT unnest(ARRAY['{}', '{(,)}', '{[1,2),[4,)}', '{(,-2147483648),[5,6)}']::int4multirange[])
-- 4532 nummultirange since 14
SELECT unnest(ARRAY['{}', '{(,)}', '{[1.10,1.20),(NaN,)}', '{[1.0,1.00]}', '{[Infinity,Infinity]}']::nummultirange[])
-- 4533 tsmultirange since 14
SELECT unnest(ARRAY['{}', '{(,)}', '{[-infinity,infinity]}', '{(4713-11-24 00:00:00 BC,294276-12-31 23:59:59.999999]}']::tsmultirange[])
-- 4534 tstzmultirange since 14
SELECT unnest(ARRAY['{}', '{(,)}', '{[-infinity,infinity]}', '{(4713-11-24 00:00:00+00 BC,294276-12-31 23:59:59.999999+00]}']::tstzmultirange[])
-- 4535 datemultirange since 14
SELECT unnest(ARRAY['{}', '{(,)}', '{[-infinity,infinity]}', '{[4713-11-24 BC,2000-01-01),[2000-01-03,)}']::datemultirange[])
-- 4536 int8multirange since 14
SELECT unnest(ARRAY['{}', '{(,)}', '{[-9223372036854775808,9223372036854775807)}']::int8multirange[])
SELECT range_agg(int8range(n * 10, n * 10 + 5)) FROM generate_series(1, 3000) n
-- 790 money as text
SELECT unnest('{-92233720368547758.08,92233720368547758.07,0,0.01,-0.50}'::money[])
-- 142 xml as text
SELECT unnest(ARRAY['<a/>', 'text only', '<?xml version="1.0" encoding="ISO-8859-1"?><a>x</a>', '<?xml version="1.0" standalone="yes"?><a/>', '<!-- c --><a b="&lt;&amp;"/>']::xml[])
-- 29 cid as text
SELECT unnest('{0,1,4294967295}'::cid[])
-- 2205 regclass as text
SELECT unnest('{pg_class,pg_type,-}'::regclass[])
-- 2206 regtype as text
SELECT unnest('{int4,text,"char",-}'::regtype[])
-- 4072 jsonpath as text
SELECT unnest(ARRAY['$', 'strict $."a"[*] ? (@.b > 1.5e300 && @ like_regex "^x" flag "i")', '$.**{2 to last}']::jsonpath[])
-- 2970 txid_snapshot as text
SELECT unnest(ARRAY['1:1:', '1:9223372036854775807:', '10:20:10,14,15']::txid_snapshot[])
-- 5038 pg_snapshot as text
SELECT unnest(ARRAY['1:1:', '1:9223372036854775807:', '10:20:10,14,15']::pg_snapshot[])
-- 1790 refcursor as text
SELECT unnest('{a,"x y"}'::refcursor[])
-- 30 oidvector as text
SELECT unnest(ARRAY['', '1 2 4294967295']::oidvector[])
-- 22 int2vector as text
SELECT unnest(ARRAY['', '1 -32768 32767']::int2vector[])
