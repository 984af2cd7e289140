namespace Godwit.EndToEnd.Verify;

/// <summary>A value to change in one row of its own table.</summary>
/// <param name="Type">The column's type.</param>
/// <param name="Before">An SQL expression.</param>
/// <param name="After">A value that a careless comparison takes for equal.</param>
/// <param name="SinceMajor">The first PostgreSQL that has the type.</param>
internal sealed record ValueMutation(string Title, string Type, string Before, string After, int SinceMajor = 12);

/// <summary>A table with rows to change.</summary>
/// <param name="Table">The name of the table that differs; it may be a partition or a child.</param>
internal sealed record TableMutation(
    string Title, string Table, string Make, string Change, long Missing, long Extra, long Changed,
    string[]? Columns = null);

/// <summary>Single differences of rows. Each is missed by some kind of comparison.</summary>
internal static class RowMutations
{
    /// <summary>Types for the mutations, besides PostgreSQL's own.</summary>
    public const string Types = """
        CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION ltree; CREATE EXTENSION cube;
        CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
        CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
        CREATE TYPE pair AS (n numeric, t text);
        CREATE TYPE nested AS (p pair, m mood, f float8);
        CREATE DOMAIN price AS numeric CHECK (VALUE >= 0);
        CREATE DOMAIN real_zero AS float8;
        CREATE DOMAIN dear AS price;
        CREATE DOMAIN code AS char(3);
        CREATE DOMAIN flags AS bit(4);
        CREATE TYPE floats AS RANGE (subtype = float8);
        CREATE TYPE moods AS RANGE (subtype = mood);
        """;

    /// <summary>Computed values have other bytes than the same values read from text, as in a copy. They do not
    /// differ.</summary>
    public const string Computed = """
        CREATE TABLE computed AS SELECT 1 AS id, 'Infinity'::float8 - 'Infinity'::float8 AS f,
            'Infinity'::float4 - 'Infinity'::float4 AS g,
            ARRAY['Infinity'::float8 - 'Infinity'::float8] AS fs,
                point('Infinity'::float8 - 'Infinity'::float8, 0) AS p,
            (ARRAY[1, NULL, 2])[1:1] AS cut, (ARRAY['a', NULL])[1:1] AS texts, cube(1::float8, 1::float8) AS c,
            ('b'::tsquery || 'a') && to_tsquery('simple', 'c & d') AS q, 'a b'::tsvector || 'a'::tsvector AS v,
                numeric '1.10' * 1.0 AS n, '{"b": 1, "a": 2}'::jsonb - 'b' AS j,
            interval '1 mon' * 1.5 AS i, hstore('a', '1') || hstore('b', NULL) AS h
        """;

