using System.Data.Common;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Schema;

/// <summary>Whether the target has the collations that the source's columns, indexes and types use.</summary>
internal static class CollationNames
{
    // A system collation is expected by name. A user's is created by the restore and needs its locale.
    private const string Used = $"""
        WITH uses AS (
            SELECT a.attcollation AS coll, pg_catalog.format('%I.%I.%I', n.nspname, c.relname, a.attname) AS name
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE a.attcollation NOT IN (0, 100) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND NOT a.attisdropped
                AND {Wording.IsOwn}
            UNION SELECT k.coll, pg_catalog.format('%I.%I', n.nspname, i.relname)
            FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
                 JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace,
                 pg_catalog.unnest(x.indcollation::pg_catalog.oid[]) AS k(coll)
            WHERE k.coll NOT IN (0, 100) AND {Wording.IsOwn}
            UNION SELECT t.typcollation, pg_catalog.format('%I.%I', n.nspname, t.typname)
            FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            WHERE t.typtype = 'd' AND t.typcollation NOT IN (0, 100) AND n.nspname !~ '^pg_'
                AND n.nspname <> 'information_schema')
        SELECT l.collname::text, ln.nspname = 'pg_catalog', l.collprovider::text,
               coalesce(j ->> 'colllocale', j ->> 'colliculocale', l.collcollate::text),
                   pg_catalog.format('%I.%I', ln.nspname, l.collname),
               ARRAY(SELECT u.name FROM uses u WHERE u.coll = l.oid ORDER BY 1)
        FROM pg_catalog.pg_collation l
             JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace, pg_catalog.to_jsonb(l) j
        WHERE l.oid IN (SELECT coll FROM uses) OR ln.nspname NOT IN ('pg_catalog', 'information_schema')
        ORDER BY 5
        """;

    private const string Known = """
        SELECT collname::text, collprovider::text, coalesce(collcollate::text, '') FROM pg_catalog.pg_collation
        WHERE collnamespace = 'pg_catalog'::pg_catalog.regnamespace
          AND collencoding IN (-1,
              (SELECT encoding FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
        """;

    public static async Task LookAsync(
        PostgresSession source, PostgresSession target, IAssessNotes notes, CancellationToken ct)
    {
        var used = await source.RowsAsync(Used, Read, ct);
        if (used.Count == 0)
            return;
        var known = await target.RowsAsync(Known,
            row => (Name: row.GetString(0), Provider: row.GetString(1), Locale: row.GetString(2)), ct);
        var names = known.Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        var locales = known.Where(one => one.Provider == "c").Select(one => DatabaseOrder.Plain(one.Locale))
            .ToHashSet(StringComparer.Ordinal);
        var hasIcu = known.Any(one => one.Provider == "i");
        var missing = used.Where(one => one.IsSystems ? !names.Contains(one.Name)
            : one.Provider == "i" ? !hasIcu
            : one.Provider == "c" && !locales.Contains(DatabaseOrder.Plain(one.Locale))).ToList();
        if (missing.Count > 0)
            notes.Add(CollationFindings.Missing(Phrase.List([.. missing.Select(one => one.Shown)])));
    }

    private static UsedCollation Read(DbDataReader row)
    {
        var (locale, uses) = (row.GetString(3), row.GetFieldValue<string[]>(5));
        var shown = row.GetString(4)
            + (row.GetString(0) == locale ? "" : $" ({(row.GetString(2) == "i" ? "ICU " : "")}{locale})");
        return new(row.GetString(0), row.GetBoolean(1), row.GetString(2), locale,
            uses.Length == 0 ? shown : $"{shown} of {Phrase.List(uses)}");
    }

    private sealed record UsedCollation(string Name, bool IsSystems, string Provider, string Locale, string Shown);
}
