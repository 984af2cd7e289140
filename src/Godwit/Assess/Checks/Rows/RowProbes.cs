using System.Data.Common;
using System.Globalization;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Rows;

/// <summary>One per foreign key, unique index and sequence.</summary>
internal static class RowProbes
{
    /// <summary>Larger tables are sampled unless all is to be read.</summary>
    public const long SampleFromBytes = 16_000_000;

    // Approximate.
    private const double SampleBytes = 4_000_000;

    // First major with NULLS NOT DISTINCT. PeriodsSince: with NOT ENFORCED and temporal keys.
    private const int NullsSince = 15;

    private const int PeriodsSince = 18;

    // First major in which the foreign key of a partitioned table can be NOT VALID.
    private const int PartitionedSince = 18;

    /// <summary>Rows are matched as in the server's own validation: with the constraint's operators, and ONLY if there
    /// are no partitions. Constraints of partitions belong to their table. Keys that are not enforced or not compared
    /// for equality are left out.</summary>
    /// <remarks>RI_Initial_Check in PostgreSQL's <c>ri_triggers.c</c>.</remarks>
    private static string ForeignKeys(int major) => $"""
        WITH keys AS MATERIALIZED (
            SELECT k.oid, k.conname, k.confmatchtype, k.conkey, k.confkey, k.conpfeqop, n.nspname, c.oid AS child,
                   c.relname, c.relkind, pn.nspname AS pnspname, p.oid AS parent,
                   p.relname AS prelname, p.relkind AS prelkind,
                   CASE c.relkind WHEN 'p' THEN {PartitionBytes("c")}
                                  ELSE pg_catalog.pg_relation_size(c.oid) END AS bytes,
                   CASE p.relkind WHEN 'p' THEN {PartitionBytes("p")}
                                  ELSE pg_catalog.pg_relation_size(p.oid) END AS pbytes,
                   pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_schema_privilege(pn.oid, 'USAGE')
                       AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
                       AND pg_catalog.has_table_privilege(p.oid, 'SELECT') AS readable
            FROM pg_catalog.pg_constraint k
                 JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                 JOIN pg_catalog.pg_class p ON p.oid = k.confrelid
                 JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
            WHERE k.contype = 'f' AND k.convalidated AND k.conparentid = 0
                AND {Wording.IsOwn}{(major >= PeriodsSince ? " AND k.conenforced AND NOT k.conperiod" : "")})
        SELECT pg_catalog.format('%I.%I (%I)', k.nspname, k.relname, k.conname), k.bytes, k.readable,
               pg_catalog.format('%s%I.%I', CASE k.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END, k.nspname, k.relname),
               pg_catalog.format('%s%I.%I', CASE k.prelkind WHEN 'r' THEN 'ONLY ' ELSE '' END, k.pnspname, k.prelname),
               pg_catalog.string_agg(pg_catalog.format('fk.%I IS NOT NULL', fa.attname),
                   CASE k.confmatchtype WHEN 'f' THEN ' OR ' ELSE ' AND ' END ORDER BY u.place),
               pg_catalog.string_agg(pg_catalog.format('pk.%I OPERATOR(%I.%s) fk.%I%s', pa.attname, opn.nspname,
                   o.oprname, fa.attname,
                   CASE WHEN pa.attcollation <> fa.attcollation AND pa.attcollation <> 0
                        THEN (SELECT pg_catalog.format(' COLLATE %I.%I', ln.nspname, l.collname)
                              FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace
                              WHERE l.oid = pa.attcollation)
                        ELSE '' END), ' AND ' ORDER BY u.place),
               k.oid, coalesce(k.pbytes, 0)
        FROM keys k,
             ROWS FROM (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey), pg_catalog.unnest(k.conpfeqop))
                 WITH ORDINALITY AS u(f, p, op, place)
             JOIN pg_catalog.pg_operator o ON o.oid = u.op JOIN pg_catalog.pg_namespace opn ON opn.oid = o.oprnamespace,
             pg_catalog.pg_attribute fa, pg_catalog.pg_attribute pa
        WHERE k.bytes > 0 AND fa.attrelid = k.child AND fa.attnum = u.f AND pa.attrelid = k.parent AND pa.attnum = u.p
        GROUP BY k.oid, k.conname, k.confmatchtype, k.nspname, k.relname, k.relkind, k.pnspname, k.prelname, k.prelkind,
            k.bytes, k.pbytes, k.readable
        UNION ALL
        SELECT pg_catalog.format('%I.%I (%I)', k.nspname, k.relname, k.conname), 0, true, NULL, NULL, NULL, NULL, k.oid,
               0 FROM keys k WHERE coalesce(k.bytes, 0) = 0
        ORDER BY 1
        """;

    // Sizes from the catalog: pg_partition_tree locks every partition. Without statistics a partition counts as one
    // page, because it may have rows.
    private static string PartitionBytes(string table) => $"""
        (WITH RECURSIVE tree(oid) AS (
             SELECT h.inhrelid FROM pg_catalog.pg_inherits h WHERE h.inhparent = {table}.oid
             UNION ALL SELECT h.inhrelid FROM pg_catalog.pg_inherits h JOIN tree t ON t.oid = h.inhparent)
         SELECT pg_catalog.sum(greatest(l.relpages,
             1)::bigint * pg_catalog.current_setting('block_size')::bigint)::bigint
         FROM tree t JOIN pg_catalog.pg_class l ON l.oid = t.oid WHERE l.relkind <> 'p')
        """;