    public static IReadOnlyList<ValueMutation> Values { get; } =
    [
        new("the scale of a number", "numeric", "1.0", "1.00"),
        new("a number's last digit", "numeric(40,20)", "12345678901234567890.00000000000000000001",
            "12345678901234567890.00000000000000000002"),
        new("no number", "numeric", "'NaN'", "0"),
        new("a zero's sign in 8 bytes", "float8", "0", "'-0'"),
        new("a zero's sign in 4 bytes", "float4", "0", "'-0'"),
        new("the last bit of 8 bytes", "float8", "0.3", "0.1::float8 + 0.2::float8"),
        new("the last bit of 4 bytes", "float4", "0.1", "'0.10000001'"),
        new("infinity's sign", "float8", "'Infinity'", "'-Infinity'"),
        new("a smallint", "int2", "1", "257"),
        new("an integer's highest bit", "int4", "0", "'-2147483648'"),
        new("a bigint whose halves changed places", "int8", "1", "4294967296"),
        new("a bigint that was unsigned", "int8", "-1", "4294967295"),
        new("a bigint's highest bit", "int8", "0", "'-9223372036854775808'"),
        new("a truth", "bool", "true", "false"),
        new("money", "money", "'1.00'", "'1.01'"),
        new("an oid", "oid", "1", "2"),
        new("a name", "name", "'a'", "'b'"),
        new("one byte as a character", "\"char\"", "'a'", "'b'"),
        new("a month is 30 days", "interval", "'1 mon'", "'30 days'"),
        new("a day is 24 hours", "interval", "'1 day'", "'24:00'"),
        new("a microsecond", "timestamptz", "'2024-02-29 12:00:00Z'", "'2024-02-29 12:00:00.000001Z'"),
        new("a moment whose halves changed places", "timestamptz", "'2000-01-01 00:00:00.000001Z'",
            "'2000-01-01 01:11:34.967296Z'"),
        new("a moment without a zone", "timestamp", "'2000-01-01 00:00:00.000001'", "'2000-01-01 01:11:34.967296'"),
        new("a summer hour", "timestamptz", "'2024-10-27 00:30Z'", "'2024-10-27 01:30Z'"),
        new("the end of time", "timestamptz", "'infinity'", "'-infinity'"),
        new("a day", "date", "'2024-02-29'", "'2024-03-01'"),
        new("midnight", "time", "'00:00'", "'24:00'"),
        new("a time whose halves changed places", "time", "'00:00:00.000001'", "'01:11:34.967296'"),
        new("the same moment in another zone", "timetz", "'12:00+00'", "'13:00+01'"),
        new("case", "text", "'Godwit'", "'godwit'"),
        new("nothing and empty", "text", "''", "NULL"),
        new("the word null", "text", "NULL", "'NULL'"),
        new("a space at the end", "text", "'a'", "'a '"),
        new("one letter of a long text", "text", "repeat('godwit', 50000)", "repeat('godwit', 49999) || 'godwiT'"),
        new("an accent in two characters", "text", "U&'\\00e9'", "U&'e\\0301'"),
        new("a line's end", "text", "E'a\\n'", "E'a\\r\\n'"),
        new("varchar", "varchar(20)", "'a'", "'a '"),
        new("spaces of bpchar", "bpchar", "'a'", "'a '"),
        new("a char of fixed length", "char(3)", "'a'", "'b'"),
        new("a collation that takes case for nothing", "text COLLATE loose", "'Éa'", "'ea'"),
        new("citext", "citext", "'Godwit'", "'godwit'"),
        new("one bit of bytes", "bytea", "'\\x00ff'", "'\\x01ff'"),
        new("the last of a million bytes", "bytea", "decode(repeat('c0ffee', 333333), 'hex')",
            "decode(repeat('c0ffee', 333332) || 'c0ffef', 'hex')"),
        new("a leading zero byte", "bytea", "'\\x00'", "'\\x'"),
        new("a uuid", "uuid", "'00000000-0000-0000-0000-000000000001'", "'00000000-0000-0000-0000-000000000002'"),
        new("bits", "bit(4)", "B'1010'", "B'1011'"),
        new("how many bits", "varbit", "B'10'", "B'100'"),
        new("an address's net", "inet", "'10.0.0.1/24'", "'10.0.0.1/25'"),
        new("a net", "cidr", "'10.0.0.0/24'", "'10.0.0.0/25'"),
        new("an address of hardware", "macaddr", "'08:00:2b:01:02:03'", "'08:00:2b:01:02:04'"),
        new("one of 8 bytes", "macaddr8", "'08:00:2b:01:02:03:04:05'", "'08:00:2b:01:02:03:04:06'"),
        new("the scale of a number in jsonb", "jsonb", "'{\"a\": 1.0}'", "'{\"a\": 1.00}'"),
        new("null and missing in jsonb", "jsonb", "'{\"a\": null}'", "'{}'"),
        new("a number and its text in jsonb", "jsonb", "'1'", "'\"1\"'"),
        new("an empty array in jsonb", "jsonb", "'[]'", "'{}'"),
        new("a space in json", "json", "'{\"a\":1}'", "'{\"a\": 1}'"),
        new("the order of json", "json", "'{\"a\":1,\"b\":2}'", "'{\"b\":2,\"a\":1}'"),
        new("a space in xml", "xml", "'<a/>'", "'<a />'"),
        new("a path of json", "jsonpath", "'$.a'", "'$.b'"),
        new("a label", "mood", "'ok'", "'happy'"),
        new("labels", "mood[]", "'{ok}'", "'{sad}'"),
        new("where an array begins", "int[]", "'{1,2}'", "'[0:1]={1,2}'"),
        new("how an array is folded", "int[]", "'{1,2,3,4}'", "'{{1,2},{3,4}}'"),
        new("the word null in an array", "text[]", "ARRAY[NULL]::text[]", "ARRAY['NULL']"),
        new("an empty array", "int[]", "'{}'", "NULL"),
        new("the scale of a number in an array", "numeric[]", "'{1.0}'", "'{1.00}'"),
        new("a zero's sign in an array", "float8[]", "'{0}'", "'{-0}'"),
        new("bigints in an array", "int8[]", "'{1}'", "'{4294967296}'"),
        new("case in an array of citext", "citext[]", "'{A}'", "'{a}'"),
        new("the scale of a number in a composite", "pair", "ROW(1.0, 'a')", "ROW(1.00, 'a')"),
        new("empty in a composite", "pair", "ROW(1, NULL)", "ROW(1, '')"),
        new("nothing and a row of nothing", "pair", "NULL", "ROW(NULL, NULL)"),
        new("a zero's sign deep in a composite", "nested", "ROW(ROW(1, 'a')::pair, 'ok', 0)",
            "ROW(ROW(1, 'a')::pair, 'ok', '-0')"),
        new("an array of composites", "pair[]", "ARRAY[ROW(1.0, 'a')::pair]", "ARRAY[ROW(1.00, 'a')::pair]"),
        new("the scale of a domain", "price", "1.0", "1.00"),
        new("a domain of a domain", "dear", "1.0", "1.00"),
        new("a zero's sign in a domain", "real_zero", "0", "'-0'"),
        new("the end of a domain of fixed length", "code", "'abc'", "'abd'"),
        new("the last bit of a domain", "flags", "B'1010'", "B'1011'"),
        new("an array of a domain", "price[]", "'{1.0}'", "'{1.00}'"),
        new("the scale of a range's end", "numrange", "'[1.0,2)'", "'[1.00,2)'"),
        new("which end belongs to it", "numrange", "'[1,2)'", "'[1,2]'"),
        new("an empty range", "int4range", "'empty'", "NULL"),
        new("a range of moments", "tstzrange", "'[2024-01-01 00:00Z,2024-01-02 00:00Z)'",
            "'[2024-01-01 00:00Z,2024-01-02 00:00:00.000001Z)'"),
        new("a range of one's own", "floats", "'[0,1)'", "'[-0,1)'"),
        new("a range of labels", "moods", "'[sad,ok]'", "'[sad,happy]'"),
        new("a range of many", "nummultirange", "'{[1.0,2)}'", "'{[1.00,2)}'", SinceMajor: 14),
        new("a point", "point", "'(0,0)'", "'(-0,0)'"),
        new("a box", "box", "'(1,1),(0,0)'", "'(1,1.0000000000000002),(0,0)'"),
        new("a circle", "circle", "'<(0,0),1>'", "'<(0,0),1.0000000000000002>'"),
        new("a path that is closed", "path", "'[(0,0),(1,1)]'", "'((0,0),(1,1))'"),
        new("a polygon", "polygon", "'((0,0),(1,1),(1,0))'", "'((0,0),(1,0),(1,1))'"),
        new("a line", "line", "'{1,2,3}'", "'{2,4,6}'"),
        new("a segment's direction", "lseg", "'[(0,0),(1,1)]'", "'[(1,1),(0,0)]'"),
        new("a word's weight", "tsvector", "'a:1'", "'a:1A'"),
        new("a query's prefix", "tsquery", "'a'", "'a:*'"),
        new("a key of hstore", "hstore", "'a=>1'", "'a=>NULL'"),
        new("a label tree", "ltree", "'a.b'", "'a.B'"),
        new("a cube", "cube", "'(1,2)'", "'(1,2.0000000000000004)'"),
        new("a place in the log", "pg_lsn", "'0/1'", "'1/0'"),
        new("a table's name", "regclass", "'pg_class'", "'pg_type'"),
        new("a place of a row", "tid", "'(0,1)'", "'(0,2)'"),
    ];

