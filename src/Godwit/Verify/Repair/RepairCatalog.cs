using Godwit.Postgres;

namespace Godwit.Verify.Repair;

/// <summary>What decides how the target's rows may be changed.</summary>
internal sealed record RepairCatalog
{
    /// <summary>Cannot be written.</summary>
    public required IReadOnlySet<(string Table, string Column)> Generated { get; init; }

    /// <summary>GENERATED ALWAYS AS IDENTITY: INSERT can override the value, UPDATE cannot.</summary>
    public required IReadOnlySet<(string Table, string Column)> AlwaysIdentity { get; init; }

    /// <summary>Unique indexes, keys included, and exclusion constraints.</summary>
    public required IReadOnlyList<RepairUnique> Uniques { get; init; }

    public required IReadOnlyList<RepairReference> References { get; init; }

    public required IReadOnlyList<RepairTrigger> Triggers { get; init; }

    private const string Names = "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace";

    private const string Special = $"""
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), a.attname::text, a.attgenerated <> '',
               a.attidentity = 'a'
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid {Names}
        WHERE a.attnum > 0 AND NOT a.attisdropped AND (a.attgenerated <> '' OR a.attidentity = 'a')
            AND n.nspname !~ '^pg_'
        """;

    // Expressions and predicates depend on the columns they name; whole rows (varattno 0) and generated columns on
    // others, too: then a change of any column counts.
    private const string Unique = $"""
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.array_agg(a.attname::text),
               pg_catalog.bool_or(a.attgenerated <> '' OR e.code LIKE '%:varattno 0 %'),
               NOT i.indisexclusion AND e.code = ''
                   AND pg_catalog.pg_get_indexdef(i.indexrelid) NOT LIKE '%NULLS NOT DISTINCT%'
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid {Names}
             CROSS JOIN LATERAL (SELECT pg_catalog.concat(i.indexprs, i.indpred) AS code) e
             JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE (i.indisunique OR i.indisexclusion) AND n.nspname !~ '^pg_'
          AND (EXISTS (SELECT FROM pg_catalog.unnest(i.indkey) WITH ORDINALITY k (attnum, at)
                       WHERE k.attnum = a.attnum AND k.at <= i.indnkeyatts)
               OR e.code LIKE '%:varattno 0 %'
               OR e.code <> '' AND EXISTS (
                   SELECT FROM pg_catalog.pg_depend d
                   WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = i.indexrelid
                     AND d.refclassid = d.classid AND d.refobjid = c.oid AND d.refobjsubid = a.attnum))
        GROUP BY i.indexrelid, i.indisexclusion, e.code, 1
        """;

    // A partition's constraint derives from its parent's: only the topmost can be altered.
    private const string ForeignKeys = $"""
        WITH RECURSIVE up (oid, top) AS (
            SELECT k.oid, k.oid FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' AND k.conparentid = 0
            UNION ALL
            SELECT k.oid, up.top FROM pg_catalog.pg_constraint k JOIN up ON k.conparentid = up.oid)
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.format('%I.%I', rn.nspname, r.relname),
               pg_catalog.format('%I.%I', tn.nspname, t.relname), pg_catalog.format('%I', top.conname),
               k.confdeltype <> 'a', top.condeferrable, top.condeferred,
               coalesce(pg_catalog.pg_get_constraintdef(top.oid), ''),
               nullif(pg_catalog.format('%L', pg_catalog.obj_description(top.oid, 'pg_constraint')), 'NULL'),
               ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                     WHERE a.attrelid = r.oid AND a.attnum = ANY(k.confkey) AND k.confupdtype <> 'a')
        FROM up JOIN pg_catalog.pg_constraint k ON k.oid = up.oid JOIN pg_catalog.pg_constraint top ON top.oid = up.top
             JOIN pg_catalog.pg_class c ON c.oid = k.conrelid {Names}
             JOIN pg_catalog.pg_class r ON r.oid = k.confrelid
             JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
             JOIN pg_catalog.pg_class t ON t.oid = top.conrelid
             JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
        """;