    // In a comment a definition must be one line: a line break in a name would end the comment.
    private static string NotProven(int major) => $"""
        SELECT CASE WHEN c.relkind = 'p' AND {(major < PartitionedSince ? "true" : "false")}
                    THEN pg_catalog.format(E'-- The key of a partitioned table cannot be unproven before PostgreSQL '
                             '{PartitionedSince}. Drop it, correct the rows at the target, and add it again there: '
                             '%s\n%s',
                             pg_catalog.translate(pg_catalog.format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname,
                                 c.relname, k.conname, pg_catalog.pg_get_constraintdef(k.oid)), E'\r\n', '  '),
                             pg_catalog.format('ALTER TABLE %I.%I DROP CONSTRAINT %I', n.nspname, c.relname, k.conname))
                    ELSE pg_catalog.format('ALTER TABLE %I.%I DROP CONSTRAINT %I, ADD CONSTRAINT %I %s NOT VALID',
                        n.nspname, c.relname, k.conname, k.conname,
                             pg_catalog.pg_get_constraintdef(k.oid)) END
        FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE k.oid = ANY ($1) ORDER BY pg_catalog.array_position($1, k.oid)
        """;

    // Every index with entries, which excludes those of partitioned tables. Values are compared as in the index: with
    // its collation and its operator class's type, or the column's for pseudo-types (arrays, enums).
    private static string Uniques(int major) => $"""
        WITH indexes AS MATERIALIZED (
            SELECT x.*, n.nspname, c.relname, i.relname AS irelname, pg_catalog.pg_relation_size(c.oid) AS bytes,
                   {(major >= NullsSince ? "x.indnullsnotdistinct" : "false")} AS nulls_alike,
                   pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                       AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AS readable
            FROM pg_catalog.pg_index x
                 JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                 JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_am m ON m.oid = i.relam
            WHERE x.indisunique AND x.indisvalid AND x.indisready AND c.relkind IN ('r', 'm') AND m.amname = 'btree'
                AND c.relispopulated AND {Wording.IsOwn})
        SELECT pg_catalog.format('%I.%I (%I)', x.nspname, x.relname, x.irelname), x.bytes, x.readable,
               pg_catalog.format('%I.%I', x.nspname, x.relname),
               k.named, k.names, pg_catalog.pg_get_expr(x.indpred, x.indrelid), x.nulls_alike,
               pg_catalog.format('REINDEX INDEX CONCURRENTLY %I.%I', x.nspname, x.irelname)
        FROM indexes x,
             LATERAL (SELECT pg_catalog.string_agg(pg_catalog.format('(%s)%s%s AS k%s',
                                 CASE WHEN a.attname IS NULL THEN pg_catalog.pg_get_indexdef(x.indexrelid, g, false)
                                     ELSE pg_catalog.quote_ident(a.attname) END,
                                 CASE WHEN t.typtype <> 'p' AND t.oid <> coalesce(a.atttypid, ia.atttypid)
                                     THEN pg_catalog.format('::%I.%I', tn.nspname, t.typname) END,
                                 (SELECT pg_catalog.format(' COLLATE %I.%I', ln.nspname, l.collname)
                                     FROM pg_catalog.pg_collation l
                                  JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace
                                      WHERE l.oid = x.indcollation[g - 1]), g), ', ' ORDER BY g),
                             pg_catalog.string_agg('k' || g, ', ' ORDER BY g)
                      FROM pg_catalog.generate_series(1, x.indnkeyatts::integer) g
                           JOIN pg_catalog.pg_attribute ia ON ia.attrelid = x.indexrelid AND ia.attnum = g
                           JOIN pg_catalog.pg_opclass o ON o.oid = x.indclass[g - 1]
                           JOIN pg_catalog.pg_type t ON t.oid = o.opcintype
                           JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
                           LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[g - 1]
                               AND a.attnum <> 0) AS k(named, names)
        WHERE x.bytes > 0
        UNION ALL
        SELECT pg_catalog.format('%I.%I (%I)', x.nspname, x.relname, x.irelname), 0, true, NULL, NULL, NULL, NULL,
               false, NULL FROM indexes x WHERE x.bytes = 0
        ORDER BY 1
        """;

