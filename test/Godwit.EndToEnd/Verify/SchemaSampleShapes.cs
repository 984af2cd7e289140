namespace Godwit.EndToEnd.Verify;

/// <summary>Statements and expressions of many shapes, each printed by servers in its own way.</summary>
internal static class SchemaSampleShapes
{
    public const string Views = """
        CREATE TABLE birds.a (id integer PRIMARY KEY, x integer, t text, v varchar(9), ts timestamptz, js jsonb,
            arr integer[], b boolean, c char(3), r int4range, p point, bits bit(4), "order" integer);
        CREATE TABLE birds.b (id integer PRIMARY KEY, x integer, t text, y integer);
        CREATE VIEW birds.s01 AS SELECT DISTINCT ON (x) x, t FROM birds.a ORDER BY x, t DESC NULLS LAST;
        CREATE VIEW birds.s02 AS SELECT x, t, sum(id), grouping(x, t) FROM birds.a
            GROUP BY GROUPING SETS ((x, t), (x), ()) ORDER BY 1;
        CREATE VIEW birds.s03 AS SELECT x, count(*) FROM birds.a GROUP BY CUBE (x, t), ROLLUP (v);
        CREATE VIEW birds.s04 AS SELECT id, sum(x) OVER w, lag(x, 2, 0) OVER (PARTITION BY t
            ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM birds.a WINDOW w AS (ORDER BY id);
        CREATE VIEW birds.s05 AS SELECT * FROM birds.a NATURAL JOIN birds.b;
        CREATE VIEW birds.s06 AS SELECT id, x, a.t, b.y FROM birds.a JOIN birds.b USING (id, x);
        CREATE VIEW birds.s07 AS SELECT a.id, l.t FROM birds.a
            CROSS JOIN LATERAL (SELECT b.t FROM birds.b WHERE b.id = a.id AND b.x BETWEEN a.x AND 5 LIMIT 3 OFFSET 1) l;
        CREATE VIEW birds.s08 AS SELECT f.*, a.id FROM birds.a, unnest(arr) WITH ORDINALITY AS f(e, o)
            WHERE e = ANY (arr) AND x NOT IN (1, 2) AND t NOT LIKE 'a%' AND v ILIKE '%b';
        CREATE VIEW birds.s09 AS VALUES (1, 'a'), (2, 'b');
        CREATE VIEW birds.s10 AS SELECT (SELECT max(y) FROM birds.b WHERE b.id = a.id) AS top, EXISTS (SELECT 1
            FROM birds.b) AS some, x IN (SELECT y FROM birds.b) AS isin, x > ALL (SELECT y FROM birds.b) AS above,
            ARRAY(SELECT y FROM birds.b ORDER BY y) AS ys, (id, x) = (1, 2) AS rows, ROW(id, x) IS NOT NULL AS r,
                (id, x) IN (SELECT id, x FROM birds.b) AS pairs FROM birds.a;
        CREATE VIEW birds.s11 AS SELECT x::numeric(5,2), t::varchar(3), v::text, '2020-01-01'::date,
            interval '1 day 2 hours' AS i1, interval '3' month AS i2, B'101' AS b1, X'1F' AS b2, E'a\\b\n' AS e1, 1.50
            AS n1, -5 AS n2, 2e10 AS n3, true AS yes, NULL::text AS nothing, ARRAY[]::integer[] AS none FROM birds.a;
        CREATE VIEW birds.s12 AS SELECT arr[1] AS a1, arr[2:3] AS a2, js -> 'a' ->> 'b' AS j1, js #>> '{a,b}' AS j2,
            js @> '{"a": 1}' AS j3, js @? '$.a[*]' AS j4, t COLLATE "C" AS tc, t || v AS tv, t ~ '^a' AS re,
            r && '[1,5)' AS rr, p <-> point '(1,2)' AS pp, bits & B'1010' AS bb FROM birds.a;
        CREATE VIEW birds.s13 AS SELECT CASE x WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'more' END AS c0, NULLIF(x, 0),
            GREATEST(x, 1, id), LEAST(x, id), COALESCE(t, v, 'z'), b IS TRUE AS b1, b IS NOT UNKNOWN AS b2, NOT b AS b3,
            x IS DISTINCT FROM 1 AS b4, t IS NULL AS b5 FROM birds.a;
        CREATE VIEW birds.s14 AS SELECT count(DISTINCT x), string_agg(t, ',' ORDER BY t DESC, x),
            percentile_cont(0.5) WITHIN GROUP (ORDER BY x), array_agg(x) FILTER (WHERE b AND x BETWEEN 1 AND 2),
            mode() WITHIN GROUP (ORDER BY t) FROM birds.a;
        CREATE VIEW birds.s15 AS SELECT x FROM birds.a WHERE x BETWEEN SYMMETRIC 5 AND 1 AND x NOT BETWEEN 7 AND 9
            AND (b OR x = 1 OR x BETWEEN 2 AND 3) AND NOT (t = 'a' AND v = 'b') ORDER BY x USING >;
        CREATE VIEW birds.s16 AS (SELECT x FROM birds.a EXCEPT SELECT y FROM birds.b)
            UNION (SELECT id FROM birds.a ORDER BY id LIMIT 1) ORDER BY x FETCH FIRST 3 ROWS WITH TIES;
        CREATE VIEW birds.s17 AS SELECT z.* FROM birds.a AS z(one, two) TABLESAMPLE SYSTEM (10) REPEATABLE (1);
        CREATE VIEW birds.s18 AS SELECT a1.id, a2.x FROM birds.a a1 LEFT JOIN (birds.a a2 JOIN birds.b ON b.id = a2.id)
            ON a1.id = a2.x FULL JOIN birds.b b2 ON b2.id = a1.id WHERE a1.v IN ('x', 'y');
        CREATE VIEW birds.s19 AS SELECT q.x + 1 AS x
            FROM (SELECT a.x FROM birds.a WHERE c IN ('abc', 'def') AND v = 'q') AS q WHERE q.x > 0;
        CREATE VIEW birds.s20 AS SELECT "order" AS nr, a.*
            FROM birds.a WHERE "order" = 1 AND date_trunc('day', ts) > now() - interval '7 days'
            AND ts AT TIME ZONE 'Europe/Berlin' < localtimestamp AND current_date > '2020-01-01';
        CREATE VIEW birds.s21 AS SELECT x.* FROM ROWS FROM (generate_series(1, 3), generate_series(5, 6)) AS x(a, b);
        CREATE VIEW birds.s22 AS SELECT * FROM json_to_record('{"a": 1}') AS x(a integer, b text);
        CREATE VIEW birds.s23 AS SELECT xmlelement(name foo, xmlattributes(t AS bar), v), xmlforest(x, t AS tt),
            xmlparse(CONTENT t), xmlconcat('<a/>', '<b/>'), xmlpi(name php), t::xml IS DOCUMENT FROM birds.a;
        CREATE VIEW birds.s24 AS WITH a1 AS (SELECT x FROM birds.a), b1 AS NOT MATERIALIZED (SELECT x FROM a1
            WHERE x > 1) SELECT a1.x FROM a1 JOIN b1 ON a1.x = b1.x WHERE a1.x IN (SELECT x FROM b1);
        CREATE VIEW birds.s25 AS SELECT ((id + x) * 2 - 5) / 3 % 2 AS n, id + (x - 1) AS m, -x AS neg, @ x AS abs,
            x ^ 2 AS sq, |/ x AS root, x << 1 AS two, ~x AS inv, x # 3 AS xo FROM birds.a;
        CREATE VIEW birds.s26 AS SELECT (r.w).width, (r.w)."Height" FROM (SELECT ROW(1, 2, 'x')::birds.size AS w) r;
        CREATE VIEW birds.s27 AS SELECT a FROM birds.a;
        CREATE VIEW birds.s28 AS SELECT a AS whole, a.id FROM birds.a WHERE a IS NOT NULL AND lower(a.t) = 'x';
        CREATE VIEW birds.s29 AS SELECT birds.a.x FROM birds.a GROUP BY x HAVING max(birds.a.id) > 1 ORDER BY birds.a.x;
        CREATE VIEW birds.s30 AS SELECT x AS t, t AS x FROM birds.a ORDER BY a.t, a.x;
        CREATE VIEW birds.s31 AS SELECT x AS id, count(*) FROM birds.a GROUP BY a.x, a.id ORDER BY a.id;
        CREATE TABLE birds.checks (v varchar(9) CHECK (v IN ('a', 'b') OR v IS NULL AND length(v) BETWEEN 1 AND 2),
            c char(2) DEFAULT 'x' CHECK (c NOT IN ('a', 'b')), n numeric CHECK (n IN (1, 2.5)),
            d date CHECK (d BETWEEN '2020-01-01' AND CURRENT_DATE),
            e birds.mood CHECK (e IN ('calm', 'angry')), k birds.code CHECK (k IN ('a', 'b')), ci public.citext CHECK
                (ci IN ('a', 'b')), m text CHECK (m ~* '^a' AND m NOT SIMILAR TO 'b%' AND (m, v) <> ('a', 'b')),
            i bigint CHECK (i IN (1, 2)) CHECK (i BETWEEN 1 AND 2 AND i BETWEEN 3 AND 4 OR i = 5),
                a text[] DEFAULT ARRAY['a', 'b'] CHECK (a <@ ARRAY['a', 'b']),
                s varchar(3)[] DEFAULT ARRAY['x']::varchar(3)[] CHECK (s && ARRAY['a'::varchar]),
            CHECK (v = ANY (ARRAY['q', 'r']) AND v <> ALL (ARRAY['s', 't'])));
        CREATE INDEX checks_where ON birds.checks (v, (lower(v) || 'x'))
            WHERE v IN ('a', 'b') AND n BETWEEN 1 AND 2 AND d IS NOT NULL;
        CREATE INDEX checks_expr ON birds.checks ((CASE WHEN v IN ('a', 'b') THEN 1 ELSE 2 END), (COALESCE(m, 'x')));
        CREATE MATERIALIZED VIEW birds.s40 AS SELECT t.v, count(*) FROM birds.checks t
            WHERE t.v IN ('a', 'b') GROUP BY t.v;
        """;
}