    public static IReadOnlyList<TableMutation> Tables { get; } =
    [
        new("a row less", "t_less",
            "CREATE TABLE t_less (id int PRIMARY KEY, v text); INSERT INTO t_less SELECT n, n "
            + "FROM generate_series(1, 1000) n",
            "DELETE FROM t_less WHERE id = 500", 1, 0, 0),
        new("a row more", "t_more",
            "CREATE TABLE t_more (id int PRIMARY KEY, v text); INSERT INTO t_more SELECT n, n "
            + "FROM generate_series(1, 1000) n",
            "INSERT INTO t_more VALUES (1001, 'x')", 0, 1, 0),
        new("a row in the place of another", "t_other",
            "CREATE TABLE t_other (id int PRIMARY KEY); INSERT INTO t_other SELECT generate_series(1, 1000)",
            "UPDATE t_other SET id = 1001 WHERE id = 1000", 1, 1, 0),
        new("a row twice, without a key", "t_twice",
            "CREATE TABLE t_twice (v text); INSERT INTO t_twice SELECT n % 10 FROM generate_series(1, 100) n",
            "INSERT INTO t_twice VALUES ('5')", 0, 1, 0),
        new("a row once less, without a key", "t_once",
            "CREATE TABLE t_once (v text); INSERT INTO t_once SELECT 'same' FROM generate_series(1, 100) n",
            "DELETE FROM t_once WHERE ctid = '(0,7)'", 1, 0, 0),
        new("one of many alike changed, without a key", "t_alike",
            "CREATE TABLE t_alike (v float8); INSERT INTO t_alike SELECT 0 FROM generate_series(1, 100) n",
            "UPDATE t_alike SET v = '-0' WHERE ctid = '(0,9)'", 1, 1, 0),
        new("two columns of a row swapped", "t_swap",
            "CREATE TABLE t_swap (id int PRIMARY KEY, a int, b int); INSERT INTO t_swap SELECT n, 1, 2 "
            + "FROM generate_series(1, 10) n",
            "UPDATE t_swap SET a = b, b = a WHERE id = 3", 0, 0, 1, ["a", "b"]),
        new("a value of two rows swapped", "t_across",
            "CREATE TABLE t_across (id int PRIMARY KEY, v int); INSERT INTO t_across SELECT n, n "
            + "FROM generate_series(1, 1000) n",
            "UPDATE t_across SET v = CASE v WHEN 10 THEN 20 ELSE 10 END WHERE id IN (10, 20)", 0, 0, 2, ["v"]),
        new("values of two rows swapped, without a key", "t_loose_across",
            "CREATE TABLE t_loose_across (a int, b text); INSERT INTO t_loose_across SELECT n, n "
            + "FROM generate_series(1, 1000) n",
            "UPDATE t_loose_across SET b = CASE b WHEN '10' THEN '20' ELSE '10' END WHERE a IN (10, 20)", 2, 2, 0),
        new("a bigint more here and less there", "t_sum",
            "CREATE TABLE t_sum (id int PRIMARY KEY, v int8); INSERT INTO t_sum SELECT n, n "
            + "FROM generate_series(1, 1000) n",
            "UPDATE t_sum SET v = v + CASE id WHEN 10 THEN 1 ELSE -1 END WHERE id IN (10, 20)", 0, 0, 2, ["v"]),
        new("a row that moved to another partition", "t_part_2", """
            CREATE TABLE t_part (id int, p int, PRIMARY KEY (id, p)) PARTITION BY LIST (p);
            CREATE TABLE t_part_1 PARTITION OF t_part FOR VALUES IN (1);
            CREATE TABLE t_part_2 PARTITION OF t_part FOR VALUES IN (2);
            INSERT INTO t_part SELECT n, 1 + n % 2 FROM generate_series(1, 100) n
            """, "UPDATE t_part SET p = 2 WHERE id = 50", 0, 1, 0),
        new("a row of a child that moved to its parent", "t_parent", """
            CREATE TABLE t_parent (id int PRIMARY KEY, v text);
            CREATE TABLE t_child (PRIMARY KEY (id)) INHERITS (t_parent);
            INSERT INTO t_child SELECT n, 'x' FROM generate_series(1, 10) n
            """, "WITH gone AS (DELETE FROM t_child WHERE id = 5 RETURNING *) INSERT INTO t_parent SELECT * FROM gone",
            0, 1, 0),
        new("all rows", "t_all",
            "CREATE TABLE t_all (id int PRIMARY KEY, v text); INSERT INTO t_all SELECT n, n "
            + "FROM generate_series(1, 5000) n",
            "UPDATE t_all SET v = v || ' '", 0, 0, 5000, ["v"]),
        new("no row is left", "t_none",
            "CREATE TABLE t_none (id int PRIMARY KEY, v text); INSERT INTO t_none SELECT n, n "
            + "FROM generate_series(1, 100) n",
            "TRUNCATE t_none", 100, 0, 0),
        new("a key of two columns", "t_two",
            "CREATE TABLE t_two (a text, b numeric, v text, PRIMARY KEY (a, b)); "
            + "INSERT INTO t_two SELECT 'k' || n % 3, n, n FROM generate_series(1, 100) n",
            "UPDATE t_two SET v = 'x' WHERE b = 33", 0, 0, 1, ["v"]),
        new("a key that is no primary key", "t_unique",
            "CREATE TABLE t_unique (a int NOT NULL UNIQUE, v text); INSERT INTO t_unique SELECT n, n "
            + "FROM generate_series(1, 100) n",
            "UPDATE t_unique SET v = 'x' WHERE a = 33", 0, 0, 1, ["v"]),
        new("a unique column that may be null is no key", "t_nullable",
            "CREATE TABLE t_nullable (a int UNIQUE, v text); INSERT INTO t_nullable SELECT NULL, n "
            + "FROM generate_series(1, 100) n",
            "UPDATE t_nullable SET v = 'x' WHERE v = '33'", 1, 1, 0),
        new("the scale of a key", "t_scale",
            "CREATE TABLE t_scale (id numeric PRIMARY KEY); INSERT INTO t_scale SELECT n FROM generate_series(1, 10) n",
            "UPDATE t_scale SET id = 5.0 WHERE id = 5", 1, 1, 0),
        new("a column that is generated", "t_made",
            "CREATE TABLE t_made (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) STORED); "
            + "INSERT INTO t_made SELECT n, n FROM generate_series(1, 10) n",
            "UPDATE t_made SET a = 0 WHERE id = 5", 0, 0, 1, ["a", "b"]),
        new("a row without columns", "t_bare", "CREATE TABLE t_bare (); INSERT INTO t_bare DEFAULT VALUES",
            "INSERT INTO t_bare DEFAULT VALUES", 0, 1, 0),
        new("a view that was not refreshed again", "t_view",
            "CREATE TABLE t_viewed (id int PRIMARY KEY); INSERT INTO t_viewed VALUES (1); "
            + "CREATE MATERIALIZED VIEW t_view AS SELECT * FROM t_viewed",
            "ALTER MATERIALIZED VIEW t_view RENAME TO t_view_old; CREATE MATERIALIZED VIEW t_view AS SELECT id + 1 "
            + "AS id FROM t_viewed; DROP MATERIALIZED VIEW t_view_old", 1, 1, 0),
        new("an odd name", "\"Odd \"\"table\"\" ♥; drop\"",
            "CREATE TABLE \"Odd \"\"table\"\" ♥; drop\" (\"id \\ '\" int PRIMARY KEY, \"v;\" text); "
            + "INSERT INTO \"Odd \"\"table\"\" ♥; drop\" VALUES (1, 'a'), (2, 'b')",
            "UPDATE \"Odd \"\"table\"\" ♥; drop\" SET \"v;\" = 'c' WHERE \"id \\ '\" = 2", 0, 0, 1, ["v;"]),
    ];