    // One statement reads both values. Its snapshot is older than the sequence's value, so a concurrent insert does not
    // count as an error. Only with a unique index, which makes the next value fail and finds the maximum quickly.
    // Reading a table's size waits for locks, so only tables with a sequence are asked.
    private const string Sequences = $"""
        SELECT pg_catalog.format('%I.%I.%I', n.nspname, c.relname, a.attname),
               pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.quote_ident(a.attname),
               pg_catalog.format('%I.%I', qn.nspname, q.relname),
               pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
                   AND pg_catalog.has_sequence_privilege(s.seqrelid, 'SELECT,USAGE')
        FROM pg_catalog.pg_sequence s
             JOIN pg_catalog.pg_class q ON q.oid = s.seqrelid JOIN pg_catalog.pg_namespace qn ON qn.oid = q.relnamespace
             JOIN pg_catalog.pg_depend o ON o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                 AND o.objid = s.seqrelid AND o.refobjsubid > 0
                  AND o.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.deptype IN ('a', 'i')
             JOIN pg_catalog.pg_class c ON c.oid = o.refobjid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = o.refobjsubid
        WHERE s.seqincrement > 0 AND NOT s.seqcycle AND a.atttypid IN ('int2'::pg_catalog.regtype,
            'int4'::pg_catalog.regtype, 'int8'::pg_catalog.regtype) AND {Wording.IsOwn}
          AND EXISTS (SELECT FROM pg_catalog.pg_index x
              WHERE x.indrelid = c.oid AND x.indisunique AND x.indisvalid AND x.indnkeyatts = 1
                      AND x.indkey[0] = a.attnum AND x.indpred IS NULL)
          AND (c.relkind = 'p' OR CASE WHEN o.objid = s.seqrelid THEN pg_catalog.pg_relation_size(c.oid) > 0 END)
        ORDER BY 1
        """;

    public static async Task<IReadOnlyList<RowProbe>> FindAsync(PostgresSession source, CancellationToken ct) =>
    [
        .. await source.RowsAsync(ForeignKeys(source.ServerMajor), ForeignKey, ct),
        .. await source.RowsAsync(Uniques(source.ServerMajor), Unique, ct),
        .. await source.RowsAsync(Sequences, Sequence, ct),
        .. await ExpressionProbes.FindAsync(source, ct),
    ];

    public static double SamplePercent(long bytes) => Math.Round(100 * SampleBytes / Math.Max(bytes, SampleBytes), 4);

    /// <summary>Statements that make keys NOT VALID. Call for few: the server must build each definition.</summary>
    public static Task<IReadOnlyList<string>> UnprovenAsync(
        PostgresSession source, IEnumerable<RowProbe> orphans, CancellationToken ct) =>
        source.RowsAsync(NotProven(source.ServerMajor), row => row.GetString(0), ct,
            orphans.Select(probe => probe.Oid).ToArray());

    private static RowProbe ForeignKey(DbDataReader row)
    {
        var (shown, bytes) = (row.GetString(0), row.GetInt64(1));
        if (bytes == 0)
            return RowProbe.OfNoRows(ProbeKind.Orphans, shown);
        var (table, parent) = (row.GetString(3), row.GetString(4));
        var where = $"({row.GetString(5)}) AND NOT EXISTS (SELECT FROM {parent} AS pk WHERE {row.GetString(6)})";
        return new(ProbeKind.Orphans, shown, $"SELECT count(*) FROM {table} AS fk WHERE {where}",
            bytes > SampleFromBytes ? $"SELECT count(*) FROM {table} AS fk TABLESAMPLE SYSTEM "
                + $"({SamplePercent(bytes).ToString(CultureInfo.InvariantCulture)}) WHERE {where}" : null,
            $"SELECT * FROM {table} AS fk WHERE {where}", "", bytes + row.GetInt64(8), row.GetBoolean(2))
        { Oid = row.GetFieldValue<uint>(7) };
    }

    private static RowProbe Unique(DbDataReader row)
    {
        var (shown, bytes) = (row.GetString(0), row.GetInt64(1));
        if (bytes == 0)
            return RowProbe.OfNoRows(ProbeKind.Duplicates, shown);
        var (table, keys, names) = (row.GetString(3), row.GetString(4), row.GetString(5));
        var of = row.IsDBNull(6) ? "" : $" WHERE {row.GetString(6)}";
        var distinct = row.GetBoolean(7) ? "" : $" WHERE pg_catalog.num_nulls({names}) = 0";
        var groups =
            $"FROM (SELECT {keys} FROM ONLY {table}{of}) AS rows{distinct} GROUP BY {names} HAVING count(*) > 1";
        return new(ProbeKind.Duplicates, shown, $"SELECT count(*) FROM (SELECT {groups}) AS twice", null,
            $"SELECT {names}, count(*) {groups}", row.GetString(8), bytes, row.GetBoolean(2));
    }

    private static RowProbe Sequence(DbDataReader row)
    {
        var (table, column, sequence) = (row.GetString(1), row.GetString(2), row.GetString(3));
        // From the sequence itself: pg_sequence_last_value is NULL until a value was used, although setval may have set
        // the next one.
        var last = $"(SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM {sequence})";
        return new(ProbeKind.Behind, row.GetString(0),
            $"SELECT coalesce((SELECT max({column}) FROM {table}) > {last}, false)::integer::bigint", null,
            $"SELECT max({column}) FROM {table}",
            $"SELECT pg_catalog.setval('{sequence.Replace("'", "''", StringComparison.Ordinal)}', "
            + $"(SELECT max({column}) FROM {table}))", 0, row.GetBoolean(4));
    }
}