    private const string UserTriggers = $"""
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.format('%I', g.tgname), g.tgenabled = 'A'
        FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid {Names}
        WHERE NOT g.tgisinternal AND g.tgenabled IN ('O', 'A') ORDER BY 1, 2
        """;

    public static async Task<RepairCatalog> ReadAsync(PostgresSession session, CancellationToken ct)
    {
        var special = await session.RowsAsync(Special, row => (Column: (row.GetString(0), row.GetString(1)),
            IsGenerated: row.GetBoolean(2), IsAlways: row.GetBoolean(3)), ct);
        return new()
        {
            Generated = special.Where(one => one.IsGenerated).Select(one => one.Column).ToHashSet(),
            AlwaysIdentity = special.Where(one => one.IsAlways).Select(one => one.Column).ToHashSet(),
            Uniques = await session.RowsAsync(Unique, row => new RepairUnique(
                row.GetString(0), row.GetFieldValue<string[]>(1), row.GetBoolean(2), row.GetBoolean(3)), ct),
            References = await session.RowsAsync(ForeignKeys, row => new RepairReference(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3),
                row.GetBoolean(4), row.GetBoolean(5), row.GetBoolean(6))
            {
                Definition = row.GetString(7),
                Comment = row.IsDBNull(8) ? null : row.GetString(8),
                Follows = row.GetFieldValue<string[]>(9),
            }, ct),
            Triggers = await session.RowsAsync(UserTriggers,
                row => new RepairTrigger(row.GetString(0), row.GetString(1), row.GetBoolean(2)), ct),
        };
    }

    /// <summary>Each table comes before those it references, as far as cycles allow.</summary>
    public IReadOnlyList<string> ReferringFirst(IEnumerable<string> tables)
    {
        var all = tables.Order(StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        var to = References.Where(one => one.From != one.To && all.Contains(one.From) && all.Contains(one.To))
            .ToLookup(one => one.From, one => one.To, StringComparer.Ordinal);
        var (seen, ended) = (new HashSet<string>(StringComparer.Ordinal), new List<string>());
        foreach (var table in all)
            Visit(table);
        // Tables that reference nothing end first.
        ended.Reverse();
        return ended;

        void Visit(string start)
        {
            var open = new Stack<(string Table, bool IsEnd)>([(start, false)]);
            while (open.TryPop(out var next))
            {
                if (next.IsEnd)
                    ended.Add(next.Table);
                else if (seen.Add(next.Table))
                {
                    open.Push((next.Table, true));
                    foreach (var referred in to[next.Table].Where(one => !seen.Contains(one)))
                        open.Push((referred, false));
                }
            }
        }
    }
}

/// <param name="Owner">The table to alter: that of the topmost parent constraint.</param>
/// <param name="Acts">ON DELETE is not NO ACTION: deleting a referenced row changes or deletes referring rows, or is
/// refused, at once and never deferred.</param>
internal sealed record RepairReference(
    string From, string To, string Owner, string Constraint, bool Acts, bool IsDeferrable, bool IsDeferred)
{
    public (string Owner, string Constraint) Id => (Owner, Constraint);

    /// <summary>For ALTER TABLE … ADD CONSTRAINT, without the name.</summary>
    public string Definition { get; init; } = "";

    /// <summary>An SQL literal; null: none.</summary>
    public string? Comment { get; init; }

    /// <summary>ON UPDATE: an update of these changes the referring rows, or is refused.</summary>
    public IReadOnlyList<string> Follows { get; init; } = [];
}

/// <summary>A unique index or exclusion constraint.</summary>
/// <param name="Columns">Compared directly or in an expression.</param>
/// <param name="IsOfAny">Any other column may count, too.</param>
/// <param name="IsPlain">Two rows collide exactly when all columns are equal and none is NULL.</param>
internal sealed record RepairUnique(string Table, IReadOnlyList<string> Columns, bool IsOfAny, bool IsPlain)
{
    public bool Concerns(IEnumerable<string> changed) => IsOfAny ? changed.Any() : changed.Any(Columns.Contains);
}

/// <param name="IsAlways">ENABLE ALWAYS.</param>
internal sealed record RepairTrigger(string Table, string Name, bool IsAlways);
