using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>Chooses the tables that are copied in COPY's binary format. docs/copy.md has the table of types, with
/// reasons. Binary saves both servers the conversion to and from text: most for numbers and times; for bytea half the
/// bytes. It is used if every server from PostgreSQL 12 on reads the bytes of any other, because the type's send
/// function writes only the value. All else is sent as text, which is what a dump carries.</summary>
internal static class BinaryTypes
{
    // OIDs of types below this are fixed in PostgreSQL's source.
    // https://www.postgresql.org/docs/current/system-catalog-initial-data.html#SYSTEM-CATALOG-OID-ASSIGNMENT
    private const int AssignedBelow = 10_000;

    /// <summary>Found by tests. test/Godwit.EndToEnd/Copy/binary-values.sql has extreme and random values of each type.
    /// They were sent alone, in arrays, composites and domains, between 13.23, 15.20, 16.14, 17.10 and 18.4 in each
    /// direction, and into 15.18 and 17.12. Compared were their text, the bytes that the target sends, and the result
    /// of COPY's text format. BinaryAttackTests repeats that, and a test keeps both lists the same.</summary>
    /// <remarks>Results: <c>tsquery</c> is sent as text, because receivers older than the minors of November 2026
    /// refuse an empty one. A <c>"char"</c> above 127 is right only in binary: older servers write it as a byte that is
    /// not UTF-8, or misread the newer servers' text. So are the largest intervals: 13 refuses the text that it writes.
    /// For <c>interval</c> from 17 on see below. A <c>name</c> that exceeds 63 bytes in the target's encoding is
    /// refused in binary, and cut in text. Always text: <c>money</c>, whose number is another amount if lc_monetary has
    /// other decimals; <c>regclass</c> and similar types, sent as an OID, which differs between databases; <c>xml</c>,
    /// sent with another declaration than stored; types that cannot be received; <c>jsonpath</c> and snapshots, which
    /// are rare and gain nothing.</remarks>
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

    // A domain is sent as its base type, an enum value as its label. Arrays and composites also send the OIDs of their
    // element types, which must therefore be built in. A type counts as an array only if its element type names it:
    // int2vector and oidvector have the same category, but can be sent with bounds that are not received.
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

    // Since this version an interval can be infinite: months, days and microseconds are all at their largest or
    // smallest number. An older server takes these numbers literally, and refuses their text. In the other direction
    // text gains nothing: a newer server reads an older one's largest interval as infinity in both formats.
    // https://www.postgresql.org/docs/17/release-17.html
    private const int InfiniteIntervalsSinceMajor = 17;

    private const uint Interval = 1186;

    /// <param name="targetMajor">Major version of the reading server.</param>
    /// <returns>The tables that can be sent in binary.</returns>
    public static async Task<IReadOnlySet<uint>> FindAsync(
        PostgresSession source, int targetMajor, uint[] tables, CancellationToken ct) =>
        (await source.RowsAsync(Query, row => row.GetFieldValue<uint>(0), ct, tables,
            SafeBetween(source.ServerMajor, targetMajor), AssignedBelow)).ToHashSet();

    private static uint[] SafeBetween(int source, int target) =>
        source >= InfiniteIntervalsSinceMajor && target < InfiniteIntervalsSinceMajor
            ? [.. Safe.Where(type => type != Interval)] : Safe;
}
