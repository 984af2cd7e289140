using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>Which tables travel in COPY's binary format. docs/copy.md has the table of types, with the
/// reasons.</summary>
/// <remarks>Binary saves both servers the writing and the reading of text: numbers and times most, bytea half of its
/// bytes. It is taken where every server from PostgreSQL 12 on reads the very bytes that any other sends: where the
/// type's send function writes the value alone. Everything else goes as text, which is what a dump carries.</remarks>
internal static class BinaryTypes
{
    /// <summary>Below it numbers of types are written down in PostgreSQL's source, and never change.
    /// https://www.postgresql.org/docs/current/system-catalog-initial-data.html#SYSTEM-CATALOG-OID-ASSIGNMENT</summary>
    private const int AssignedBelow = 10_000;

    /// <summary>Decided by trying. test/Godwit.EndToEnd/Copy/binary-values.sql has extreme and random values of each
    /// type. They were sent alone, in arrays, composites and domains, between 13.23, 15.20, 16.14, 17.10 and 18.4 in
    /// each direction, and into 15.18 and 17.12. Compared were their text, the bytes that the target sends, and what
    /// COPY's text makes of the same values. BinaryAttackTests does it again, and a test keeps both lists the
    /// same.</summary>
    /// <remarks>Found: <c>tsquery</c> goes as text, because receivers older than the minors of November 2026 refuse an
    /// empty one. A <c>"char"</c> above 127 is right in binary only: older servers write it as a byte that is no UTF-8,
    /// or read another one out of the newer servers' text. So are the largest intervals: 13 refuses the text that it
    /// writes. <c>interval</c> from 17 on: see below. A <c>name</c> that becomes longer than 63 bytes in the target's
    /// encoding is refused in binary, and cut in text. As text by what they are: <c>money</c>, whose number means
    /// another amount where lc_monetary has other decimals; <c>regclass</c> and its like, sent as the number of an
    /// object, which each database gives out anew; <c>xml</c>, which is sent with another declaration than it has; what
    /// cannot be received; and <c>jsonpath</c> and snapshots, which are rare and gain nothing.</remarks>
    internal static readonly uint[] Safe =
    [
        16, 17, 18, 19, 20, 21, 23, 25, 26, // bool, bytea, "char", name, int8, int2, int4, text, oid
        27, 28, 5069, 3220, // tid, xid, xid8, pg_lsn
        114, 3802, // json, jsonb: both the text, for jsonb behind a version
        600, 601, 602, 603, 604, 628, 718, // point, lseg, path, box, polygon, line, circle
        700, 701, 1700, // float4, float8, numeric
        650, 869, 829, 774, // cidr, inet, macaddr, macaddr8
        1042, 1043, 1560, 1562, // char(n), varchar, bit, varbit
        1082, 1083, 1114, 1184, 1186, 1266, // date, time, timestamp, timestamptz, interval, timetz
        2950, 3614, // uuid, tsvector
        3904, 3906, 3908, 3910, 3912, 3926, 4451, 4532, 4533, 4534, 4535, 4536, // the built-in ranges and multiranges
    ];

    /// <summary>A domain is sent as what it is made of, an enum's value as its label. Arrays and composites send the
    /// number of their elements' types beside them, so that these must be PostgreSQL's own. An array is the one type
    /// that its elements name as theirs: others may be of its category, as int2vector and oidvector are, which can be
    /// sent with bounds that are not received.</summary>
    private const string Query = """
        WITH RECURSIVE part (relation, type, is_named) AS (
            SELECT a.attrelid, a.atttypid, false FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = ANY($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
          UNION
            SELECT p.relation, made.type, made.is_named FROM part p JOIN pg_catalog.pg_type t ON t.oid = p.type
            CROSS JOIN LATERAL (
                SELECT t.typbasetype, p.is_named WHERE t.typtype = 'd'
                UNION ALL SELECT element.oid, true FROM pg_catalog.pg_type element
                WHERE element.oid = t.typelem AND element.typarray = t.oid
                UNION ALL SELECT a.atttypid, true FROM pg_catalog.pg_attribute a
                          WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0
                              AND NOT a.attisdropped) made (type, is_named))
        SELECT p.relation FROM part p JOIN pg_catalog.pg_type t ON t.oid = p.type
        LEFT JOIN pg_catalog.pg_type element ON element.oid = t.typelem AND element.typarray = t.oid
        GROUP BY p.relation
        HAVING bool_and((NOT p.is_named OR t.oid < $3)
            AND (t.typtype IN ('d', 'e', 'c') OR element.oid IS NOT NULL OR t.oid = ANY($2)))
        """;

    /// <summary>Since this major an interval may be infinite: months, days and microseconds of the largest number each,
    /// or of the smallest. A server before takes these for what they say; their text it refuses. In the other direction
    /// nothing is gained by text: a newer server takes the largest interval of an older one for infinity in both.
    /// https://www.postgresql.org/docs/17/release-17.html</summary>
    private const int InfiniteIntervalsSinceMajor = 17;

    private const uint Interval = 1186;

    /// <param name="targetMajor">Of who reads them.</param>
    /// <returns>Those of the tables that may go in binary.</returns>
    public static async Task<IReadOnlySet<uint>> FindAsync(
        PostgresSession source, int targetMajor, uint[] tables, CancellationToken ct) =>
        (await source.RowsAsync(Query, row => row.GetFieldValue<uint>(0), ct, tables,
            SafeBetween(source.ServerMajor, targetMajor), AssignedBelow)).ToHashSet();

    private static uint[] SafeBetween(int source, int target) =>
        source >= InfiniteIntervalsSinceMajor && target < InfiniteIntervalsSinceMajor
            ? [.. Safe.Where(type => type != Interval)] : Safe;
}
