using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>Which tables travel in COPY's binary format. docs/copy.md has the table of types, with the reasons.</summary>
/// <remarks>Binary saves both servers the writing and the reading of text: numbers and times most, bytea half of its bytes. It is taken where every server from
/// PostgreSQL 12 on reads the very bytes that any other sends: where the type's send function writes the value alone. Everything else goes as text,
/// which is what a dump carries.</remarks>
internal static class BinaryTypes
{
    /// <summary>Below it numbers of types are written down in PostgreSQL's source, and never change.
    /// https://www.postgresql.org/docs/current/system-catalog-initial-data.html#SYSTEM-CATALOG-OID-ASSIGNMENT</summary>
    private const int AssignedBelow = 10_000;

    /// <summary>Not among them: <c>money</c>, whose number means another amount where lc_monetary has other decimals; <c>regclass</c> and its like, sent
    /// as the number of an object, which each database gives out anew; <c>xml</c>, which is sent with another declaration than it has; what cannot be
    /// received; and <c>jsonpath</c> and snapshots, which are rare and gain nothing.</summary>
    private static readonly uint[] Safe =
    [
        16, 17, 18, 19, 20, 21, 23, 25, 26, // bool, bytea, "char", name, int8, int2, int4, text, oid
        27, 28, 5069, 3220, // tid, xid, xid8, pg_lsn
        114, 3802, // json, jsonb: both the text, for jsonb behind a version
        600, 601, 602, 603, 604, 628, 718, // point, lseg, path, box, polygon, line, circle
        700, 701, 1700, // float4, float8, numeric
        650, 869, 829, 774, // cidr, inet, macaddr, macaddr8
        1042, 1043, 1560, 1562, // char(n), varchar, bit, varbit
        1082, 1083, 1114, 1184, 1186, 1266, // date, time, timestamp, timestamptz, interval, timetz
        2950, 3614, 3615, // uuid, tsvector, tsquery
        3904, 3906, 3908, 3910, 3912, 3926, 4451, 4532, 4533, 4534, 4535, 4536, // the built-in ranges and multiranges
    ];

    /// <summary>A domain is sent as what it is made of, an enum's value as its label. Arrays and composites send the number of their elements' types beside
    /// them, so that these must be PostgreSQL's own. An int2vector or oidvector (22, 30) with other bounds than usual can be sent, and is not received.</summary>
    private const string Query = """
        WITH RECURSIVE part (relation, type, is_named) AS (
            SELECT a.attrelid, a.atttypid, false FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = ANY($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
          UNION
            SELECT p.relation, made.type, made.is_named FROM part p JOIN pg_catalog.pg_type t ON t.oid = p.type
            CROSS JOIN LATERAL (
                SELECT t.typbasetype, p.is_named WHERE t.typtype = 'd'
                UNION ALL SELECT t.typelem, true WHERE t.typcategory = 'A' AND t.typtype = 'b'
                UNION ALL SELECT a.atttypid, true FROM pg_catalog.pg_attribute a
                          WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) made (type, is_named))
        SELECT p.relation FROM part p JOIN pg_catalog.pg_type t ON t.oid = p.type
        GROUP BY p.relation
        HAVING bool_and((NOT p.is_named OR t.oid < $3) AND (t.typtype IN ('d', 'e', 'c') OR (t.typcategory = 'A' AND t.oid NOT IN (22, 30)) OR t.oid = ANY($2)))
        """;

    /// <summary>Since this major an interval may be infinite: months, days and microseconds of the largest number each. A server before takes these for what they say.
    /// https://www.postgresql.org/docs/17/release-17.html</summary>
    private const int InfiniteIntervalsSinceMajor = 17;

    private const uint Interval = 1186;

    /// <param name="targetMajor">Of who reads them.</param>
    /// <returns>Those of the tables that may go in binary.</returns>
    public static async Task<IReadOnlySet<uint>> FindAsync(PostgresSession source, int targetMajor, uint[] tables, CancellationToken ct) =>
        (await source.RowsAsync(Query, row => row.GetFieldValue<uint>(0), ct, tables, SafeBetween(source.ServerMajor, targetMajor), AssignedBelow)).ToHashSet();

    private static uint[] SafeBetween(int source, int target) =>
        source >= InfiniteIntervalsSinceMajor && target < InfiniteIntervalsSinceMajor ? [.. Safe.Where(type => type != Interval)] : Safe;
}