    /// <summary>Tables that are read in several parts, or have too many rows to compare at once.</summary>
    public static IReadOnlyList<TableMutation> LargeTables { get; } =
    [
        new("one of many rows without a key", "t_many",
            "CREATE TABLE t_many (a int, b int); INSERT INTO t_many SELECT n, n % 7 FROM generate_series(1, 600000) n",
            "UPDATE t_many SET b = -1 WHERE a IN (3, 400000)", 2, 2, 0),
        new("rows of a table that lies in another order there", "t_order", """
            CREATE TABLE t_order (id uuid PRIMARY KEY, v text);
            INSERT INTO t_order SELECT md5(n::text)::uuid, repeat(md5(n::text), 9) FROM generate_series(1, 100000) n
            """,
            "CREATE TABLE t_sorted AS SELECT * FROM t_order ORDER BY id; TRUNCATE t_order; INSERT INTO t_order "
            + "SELECT * FROM t_sorted; DROP TABLE t_sorted; DELETE FROM t_order WHERE id = md5('77')::uuid", 1, 0, 0),
        new("one row of a large table", "t_large",
            "CREATE TABLE t_large (id int PRIMARY KEY, v text); INSERT INTO t_large SELECT n, repeat(md5(n::text), 8) "
            + "FROM generate_series(1, 200000) n",
            "UPDATE t_large SET v = v || 'x' WHERE id = 123456", 0, 0, 1, ["v"]),
    ];
}
